"""The judges, seen through the model: who is strict, who hardly tells entries apart, who strays.

An alarm asks for a conversation and never changes a score. Each fires for fewer than one in a thousand judges (reversed:
one in twenty) who have done nothing unusual.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from gebyar.methods.judging.results import JudgeRow

if TYPE_CHECKING:
    from gebyar.methods.judging.crossed import FloatArray
    from gebyar.methods.judging.fitting import Fit, Layout

RARE = 0.001
REVERSED = 1.645


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Per judge, (judges,): number of scores, their standard deviation, root mean square of their residuals."""

    marks: FloatArray
    spread: FloatArray
    usual: float
    stray: FloatArray | None


def judge_rows(layout: Layout, fit: Fit | None, quantile: float) -> tuple[JudgeRow, ...]:
    """Describe each judge, in order of name.

    Parameters
    ----------
    layout, fit
        Scores, and their model if there is one.
    quantile
        Standard errors on each side of an interval.
    """
    sums = _sums(layout, fit)
    errors = None if fit is None else fit.errors()[1]
    alarms = _alarms(layout, fit, sums)
    rows = []
    for number, judge in enumerate(layout.judges):
        severity = None if fit is None else -float(fit.judge_effects[number])
        margin = 0.0 if errors is None else quantile * float(errors[number])
        rows.append(
            JudgeRow(
                judge=judge,
                marks=int(sums.marks[number]),
                severity=_rounded(severity),
                low=None if severity is None else _rounded(severity - margin),
                high=None if severity is None else _rounded(severity + margin),
                spread=_rounded(float(sums.spread[number])) if sums.marks[number] > 1 else None,
                fit=None if sums.stray is None else _rounded(float(sums.stray[number])),
                alarm=alarms[number],
            )
        )
    return tuple(rows)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6) + 0.0


def _sums(layout: Layout, fit: Fit | None) -> Sums:
    marks = np.bincount(layout.judge).astype(float)
    mean = np.bincount(layout.judge, weights=layout.values) / marks
    squares = np.bincount(layout.judge, weights=(layout.values - mean[layout.judge]) ** 2)
    usual = math.sqrt(float(squares.sum()) / max(float((marks - 1).sum()), 1.0))
    return Sums(marks, np.sqrt(squares / np.maximum(marks - 1, 1)), usual, _stray(layout, fit, marks))


def _stray(layout: Layout, fit: Fit | None, marks: FloatArray) -> FloatArray | None:
    if fit is None:
        return None
    squares = (layout.values - fit.expected) ** 2
    overall = float(squares.mean())
    if overall <= 1e-18 * (1.0 + float(np.square(layout.values).mean())):
        return np.ones(len(marks))
    found: FloatArray = np.sqrt(np.bincount(layout.judge, weights=squares) / marks / overall)
    return found


def _alarms(layout: Layout, fit: Fit | None, sums: Sums) -> list[str | None]:
    """The first alarm of each judge; none without a model, since few scores say little about a judge."""
    if fit is None or sums.stray is None:
        return [None] * len(sums.marks)
    scatter = sums.marks * sums.stray**2 > special.chdtri(sums.marks, RARE)
    freedom = np.maximum(sums.marks - 1, 1)
    flat = freedom * (sums.spread / (sums.usual or 1.0)) ** 2 < special.chdtri(freedom, 1 - RARE)
    reversed_ = _reversed(layout, fit)
    found: list[str | None] = []
    for number in range(len(sums.marks)):
        alarms = (
            ("judge_scatter", scatter),
            ("judge_flat", flat & (sums.marks > 1) & (sums.usual > 0)),
            ("judge_reversed", reversed_),
        )
        found.append(next((code for code, fires in alarms if fires[number]), None))
    return found


def _reversed(layout: Layout, fit: Fit) -> np.typing.NDArray[np.bool_]:
    """Tell whether a judge's scores fall, beyond chance, where those of the other judges rise (Fisher's z)."""
    levelled = layout.values - fit.judge_effects[layout.judge]
    totals, counts = np.bincount(layout.entry, weights=levelled), np.bincount(layout.entry)
    others = counts[layout.entry] - 1
    others_mean = (totals[layout.entry] - levelled) / np.maximum(others, 1)
    found = np.zeros(len(layout.judges), dtype=bool)
    for number in range(len(layout.judges)):
        mine = (layout.judge == number) & (others > 0)
        if mine.sum() > 3 and min(layout.values[mine].std(), others_mean[mine].std()) > 1e-9:
            correlation = float(np.corrcoef(layout.values[mine], others_mean[mine])[0, 1])
            strength = math.atanh(max(correlation, -0.999999)) if correlation < 0 else 0.0
            found[number] = strength * math.sqrt(float(mine.sum()) - 3) < -REVERSED
    return found
