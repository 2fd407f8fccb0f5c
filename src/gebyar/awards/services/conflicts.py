"""Ties between judges and entrants: declared, found in the register, entered or lifted by the organiser."""

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.awards.detecting import Tie, ties_in
from gebyar.awards.errors_judging import ConflictKnown, ConflictLifted, HasSent
from gebyar.awards.models import Conflict, Edition, Entry, Judge
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.judges import give_back, needed_reason
from gebyar.awards.services.turns_judging import held_judge, held_judges, judge_or_organiser
from gebyar.records.locking import lock
from gebyar.records.services import record_audit

TIED = "conflict"  # why an assignment was given back; `wording_judging` says it


@transaction.atomic
def declare_conflict(*, actor: User | None, judge: Judge, entry: Entry, kind: str, note: str = "") -> Conflict:
    """Bar a judge from an entry, by their own word or the organiser's; an assignment that is not sent is given back.

    Raises
    ------
    ConflictKnown
        When the same reason stands already.
    HasSent
        When the judge declares it after sending marks; the organiser can still enter it, and the marks no longer count.
    """
    found = held_judge(judge.pk)
    judge_or_organiser(actor, found)
    own = actor is not None and actor.pk == found.user_id
    if found.conflicts.filter(entry=entry, kind=kind, lifted_at__isnull=True).exists():
        raise ConflictKnown
    if own and found.assignments.filter(entry=entry, sent_at__isnull=False).exists():
        raise HasSent
    source = Conflict.Source.DECLARED if own else Conflict.Source.ORGANISER
    conflict = Conflict.objects.create(
        judge=found, entry=entry, firm_id=entry.firm_id, kind=kind, source=source, note=note.strip()[:300]
    )
    give_back(found.assignments.filter(entry=entry), TIED)
    record_audit(
        actor=actor,
        verb="awards.declare_conflict",
        target=conflict,
        after={"judge": found.number, "entry": entry.code, "kind": str(kind), "source": str(source)},
    )
    return conflict


@transaction.atomic
def detect_conflicts(*, actor: User | None, edition: Edition) -> int:
    """Look for ties in the register, and bar what was found; what the organiser lifted once stays lifted.

    Returns
    -------
    int
        How many were new.
    """
    may_organise(actor)
    judges = held_judges(edition.judges.values_list("pk", flat=True))
    known = set(Conflict.objects.filter(judge__in=judges).values_list("judge", "entry", "kind"))
    fresh = [tie for tie in ties_in(edition) if (tie.judge, tie.entry, tie.kind) not in known]
    Conflict.objects.bulk_create(_conflict(tie) for tie in fresh)
    for tie in fresh:
        give_back(judges[tie.judge].assignments.filter(entry=tie.entry), TIED)
    record_audit(actor=actor, verb="awards.detect_conflicts", target=edition, after={"found": len(fresh)})
    return len(fresh)


def _conflict(tie: Tie) -> Conflict:
    return Conflict(
        judge_id=tie.judge, entry_id=tie.entry, firm_id=tie.firm, kind=tie.kind, source=Conflict.Source.DETECTED,
        note=tie.code,
    )  # fmt: skip


@transaction.atomic
def lift_conflict(*, actor: User | None, conflict: Conflict, reason: str) -> Conflict:
    """Let a judge see an entry again.

    Raises
    ------
    ReasonNeeded, ConflictLifted
    """
    may_organise(actor)
    words = needed_reason(reason)
    held_judge(conflict.judge_id)
    found = lock(Conflict.objects.select_related("judge", "entry").filter(pk=conflict.pk)).get()
    if found.lifted_at is not None:
        raise ConflictLifted
    found.lifted_at, found.lifted_reason = timezone.now(), words[:300]
    found.save(update_fields=["lifted_at", "lifted_reason"])
    record_audit(
        actor=actor,
        verb="awards.lift_conflict",
        target=found,
        before={"judge": found.judge.number, "entry": found.entry.code, "kind": found.kind},
        after={"reason": words},
    )
    return found
