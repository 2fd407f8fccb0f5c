"""Proposals of panels, and who could take an entry."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from gebyar.awards.models import Assignment, Conflict, Entry, Judge, PanelPlan, Stage
from gebyar.awards.panelling import Bench, bench_of
from gebyar.awards.wording_judging import conflict_words, declined_words


def plans_of(stage: Stage) -> QuerySet[PanelPlan]:
    return stage.panel_plans.select_related("record", "made_by").order_by("-version")


@dataclass(frozen=True)
class ProposedPanel:
    """An entry with the judges that a proposal gives it, each with affinity and whether the pair stood before."""

    entry: Entry
    judges: list[tuple[Judge, float, bool]]

    @property
    def total(self) -> float:
        return sum(fit for _judge, fit, _kept in self.judges)


def proposed_panels(plan: PanelPlan) -> list[ProposedPanel]:
    """Return a proposal by entry, the worst-off first."""
    entries = Entry.objects.filter(pk__in={pair[0] for pair in plan.pairs}).in_bulk()
    judges = Judge.objects.filter(pk__in={pair[1] for pair in plan.pairs}).select_related("user").in_bulk()
    there = set(
        Assignment.objects.filter(stage=plan.stage_id)
        .exclude(status=Assignment.Status.DECLINED)
        .values_list("entry", "judge")
    )
    found: dict[int, list[tuple[Judge, float, bool]]] = {}
    for entry, judge, fit in plan.pairs:
        found.setdefault(entry, []).append((judges[judge], fit, (entry, judge) in there))
    panels = [
        ProposedPanel(entries[entry], sorted(panel, key=lambda line: line[0].number)) for entry, panel in found.items()
    ]
    return sorted(panels, key=lambda panel: (panel.total, panel.entry.code))


@dataclass(frozen=True)
class Candidate:
    """A judge who could take an entry, or why not."""

    judge: Judge
    fit: float
    load: int
    why_not: str = ""

    @property
    def room(self) -> int:
        return self.judge.most - self.load


def candidates_for(stage: Stage, entry: Entry) -> list[Candidate]:
    """Return all judges for an entry: who can take it first, the best fitting and least burdened before the others."""
    bench = bench_of(stage)
    rows = stage.assignments.exclude(status=Assignment.Status.DECLINED)
    load = Counter(rows.values_list("judge", flat=True))
    reasons = _reasons(stage, entry, bench)
    place = next((at for at, one in enumerate(bench.entries) if one.pk == entry.pk), None)
    found = []
    for at, judge in enumerate(bench.judges):
        fit = bench.fit(place, at) if place is not None else 0.0
        why = reasons.get(judge.pk, "")
        if not why and load[judge.pk] >= judge.most:
            why = FULL
        found.append(Candidate(judge, fit, load[judge.pk], why))
    return sorted(found, key=lambda one: (bool(one.why_not), -one.fit, one.load, one.judge.number))


FULL, HERE, ELSEWHERE = "full", "here", "elsewhere"  # said by the page


def _reasons(stage: Stage, entry: Entry, bench: Bench) -> dict[int, str]:
    """Return why judges cannot take an entry, by the strongest reason."""
    away = {judge for one, judge in bench.barred if one == entry.pk}
    reasons = dict.fromkeys(away, ELSEWHERE)
    for row in stage.assignments.filter(entry=entry):
        declined = row.status == Assignment.Status.DECLINED
        reasons[row.judge_id] = declined_words(row) if declined else HERE
    ties = Conflict.objects.filter(entry=entry, judge__in=[one.pk for one in bench.judges], lifted_at__isnull=True)
    return {**reasons, **{tie.judge_id: conflict_words(tie) for tie in ties}}
