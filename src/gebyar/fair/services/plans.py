"""Versions of a round's plan: made behind the page, stored with their decision record, compared, published.

A plan that is being made reports as it goes on. One that was killed is made anew by the worker that takes the task up;
one that nobody takes up counts as interrupted after a silence, and another may be started.
"""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.fair.errors import (
    NothingToKeep,
    NothingToPlan,
    NothingToPublish,
    NothingToUndo,
    NotRunning,
    PlanRunning,
)
from gebyar.fair.models import Plan, Round
from gebyar.fair.planning import Facts, facts_of
from gebyar.fair.services.notices import note_changes
from gebyar.fair.services.storing import record_by_hand, store_outcome
from gebyar.fair.services.turns import held, held_open
from gebyar.methods.rounds.round import Place, RoundPlan
from gebyar.records.services import record_audit

Progress = Callable[[int, int | None, str], None]

SILENCE = timedelta(minutes=2)


class Wish(TypedDict, total=False):
    """What is wished of a version: a kind of `Plan.Kind`, a seed, the longest time, and the version it follows."""

    kind: str
    seed: int
    seconds: int
    based_on: Plan | None


BEAT = 0.5  # seconds between two reports to the database
INTERRUPTED = "interrupted"  # kept as the reason; `wording` says it


@transaction.atomic
def start_plan(*, actor: User | None, round_: Round, **wish: Unpack[Wish]) -> Plan:
    """Open the next version; the work itself follows on commit, behind the page. See `open_plan`.

    Raises
    ------
    PlanRunning, NothingToPlan, NothingToKeep, RoundEnded
    """
    from gebyar.fair.tasks import make_plan  # noqa: PLC0415  the task calls back into this module

    plan = open_plan(actor=actor, round_=round_, **wish)
    transaction.on_commit(lambda: make_plan.enqueue(plan.pk))
    return plan


@transaction.atomic
def open_plan(
    *,
    actor: User | None,
    round_: Round,
    kind: str = Plan.Kind.FULL,
    seed: int = 0,
    seconds: int = 60,
    based_on: Plan | None = None,
) -> Plan:
    """Open the next version for a caller who will run it at once, such as the command line.

    Raises
    ------
    PlanRunning, NothingToPlan, NothingToKeep, RoundEnded
    """
    found = held_open(round_.pk)
    _close_interrupted(found)
    if found.plans.filter(status=Plan.Status.RUNNING).exists():
        raise PlanRunning
    if not found.requests.filter(withdrawn_at__isnull=True).exists():
        raise NothingToPlan
    base = based_on or base_of(found)
    if kind == Plan.Kind.REST and base is None:
        raise NothingToKeep
    plan = new_version(actor=actor, round_=found, kind=kind, seed=seed, seconds=seconds, based_on=base)
    record_audit(
        actor=actor,
        verb="fair.start_plan",
        target=plan,
        after={"version": plan.version, "kind": str(kind), "seed": seed, "seconds": seconds},
    )
    return plan


def base_of(round_: Round) -> Plan | None:
    """Return the version that the next one follows: what participants see, else the newest."""
    usable = round_.plans.filter(status__in=[Plan.Status.OPTIMAL, Plan.Status.FEASIBLE])
    return usable.filter(published_at__isnull=False).first() or usable.order_by("-version").first()


def new_version(
    *,
    actor: User | None,
    round_: Round,
    kind: str,
    seed: int = 0,
    seconds: int = 60,
    based_on: Plan | None = None,
    **facts: Any,
) -> Plan:
    """Add a version with the next number; call it while the round is held."""
    last = round_.plans.order_by("-version").values_list("version", flat=True).first() or 0
    return Plan.objects.create(
        round=round_, version=last + 1, kind=kind, seed=seed, time_limit=seconds, based_on=based_on, made_by=actor,
        **facts,
    )  # fmt: skip


def _close_interrupted(round_: Round) -> None:
    silent = round_.plans.filter(status=Plan.Status.RUNNING, heard_at__lt=timezone.now() - SILENCE)
    silent.update(status=Plan.Status.UNKNOWN, reason=INTERRUPTED)


# --- the work ---------------------------------------------------------------------------------------------------


def run_plan(*, plan: Plan, progress: Progress | None = None) -> Plan:
    """Plan the round and store the outcome. Running it again after an interruption starts afresh."""
    from gebyar.methods.rounds import records  # noqa: PLC0415  the solvers take a second to load

    facts = facts_of(plan.round)
    kept = _kept(plan, facts)
    inputs = records.inputs_of(facts.round, kept)
    pulse = Pulse(plan, progress)
    outcome = records.run(
        inputs, seed=plan.seed, time_limit=plan.time_limit, progress=pulse.tell, should_stop=pulse.should_stop
    )
    return _store(plan, facts, inputs, outcome)


def _kept(plan: Plan, facts: Facts) -> list[Place]:
    """Return the places that stay: of the version before, all that still can (the unplaced only), or the locked ones."""
    if plan.based_on is None:
        return []
    if plan.kind == Plan.Kind.REST:
        return [place for place in facts.places_of(plan.based_on) if facts.still_stands(place)]
    locked = plan.based_on.meetings.filter(is_locked=True).prefetch_related("seats").order_by("pk")
    return facts.places_of(plan.based_on, locked)


class Pulse:
    """Tells the database how far the work is, and hears from it whether to stop; no oftener than every `BEAT`."""

    def __init__(self, plan: Plan, progress: Progress | None = None) -> None:
        self.plan = plan
        self.progress = progress
        self.words, self.done = "", 0
        self.stopped = False
        self.last = float("-inf")

    def tell(self, done: int, total: int | None, words: str) -> None:
        self.words, self.done = words, done
        if self.progress:
            self.progress(done, total, words)
        self._beat()

    def should_stop(self) -> bool:
        self._beat()
        return self.stopped

    def _beat(self) -> None:
        if monotonic() - self.last < BEAT:
            return
        self.last = monotonic()
        mine = Plan.objects.filter(pk=self.plan.pk, status=Plan.Status.RUNNING)
        mine.update(progress=self.words[:200], seconds_done=self.done, heard_at=timezone.now())
        # Gone or closed by somebody: nobody waits for the outcome any more.
        self.stopped = not mine.filter(stop_asked_at__isnull=True).exists()


@transaction.atomic
def _store(plan: Plan, facts: Facts, inputs: dict[str, Any], outcome: RoundPlan) -> Plan:
    from gebyar.methods.rounds import records  # noqa: PLC0415  see run_plan

    held(plan.round_id)
    plan = Plan.objects.select_related("round__fair", "made_by", "based_on").get(pk=plan.pk)
    if plan.status != Plan.Status.RUNNING:
        return plan
    locked = set()
    if plan.based_on:
        locked = set(plan.based_on.meetings.filter(is_locked=True).values_list("request_id", flat=True))
    return store_outcome(
        plan=plan,
        facts=facts,
        outcome=outcome,
        method=(records.METHOD, records.VERSION),
        inputs=inputs,
        result=records.result_of(outcome),
        locked=locked,
    )


@transaction.atomic
def stop_plan(*, actor: User | None, plan: Plan) -> Plan:
    """Ask a plan in the making to end with the best found so far.

    Raises
    ------
    NotRunning
    """
    held(plan.round_id)
    found = Plan.objects.get(pk=plan.pk)
    if found.status != Plan.Status.RUNNING:
        raise NotRunning
    if found.stop_asked_at is None:
        found.stop_asked_at = timezone.now()
        found.save(update_fields=["stop_asked_at"])
        record_audit(actor=actor, verb="fair.stop_plan", target=found, after={"version": found.version})
    return found


# --- what participants see --------------------------------------------------------------------------------------


@transaction.atomic
def publish_plan(*, actor: User | None, plan: Plan) -> Plan:
    """Show this version to the participants instead of the one they saw before.

    Raises
    ------
    NothingToPublish, RoundEnded
    """
    found = held_open(plan.round_id)
    plan = Plan.objects.select_related("round__fair").get(pk=plan.pk)
    if not plan.is_usable:
        raise NothingToPublish
    return show(actor=actor, round_=found, plan=plan)


@transaction.atomic
def undo_publication(*, actor: User | None, round_: Round) -> Plan:
    """Show the version again that was published before the present one.

    Raises
    ------
    NothingToUndo, RoundEnded
    """
    found = held_open(round_.pk)
    before = shown_before(found)
    if before is None:
        raise NothingToUndo
    return show(actor=actor, round_=found, plan=before)


def shown_before(round_: Round) -> Plan | None:
    """Return what undoing would show."""
    shown = round_.plans.filter(published_at__isnull=False)
    earlier = round_.plans.filter(published_at__isnull=True, last_published_at__isnull=False)
    return earlier.order_by("-last_published_at").first() if shown.exists() else None


def show(*, actor: User | None, round_: Round, plan: Plan) -> Plan:
    """Make a version the one that is shown, and tell those for whom that changes something.

    Call it while the round is held. A version that is shown already stays so, and nobody is told anything.
    """
    before = _shown_now(round_)
    if before is not None and before.pk == plan.pk:
        return before
    round_.plans.filter(published_at__isnull=False).update(published_at=None)
    plan.published_at = plan.last_published_at = timezone.now()
    plan.save(update_fields=["published_at", "last_published_at"])
    Round.objects.filter(pk=round_.pk).update(status=Round.Status.PUBLISHED)
    note_changes(before=before, after=plan)
    if plan.kind == Plan.Kind.HAND and plan.record is None:
        plan.record = record_by_hand(actor=actor, plan=plan)
        plan.save(update_fields=["record"])
    record_audit(
        actor=actor,
        verb="fair.publish_plan",
        target=plan,
        before={"version": before.version if before else None},
        after={"version": plan.version, "record": plan.record.hash if plan.record else None},
    )
    return plan


def _shown_now(round_: Round) -> Plan | None:
    return round_.plans.filter(published_at__isnull=False).first()
