"""A stage's judges and entries as the task of `gebyar.methods.panels`: who may judge what, how well, and how much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gebyar.awards.affinity import ANYBODY, KNOWS, Subject, affinity
from gebyar.awards.models import Assignment, Conflict, Entry, Judge, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.judging import entries_of_stage, judging_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gebyar.methods.panels.task import Mix, PanelTask
    from gebyar.reference.awards.rules import CategoryRules, StageRules


@dataclass(frozen=True)
class Bench:
    """Entries and judges of a stage in the order in which the method counts them, with what stands between them.

    Attributes
    ----------
    fits
        Affinity, by entry and judge.
    barred
        (entry's key, judge's key): a conflict that was not lifted, a refusal, a category that the judge does not take.
    fixed
        Pairs that stay: accepted, sent, or made by hand.
    """

    stage: Stage
    rules: StageRules
    entries: list[Entry]
    judges: list[Judge]
    fits: list[list[float]]
    barred: set[tuple[int, int]]
    fixed: list[tuple[int, int]]

    def fit(self, entry: int, judge: int) -> float:
        return self.fits[entry][judge]

    @property
    def coverage(self) -> int:
        """How many judges each entry gets: as many as the rules say."""
        return self.rules.judges_per_entry


def bench_of(stage: Stage) -> Bench:
    """Read everything that a panel goes by.

    Parameters
    ----------
    stage
        With ``category__edition`` at hand, or they are read one by one.
    """
    entries = list(entries_of_stage(stage).select_related("firm").order_by("number", "pk"))
    judges = list(stage.category.edition.judges.filter(status=Judge.Status.ACCEPTED).order_by("number"))
    category = rules_of(stage.category.edition).category(stage.category.key)
    subjects = [subject_of(entry, category) for entry in entries]
    fits = [[affinity(judge.expertise, subject) for judge in judges] for subject in subjects]
    barred, fixed = _pairs(stage, {entry.pk for entry in entries}, {judge.pk for judge in judges})
    barred |= _other_category(stage, entries, judges)
    return Bench(
        stage, judging_rules(stage), entries, judges, fits, barred, [pair for pair in fixed if pair not in barred]
    )


def subject_of(entry: Entry, category: CategoryRules) -> Subject:
    """Return what an entry is about: the firm's code and products, or those of the category where no firm enters."""
    firm = entry.firm
    codes = (firm.kbli_code,) if firm and firm.kbli_code else category.sectors
    products = firm.products if firm else []
    return Subject(tuple(codes), " ".join([entry.title, *products, *category.names.values()]))


def _pairs(stage: Stage, entries: set[int], judges: set[int]) -> tuple[set[tuple[int, int]], list[tuple[int, int]]]:
    ties = Conflict.objects.filter(judge__in=judges, entry__in=entries, lifted_at__isnull=True)
    barred = set(ties.values_list("entry", "judge"))
    fixed = []
    rows = Assignment.objects.filter(stage=stage, entry__in=entries, judge__in=judges).order_by("entry", "judge")
    for entry, judge, status, by_hand in rows.values_list("entry", "judge", "status", "by_hand"):
        if status == Assignment.Status.DECLINED:
            barred.add((entry, judge))
        elif by_hand or status == Assignment.Status.ACCEPTED:
            fixed.append((entry, judge))
    return barred, fixed


def _other_category(stage: Stage, entries: list[Entry], judges: list[Judge]) -> set[tuple[int, int]]:
    """Bar judges who take other categories of the edition only."""
    chosen: dict[int, set[int]] = defaultdict(set)
    for judge, category in Judge.categories.through.objects.filter(judge__in=judges).values_list("judge", "category"):
        chosen[judge].add(category)
    away = [judge for judge, categories in chosen.items() if stage.category_id not in categories]
    return {(entry.pk, judge) for entry in entries for judge in away}


def task_of(bench: Bench) -> PanelTask:
    """Return the task for the method; entries and judges are counted from 0 as in the bench."""
    import numpy as np  # noqa: PLC0415  only the worker needs it

    from gebyar.methods.panels.task import PanelTask  # noqa: PLC0415  see above

    entry_at = {entry.pk: place for place, entry in enumerate(bench.entries)}
    judge_at = {judge.pk: place for place, judge in enumerate(bench.judges)}
    barred = np.zeros((len(bench.entries), len(bench.judges)), dtype=bool)
    for entry, judge in bench.barred:
        barred[entry_at[entry], judge_at[judge]] = True
    fixed = tuple(sorted((entry_at[entry], judge_at[judge]) for entry, judge in bench.fixed))
    held = [0] * len(bench.judges)
    coverage = [0] * len(bench.entries)
    for entry, judge in fixed:
        held[judge] += 1
        coverage[entry] += 1
    return PanelTask(
        affinity=np.array(bench.fits, dtype=float),
        # What was agreed by hand may exceed the rules; it stays nevertheless.
        coverage=np.array([max(bench.coverage, count) for count in coverage], dtype=np.int64),
        least=np.array([min(judge.least, len(bench.entries)) for judge in bench.judges], dtype=np.int64),
        most=np.array([max(judge.most, held[place]) for place, judge in enumerate(bench.judges)], dtype=np.int64),
        barred=barred,
        mixes=tuple(replace(mix, name=name) for name, mix in public_mixes(bench).items()),
        fixed=fixed,
    )


# --- mixes ------------------------------------------------------------------------------------------------------


def public_mixes(bench: Bench) -> dict[str, Mix]:
    """Return the mixes by the names under which a decision record holds them: it is public, a judge's gender is not."""
    return {f"mix {number}": mix for number, mix in enumerate(mixes_of(bench), start=1)}


def mixes_of(bench: Bench) -> Iterator[Mix]:
    """Yield what every panel must hold by the rules: both genders, a judge from elsewhere, an expert.

    Judges who did not say their gender or region count in no set of it.
    """
    for name in bench.rules.mixes:
        yield from _MIXES[name](bench)


def _by_gender(bench: Bench) -> Iterator[Mix]:
    from gebyar.methods.panels.task import Mix  # noqa: PLC0415  see task_of

    for gender in Judge.Gender.values:
        judges = frozenset(place for place, judge in enumerate(bench.judges) if judge.gender == gender)
        yield Mix(f"gender {gender}", judges)


def _by_region(bench: Bench) -> Iterator[Mix]:
    """At least one judge from another province than the entry's."""
    from gebyar.methods.panels.task import Mix  # noqa: PLC0415  see task_of

    entries: dict[str, set[int]] = defaultdict(set)
    for place, entry in enumerate(bench.entries):
        entries[entry.region_code[:2]].add(place)
    for province, places in sorted(entries.items()):
        elsewhere = frozenset(
            place for place, judge in enumerate(bench.judges) if judge.region_code and judge.region_code[:2] != province
        )
        yield Mix(f"region {province}", elsewhere, entries=frozenset(places))


def _by_expertise(bench: Bench) -> Iterator[Mix]:
    """At least one judge who knows what the entry is about; entries with the same experts share a set."""
    from gebyar.methods.panels.task import Mix  # noqa: PLC0415  see task_of

    entries: dict[frozenset[int], set[int]] = defaultdict(set)
    for place, row in enumerate(bench.fits):
        experts = frozenset(judge for judge, fit in enumerate(row) if fit >= ANYBODY + (1 - ANYBODY) * KNOWS)
        entries[experts].add(place)
    for number, experts in enumerate(sorted(entries, key=sorted), start=1):
        yield Mix(f"expertise {number}", experts, entries=frozenset(entries[experts]))


_MIXES = {"gender": _by_gender, "region": _by_region, "expertise": _by_expertise}


def fit_of(stage: Stage, entry: Entry, judge: Judge) -> float:
    """Return how well one judge fits one entry."""
    category = rules_of(stage.category.edition).category(stage.category.key)
    return affinity(judge.expertise, subject_of(entry, category))
