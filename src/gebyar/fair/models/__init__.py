"""The fair: rounds of business meetings, who takes part, who asks for whom, the plans, the day, and what came of it."""

from gebyar.fair.models.fairs import Fair, Round, Slot, Table, Zone
from gebyar.fair.models.floor import CheckIn, MeetingLog, Notice
from gebyar.fair.models.outcomes import Outcome
from gebyar.fair.models.people import Participant, Session, SessionSeat, new_token
from gebyar.fair.models.plans import Plan, PlannedMeeting, Refusal, Seat
from gebyar.fair.models.requests import MeetingRequest

__all__ = [
    "CheckIn",
    "Fair",
    "MeetingLog",
    "MeetingRequest",
    "Notice",
    "Outcome",
    "Participant",
    "Plan",
    "PlannedMeeting",
    "Refusal",
    "Round",
    "Seat",
    "Session",
    "SessionSeat",
    "Slot",
    "Table",
    "Zone",
    "new_token",
]
