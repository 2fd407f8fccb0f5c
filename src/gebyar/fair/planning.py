"""From a fair's day to the meeting problem, in the form that the decision record keeps."""

from typing import Any

from gebyar.fair.models import MeetingDay, MeetingRequest
from gebyar.methods.meetings.problem import Meeting, Problem, Session
from gebyar.methods.meetings.records import inputs_of

SESSIONS = {
    MeetingRequest.Session.MORNING: Session.MORNING,
    MeetingRequest.Session.AFTERNOON: Session.AFTERNOON,
    MeetingRequest.Session.ANY: Session.ANY,
}


def problem_inputs(day: MeetingDay) -> dict[str, Any]:
    """Return the day as plain data. Participants stand there by number: the record is public, the names are not."""
    return inputs_of(_problem(day), day.fairness)


def _problem(day: MeetingDay) -> Problem:
    participants = list(day.participants.all())
    place = {participant.pk: number for number, participant in enumerate(participants, start=1)}
    slots = list(day.slots.all())
    return Problem(
        participants=tuple(f"no. {participant.number}" for participant in participants),
        meetings=tuple(
            Meeting(place[request.host_id], place[request.guest_id], SESSIONS[MeetingRequest.Session(request.session)])
            for request in day.requests.all()
        ),
        slots=len(slots),
        tables=day.tables,
        morning_slots=sum(slot.is_morning for slot in slots),
        forbidden=tuple(frozenset(participant.absent_slots) for participant in participants),
    )
