"""What can go wrong on the fair's day and after it, in words for the person who sees it."""

from django.utils.translation import gettext_lazy as _

from gebyar.fair.errors import FairError


class AlreadyHere(FairError):
    words = _("%(firm)s was checked in already, at %(time)s. Nothing was changed.")


class AlreadyMissing(FairError):
    words = _("%(firm)s was noted as missing already, and the plan was changed. Nothing more was done.")


class NothingPublished(FairError):
    words = _("No plan of this round is published. Publish one first.")


class BackBeforeGone(FairError):
    words = _("Choose a later slot than the one from which the firm is missing.")


class NoSlotLeft(FairError):
    words = _("The last slot of the day has begun: there is nothing left to plan anew.")


class NotARepair(FairError):
    words = _("The published plan was not made by planning anew on the day, so there is nothing to take back here.")


class NotInThePlan(FairError):
    words = _("This meeting is not in the published plan any more. Load the page again.")


class NotInTheMeeting(FairError):
    words = _("Say which of the two did not come.")


class WrongLateness(FairError):
    words = _("Give how many minutes the meeting began late, from 1 to %(most)d.")


class NotYourMeeting(FairError):
    words = _("Only the members of the two firms say what came of their meeting. Nothing was recorded.")


class NotHeldYet(FairError):
    words = _("This meeting has not begun. Say what came of it afterwards.")


class DidNotTakePlace(FairError):
    words = _("This meeting did not take place, so nothing came of it. Tell the organiser's desk if that is wrong.")
