"""The day and what came of it for machines; `gebyar.fair.api` takes these in."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.security import django_auth

from gebyar.accounts.models import User
from gebyar.fair.models import CheckIn, MeetingLog, MeetingRequest, Outcome, Participant, Plan, Round
from gebyar.fair.queries.agendas import AgendaLine, agenda_of, participant_by_token
from gebyar.fair.queries.dashboard import Dashboard, Figures, Group, dashboard_of, rounds_in_figures
from gebyar.fair.queries.floor import halls, slots_of
from gebyar.fair.queries.outcomes import meeting_side
from gebyar.fair.services import floor
from gebyar.fair.services.outcomes import record_outcome
from gebyar.partnership.facts import MOST_RUPIAH

router = Router(tags=["fair"])

# Two bytes in the database, and an answer in words instead of an error of it.
Number = Field(ge=1, le=32_767)


class AgendaLineOut(Schema):
    request: int | None
    starts_at: datetime
    ends_at: datetime
    table: int | None
    zone: str
    meets: str
    delegate: int
    state: str


class RefusedOut(Schema):
    meets: str
    reason: str


class NoticeOut(Schema):
    at: datetime
    words: str


class AgendaOut(Schema):
    firm: str
    number: int
    round: str
    time_zone: str
    version: int | None
    meetings: list[AgendaLineOut]
    sessions: list[AgendaLineOut]
    changes: list[NoticeOut]
    not_placed: list[RefusedOut]


class SideOut(Schema):
    number: int
    firm: str
    is_here: bool
    is_missing: bool


class MeetingOut(Schema):
    request: int
    slot: int
    starts_at: datetime
    ends_at: datetime
    table: int
    zone: str
    sides: list[SideOut]
    state: str


class CheckInIn(Schema):
    number: int = Number


class CheckInOut(Schema):
    number: int
    date: date
    came_at: datetime | None
    missing_since: datetime | None
    expected_at: datetime | None


class LogIn(Schema):
    state: Literal["held", "late", "no_show", "cancelled"]
    minutes_late: int | None = Field(None, ge=1, le=floor.LONGEST_LATENESS)
    missing: int | None = Field(None, ge=1, le=32_767, description="number of the participant who did not come")


class LogOut(Schema):
    request: int
    state: str
    minutes_late: int | None
    missing: int | None


class RepairIn(Schema):
    missing: int | None = Field(
        None,
        ge=1,
        le=32_767,
        description="number of the participant who does not come; without it: plan with what is known",
    )
    from_slot: int | None = Field(
        None, ge=1, le=32_767, description="number of the first slot that may change; else now"
    )
    until_slot: int | None = Field(None, ge=1, le=32_767, description="number of the slot by which a late one is here")


class RepairOut(Schema):
    version: int
    kind: str
    based_on: int | None
    published_at: datetime | None


class OutcomeIn(Schema):
    interest: Literal["none", "maybe", "yes"]
    next_step: str = Field("", max_length=300, pattern=r"^[^\x00]*$")
    potential: int | None = Field(None, ge=0, le=MOST_RUPIAH, description="rupiah a year, a guess and no result")
    number: int | None = Field(None, ge=1, le=32_767, description="whose side, for who acts for both firms")


class OutcomeOut(Schema):
    request: int
    number: int
    interest: str
    next_step: str
    potential: int | None
    deal: int | None


class FiguresOut(Schema):
    asked: int
    accepted: int
    granted: int
    held: int
    no_shows: int
    with_outcome: int
    both_go_on: int
    potential_low: int
    potential_high: int
    deals: int
    committed: int
    realised: int
    realised_by_one_side: int


class GroupOut(Schema):
    label: str
    participants: int
    figures: FiguresOut


class SpreadOut(Schema):
    meetings: int
    participants: int


class DashboardOut(Schema):
    figures: FiguresOut
    by_province: list[GroupOut]
    by_size: list[GroupOut]
    by_partner: list[GroupOut]
    spread: list[SpreadOut]
    gini: float | None


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _round(round_id: int) -> Round:
    return get_object_or_404(Round.objects.select_related("fair"), pk=round_id)


# --- agendas ------------------------------------------------------------------------------------------------------


@router.get("/fair/agendas/{token}", response=AgendaOut, summary="One participant's agenda")
def get_agenda(request: HttpRequest, token: str) -> dict[str, Any]:
    participant = participant_by_token(token)
    if participant is None:
        raise Http404
    agenda = agenda_of(participant)
    return {
        "firm": participant.firm.name,
        "number": participant.number,
        "round": str(agenda.round),
        "time_zone": agenda.round.fair.time_zone,
        "version": agenda.plan.version if agenda.plan else None,
        "meetings": [_line(line) for line in agenda.meetings],
        "sessions": [_line(line) for line in agenda.lines if line.session],
        "changes": [{"at": notice.created_at, "words": notice.words} for notice in agenda.notices],
        "not_placed": [{"meets": line.firm.name, "reason": line.words} for line in agenda.refused],
    }


def _line(line: AgendaLine) -> dict[str, Any]:
    return {
        "request": line.request_id, "starts_at": line.starts_at, "ends_at": line.ends_at, "table": line.table,
        "zone": line.area, "meets": line.title, "delegate": line.delegate, "state": line.state,
    }  # fmt: skip


# --- the day ------------------------------------------------------------------------------------------------------


@router.get("/fair/rounds/{round_id}/floor", response=list[MeetingOut], auth=django_auth, summary="Who sits where")
def list_floor(
    request: HttpRequest,
    round_id: int,
    slot: int | None = None,
) -> list[dict[str, Any]]:
    round_ = _round(round_id)
    slots = [one for one in slots_of(round_) if slot is None or one.number == slot]
    return [
        {
            "request": line.request_id, "slot": hall.slot.number, "starts_at": hall.slot.starts_at,
            "ends_at": hall.slot.ends_at, "table": line.table, "zone": line.area, "state": line.state,
            "sides": [
                {
                    "number": side.participant.number, "firm": side.participant.firm.name,
                    "is_here": side.is_here, "is_missing": side.is_missing,
                }
                for side in line.sides
            ],
        }
        for hall in halls(round_, slots)
        for line in hall.lines
    ]  # fmt: skip


@router.post(
    "/fair/rounds/{round_id}/check-ins", response={201: CheckInOut}, auth=django_auth, summary="A participant has come"
)
def check_in_participant(request: HttpRequest, round_id: int, wish: CheckInIn) -> Status[dict[str, Any]]:
    participant = get_object_or_404(Participant, round=_round(round_id), number=wish.number)
    return Status(201, _check_in(floor.check_in(actor=_user(request), participant=participant)))


def _check_in(row: CheckIn) -> dict[str, Any]:
    return {
        "number": row.participant.number, "date": row.date, "came_at": row.came_at,
        "missing_since": row.missing_since, "expected_at": row.expected_at,
    }  # fmt: skip


@router.post("/fair/meetings/{request_id}/log", response=LogOut, auth=django_auth, summary="How a meeting went")
def log_one_meeting(request: HttpRequest, request_id: int, wish: LogIn) -> dict[str, Any]:
    meeting = get_object_or_404(MeetingRequest.objects.select_related("asker", "asked"), pk=request_id)
    sides = {one.number: one for one in (meeting.asker, meeting.asked)}
    log = floor.log_meeting(
        actor=_user(request),
        request=meeting,
        state=MeetingLog.State(wish.state),
        minutes_late=wish.minutes_late,
        missing=sides.get(wish.missing) if wish.missing else None,
    )
    missing = log.missing.number if log.missing else None
    return {"request": request_id, "state": log.state, "minutes_late": log.minutes_late, "missing": missing}


@router.post(
    "/fair/rounds/{round_id}/repairs",
    response=RepairOut,
    auth=django_auth,
    summary="Plan anew from a slot on, and show it at once",
)
def repair_round_plan(request: HttpRequest, round_id: int, wish: RepairIn) -> dict[str, Any]:
    round_ = _round(round_id)
    start, until = (
        get_object_or_404(round_.slots, number=number) if number else None
        for number in (wish.from_slot, wish.until_slot)
    )
    if wish.missing is None:
        return _version(floor.plan_from_now(actor=_user(request), round_=round_, from_slot=start))
    participant = get_object_or_404(Participant, round=round_, number=wish.missing)
    plan = floor.repair(actor=_user(request), round_=round_, participant=participant, from_slot=start, until_slot=until)
    return _version(plan)


def _version(plan: Plan) -> dict[str, Any]:
    based_on = plan.based_on.version if plan.based_on else None
    return {"version": plan.version, "kind": plan.kind, "based_on": based_on, "published_at": plan.published_at}


# --- what came of it ----------------------------------------------------------------------------------------------


@router.post("/fair/meetings/{request_id}/outcome", response=OutcomeOut, auth=django_auth, summary="What one side says")
def say_outcome(request: HttpRequest, request_id: int, wish: OutcomeIn) -> dict[str, Any]:
    user = _user(request)
    side = meeting_side(user, request_id, number=wish.number)
    if side is None:
        raise Http404
    said = record_outcome(
        actor=user,
        request=side.request,
        participant=side.participant,
        interest=Outcome.Interest(wish.interest),
        next_step=wish.next_step,
        potential=wish.potential,
    )
    return {
        "request": request_id, "number": side.participant.number, "interest": said.interest,
        "next_step": said.next_step, "potential": said.potential, "deal": said.deal_id,
    }  # fmt: skip


@router.get("/fair/rounds/{round_id}/figures", response=DashboardOut, auth=django_auth, summary="A round in figures")
def round_figures(request: HttpRequest, round_id: int) -> dict[str, Any]:
    """What was hoped for, committed and realised stand apart; they are never added up."""
    user = _user(request)
    return _dashboard(dashboard_of(get_object_or_404(rounds_in_figures(user), pk=round_id), user))


def _dashboard(seen: Dashboard) -> dict[str, Any]:
    spread = [{"meetings": meetings, "participants": count} for meetings, count in seen.equity.distribution]
    return {
        "figures": _figures(seen.figures),
        "by_province": _groups(seen.by_region),
        "by_size": _groups(seen.by_size),
        "by_partner": _groups(seen.by_partner),
        "spread": spread,
        "gini": seen.equity.gini,
    }


def _groups(groups: list[Group]) -> list[dict[str, Any]]:
    return [
        {"label": group.label, "participants": group.participants, "figures": _figures(group.figures)}
        for group in groups
    ]


def _figures(now: Figures) -> dict[str, int]:
    return {
        "asked": now.asked, "accepted": now.accepted, "granted": now.granted, "held": now.held,
        "no_shows": now.no_shows, "with_outcome": now.said, "both_go_on": now.goes_on,
        "potential_low": now.potential_low, "potential_high": now.potential_high, "deals": now.money.deals,
        "committed": now.money.committed, "realised": now.money.realised,
        "realised_by_one_side": now.money.realised_by_one,
    }  # fmt: skip
