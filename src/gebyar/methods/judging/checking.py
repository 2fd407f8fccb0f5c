"""Hold a ranking against its marks by other means than made it: plain sums, Henderson's equations, a dense likelihood.

Nothing here is shared with the fit. What is checked: the weighted scores and raw means; that every correction is the
difference it claims to be; that the stated effects solve the mixed model equations for the stated variances; for up to
`MOST_DENSE` scores that the stated criterion is the restricted likelihood's and that no variances nearby are better;
that ranks follow the published rules; and that intervals and probabilities are possible.
"""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.judging.marks import Criterion, Mark, criterion_means
from gebyar.methods.judging.results import CRITERION_RULE, Options, Ranking, Variances
from gebyar.methods.judging.ties import lots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MOST_DENSE = 400
CLOSE = 2e-6
ROUNDED = 2.5e-6
"""Values that agree to 1e-6, and so are equal, are at most so far apart when each is rounded."""
HUBER = 1.345

Scores = dict[tuple[str, str], float]


def check_ranking(
    marks: Iterable[Mark],
    ranking: Ranking,
    *,
    criteria: Sequence[Criterion] = (),
    options: Options,
    seed: int = 0,
) -> tuple[str, ...]:
    """Say in words what does not hold about a ranking; nothing said means all holds."""
    marks = tuple(marks)
    scores = _scores(marks, criteria)
    faults = [*_faults_of_rows(scores, ranking), *_faults_of_chances(ranking, options)]
    faults += _faults_of_order(marks, criteria, ranking, options, seed)
    if ranking.method_used != "raw":
        faults += _faults_of_model(scores, ranking)
    return tuple(faults)


def _scores(marks: Sequence[Mark], criteria: Sequence[Criterion]) -> Scores:
    weights = {criterion.id: criterion for criterion in criteria}
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for mark in marks:
        if mark.score is None:
            continue
        line = weights.get(mark.criterion)
        weight = line.weight if line else 1.0
        value = 100 * (mark.score - line.low) / (line.high - line.low) if line and line.is_scaled else mark.score
        sums[mark.entry, mark.judge][0] += weight * value
        sums[mark.entry, mark.judge][1] += weight
    return {pair: total / weight for pair, (total, weight) in sums.items()}


def _faults_of_rows(scores: Scores, ranking: Ranking) -> Iterator[str]:
    found: dict[str, list[float]] = defaultdict(list)
    for (entry, _judge), score in scores.items():
        found[entry].append(score)
    if sorted(row.entry for row in ranking.rows) != sorted(found):
        yield "The ranking does not hold each entry with a score exactly once."
        return
    for row in ranking.rows:
        mean = sum(found[row.entry]) / len(found[row.entry])
        if abs(row.raw - mean) > CLOSE or row.marks != len(found[row.entry]):
            yield f"Entry {row.entry}: the raw mean is {mean:.6f} of {len(found[row.entry])}, not {row.raw} of {row.marks}."
        if abs(row.adjusted - row.raw - row.correction) > CLOSE:
            yield f"Entry {row.entry}: {row.raw} and the correction {row.correction} do not make {row.adjusted}."
        if row.low is not None and row.high is not None and not row.low <= row.adjusted <= row.high:
            yield f"Entry {row.entry}: {row.adjusted} is outside its own interval {row.low} to {row.high}."
        if ranking.method_used == "raw" and (row.correction or row.low is not None or row.p_top is not None):
            yield f"Entry {row.entry}: a raw mean has no correction, interval or probability."


def _faults_of_chances(ranking: Ranking, options: Options) -> Iterator[str]:
    chances = [row.p_top for row in ranking.rows if row.p_top is not None]
    if ranking.method_used == "raw" or options.top is None:
        return
    if len(chances) < len(ranking.rows) or not all(0 <= chance <= 1 for chance in chances):
        yield "Not every entry has a probability of being among the first."
    elif abs(sum(chances) - min(options.top, len(ranking.rows))) > CLOSE * len(chances):
        yield f"The probabilities of being among the first {options.top} sum to {sum(chances):.6f}."


def _faults_of_order(
    marks: Sequence[Mark], criteria: Sequence[Criterion], ranking: Ranking, options: Options, seed: int
) -> Iterator[str]:
    keys = [("adjusted", {row.entry: row.adjusted for row in ranking.rows})]
    for rule in options.ties:
        if rule == "raw":
            keys.append((rule, {row.entry: row.raw for row in ranking.rows}))
        elif rule == "lot":
            keys.append((rule, lots([row.entry for row in ranking.rows], seed)))
        elif rule.startswith(CRITERION_RULE):
            means = criterion_means(marks, rule.removeprefix(CRITERION_RULE), criteria)
            keys.append((rule, {entry: -1e300 if mean is None else mean for entry, mean in means.items()}))
    for place, (before, after) in enumerate(pairwise(ranking.rows), 2):
        order = _order(before.entry, after.entry, [values for _rule, values in keys])
        if order < 0:
            yield f"Entry {after.entry} belongs before entry {before.entry} by the published rules."
        if after.rank != place and not (order == 0 and after.rank == before.rank):
            yield f"Entry {after.entry} has rank {after.rank} at place {place}."


def _order(before: str, after: str, rules: Sequence[Mapping[str, float]]) -> int:
    """1 when the rules put one before the other, −1 after it; 0 when they are equal or the digits do not tell."""
    for values in rules:
        gap = values[before] - values[after]
        if abs(gap) > ROUNDED:
            return 1 if gap > 0 else -1
        if gap > 0:
            return 0
    return 0


def _faults_of_model(scores: Scores, ranking: Ranking) -> Iterator[str]:
    variances = ranking.variances
    if variances is None:
        yield "The ranking names no variances."
        return
    entry = {row.entry: row.adjusted - variances.mean for row in ranking.rows}
    judge = {row.judge: -(row.severity or 0.0) for row in ranking.judges}
    rests = _rests(scores, ranking, variances, entry, judge)
    for kind, side, effects, variance in (("Entry", 0, entry, variances.entry), ("Judge", 1, judge, variances.judge)):
        wrong = _wrong_effects(effects, _sums_of(rests, side), variance, variances)
        yield from (f"{kind} {name}: {words}" for name, words in wrong)
    if ranking.method_used == "mixed" and len(scores) <= MOST_DENSE and variances.residual > 0:
        yield from _faults_of_criterion(scores, variances)


def _rests(
    scores: Scores, ranking: Ranking, variances: Variances, entry: dict[str, float], judge: dict[str, float]
) -> Scores:
    """What is left of each score; bounded in the robust variant."""
    rests = {pair: y - variances.mean - entry[pair[0]] - judge[pair[1]] for pair, y in scores.items()}
    if ranking.bound is None or variances.residual == 0:
        return rests
    bound, divisor = ranking.bound, _divisor(ranking.bound / math.sqrt(variances.residual))
    return {pair: max(min(rest, bound), -bound) / divisor for pair, rest in rests.items()}


def _divisor(bound: float) -> float:
    """Q of `gebyar.methods.judging.robust`, from the bound in deviations of the pseudo-values' error, by halving."""
    normal = NormalDist()
    slope = 1 - 2 * normal.cdf(-HUBER)
    square = slope - 2 * HUBER * normal.pdf(HUBER) + 2 * HUBER**2 * normal.cdf(-HUBER)

    def divisor(left: float) -> float:
        return (math.sqrt(square * (left * slope**2 / square + 1 - left)) - (1 - left)) / left

    low, high = 0.01, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if HUBER * divisor(middle) * math.sqrt(middle / square) < bound:
            low = middle
        else:
            high = middle
    return divisor(low)


def _sums_of(rests: Scores, side: int) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for pair, rest in rests.items():
        sums[pair[side]] += rest
    return sums


def _wrong_effects(
    effects: dict[str, float], sums: dict[str, float], variance: float, variances: Variances
) -> Iterator[tuple[str, str]]:
    """Henderson's equations: the rests of a level sum to its effect times residual ÷ variance."""
    residual = variances.residual
    if residual == 0:
        return
    # Rounded figures are off by more where a rest is multiplied by more.
    tolerance = 1e-4 * (1.0 + math.sqrt(variances.entry + variances.judge + residual)) * max(1.0, variance / residual)
    for name, effect in effects.items():
        expected = sums[name] * variance / residual
        if abs(effect - expected) > tolerance:
            yield name, f"the effect {effect:.6f} does not solve the equations, which want {expected:.6f}."


def _faults_of_criterion(scores: Scores, variances: Variances) -> Iterator[str]:
    parts = (variances.entry, variances.judge, variances.residual)
    # Rounded variances move the criterion by more where little is left to chance.
    tolerance = 1e-4 + 2e-6 * len(scores) / variances.residual
    if tolerance > 1:
        return
    stated = dense_criterion(scores, *parts)
    if abs(stated - variances.criterion_value) > tolerance:
        yield f"The criterion at the stated variances is {stated:.6f}, not {variances.criterion_value}."
    for index in range(3):
        for factor in (0.98, 1.02):
            moved = [part * factor if number == index else part for number, part in enumerate(parts)]
            if dense_criterion(scores, *moved) < stated - tolerance:
                yield "Other variances nearby have a greater restricted likelihood than the stated ones."
                return


def dense_criterion(scores: Scores, entry: float, judge: float, residual: float) -> float:
    """−2 times the restricted log likelihood by its definition, with the whole covariance matrix of the scores."""
    pairs = sorted(scores)
    values = np.array([scores[pair] for pair in pairs])
    names = np.array(pairs)
    same_entry, same_judge = (names[:, side, None] == names[None, :, side] for side in (0, 1))
    covariance = entry * same_entry + judge * same_judge + residual * np.eye(len(pairs))
    inverse = np.linalg.inv(covariance)
    weight = float(inverse.sum())
    rest = values - float(inverse.sum(axis=0) @ values) / weight
    log_determinant = float(np.linalg.slogdet(covariance)[1])
    return (len(pairs) - 1) * math.log(2 * math.pi) + log_determinant + math.log(weight) + float(rest @ inverse @ rest)
