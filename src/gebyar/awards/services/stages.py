"""The stages of a category: begun one after the other, closed, decided once, and what happens when somebody withdraws."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.awards.errors_stages import (
    AnotherStageRuns,
    DeadlinePast,
    DeviationUnclear,
    EarlierStageOpen,
    EntriesStillTaken,
    GateImpossible,
    NobodyPassed,
    NoDeviationHere,
    NothingToFill,
    NotReadyToDecide,
    ObjectionsMayCome,
    ObjectionsOpen,
    StageBegun,
    StageDecided,
    StageNotActive,
    StageNotClosed,
    TiedToEntry,
)
from gebyar.awards.gates import Before, Outcome, Standing, before_gate, fall, reason_of, stage_rules
from gebyar.awards.models import Edition, Entry, Objection, Passage, Stage
from gebyar.awards.queries.checking import is_tied
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.prizes import give_prizes, is_last
from gebyar.awards.services.stage_turns import held, held_running
from gebyar.awards.wording_rules import in_language
from gebyar.methods.places.allotment import Verdict
from gebyar.methods.places.call import Deviation, PlacesError
from gebyar.records.locking import lock
from gebyar.records.models import DecisionRecord
from gebyar.records.services import append_decision, record_audit

RUNNING = (Stage.Status.ACTIVE, Stage.Status.CLOSED)
OUTCOMES = {
    "admitted": Passage.Outcome.PASSED,
    "waiting": Passage.Outcome.WAITING,
    "refused": Passage.Outcome.FAILED,
}
WRITTEN = (
    "outcome",
    "code",
    "parameters",
    "rank",
    "points",
    "deviates",
    "reason",
    "decided_by",
    "decided_at",
    "told_at",
)


# --- begun ------------------------------------------------------------------------------------------------------


@transaction.atomic
def activate_stage(*, actor: User | None, stage: Stage, closes_at: datetime) -> Stage:
    """Begin a stage: all who passed the one before come in, into the first one every entry handed in.

    Raises
    ------
    EditionNotRunning, StageBegun, AnotherStageRuns, EarlierStageOpen, EntriesStillTaken, ObjectionsOpen,
    ObjectionsMayCome, NobodyPassed, DeadlinePast
        Nothing is changed then.
    """
    may_organise(actor)
    found = held_running(stage.pk)
    refuse_beginning(found)
    if closes_at <= timezone.now():
        raise DeadlinePast
    entries = list(entering(found))
    if not entries:
        raise NobodyPassed
    Passage.objects.bulk_create([Passage(stage=found, entry=entry) for entry in entries], batch_size=2000)
    found.status, found.opened_at, found.closes_at = Stage.Status.ACTIVE, timezone.now(), closes_at
    found.save(update_fields=["status", "opened_at", "closes_at"])
    record_audit(
        actor=actor,
        verb="awards.activate_stage",
        target=found,
        after={"entries": len(entries), "closes_at": closes_at.isoformat()},
    )
    return found


def refuse_beginning(stage: Stage) -> None:
    """Say why a stage cannot begin yet, by raising it."""
    edition = stage.category.edition
    if stage.status != Stage.Status.WAITING:
        raise StageBegun
    siblings = list(Stage.objects.filter(category=stage.category_id).order_by("position"))
    for sibling in siblings:
        if sibling.status in RUNNING:
            raise AnotherStageRuns(stage=name_of(sibling, edition))
    earlier = next((one for one in reversed(siblings) if one.position < stage.position), None)
    if earlier is None:
        # An entry that is being handed in at this moment holds the edition; it is waited for.
        edition = lock(Edition.objects.filter(pk=edition.pk)).get()
        if edition.closes_at > timezone.now():
            raise EntriesStillTaken(moment=_moment(edition.closes_at))
    elif earlier.status != Stage.Status.DECIDED:
        raise EarlierStageOpen(stage=name_of(earlier, edition))
    else:
        _refuse_while_contested(earlier)


def _refuse_while_contested(stage: Stage) -> None:
    open_ones = Objection.objects.filter(passage__stage=stage, status=Objection.Status.OPEN).count()
    if open_ones:
        raise ObjectionsOpen(count=open_ones)
    if stage.objections_until is not None and stage.objections_until > timezone.now():
        raise ObjectionsMayCome(moment=_moment(stage.objections_until))


def name_of(stage: Stage, edition: Edition) -> str:
    from gebyar.awards.queries.editions import rules_of  # noqa: PLC0415  only for words

    return in_language(rules_of(edition).stage(stage.key).names)


def _moment(value: datetime) -> str:
    from gebyar.awards.queries.stages import moment_words  # noqa: PLC0415  only for words

    return moment_words(value)


def entering(stage: Stage) -> Any:
    """Return the entries that come into a stage, in the order of their numbers."""
    entries = Entry.objects.filter(category=stage.category_id, status=Entry.Status.SUBMITTED).order_by("number")
    earlier = (
        Stage.objects.filter(category=stage.category_id, position__lt=stage.position).order_by("-position").first()
    )
    if earlier is None:
        return entries
    return entries.filter(passages__stage=earlier, passages__outcome=Passage.Outcome.PASSED)


# --- under way --------------------------------------------------------------------------------------------------


@transaction.atomic
def extend_stage(*, actor: User | None, stage: Stage, closes_at: datetime) -> Stage:
    """Give a stage another deadline; one that is closed is opened again by it, and its ranking is no longer final.

    Raises
    ------
    StageNotActive, StageDecided, DeadlinePast
    """
    may_organise(actor)
    found = held_running(stage.pk)
    _refuse_decided(found)
    if found.status not in RUNNING:
        raise StageNotActive
    if closes_at <= timezone.now():
        raise DeadlinePast
    before = found.closes_at
    found.status, found.closes_at, found.closed_at = Stage.Status.ACTIVE, closes_at, None
    found.save(update_fields=["status", "closes_at", "closed_at"])
    found.rankings.filter(is_final=True).update(is_final=False)
    record_audit(
        actor=actor,
        verb="awards.extend_stage",
        target=found,
        before={"closes_at": before.isoformat() if before else None},
        after={"closes_at": closes_at.isoformat()},
    )
    return found


@transaction.atomic
def close_stage(*, actor: User | None, stage: Stage) -> Stage:
    """End the work of a stage; no check and no score is taken any more. Closing it twice closes it once.

    Raises
    ------
    StageNotActive, StageDecided
    """
    may_organise(actor)
    found = held_running(stage.pk)
    _refuse_decided(found)
    if found.status == Stage.Status.CLOSED:
        return found
    if found.status != Stage.Status.ACTIVE:
        raise StageNotActive
    found.status, found.closed_at = Stage.Status.CLOSED, timezone.now()
    found.save(update_fields=["status", "closed_at"])
    record_audit(actor=actor, verb="awards.close_stage", target=found, after={"entries": found.passages.count()})
    return found


def _refuse_decided(stage: Stage) -> None:
    if stage.status == Stage.Status.DECIDED:
        raise StageDecided


# --- decided ----------------------------------------------------------------------------------------------------


@transaction.atomic
def decide_stage(*, actor: User | None, stage: Stage, deviations: Sequence[Deviation] = ()) -> Stage:
    """Let the gate of a closed stage fall, once; every entry gets its reason, and the last stage its prizes.

    Parameters
    ----------
    deviations
        Of a plenary from the ranking: the entry's code, whether it passes, and why.

    Raises
    ------
    EditionNotRunning, StageDecided, StageNotClosed, TiedToEntry, NotReadyToDecide, NoDeviationHere, DeviationUnclear,
    GateImpossible
        Nothing is changed then.
    """
    may_organise(actor)
    found = held_running(stage.pk)
    _refuse_decided(found)
    if found.status != Stage.Status.CLOSED:
        raise StageNotClosed
    _refuse_tied(actor, found, deviations)
    outcome = fallen(before_gate(found), deviations)
    _write(actor, outcome)
    _withdraw(actor, found)
    give_prizes(actor=actor, outcome=outcome)
    _finish(actor, outcome)
    return found


def _refuse_tied(actor: User | None, stage: Stage, deviations: Sequence[Deviation]) -> None:
    """Refuse a departure in favour or to the harm of an entry to which the officer has a tie."""
    named = stage.passages.filter(entry__code__in=[one.applicant for one in deviations]).select_related("entry")
    if actor is not None and any(is_tied(actor, passage.entry) for passage in named):
        raise TiedToEntry


def fallen(before: Before, deviations: Sequence[Deviation] = ()) -> Outcome:
    """Let a gate fall that is ready for it, or say why it is not."""
    if before.obstacles:
        raise NotReadyToDecide(why=" ".join(before.obstacles))
    _refuse_deviations(before, deviations)
    try:
        return fall(before, deviations)
    except PlacesError as error:
        raise GateImpossible(why=str(error)) from error


def _refuse_deviations(before: Before, deviations: Sequence[Deviation]) -> None:
    if deviations and before.rules.kind != "plenary":
        raise NoDeviationHere
    codes = [deviation.applicant for deviation in deviations]
    known = set(codes) <= set(before.by_code)
    if not known or len(set(codes)) < len(codes) or not all(deviation.reason.strip() for deviation in deviations):
        raise DeviationUnclear


def _write(actor: User | None, outcome: Outcome) -> None:
    now = timezone.now()
    passages = []
    for standing in outcome.before.standings:
        passage, verdict = standing.passage, outcome.verdicts[standing.code]
        passage.outcome = OUTCOMES[verdict.outcome]
        passage.code, passage.parameters = reason_of(outcome.before, standing, verdict)
        passage.points, passage.rank = _shown(outcome.before, standing, verdict)
        passage.deviates = verdict.code in {"deviation_in", "deviation_out"}
        if passage.deviates:
            passage.reason = str(verdict.parameters["reason"])
        passage.decided_by, passage.decided_at, passage.told_at = actor, now, None
        passages.append(passage)
    Passage.objects.bulk_update(passages, WRITTEN, batch_size=500)


def _shown(before: Before, standing: Standing, verdict: Verdict) -> tuple[float | None, int | None]:
    """Return points and rank as an entrant sees them; where nothing was ranked there are none."""
    if before.gate.method in {"ranked", "threshold"}:
        return standing.points, verdict.rank
    return None, standing.rank


def _finish(actor: User | None, outcome: Outcome) -> None:
    from gebyar.methods.places import records  # noqa: PLC0415  see gates.fall

    stage = outcome.before.stage
    edition = stage.category.edition
    stage.record = append_decision(
        actor=actor,
        method=records.METHOD,
        version=records.VERSION,
        title=f"{edition.title}: {stage.category.key}, {stage.key}",
        inputs=records.inputs_of(outcome.call, outcome.applicants),
        seed=edition.seed,
        result=records.result_of(outcome.allotment),
    )
    stage.status, stage.decided_at = Stage.Status.DECIDED, timezone.now()
    stage.objections_until = _objections_until(outcome)
    stage.save(update_fields=["status", "decided_at", "objections_until", "record"])
    record_audit(actor=actor, verb="awards.decide_stage", target=stage, after=_counts(outcome))
    tell_outcomes(stage)


def _counts(outcome: Outcome) -> dict[str, Any]:
    verdicts = [verdict.outcome for verdict in outcome.allotment.rows]
    counts = {words: verdicts.count(name) for name, words in (("admitted", "passed"), ("waiting", "waiting"))}
    record = outcome.before.stage.record
    return {**counts, "failed": verdicts.count("refused"), "deviations": len(outcome.call.deviations),
            "record": record.hash if record else None}  # fmt: skip


def _objections_until(outcome: Outcome) -> datetime | None:
    """Return until when entrants may object; None where the rules give no time or nobody was left behind."""
    stage, days = outcome.before.stage, outcome.before.rules.objection_days
    if not days or all(verdict.outcome == "admitted" for verdict in outcome.allotment.rows):
        return None
    return (stage.decided_at or timezone.now()) + timedelta(days=days)


def tell_outcomes(stage: Stage) -> None:
    """Write to the entrants of a stage on commit; who was written to is not written to again."""
    from gebyar.awards.tasks_stages import mail_outcomes  # noqa: PLC0415  the task calls back into services

    transaction.on_commit(lambda: mail_outcomes.enqueue(stage.pk), robust=True)


# --- withdrawals ------------------------------------------------------------------------------------------------


def _withdraw(actor: User | None, stage: Stage) -> int:
    """Take withdrawn entries out of a stage, with their objections; return how many there were.

    What an entry passed before it went on, and what it did not pass, stays as it was.
    """
    gone = stage.passages.filter(entry__status=Entry.Status.WITHDRAWN).filter(_unsettled(stage))
    keys = list(gone.values_list("pk", flat=True))
    open_ones = Objection.objects.filter(passage__in=keys, status=Objection.Status.OPEN)
    open_ones.update(status=Objection.Status.WITHDRAWN)
    now = timezone.now()
    return Passage.objects.filter(pk__in=keys).update(
        outcome=Passage.Outcome.WITHDRAWN, code="withdrawn", parameters={}, deviates=False, reason="",
        chosen=None, decided_by=actor, decided_at=now, told_at=now,
    )  # fmt: skip


def _unsettled(stage: Stage) -> Q:
    """Narrow to those who are in the stage, wait at it, or have passed it without having gone on."""
    here = Q(outcome__in=[Passage.Outcome.IN, Passage.Outcome.WAITING])
    if is_last(stage):
        return here
    later = Passage.objects.filter(entry=OuterRef("entry"), stage__position__gt=stage.position)
    return here | (Q(outcome=Passage.Outcome.PASSED) & ~Exists(later))


@transaction.atomic
def entry_withdrew(*, actor: User | None, entry: Entry) -> list[Passage]:
    """Take an entry that was withdrawn out of the stages, and give its place to the next one who waits.

    Call it within the transaction that withdraws the entry.

    Returns
    -------
    list of Passage
        Who moved up.
    """
    moved: list[Passage] = []
    for key in entry.passages.order_by("stage__position").values_list("stage", flat=True):
        found = held(key)
        moved += _fill(actor, found)
        _withdraw(actor, found)
    return moved


@transaction.atomic
def fill_places(*, actor: User | None, stage: Stage) -> list[Passage]:
    """Give the places of withdrawn entries to those who wait, in their order and as many as became free.

    Raises
    ------
    gebyar.records.errors.NotAllowed, NothingToFill
    """
    may_organise(actor)
    found = held_running(stage.pk)
    moved = _fill(actor, found)
    _withdraw(actor, found)
    if not moved:
        raise NothingToFill
    return moved


def _fill(actor: User | None, stage: Stage) -> list[Passage]:
    """Let those move up who wait at a decided stage, as long as the next one can still take them in."""
    following = (
        Stage.objects.filter(category=stage.category_id, position__gt=stage.position).order_by("position").first()
    )
    if stage.status != Stage.Status.DECIDED or following is None or not _takes_in(following):
        return []
    moved = _promoted(actor, stage)
    if following.status == Stage.Status.ACTIVE:
        Passage.objects.bulk_create([Passage(stage=following, entry=passage.entry) for passage in moved])
    if moved:
        tell_outcomes(stage)
    return moved


def _takes_in(stage: Stage) -> bool:
    """Say whether an entry may still come in: before the stage begins, or while it runs without panels and marks."""
    if stage.status == Stage.Status.ACTIVE:
        return not stage_rules(stage).criteria
    return stage.status == Stage.Status.WAITING


def _promoted(actor: User | None, stage: Stage) -> list[Passage]:
    """Give the places of those who had one and withdrew to the next ones, on record; nobody moves where none is free."""
    from gebyar.methods.places import promote, promoted, records, storage  # noqa: PLC0415  see gates.fall

    if not stage.passages.filter(entry__status=Entry.Status.WITHDRAWN).exists():
        return []
    document = _standing_record(stage).document
    call = storage.call_from_json(document["inputs"]["call"])
    seed = int(document["seed"] or 0)
    before = storage.allotment_from_json(document["result"], seed)
    passages = {passage.entry.code: passage for passage in stage.passages.select_related("entry")}
    freed = [row.applicant for row in before.admitted if passages[row.applicant].entry.status == Entry.Status.WITHDRAWN]
    if not freed:
        return []
    applicants = [
        one
        for one in storage.applicants_from_json(document["inputs"]["applicants"])
        if one.id in freed or _still_stands(passages[one.id])
    ]
    after = promote(call, applicants, before, freed)
    edition = stage.category.edition
    record = append_decision(
        actor=actor,
        method=records.PROMOTE_METHOD,
        version=records.PROMOTE_VERSION,
        title=f"{edition.title}: {stage.category.key}, {stage.key}, waiting list",
        inputs=records.promote_inputs_of(call, applicants, before, freed),
        seed=seed,
        result=records.result_of(after),
    )
    moved = [_move_up(passages[row.applicant], row, record) for row in promoted(before, after)]
    record_audit(
        actor=actor,
        verb="awards.fill_places",
        target=stage,
        after={"freed": freed, "moved_up": [passage.entry.code for passage in moved], "record": record.hash},
    )
    return moved


def _standing_record(stage: Stage) -> DecisionRecord:
    """Return the record of how the places stand now: of the last who moved up, else that of the decision."""
    later = DecisionRecord.objects.filter(
        pk__in=stage.passages.filter(record__isnull=False).values("record"), method="places.promote"
    )
    found = later.order_by("-sequence").first() or stage.record
    if found is None:
        raise StageNotClosed
    return found


def _still_stands(passage: Passage) -> bool:
    """Say whether an entry takes part in the waiting list's rules: not withdrawn, and not in by an objection."""
    return passage.entry.status == Entry.Status.SUBMITTED and passage.code != "objection_upheld"


def _move_up(passage: Passage, verdict: Verdict, record: DecisionRecord) -> Passage:
    passage.outcome, passage.code, passage.parameters = Passage.Outcome.PASSED, "promoted", {"rank": verdict.rank}
    passage.record, passage.told_at = record, None
    passage.save(update_fields=["outcome", "code", "parameters", "record", "told_at"])
    return passage
