"""Marks as judges give them, and what they become: one score of each judge for each entry.

Weights are renormalised over the criteria that a judge answered. "Not applicable" is left out of the mean; it is never
a 0, which would punish an entry for a question that does not concern it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TOTAL = "total"
SCALE = 100.0


class JudgingError(ValueError):
    """Marks, criteria or options that cannot be used; the message names entry, judge, row and field."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of the rubric: its weight, and the lowest and highest mark.

    A rubric brings marks to 0–100; a criterion without bounds (from `unscaled`) keeps the marks' own units.
    """

    id: str
    weight: float
    low: float = 0
    high: float = 100

    @property
    def is_scaled(self) -> bool:
        return math.isfinite(self.low) or math.isfinite(self.high)


def unscaled(name: str, weight: float = 1.0) -> Criterion:
    """Return a criterion whose marks keep their own units, whatever they are."""
    return Criterion(name, weight, -math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a judge gave an entry for a criterion; ``None`` says that the criterion is not applicable."""

    entry: str
    judge: str
    score: float | None
    criterion: str = TOTAL


@dataclass(frozen=True, slots=True)
class Score:
    """One judge's weighted score of one entry: on 0–100 with a rubric, in the marks' own units without one."""

    entry: str
    judge: str
    value: float


def scores_of(marks: Iterable[Mark], criteria: Sequence[Criterion] = ()) -> tuple[Score, ...]:
    """Weigh the marks of each judge for each entry into one score.

    Parameters
    ----------
    marks
        In any order; a criterion that a judge left out counts as not applicable.
    criteria
        The rubric. Without one, every criterion that the marks name weighs the same and keeps its units.

    Returns
    -------
    tuple of Score
        Sorted by entry, then judge; a pair without an answered criterion is left out.

    Raises
    ------
    JudgingError
        A mark is given twice, is no number, lies outside its criterion's range or names an unknown one, an entry has
        no answered mark at all, or the rubric is no rubric.
    """
    marks = tuple(marks)
    rubric = rubric_of(marks, criteria)
    answered = _answered(marks, rubric)
    _require_scores(marks, answered)
    return tuple(Score(*pair, _weighted(found, rubric)) for pair, found in sorted(answered.items()))


def rubric_of(marks: Iterable[Mark], criteria: Sequence[Criterion] = ()) -> dict[str, Criterion]:
    """Return the criteria by id; where none are given, those that the marks name, all of one weight."""
    if not criteria:
        return {name: unscaled(name) for name in sorted({mark.criterion for mark in marks})}
    rubric = {criterion.id: criterion for criterion in criteria}
    if len(rubric) < len(criteria):
        raise JudgingError("A criterion is listed twice in the rubric; list each once.")
    for criterion in criteria:
        if not (math.isfinite(criterion.weight) and criterion.weight > 0):
            raise JudgingError(f"Criterion {criterion.id}: the weight is {criterion.weight}; give a number above 0.")
        if criterion.is_scaled and not -math.inf < criterion.low < criterion.high < math.inf:
            raise JudgingError(
                f"Criterion {criterion.id}: the marks run from {criterion.low} to {criterion.high}; "
                "give a highest mark above the lowest."
            )
    return rubric


def criterion_means(
    marks: Iterable[Mark], criterion: str, criteria: Sequence[Criterion] = ()
) -> dict[str, float | None]:
    """Return each entry's mean mark for one criterion over the judges who answered it, None where nobody did."""
    marks = tuple(marks)
    rubric = rubric_of(marks, criteria)
    if criterion not in rubric:
        known = ", ".join(rubric)
        raise JudgingError(f"The tie rule criterion:{criterion} names an unknown criterion; known are {known}.")
    found: dict[str, list[float]] = {mark.entry: [] for mark in marks}
    for mark in marks:
        if mark.criterion == criterion and mark.score is not None:
            found[mark.entry].append(mark.score)
    return {entry: math.fsum(values) / len(values) if values else None for entry, values in found.items()}


Pair = tuple[str, str]


def _answered(marks: Iterable[Mark], rubric: dict[str, Criterion]) -> dict[Pair, dict[str, float]]:
    """Collect the marks that were given, by (entry, judge) and criterion."""
    seen: set[tuple[str, str, str]] = set()
    answered: dict[Pair, dict[str, float]] = {}
    for mark in marks:
        key = (mark.entry, mark.judge, mark.criterion)
        where = f"Entry {mark.entry}, judge {mark.judge}, criterion {mark.criterion}"
        if key in seen:
            raise JudgingError(f"{where}: scored twice; keep one of the scores.")
        seen.add(key)
        if mark.criterion not in rubric:
            raise JudgingError(f"{where}: the rubric has no such criterion; it has {', '.join(rubric)}.")
        if mark.score is None:
            continue
        if not math.isfinite(mark.score):
            raise JudgingError(f"{where}: {mark.score} is no score; give a number, or leave it out.")
        found = answered.setdefault((mark.entry, mark.judge), {})
        found[mark.criterion] = _scaled(mark.score, rubric[mark.criterion], where)
    return answered


def _scaled(score: float, criterion: Criterion, where: str) -> float:
    if not criterion.is_scaled:
        return score
    if not criterion.low <= score <= criterion.high:
        raise JudgingError(
            f"{where}: {score:g} is outside {criterion.low:g} to {criterion.high:g}; give a score between them."
        )
    return SCALE * (score - criterion.low) / (criterion.high - criterion.low)


def _weighted(found: dict[str, float], rubric: dict[str, Criterion]) -> float:
    weights = math.fsum(rubric[name].weight for name in found)
    return math.fsum(rubric[name].weight * value for name, value in found.items()) / weights


def _require_scores(marks: Sequence[Mark], answered: dict[Pair, dict[str, float]]) -> None:
    if not answered:
        raise JudgingError("There is no score at all; give at least one.")
    with_scores = {entry for entry, _judge in answered}
    for mark in marks:
        if mark.entry not in with_scores:
            raise JudgingError(
                f"Entry {mark.entry} has no score that counts: all are not applicable. Have it scored, or leave it out."
            )
