"""The stages of awards for other programs: boards, checks, decisions, objections, by the services of the pages."""

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.security import django_auth

from gebyar.accounts.models import User
from gebyar.awards.models import Edition, Objection, Passage, Stage
from gebyar.awards.queries.checking import checks_to_do
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.previews import preview_of
from gebyar.awards.queries.stages import board_of, entries_of, passages_of, steps_of
from gebyar.awards.services import checks, objections, stages
from gebyar.awards.wording import names_of_items, passage_words
from gebyar.methods.places.call import Deviation

router = Router(tags=["awards"])

MOST_ROWS = 1000
LARGEST = 1_000_000


class StageRowOut(Schema):
    id: int
    category: str
    stage: str
    kind: str
    status: str
    entries: int
    done: int
    passed: int
    waiting: int
    failed: int
    open_objections: int
    closes_at: datetime | None
    objections_until: datetime | None
    record: str | None
    next: str


class PassageOut(Schema):
    id: int
    number: int
    code: str
    outcome: str
    rank: int | None
    points: float | None
    reason: str
    deviates: bool


class DeadlineIn(Schema):
    closes_at: datetime


class DeviationIn(Schema):
    """A plenary's departure from the ranking; the reason stands in the public record."""

    entry: str = Field(max_length=6, description="the entry's code")
    passes: bool
    reason: str = Field(min_length=1, max_length=300)


class DecisionIn(Schema):
    deviations: list[DeviationIn] = Field(default_factory=list, max_length=1000)


class PreviewRowOut(Schema):
    code: str
    points: float | None
    rank: int | None
    outcome: str
    reason: str


class PreviewOut(Schema):
    ready: bool
    obstacles: list[str]
    passed: int
    waiting: int
    failed: int
    last: str | None
    rows: list[PreviewRowOut]


class ToCheckOut(Schema):
    id: int
    number: int
    title: str
    edition: str
    look: int
    closes_at: datetime | None


class CheckIn(Schema):
    verdict: Literal["in_order", "not_in_order"]
    findings: dict[str, str] = Field(default_factory=dict, description="by document or condition: what is not in order")
    note: str = Field("", max_length=1000)


class CheckOut(Schema):
    place: int
    verdict: str


class StepOut(Schema):
    passage: int | None
    stage: str
    state: str
    outcome: str | None
    reason: str
    rank: int | None
    points: float | None
    may_object_until: datetime | None


class ObjectionIn(Schema):
    text: str = Field(min_length=1, max_length=2000)


class AnswerIn(Schema):
    upheld: bool
    answer: str = Field(min_length=1, max_length=2000)


class ObjectionOut(Schema):
    id: int
    status: str
    answer: str


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _stage(stage_id: int) -> Stage:
    return get_object_or_404(Stage.objects.select_related("category__edition__version", "record"), pk=stage_id)


# --- organisers -------------------------------------------------------------------------------------------------


@router.get(
    "/awards/editions/{edition_id}/stages", response=list[StageRowOut], auth=django_auth, summary="The board of stages"
)
def list_stages(request: HttpRequest, edition_id: int) -> list[dict[str, Any]]:
    edition = get_object_or_404(Edition.objects.exclude(status=Edition.Status.DRAFT), pk=edition_id)
    records = dict(
        Stage.objects.filter(category__edition=edition, record__isnull=False).values_list("pk", "record__hash")
    )
    return [
        {
            "id": row.stage.pk, "category": category.category.key, "stage": row.stage.key, "kind": row.stage.kind,
            "status": row.stage.status, "entries": row.counts.entries, "done": row.counts.done,
            "passed": row.counts.passed, "waiting": row.counts.waiting, "failed": row.counts.failed,
            "open_objections": row.counts.objections, "closes_at": row.stage.closes_at,
            "objections_until": row.stage.objections_until, "record": records.get(row.stage.pk), "next": row.words,
        }
        for category in board_of(edition)
        for row in category.rows
    ]  # fmt: skip


@router.get(
    "/awards/stages/{stage_id}/entries", response=list[PassageOut], auth=django_auth, summary="Entries of a stage"
)
def list_passages(
    request: HttpRequest,
    stage_id: int,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """The first 1,000 from `offset` on, in the order of ranks."""
    stage = _stage(stage_id)
    rules = rules_of(stage.category.edition)
    names, start = names_of_items(rules), min(max(offset, 0), LARGEST)
    return [
        {
            "id": row.pk, "number": row.entry.number, "code": row.entry.code, "outcome": row.outcome, "rank": row.rank,
            "points": row.points, "reason": passage_words(row, rules, names), "deviates": row.deviates,
        }
        for row in passages_of(stage)[start : start + MOST_ROWS]
    ]  # fmt: skip


@router.post("/awards/stages/{stage_id}/begin", response=dict[str, str], auth=django_auth, summary="Begin a stage")
def begin_stage(request: HttpRequest, stage_id: int, wish: DeadlineIn) -> dict[str, str]:
    found = stages.activate_stage(actor=_person(request), stage=_stage(stage_id), closes_at=wish.closes_at)
    return {"status": str(found.status)}


@router.post("/awards/stages/{stage_id}/deadline", response=dict[str, str], auth=django_auth, summary="Move a deadline")
def move_deadline(request: HttpRequest, stage_id: int, wish: DeadlineIn) -> dict[str, str]:
    found = stages.extend_stage(actor=_person(request), stage=_stage(stage_id), closes_at=wish.closes_at)
    return {"status": str(found.status)}


@router.post("/awards/stages/{stage_id}/close", response=dict[str, str], auth=django_auth, summary="Close a stage")
def end_stage(request: HttpRequest, stage_id: int) -> dict[str, str]:
    return {"status": str(stages.close_stage(actor=_person(request), stage=_stage(stage_id)).status)}


@router.get(
    "/awards/stages/{stage_id}/preview", response=PreviewOut, auth=django_auth, summary="How a gate would fall now"
)
def preview_stage(request: HttpRequest, stage_id: int) -> dict[str, Any]:
    seen = preview_of(_stage(stage_id))
    obstacles = [*seen.obstacles, *([seen.fault] if seen.fault else [])]
    return {
        "ready": not obstacles, "obstacles": obstacles, "passed": seen.passed, "waiting": seen.waiting,
        "failed": seen.failed, "last": seen.last.standing.code if seen.last else None,
        "rows": [
            {
                "code": line.standing.code, "points": line.standing.points, "rank": line.standing.rank,
                "outcome": line.outcome, "reason": line.words,
            }
            for line in seen.lines[:MOST_ROWS]
        ],
    }  # fmt: skip


@router.post(
    "/awards/stages/{stage_id}/decision", response=StageRowOut, auth=django_auth, summary="Decide a stage, once"
)
def decide_on_stage(request: HttpRequest, stage_id: int, wish: DecisionIn) -> dict[str, Any]:
    deviations = [Deviation(one.entry, admitted=one.passes, reason=one.reason) for one in wish.deviations]
    found = stages.decide_stage(actor=_person(request), stage=_stage(stage_id), deviations=deviations)
    return next(row for row in list_stages(request, found.category.edition_id) if row["id"] == found.pk)


@router.post(
    "/awards/objections/{objection_id}/answer", response=ObjectionOut, auth=django_auth, summary="Answer an objection"
)
def answer_one_objection(request: HttpRequest, objection_id: int, wish: AnswerIn) -> Objection:
    found = get_object_or_404(Objection.objects.select_related("passage__entry"), pk=objection_id)
    return objections.answer_objection(actor=_person(request), objection=found, upheld=wish.upheld, answer=wish.answer)


# --- officers ---------------------------------------------------------------------------------------------------


@router.get("/awards/checks", response=list[ToCheckOut], auth=django_auth, summary="Entries that you have to check")
def list_checks(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk, "number": row.entry.number, "title": row.entry.title,
            "edition": row.stage.category.edition.title, "look": row.looks + 1, "closes_at": row.stage.closes_at,
        }
        for row in checks_to_do(_person(request))[:MOST_ROWS]
    ]  # fmt: skip


@router.post(
    "/awards/checks/{passage_id}",
    response={201: CheckOut},
    auth=django_auth,
    summary="Say whether an entry is in order",
)
def check_one_entry(request: HttpRequest, passage_id: int, wish: CheckIn) -> Status[Any]:
    passage = get_object_or_404(checks_to_do(_person(request)), pk=passage_id)
    made = checks.check_entry(
        actor=_person(request), passage=passage, verdict=wish.verdict, findings=wish.findings, note=wish.note
    )
    return Status(201, made)


# --- entrants ---------------------------------------------------------------------------------------------------


@router.get(
    "/awards/entries/{entry_id}/progress", response=list[StepOut], auth=django_auth, summary="The way of your entry"
)
def entry_progress(request: HttpRequest, entry_id: int) -> list[dict[str, Any]]:
    rows = entries_of(_person(request)).select_related("edition__version", "category")
    steps = steps_of(get_object_or_404(rows, pk=entry_id))
    return [
        {
            "passage": step.passage.pk if step.passage else None, "stage": step.stage.key, "state": step.state,
            "outcome": step.passage.outcome if step.passage else None, "reason": step.words,
            "rank": step.passage.rank if step.passage else None, "points": step.passage.points if step.passage else None,
            "may_object_until": step.stage.objections_until if step.may_object else None,
        }
        for step in steps
    ]  # fmt: skip


@router.post(
    "/awards/outcomes/{passage_id}/objections",
    response={201: ObjectionOut},
    auth=django_auth,
    summary="Object to how your entry left a stage",
)
def object_to_outcome(request: HttpRequest, passage_id: int, wish: ObjectionIn) -> Status[Any]:
    rows = Passage.objects.filter(entry__in=entries_of(_person(request)))
    passage = get_object_or_404(rows.select_related("stage", "entry"), pk=passage_id)
    return Status(201, objections.file_objection(actor=_person(request), passage=passage, text=wish.text))
