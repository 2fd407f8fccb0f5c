"""Judging by API: a judge's list and marks; panels, progress and rankings for organisers."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth

from gebyar.accounts.models import User
from gebyar.awards.models import Assignment, PanelPlan, RankingVersion, Stage
from gebyar.awards.queries.board import obstacles, progress_of
from gebyar.awards.queries.judging import (
    assigned_to,
    entries_of_stage,
    judging_rules,
    marks_of,
    others_marks,
    shown_entry,
    takes_scores,
)
from gebyar.awards.services import panels, rankings, scores
from gebyar.awards.wording_panels import finding_words

router = Router(tags=["awards"])

LARGEST = 2**31 - 1
TEXT = r"^[^\x00]*$"  # PostgreSQL keeps no NUL
MOST_ROWS_OUT = 1000
MOST_CRITERIA = 50


class OffsetQuery(Schema):
    offset: int = Field(0, ge=0, le=1_000_000)


class AssignmentOut(Schema):
    """An entry by its code; `title` is the code alone where the round is anonymised."""

    id: int
    stage: int
    entry: str
    title: str
    status: str
    sent_at: datetime | None
    is_open: bool


class MarkOut(Schema):
    criterion: str
    value: float | None
    not_applicable: bool
    reason: str


class OthersOut(Schema):
    """How the rest of the panel judged, 0–100, without names."""

    points: list[float]
    waiting: int


class FullAssignmentOut(AssignmentOut):
    firm: str
    province: str
    answers: dict[str, Any]
    documents: list[str]
    marks: list[MarkOut]
    others: OthersOut | None


class MarkIn(Schema):
    criterion: str = Field(max_length=40, pattern=TEXT)
    value: float | None = None
    not_applicable: bool = False
    reason: str = Field("", max_length=2000, pattern=TEXT)


class MarksIn(Schema):
    """With `send` the marks stand from then on; without it they are a draft."""

    marks: list[MarkIn] = Field(max_length=MOST_CRITERIA)
    send: bool = False


class AnswerAssignmentIn(Schema):
    accept: bool
    reason: str = Field("", max_length=300, pattern=TEXT)


class PanelsIn(Schema):
    seed: int = Field(0, ge=0, le=LARGEST)


class PanelPlanOut(Schema):
    id: int
    version: int
    status: str
    seed: int
    worst: float | None
    worst_bound: float | None
    total: float | None
    total_bound: float | None
    connected: bool | None
    in_force_since: datetime | None
    record: str | None
    findings: list[str]


class PairOut(Schema):
    """An entry by its code, a judge by their number in the edition."""

    entry: str
    judge: int
    affinity: float


class FullPanelPlanOut(PanelPlanOut):
    """The first 1,000 pairs from `offset` on."""

    pairs: list[PairOut]


class AssignIn(Schema):
    entry: str = Field(max_length=6, pattern=TEXT)
    judge: int = Field(ge=1, le=32000)


class ProgressOut(Schema):
    sent: int
    draft: int
    none: int
    proposed: int
    declined: int
    short: int
    is_open: bool
    obstacles: list[str]


class RankingOut(Schema):
    id: int
    version: int
    method: str
    is_final: bool
    record: str


class FullRankingOut(RankingOut):
    """As the decision record holds it: rows, judges, variance components, findings."""

    result: dict[str, Any]


def _person(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]  # django_auth lets nobody else in
    return user


def _stage(pk: int) -> Stage:
    rows = Stage.objects.select_related("category__edition__version")
    stage = get_object_or_404(rows, pk=pk)
    if not judging_rules(stage).criteria:
        raise HttpError(404, "Nothing is scored in this stage.")
    return stage


# --- for judges -------------------------------------------------------------------------------------------------


def _own(request: HttpRequest, pk: int) -> Assignment:
    return get_object_or_404(assigned_to(_person(request)), pk=pk)


def _assignment_out(row: Assignment) -> dict[str, Any]:
    rules = judging_rules(row.stage)
    title = row.entry.code if rules.anonymised else row.entry.title
    return {
        "id": row.pk, "stage": row.stage_id, "entry": row.entry.code, "title": title, "status": row.status,
        "sent_at": row.sent_at, "is_open": takes_scores(row.stage),
    }  # fmt: skip


@router.get("/awards/assignments", response=list[AssignmentOut], auth=django_auth)
def list_assignments(request: HttpRequest, query: Query[OffsetQuery]) -> list[dict[str, Any]]:
    """Entries that the signed-in judge is asked to judge; the first 1,000 from `offset` on."""
    rows = assigned_to(_person(request)).order_by("pk")
    return [_assignment_out(row) for row in rows[query.offset : query.offset + MOST_ROWS_OUT]]


@router.get("/awards/assignments/{assignment_id}", response=FullAssignmentOut, auth=django_auth)
def get_assignment(request: HttpRequest, assignment_id: int) -> dict[str, Any]:
    """One entry as its judge sees it, with the marks given so far; the others' only once the own are sent."""
    row = _own(request, assignment_id)
    rules, entry = judging_rules(row.stage), shown_entry(row.entry, row.stage)
    others = others_marks(row, rules)
    given = [(mark.criterion.id, mark.score) for mark in marks_of(row, rules)]
    return {
        **_assignment_out(row),
        "firm": entry.firm,
        "province": entry.province,
        "answers": {one.question.id: one.value for one in entry.answers},
        "documents": [one.key for one in entry.documents],
        "marks": [
            {"criterion": name, "value": one.value, "not_applicable": one.not_applicable, "reason": one.reason}
            for name, one in given
            if one is not None
        ],
        "others": {"points": others.points, "waiting": others.waiting} if others else None,
    }


@router.post("/awards/assignments/{assignment_id}/marks", response=FullAssignmentOut, auth=django_auth)
def give_marks(request: HttpRequest, assignment_id: int, said: MarksIn) -> dict[str, Any]:
    """Keep marks as a draft or send them; the same marks sent twice change nothing."""
    row = _own(request, assignment_id)
    given = [scores.Given(one.criterion, one.value, one.not_applicable, one.reason) for one in said.marks]
    if row.sent_at is None or not said.send:
        scores.save_scores(actor=_person(request), assignment=row, given=given)
    if said.send:
        scores.send_scores(actor=_person(request), assignment=row)
    return get_assignment(request, assignment_id)


@router.post("/awards/assignments/{assignment_id}/answer", response=AssignmentOut, auth=django_auth)
def answer_one_assignment(request: HttpRequest, assignment_id: int, answer: AnswerAssignmentIn) -> dict[str, Any]:
    """Accept an entry, or decline it with a reason."""
    row = _own(request, assignment_id)
    said = {"accept": answer.accept, "reason": answer.reason}
    panels.answer_assignment(actor=_person(request), assignment=row, **said)
    row.refresh_from_db(fields=["status"])
    return _assignment_out(row)


# --- for organisers ---------------------------------------------------------------------------------------------


def _plan_out(plan: PanelPlan) -> dict[str, Any]:
    names = (
        "version", "status", "seed", "worst", "worst_bound", "total", "total_bound", "connected", "in_force_since",
    )  # fmt: skip
    return {
        "id": plan.pk,
        **{name: getattr(plan, name) for name in names},
        "record": plan.record.hash if plan.record else None,
        "findings": [finding_words(one) for one in plan.needs],
    }


@router.get("/awards/stages/{stage_id}/panels", response=list[PanelPlanOut], auth=django_auth)
def list_panel_plans(request: HttpRequest, stage_id: int) -> list[dict[str, Any]]:
    """Proposals of panels, the newest first."""
    rows = _stage(stage_id).panel_plans.select_related("record").order_by("-version")
    return [_plan_out(plan) for plan in rows[:MOST_ROWS_OUT]]


@router.post("/awards/stages/{stage_id}/panels", response={202: PanelPlanOut}, auth=django_auth)
def make_panel_plan(request: HttpRequest, stage_id: int, wish: PanelsIn) -> Status[dict[str, Any]]:
    """Start another proposal behind the page; ask for it again to see how far it is."""
    plan = panels.start_panels(actor=_person(request), stage=_stage(stage_id), seed=wish.seed)
    return Status(202, _plan_out(plan))


@router.get("/awards/panels/{plan_id}", response=FullPanelPlanOut, auth=django_auth)
def get_panel_plan(request: HttpRequest, plan_id: int, query: Query[OffsetQuery]) -> dict[str, Any]:
    """One proposal with its pairs, or why there is no assignment and what would help."""
    plan = get_object_or_404(PanelPlan.objects.select_related("record", "stage__category__edition"), pk=plan_id)
    some = plan.pairs[query.offset : query.offset + MOST_ROWS_OUT]
    codes = dict(plan.stage.category.entries.filter(pk__in={pair[0] for pair in some}).values_list("pk", "code"))
    numbers = dict(plan.stage.category.edition.judges.values_list("pk", "number"))
    pairs = [{"entry": codes[entry], "judge": numbers[judge], "affinity": fit} for entry, judge, fit in some]
    return {**_plan_out(plan), "pairs": pairs}


@router.post("/awards/panels/{plan_id}/force", response=PanelPlanOut, auth=django_auth)
def force_panel_plan(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    """Assign judges as a proposal says."""
    plan = get_object_or_404(PanelPlan.objects.select_related("record"), pk=plan_id)
    return _plan_out(panels.put_in_force(actor=_person(request), plan=plan))


@router.post("/awards/stages/{stage_id}/assignments", response={201: PairOut}, auth=django_auth)
def assign_judge(request: HttpRequest, stage_id: int, wish: AssignIn) -> Status[dict[str, Any]]:
    """Give an entry to a judge by hand."""
    stage = _stage(stage_id)
    entry = get_object_or_404(entries_of_stage(stage), code=wish.entry)
    judge = get_object_or_404(stage.category.edition.judges, number=wish.judge)
    made = panels.assign_by_hand(actor=_person(request), stage=stage, entry=entry, judge=judge)
    return Status(201, {"entry": entry.code, "judge": judge.number, "affinity": made.affinity})


@router.get("/awards/stages/{stage_id}/progress", response=ProgressOut, auth=django_auth)
def judging_progress(request: HttpRequest, stage_id: int) -> dict[str, Any]:
    """How far judging is, and what keeps judges' severity from being corrected."""
    stage = _stage(stage_id)
    progress = progress_of(stage, judging_rules(stage).judges_per_entry)
    names = ("sent", "draft", "none", "proposed", "declined", "short")
    return {
        **{name: getattr(progress, name) for name in names},
        "is_open": takes_scores(stage),
        "obstacles": obstacles(stage),
    }


def _ranking_out(version: RankingVersion) -> dict[str, Any]:
    return {
        "id": version.pk, "version": version.version, "method": version.method, "is_final": version.is_final,
        "record": version.record.hash,
    }  # fmt: skip


@router.get("/awards/stages/{stage_id}/rankings", response=list[RankingOut], auth=django_auth)
def list_rankings(request: HttpRequest, stage_id: int) -> list[dict[str, Any]]:
    """Rankings of a stage, the newest first."""
    rows = _stage(stage_id).rankings.select_related("record").defer("result").order_by("-version")
    return [_ranking_out(version) for version in rows[:MOST_ROWS_OUT]]


@router.post("/awards/stages/{stage_id}/rankings", response={201: FullRankingOut}, auth=django_auth)
def make_stage_ranking(request: HttpRequest, stage_id: int) -> Status[dict[str, Any]]:
    """Rank the entries of a closed stage by the marks that were sent."""
    version = rankings.make_ranking(actor=_person(request), stage=_stage(stage_id))
    return Status(201, {**_ranking_out(version), "result": version.result})


@router.get("/awards/rankings/{ranking_id}", response=FullRankingOut, auth=django_auth)
def get_ranking(request: HttpRequest, ranking_id: int) -> dict[str, Any]:
    """One ranking in full."""
    version = get_object_or_404(RankingVersion.objects.select_related("record"), pk=ranking_id)
    return {**_ranking_out(version), "result": version.result}
