"""Solve a programme over all pairs by looking at few of them.

Of 2.45 million pairs only some ten thousand are in doubt. Prices of judges from a quick dual ascent tell which: pairs far
above the price of their panel are taken, pairs far below are left, and only the core between them enters the linear
programme. Its prices judge every pair again, and whatever was taken or left wrongly joins the core, until nothing was
(column generation; Dantzig and Wolfe, Operations Research 8, 1960; cores: Balas and Zemel, Operations Research 28, 1980).
The bound is computed from the prices over all pairs, so it rests on nothing that was left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gebyar.methods.panels.programme import Floor, Programme, Relaxed
    from gebyar.methods.panels.task import BoolArray, FloatArray

from gebyar.methods.panels.programme import columns_of

FEW = 6_000  # pairs that are all in doubt from the beginning
DEPTH = 80  # best judges of an entry that the ascent looks at, when no judge must be reached
STEPS = 80
SLOWER = 0.945
NOISE = 1e-7
JOINING = 0.3  # pairs per entry that join the core with those that were wrong


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """A solution with fractions that is best over all pairs.

    Attributes
    ----------
    shares
        float, shape (entries, judges).
    relaxed
        What the last programme said.
    profit
        float, shape (entries, judges): what a pair adds beyond the price of its place; −∞ where it may not be.
    bound
        No solution is worth more.
    core
        The pairs that were in doubt.
    """

    shares: FloatArray
    relaxed: Relaxed
    profit: FloatArray
    bound: float
    core: BoolArray

    @property
    def is_whole(self) -> bool:
        """Whether no pair is shared in parts."""
        return bool(np.all(np.abs(self.shares - np.round(self.shares)) < NOISE))


class OutOfTime(Exception):
    """The clock ended the work before there was a result."""


def solve_priced(
    programme: Programme,
    start: Priced | FloatArray,
    floor: Floor,
    *,
    weight: float,
    penalty: float,
    deadline: float,
    close: float = 0.0,
) -> Priced:
    """Solve a programme over all pairs; see `Programme.relax`.

    Parameters
    ----------
    programme
        The rows.
    start
        A solution of a programme much like this one, or profits to begin with.
    floor, weight, penalty
        See `Programme.relax`.
    deadline
        On `perf_counter`.
    close
        Distance of value and bound, as a share of the value, at which to stop.

    Raises
    ------
    OutOfTime
        The clock ended it.
    """
    core, taken = split(programme, start.profit if isinstance(start, Priced) else start, floor)
    if isinstance(start, Priced):
        core |= start.core
        taken &= ~core
    while True:
        columns = columns_of(core | taken)
        relaxed = programme.relax(
            columns,
            floor,
            held=taken[columns.entry, columns.judge],
            weight=weight,
            penalty=penalty,
            seconds=deadline - perf_counter(),
        )
        if relaxed is None:
            raise OutOfTime
        profit, bound = programme.judged(relaxed.prices, floor, weight)
        noise = NOISE * programme.scale
        wrong = ((profit > noise) & ~core & ~taken) | ((profit < -noise) & taken)
        if not wrong.any() or bound - relaxed.value <= close * abs(relaxed.value):
            shares = np.zeros(profit.shape)
            shares[columns.entry, columns.judge] = relaxed.shares
            return Priced(shares, relaxed, profit, max(bound, relaxed.value), core)
        # Prices moved: what is nearest to them now is in doubt too, so that few rounds suffice.
        core |= wrong | (np.abs(profit) <= _width(programme, profit, JOINING * programme.task.entries))
        taken &= ~core


def split(programme: Programme, profit: FloatArray, floor: Floor) -> tuple[BoolArray, BoolArray]:
    """The pairs in doubt, and those that are taken for certain; the others are left."""
    aimed = max(FEW, 2 * programme.task.entries)
    if np.count_nonzero(programme.open) <= aimed:
        return programme.open | programme.fixed, np.zeros_like(programme.open)
    width = _width(programme, profit, aimed)
    core = (np.abs(profit) <= width) | programme.fixed
    core[floor.entries] |= _best_for(programme, floor)
    taken = (profit > width) & ~core
    full = 1.0 if programme.task.cap is None else programme.task.cap
    crowded = full * taken.sum(axis=0) > programme.task.most
    core[:, crowded] |= taken[:, crowded]
    return core, taken & ~core


def _width(programme: Programme, profit: FloatArray, aimed: float) -> float:
    """The distance from the price of a place within which so many pairs lie."""
    distance = np.abs(profit[programme.open])
    place = min(int(aimed), len(distance) - 1)
    return float(np.partition(distance, place)[place])


def _best_for(programme: Programme, floor: Floor) -> BoolArray:
    """The pairs that could lift entries in need, whatever others would pay for their judges."""
    affinity = np.where(programme.open[floor.entries], programme.task.affinity[floor.entries], -np.inf)
    many = 3 * programme.places()[floor.entries] + 10
    order = np.argsort(np.argsort(-affinity, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((order < many[:, None]) & np.isfinite(affinity))


def first_profits(programme: Programme) -> FloatArray:
    """Profits to begin with, at prices of judges from subgradient steps on the dual.

    Only a help to choose the core: nothing that is proven rests on them.
    """
    prices = programme.no_prices()
    if np.count_nonzero(programme.open) > FEW:
        worth = judge_prices(programme)
        prices.most[:], prices.least[:] = np.maximum(worth, 0.0), np.maximum(-worth, 0.0)
    return programme.judged(prices, programme.no_floor(), 1.0)[0]


def judge_prices(programme: Programme) -> FloatArray:
    """Prices at which no judge is wanted much more than they can take, or less than they must; shape (judges,)."""
    task = programme.task
    affinity = np.where(programme.open, programme.gain, -np.inf)
    depth = task.judges if len(programme.busy) else min(DEPTH, task.judges)
    judge = np.argpartition(-affinity, depth - 1, axis=1)[:, :depth]
    worth = np.take_along_axis(affinity, judge, axis=1)
    places = programme.places()
    largest = int(min(places.max(), depth))
    wanted = np.arange(largest) < places[:, None]
    share = 1.0 if task.cap is None else task.cap
    room = np.maximum(task.most, 1)
    lowest = np.where(task.least > 0, -np.inf, 0.0)
    price, step = np.zeros(task.judges), 0.2 * programme.scale
    best, lowest_bound = price, np.inf
    for _ in range(STEPS):
        value = worth - price[judge]
        top = np.argpartition(-value, largest - 1, axis=1)[:, :largest]
        order = np.argsort(-np.take_along_axis(value, top, axis=1), axis=1)
        picked = np.take_along_axis(judge, np.take_along_axis(top, order, axis=1), axis=1)[wanted]
        taken = share * np.take_along_axis(np.take_along_axis(value, top, axis=1), order, axis=1)[wanted].sum()
        bound = taken + np.maximum(price, 0.0) @ task.most + np.minimum(price, 0.0) @ task.least
        if bound < lowest_bound:
            best, lowest_bound = price, bound
        load = share * np.bincount(picked, minlength=task.judges)
        excess = (load - np.clip(load, task.least, np.inf)) + np.where(load > task.least, load - task.most, 0.0)
        price = np.maximum(lowest, price + step * np.clip(excess / room, -1.0, 1.0))
        step *= SLOWER
    return best
