"""The mixed model of a round of judging: variance components by REML, effects, and how sure they are.

A few starting points are tried on a grid; Newton's method on the logarithms of the two variance ratios then goes on
until the steps vanish, so that machines agree to far more digits than are shown. A variance of exactly 0 is an outcome
of its own: the ratio is set to 0 where the criterion falls towards it and does not fall away from it.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from scipy import linalg, special

from gebyar.methods.judging.crossed import (
    Design,
    FloatArray,
    Frame,
    IntArray,
    Point,
    Ratios,
    Response,
    point_at,
    slope_at,
)
from gebyar.methods.judging.marks import JudgingError, Score
from gebyar.methods.judging.threads import one_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

Part = TypeVar("Part", float, FloatArray)

LARGEST_RATIO = 1e8
NEAR_ZERO = 0.1
GRID = (0.05, 0.5, 5.0)
DIFFERENCE = 1e-4
LARGEST_STEP = 3.0
VANISHED = 1e-7
MOST_STEPS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Scores as arrays: names in sorted order, and for each score the numbers of its entry and judge."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    entry: IntArray
    judge: IntArray
    values: FloatArray

    @property
    def entries_are_long(self) -> bool:
        return len(self.entries) >= len(self.judges)

    def design(self) -> Design:
        pair = (self.entry, self.judge) if self.entries_are_long else (self.judge, self.entry)
        return Design(*pair)


def layout_of(scores: Sequence[Score]) -> Layout:
    """Number the entries and judges of scores; the order of the scores does not matter."""
    scores = sorted(scores, key=lambda score: (score.entry, score.judge))
    entries = tuple(sorted({score.entry for score in scores}))
    judges = tuple(sorted({score.judge for score in scores}))
    entry_number = {name: number for number, name in enumerate(entries)}
    judge_number = {name: number for number, name in enumerate(judges)}
    return Layout(
        entries=entries,
        judges=judges,
        entry=np.array([entry_number[score.entry] for score in scores], dtype=np.int64),
        judge=np.array([judge_number[score.judge] for score in scores], dtype=np.int64),
        values=np.array([score.value for score in scores], dtype=float),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted model; entries and judges are those of the layout, in its order.

    Attributes
    ----------
    values
        (scores,) what was fitted: the scores, or the robust variant's pseudo-values.
    expected
        (scores,) mean plus both effects.
    point
        Where the criterion is least.
    """

    layout: Layout
    values: FloatArray
    point: Point
    expected: FloatArray

    @property
    def mean(self) -> float:
        return self.point.mean

    @property
    def residual_variance(self) -> float:
        return self.point.residual_variance

    @property
    def entry_variance(self) -> float:
        return self._ordered(self.point.frame.ratios)[0] * self.residual_variance

    @property
    def judge_variance(self) -> float:
        return self._ordered(self.point.frame.ratios)[1] * self.residual_variance

    @property
    def criterion_value(self) -> float:
        return self.point.criterion

    @property
    def entry_effects(self) -> FloatArray:
        """(entries,) predicted distance of each entry from the mean."""
        return self._ordered(self.point.effects)[0]

    @property
    def judge_effects(self) -> FloatArray:
        """(judges,) predicted distance of each judge's scores from the judges' mean level."""
        return self._ordered(self.point.effects)[1]

    def errors(self) -> tuple[FloatArray, FloatArray]:
        """Standard errors of prediction of the entry and the judge effects, the variances taken as known."""
        long, short = _prediction_variances(self.point)
        return self._ordered((np.sqrt(self.residual_variance * long), np.sqrt(self.residual_variance * short)))

    def draw_entries(self, random: np.random.Generator, count: int) -> FloatArray:
        """Draw entry effects jointly given the scores, the variances taken as known: (count, entries).

        Exact for any size: first the judges and the mean, then each entry given these, in which they are independent.
        """
        frame = self.point.frame
        (alpha, beta), design = frame.ratios, frame.design
        scale = math.sqrt(self.residual_variance)
        short = random.standard_normal((len(design.short_counts), count))
        short = math.sqrt(beta) * linalg.solve_triangular(
            frame.factor, short, lower=True, trans="T", check_finite=False
        )
        if not self.layout.entries_are_long:
            few: FloatArray = self.entry_effects + scale * short.T
            return few
        shrink = frame.shrink[design.class_of]
        level = random.standard_normal(count) / math.sqrt(frame.kappa)
        found = np.sqrt(alpha * shrink)[:, None] * random.standard_normal((len(shrink), count))
        found -= alpha * frame.long_from_short(short)
        found -= alpha * (shrink * design.long_counts)[:, None] * level
        many: FloatArray = self.entry_effects + scale * found.T
        return many

    def _ordered(self, pair: tuple[Part, Part]) -> tuple[Part, Part]:
        """Turn (long, short) into (entry, judge)."""
        return pair if self.layout.entries_are_long else (pair[1], pair[0])


def _prediction_variances(point: Point) -> tuple[FloatArray, FloatArray]:
    """Prediction error variances of the long and short effects, as multiples of the error's (Henderson 1975)."""
    frame = point.frame
    (alpha, beta), design = frame.ratios, frame.design
    shrink, counts = frame.shrink[design.class_of], design.long_counts
    # Za'PaZb in rows, then half-solved: its row sums of squares are the diagonal of (Za'PaZb) M⁻¹ (Za'PaZb)'.
    links = frame.long_from_short(np.eye(len(design.short_counts)))
    half = linalg.solve_triangular(frame.factor, links.T, lower=True, check_finite=False)
    through_judges = beta * np.square(half).sum(axis=0)
    long = alpha * shrink + alpha**2 * (np.square(shrink * counts) / frame.kappa + through_judges)
    return long, beta * np.diag(frame.inverse())


def fit_mixed(layout: Layout) -> Fit:
    """Fit the model score = mean + entry + judge + error by REML.

    Raises
    ------
    JudgingError
        There are too few scores to tell three variances apart; see `is_estimable`.
    """
    require_estimable(layout)
    with one_thread():
        design = layout.design()
        point = minimise(design, Response(design, layout.values))
    return Fit(layout, layout.values, point, point.fitted())


def is_estimable(layout: Layout) -> bool:
    """Tell whether scores are left over when every entry and every judge has its own level."""
    return len(layout.values) > len(layout.entries) + len(layout.judges) - 1


def require_estimable(layout: Layout) -> None:
    if not is_estimable(layout):
        raise JudgingError(
            f"{len(layout.values)} scores cannot tell {len(layout.entries)} entries, {len(layout.judges)} judges and "
            f"chance apart; give at least {len(layout.entries) + len(layout.judges)}."
        )


def p_value_of_no_difference(fit: Fit) -> float:
    """Test that the entries do not differ at all, by the restricted likelihood ratio.

    The variance tested stands at its boundary, so the statistic is half a 0, half a χ² with one degree of freedom.
    Source: S. G. Self, K.-Y. Liang (1987), JASA 82:605-610.
    """
    if fit.entry_variance == 0:
        return 1.0
    design = fit.point.frame.design
    held = 0 if fit.layout.entries_are_long else 1
    with one_thread():
        without = minimise(design, Response(design, fit.values), start=fit.point.frame.ratios, held=held)
    statistic = max(without.criterion - fit.criterion_value, 0.0)
    return 0.5 * float(special.chdtrc(1, statistic))


def minimise(
    design: Design,
    response: Response,
    *,
    start: Ratios | None = None,
    held: int | None = None,
    most_steps: int = MOST_STEPS,
) -> Point:
    """Find the variance ratios where the criterion is least.

    Parameters
    ----------
    start
        Where to begin; without it a grid is searched first.
    held
        The ratio (0 long, 1 short) that stays 0.
    most_steps
        Steps of Newton's method, for callers who move the scores between them.
    """
    search = _Search(design, response, held)
    if response.square <= 1e-24 * max(1.0, response.centre**2) * design.marks:
        return search.at((0.0, 0.0))  # all scores are the same
    search.begin(start)
    for _ in range(most_steps):
        if not search.step():
            break
    return search.point


class _Search:
    """Newton's method on logarithms of ratios, with ratios of 0 kept apart."""

    def __init__(self, design: Design, response: Response, held: int | None) -> None:
        self.design, self.response, self.held = design, response, held

    def at(self, ratios: Ratios) -> Point:
        return point_at(Frame(self.design, ratios), self.response)

    def begin(self, start: Ratios | None) -> None:
        tried = [start] if start else list(itertools.product(GRID, GRID))
        points = [self.at(self._holding(ratios)) for ratios in dict.fromkeys(map(self._holding, tried))]
        self.point = min(points, key=lambda point: point.criterion)

    def _holding(self, ratios: Ratios) -> Ratios:
        return tuple(0.0 if k == self.held else ratio for k, ratio in enumerate(ratios))  # type: ignore[return-value]

    def step(self) -> bool:
        """Go one step; False when there is nowhere to go."""
        gradient = slope_at(self.point).gradient
        if self._to_zero(gradient) or self._from_zero(gradient):
            return True
        free = self._free(gradient)
        if not free:
            return False
        step = self._newton(free, gradient)
        self._follow(free, step)
        return bool(np.abs(step).max() > VANISHED)

    def _free(self, gradient: FloatArray) -> list[int]:
        """The ratios that move: not at 0, and not at the upper bound with the criterion still falling."""
        return [
            k
            for k, ratio in enumerate(self.point.frame.ratios)
            if ratio > 0 and not (ratio >= LARGEST_RATIO and gradient[k] < 0)
        ]

    def _with(self, changes: dict[int, float]) -> Point:
        return self.at(tuple(changes.get(k, ratio) for k, ratio in enumerate(self.point.frame.ratios)))  # type: ignore[arg-type]

    def _to_zero(self, gradient: FloatArray) -> bool:
        """Set a ratio to 0 if the criterion is no greater there and rises from there."""
        for k, ratio in enumerate(self.point.frame.ratios):
            if 0 < ratio < NEAR_ZERO and gradient[k] > 0:
                trial = self._with({k: 0.0})
                if trial.criterion <= self.point.criterion and slope_at(trial).gradient[k] >= 0:
                    self.point = trial
                    return True
        return False

    def _from_zero(self, gradient: FloatArray) -> bool:
        """Let a ratio leave 0 if the criterion falls from there."""
        for k, ratio in enumerate(self.point.frame.ratios):
            if ratio == 0 and gradient[k] < 0 and k != self.held:
                for size in (1e-2, 1e-4, 1e-6, 1e-8):
                    trial = self._with({k: size})
                    if trial.criterion < self.point.criterion:
                        self.point = trial
                        return True
        return False

    def _newton(self, free: list[int], gradient: FloatArray) -> FloatArray:
        """The step in the logarithms of the free ratios; second derivatives are differences of the slope."""
        ratios = np.array(self.point.frame.ratios)
        slope = (ratios * gradient)[free]
        curvature = np.empty((len(free), len(free)))
        for column, k in enumerate(free):
            moved = self._with({k: float(ratios[k] * math.exp(DIFFERENCE))})
            there = np.array(moved.frame.ratios) * slope_at(moved).gradient
            curvature[:, column] = (there[free] - slope) / DIFFERENCE
        values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
        # Where the criterion bends the wrong way its slope still says where it falls.
        values = np.maximum(np.abs(values), 1e-6)
        step: FloatArray = -(vectors @ ((vectors.T @ slope) / values))
        return step * min(1.0, LARGEST_STEP / float(np.abs(step).max() or 1.0))

    def _follow(self, free: list[int], step: FloatArray) -> None:
        """Take the step, or as much of it as does not let the criterion rise beyond rounding."""
        ratios = self.point.frame.ratios
        allowed = self.point.criterion + 1e-11 * (1.0 + abs(self.point.criterion))
        for halving in range(30):
            part = step / 2**halving
            trial = self._with({k: min(ratios[k] * math.exp(part[i]), LARGEST_RATIO) for i, k in enumerate(free)})
            if trial.criterion <= allowed:
                self.point = trial
                return
