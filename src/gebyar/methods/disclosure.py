"""Suppression of cells that would tell about single firms in a two-way table with totals.

Primary suppression (domain rule): a cell with fewer than three firms, or in which one firm has more than 85
% of the value, is not published. Secondary suppression hides further cells so that no hidden cell can be
computed back from the totals. Totals are cells like any other: a total over two firms is hidden too.

Method: in the table with its totals every row and column adds up to nothing (totals counted negatively).
Adding and taking away the same amount in turn along a closed path of hidden cells leaves all published
numbers as they are; so a hidden cell is safe as far as such a path can carry an amount without any hidden
cell going below zero. For each cell to be protected the path that hides the least is a shortest path
between its row and its column (Castro 2007, "A shortest-paths heuristic for statistical data protection in
positive tables"; Cox 1995, "Network models for complementary cell suppression"). :func:`feasible_ranges` is
the attack: it asks a linear programme what an outsider can deduce.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator

Matrix = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Reasons = npt.NDArray[np.str_]
Cell = tuple[int, int]

MINIMUM_FIRMS = 3
DOMINANCE = 0.85
PROTECTION = 0.10

FEW_FIRMS = "few firms"
DOMINATED = "one firm dominates"
SECONDARY = "protects another cell"


class UnfitTable(ValueError):
    """Matrices that do not describe one table."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Which cells of a table with totals must not be published.

    mask
        Shape (rows + 1, columns + 1), True = hidden; the last row and column are the totals.
    reasons
        Same shape: "", "few firms", "one firm dominates" or "protects another cell".
    """

    mask: Mask
    reasons: Reasons

    @property
    def cells(self) -> Mask:
        """The mask without the totals, shape (rows, columns)."""
        return self.mask[:-1, :-1]


def with_totals(table: Matrix) -> Matrix:
    """The table with a last row and column of sums."""
    rows = np.vstack([table, table.sum(axis=0)])
    return np.asarray(np.column_stack([rows, rows.sum(axis=1)]))


def _with_largest(values: Matrix, shares: Matrix) -> Matrix:
    """Value of the largest firm of each cell and total, every firm lying in one cell."""
    largest = np.where(values > 0, values * shares, 0.0)
    rows = np.vstack([largest, largest.max(axis=0)])
    return np.asarray(np.column_stack([rows, rows.max(axis=1)]))


def _check(values: Matrix, counts: Counts, shares: Matrix) -> None:
    if values.ndim != 2 or 0 in values.shape:
        raise UnfitTable("A table needs at least one row and one column.")
    if not values.shape == counts.shape == shares.shape:
        raise UnfitTable(f"Values {values.shape}, counts {counts.shape} and shares {shares.shape} differ in shape.")
    wrong = ~np.isfinite(values) | (values < 0) | (counts < 0) | ~(shares >= 0) | ~(shares <= 1)
    wrong |= (counts == 0) & (values > 0)
    if wrong.any():
        row, column = (int(index) for index in np.argwhere(wrong)[0])
        raise UnfitTable(
            f"Row {row}, column {column} is wrong: value {values[row, column]}, firms {counts[row, column]}, "
            f"largest share {shares[row, column]}. Values and counts are 0 or more, shares between 0 and 1."
        )


@dataclass
class _Table:
    """A table with totals while cells are being hidden."""

    values: Matrix
    counts: Counts
    largest: Matrix
    mask: Mask
    signs: Matrix
    cost: Matrix

    @classmethod
    def of(cls, values: Matrix, counts: Counts, shares: Matrix) -> _Table:
        full = with_totals(values)
        signs = np.ones_like(full)
        signs[-1, :] *= -1
        signs[:, -1] *= -1
        # The value lost, and a little for each cell: of two equal ways the one with fewer cells is taken.
        cost = full / max(float(full[-1, -1]), 1e-300) + 1.0 / full.size
        counted = with_totals(counts.astype(np.float64)).astype(np.int64)
        return cls(full, counted, _with_largest(values, shares), np.zeros(full.shape, np.bool_), signs, cost)

    def can_move(self, cell: Cell, change: float, amount: float) -> bool:
        """Whether the cell can take part in a path: empty cells stay, and none may go below zero."""
        if self.counts[cell] == 0:
            return False
        return change > 0 or bool(self.values[cell] >= amount > 0)

    def steps(self, node: int, change: float, amount: float) -> Iterator[tuple[int, Cell, float]]:
        """From a row to columns or from a column to rows: next node, the cell between, its cost."""
        rows, columns = self.values.shape
        from_row = node < rows
        for other in range(columns if from_row else rows):
            cell = (node, other) if from_row else (other, node - rows)
            signed = -change if from_row else change
            if self.can_move(cell, signed * float(self.signs[cell]), amount):
                yield (
                    other + rows if from_row else other,
                    cell,
                    0.0 if self.mask[cell] else float(self.cost[cell]),
                )

    def cheapest_path(self, cell: Cell, direction: float, amount: float) -> list[Cell] | None:
        """Cells that balance a change of ``cell`` by ``amount`` (direction 1 up, −1 down) at least cost."""
        rows = self.values.shape[0]
        start, goal = cell[0], rows + cell[1]
        change = direction * float(self.signs[cell])
        reached: dict[int, float] = {start: 0.0}
        before: dict[int, tuple[int, Cell]] = {}
        queue = [(0.0, start)]
        while queue:
            cost, node = heapq.heappop(queue)
            if node == goal:
                return _walk_back(before, start, goal)
            if cost > reached[node]:
                continue
            for other, between, extra in self.steps(node, change, amount):
                if between != cell and cost + extra < reached.get(other, np.inf):
                    reached[other] = cost + extra
                    before[other] = (node, between)
                    heapq.heappush(queue, (cost + extra, other))
        return None

    def protect(self, cell: Cell, protection: float) -> None:
        """Hide what is needed so that the cell could be higher and lower by this part of its value."""
        value = float(self.values[cell])
        amount = protection * value if value > 0 else self._smallest()
        for direction in (1.0, -1.0) if value > 0 else (1.0,):
            path = self.cheapest_path(cell, direction, amount)
            if path is None:
                continue
            for other in path:
                self.mask[other] = True

    def _smallest(self) -> float:
        positive = self.values[self.values > 0]
        return float(positive.min()) if positive.size else 1.0


def _walk_back(before: dict[int, tuple[int, Cell]], start: int, goal: int) -> list[Cell]:
    cells, node = [], goal
    while node != start:
        node, cell = before[node]
        cells.append(cell)
    return cells


def _primary(table: _Table, minimum_firms: int, dominance: float) -> Reasons:
    dominated = table.largest > dominance * table.values
    reasons = np.where(dominated & (table.counts > 0) & (table.values > 0), DOMINATED, "").astype("<U24")
    reasons[(table.counts > 0) & (table.counts < minimum_firms)] = FEW_FIRMS
    return reasons


def _lines(table: _Table) -> Iterator[tuple[list[Cell], Cell]]:
    """The cells of each row and column, and the total they add up to."""
    rows, columns = table.values.shape
    for row in range(rows):
        yield [(row, column) for column in range(columns - 1)], (row, columns - 1)
    for column in range(columns):
        yield [(row, column) for row in range(rows - 1)], (rows - 1, column)


def _gives_away(table: _Table, cells: list[Cell], minimum_firms: int, dominance: float) -> bool:
    """Whether the hidden cells of a line, whose sum is known, would together be a cell to hide."""
    hidden = [cell for cell in cells if table.mask[cell]]
    if not hidden:
        return False
    total = sum(float(table.values[cell]) for cell in hidden)
    firms = sum(int(table.counts[cell]) for cell in hidden)
    largest = max(float(table.largest[cell]) for cell in hidden)
    return firms < minimum_firms or (total > 0 and largest > dominance * total)


def _widen(table: _Table, minimum_firms: int, dominance: float) -> list[Cell]:
    """Hide one more cell in each line whose hidden cells can be added up to a cell to hide."""
    added = []
    for cells, total in _lines(table):
        if table.mask[total] or not _gives_away(table, cells, minimum_firms, dominance):
            continue
        shown = [cell for cell in cells if not table.mask[cell] and table.counts[cell] > 0]
        chosen = min(shown, key=lambda cell: float(table.cost[cell]), default=total)
        table.mask[chosen] = True
        added.append(chosen)
    return added


def suppress(
    values: Matrix,
    counts: Counts,
    largest_shares: Matrix,
    *,
    minimum_firms: int = MINIMUM_FIRMS,
    dominance: float = DOMINANCE,
    protection: float = PROTECTION,
) -> Suppression:
    """Decide which cells of a table with totals must not be published.

    Parameters
    ----------
    values
        Shape (rows, columns), 0 or more: what the table shows (rupiah, workers, firms).
    counts
        Same shape: firms in each cell. A cell without firms is published as 0.
    largest_shares
        Same shape, 0–1: share of the largest firm in its cell's value (anything where the value is 0). Every
        firm lies in one cell.
    minimum_firms, dominance
        The primary rule.
    protection
        Every cell hidden by the primary rule could, for all an outsider can deduce, be higher and lower by at
        least this part of its value. Cells hidden to protect others are never determined either.

    Returns
    -------
    Suppression
        Mask and reasons, totals included. Hidden cells of one row or column, whose sum can be computed where
        the total is shown, also fulfil the primary rule together: neither outsiders nor a firm that knows its
        own figure can undo them. Where a line has nothing else to hide, its total is hidden.

    Raises
    ------
    UnfitTable
        If shapes differ or a number is impossible, with its row and column.
    """
    values, shares = np.asarray(values, np.float64), np.asarray(largest_shares, np.float64)
    counts = np.asarray(counts, np.int64)
    _check(values, counts, shares)
    table = _Table.of(values, counts, shares)
    reasons = _primary(table, minimum_firms, dominance)
    table.mask |= reasons != ""
    primary = [(int(row), int(column)) for row, column in np.argwhere(table.mask)]
    # The largest first: what hides them often hides the small ones as well.
    waiting = sorted(primary, key=lambda cell: -float(table.values[cell]))
    while waiting:
        for cell in waiting:
            table.protect(cell, protection)
        waiting = _widen(table, minimum_firms, dominance)
    reasons[table.mask & (reasons == "")] = SECONDARY
    return Suppression(table.mask, reasons)


def feasible_ranges(full: Matrix, mask: Mask) -> tuple[Matrix, Matrix]:
    """What an outsider can deduce about hidden cells: least and greatest value each can have.

    The outsider knows every cell that is shown, that rows and columns add up, and that nothing is below zero.

    Parameters
    ----------
    full
        Table with totals (:func:`with_totals`), shape (rows + 1, columns + 1).
    mask
        Same shape, True where hidden.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper bounds, same shape; for shown cells both are the value; an upper bound may be inf. A
        hidden cell whose bounds meet is disclosed.
    """
    hidden = [(int(row), int(column)) for row, column in np.argwhere(mask)]
    lower, upper = full.astype(np.float64).copy(), full.astype(np.float64).copy()
    if not hidden:
        return lower, upper
    scale = max(float(full.max()), 1.0)
    equations, right = _equations(full / scale, mask, hidden)
    for index, cell in enumerate(hidden):
        lower[cell] = scale * _least(equations, right, index, 1.0)
        upper[cell] = -scale * _least(equations, right, index, -1.0)
    return lower, upper


def _least(equations: Matrix, right: Matrix, index: int, sign: float) -> float:
    """Least value of ``sign`` times one hidden cell; −inf when there is no bound."""
    objective = np.zeros(equations.shape[1])
    objective[index] = sign
    from scipy.optimize import linprog  # noqa: PLC0415  large, and pages that hide nothing do without it

    found = linprog(objective, A_eq=equations, b_eq=right, bounds=(0, None), method="highs")
    if found.status not in {0, 3}:
        raise UnfitTable(f"Rows and columns of the table do not add up to its totals ({found.message}).")
    return float(found.fun) if found.status == 0 else -np.inf


def _equations(full: Matrix, mask: Mask, hidden: list[Cell]) -> tuple[Matrix, Matrix]:
    """Rows and columns as equations over the hidden cells."""
    rows, columns = full.shape
    signs = np.ones_like(full)
    signs[-1, :] *= -1
    signs[:, -1] *= -1
    shown = np.where(mask, 0.0, full * signs)
    equations = np.zeros((rows + columns, len(hidden)))
    for index, (row, column) in enumerate(hidden):
        equations[row, index] = equations[rows + column, index] = signs[row, column]
    return equations, -np.concatenate([shown.sum(axis=1), shown.sum(axis=0)])
