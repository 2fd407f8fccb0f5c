"""What can go wrong around judging, in words for the person who sees it."""

from django.utils.translation import gettext_lazy as _

from gebyar.awards.errors import AwardsError

# --- judges -----------------------------------------------------------------------------------------------------


class HoldsNoJudgeRole(AwardsError):
    words = _("This person does not hold the role of a judge. Invite them to it first.")


class JudgesAlready(AwardsError):
    words = _("This person is on the list of judges already.")


class AnsweredAlready(AwardsError):
    words = _("This was answered before. Load the page again to see how it stands.")


class ReasonNeeded(AwardsError):
    words = _("Say why, in a few words. Nothing was changed.")


class WrongLoad(AwardsError):
    words = _("The most entries (%(most)d) are fewer than the least (%(least)d). Nothing was changed.")


class NotAJudgeHere(AwardsError):
    words = _("This person does not judge in this edition. Nothing was changed.")


class ConflictKnown(AwardsError):
    words = _("This reason stands already between the judge and this entrant.")


class ConflictLifted(AwardsError):
    words = _("This reason was lifted already.")


class HasSent(AwardsError):
    words = _("The marks for this entry are sent already. Ask the organiser to open them again first.")


# --- panels -----------------------------------------------------------------------------------------------------


class PanelsRunning(AwardsError):
    words = _("Panels are being made already. Wait until they are ready.")


class NothingToJudge(AwardsError):
    words = _("No entry is in this stage yet, so there is nothing to judge.")


class NoJudges(AwardsError):
    words = _("Nobody has agreed to judge in this edition yet. Add judges first.")


class NotAJudgingStage(AwardsError):
    words = _("Nothing is scored in this stage: its rules name no criteria.")


class PlanNotUsable(AwardsError):
    words = _("This proposal assigns nobody, so it cannot be put in force.")


class PlanOutdated(AwardsError):
    words = _("Since this proposal was made, judge %(judge)d must not see entry %(entry)s any more. Make another one.")


class Barred(AwardsError):
    words = _("Judge %(judge)d must not see entry %(entry)s: %(why)s. Nothing was changed.")


class AssignedAlready(AwardsError):
    words = _("Judge %(judge)d is assigned to entry %(entry)s already.")


class JudgeFull(AwardsError):
    words = _("Judge %(judge)d has all %(most)d entries already that they take. Nothing was changed.")


# --- scores -----------------------------------------------------------------------------------------------------


class JudgingClosed(AwardsError):
    words = _("Judging of this stage is closed. Your marks were not changed.")


class JudgingNotOpen(AwardsError):
    words = _("Judging of this stage has not begun. Your marks were not changed.")


class NotAccepted(AwardsError):
    words = _("Accept this entry first, then give your marks.")


class SentAlready(AwardsError):
    words = _("These marks are sent and stand. Ask the organiser if one of them is wrong.")


class UnknownCriterion(AwardsError):
    words = _("There is no criterion “%(criterion)s” in this stage.")


class OutOfRange(AwardsError):
    words = _("%(criterion)s: give a number from %(low)s to %(high)s, in steps of %(step)s.")


class MustBeScored(AwardsError):
    words = _("%(criterion)s: “not applicable” is not possible here.")


class ScoresIncomplete(AwardsError):
    """`lacking` names what is missing, in words, by criterion."""

    words = _("Not sent yet: %(lacking)s. Everything you entered is kept.")


class NotSent(AwardsError):
    words = _("These marks are not sent, so there is nothing to open again.")


# --- ranking ----------------------------------------------------------------------------------------------------


class StageStillOpen(AwardsError):
    words = _("Judging is still open. Close the stage first; then the ranking is made from what was sent.")


class NothingSent(AwardsError):
    words = _("No marks were sent in this stage, so there is nothing to rank.")


class StageDecided(AwardsError):
    words = _("This stage is decided; its ranking stands.")
