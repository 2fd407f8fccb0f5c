"""Tasks with coarse affinities: equal entries and equal judges are counted, not told apart.

Where affinities follow from a few codes, most entries are alike and most judges too. A whole-number programme over pairs
then tries the same assignment under ever other names (symmetry; Margot, 50 Years of Integer Programming, 2010). So the
programme here counts: how many entries of a kind have a panel of a pattern, such as "two that know the craft, one of the
division", and how many pairs a kind of entries has with a kind of judges. A floor just strikes out patterns. Every
assignment has such counts, so the bounds hold for all; from the counts judges are given by a flow, which is whole by itself.

Affinities that lie so close that they only break ties count as one; bounds are then computed with the largest of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, vstack

from gebyar.methods.panels.programme import Columns, columns_of, sums_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gebyar.methods.panels.programme import Programme
    from gebyar.methods.panels.task import FloatArray, IntArray, PanelTask

MOST_LEVELS = 12
MOST_MIXES = 6
TIES = 0.01  # of the range of affinities: what lies within it only breaks ties
MOST_PATTERNS = 3_000  # of one kind of entries
MOST_COUNTS = 40_000
MOST_PAIRS = 60_000
NODES = 2_000
NEAR = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """Entries that are alike.

    Attributes
    ----------
    entries
        Their numbers.
    row
        int, shape (judges,): the cell of each judge; −1 for who may not judge them.
    cells
        What tells judges apart for them: grade, mixes, whether fixed.
    patterns
        int, shape (patterns, cells): how many judges of each cell a panel may hold.
    worth
        float, shape (patterns,): the affinity of such a panel, at most.
    """

    entries: IntArray
    row: IntArray
    cells: IntArray
    patterns: IntArray
    worth: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Grades:
    """The grade of each pair, the largest affinity of each grade, and whether each grade is one number."""

    grade: IntArray
    top: FloatArray
    exact: bool


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What counting came to: the pairs, bounds that hold for every assignment, whether grades are exact, and cut short."""

    chosen: Columns
    worst: float
    worst_bound: float
    total_bound: float
    exact: bool
    cut_short: bool


def count_and_give(programme: Programme, deadline: float) -> Counted | None:
    """Solve a task with coarse affinities; panels may fall apart.

    Returns
    -------
    Counted or None
        None when affinities are not coarse, panels have too many patterns, or nothing was found.
    """
    task = programme.task
    if np.count_nonzero(programme.open) > MOST_PAIRS or len(task.mixes) > MOST_MIXES:
        return None
    grades = grades_of(programme)
    kinds = None if grades is None else _kinds(programme, grades)
    if grades is None or kinds is None:
        return None
    counts = _Counts(programme, kinds)
    worst_bound, best = counts.highest_floor(deadline)
    if best is None or best.patterns is None:
        return None
    chosen = _given(programme, kinds, best.patterns)
    if chosen is None:
        return None
    worst = float(sums_of(task, chosen, np.ones(len(chosen))).min())
    bound = best.bound if grades.exact else counts.bound(worst - NEAR)
    return Counted(chosen, worst, worst_bound, bound, grades.exact, cut_short=perf_counter() > deadline)


def grades_of(programme: Programme) -> Grades | None:
    """Affinities as grades; None when there are too many."""
    values, place = np.unique(np.round(programme.task.affinity, 9), return_inverse=True)
    exact = len(values) <= MOST_LEVELS
    apart = np.diff(values) > (0.0 if exact else TIES * programme.scale)
    grade = np.append(0, np.cumsum(apart))
    last = np.append(np.flatnonzero(apart), len(values) - 1)
    first = np.append(0, last[:-1] + 1)
    if len(last) > MOST_LEVELS or np.max(values[last] - values[first]) > TIES * programme.scale:
        return None
    return Grades(grade[place.reshape(programme.task.affinity.shape)], values[last], exact)


def _kinds(programme: Programme, grades: Grades) -> list[Kind] | None:
    """Entries by kind with their patterns; None when there are too many."""
    task = programme.task
    asked = np.zeros((task.entries, len(task.mixes)), dtype=bool)
    code = grades.grade.astype(np.int64)
    for number, mix in enumerate(task.mixes):
        asked[task.mix_entries(mix), number] = True
        code = 2 * code + (asked[:, [number]] & task.mix_mask(mix))
    code = np.where(programme.open, 2 * code + programme.fixed, -1)
    if np.any(programme.fixed & ~programme.open):
        return None
    _, kind = np.unique(np.column_stack([code, task.coverage, asked]), axis=0, return_inverse=True)
    kinds: list[Kind] = []
    for number in range(int(kind.max()) + 1):
        found = _kind(task, grades, np.flatnonzero(kind.ravel() == number), code)
        if found is None:
            return None
        kinds.append(found)
    return kinds if sum(len(found.patterns) for found in kinds) <= MOST_COUNTS else None


def _kind(task: PanelTask, grades: Grades, entries: IntArray, code: IntArray) -> Kind | None:
    """The patterns that panels of these entries may have; None when there are too many, or none."""
    row, places, mixes = code[entries[0]], int(task.coverage[entries[0]]), len(task.mixes)
    cells, sizes = np.unique(row[row >= 0], return_counts=True)
    if not len(cells) or comb(places + len(cells) - 1, places) > MOST_PATTERNS:
        return None
    least = np.where(cells & 1, sizes, 0)
    patterns = np.array(list(_multisets(least.tolist(), sizes.tolist(), places)), dtype=np.int64)
    patterns = patterns.reshape(-1, len(cells))
    for number, mix in enumerate(task.mixes):
        if mix.entries is None or int(entries[0]) in mix.entries:
            patterns = patterns[patterns @ ((cells >> (mixes - number)) & 1) >= mix.least]
    if not len(patterns):
        return None
    return Kind(entries, row, cells, patterns, patterns @ grades.top[cells >> (mixes + 1)])


def _multisets(least: list[int], most: list[int], places: int) -> Iterator[tuple[int, ...]]:
    """Ways to fill the places with so many of each."""
    if not least:
        if not places:
            yield ()
        return
    for count in range(least[0], min(most[0], places) + 1):
        for rest in _multisets(least[1:], most[1:], places - count):
            yield (count, *rest)


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """A search above one floor: entries by pattern or None, the bound of the total, and whether nothing is left to try."""

    patterns: IntArray | None
    bound: float
    finished: bool


class _Counts:
    """The programme of counts."""

    def __init__(self, programme: Programme, kinds: list[Kind]) -> None:
        task = programme.task
        self.worth = np.concatenate([kind.worth for kind in kinds])
        codes = np.column_stack([*(kind.row for kind in kinds), task.least, task.most])
        judges, self.sizes = np.unique(codes, axis=0, return_counts=True)
        self.least, self.most = judges[:, -2] * self.sizes, judges[:, -1] * self.sizes
        self.judges = judges[:, : len(kinds)]
        self.rows, self.low, self.high, self.limits = self._rows(kinds)
        self.total = np.append(self.worth, np.zeros(len(self.limits) - len(self.worth)))
        self.floors = np.unique(np.round(self.worth, 9))
        top = min(float(kind.worth.max()) for kind in kinds)
        self.floors = self.floors[self.floors <= top + NEAR]

    def _rows(self, kinds: list[Kind]) -> tuple[Any, FloatArray, FloatArray, FloatArray]:
        """Rows, their sides, and the largest value of each column."""
        shared = [
            (number, judge) for number in range(len(kinds)) for judge in np.flatnonzero(self.judges[:, number] >= 0)
        ]
        place = {pair: len(self.worth) + count for count, pair in enumerate(shared)}
        limits = np.empty(len(self.worth) + len(shared))
        rows = _Rows()
        first = 0
        for number, kind in enumerate(kinds):
            count, many = len(kind.patterns), len(kind.entries)
            own = np.arange(first, first + count)
            limits[own] = many
            rows.add(own, np.ones(count), many, many)
            for cell, held in zip(kind.cells.tolist(), kind.patterns.T, strict=True):
                members = np.flatnonzero(self.judges[:, number] == cell)
                theirs = np.array([place[number, judge] for judge in members])
                limits[theirs] = many * np.minimum(self.sizes[members], held.max(initial=0))
                rows.add(np.append(theirs, own), np.append(np.ones(len(theirs)), -held), 0, 0)
                for column, size in zip(theirs.tolist(), self.sizes[members].tolist(), strict=True):
                    # No judge comes twice in a panel.
                    if len(theirs) > 1 and size < held.max():
                        rows.add(np.append(column, own), np.append(1.0, -np.minimum(held, size)), -np.inf, 0)
            first += count
        for judge in range(len(self.judges)):
            columns = np.array([place[pair] for pair in shared if pair[1] == judge], dtype=np.int64)
            rows.add(columns, np.ones(len(columns)), self.least[judge], self.most[judge])
        return rows.matrix(len(limits)), np.array(rows.low, float), np.array(rows.high, float), limits

    def highest_floor(self, deadline: float) -> tuple[float, _Tried | None]:
        """The highest floor that whole judges hold with the largest total above it; first what bounds it."""
        low, high = -1, len(self.floors)  # numbers of floors: one that fractions hold, one that they do not
        while high - low > 1:
            # Most often the highest of all can be held.
            middle = high - 1 if high == len(self.floors) else (low + high) // 2
            low, high = (middle, high) if np.isfinite(self.bound(self.floors[middle])) else (low, middle)
        if low < 0:
            return -np.inf, None
        bound, best, held, failed, step = low, None, -1, low + 1, 1
        while failed - held > 1 and perf_counter() < deadline:
            at = (held + failed) // 2 if best is not None else max(failed - step, 0)
            tried = self.tried(self.floors[at], deadline)
            if tried.patterns is not None:
                best, held = tried, at
            else:
                failed, step = at, 2 * step
                bound = min(bound, at - 1) if tried.finished else bound
        return float(self.floors[max(bound, 0)]), best

    def bound(self, floor: float) -> float:
        """The largest total above a floor that fractions of panels could have; −∞ where there is none."""
        kept = self._kept(floor)
        rows, exactly = self.rows[:, kept], self.low == self.high
        above = ~exactly & np.isfinite(self.low)
        found = linprog(
            -self.total[kept],
            A_eq=rows[exactly],
            b_eq=self.low[exactly],
            A_ub=vstack([rows[~exactly], -rows[above]]),
            b_ub=np.append(self.high[~exactly], -self.low[above]),
            bounds=np.column_stack([np.zeros(len(kept)), self.limits[kept]]),
            method="highs-ds",
        )
        return -float(found.fun) if found.status == 0 else -np.inf

    def tried(self, floor: float, deadline: float) -> _Tried:
        """Search for the largest total above a floor."""
        kept = self._kept(floor)
        found = milp(
            -self.total[kept],
            integrality=np.ones(len(kept)),
            bounds=Bounds(np.zeros(len(kept)), self.limits[kept]),
            constraints=LinearConstraint(self.rows[:, kept], self.low, self.high),
            options={"time_limit": max(deadline - perf_counter(), 0.01), "node_limit": NODES, "mip_rel_gap": 0.0},
        )
        dual = getattr(found, "mip_dual_bound", None)
        bound = np.inf if dual is None else -float(dual)
        if found.x is None:
            return _Tried(None, bound, found.status == 2)
        counts = np.zeros(len(self.limits), dtype=np.int64)
        counts[kept] = np.round(found.x)
        return _Tried(counts[: len(self.worth)], bound, found.status == 0)

    def _kept(self, floor: float) -> IntArray:
        """Columns that a floor leaves."""
        return np.append(np.flatnonzero(self.worth >= floor - NEAR), np.arange(len(self.worth), len(self.limits)))


class _Rows:
    """Rows of a programme as they are written down."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self._columns: list[IntArray] = []
        self._values: list[FloatArray] = []

    def add(self, columns: IntArray, values: FloatArray, low: float, high: float) -> None:
        """Write down low ≤ values · columns ≤ high."""
        self._columns.append(columns)
        self._values.append(values)
        self.low.append(float(low))
        self.high.append(float(high))

    def matrix(self, width: int) -> Any:
        """All rows."""
        row = np.repeat(np.arange(len(self.low)), [len(columns) for columns in self._columns])
        where = (row, np.concatenate(self._columns).astype(np.int64))
        return csr_matrix((np.concatenate(self._values).astype(float), where), shape=(len(self.low), width))


def _given(programme: Programme, kinds: list[Kind], patterns: IntArray) -> Columns | None:
    """Judges for panels of the patterns: a flow, so that its best solution is whole; None where counts hide a clash."""
    task = programme.task
    code, wanted, first = np.full(task.affinity.shape, -1, dtype=np.int64), [], 0
    for kind in kinds:
        code[kind.entries] = kind.row
        held = np.repeat(kind.patterns, patterns[first : first + len(kind.patterns)], axis=0)
        first += len(kind.patterns)
        for entry, panel in zip(kind.entries.tolist(), held.tolist(), strict=True):
            wanted += [(entry, int(cell), count) for cell, count in zip(kind.cells, panel, strict=True) if count]
    number = {(entry, cell): row for row, (entry, cell, _) in enumerate(wanted)}
    every = columns_of(programme.open)
    keys = zip(every.entry.tolist(), code[every.entry, every.judge].tolist(), strict=True)
    row = np.array([number.get(key, -1) for key in keys], dtype=np.int64)
    columns, row = every.take(row >= 0), row[row >= 0]
    count = len(columns)
    loads = csr_matrix((np.ones(count), (columns.judge, np.arange(count))), shape=(task.judges, count))
    found = linprog(
        -programme.gain[columns.entry, columns.judge],
        A_eq=csr_matrix((np.ones(count), (row, np.arange(count))), shape=(len(wanted), count)),
        b_eq=[held for _, _, held in wanted],
        A_ub=vstack([loads, -loads]),
        b_ub=np.append(task.most, -task.least),
        bounds=(0, 1),
        method="highs-ds",
    )
    if found.status != 0 or np.any(np.abs(found.x - np.round(found.x)) > NEAR):
        return None
    return columns.take(found.x > 0.5)
