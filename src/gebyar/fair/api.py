"""The fair for other programs: rounds, participants, requests, answers and plans, by the services of the pages."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth

from gebyar.accounts.models import User
from gebyar.fair import services
from gebyar.fair.api_floor import router as floor
from gebyar.fair.models import MeetingRequest, Participant, Plan, Round
from gebyar.fair.queries.plans import (
    Change,
    PlanFigures,
    compare,
    figures_of_plan,
    meetings_of,
    plans_of,
    refusal_lines,
    refusals_of,
)
from gebyar.fair.queries.requests import requests_of
from gebyar.fair.queries.rounds import rounds_with_counts
from gebyar.fair.uploads import RowFaults, read_rows, refuse_too_many
from gebyar.fair.wording import reason_words
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms

router = Router(tags=["fair"])

MOST_ROWS_OUT = 1000
TEXT = r"^[^\x00]*$"  # PostgreSQL keeps no NUL
LARGEST = 2**31 - 1


class RoundOut(Schema):
    id: int
    fair: str
    name: str
    status: str
    ask_until: datetime | None
    answer_until: datetime | None
    participants: int
    requests: int
    slots: int
    tables: int


class ParticipantOut(Schema):
    id: int
    number: int
    firm_id: int
    firm: str
    status: str
    tier: int
    delegates: int
    is_standby: bool


class ParticipantsIn(Schema):
    """Firms of the register by their ids; they still have to confirm when `invited`."""

    firms: list[int] = Field(min_length=1, max_length=1000)
    invited: bool = False


class RequestOut(Schema):
    id: int
    number: int
    asker: int
    asked: int
    wish: int
    rank: int | None
    answer: str
    answer_wish: int | None
    time: int
    by_organiser: bool
    slot: int | None
    table: int | None


class RowsIn(Schema):
    """Rows of participants' numbers; each row may name wish, rank, answer, answer_wish, time, slot, table, by_organiser."""

    rows: list[dict[str, Any]]


class FaultOut(Schema):
    row: int
    field: str
    words: str


class FaultsOut(Schema):
    detail: str
    faults: list[FaultOut]


class AddedOut(Schema):
    added: int


class AskIn(Schema):
    """`asked` is the number of a participant of the same round."""

    asked: int = Field(ge=1, le=LARGEST)
    wish: int = Field(2, ge=1, le=3)
    rank: int | None = Field(None, ge=1, le=1000)
    time: int = Field(3, ge=1, le=3)
    message: str = Field("", max_length=500, pattern=TEXT)


class AnswerIn(Schema):
    accept: bool
    wish: int | None = Field(None, ge=1, le=3)
    message: str = Field("", max_length=500, pattern=TEXT)


class PlanIn(Schema):
    kind: str = Field("full", pattern="^(full|rest)$")
    seed: int = Field(0, ge=0, le=LARGEST)
    seconds: int = Field(60, ge=5, le=600)


class PlanOut(Schema):
    id: int
    version: int
    kind: str
    status: str
    progress: str
    idle: int | None
    bound: int | None
    priority: int | None
    priority_bound: int | None
    seconds: float | None
    reason: str
    published_at: datetime | None


class MeetingOut(Schema):
    request: int
    slot: int
    starts_at: datetime
    ends_at: datetime
    table: int
    asker: int
    asked: int
    is_locked: bool


class RefusalOut(Schema):
    request: int
    asker: int
    asked: int
    reason: str


class FullPlanOut(PlanOut):
    """The first 1,000 meetings and refusals from `offset` on."""

    granted: int
    refused: int
    least: int | None
    meetings: list[MeetingOut]
    refusals: list[RefusalOut]


class ChangeOut(Schema):
    request: int
    change: str
    from_slot: int | None
    from_table: int | None
    to_slot: int | None
    to_table: int | None


class ComparisonOut(Schema):
    moved: int
    added: int
    dropped: int
    changes: list[ChangeOut]


class ComparisonQuery(Schema):
    before: int = Field(ge=1, le=32000)
    after: int = Field(ge=1, le=32000)


class OffsetQuery(Schema):
    offset: int = Field(0, ge=0, le=1_000_000)


def _person(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]  # django_auth lets nobody else in
    return user


def _round(pk: int) -> Round:
    return get_object_or_404(Round.objects.select_related("fair"), pk=pk)


def _own(request: HttpRequest, participant_id: int) -> Participant:
    found = Participant.objects.filter(firm__in=open_firms(_person(request)))
    return get_object_or_404(found.exclude(round__status=Round.Status.DRAFT), pk=participant_id)


def _request_out(row: MeetingRequest) -> dict[str, Any]:
    return {
        "id": row.pk, "number": row.number, "asker": row.asker.number, "asked": row.asked.number, "wish": row.wish,
        "rank": row.rank, "answer": row.answer, "answer_wish": row.answer_wish, "time": row.time,
        "by_organiser": row.by_organiser, "slot": row.fixed_slot.number if row.fixed_slot else None,
        "table": row.fixed_table.number if row.fixed_table else None,
    }  # fmt: skip


def _plan_out(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in PlanOut.model_fields} | {"reason": reason_words(plan)}


# --- rounds and participants ------------------------------------------------------------------------------------


@router.get("/fair/rounds", response=list[RoundOut], summary="Rounds of business meetings")
def list_rounds(request: HttpRequest) -> list[dict[str, Any]]:
    found = rounds_with_counts()
    if not request.user.has_perm("fair.organise"):
        found = found.exclude(status=Round.Status.DRAFT)
    return [
        {
            "id": row.pk, "fair": row.fair.name, "name": row.name, "status": row.status, "ask_until": row.ask_until,
            "answer_until": row.answer_until, "participants": row.participant_count, "requests": row.request_count,
            "slots": row.slot_count, "tables": row.table_count,
        }
        for row in found
    ]  # fmt: skip


def _participants_out(people: QuerySet[Participant]) -> list[dict[str, Any]]:
    names = ("number", "firm_id", "status", "tier", "delegates", "is_standby")
    return [
        {"id": person.pk, "firm": person.firm.name, **{name: getattr(person, name) for name in names}}
        for person in people.select_related("firm").order_by("number")
    ]


@router.get("/fair/rounds/{round_id}/participants", response=list[ParticipantOut], auth=django_auth)
def list_participants(request: HttpRequest, round_id: int) -> list[dict[str, Any]]:
    """Participants of a round, for its organisers."""
    return _participants_out(_round(round_id).participants.all())


@router.post("/fair/rounds/{round_id}/participants", response={201: list[ParticipantOut]}, auth=django_auth)
def add_round_participants(request: HttpRequest, round_id: int, wish: ParticipantsIn) -> Status[list[dict[str, Any]]]:
    """Let firms take part; all of them or none."""
    found = _round(round_id)
    firms = {
        firm.pk: firm for firm in Firm.objects.filter(pk__in=[k for k in wish.firms if 0 < k < 2**63], is_active=True)
    }
    for row, key in enumerate(wish.firms, start=1):
        if key not in firms:
            raise HttpError(422, _("firms, row %(row)d: there is no firm %(firm)d") % {"row": row, "firm": key})
    status = Participant.Status.INVITED if wish.invited else Participant.Status.CONFIRMED
    added = services.add_participants(actor=_person(request), round_=found, firms=firms.values(), status=status)
    return Status(201, _participants_out(Participant.objects.filter(pk__in=[person.pk for person in added])))


# --- requests ---------------------------------------------------------------------------------------------------


@router.get("/fair/rounds/{round_id}/requests", response=list[RequestOut], auth=django_auth)
def list_requests(request: HttpRequest, round_id: int, query: Query[OffsetQuery]) -> list[dict[str, Any]]:
    """Open requests of a round, for its organisers; the first 1,000 from `offset` on."""
    rows = requests_of(_round(round_id))[query.offset : query.offset + MOST_ROWS_OUT]
    return [_request_out(row) for row in rows]


@router.post("/fair/rounds/{round_id}/requests", response={201: AddedOut, 422: FaultsOut}, auth=django_auth)
def add_round_requests(request: HttpRequest, round_id: int, upload: RowsIn) -> Status[dict[str, Any]]:
    """Add many requests, all of them or none; every fault is named by its row and field."""
    found = _round(round_id)
    refuse_too_many(len(upload.rows))
    try:
        rows = read_rows(found, upload.rows)
    except RowFaults as error:
        faults = [{"row": fault.row, "field": fault.field, "words": fault.words} for fault in error.list]
        return Status(422, {"detail": str(error), "faults": faults})
    added = services.add_requests(actor=_person(request), round_=found, requests=rows)
    return Status(201, {"added": len(added)})


@router.post("/fair/participants/{participant_id}/requests", response={201: RequestOut}, auth=django_auth)
def ask_participant(request: HttpRequest, participant_id: int, wish: AskIn) -> Status[dict[str, Any]]:
    """Ask another participant for a meeting as one's own firm; when they have asked already, this accepts."""
    asker = _own(request, participant_id)
    asked = get_object_or_404(Participant, round=asker.round_id, number=wish.asked)
    said = {"wish": wish.wish, "rank": wish.rank, "time": wish.time, "message": wish.message}
    return Status(201, _request_out(services.ask(actor=_person(request), asker=asker, asked=asked, **said)))


@router.post("/fair/requests/{request_id}/answer", response=RequestOut, auth=django_auth)
def answer_meeting(request: HttpRequest, request_id: int, answer: AnswerIn) -> dict[str, Any]:
    """Accept or decline a request to one's own firm."""
    rows = MeetingRequest.objects.filter(withdrawn_at__isnull=True, asked__firm__in=open_firms(_person(request)))
    row = get_object_or_404(rows.select_related("asked"), pk=request_id)
    said = {"accept": answer.accept, "wish": answer.wish, "message": answer.message}
    return _request_out(services.answer_request(actor=_person(request), request=row, by=row.asked, **said))


# --- plans ------------------------------------------------------------------------------------------------------


@router.get("/fair/rounds/{round_id}/plans", response=list[PlanOut], auth=django_auth)
def list_plans(request: HttpRequest, round_id: int) -> list[dict[str, Any]]:
    """Versions of a round's plan, the newest first."""
    return [_plan_out(plan) for plan in plans_of(_round(round_id))]


@router.post("/fair/rounds/{round_id}/plans", response={202: PlanOut}, auth=django_auth)
def make_round_plan(request: HttpRequest, round_id: int, wish: PlanIn) -> Status[dict[str, Any]]:
    """Start another version behind the page; ask for it again to see how far it is."""
    said = {"kind": wish.kind, "seed": wish.seed, "seconds": wish.seconds}
    return Status(202, _plan_out(services.start_plan(actor=_person(request), round_=_round(round_id), **said)))


@router.get("/fair/plans/{plan_id}", response=FullPlanOut, auth=django_auth)
def get_plan(request: HttpRequest, plan_id: int, query: Query[OffsetQuery]) -> dict[str, Any]:
    """One version with its meetings, and the reason for every request that was not granted."""
    plan = get_object_or_404(Plan.objects.select_related("round__fair"), pk=plan_id)
    figures: PlanFigures = figures_of_plan(plan)
    some = slice(query.offset, query.offset + MOST_ROWS_OUT)
    return {
        **_plan_out(plan),
        "granted": figures.granted,
        "refused": figures.refused,
        "least": figures.least,
        "meetings": [
            {
                "request": one.request.number, "slot": one.slot.number, "starts_at": one.slot.starts_at,
                "ends_at": one.slot.ends_at, "table": one.table, "asker": one.request.asker.number,
                "asked": one.request.asked.number, "is_locked": one.is_locked,
            }
            for one in meetings_of(plan)[some]
        ],
        "refusals": [
            {
                "request": line.request.number, "asker": line.request.asker.number, "asked": line.request.asked.number,
                "reason": line.words,
            }
            for line in refusal_lines(plan, refusals_of(plan)[some])
        ],
    }  # fmt: skip


@router.post("/fair/plans/{plan_id}/stop", response=PlanOut, auth=django_auth)
def stop_making_plan(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """End the making with the best plan so far."""
    return _plan_out(services.stop_plan(actor=_person(request), plan=get_object_or_404(Plan, pk=plan_id)))


@router.post("/fair/plans/{plan_id}/publish", response=PlanOut, auth=django_auth)
def publish_round_plan(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """Show a version to the participants."""
    return _plan_out(services.publish_plan(actor=_person(request), plan=get_object_or_404(Plan, pk=plan_id)))


@router.post("/fair/rounds/{round_id}/plans/undo", response=PlanOut, auth=django_auth)
def undo_round_plan(request: HttpRequest, round_id: int) -> dict[str, Any]:
    """Show the version again that was published before."""
    return _plan_out(services.undo_publication(actor=_person(request), round_=_round(round_id)))


@router.get("/fair/rounds/{round_id}/compare", response=ComparisonOut, auth=django_auth)
def compare_plans(request: HttpRequest, round_id: int, query: Query[ComparisonQuery]) -> dict[str, Any]:
    """What changed between two versions of a round's plan."""
    plans = _round(round_id).plans.select_related("round")
    found = compare(get_object_or_404(plans, version=query.before), get_object_or_404(plans, version=query.after))
    return {**found.counts, "changes": [_change_out(change) for change in found.changes[:MOST_ROWS_OUT]]}


def _change_out(change: Change) -> dict[str, Any]:
    out: dict[str, Any] = {"request": change.request.number, "change": change.kind}
    for name, meeting in (("from", change.before), ("to", change.after)):
        out[f"{name}_slot"] = meeting.slot.number if meeting else None
        out[f"{name}_table"] = meeting.table if meeting else None
    return out


router.add_router("", floor)
