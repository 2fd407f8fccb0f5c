"""What can go wrong around editions, entries and their documents, in words for the person who sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gebyar.awards.errors import AwardsError
from gebyar.awards.wording_rules import fault_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gebyar.awards.queries.entries import Missing
    from gebyar.reference.awards.faults import Fault

# --- editions ---------------------------------------------------------------------------------------------------


class RulesFaulty(AwardsError):
    """The rules cannot be used; `faults` names everything that is wrong with them."""

    words = _("These rules cannot be used yet. Nothing was saved. What is wrong: %(faults)s")

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return str(self.words) % {"faults": " ".join(fault_words(fault) for fault in self.faults)}


class UnknownAward(AwardsError):
    words = _("There is no programme “%(award)s” to begin with. Give the rules as a document.")


class EditionKnown(AwardsError):
    words = _("There is an edition of this award for %(year)d already. Nothing was changed.")


class EditionFrozen(AwardsError):
    words = _("This edition is published, so its rules stand still. Nothing was changed.")


class EditionNotOpen(AwardsError):
    words = _("This is not possible while the edition is “%(status)s”. Nothing was changed.")


class ClosesBeforeItOpens(AwardsError):
    words = _("The call has to close after it opens. Nothing was changed.")


class OnlyLater(AwardsError):
    words = _("A published call may only close later than announced, never earlier. Nothing was changed.")


class RulesUnchanged(AwardsError):
    words = _("These are the rules as they stand already, so no new version was made.")


# --- entries ----------------------------------------------------------------------------------------------------


class NotYourEntry(AwardsError):
    words = _("You do not act for this entry. Nothing was changed.")


class CallClosed(AwardsError):
    words = _("This call does not take entries now. Nothing was changed, and your draft is kept.")


class NotForYou(AwardsError):
    words = _("In this call %(who)s cannot enter. Nothing was stored.")


class EntryKnown(AwardsError):
    words = _("There is an entry in this category already. Go on with that one, or withdraw it first.")


class EntryHandedIn(AwardsError):
    words = _("This entry is handed in, so it stands as it is. Nothing was changed.")


class EntryWithdrawn(AwardsError):
    words = _("This entry was withdrawn. Nothing was changed.")


class UnknownQuestion(AwardsError):
    words = _("There is no question “%(name)s” in this call. Nothing was stored.")


class UnfitAnswer(AwardsError):
    words = _("%(question)s: %(problem)s Nothing was stored.")


class TooManyMembers(AwardsError):
    words = _("At most %(most)d people can enter together. Nothing was stored.")


class EntryIncomplete(AwardsError):
    """What an entry still lacks; `missing` names everything."""

    words = _("The entry cannot be handed in yet. Nothing is lost. Still missing: %(names)s.")

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(names="; ".join(one.words for one in missing))
        self.missing = tuple(missing)


# --- documents --------------------------------------------------------------------------------------------------


class NoSuchDocument(AwardsError):
    words = _("This call does not ask for such a document.")


class DocumentTooLarge(AwardsError):
    words = _("The file is larger than %(megabytes)d MB. Make it smaller, for example by photographing it again.")


class EmptyFile(AwardsError):
    words = _("The file is empty. Choose it again.")


class UnfitDocument(AwardsError):
    words = _("The file is none of those asked for: %(kinds)s. Photograph the document, or save it as one of them.")


class DamagedDocument(AwardsError):
    words = _("The file cannot be opened; it is damaged. Save or photograph it again.")


class LockedDocument(AwardsError):
    words = _("The PDF is locked with a password, so nobody can look at it. Save it without one.")


class EmptyDocument(AwardsError):
    words = _("The PDF holds no pages.")


class TooManyPages(AwardsError):
    words = _("The PDF has %(count)d pages; at most %(most)d can be looked at.")


class BlurredPicture(AwardsError):
    words = _(
        "The picture is only %(width)d × %(height)d dots, too small to be read. Photograph it again, from nearer."
    )


class UnfitCertificate(AwardsError):
    words = _("This certificate does not answer the document, or is no longer valid when the call closes.")


class ConsentNeeded(AwardsError):
    words = _("Write down who of the firm agreed, and how, before you hand something in for it.")


class NoteNeeded(AwardsError):
    words = _("Say what is to be done, so that the entrant knows.")


# --- the desk ---------------------------------------------------------------------------------------------------


class NotYourRegion(AwardsError):
    words = _("This entry is not in your region. Nothing was changed.")


class NothingMissing(AwardsError):
    words = _("Nothing is missing, so there is nothing to remind of.")


class RemindedAlready(AwardsError):
    words = _("A reminder was sent a short while ago. Nothing was sent again.")


class NobodyToWriteTo(AwardsError):
    words = _("Nobody with an account acts for this entry. Telephone instead.")
