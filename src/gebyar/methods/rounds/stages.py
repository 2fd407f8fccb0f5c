"""Aims in order: the best by the first, among those the best by the second, and so on, exactly.

Each aim is a linear programme solved by HiGHS. After it, everything that differs between its optimum and a worse
solution is fixed (complementary slackness: a column with a reduced cost stays at its bound in every optimum), so the next
aim chooses among all optima and nothing else. Where a programme has fractions (odd circles of guests), a mixed-integer
programme follows, and what it reached becomes a row that later aims keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, hstack, vstack

if TYPE_CHECKING:
    from scipy.sparse import spmatrix

Array = np.ndarray[Any, Any]
WHOLE = 1e-5
SLOPE = 1e-3  # reduced costs of whole-number programmes are far larger, or noise


@dataclass(frozen=True, slots=True)
class Reached:
    """What one aim came to: its value, a bound no solution can exceed, and whether the clock ended the work."""

    value: int
    bound: int
    cut_short: bool


class Stages:
    """Columns within bounds under equality rows, all whole numbers, and the best solution so far.

    Parameters
    ----------
    rows
        Sparse matrix, shape (rows, columns).
    right
        int, shape (rows,): what each row must equal.
    high
        int, shape (columns,): upper bounds; the lower ones are 0.
    start
        int, shape (columns,): a solution to begin with.
    """

    def __init__(self, rows: spmatrix, right: Array, high: Array, start: Array) -> None:
        self.rows: Any = csr_matrix(rows)
        self.right = right.astype(float)
        self.low = np.zeros(len(high))
        self.high = high.astype(float)
        self.solution = start.astype(float)

    def maximise(self, aim: Array, seconds: float) -> Reached:
        """Reach the most of an aim, and let later aims keep it.

        Parameters
        ----------
        aim
            int, shape (columns,): the value of a unit of each column.
        seconds
            Time for it; afterwards the best solution so far stands.
        """
        aim = np.append(aim, np.zeros(len(self.high) - len(aim)))
        found = linprog(
            -aim,
            A_eq=self.rows,
            b_eq=self.right,
            bounds=np.column_stack([self.low, self.high]),
            method="highs",
            options={"time_limit": max(seconds, 0.01)},
        )
        if found.status != 0 or found.x is None:
            value, bound = self._value(aim), int(np.abs(aim) @ self.high)
            self._keep(aim, value)
            return Reached(value, bound, cut_short=True)
        bound = int(np.floor(-found.fun + WHOLE))
        slopes = found.lower.marginals + found.upper.marginals
        if _is_whole(found.x):
            self.solution = np.round(found.x)
            self._fix(found.x, slopes, 0.0)
            return Reached(bound, bound, cut_short=False)
        reached = self._maximise_whole(aim, bound, seconds)
        gap = -found.fun - reached.value
        self._fix(found.x, slopes, gap)
        if gap > WHOLE:
            self._keep(aim, reached.value)
        return reached

    def _maximise_whole(self, aim: Array, bound: int, seconds: float) -> Reached:
        found = milp(
            -aim,
            integrality=np.ones(len(aim)),
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(self.rows, self.right, self.right),
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.0},
        )
        if found.x is not None and round(float(aim @ found.x)) > self._value(aim):
            self.solution = np.round(found.x)
        proven = found.status == 0
        value = self._value(aim)
        if proven:
            bound = value
        elif (dual := getattr(found, "mip_dual_bound", None)) is not None:
            bound = min(bound, int(np.floor(-dual + WHOLE)))
        return Reached(value, max(value, bound), cut_short=value < bound)

    def _value(self, aim: Array) -> int:
        return round(float(aim @ self.solution))

    def _fix(self, relaxed: Array, slopes: Array, gap: float) -> None:
        """Leave out what cannot come within the gap of the relaxed optimum: leaving its bound costs a column its slope.

        Without a gap that leaves the optimal solutions and no others; the aims are whole numbers, so a slope is then 0 or
        clearly not.
        """
        fixed = np.abs(slopes) > gap + SLOPE
        self.low[fixed] = self.high[fixed] = np.round(relaxed[fixed])

    def _keep(self, aim: Array, value: int) -> None:
        """Add the row aim · x − excess = value."""
        count = len(self.high)
        side: Any = csr_matrix((self.rows.shape[0], 1))
        last = csr_matrix(np.append(aim, -1.0).reshape(1, -1))
        self.rows = csr_matrix(vstack([hstack([self.rows, side]), last]))
        self.right = np.append(self.right, value)
        self.low = np.append(self.low, 0.0)
        self.high = np.append(self.high, float(np.abs(aim) @ self.high[:count]))
        self.solution = np.append(self.solution, 0.0)


def _is_whole(values: Array) -> bool:
    return bool(np.all(np.abs(values - np.round(values)) < WHOLE))
