"""The robust variant: single wild scores lose their pull on entries, judges and variances.

Huber's bounded function ψ(x) = min(max(x, −b), b) is put on the errors; entries and judges themselves may be as
extraordinary as they are. The model is fitted to *pseudo-values*, expected + ψ(score − expected) / q, by the same REML
as without; expected values come from that fit, and so do b and q, until all agree.

With k Huber's constant and Z standard normal, p = E ψ'(Z) and h = E ψ(Z)² for b = k. Where expected values are known,
q is p, and pseudo-values have the variance v = h / p² that the robust estimates need (errors having 1), so that shrinkage
and intervals stay right. Here a score takes part in its own expected value: the share f of the error's variance is left in
the rests (the mean of P's diagonal). Taking all scores to take part alike, a rest r and what the others make of the
expected value fulfil r + ψ(r) (1 − f) / (f q) = a normal variable, whose bounded second moment gives

    q = (√(h (f / v + 1 − f)) − (1 − f)) / f,      b = k q σ √(f / h),

σ² being the error's variance of the fit on pseudo-values, and s = σ p / √h the deviation of an error that is not wild.
For f = 1 this is Huber's "proposal 2"; for k → ∞ pseudo-values are the scores and the fit is the plain one.

Sources: P. J. Huber (1964), Robust estimation of a location parameter, Ann. Math. Statist. 35:73-101; P. J. Huber (1981),
Robust Statistics, 7.8 and 7.10 (proposal 2, pseudo-values in linear models); W. H. Fellner (1986), Robust estimation of
variance components, Technometrics 28:51-60 (bounded residuals in Henderson's equations); M. Koller, W. A. Stahel (2011),
Sharpening Wald-type inference in robust regression for small samples, Comput. Stat. Data Anal. 55:2504-2515 (scales that
mind how much each observation takes part, the idea followed here for the average one).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from gebyar.methods.judging.crossed import FloatArray, Point, Response, point_at, slope_at
from gebyar.methods.judging.fitting import Fit, Layout, fit_mixed, minimise
from gebyar.methods.judging.threads import one_thread

TUNING = 1.345
"""Huber's k: 95 % efficient when there is no wild score."""
ALARM = 3.5
"""From so many standard deviations on, a score is named as an outlier."""
LEAST_DIVISOR = 0.2
MOST_ROUNDS = 200
MOST_MOVES = 500
SETTLED = 1e-8
NORMAL_MEDIAN = 0.6744897501960817  # of |Z|


@dataclass(frozen=True, slots=True, eq=False)
class RobustFit:
    """A fit on pseudo-values.

    Attributes
    ----------
    scale
        s, the standard deviation of an error that is not wild.
    bound
        b: scores further than this from what was expected count less; infinite where none can.
    weights
        (scores,) ψ(r)/r of each score's distance r from what was expected: 1 means fully believed.
    alarms
        (scores,) whether the distance from what the other scores let expect is beyond `ALARM` of its deviations.
    """

    fit: Fit
    scale: float
    bound: float
    weights: FloatArray
    alarms: np.typing.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Huber:
    """ψ for one k, with E ψ'(Z) and E ψ(Z)² of a standard normal Z."""

    tuning: float
    slope: float
    square: float

    @classmethod
    def of(cls, tuning: float) -> _Huber:
        if math.isinf(tuning):
            return cls(tuning, 1.0, 1.0)
        beyond = float(special.ndtr(-tuning))
        density = math.exp(-(tuning**2) / 2) / math.sqrt(2 * math.pi)
        slope = 1 - 2 * beyond
        return cls(tuning, slope, slope - 2 * tuning * density + 2 * tuning**2 * beyond)

    def divisor(self, freedom: float) -> float:
        """q, for the share of the error's variance that is left in the rests."""
        taken = 1 - freedom
        inner = self.square * (freedom * self.slope**2 / self.square + taken)
        return max((math.sqrt(inner) - taken) / freedom, LEAST_DIVISOR)


def fit_robust(layout: Layout, *, tuning: float = TUNING, plain: Fit | None = None) -> RobustFit:
    """Fit the model so that wild scores count little.

    Parameters
    ----------
    layout
        Scores.
    tuning
        Huber's k.
    plain
        The plain fit of the same layout where there is one already; it is where the search begins.

    Raises
    ------
    JudgingError
        As `gebyar.methods.judging.fitting.fit_mixed`.
    """
    with one_thread():
        return _fit(layout, _Huber.of(tuning), plain or fit_mixed(layout))


def _fit(layout: Layout, huber: _Huber, plain: Fit) -> RobustFit:
    design, point, values = plain.point.frame.design, plain.point, layout.values
    freedom = _freedom_share(point)
    usual = _first_distance(layout.values - plain.expected)
    if math.isinf(huber.tuning) or usual == 0:
        return _plain_outcome(plain, freedom)
    bound = huber.tuning * usual
    for _ in range(MOST_ROUNDS):
        divisor = huber.divisor(freedom)
        values = _pseudo_values(point, layout.values, bound, divisor)
        before = (*point.frame.ratios, bound)
        point = minimise(design, Response(design, values), start=point.frame.ratios, most_steps=1)
        freedom = _freedom_share(point)
        bound = huber.tuning * huber.divisor(freedom) * math.sqrt(point.residual_variance * freedom / huber.square)
        if _settled(before, (*point.frame.ratios, bound)):
            break
    return _outcome(Fit(layout, values, point, point.fitted()), huber, bound, freedom)


def _freedom_share(point: Point) -> float:
    """Mean of the diagonal of P: the share of the error's variance that is left in the residuals."""
    design = point.frame.design
    used = float(np.array(point.frame.ratios) @ slope_at(point).traces)
    return max((design.marks - 1 - used) / design.marks, 1 / design.marks)


def _first_distance(rests: FloatArray) -> float:
    """Begin with the median distance, which half of the scores may not spoil, else the mean square."""
    found = float(np.median(np.abs(rests))) / NORMAL_MEDIAN or math.sqrt(float(np.mean(rests**2)))
    return found if found > 1e-9 * (1.0 + float(np.abs(rests).max())) else 0.0


def _pseudo_values(point: Point, scores: FloatArray, bound: float, divisor: float) -> FloatArray:
    """Find the pseudo-values that their own fit reproduces, the variances held fixed."""
    frame, expected, values = point.frame, point.fitted(), scores
    for _ in range(MOST_MOVES):
        values = expected + np.clip(scores - expected, -bound, bound) / divisor
        moves = point_at(frame, Response(frame.design, values)).fitted() - expected
        # A whole move would overshoot by as much as the rests were magnified.
        expected = expected + divisor * moves
        if float(np.abs(moves).max()) < SETTLED * bound:
            break
    return values


def _settled(before: tuple[float, ...], after: tuple[float, ...]) -> bool:
    return all(abs(new - old) <= SETTLED * max(new, old) for old, new in zip(before, after, strict=True))


def _plain_outcome(plain: Fit, freedom: float) -> RobustFit:
    """Without a bound every score counts fully."""
    scale = math.sqrt(plain.residual_variance)
    distances = np.abs(plain.layout.values - plain.expected)
    alarms = distances > ALARM * scale * math.sqrt(freedom) + 1e-9
    return RobustFit(plain, scale, math.inf, np.ones(len(distances)), alarms)


def _outcome(fit: Fit, huber: _Huber, bound: float, freedom: float) -> RobustFit:
    scale = math.sqrt(fit.residual_variance / huber.square) * huber.slope
    distances = np.abs(fit.layout.values - fit.expected)
    weights = np.where(distances > bound, bound / np.maximum(distances, 1e-300), 1.0)
    # In the tails a score no longer takes part in its own expected value, as it does by `own` within the bound; this
    # gives the distance from what the other scores let expect, in its deviations.
    own = (1 - freedom) / (freedom * huber.divisor(freedom))
    deviations = huber.tuning * (distances / bound + own) / (1 + own)
    return RobustFit(fit, scale, bound, weights, (distances > bound) & (deviations > ALARM))
