"""The linear and whole-number programmes over chosen pairs, solved by HiGHS.

A programme has one column per chosen pair, and beside them the shortfall of the floor and of each panel, so that it
always has a solution and always has prices. Rows are written as "at most", panels as "exactly". A price says what a unit
of a row is worth; with the prices a pair that is not among the chosen can be judged without solving again: its profit is
what it adds less what it costs, and no pair with a negative profit could improve the programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, hstack, vstack

if TYPE_CHECKING:
    from gebyar.methods.panels.task import BoolArray, FloatArray, IntArray, PanelTask

MOST_GRADES = 400
NOTHING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Chosen pairs: entry and judge of each, both of shape (columns,), without repetitions."""

    entry: IntArray
    judge: IntArray

    def __len__(self) -> int:
        return len(self.entry)

    def take(self, chosen: BoolArray) -> Columns:
        """The pairs at which the mask is true."""
        return Columns(self.entry[chosen], self.judge[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """A row that keeps panels together: these entries share a judge with others, whatever judges they had.

    If entries and judges were split so that no pair crosses, panels would fall apart; so at least one pair crosses.
    """

    entries: BoolArray
    judges: BoolArray

    def crosses(self, entry: IntArray, judge: IntArray) -> BoolArray:
        """Which pairs cross the split."""
        return np.asarray(self.entries[entry] != self.judges[judge])


@dataclass(frozen=True, slots=True, eq=False)
class Floor:
    """Entries whose sum of affinity must reach a value, so far as that was needed."""

    entries: IntArray
    value: float

    def with_entries(self, more: IntArray) -> Floor:
        """The same with more entries."""
        return Floor(np.union1d(self.entries, more), self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Worth of a unit of each row but those of panels; `most` and `least` per judge, `floor` per entry."""

    most: FloatArray
    least: FloatArray
    floor: FloatArray
    mixes: tuple[FloatArray, ...]
    ties: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """A solution with fractions.

    Attributes
    ----------
    shares
        float, shape (columns,).
    value
        What was maximised.
    missing
        By how much the floor is not reached.
    lacking
        Judges that panels, least loads, mixes and ties lack in all.
    prices
        Worth of each row.
    """

    shares: FloatArray
    value: float
    missing: float
    lacking: float
    prices: Prices


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """What the whole-number programme came to: the chosen columns, or None, and whether nothing is left to try."""

    chosen: BoolArray | None
    bound: float
    finished: bool


class Programme:
    """The rows of a task; see the module.

    Parameters
    ----------
    task
        The task.

    Attributes
    ----------
    scale
        The range of affinities.
    open, fixed
        bool, shape (entries, judges): pairs that may be, and that must be.
    busy
        Judges who must have entries.
    grain
        Affinities are multiples of it; 0 when they are not so coarse.
    gain
        float, shape (entries, judges): affinities, equals told apart by less than could ever matter.
    ties
        Rows that keep panels together.
    """

    def __init__(self, task: PanelTask) -> None:
        self.task = task
        self.scale = float(np.ptp(task.affinity)) or float(np.abs(task.affinity).max()) or 1.0
        self.open = task.open_pairs()
        self.fixed = np.zeros(task.affinity.shape, dtype=bool)
        for pair in task.fixed:
            self.fixed[pair] = True
        self.busy = np.flatnonzero(task.least > 0)
        self.grain = grain(task.affinity, self.scale)
        self.gain = tilted(task, self.grain)
        self.ties: list[Tie] = []

    def relax(
        self,
        columns: Columns,
        floor: Floor,
        *,
        held: BoolArray,
        weight: float,
        penalty: float,
        seconds: float,
    ) -> Relaxed | None:
        """Maximise weight × total − penalty × shortfall of the floor; columns that are held are taken in full.

        Returns
        -------
        Relaxed or None
            None when the time did not suffice.
        """
        task, loose = self.task, columns.take(~held)
        full = 1.0 if task.cap is None else task.cap  # of a pair that is held; fixed pairs are never among them
        rows, right, demands = self._rows(loose, floor)
        already, _, _ = self._rows(columns.take(held), floor)
        right -= full * np.asarray(already.sum(axis=1)).ravel()
        places = task.coverage - full * np.bincount(columns.entry[held], minlength=task.entries)
        # One column for what each panel lacks, one for each other demand, one for the floor.
        spare = task.entries + len(demands) + 1
        lack = self.scale * (1000.0 * weight + 10.0 * penalty)
        worth = np.concatenate([weight * self._gain(loose), np.full(spare - 1, -lack), [-penalty]])
        cover = hstack([_marks(loose.entry, task.entries), _at(np.arange(task.entries), 0, task.entries, spare)])
        reach = np.arange(rows.shape[0] - len(floor.entries), rows.shape[0])
        rows = hstack([rows, -_at(demands, task.entries, rows.shape[0], spare) - _last(reach, rows.shape[0], spare)])
        low, high = self._bounds(loose)
        in_doubt = np.bincount(loose.entry, minlength=task.entries) > 0
        open_panels = np.flatnonzero((places > NOTHING) | in_doubt)
        found = linprog(
            -worth,
            A_ub=csr_matrix(rows),
            b_ub=right,
            A_eq=csr_matrix(cover)[open_panels],
            b_eq=places[open_panels],
            bounds=np.column_stack([np.append(low, np.zeros(spare)), np.append(high, np.full(spare, np.inf))]),
            method="highs-ds",
            options={"time_limit": max(seconds, 0.01)},
        )
        if found.status != 0:
            return None
        count = len(loose)
        shares = np.where(held, full, 0.0)
        shares[~held] = found.x[:count]
        value = float(-found.fun) + weight * full * float(self._gain(columns.take(held)).sum())
        prices = self._prices(-found.ineqlin.marginals, floor)
        return Relaxed(shares, value, float(found.x[-1]), float(found.x[count:-1].sum()), prices)

    def whole(
        self,
        columns: Columns,
        floor: Floor,
        *,
        kept: BoolArray,
        gap: float,
        seconds: float,
        nodes: int | None = None,
        worth: FloatArray | None = None,
    ) -> Whole:
        """Maximise the total (or another worth of columns) in whole numbers.

        Parameters
        ----------
        columns, floor
            What may be chosen, and what entries must reach.
        kept
            bool, shape (columns,): columns that must be chosen.
        gap
            Relative distance to the bound at which to stop.
        seconds, nodes
            Limits of the search.
        worth
            float, shape (columns,); the affinity when None.
        """
        rows, right, _ = self._rows(columns, floor)
        worth = self._gain(columns) if worth is None else worth
        low, high = self._bounds(columns)
        options: dict[str, Any] = {"time_limit": max(seconds, 0.01), "mip_rel_gap": gap}
        if nodes is not None:
            options["node_limit"] = nodes
        found = milp(
            -worth,
            integrality=np.ones(len(columns)),
            bounds=Bounds(np.maximum(low, kept), np.where(high > 0, 1.0, 0.0)),
            constraints=[
                LinearConstraint(_marks(columns.entry, self.task.entries), self.task.coverage, self.task.coverage),
                LinearConstraint(rows, -np.inf, right),
            ],
            options=options,
        )
        chosen = None if found.x is None else found.x > 0.5
        dual = getattr(found, "mip_dual_bound", None)
        return Whole(chosen, np.inf if dual is None else -float(dual), finished=found.status in {0, 2})

    def judged(self, prices: Prices, floor: Floor, weight: float) -> tuple[FloatArray, float]:
        """The profit of every pair at given prices, and the bound that the prices prove.

        With prices on all rows but those of panels, each panel takes its best judges by itself (Lagrange). What it takes
        has a profit of at least 0, what it leaves one of at most 0.

        Returns
        -------
        tuple
            float, shape (entries, judges), −∞ where a pair may not be; and the bound.
        """
        task = self.task
        value = (weight * self.gain) if weight != 1.0 else self.gain.copy()
        value += prices.floor[:, None] * task.affinity
        value += prices.least - prices.most
        for mix, worth in zip(task.mixes, prices.mixes, strict=True):
            value[np.ix_(task.mix_entries(mix), np.flatnonzero(task.mix_mask(mix)))] += worth[:, None]
        for tie, worth in zip(self.ties, prices.ties, strict=True):
            value[tie.entries[:, None] != tie.judges] += worth
        value[~self.open] = -np.inf
        bound = float(
            prices.most @ task.most - prices.least @ task.least - prices.floor.sum() * max(floor.value, -1e300)
        )
        bound -= sum(mix.least * float(worth.sum()) for mix, worth in zip(task.mixes, prices.mixes, strict=True))
        bound -= float(prices.ties.sum())
        profit, taken = self._panels(value)
        return profit, bound + taken

    def _panels(self, value: FloatArray) -> tuple[FloatArray, float]:
        """Let each panel take its best judges: profits over the price of its last place, and what all take."""
        task = self.task
        cap = 1.0 if task.cap is None else task.cap
        fixed = np.array([float(value[pair]) for pair in task.fixed]).sum() if task.fixed else 0.0
        free = task.coverage - np.bincount([entry for entry, _ in task.fixed], minlength=task.entries)
        loose = value
        if task.fixed:
            loose = value.copy()
            loose[self.fixed] = -np.inf
        places = np.ceil(free / cap - 1e-9).astype(np.int64)
        deep = int(min(places.max() + 1, task.judges))
        top = -np.sort(np.partition(-loose, deep - 1, axis=1)[:, :deep], axis=1)
        rank = np.arange(deep)
        shares = np.clip(free[:, None] - cap * rank, 0.0, cap)
        taken = float((np.where(np.isfinite(top), top, 0.0) * shares).sum())
        row = np.arange(task.entries)
        last = top[row, np.minimum(np.maximum(places, 1), deep) - 1]
        after = np.where(places < deep, top[row, np.minimum(places, deep - 1)], -np.inf)
        partly = np.abs(free - cap * places) > 1e-9
        level = np.where(partly | ~np.isfinite(after), last, (last + after) / 2)
        level = np.where(places == 0, np.where(np.isfinite(after), after, 0.0), level)
        level = np.where(np.isfinite(level), level, 0.0)
        return value - level[:, None], taken + fixed

    def places(self) -> IntArray:
        """How many judges a panel needs at least to fill it, with shares of at most the cap; shape (entries,)."""
        cap = 1.0 if self.task.cap is None else self.task.cap
        return np.ceil(self.task.coverage / cap - 1e-9).astype(np.int64)

    def no_prices(self) -> Prices:
        """Prices of nothing."""
        task = self.task
        mixes = tuple(np.zeros(len(task.mix_entries(mix))) for mix in task.mixes)
        return Prices(
            np.zeros(task.judges), np.zeros(task.judges), np.zeros(task.entries), mixes, np.zeros(len(self.ties))
        )

    def no_floor(self) -> Floor:
        """No entry is held to anything."""
        return Floor(np.zeros(0, dtype=np.int64), 0.0)

    def _affinity(self, columns: Columns) -> FloatArray:
        return np.asarray(self.task.affinity[columns.entry, columns.judge])

    def _gain(self, columns: Columns) -> FloatArray:
        return np.asarray(self.gain[columns.entry, columns.judge])

    def _bounds(self, columns: Columns) -> tuple[FloatArray, FloatArray]:
        fixed = self.fixed[columns.entry, columns.judge]
        cap = 1.0 if self.task.cap is None else self.task.cap
        return fixed.astype(float), np.where(fixed, 1.0, cap)

    def _rows(self, columns: Columns, floor: Floor) -> tuple[Any, FloatArray, IntArray]:
        """Rows and right sides of "at most", those of the floor last; and which rows demand pairs."""
        task = self.task
        loads = _marks(columns.judge, task.judges)
        blocks, right = [loads, -loads[self.busy]], [task.most, -task.least[self.busy]]
        for mix in task.mixes:
            entries = task.mix_entries(mix)
            blocks.append(-_marks(columns.entry, task.entries, task.mix_mask(mix)[columns.judge])[entries])
            right.append(np.full(len(entries), -mix.least))
        for tie in self.ties:
            blocks.append(csr_matrix(-tie.crosses(columns.entry, columns.judge).astype(float)))
            right.append(np.array([-1]))
        demands = np.arange(task.judges, sum(block.shape[0] for block in blocks))
        blocks.append(-_marks(columns.entry, task.entries, self._affinity(columns))[floor.entries])
        right.append(np.full(len(floor.entries), -floor.value))
        return csr_matrix(vstack(blocks)), np.concatenate(right).astype(float), demands

    def _prices(self, worth: FloatArray, floor: Floor) -> Prices:
        """Cut the prices of all rows into their parts, in the order of `_rows`."""
        task = self.task
        sizes = [task.judges, len(self.busy), *(len(task.mix_entries(mix)) for mix in task.mixes), len(self.ties)]
        most, busy, *rest = np.split(np.maximum(worth, 0.0), np.cumsum(sizes))
        least, reach = np.zeros(task.judges), np.zeros(task.entries)
        least[self.busy] = busy
        reach[floor.entries] = rest[-1]
        return Prices(most, least, reach, tuple(rest[:-2]), rest[-2])


def sums_of(task: PanelTask, columns: Columns, shares: FloatArray) -> FloatArray:
    """The affinity that each entry gets, shape (entries,)."""
    gain = task.affinity[columns.entry, columns.judge] * shares
    return np.asarray(np.bincount(columns.entry, gain, minlength=task.entries), dtype=np.float64)


def columns_of(mask: BoolArray) -> Columns:
    """The pairs at which a mask over entries × judges is true."""
    entry, judge = np.nonzero(mask)
    return Columns(entry.astype(np.int64), judge.astype(np.int64))


def grain(affinity: FloatArray, scale: float) -> float:
    """The number that all affinities are multiples of, when there are few different ones; else 0."""
    some = np.unique(np.round(affinity[: max(1, 20_000 // affinity.shape[1])], 9))
    if len(some) > MOST_GRADES:
        return 0.0
    grades = np.unique(np.round(affinity, 9))
    if len(grades) > MOST_GRADES:
        return 0.0
    whole = np.round(np.abs(grades) * 1e6).astype(np.int64)
    step = float(np.gcd.reduce(whole)) / 1e6
    fits = step > scale / MOST_GRADES and bool(np.all(np.abs(grades - np.round(grades / step) * step) < 1e-8))
    return step if fits else 0.0


def tilted(task: PanelTask, step: float) -> FloatArray:
    """Affinities with less than half a grain in all laid upon them, drawn: who wins among equals is a lottery.

    Where affinities are coarse, most of an assignment is a choice among equals. What is laid upon them cannot change the
    best total, since totals differ by whole grains. The order of entries and judges was drawn from the seed already.
    """
    size = step / (2.0 * float(task.coverage.sum()))
    if size < 1e-6 * max(1.0, float(np.ptp(task.affinity))):
        return task.affinity
    return task.affinity + size * np.random.default_rng(0).random(task.affinity.shape)


def _marks(row: IntArray, count: int, value: Any = 1.0) -> Any:
    """A matrix with one mark per column, in the row named for it."""
    values = np.broadcast_to(np.asarray(value, dtype=float), row.shape)
    return csr_matrix((values, (row, np.arange(len(row)))), shape=(count, len(row)))


def _at(row: IntArray, column: int, height: int, width: int) -> Any:
    """Ones in the given rows, each in a column of its own, from `column` on."""
    return csr_matrix((np.ones(len(row)), (row, column + np.arange(len(row)))), shape=(height, width))


def _last(row: IntArray, height: int, width: int) -> Any:
    """Ones in the given rows of the last column."""
    return csr_matrix((np.ones(len(row)), (row, np.full(len(row), width - 1))), shape=(height, width))
