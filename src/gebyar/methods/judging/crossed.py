"""The restricted likelihood of two crossed random effects, and its slope, by elimination.

The model is y = mean + long effect + short effect + error, where the *long* factor is the one with more levels (mostly
the entries). With α and β for the two variances as multiples of the error's, and P the projection of the restricted
likelihood, V = I + α ZaZa' + β ZbZb' is never formed:

- the long factor's block of the mixed model equations is diagonal, so it is eliminated exactly, and the mean with it.
  What is left is T = Zb' Pa Zb (short × short), Pa being P for β = 0, and M = I + β T is factorised by Cholesky;
- long levels with the same number of marks enter with the same weight, so their sums of products are made once and a
  likelihood costs nothing that grows with the number of marks;
- all of it also holds, without a division by 0, when α or β is 0.

Sources: C. R. Henderson (1975), Best linear unbiased estimation and prediction under a selection model, Biometrics
31:423-447; D. A. Harville (1977), Maximum likelihood approaches to variance component estimation, JASA 72:320-338;
D. Bates, M. Mächler, B. Bolker, S. Walker (2015), Fitting linear mixed-effects models using lme4, J. Stat. Softw. 67(1),
whose criterion this is, to the constant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Ratios = tuple[float, float]

# Numbers held in sums of products by count of marks; a design with more different counts than fit is summed anew.
MOST_HELD = 40_000_000
ROWS_AT_ONCE = 4096


def summed_by(level: IntArray, values: FloatArray) -> FloatArray:
    """Sum the values of each level: (levels,)."""
    return np.bincount(level, weights=values).astype(np.float64)


class Design:
    """Who marked what, summed so that the likelihood needs only tables of the short factor.

    Parameters
    ----------
    long, short
        (marks,) level of each mark, from 0; every level occurs.
    """

    def __init__(self, long: IntArray, short: IntArray) -> None:
        self.long, self.short = long, short
        self.marks = len(long)
        counts = np.bincount(long)
        self.long_counts: FloatArray = counts.astype(float)
        self.short_counts: FloatArray = np.bincount(short).astype(float)
        # Levels with equally many marks form a class.
        sizes, self.class_of = np.unique(counts, return_inverse=True)
        self.sizes: FloatArray = sizes.astype(float)
        self.members: FloatArray = np.bincount(self.class_of).astype(float)
        shape = (len(counts), len(self.short_counts))
        self.table: Any = sparse.csr_array((np.ones(self.marks), (long, short)), shape=shape)
        self.transposed: Any = self.table.T.tocsr()
        self.columns = self.by_class(np.ones(len(counts)))
        held = len(sizes) * shape[1] ** 2 <= MOST_HELD
        self.products = self._products() if held else None

    def by_class(self, values: FloatArray) -> FloatArray:
        """Sum ``values[i]`` times row i of the table over the long levels i of each class: (classes, short)."""
        found = np.zeros((len(self.sizes), len(self.short_counts)))
        for number in range(len(self.sizes)):
            found[number] = self.transposed @ np.where(self.class_of == number, values, 0.0)
        return found

    def weighted_products(self, weights: FloatArray) -> FloatArray:
        """Return N' diag(w) N for a weight of each class, N being the table of marks: (short, short)."""
        if self.products is not None:
            found: FloatArray = np.tensordot(weights, self.products, 1)
            return found
        return self._summed(np.arange(len(self.long_counts)), weights[self.class_of])

    def _products(self) -> FloatArray:
        ones = np.ones(len(self.long_counts))
        return np.stack([self._summed(np.flatnonzero(self.class_of == k), ones) for k in range(len(self.sizes))])

    def _summed(self, rows: npt.NDArray[np.intp], weights: FloatArray) -> FloatArray:
        total = np.zeros((len(self.short_counts), len(self.short_counts)))
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]
            block = self.table[part].toarray()
            total += block.T @ (block * weights[part, None])
        return total


class Response:
    """Scores of a design, centred and summed."""

    def __init__(self, design: Design, scores: FloatArray) -> None:
        self.centre = float(scores.mean())
        centred = scores - self.centre
        self.square = float(centred @ centred)
        self.long_sums = summed_by(design.long, centred)
        self.short_sums = summed_by(design.short, centred)
        self.class_sums = summed_by(design.class_of, self.long_sums)
        self.class_squares = summed_by(design.class_of, self.long_sums**2)
        self.class_columns = design.by_class(self.long_sums)


class Frame:
    """All that depends on the design and the two variance ratios alone.

    Attributes
    ----------
    shrink
        (classes,) 1 / (1 + α · marks).
    kappa
        1' Va⁻¹ 1, Va being V for β = 0.
    share
        (short,) what a unit of each short effect adds to the estimated mean.
    gram, factor
        T, and the lower Cholesky factor of M = I + β T.
    log_determinant
        log |V| + log |1' V⁻¹ 1|.
    """

    def __init__(self, design: Design, ratios: Ratios) -> None:
        alpha, beta = ratios
        self.design, self.ratios = design, ratios
        self.shrink: FloatArray = 1.0 / (1.0 + alpha * design.sizes)
        self.kappa = float(design.members @ (design.sizes * self.shrink))
        self.share: FloatArray = self.shrink @ design.columns / self.kappa
        self.gram: FloatArray = (
            np.diag(design.short_counts)
            - alpha * design.weighted_products(self.shrink)
            - self.kappa * np.outer(self.share, self.share)
        )
        inner = beta * self.gram
        inner[np.diag_indices_from(inner)] += 1.0
        self.factor: FloatArray = linalg.cholesky(inner, lower=True, check_finite=False)
        self.log_determinant = (
            float(design.members @ np.log1p(alpha * design.sizes))
            + math.log(self.kappa)
            + 2.0 * float(np.log(np.diag(self.factor)).sum())
        )

    def solve(self, right: FloatArray) -> FloatArray:
        """Return M⁻¹ times a vector or the columns of a matrix."""
        found: FloatArray = linalg.cho_solve((self.factor, True), right, check_finite=False)
        return found

    def inverse(self) -> FloatArray:
        """Return M⁻¹."""
        lower, _info = linalg.lapack.dpotri(self.factor, lower=1)
        lower = np.tril(lower)
        full: FloatArray = lower + np.tril(lower, -1).T
        return full

    def long_from_short(self, effects: FloatArray) -> FloatArray:
        """Return Za' Pa Zb times short effects, (short,) or (short, columns): (long,) or (long, columns)."""
        design = self.design
        shrink, counts = self.shrink[design.class_of], design.long_counts
        found = design.table @ effects
        if effects.ndim == 1:
            plain: FloatArray = shrink * (found - counts * float(self.share @ effects))
            return plain
        many: FloatArray = shrink[:, None] * (found - counts[:, None] * (self.share @ effects))
        return many


@dataclass(frozen=True, slots=True)
class Point:
    """The restricted likelihood at two variance ratios.

    ``long_score`` and ``short_score`` are Za'Py and Zb'Py, (levels,); ``square`` is y'Py.
    """

    frame: Frame
    square: float
    criterion: float
    long_score: FloatArray
    short_score: FloatArray
    centre: float

    @property
    def residual_variance(self) -> float:
        return self.square / (self.frame.design.marks - 1)

    @property
    def effects(self) -> tuple[FloatArray, FloatArray]:
        """Best linear unbiased predictions of the long and the short effects."""
        alpha, beta = self.frame.ratios
        return alpha * self.long_score, beta * self.short_score

    @property
    def mean(self) -> float:
        """The generalised least squares estimate of the mean."""
        long, short = self.effects
        design = self.frame.design
        return self.centre - float(design.long_counts @ long + design.short_counts @ short) / design.marks

    def fitted(self) -> FloatArray:
        """Return mean plus both effects of each mark, (marks,)."""
        long, short = self.effects
        design = self.frame.design
        found: FloatArray = self.mean + long[design.long] + short[design.short]
        return found


def point_at(frame: Frame, response: Response) -> Point:
    """Evaluate −2 times the log of the restricted likelihood, profiled over the error's variance."""
    design, (alpha, beta) = frame.design, frame.ratios
    level = float(frame.shrink @ response.class_sums) / frame.kappa  # the mean's estimate for β = 0
    right = response.short_sums - alpha * (frame.shrink @ response.class_columns) - frame.kappa * level * frame.share
    short_score = frame.solve(right)
    square = (
        response.square
        - alpha * float(frame.shrink @ response.class_squares)
        - frame.kappa * level**2
        - beta * float(right @ short_score)
    )
    shrink = frame.shrink[design.class_of]
    long_score = shrink * (response.long_sums - design.long_counts * level)
    long_score -= beta * frame.long_from_short(short_score)
    freedom = design.marks - 1
    # Marks that two sets of effects explain without a rest leave rounding errors, which may be below 0.
    square = max(square, 1e-14 * response.square, 1e-300)
    criterion = frame.log_determinant + freedom * (1.0 + math.log(2.0 * math.pi * square / freedom))
    return Point(frame, square, criterion, long_score, short_score, response.centre)


@dataclass(frozen=True, slots=True)
class Slope:
    """How the criterion changes with each ratio, and the traces of Za'PZa and Zb'PZb."""

    gradient: FloatArray
    traces: FloatArray


def slope_at(point: Point) -> Slope:
    """Differentiate the criterion by the two ratios: tr(Z'PZ) − (marks − 1) |Z'Py|² / y'Py for each."""
    frame = point.frame
    design, beta = frame.design, frame.ratios[1]
    inverse = frame.inverse()
    second = frame.shrink**2
    ends = (second * design.sizes) @ design.columns
    spread = float(design.members @ (second * design.sizes**2))
    crossed = design.weighted_products(second)
    crossed -= np.outer(ends, frame.share) + np.outer(frame.share, ends)
    crossed += spread * np.outer(frame.share, frame.share)
    own = float(design.members @ (design.sizes * frame.shrink)) - spread / frame.kappa
    traces = np.array([own - beta * float((inverse * crossed).sum()), float((inverse * frame.gram).sum())])
    squares = np.array([point.long_score @ point.long_score, point.short_score @ point.short_score])
    return Slope(traces - (design.marks - 1) * squares / point.square, traces)
