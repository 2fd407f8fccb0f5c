"""What can go wrong with facilities, in words for the person who sees it."""

from django.utils.translation import gettext_lazy as _

from gebyar.records.errors import DomainError


class FacilitiesError(DomainError):
    """An error of this part; `facts` fill its words when they are shown, in the reader's language."""

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return str(self.words) % self.facts


class NotYourFirm(FacilitiesError):
    words = _("You do not act for this firm. Nothing was changed.")


class NotYourRegion(FacilitiesError):
    words = _("This firm is not in your region. Nothing was changed.")


class NotNational(FacilitiesError):
    words = _("Only the programme's national officers do this. Nothing was changed.")


# --- rules ---


class BadRules(FacilitiesError):
    words = _("The rules cannot be used: %(problems)s")


class OtherFacility(FacilitiesError):
    words = _("This document is about %(found)s, not about %(wanted)s. Nothing was changed.")


class SameRules(FacilitiesError):
    words = _("These rules are the same as those that are there. Nothing was changed.")


class NotADraft(FacilitiesError):
    words = _("This is no draft any more. Nothing was changed.")


# --- calls ---


class UnfitCall(FacilitiesError):
    words = _("%(field)s: %(problem)s")


class NoRulesThen(FacilitiesError):
    words = _("No version of the rules holds on the day on which applications open. Choose another day.")


class CallClosed(FacilitiesError):
    words = _("This call does not take applications now. What you have written is kept.")


class StillOpen(FacilitiesError):
    words = _("Applications are still taken. Allot after the closing day.")


class NotAllJudged(FacilitiesError):
    words = _("%(count)s applications are not judged to the end. Nothing was allotted.")


class AlreadyAllotted(FacilitiesError):
    words = _("This call was allotted already. Nothing was changed.")


class PreviewChanged(FacilitiesError):
    words = _("Something changed since you looked at the preview. Look at it again, then decide.")


class CannotAllot(FacilitiesError):
    words = _("It cannot be allotted so: %(problem)s")


# --- applications ---


class NotADraftApplication(FacilitiesError):
    words = _("This application was handed in already and cannot be changed.")


class UnfitApplication(FacilitiesError):
    words = _("%(field)s: %(problem)s")


class Incomplete(FacilitiesError):
    words = _("Still missing: %(missing)s. Your draft is kept.")


class NotWithdrawable(FacilitiesError):
    words = _("This application cannot be withdrawn any more. Nothing was changed.")


class AlreadyPaid(FacilitiesError):
    words = _("Money was paid out already; speak to your officer. Nothing was changed.")


# --- judging and after ---


class OwnFirm(FacilitiesError):
    words = _("You act for this firm yourself, so another officer has to do it.")


class NotToJudge(FacilitiesError):
    words = _("This application does not wait for a judgement. Nothing was changed.")


class AlreadyJudged(FacilitiesError):
    words = _("You have judged this application already. Another officer is needed.")


class ReasonNeeded(FacilitiesError):
    words = _("Say why it is not fit, so that the firm knows.")


class NotGranted(FacilitiesError):
    words = _("Nothing was granted to this application. Nothing was paid.")


class TooMuch(FacilitiesError):
    words = _("At most %(left)s rupiah are left of what was granted. Nothing was paid.")


class ReferenceKnown(FacilitiesError):
    words = _("A payment with this reference is there already. Nothing was paid.")


class UnfitPayment(FacilitiesError):
    words = _("Give an amount above nothing, a day that is not in the future, and a reference.")


class UnfitVisit(FacilitiesError):
    words = _("Say on which day you were there, and what you found.")


class NotFollowed(FacilitiesError):
    words = _("There is nothing to answer here.")
