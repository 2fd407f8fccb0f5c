"""The day as the organiser's desk and the hall see it: who is here, who sits where, how each meeting went."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils import timezone

from gebyar.fair.models import CheckIn, MeetingLog, Participant, Plan, PlannedMeeting, Round, Seat, Slot
from gebyar.fair.queries.agendas import areas_of
from gebyar.fair.queries.times import clock_words, day_words, span_words, zone_label
from gebyar.fair.queries.words import by_words

_BOARD = "gebyar.fair.board"


# --- time ---------------------------------------------------------------------------------------------------------


def slots_of(round_: Round) -> list[Slot]:
    slots = list(round_.slots.all())
    for slot in slots:
        slot.round = round_  # the slot asks its round for the time zone
    return slots


def current_slot(slots: Sequence[Slot], now: datetime) -> Slot | None:
    """Return the slot that runs now, else the next one, else the last; None without slots."""
    return next((slot for slot in slots if slot.ends_at > now), slots[-1] if slots else None)


def next_slot(slots: Sequence[Slot], now: datetime) -> Slot | None:
    """Return the first slot that has not begun, or None when all have: what can still be planned anew."""
    return next((slot for slot in slots if slot.starts_at >= now), None)


def working_day(round_: Round, slots: Sequence[Slot], now: datetime | None = None) -> date:
    """Return today's date at the fair when it is a day of the round, else the nearest one to come, else the last."""
    today = (now or timezone.now()).astimezone(round_.zone).date()
    days = sorted({slot.local_start().date() for slot in slots}) or [round_.fair.starts_on]
    return next((day for day in days if day >= today), days[-1])


def slot_words(slot: Slot) -> str:
    return span_words(slot.starts_at, slot.ends_at, slot.round.zone)


# --- who is here --------------------------------------------------------------------------------------------------


def is_here(check_in: CheckIn | None) -> bool:
    """Say whether somebody came, and did not go missing after that."""
    if check_in is None or check_in.came_at is None:
        return False
    return check_in.missing_since is None or check_in.came_at > check_in.missing_since


def is_missing(check_in: CheckIn | None) -> bool:
    return check_in is not None and check_in.missing_since is not None and not is_here(check_in)


def missed_slots(check_in: CheckIn, slots: Iterable[Slot]) -> frozenset[int]:
    """Return the numbers of the slots in which somebody is missing: until they come or are expected, or all that day."""
    since = check_in.missing_since
    if since is None:
        return frozenset()
    came = check_in.came_at if check_in.came_at and check_in.came_at > since else None
    until = came or check_in.expected_at
    return frozenset(
        slot.number
        for slot in slots
        if slot.local_start().date() == check_in.date
        and slot.starts_at >= since
        and (until is None or slot.starts_at < until)
    )


def missing_slots(round_: Round) -> dict[int, frozenset[int]]:
    """Return participant → numbers of the slots in which they are known to be missing, for planning."""
    slots = slots_of(round_)
    missed: dict[int, frozenset[int]] = defaultdict(frozenset)
    for check_in in CheckIn.objects.filter(participant__round=round_, missing_since__isnull=False):
        missed[check_in.participant_id] |= missed_slots(check_in, slots)
    return {participant: numbers for participant, numbers in missed.items() if numbers}


@dataclass(frozen=True)
class DeskLine:
    participant: Participant
    check_in: CheckIn | None
    first: Slot | None
    meetings: int

    @property
    def is_here(self) -> bool:
        return is_here(self.check_in)

    @property
    def is_missing(self) -> bool:
        return is_missing(self.check_in)

    @property
    def first_words(self) -> str:
        return slot_words(self.first) if self.first else ""

    @property
    def came_words(self) -> str:
        return self._clock(self.check_in.came_at if self.check_in else None)

    @property
    def expected_words(self) -> str:
        return self._clock(self.check_in.expected_at if self.check_in else None)

    def _clock(self, moment: datetime | None) -> str:
        zone = self.participant.round.zone
        return f"{clock_words(moment, zone)} {zone_label(zone.key)}" if moment else ""


def find_participants(round_: Round, words: str) -> QuerySet[Participant]:
    """Return those who take part, by number or part of the name."""
    found = round_.participants.filter(by_words(words, "")).exclude(status=Participant.Status.WITHDRAWN)
    return found.select_related("firm").order_by("number")


def desk_lines(round_: Round, participants: Iterable[Participant], day: date, slots: Sequence[Slot]) -> list[DeskLine]:
    """Return each participant with what the desk needs on this day; two queries, however many there are."""
    participants = list(participants)
    check_ins = {row.participant_id: row for row in CheckIn.objects.filter(participant__in=participants, date=day)}
    of_day = {slot.pk: slot for slot in slots if slot.local_start().date() == day}
    seated: dict[int, list[Slot]] = defaultdict(list)
    seats = Seat.objects.filter(
        plan__round=round_, plan__published_at__isnull=False, participant__in=participants, slot__in=of_day
    )
    for participant, slot in seats.values_list("participant", "slot").order_by("slot__number"):
        seated[participant].append(of_day[slot])
    return [
        DeskLine(one, check_ins.get(one.pk), next(iter(seated[one.pk]), None), len(seated[one.pk]))
        for one in participants
    ]


def check_in_counts(round_: Round, day: date) -> dict[str, int]:
    """Return how many take part, have come, and are missing on a day."""
    expected = round_.participants.exclude(status=Participant.Status.WITHDRAWN).count()
    rows = list(CheckIn.objects.filter(participant__round=round_, date=day))
    here, missing = sum(map(is_here, rows)), sum(map(is_missing, rows))
    return {"expected": expected, "here": here, "missing": missing, "awaited": max(expected - here - missing, 0)}


# --- who sits where -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    participant: Participant
    is_here: bool = False
    is_missing: bool = False


@dataclass(frozen=True)
class FloorLine:
    """One meeting in one slot."""

    meeting: PlannedMeeting
    area: str
    sides: tuple[Side, Side]
    log: MeetingLog | None

    @property
    def request_id(self) -> int:
        return self.meeting.request_id

    @property
    def table(self) -> int:
        return self.meeting.table

    @property
    def state(self) -> str:
        return self.log.state if self.log else ""


@dataclass(frozen=True)
class Hall:
    """One slot in the hall."""

    slot: Slot
    lines: list[FloorLine] = field(default_factory=list)

    @property
    def words(self) -> str:
        return slot_words(self.slot)

    @property
    def has_begun(self) -> bool:
        return self.slot.starts_at <= timezone.now()

    @property
    def day_words(self) -> str:
        return day_words(self.slot.local_start().date())


def published_plan(round_: Round) -> Plan | None:
    return round_.plans.filter(published_at__isnull=False).select_related("based_on").first()


def halls(round_: Round, slots: Sequence[Slot], table: int | None = None) -> list[Hall]:
    """Return who sits where in each of these slots, by table, or at one; three queries, however many there are."""
    if not slots:
        return []
    areas = areas_of(round_)
    meetings = PlannedMeeting.objects.filter(
        plan__round=round_, plan__published_at__isnull=False, slot__in=slots
    ).select_related("request__log", "request__asker__firm", "request__asked__firm")
    if table is not None:
        meetings = meetings.filter(table=table)
    by_slot: dict[int, list[PlannedMeeting]] = defaultdict(list)
    for meeting in meetings.order_by("table"):
        by_slot[meeting.slot_id].append(meeting)
    days = {slot.local_start().date() for slot in slots}
    come = {
        (row.participant_id, row.date): row for row in CheckIn.objects.filter(participant__round=round_, date__in=days)
    }
    return [Hall(slot, [_floor_line(one, slot, areas, come) for one in by_slot[slot.pk]]) for slot in slots]


def _floor_line(
    meeting: PlannedMeeting, slot: Slot, areas: dict[int, str], come: dict[tuple[int, date], CheckIn]
) -> FloorLine:
    request, day = meeting.request, slot.local_start().date()

    def side(participant: Participant) -> Side:
        check_in = come.get((participant.pk, day))
        missing = check_in is not None and slot.number in missed_slots(check_in, [slot])
        return Side(participant, is_here(check_in), missing)

    sides = (side(request.asker), side(request.asked))
    return FloorLine(meeting, areas.get(meeting.table, ""), sides, getattr(request, "log", None))


def standby_list(round_: Round) -> list[Participant]:
    """Return those who would take a freed place, the one with the lowest number first."""
    stand_by = Q(is_standby=True) & ~Q(status=Participant.Status.WITHDRAWN)
    return list(round_.participants.filter(stand_by).select_related("firm").order_by("number"))


# --- the board ----------------------------------------------------------------------------------------------------


def board_token(round_: Round) -> str:
    """Return the address part of the hall's screen: it cannot be guessed, and nobody signs in at a screen."""
    return signing.Signer(salt=_BOARD).sign(str(round_.pk)).replace(":", ".")


def round_of_board(token: str) -> Round | None:
    """Return the round whose board this address opens, or None for one that we did not sign."""
    number, _dot, signature = token.partition(".")
    try:
        pk = int(signing.Signer(salt=_BOARD).unsign(f"{number}:{signature}"))
    except (signing.BadSignature, ValueError):
        return None
    return Round.objects.select_related("fair").filter(pk=pk, status=Round.Status.PUBLISHED).first()
