"""Panels of a stage: proposals made behind the page, put in force, changed by hand, answered by the judges.

A proposal reports while it is made. One whose worker was killed is made anew by the worker that takes the task up; one
that nobody takes up counts as interrupted after a silence, and another may be started.
"""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from gebyar.awards.errors_judging import (
    AnsweredAlready,
    AssignedAlready,
    Barred,
    HasSent,
    JudgeFull,
    NoJudges,
    NotAJudgeHere,
    NotAJudgingStage,
    NothingToJudge,
    PanelsRunning,
    PlanNotUsable,
    PlanOutdated,
    StageDecided,
)
from gebyar.awards.models import Assignment, Conflict, Entry, Judge, PanelPlan, Stage
from gebyar.awards.panelling import Bench, bench_of, fit_of, task_of
from gebyar.awards.queries.judging import entries_of_stage, judging_rules
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.judges import needed_reason
from gebyar.awards.services.letters_judging import write_to_judges
from gebyar.awards.services.turns_judging import (
    held_assignment,
    held_judge,
    held_judges,
    held_stage,
    judge_or_organiser,
)
from gebyar.awards.wording_judging import conflict_words
from gebyar.awards.wording_panels import named
from gebyar.records.services import append_decision, record_audit

if TYPE_CHECKING:
    from collections.abc import Callable

    from gebyar.accounts.models import User
    from gebyar.methods.panels.task import Panels

    Progress = Callable[[int, int | None, str], None]

SILENCE = timedelta(minutes=2)
BEAT = 0.5  # seconds between two reports to the database
TIME_LIMIT = 120.0
INTERRUPTED = "interrupted"  # kept as the reason; `wording_judging` says it


@transaction.atomic
def start_panels(*, actor: User | None, stage: Stage, seed: int = 0) -> PanelPlan:
    """Open the next proposal; the work itself follows on commit, behind the page.

    Raises
    ------
    PanelsRunning, NothingToJudge, NoJudges, NotAJudgingStage, StageDecided
    """
    from gebyar.awards.tasks import make_panels  # noqa: PLC0415  the task calls back into this module

    plan = _open_plan(actor, stage, seed)
    transaction.on_commit(lambda: make_panels.enqueue(plan.pk))
    return plan


@transaction.atomic
def open_panels(*, actor: User | None, stage: Stage, seed: int = 0) -> PanelPlan:
    """Open the next proposal for a caller who will run it at once, such as a demonstration."""
    return _open_plan(actor, stage, seed)


def _open_plan(actor: User | None, stage: Stage, seed: int) -> PanelPlan:
    may_organise(actor)
    found = _held_open(stage.pk)
    silent = found.panel_plans.filter(status=PanelPlan.Status.RUNNING, heard_at__lt=timezone.now() - SILENCE)
    silent.update(status=PanelPlan.Status.UNKNOWN, reason=INTERRUPTED)
    if found.panel_plans.filter(status=PanelPlan.Status.RUNNING).exists():
        raise PanelsRunning
    if not judging_rules(found).criteria:
        raise NotAJudgingStage
    if not entries_of_stage(found).exists():
        raise NothingToJudge
    if not found.category.edition.judges.filter(status=Judge.Status.ACCEPTED).exists():
        raise NoJudges
    last = found.panel_plans.order_by("-version").values_list("version", flat=True).first() or 0
    plan = PanelPlan.objects.create(stage=found, version=last + 1, seed=seed, made_by=actor)
    record_audit(actor=actor, verb="awards.start_panels", target=plan, after={"version": plan.version, "seed": seed})
    return plan


def _held_open(stage_id: int) -> Stage:
    found = held_stage(stage_id)
    if found.status == Stage.Status.DECIDED:
        raise StageDecided
    return found


# --- the work ---------------------------------------------------------------------------------------------------


def run_panels(*, plan: PanelPlan, progress: Progress | None = None) -> PanelPlan:
    """Make the panels and store what came of it. Running it again after an interruption starts afresh."""
    from gebyar.methods.panels import assign  # noqa: PLC0415  the solvers take a second to load

    stage = Stage.objects.select_related("category__edition__version").get(pk=plan.stage_id)
    bench = bench_of(stage)
    pulse = _Pulse(plan, progress)
    task = task_of(bench)
    return _store(plan, bench, task, assign(task, seed=plan.seed, time_limit=TIME_LIMIT, progress=pulse.tell))


class _Pulse:
    """Tells the database what is being done, no oftener than every `BEAT`."""

    def __init__(self, plan: PanelPlan, progress: Progress | None) -> None:
        self.plan = plan
        self.progress = progress
        self.last = float("-inf")

    def tell(self, done: int, total: int | None, words: str) -> None:
        if self.progress:
            self.progress(done, total, words)
        if monotonic() - self.last < BEAT:
            return
        self.last = monotonic()
        mine = PanelPlan.objects.filter(pk=self.plan.pk, status=PanelPlan.Status.RUNNING)
        mine.update(progress=words[:200], heard_at=timezone.now())


@transaction.atomic
def _store(plan: PanelPlan, bench: Bench, task: Any, panels: Panels) -> PanelPlan:
    from gebyar.methods.panels import records  # noqa: PLC0415  see run_panels

    held_stage(plan.stage_id)
    plan = PanelPlan.objects.select_related("stage__category__edition", "made_by").get(pk=plan.pk)
    if plan.status != PanelPlan.Status.RUNNING:
        return plan
    plan.status, plan.seconds, plan.connected = panels.status, panels.seconds, panels.connected
    plan.reason = panels.reason or ""
    plan.needs = [named(finding, bench) for finding in panels.findings]
    if plan.is_usable:
        plan.worst, plan.total = panels.worst, panels.total
        plan.worst_bound, plan.total_bound = panels.worst_bound, panels.total_bound
        plan.pairs = [
            [bench.entries[entry].pk, bench.judges[judge].pk, bench.fit(entry, judge)] for entry, judge in panels.pairs
        ]
    plan.record = append_decision(
        actor=plan.made_by,
        method=records.METHOD,
        version=records.VERSION,
        title=f"{plan.stage.category.edition.title}: {plan.stage.category.key}, {plan.stage.key}, panels {plan.version}",
        inputs={
            **records.inputs_of(task),
            # What the rows and columns stand for.
            "entries": [entry.code for entry in bench.entries],
            "judges": [judge.number for judge in bench.judges],
        },
        seed=plan.seed,
        result=records.result_of(panels),
    )
    plan.save()
    record_audit(
        actor=plan.made_by,
        verb="awards.finish_panels",
        target=plan,
        after={"status": plan.status, "worst": plan.worst, "total": plan.total, "record": plan.record.hash},
    )
    return plan


# --- in force ---------------------------------------------------------------------------------------------------


@transaction.atomic
def put_in_force(*, actor: User | None, plan: PanelPlan) -> PanelPlan:
    """Assign judges as a proposal says, and write to those who got new entries.

    What was accepted, sent or made by hand stays, whatever the proposal says; what was only proposed before and is not
    part of this one goes.

    Raises
    ------
    PlanNotUsable, PlanOutdated, StageDecided
        Nothing is changed then.
    """
    may_organise(actor)
    stage = _held_open(plan.stage_id)
    found = PanelPlan.objects.get(pk=plan.pk)
    if not found.is_usable:
        raise PlanNotUsable
    held_judges(stage.category.edition.judges.values_list("pk", flat=True))
    bench = bench_of(stage)
    wanted = {(entry, judge): fit for entry, judge, fit in found.pairs}
    _refuse_outdated(bench, wanted)
    fresh = _assign_all(stage, wanted)
    stage.panel_plans.filter(in_force_since__isnull=False).update(in_force_since=None)
    found.in_force_since = timezone.now()
    found.save(update_fields=["in_force_since"])
    record_audit(
        actor=actor,
        verb="awards.put_panels_in_force",
        target=found,
        after={"version": found.version, "pairs": len(wanted), "new": len(fresh)},
    )
    asked = sorted({assignment.judge_id for assignment in fresh})
    transaction.on_commit(lambda: write_to_judges(asked, stage.pk, "assigned"), robust=True)
    return found


def _refuse_outdated(bench: Bench, wanted: dict[tuple[int, int], float]) -> None:
    entries = {entry.pk: entry for entry in bench.entries}
    judges = {judge.pk: judge for judge in bench.judges}
    for entry, judge in sorted(wanted):
        if entry in entries and ((entry, judge) in bench.barred or judge not in judges):
            number = Judge.objects.values_list("number", flat=True).get(pk=judge)
            raise PlanOutdated(judge=number, entry=entries[entry].code)


def _assign_all(stage: Stage, wanted: dict[tuple[int, int], float]) -> list[Assignment]:
    kept = {(row.entry_id, row.judge_id): row for row in stage.assignments.exclude(status=Assignment.Status.DECLINED)}
    gone = [
        row.pk
        for pair, row in kept.items()
        if pair not in wanted and row.status == Assignment.Status.PROPOSED and not row.by_hand
    ]
    Assignment.objects.filter(pk__in=gone).delete()
    there = set(entries_of_stage(stage).values_list("pk", flat=True))
    return Assignment.objects.bulk_create(
        Assignment(stage=stage, entry_id=entry, judge_id=judge, affinity=fit)
        for (entry, judge), fit in sorted(wanted.items())
        if (entry, judge) not in kept and entry in there
    )


# --- by hand ----------------------------------------------------------------------------------------------------


@transaction.atomic
def assign_by_hand(*, actor: User | None, stage: Stage, entry: Entry, judge: Judge) -> Assignment:
    """Give an entry to a judge; every later proposal keeps it.

    Raises
    ------
    NotAJudgeHere, Barred, AssignedAlready, JudgeFull, StageDecided
    """
    may_organise(actor)
    found = _held_open(stage.pk)
    taker = held_judge(judge.pk)
    if taker.status != Judge.Status.ACCEPTED or taker.edition_id != found.category.edition_id:
        raise NotAJudgeHere
    if not entries_of_stage(found).filter(pk=entry.pk).exists():
        raise NothingToJudge
    tie = Conflict.objects.filter(judge=taker, entry=entry, lifted_at__isnull=True).first()
    if tie is not None:
        raise Barred(judge=taker.number, entry=entry.code, why=conflict_words(tie))
    before = found.assignments.filter(entry=entry, judge=taker).first()
    if before is not None and before.status != Assignment.Status.DECLINED:
        raise AssignedAlready(judge=taker.number, entry=entry.code)
    load = found.assignments.filter(judge=taker).exclude(status=Assignment.Status.DECLINED).count()
    if load >= taker.most:
        raise JudgeFull(judge=taker.number, most=taker.most)
    assignment = before or Assignment(stage=found, entry=entry, judge=taker, affinity=fit_of(found, entry, taker))
    assignment.status, assignment.decline_reason, assignment.by_hand = Assignment.Status.PROPOSED, "", True
    assignment.save()
    record_audit(
        actor=actor,
        verb="awards.assign_by_hand",
        target=assignment,
        after={"judge": taker.number, "entry": entry.code},
    )
    transaction.on_commit(lambda: write_to_judges([taker.pk], found.pk, "assigned"), robust=True)
    return assignment


@transaction.atomic
def unassign(*, actor: User | None, assignment: Assignment, reason: str) -> Assignment:
    """Take an entry from a judge; no later proposal gives it back.

    Raises
    ------
    HasSent, ReasonNeeded, StageDecided, AnsweredAlready
    """
    may_organise(actor)
    words = needed_reason(reason)
    _held_open(assignment.stage_id)
    return _decline(actor, held_assignment(assignment.pk), words, verb="awards.unassign")


@transaction.atomic
def answer_assignment(*, actor: User | None, assignment: Assignment, accept: bool, reason: str = "") -> Assignment:
    """Accept an entry as its judge, or decline it with a reason.

    Raises
    ------
    ReasonNeeded, AnsweredAlready, HasSent, Barred, StageDecided
    """
    words = "" if accept else needed_reason(reason)
    _held_open(assignment.stage_id)
    found = held_assignment(assignment.pk)
    judge_or_organiser(actor, found.judge)
    if not accept:
        return _decline(actor, found, words, verb="awards.decline_assignment")
    _accept(found)
    record_audit(
        actor=actor,
        verb="awards.accept_assignment",
        target=found,
        after={"judge": found.judge.number, "entry": found.entry.code},
    )
    return found


def _accept(found: Assignment) -> None:
    if found.status != Assignment.Status.PROPOSED:
        raise AnsweredAlready
    tie = Conflict.objects.filter(judge=found.judge_id, entry=found.entry_id, lifted_at__isnull=True).first()
    if tie is not None:
        raise Barred(judge=found.judge.number, entry=found.entry.code, why=conflict_words(tie))
    found.status = Assignment.Status.ACCEPTED
    found.save(update_fields=["status"])


def _decline(actor: User | None, found: Assignment, reason: str, *, verb: str) -> Assignment:
    if found.sent_at is not None:
        raise HasSent
    if found.status == Assignment.Status.DECLINED:
        raise AnsweredAlready
    found.status, found.decline_reason = Assignment.Status.DECLINED, reason[:300]
    found.save(update_fields=["status", "decline_reason"])
    record_audit(
        actor=actor,
        verb=verb,
        target=found,
        after={"judge": found.judge.number, "entry": found.entry.code, "reason": reason},
    )
    return found


@transaction.atomic
def answer_all(*, actor: User | None, judge: Judge, stage: Stage) -> int:
    """Accept everything that waits for a judge's word in a stage.

    Returns
    -------
    int
        How many were accepted.

    Raises
    ------
    StageDecided
    """
    found = _held_open(stage.pk)
    taker = held_judge(judge.pk)
    judge_or_organiser(actor, taker)
    tied = Conflict.objects.filter(judge=taker, lifted_at__isnull=True).values("entry")
    waiting = found.assignments.filter(judge=taker, status=Assignment.Status.PROPOSED).exclude(entry__in=tied)
    count = waiting.update(status=Assignment.Status.ACCEPTED)
    if count:
        record_audit(
            actor=actor,
            verb="awards.accept_assignments",
            target=found,
            after={"judge": taker.number, "count": count},
        )
    return count
