"""Rankings of a stage: computed from what was sent, stored with their decision record, one of them marked as final."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from gebyar.awards.errors_judging import NotAJudgingStage, NothingSent, StageDecided, StageStillOpen
from gebyar.awards.models import RankingVersion, Score, Stage
from gebyar.awards.queries.judging import counted, judging_rules
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.stage_turns import held
from gebyar.awards.services.turns_judging import held_stage
from gebyar.records.locking import lock
from gebyar.records.services import append_decision, record_audit

if TYPE_CHECKING:
    from gebyar.accounts.models import User
    from gebyar.methods.judging import Criterion, Mark, Options
    from gebyar.reference.awards.rules import StageRules


@transaction.atomic
def make_ranking(*, actor: User | None, stage: Stage) -> RankingVersion:
    """Rank the entries of a closed stage by the marks that were sent, as its rules say.

    Marks of judges to whom a tie was found since do not count. The record names entries by code and judges by number.

    Raises
    ------
    StageStillOpen, StageDecided, NotAJudgingStage, NothingSent
    """
    from gebyar.methods.judging import rank, records  # noqa: PLC0415  the models take a second to load

    may_organise(actor)
    found = _held_closed(stage.pk)
    rules = judging_rules(found)
    if not rules.criteria:
        raise NotAJudgingStage
    marks = marks_for(found)
    if not marks:
        raise NothingSent
    criteria, options = criteria_of(rules), options_of(found, rules)
    seed = found.category.edition.seed
    ranking = rank(marks, criteria=criteria, options=options, seed=seed)
    last = found.rankings.order_by("-version").values_list("version", flat=True).first() or 0
    result = records.result_of(ranking)
    version = RankingVersion(
        stage=found, version=last + 1, method=ranking.method_used, seed=seed, result=result, made_by=actor
    )
    version.record = append_decision(
        actor=actor,
        method=records.METHOD,
        version=records.VERSION,
        title=f"{found.category.edition.title}: {found.category.key}, {found.key}, ranking {version.version}",
        inputs=records.inputs_of(marks, criteria, options),
        seed=seed,
        result=result,
    )
    version.save()
    record_audit(
        actor=actor,
        verb="awards.make_ranking",
        target=version,
        after={"version": version.version, "method": version.method, "record": version.record.hash},
    )
    return version


def _held_closed(stage_id: int) -> Stage:
    held(stage_id)  # the decision of the stage reads the final ranking in its turn
    found = held_stage(stage_id)
    if found.status == Stage.Status.DECIDED:
        raise StageDecided
    if found.status != Stage.Status.CLOSED:
        raise StageStillOpen
    return found


def marks_for(stage: Stage) -> tuple[Mark, ...]:
    """Return every mark that counts: sent, not declined, without a tie, of entries that are still in the stage."""
    from gebyar.methods.judging import Mark  # noqa: PLC0415  see make_ranking

    sent = counted(stage).filter(sent_at__isnull=False)
    rows = Score.objects.filter(assignment__in=sent).order_by("assignment__entry__code", "assignment__judge__number")
    names = ("assignment__entry__code", "assignment__judge__number", "criterion", "value")
    return tuple(
        Mark(entry, str(judge), value, criterion) for entry, judge, criterion, value in rows.values_list(*names)
    )


def criteria_of(rules: StageRules) -> tuple[Criterion, ...]:
    from gebyar.methods.judging import Criterion  # noqa: PLC0415  see make_ranking

    return tuple(Criterion(one.id, one.weight, one.low, one.high) for one in rules.criteria)


def options_of(stage: Stage, rules: StageRules) -> Options:
    """Return what the stage declared: method, ties, and how many are first for the probability of being among them."""
    from gebyar.methods.judging import Options  # noqa: PLC0415  see make_ranking

    top = rules.gate.places_of(stage.category.key)
    facts: dict[str, Any] = {"method": rules.ranking, "ties": rules.ties}
    return Options(**facts, top=top if top and top > 0 else None)


@transaction.atomic
def mark_final(*, actor: User | None, ranking: RankingVersion) -> RankingVersion:
    """Make a ranking the one that the gate of its stage goes by.

    Raises
    ------
    StageStillOpen, StageDecided
    """
    may_organise(actor)
    stage = _held_closed(ranking.stage_id)
    found = lock(RankingVersion.objects.filter(pk=ranking.pk)).get()
    before = stage.rankings.filter(is_final=True).exclude(pk=found.pk)
    replaced = list(before.values_list("version", flat=True))
    before.update(is_final=False)
    if not found.is_final:
        found.is_final = True
        found.save(update_fields=["is_final"])
        record_audit(
            actor=actor,
            verb="awards.mark_final",
            target=found,
            before={"final": replaced},
            after={"final": found.version},
        )
    return found
