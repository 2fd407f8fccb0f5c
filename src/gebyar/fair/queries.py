"""Reads of the fair that are more than a filter."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import get_language

from gebyar.accounts.models import User
from gebyar.fair.models import MeetingDay, Participant, Plan, Seat
from gebyar.registry.models import Firm

# How Indonesians name their three time zones.
ZONE_LABELS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@dataclass(frozen=True)
class AgendaLine:
    request_id: int
    starts_at: datetime
    ends_at: datetime
    table: int
    with_firm: Firm
    zone: str

    @property
    def time_words(self) -> str:
        separator = "." if get_language() == "id" else ":"
        start, end = (moment.strftime(f"%H{separator}%M") for moment in (self.starts_at, self.ends_at))
        return f"{start}–{end} {self.zone}"


@dataclass(frozen=True)
class Agenda:
    """What one participant does on one day, in the fair's local time, by the published plan."""

    participant: Participant
    day: MeetingDay
    plan: Plan | None
    lines: list[AgendaLine] = field(default_factory=list)

    @property
    def date_words(self) -> str:
        return format_date(self.day.date, "full", locale=get_language() or "id")


def agenda_of(participant: Participant) -> Agenda:
    """Return the agenda by the published plan; it is empty while none is published."""
    day = participant.day
    plan = day.plans.filter(published_at__isnull=False).first()
    if plan is None:
        return Agenda(participant, day, None)
    others = Seat.objects.exclude(participant=participant).select_related("participant__firm")
    seats = (
        Seat.objects.filter(plan=plan, participant=participant)
        .select_related("slot", "meeting")
        .prefetch_related(Prefetch("meeting__seats", queryset=others))
        .order_by("slot__number")
    )
    return Agenda(participant, day, plan, [_line(seat, day.fair.time_zone) for seat in seats])


def _line(seat: Seat, zone_name: str) -> AgendaLine:
    zone = ZoneInfo(zone_name)
    return AgendaLine(
        request_id=seat.meeting.request_id,
        starts_at=seat.slot.starts_at.astimezone(zone),
        ends_at=seat.slot.ends_at.astimezone(zone),
        table=seat.meeting.table,
        with_firm=seat.meeting.seats.all()[0].participant.firm,
        zone=ZONE_LABELS.get(zone_name, zone_name),
    )


def days_with_counts() -> QuerySet[MeetingDay]:
    return (
        MeetingDay.objects.select_related("fair")
        .annotate(
            participant_count=Count("participants", distinct=True),
            request_count=Count("requests", distinct=True),
        )
        .order_by("-date")
    )


def participations_of(user: User) -> QuerySet[Participant]:
    """Return where this person's firms take part."""
    if not user.is_authenticated:
        return Participant.objects.none()
    return (
        Participant.objects.filter(firm__members__user=user, firm__members__ended_at__isnull=True)
        .select_related("firm", "day__fair")
        .order_by("-day__date", "number")
    )


def participants_with_meetings(day: MeetingDay, plan: Plan | None) -> QuerySet[Participant]:
    seats = Seat.objects.filter(plan=plan).select_related("slot").order_by("slot__number")
    return (
        day.participants.select_related("firm")
        .prefetch_related(Prefetch("seats", queryset=seats, to_attr="planned_seats"))
        .order_by("number")
    )
