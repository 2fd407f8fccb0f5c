"""Between a round in the database and a round of the method: positions instead of rows, and no name of a firm."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gebyar.fair.models import MeetingRequest, Participant, Plan, PlannedMeeting, Round, Slot, Table
from gebyar.fair.queries.floor import missing_slots
from gebyar.methods.meetings.problem import Session as DayPart
from gebyar.methods.rounds import round as method

# Why a request is not handed to the method at all; `wording` says them beside the method's own reasons.
STANDBY, NOT_CONFIRMED = "standby", "not_confirmed"

DAY_PARTS = {
    MeetingRequest.Time.MORNING: DayPart.MORNING,
    MeetingRequest.Time.AFTERNOON: DayPart.AFTERNOON,
    MeetingRequest.Time.ANY: DayPart.ANY,
}


@dataclass(frozen=True)
class Facts:
    """A round as the method takes it, and the rows behind its numbers.

    Attributes
    ----------
    round
        What the method takes. Guests are called "no. 7": the record is public, the names are not.
    participants, requests, slots, tables
        The rows, in the order in which the method counts them from 1.
    left_out
        Open requests that the method does not see, with the reason; by key.
    """

    round: method.Round
    participants: list[Participant]
    requests: list[MeetingRequest]
    slots: list[Slot]
    tables: list[Table]
    left_out: dict[int, str] = field(default_factory=dict)

    def places_of(self, plan: Plan, meetings: Iterable[PlannedMeeting] | None = None) -> list[method.Place]:
        """Return a plan's meetings as places; those of requests that are no longer there are left out."""
        position = {request.pk: number for number, request in enumerate(self.requests, start=1)}
        slot = {row.pk: number for number, row in enumerate(self.slots, start=1)}
        table = {row.number: number for number, row in enumerate(self.tables, start=1)}
        rows = plan.meetings.prefetch_related("seats").order_by("pk") if meetings is None else meetings
        places = []
        for meeting in rows:
            if meeting.request_id not in position:
                continue
            request = self.requests[position[meeting.request_id] - 1]
            delegates = {seat.participant_id: seat.delegate for seat in meeting.seats.all()}
            places.append(
                method.Place(
                    position[meeting.request_id], slot[meeting.slot_id], table.get(meeting.table, meeting.table),
                    delegates.get(request.asker_id, 1), delegates.get(request.asked_id, 1),
                )
            )  # fmt: skip
        return places

    def still_stands(self, place: method.Place) -> bool:
        """Say whether a place of an earlier version can stay as it is, by what both ends say now."""
        request = self.round.requests[place.request - 1]
        declined = request.answer is method.Answer.DECLINED and not request.by_organiser
        ends = (self.round.guests[guest - 1] for guest in (request.asker, request.asked))
        return not declined and not any(place.slot in guest.absent for guest in ends)


def facts_of(round_: Round, *, with_standby: bool = False) -> Facts:
    """Read the round as it is now.

    Whoever has not confirmed, stands by (unless `with_standby`) or is missing today gets no meeting.
    """
    participants = list(
        round_.participants.select_related("zone", "table").prefetch_related("absent_slots", "session_seats__session")
    )
    slots, tables = list(round_.slots.all()), list(round_.tables.select_related("zone"))
    every = list(
        round_.requests.filter(withdrawn_at__isnull=True).select_related("fixed_slot", "fixed_table").order_by("number")
    )
    left_out = _left_out(participants, every, with_standby=with_standby)
    requests = [request for request in every if request.pk not in left_out]
    return Facts(
        _method_round(round_, participants, requests, slots, tables), participants, requests, slots, tables, left_out
    )


def _left_out(participants: list[Participant], requests: list[MeetingRequest], *, with_standby: bool) -> dict[int, str]:
    why = {}
    for person in participants:
        if person.status == Participant.Status.INVITED:
            why[person.pk] = NOT_CONFIRMED
        elif person.is_standby and not with_standby:
            why[person.pk] = STANDBY
    return {
        request.pk: why.get(request.asker_id) or why[request.asked_id]
        for request in requests
        if request.asker_id in why or request.asked_id in why
    }


def _method_round(
    round_: Round,
    participants: list[Participant],
    requests: list[MeetingRequest],
    slots: list[Slot],
    tables: list[Table],
) -> method.Round:
    person = {row.pk: number for number, row in enumerate(participants, start=1)}
    slot = {row.pk: number for number, row in enumerate(slots, start=1)}
    table = {row.pk: number for number, row in enumerate(tables, start=1)}
    missed = missing_slots(round_)
    return method.Round(
        guests=tuple(_guest(round_, row, slots, table, missed.get(row.pk, frozenset())) for row in participants),
        requests=tuple(_request(row, person, slot, table) for row in requests),
        slots=_method_slots(round_, slots),
        tables=tuple(row.zone.name if row.zone else None for row in tables),
        fairness=round_.fairness,
        rest_after=round_.rest_after,
        grants_unanswered=round_.grants_unanswered,
    )


def _guest(
    round_: Round, person: Participant, slots: list[Slot], table: dict[int, int], missed: frozenset[int]
) -> method.Guest:
    least = round_.least_meetings if person.least_meetings is None else person.least_meetings
    most = round_.most_meetings if person.most_meetings is None else person.most_meetings
    return method.Guest(
        name=f"no. {person.number}",
        least=least if most is None else min(least, most),
        most=most,
        delegates=person.delegates,
        tier=person.tier,
        absent=frozenset(_absent(person, slots, missed)),
        zone=person.zone.name if person.zone else None,
        table=table[person.table_id] if person.table_id else None,
    )


def _absent(person: Participant, slots: list[Slot], missed: frozenset[int]) -> Iterable[int]:
    gone = person.status == Participant.Status.WITHDRAWN
    away = {slot.pk for slot in person.absent_slots.all()}
    sessions = [seat.session for seat in person.session_seats.all()]
    for number, slot in enumerate(slots, start=1):
        in_session = any(one.starts_at < slot.ends_at and slot.starts_at < one.ends_at for one in sessions)
        if gone or in_session or slot.pk in away or slot.number in missed:
            yield number


def _request(
    request: MeetingRequest, person: dict[int, int], slot: dict[int, int], table: dict[int, int]
) -> method.Request:
    return method.Request(
        asker=person[request.asker_id],
        asked=person[request.asked_id],
        wish=method.Wish(request.wish),
        rank=request.rank,
        answer=method.Answer(request.answer),
        answer_wish=method.Wish(request.answer_wish) if request.answer_wish else None,
        session=DAY_PARTS[MeetingRequest.Time(request.time)],
        by_organiser=request.by_organiser,
        fixed_slot=slot[request.fixed_slot_id] if request.fixed_slot_id else None,
        fixed_table=table[request.fixed_table_id] if request.fixed_table_id else None,
    )


def _method_slots(round_: Round, slots: list[Slot]) -> tuple[method.Slot, ...]:
    dates = [slot.starts_at.astimezone(round_.zone).date() for slot in slots]
    days = {date: number for number, date in enumerate(dict.fromkeys(dates), start=1)}
    return tuple(method.Slot(days[date], slot.is_morning) for date, slot in zip(dates, slots, strict=True))
