"""What one participant does in a round, by the published plan."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from gebyar.fair.models import MeetingLog, MeetingRequest, Notice, Participant, Plan, Refusal, Round, Seat, SessionSeat
from gebyar.fair.queries.notices import DROPPED, NoticeLine, notice_lines, notices_of
from gebyar.fair.queries.times import day_words, span_words, zone_label
from gebyar.fair.wording import refusal_words
from gebyar.registry.models import Firm


@dataclass(frozen=True)
class AgendaLine:
    """A meeting, or with `session` a workshop or speech that the participant sits in."""

    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    request_id: int | None = None
    table: int | None = None
    area: str = ""
    with_number: int | None = None
    with_firm: Firm | None = None
    delegate: int = 1
    state: str = ""
    state_words: str = ""
    session: str = ""
    session_id: int | None = None
    changes: int = 0

    @property
    def time_words(self) -> str:
        return span_words(self.starts_at, self.ends_at, self.zone)

    @property
    def title(self) -> str:
        return self.with_firm.name if self.with_firm else self.session

    @property
    def has_begun(self) -> bool:
        """Say whether its sides can say what came of it."""
        return bool(self.state) or self.starts_at <= timezone.now()

    @property
    def is_off(self) -> bool:
        return self.state in {MeetingLog.State.CANCELLED, MeetingLog.State.NO_SHOW}


@dataclass(frozen=True)
class AgendaDay:
    date: date
    lines: list[AgendaLine]

    @property
    def words(self) -> str:
        return day_words(self.date)


@dataclass(frozen=True)
class RefusedLine:
    firm: Firm
    words: str


@dataclass(frozen=True)
class Dropped:
    """A meeting that was once on the agenda and no longer is; calendars must be told."""

    request_id: int
    firm: str
    starts_at: datetime
    table: int
    changes: int


@dataclass(frozen=True)
class Agenda:
    """Everything a participant's page, sheet and calendar say, in the fair's local time."""

    participant: Participant
    round: Round
    plan: Plan | None
    days: list[AgendaDay] = field(default_factory=list)
    notices: list[NoticeLine] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    @property
    def lines(self) -> list[AgendaLine]:
        return [line for day in self.days for line in day.lines]

    @property
    def meetings(self) -> list[AgendaLine]:
        return [line for line in self.lines if line.request_id]

    @property
    def zone_label(self) -> str:
        return zone_label(self.round.zone.key)

    @property
    def has_delegates(self) -> bool:
        return self.participant.delegates > 1

    @property
    def when_words(self) -> str:
        days = [day.words for day in self.days]
        return " – ".join(dict.fromkeys([days[0], days[-1]])) if days else day_words(self.round.fair.starts_on)


def agenda_of(participant: Participant) -> Agenda:
    """Return the agenda by the published plan; it holds sessions only while none is published.

    Parameters
    ----------
    participant
        With ``round__fair`` and ``firm`` at hand, or they are read one by one.
    """
    round_ = participant.round
    plan = round_.plans.filter(published_at__isnull=False).first()
    lines = _session_lines(participant)
    if plan is None:
        return Agenda(participant, round_, None, _by_day(lines))
    notices = notices_of(participant)
    changes = Counter(notice.parameters.get("request") for notice in notices)
    meetings = _meeting_lines(participant, plan, changes)
    return Agenda(
        participant,
        round_,
        plan,
        _by_day([*lines, *meetings]),
        notice_lines(notices, round_.zone),
        refused_lines(participant, plan),
        list(_dropped(notices, {line.request_id for line in meetings}, changes)),
    )


def _by_day(lines: list[AgendaLine]) -> list[AgendaDay]:
    ordered = sorted(lines, key=lambda line: (line.starts_at, line.delegate))
    return [AgendaDay(day, list(of_day)) for day, of_day in groupby(ordered, lambda line: line.starts_at.date())]


def _session_lines(participant: Participant) -> list[AgendaLine]:
    zone = participant.round.zone
    seats = SessionSeat.objects.filter(participant=participant).select_related("session")
    return [
        AgendaLine(
            seat.session.starts_at.astimezone(zone),
            seat.session.ends_at.astimezone(zone),
            zone,
            session=seat.session.name,
            session_id=seat.session_id,
        )
        for seat in seats
    ]


def _meeting_lines(participant: Participant, plan: Plan, changes: Counter[int]) -> list[AgendaLine]:
    areas = areas_of(participant.round)
    seats = Seat.objects.filter(plan=plan, participant=participant).select_related(
        "slot", "meeting__request__log", "meeting__request__asker__firm", "meeting__request__asked__firm"
    )
    return [_line(seat, participant, areas, changes) for seat in seats]


def areas_of(round_: Round) -> dict[int, str]:
    """Return the part of the hall of each table number."""
    return {table.number: table.zone.name if table.zone else "" for table in round_.tables.select_related("zone")}


def _line(seat: Seat, participant: Participant, areas: dict[int, str], changes: Counter[int]) -> AgendaLine:
    zone = participant.round.zone
    request = seat.meeting.request
    other = request.asked if request.asker_id == participant.pk else request.asker
    log: MeetingLog | None = getattr(request, "log", None)
    return AgendaLine(
        starts_at=seat.slot.starts_at.astimezone(zone),
        ends_at=seat.slot.ends_at.astimezone(zone),
        zone=zone,
        request_id=request.pk,
        table=seat.meeting.table,
        area=areas.get(seat.meeting.table, ""),
        with_number=other.number,
        with_firm=other.firm,
        delegate=seat.delegate,
        state=log.state if log else "",
        state_words=log.get_state_display() if log else "",
        changes=changes[request.pk],
    )


def refused_lines(participant: Participant, plan: Plan) -> list[RefusedLine]:
    """Say why each meeting that this participant wanted is not in the plan: what they asked for or accepted."""
    wanted = Q(request__asker=participant) | Q(
        request__asked=participant, request__answer=MeetingRequest.Answer.ACCEPTED
    )
    refusals = (
        Refusal.objects.filter(wanted, plan=plan, request__withdrawn_at__isnull=True)
        .select_related("request__asker__firm", "request__asked__firm", "plan__round")
        .order_by("request__number")
    )
    return [RefusedLine(_other(refusal.request, participant).firm, str(refusal_words(refusal))) for refusal in refusals]


def _other(request: MeetingRequest, participant: Participant) -> Participant:
    return request.asked if request.asker_id == participant.pk else request.asker


def _dropped(notices: list[Notice], on: set[int | None], changes: Counter[int]) -> Iterable[Dropped]:
    """Yield what was taken off and did not come back, each once; the newest notice says where it last stood."""
    seen = set(on)
    for notice in notices:
        request_id = notice.parameters.get("request")
        if notice.code == DROPPED and request_id not in seen:
            seen.add(request_id)
            yield Dropped(
                request_id=request_id,
                firm=notice.parameters["firm"],
                starts_at=datetime.fromisoformat(notice.parameters["old_time"]),
                table=notice.parameters["old_table"],
                changes=changes[request_id],
            )


def participant_by_token(token: str) -> Participant | None:
    return Participant.objects.select_related("firm", "round__fair", "table").filter(agenda_token=token).first()
