"""What can go wrong while the stages of an award run, in words for the person who sees it."""

from django.utils.translation import gettext_lazy as _

from gebyar.awards.errors import AwardsError

# --- stages -----------------------------------------------------------------------------------------------------


class EditionNotRunning(AwardsError):
    words = _("Stages run in a published edition only. Nothing was changed.")


class StageBegun(AwardsError):
    words = _("This stage has begun already: somebody was quicker. Nothing was changed.")


class AnotherStageRuns(AwardsError):
    words = _("Another stage of this category is not finished yet: “%(stage)s”. Decide it first. Nothing was changed.")


class EarlierStageOpen(AwardsError):
    words = _("The stage before it, “%(stage)s”, is not decided yet. Nothing was changed.")


class EntriesStillTaken(AwardsError):
    words = _("Entries are taken until %(moment)s. The first stage begins after that. Nothing was changed.")


class ObjectionsMayCome(AwardsError):
    words = _("Entrants may object to the stage before until %(moment)s. The next one begins after that.")


class ObjectionsOpen(AwardsError):
    words = _("%(count)s objections to the stage before wait for an answer. Answer them first.")


class NobodyPassed(AwardsError):
    words = _("No entry has come this far, so there is nothing to begin. Nothing was changed.")


class DeadlinePast(AwardsError):
    words = _("The deadline has passed already. Choose a later moment.")


class StageNotActive(AwardsError):
    words = _("This stage is not under way, so nothing can be done in it. Nothing was changed.")


class StageNotClosed(AwardsError):
    words = _("This stage is not closed yet. Close it first, then decide. Nothing was changed.")


class StageDecided(AwardsError):
    words = _("This stage is decided already, and a decision is made once. Nothing was changed.")


class NotReadyToDecide(AwardsError):
    words = _("This stage cannot be decided yet. %(why)s Nothing was changed.")


class NoDeviationHere(AwardsError):
    words = _("Only a plenary may depart from the ranking. Nothing was changed.")


class DeviationUnclear(AwardsError):
    words = _("Every departure from the ranking names an entry of this stage, once, and has a reason.")


class GateImpossible(AwardsError):
    words = _("The rules of this gate cannot be kept: %(why)s Nothing was changed.")


class NothingToFill(AwardsError):
    words = _("No place is free, or nobody is waiting for one. Nothing was changed.")


# --- checks and choices -----------------------------------------------------------------------------------------


class NotYourCheck(AwardsError):
    words = _("This entry is for other officers to check. Nothing was saved.")


class TiedToEntry(AwardsError):
    words = _("You have a tie to this entry, so somebody else checks and decides it. Nothing was saved.")


class CheckedAlready(AwardsError):
    words = _("You have checked this entry already. Each officer checks it once.")


class CheckConcluded(AwardsError):
    words = _("Enough officers have checked this entry. Your check is not needed any more.")


class CheckKeptForProvince(AwardsError):
    words = _("The next look at this entry is kept for the officers of its province. Nothing was saved.")


class FindingNeedsWords(AwardsError):
    words = _("Say what is not in order: the entrant reads it. Nothing was saved.")


class FindingUnknown(AwardsError):
    words = _("“%(what)s” is neither a document nor a condition of this award. Nothing was saved.")


class NotChosenByHand(AwardsError):
    words = _("The gate of this stage is not decided by hand. Nothing was saved.")


class ChoiceNeedsReason(AwardsError):
    words = _("Say why: the entrant reads your reason. Nothing was saved.")


# --- coaching ---------------------------------------------------------------------------------------------------


class NoCoachingHere(AwardsError):
    words = _("This stage holds no coaching. Nothing was saved.")


class NotInStage(AwardsError):
    words = _("This entry is not in the stage. Nothing was saved.")


class TooManyPrototypes(AwardsError):
    words = _("An entry shows at most %(most)s steps of its prototype. Take one out first.")


# --- objections -------------------------------------------------------------------------------------------------


class NoObjectionPossible(AwardsError):
    words = _("There is nothing to object to here, or the time for it is over. Nothing was saved.")


class ObjectionAnswered(AwardsError):
    words = _("This objection has its answer already. Nothing was changed.")


class ObjectionFiled(AwardsError):
    words = _("You have objected to this outcome already.")


class AnswerFromOthers(AwardsError):
    words = _("You took part in this decision, so another officer answers the objection. Nothing was saved.")


class ObjectionNeedsWords(AwardsError):
    words = _("Say it in a few sentences: the other side reads them. Nothing was saved.")


# --- proposals, prizes ------------------------------------------------------------------------------------------


class NotYourRegency(AwardsError):
    words = _("A regency proposes firms of its own. Choose a firm in your regency.")


class NoProposalsHere(AwardsError):
    words = _("In this award nobody proposes; everybody enters for themselves. Nothing was saved.")


class ProposalsClosed(AwardsError):
    words = _("Proposals are not taken now. Nothing was saved.")


class ProposedAlready(AwardsError):
    words = _("%(firm)s is proposed in this category already.")


class ProposalAnswered(AwardsError):
    words = _("The firm has answered this proposal already. Nothing was changed.")


class FirmHasNotAgreed(AwardsError):
    words = _("The firm has not agreed to the proposal yet, so it cannot be handed in.")


class PrizeLost(AwardsError):
    words = _("This prize was taken back already. Nothing was changed.")


class ReasonNeeded(AwardsError):
    words = _("Say why: it stands on the page that everybody can check. Nothing was changed.")


class NotYourFollowUp(AwardsError):
    words = _("You follow up winners of your own region only. Nothing was saved.")
