"""Simulated annealing over Kempe chains, and the first plan it starts from, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from gebyar.methods.meetings.chains import (
    Colouring,
    Graph,
    count_idle,
    draw,
    excess,
    grow,
    in_order,
    put,
    release,
    shift_idle,
    surplus,
    swap,
    take,
    tip_change,
)

Array = np.ndarray[Any, Any]
UNFAIR = 2.0  # what a difference beyond the fairness bound costs, in idle periods
ANYWHERE = 16
IDLERS = 16
TRIES = 3
IDLER_TRIES = 8
PULL = 0.1  # what long blocks are worth


@njit(cache=True, nogil=True)
def place_all(graph: Graph, plan: Colouring, order: Array, budget: int) -> bool:
    """Find a first plan: greedy, then by ejecting what is in the way.

    A meeting ejected often becomes dear to eject, so the search leaves every dead end.

    Returns
    -------
    bool
        Whether every meeting found its slot within ``budget`` placements.
    """
    waiting = order[::-1].copy()
    left = waiting.shape[0]
    dear = np.zeros(waiting.shape[0], dtype=np.int32)
    ejected = np.zeros(waiting.shape[0], dtype=np.int32)
    for _ in range(budget):
        if left == 0:
            break
        left -= 1
        meeting = int(waiting[left])
        slot = _best_slot(graph, plan, meeting, dear)
        if slot < 0:
            return False
        count = _in_the_way(graph, plan, meeting, slot, ejected)
        for i in range(count):
            take(graph, plan, int(ejected[i]))
            dear[ejected[i]] += 1
            waiting[left] = ejected[i]
            left += 1
        put(graph, plan, meeting, slot)
    return bool(left == 0)


@njit(cache=True, nogil=True)
def _best_slot(graph: Graph, plan: Colouring, meeting: int, dear: Array) -> int:
    best, best_cost = -1, np.inf
    slots = plan.load.shape[0]
    offset = draw(plan.random, slots)
    for i in range(slots):
        slot = (i + offset) % slots
        if graph.allowed[meeting, slot]:
            cost = _slot_cost(graph, plan, meeting, slot, dear)
            if cost < best_cost:
                best, best_cost = slot, cost
    return best


@njit(cache=True, nogil=True)
def _slot_cost(graph: Graph, plan: Colouring, meeting: int, slot: int, dear: Array) -> float:
    cost = 0.0
    for side in range(2):
        row = plan.busy[graph.ends[meeting, side]]
        if row[slot] >= 0:
            cost += 10.0 * (1 + dear[row[slot]])
        near_before = slot > 0 and row[slot - 1] >= 0
        near_after = slot + 1 < row.shape[0] and row[slot + 1] >= 0
        cost += 1.0 - (1.0 if near_before else 0.0) - (1.0 if near_after else 0.0)
    if plan.load[slot] >= graph.tables:
        cost += 10.0 * (1 + dear[plan.members[slot, 0]])
    for j in range(graph.before_start[meeting], graph.before_start[meeting + 1]):
        if plan.slot[graph.before[j]] >= slot:
            cost += 10.0 * (1 + dear[graph.before[j]])
    for j in range(graph.after_start[meeting], graph.after_start[meeting + 1]):
        if 0 <= plan.slot[graph.after[j]] <= slot:
            cost += 10.0 * (1 + dear[graph.after[j]])
    return cost


@njit(cache=True, nogil=True)
def _in_the_way(graph: Graph, plan: Colouring, meeting: int, slot: int, found: Array) -> int:
    count = 0
    for side in range(2):
        near = plan.busy[graph.ends[meeting, side], slot]
        if near >= 0 and not (count > 0 and found[0] == near):
            found[count] = near
            count += 1
    if count == 0 and plan.load[slot] >= graph.tables:
        found[0] = plan.members[slot, draw(plan.random, plan.load[slot])]
        count = 1
    for j in range(graph.before_start[meeting], graph.before_start[meeting + 1]):
        if plan.slot[graph.before[j]] >= slot:
            count = _append(found, count, graph.before[j])
    for j in range(graph.after_start[meeting], graph.after_start[meeting + 1]):
        if 0 <= plan.slot[graph.after[j]] <= slot:
            count = _append(found, count, graph.after[j])
    return count


@njit(cache=True, nogil=True)
def _append(found: Array, count: int, meeting: int) -> int:
    for i in range(count):
        if found[i] == meeting:
            return count
    found[count] = meeting
    return count + 1


@njit(cache=True, nogil=True)
def anneal(  # noqa: PLR0917 - compiled code has no keyword-only arguments
    graph: Graph,
    plan: Colouring,
    steps: int,
    hot: float,
    cold: float,
    fairness: int,
    best: Array,
    best_idle: int,
    target: int,
) -> int:
    """Anneal for a number of steps, cooling geometrically from ``hot`` to ``cold``.

    Parameters
    ----------
    graph, plan
        The problem and a feasible colouring, changed in place.
    steps
        Moves to try.
    hot, cold
        Temperatures in idle periods.
    fairness
        Largest difference of idle counts, -1 for none.
    best
        int32, shape (meetings,): receives the best plan's slots.
    best_idle
        Idle periods of the best plan so far; only better fair plans are kept.
    target
        Stop as soon as this is reached.

    Returns
    -------
    int
        Idle periods of the best plan.
    """
    cost = count_idle(plan)
    unfair = excess(plan, fairness)
    temperature = hot
    cooling = (cold / hot) ** (1.0 / max(steps // 256, 1))
    for step in range(steps):
        if step % 256 == 255:
            temperature *= cooling
        if cost < best_idle and unfair == 0:
            best_idle = cost
            best[:] = plan.slot
            if best_idle <= target:
                break
        change, unfair = _step(graph, plan, temperature, fairness, unfair)
        cost += change
    if cost < best_idle and unfair == 0:
        best_idle = cost
        best[:] = plan.slot
    return best_idle


@njit(cache=True, nogil=True)
def _step(graph: Graph, plan: Colouring, temperature: float, fairness: int, unfair: int) -> tuple[int, int]:
    meeting, other = _aim(graph, plan)
    home = plan.slot[meeting]
    if other < 0 or other == home or not graph.allowed[meeting, other]:
        return 0, unfair
    size, tips, fits = grow(graph, plan, meeting, other, 0, 0)
    if fits:
        size, tips, fits = _balance(graph, plan, size, tips, home, other)
    change = 0
    if fits and in_order(graph, plan, size, home, other):
        change, unfair = _decide(graph, plan, size, tips, home, other, temperature, fairness, unfair)
    release(plan, size)
    return change, unfair


@njit(cache=True, nogil=True)
def _aim(graph: Graph, plan: Colouring) -> tuple[int, int]:
    """Choose a meeting and a slot: mostly from a block's end to beside another meeting of the same person."""
    meeting = draw(plan.random, plan.slot.shape[0])
    slots = plan.load.shape[0]
    kind = draw(plan.random, 64)
    if kind < ANYWHERE:
        return meeting, draw(plan.random, slots)
    person = graph.ends[meeting, kind & 1]
    if kind < ANYWHERE + IDLERS:
        person = _idler(plan, person)
    first, last = graph.own_start[person], graph.own_start[person + 1]
    if last == first:
        return meeting, -1
    row = plan.busy[person]
    meeting = graph.own[first + draw(plan.random, last - first)]
    for _ in range(TRIES):
        if _is_edge(row, plan.slot[meeting]):
            break
        meeting = graph.own[first + draw(plan.random, last - first)]
    near = -1
    for _ in range(TRIES):
        near = plan.slot[graph.own[first + draw(plan.random, last - first)]]
        near += 1 if draw(plan.random, 2) else -1
        if 0 <= near < slots and row[near] < 0:
            break
    return meeting, near if near < slots else -1


@njit(cache=True, nogil=True)
def _is_edge(row: Array, slot: int) -> bool:
    return slot == 0 or slot == row.shape[0] - 1 or row[slot - 1] < 0 or row[slot + 1] < 0


@njit(cache=True, nogil=True)
def _idler(plan: Colouring, person: int) -> int:
    for _ in range(IDLER_TRIES):
        if plan.idle[person] > 0:
            break
        person = draw(plan.random, plan.idle.shape[0])
    return person


@njit(cache=True, nogil=True)
def _balance(  # noqa: PLR0917
    graph: Graph,
    plan: Colouring,
    size: int,
    tips: int,
    home: int,
    other: int,
) -> tuple[int, int, bool]:
    """Where tables run out, add a second chain that moves the other way.

    Returns the size and tips of both, and whether the tables suffice.
    """
    leaving = surplus(plan, size, home)
    full, back = (other, home) if leaving > 0 else (home, other)
    if plan.load[full] + abs(leaving) <= graph.tables:
        return size, tips, True
    second = plan.members[full, draw(plan.random, plan.load[full])]
    if plan.mark[second] or not graph.allowed[second, back]:
        return size, tips, False
    size, tips, fits = grow(graph, plan, second, back, size, tips)
    leaving = surplus(plan, size, home)
    fits = fits and plan.load[other] + leaving <= graph.tables and plan.load[home] - leaving <= graph.tables
    return size, tips, fits


@njit(cache=True, nogil=True)
def _decide(  # noqa: PLR0917
    graph: Graph,
    plan: Colouring,
    size: int,
    tips: int,
    home: int,
    other: int,
    temperature: float,
    fairness: int,
    unfair: int,
) -> tuple[int, int]:
    change, pull = 0, 0.0
    for tip in range(tips):
        moved, pairs = tip_change(plan, tip)
        change += moved
        person = plan.tips[tip, 0]
        pull += pairs / (graph.own_start[person + 1] - graph.own_start[person])
        shift_idle(plan, tip, moved)
    after = excess(plan, fairness) if tips > 0 else unfair
    worse = change + UNFAIR * (after - unfair) - PULL * pull
    if worse <= 0 or np.exp(-worse / temperature) * 4294967296.0 > draw(plan.random, 4294967295):
        swap(graph, plan, size, home, other)
        return change, after
    for tip in range(tips):
        shift_idle(plan, tip, -tip_change(plan, tip)[0])
    return 0, unfair
