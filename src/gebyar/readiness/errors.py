"""What can go wrong with readiness, in words for the person who sees it."""

from django.utils.translation import gettext_lazy as _

from gebyar.records.errors import DomainError


class ReadinessError(DomainError):
    """An error of readiness; `facts` fill its words when they are shown, in the reader's language."""

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return str(self.words) % self.facts


# --- instruments ------------------------------------------------------------------------------------------------


class FaultyInstrument(ReadinessError):
    """`problems` of the facts name every fault with its place."""

    words = _("This instrument cannot be kept yet. To mend: %(problems)s")


class VersionFixed(ReadinessError):
    words = _("This version is in use or was, so it never changes. Begin a new version from it.")


class KeyChanged(ReadinessError):
    words = _("The id of an instrument cannot change: it is “%(key)s”. Nothing was kept.")


class NotInUse(ReadinessError):
    words = _("This version of the instrument is not in use. Begin with the one that is.")


# --- assessments ------------------------------------------------------------------------------------------------


class NotYourFirm(ReadinessError):
    words = _("You do not act for this firm. Nothing was changed.")


class AlreadyFinished(ReadinessError):
    words = _("This was finished already. Its answers stay as they are.")


class UnfitAnswer(ReadinessError):
    words = _("This is no answer to the question. Choose one of those that are offered.")


class StillOpen(ReadinessError):
    words = _("Questions are still open: %(count)d. Answer them, or finish without an index.")


class UnknownOccasion(ReadinessError):
    words = _("This instrument is not measured at “%(occasion)s”.")


class OccasionTaken(ReadinessError):
    words = _("“%(occasion)s” was measured already. Choose the next one.")


# --- visits -----------------------------------------------------------------------------------------------------


class NotYourRegion(ReadinessError):
    words = _("This firm is not in your region. Nothing was changed.")


class NotFinished(ReadinessError):
    words = _("The firm has not finished its assessment yet, so there is nothing to verify.")


class UnfitEvidence(ReadinessError):
    words = _("This is no PDF, JPG or PNG file, or it is damaged. Choose another one.")


class TooMuchEvidence(ReadinessError):
    words = _("A visit holds at most %(most)d files. Take one out first.")


class DayAhead(ReadinessError):
    words = _("The day of the visit lies ahead. Say when it was.")


# --- workshops --------------------------------------------------------------------------------------------------


class NotYourWorkshop(ReadinessError):
    words = _("This workshop is another officer's. Nothing was changed.")


class WorkshopClosed(ReadinessError):
    words = _("This workshop is closed. Your answers up to now are kept.")


class WorkshopFull(ReadinessError):
    words = _("This workshop holds at most %(most)d participants. Ask the facilitator for another code.")


class AlreadyTakenHome(ReadinessError):
    words = _("This result was taken home already.")


class UnreadablePaper(ReadinessError):
    words = _("This is no CSV or XLSX file with a column for each question. Nothing was entered.")


class PaperFaults(ReadinessError):
    """`faults` of the facts name row and column of each."""

    words = _("Nothing was entered. To mend: %(faults)s")


# --- plans ------------------------------------------------------------------------------------------------------


class StepKnown(ReadinessError):
    words = _("The plan has an open step for this question already.")


class NoSuchGap(ReadinessError):
    words = _("There is no such step to take: the answer is the highest already, or is missing.")
