"""What can go wrong around a round of meetings, in words for the person who sees it."""

from django.utils.translation import gettext_lazy as _

from gebyar.records.errors import DomainError


class FairError(DomainError):
    """An error of the fair; `facts` fill its words when they are shown, in the reader's language."""

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return str(self.words) % self.facts


# --- rounds -----------------------------------------------------------------------------------------------------


class NameTaken(FairError):
    words = _("There is one called “%(name)s” already. Choose another name.")


class TimetableFixed(FairError):
    words = _("The times of this round can no longer change: a plan uses them. Nothing was changed.")


class ZoneFixed(FairError):
    words = _("The time zone can no longer change: rounds have their times in it. Nothing was changed.")


class TooLarge(FairError):
    words = _("A round holds at most %(most)d %(what)s, and this would be %(count)d. Nothing was changed.")


class RoundNotReady(FairError):
    words = _("The round cannot open yet: it needs slots, tables and at least two participants.")


class RoundEnded(FairError):
    words = _("This round has ended. Nothing was changed.")


class WrongMoment(FairError):
    words = _("This is not possible while the round is “%(status)s”. Nothing was changed.")


# --- participants -----------------------------------------------------------------------------------------------


class AlreadyTakesPart(FairError):
    words = _("%(firm)s takes part in this round already.")


class TableKept(FairError):
    words = _("Table %(table)d is kept by %(firm)s already. Give each host a table of their own.")


class LimitsCrossed(FairError):
    words = _("The most meetings (%(most)d) are fewer than the least (%(least)d). Nothing was changed.")


class ElsewhereRound(FairError):
    words = _("%(what)s belongs to another round. Nothing was changed.")


# --- requests ---------------------------------------------------------------------------------------------------


class RequestsClosed(FairError):
    words = _("Requests can no longer be made in this round. Ask the organiser's desk.")


class AnswersClosed(FairError):
    words = _("Requests can no longer be answered in this round. Ask the organiser's desk.")


class TooManyRequests(FairError):
    words = _("You have used all %(most)d requests of this round. Withdraw one to ask somebody else.")


class AlreadyAsked(FairError):
    words = _("The two have an open request already. A pair meets once in a round.")


class RankTaken(FairError):
    words = _("Another of your requests has the place %(rank)d. Give each its own.")


class NotTakingPart(FairError):
    words = _("%(firm)s does not take part. Nothing was changed.")


class AsksThemselves(FairError):
    words = _("A participant cannot ask to meet themselves.")


class RequestGone(FairError):
    words = _("This request was withdrawn meanwhile. Nothing was changed.")


class NotYours(FairError):
    words = _("This request is not yours to change.")


# --- plans ------------------------------------------------------------------------------------------------------


class PlanRunning(FairError):
    words = _("A plan is being made for this round. Wait until it is finished, or stop it, then make another.")


class NothingToPlan(FairError):
    words = _("There is nothing to plan: the round has no open requests.")


class NothingToKeep(FairError):
    words = _("There is no version yet whose meetings could be kept. Make a plan anew.")


class NothingToPublish(FairError):
    words = _("This plan has no meetings to publish.")


class NothingToUndo(FairError):
    words = _("No other version was published before this one.")


class NotRunning(FairError):
    words = _("This plan is no longer being made.")


class CannotMove(FairError):
    words = _("The meeting cannot be there: %(why)s Nothing was changed.")
