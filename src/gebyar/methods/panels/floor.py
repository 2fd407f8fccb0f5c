"""How well the worst-off entry can fare, by linear programmes.

A max–min programme in whole numbers asked directly is a trap: its relaxation says nothing about which entries matter.
Here the floor is raised with fractions first. It starts at what the neediest entry could have if it chose first; only
entries that fall below the floor get a row (most never do), and when the floor cannot be held, a second programme finds
the highest one that can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor as rounded_down
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.panels.pricing import FEW, OutOfTime, Priced, first_profits, solve_priced
from gebyar.methods.panels.programme import Floor, Programme

if TYPE_CHECKING:
    from gebyar.methods.panels.task import FloatArray, IntArray, Mix, PanelTask

NEAR = 1e-7  # of the range of affinities: what the solver may miss a row by
ROUGH = 2e-2
MARGIN = 0.02  # of the range of affinities: entries so little above the floor get a row with those below it
CLOSE_OF_MANY = 2e-6  # the bound is exact all the same
NO_ENTRIES = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Raised:
    """A floor that fractions can hold, and the largest total above it.

    Attributes
    ----------
    floor
        Its value, and the entries that need a row to stay above it.
    priced
        The largest total above it.
    bound
        No floor is higher.
    """

    floor: Floor
    priced: Priced
    bound: float


class Lacking(Exception):
    """Panels cannot be filled, whatever the floor."""


def raise_floor(programme: Programme, start: Priced | FloatArray, deadline: float) -> Raised:
    """Find the highest floor that fractions can hold, then the largest total above it.

    Raises
    ------
    OutOfTime, Lacking
        There was no time for it; panels cannot be filled.
    """
    near = 2 * NEAR * programme.scale
    bound = on_grain(programme, alone(programme))
    floor = Floor(NO_ENTRIES, bound)
    # Who falls below shows in a rough solution too.
    start = solve_total(programme, start, floor, deadline, close=ROUGH)
    priced = start if len(_below(programme, start, floor)) else solve_total(programme, start, floor, deadline)
    while True:
        below = _below(programme, priced, floor)
        if len(below):
            floor = floor.with_entries(below)
            # Those in need alone, as if the others took no judges: quick, and it bounds the floor of all.
            bound = min(bound, on_grain(programme, _floor_of(programme, floor, deadline)))
            floor = Floor(floor.entries, bound)
        elif priced.relaxed.missing <= near:
            return Raised(floor, priced, bound)
        else:
            floor, bound = _lowered(programme, priced, floor, bound, deadline)
        priced = solve_total(programme, priced, floor, deadline)


def hold_floor(programme: Programme, start: Priced | FloatArray, floor: Floor, deadline: float) -> Raised:
    """Find the largest total above a floor that can be held, adding rows for entries that would fall below."""
    while True:
        priced = solve_total(programme, start, floor, deadline)
        below = _below(programme, priced, floor)
        if not len(below):
            return Raised(floor, priced, floor.value)
        start, floor = priced, floor.with_entries(below)


def solve_total(
    programme: Programme, start: Priced | FloatArray, floor: Floor, deadline: float, *, close: float | None = None
) -> Priced:
    """The largest total above a floor for the entries named in it; `relaxed.missing` says by how much it fails."""
    if close is None:
        close = CLOSE_OF_MANY if np.count_nonzero(programme.open) > 10 * FEW else 0.0
    # More than any total could gain by giving up a unit of the floor, for all that is known of real tasks.
    penalty = 10.0 * programme.task.entries
    priced = solve_priced(programme, start, floor, weight=1.0, penalty=penalty, deadline=deadline, close=close)
    if priced.relaxed.lacking > 1e-6:
        raise Lacking
    if perf_counter() > deadline:
        raise OutOfTime
    return priced


def on_grain(programme: Programme, value: float) -> float:
    """A bound of a sum of affinities: where these are coarse, only whole grains can be reached."""
    step = programme.grain
    if not step or programme.task.cap is not None:
        return value
    return rounded_down(value / step + 1e-6) * step


def sums(programme: Programme, shares: FloatArray) -> FloatArray:
    """The affinity that each entry gets, shape (entries,)."""
    return np.asarray((shares * programme.task.affinity).sum(axis=1))


def _below(programme: Programme, priced: Priced, floor: Floor) -> IntArray:
    """Entries without a row that fall below what the others reach, and those hardly above; none if none falls below."""
    reached = floor.value - priced.relaxed.missing
    got = sums(programme, priced.shares)
    got[floor.entries] = np.inf
    if got.min() >= reached - NEAR * programme.scale:
        return NO_ENTRIES
    return np.flatnonzero(got < reached + MARGIN * programme.scale)


def _lowered(programme: Programme, priced: Priced, floor: Floor, bound: float, deadline: float) -> tuple[Floor, float]:
    """The floor that can be held when all entries take judges; proven the highest when pairs are few."""
    reached = floor.value - priced.relaxed.missing
    if np.count_nonzero(programme.open) > 10 * FEW:
        return Floor(floor.entries, reached - NEAR * programme.scale), bound
    lowest = solve_priced(programme, priced, floor, weight=0.0, penalty=1.0, deadline=deadline)
    value = on_grain(programme, floor.value - lowest.relaxed.missing)
    if value >= floor.value:  # a solver's tolerance apart
        value = reached - NEAR * programme.scale
    return Floor(floor.entries, value), min(bound, value)


def _floor_of(programme: Programme, floor: Floor, deadline: float) -> float:
    """The highest floor of some entries when the others need nothing."""
    small = Programme(_without_others(programme.task, floor.entries))
    every = Floor(np.arange(len(floor.entries)), floor.value)
    found = solve_priced(small, first_profits(small), every, weight=0.0, penalty=1.0, deadline=deadline)
    return floor.value - max(found.relaxed.missing, 0.0)


def _without_others(task: PanelTask, entries: IntArray) -> PanelTask:
    place = {int(entry): number for number, entry in enumerate(entries)}
    return replace(
        task,
        affinity=task.affinity[entries],
        coverage=task.coverage[entries],
        barred=task.barred[entries],
        least=np.zeros_like(task.least),
        mixes=tuple(_kept(mix, place) for mix in task.mixes),
        fixed=tuple((place[entry], judge) for entry, judge in task.fixed if entry in place),
    )


def _kept(mix: Mix, place: dict[int, int]) -> Mix:
    asked = place if mix.entries is None else mix.entries & place.keys()
    return replace(mix, entries=frozenset(place[entry] for entry in asked))


def alone(programme: Programme) -> float:
    """What the neediest entry could have if every entry chose its judges first: no floor is higher."""
    return float(best_alone(programme).min())


def best_alone(programme: Programme) -> FloatArray:
    """The most affinity each entry could have if it chose first, shape (entries,)."""
    task = programme.task
    most = np.full(task.entries, 1.0 if task.cap is None else task.cap)
    most[[entry for entry, _ in task.fixed]] = 1.0
    worth = np.where(programme.open, task.affinity, -np.inf)
    deep = int(min(np.ceil(task.coverage / most).max(), task.judges))
    # Fixed judges are taken whatever they are worth; the others are the best.
    order = np.argpartition(-np.where(programme.fixed, np.inf, worth), deep - 1, axis=1)[:, :deep]
    rank = np.where(
        np.take_along_axis(programme.fixed, order, axis=1), np.inf, np.take_along_axis(worth, order, axis=1)
    )
    order = np.take_along_axis(order, np.argsort(-rank, axis=1), axis=1)
    shares = np.clip(task.coverage[:, None] - most[:, None] * np.arange(deep), 0.0, most[:, None])
    value = np.take_along_axis(worth, order, axis=1)
    return np.asarray((np.where(np.isfinite(value), value, 0.0) * shares).sum(axis=1))
