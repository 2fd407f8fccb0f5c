"""From fractions to whole judges: the best whole assignment, and the proof of it.

Above a floor the linear programme gives a bound and the profit of every pair. A whole assignment that is worse than the
bound by less than d cannot hold a pair with a profit below −d, nor lack a pair with a profit above d (reduced-cost
fixing). So a whole-number programme over the few pairs within d, which finds an assignment that near to the bound, has
proven it best over all pairs; if it finds a worse one, d grows to exactly what is missing, and the second answer is final.

Where whole judges cannot hold the floor of the fractions, the highest floor that they can hold is found by halving.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.panels.floor import NEAR, NO_ENTRIES, Lacking, Raised, hold_floor, on_grain
from gebyar.methods.panels.pricing import FEW, OutOfTime, first_profits
from gebyar.methods.panels.programme import Columns, Floor, columns_of, sums_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from gebyar.methods.panels.pricing import Priced
    from gebyar.methods.panels.programme import Programme, Whole
    from gebyar.methods.panels.task import FloatArray, IntArray

FIRST_STEP = 1e-3  # below the floor of the fractions, as a share of the range of affinities
PROOF = 2e-6  # of the range: how far above the floor found the next one is tried
ROUGH = 1e-3
HALVINGS = 40
HALVINGS_OF_MANY = 5
FEW_NODES = 200
NODES = 20_000
MARGIN = 0.1  # of the range: entries so little above the floor get a row when others fell below
ENOUGH = 0.005  # relative distance to the bound that is not worth more nodes
WIDER = 3.0
PATIENCE = 0.35  # share of the time left that one floor may take
MOST_COLUMNS = 30_000  # a wider circle than this is left to the bound in large tasks


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A whole assignment and what is known of it.

    Attributes
    ----------
    chosen
        Its pairs.
    worst, total
        Its figures.
    worst_bound, total_bound
        No assignment has a better worst-off entry; none with a worst-off entry like this one has a larger total.
    cut_short
        A clock ended the search for a better one.
    """

    chosen: Columns
    worst: float
    total: float
    worst_bound: float
    total_bound: float
    cut_short: bool


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """A search above one floor: the pairs, or None; whether it is proven that there are none; the bound of the total."""

    chosen: Columns | None
    impossible: bool
    bound: float
    cut_short: bool


class Settler:
    """Finds whole assignments of a programme.

    Parameters
    ----------
    programme
        The rows.
    deadline
        When to stop, on `perf_counter`.
    progress
        Told in words what is being done.
    """

    def __init__(self, programme: Programme, deadline: float, progress: Callable[[str], None]) -> None:
        self.programme = programme
        self.deadline = deadline
        self.progress = progress
        self.start: Priced | None = None
        self.again = 0  # how often entries fell below the floor
        self.many = int(np.count_nonzero(programme.open)) > 10 * FEW

    def settle(self, raised: Raised, begun: Settled | None = None) -> Settled:
        """The best whole assignment.

        Parameters
        ----------
        raised
            The solution with fractions.
        begun
            An assignment that is there already; when it is near the bounds, no long search is made.

        Raises
        ------
        OutOfTime, Lacking
            None was found in time; there is none.
        """
        self.start = raised.priced
        held = None if begun is None else self._held(begun, raised)
        first = self.attempt(raised, gap=0.0, patience=PATIENCE, near_already=held is not None)
        if held is not None and (first.chosen is None or self._total(first.chosen) < held.total):
            bound = max(held.total, min(held.total_bound, self._on_grain(first.bound)))
            return replace(held, total_bound=bound, cut_short=first.cut_short)
        if first.chosen is not None:
            return self._settled(first.chosen, raised.bound, first)
        return self._search(raised, cut_short=first.cut_short)

    def _held(self, begun: Settled, raised: Raised) -> Settled | None:
        """An assignment with the bounds of a solution with fractions, if it holds its floor and is near its total."""
        bound = raised.priced.bound
        if begun.worst < raised.floor.value - NEAR * self.programme.scale or bound - begun.total > ENOUGH * abs(bound):
            return None
        bounds = (max(raised.bound, begun.worst), max(self._on_grain(bound), begun.total))
        return replace(begun, worst_bound=bounds[0], total_bound=bounds[1])

    def attempt(self, raised: Raised, *, gap: float, patience: float = 1.0, near_already: bool = False) -> Attempt:
        """Search above the floor of a solution with fractions, in wider and wider circles around it.

        Parameters
        ----------
        raised
            The solution.
        gap
            Relative distance to the bound at which to stop.
        patience
            Share of the time left that it may take.
        near_already
            There is an assignment already that a long search could not add much to.
        """
        until = perf_counter() + patience * (self.deadline - perf_counter())
        programme, near = self.programme, NEAR * self.programme.scale
        priced, best = raised.priced, self._whole_already(raised)
        width = self._first_width(priced.profit)
        if best is not None:
            return Attempt(best, impossible=False, bound=priced.bound, cut_short=False)
        every, bound = np.count_nonzero(programme.open), priced.bound
        while True:
            inside = (programme.open & (priced.profit >= -width)) | programme.fixed
            columns = columns_of(inside)
            width = np.inf if len(columns) == every else width
            if self.many and len(columns) - np.count_nonzero(priced.profit > width) > MOST_COLUMNS:
                return Attempt(best, impossible=False, bound=bound, cut_short=False)
            whole = self._whole(columns, raised, width, gap=gap, until=until, nodes=NODES if self.many else FEW_NODES)
            found = [best] if best is not None else []
            found += [columns.take(whole.chosen)] if whole.chosen is not None else []
            if not (self.many or whole.finished or near_already) and not self._is_near(found, min(bound, whole.bound)):
                longer = self._whole(columns, raised, width, gap=gap, until=until, nodes=NODES)
                whole = longer if longer.chosen is not None or whole.chosen is None else whole
            if whole.chosen is not None:
                best = self._larger(best, columns.take(whole.chosen))
                below = self._below(best, raised.floor)
                if len(below):
                    again = hold_floor(programme, priced, raised.floor.with_entries(below), self.deadline)
                    lifted = Raised(again.floor, again.priced, raised.bound)
                    return self.attempt(lifted, gap=gap, patience=patience, near_already=near_already)
            value = -np.inf if best is None else float(programme.gain[best.entry, best.judge].sum())
            # Whatever is better lies within the columns, or is worse than the bound by more than the width.
            bound = min(priced.bound, max(value, whole.bound, priced.bound - width))
            missing = priced.bound - value
            is_best = best is not None and (
                missing <= max(width, gap * abs(priced.bound)) + near
                or self._on_grain(bound) <= self._total(best) + near
            )
            if is_best or not whole.finished or width == np.inf:
                impossible = best is None and whole.finished and width == np.inf
                return Attempt(best, impossible, bound, cut_short=not whole.finished and perf_counter() >= until)
            width = missing + near if best is not None else WIDER * width + near

    def _whole_already(self, raised: Raised) -> Columns | None:
        """The solution with fractions when it has none."""
        if not raised.priced.is_whole:
            return None
        chosen = columns_of(raised.priced.shares > 0.5)
        lowest = raised.floor.value - 4 * NEAR * self.programme.scale
        return chosen if raised.priced.relaxed.missing <= 0 or self._worst(chosen) >= lowest else None

    def _larger(self, best: Columns | None, found: Columns) -> Columns:
        """The assignment with the larger total; the newer one among equals."""
        gain = self.programme.gain
        if best is None or gain[found.entry, found.judge].sum() >= gain[best.entry, best.judge].sum():
            return found
        return best

    def _is_near(self, found: list[Columns], bound: float) -> bool:
        """Whether a longer search could not add much to one of these."""
        totals = [float(self.programme.gain[one.entry, one.judge].sum()) for one in found]
        return any(bound - total <= ENOUGH * abs(bound) for total in totals)

    def _whole(self, columns: Columns, raised: Raised, width: float, *, gap: float, until: float, nodes: int) -> Whole:
        """Solve over the columns; those that no assignment within the width lacks are kept."""
        kept = raised.priced.profit[columns.entry, columns.judge] > width
        floor = Floor(raised.floor.entries, raised.floor.value - NEAR * self.programme.scale)
        return self.programme.whole(
            columns,
            floor,
            kept=kept,
            gap=gap,
            seconds=until - perf_counter(),
            nodes=nodes,
        )

    def _first_width(self, profit: FloatArray) -> float:
        """So wide that some pairs for each place of a panel are in doubt."""
        aimed = max(FEW // 2, self.programme.task.entries)
        distance = np.abs(profit[self.programme.open])
        return np.inf if aimed >= len(distance) else float(np.partition(distance, aimed)[aimed])

    def _below(self, chosen: Columns, floor: Floor) -> IntArray:
        """Entries without a row that fell below the floor; in smaller tasks also those that could be next."""
        sums = self._sums(chosen)
        below = np.setdiff1d(np.flatnonzero(sums < floor.value - 4 * NEAR * self.programme.scale), floor.entries)
        if self.many or not len(below):
            return below
        margin = MARGIN * (1 + self.again) * self.programme.scale
        self.again += 1
        return np.setdiff1d(np.flatnonzero(sums < floor.value + margin), floor.entries)

    def compared(self, chosen: Columns, settled: Settled) -> Settled:
        """An assignment that was made from another, with the bounds that hold for it."""
        worst = self._worst(chosen)
        start = first_profits(self.programme) if self.start is None else self.start
        held = hold_floor(self.programme, start, Floor(NO_ENTRIES, worst), self.deadline)
        bound = self._on_grain(held.priced.bound)
        return replace(settled, chosen=chosen, worst=worst, total=self._total(chosen), total_bound=bound)

    def _search(self, raised: Raised, *, cut_short: bool) -> Settled:
        """The highest floor that whole judges hold: down in growing steps, then up by halving and by trying just above."""
        search = _Search(self.programme, raised, cut_short=cut_short, many=self.many)
        while (value := search.next_value()) is not None:
            try:
                held = hold_floor(self.programme, search.start, Floor(search.entries, value), self.deadline)
                tried = self.attempt(held, gap=ROUGH, patience=PATIENCE / 2)
            except OutOfTime:
                search.cut_short = True
                break
            search.learn(value, held, tried, None if tried.chosen is None else self._worst(tried.chosen))
            self.progress(f"floor {max(search.low, 0.0):.4f} to {search.bound:.4f}")
        return self._finish(search)

    def _any(self, start: Priced) -> Columns:
        """An assignment whatever its floor."""
        held = hold_floor(self.programme, start, Floor(NO_ENTRIES, -np.inf), self.deadline)
        tried = self.attempt(held, gap=ROUGH)
        if tried.chosen is None:
            raise Lacking if tried.impossible else OutOfTime
        return tried.chosen

    def _finish(self, search: _Search) -> Settled:
        """Largest total at the floor that was found."""
        best = self._any(search.start) if search.best is None else search.best
        low = self._worst(best)
        try:
            held = hold_floor(self.programme, search.start, Floor(search.entries, low), self.deadline)
            last = self.attempt(Raised(held.floor, held.priced, search.bound), gap=0.0)
        except OutOfTime:
            return Settled(best, low, self._total(best), search.bound, np.inf, cut_short=True)
        found = self._settled(best if last.chosen is None else last.chosen, search.bound, last)
        return replace(found, cut_short=search.cut_short or last.cut_short)

    def _settled(self, chosen: Columns, worst_bound: float, attempt: Attempt) -> Settled:
        total = self._total(chosen)
        bound = max(total, self._on_grain(attempt.bound))
        return Settled(
            chosen, self._worst(chosen), total, self._on_grain(worst_bound), bound, cut_short=attempt.cut_short
        )

    def _worst(self, chosen: Columns) -> float:
        return float(self._sums(chosen).min())

    def _total(self, chosen: Columns) -> float:
        return float(self._sums(chosen).sum())

    def _on_grain(self, bound: float) -> float:
        return on_grain(self.programme, bound) if np.isfinite(bound) else bound

    def _sums(self, chosen: Columns) -> FloatArray:
        return sums_of(self.programme.task, chosen, np.ones(len(chosen)))


class _Search:
    """Where the highest floor that whole judges hold must lie."""

    def __init__(self, programme: Programme, raised: Raised, *, cut_short: bool, many: bool) -> None:
        self.scale, self.grain, self.many = programme.scale, programme.grain, many
        self.entries, self.start = raised.floor.entries, raised.priced
        self.high, self.bound, self.low = raised.floor.value, raised.bound, -np.inf
        self.best: Columns | None = None
        self.cut_short = cut_short
        self._step = max(FIRST_STEP * self.scale, self.grain)
        self._left = HALVINGS_OF_MANY if many else HALVINGS
        self._just_above = False

    def next_value(self) -> float | None:
        """The next floor to try; None when there is nothing left to learn."""
        self._left -= 1
        if self._left < 0:
            return None
        if self.best is None:
            return self.high - self._step
        gap = max(PROOF * self.scale, 0.5 * self.grain)
        if self.high - self.low <= gap:
            return None
        return self.low + gap if self._just_above else (self.low + self.high) / 2

    def learn(self, value: float, held: Raised, tried: Attempt, worst: float | None) -> None:
        """Take in what a try came to."""
        self.entries, self.start = held.floor.entries, held.priced
        self.cut_short = self.cut_short or tried.cut_short
        if worst is not None:
            self.best, self.low = tried.chosen, max(worst, value)
            self._just_above = not self._just_above and not self.many
        else:
            self.high = value
            if tried.impossible:
                self.bound = min(self.bound, value)
            self._step *= 4
            self._just_above = False
