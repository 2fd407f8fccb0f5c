"""Simulated annealing over Kempe chains, and the first plan it starts from, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from gebyar.methods.meetings.chains import (
    ONE,
    WORD,
    Colouring,
    Graph,
    bit,
    count_idle,
    draw,
    excess,
    grow,
    in_order,
    lowest,
    move_change,
    popcount,
    put,
    rested,
    run_after,
    run_before,
    shift_idle,
    surplus,
    swap,
    take,
    window,
)

Array = np.ndarray[Any, Any]
UNFAIR = 2  # what a difference beyond the fairness bound costs, in idle periods
ANYWHERE = 16
IDLERS = 16
TRIES = 3
IDLER_TRIES = 8
IN_THE_WAY = 10.0
SECOND_TRIES = 6
COOL_EVERY = 256  # steps
MOST_WORSE = 16


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
        if bit(graph.open, meeting, slot):
            cost = _slot_cost(graph, plan, meeting, slot, dear)
            if cost < best_cost:
                best, best_cost = slot, cost
    return best


@njit(cache=True, nogil=True)
def _slot_cost(graph: Graph, plan: Colouring, meeting: int, slot: int, dear: Array) -> float:
    cost = 0.0
    for side in range(2):
        person = graph.ends[meeting, side]
        row = plan.busy[person]
        if row[slot] >= 0:
            cost += IN_THE_WAY * (1 + dear[row[slot]])
        cost += 1.0 - (row[slot - 1] >= 0) - (row[slot + 1] >= 0)
        for near in _too_near(graph, plan, person, slot):
            if near >= 0:
                cost += IN_THE_WAY * (1 + dear[near])
    if plan.load[slot] >= graph.tables:
        cost += IN_THE_WAY * (1 + dear[plan.members[slot, 0]])
    for j in range(graph.before_start[meeting], graph.before_start[meeting + 1]):
        if plan.slot[graph.before[j]] >= slot:
            cost += IN_THE_WAY * (1 + dear[graph.before[j]])
    for j in range(graph.after_start[meeting], graph.after_start[meeting + 1]):
        if 0 <= plan.slot[graph.after[j]] <= slot:
            cost += IN_THE_WAY * (1 + dear[graph.after[j]])
    return cost


@njit(cache=True, nogil=True)
def _too_near(graph: Graph, plan: Colouring, person: int, slot: int) -> tuple[int, int]:
    """The meetings before and after that would have to leave for a rest; -1 for none."""
    left, right = run_before(plan.busy, person, slot), run_after(plan.busy, person, slot)
    if left + right < graph.longest:
        return -1, -1
    before, after = plan.busy[person, slot - 1], plan.busy[person, slot + 1]
    if right < graph.longest:
        return before, -1
    return (-1, after) if left < graph.longest else (before, after)


@njit(cache=True, nogil=True)
def _in_the_way(graph: Graph, plan: Colouring, meeting: int, slot: int, found: Array) -> int:
    count = 0
    for side in range(2):
        count = _append(found, count, plan.busy[graph.ends[meeting, side], slot])
    if count == 0 and plan.load[slot] >= graph.tables:
        count = _append(found, count, plan.members[slot, draw(plan.random, plan.load[slot])])
    for side in range(2):
        for near in _too_near(graph, plan, graph.ends[meeting, side], slot):
            count = _append(found, count, near)
    for j in range(graph.before_start[meeting], graph.before_start[meeting + 1]):
        if plan.slot[graph.before[j]] >= slot:
            count = _append(found, count, graph.before[j])
    for j in range(graph.after_start[meeting], graph.after_start[meeting + 1]):
        if 0 <= plan.slot[graph.after[j]] <= slot:
            count = _append(found, count, graph.after[j])
    return count


@njit(cache=True, nogil=True)
def _append(found: Array, count: int, meeting: int) -> int:
    """Add a meeting, if there is one, to those found."""
    if meeting < 0:
        return count
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
    cooling = (cold / hot) ** (1.0 / max(steps // COOL_EVERY, 1))
    odds = np.zeros(MOST_WORSE, dtype=np.int64)
    for step in range(steps):
        if step % COOL_EVERY == 0:
            _set_odds(odds, temperature)
            temperature *= cooling
        if cost < best_idle and unfair == 0:
            best_idle = cost
            best[:] = plan.slot
            if best_idle <= target:
                break
        change, unfair = _step(graph, plan, odds, fairness, unfair)
        cost += change
    if cost < best_idle and unfair == 0:
        best_idle = cost
        best[:] = plan.slot
    return best_idle


@njit(cache=True, nogil=True)
def _set_odds(odds: Array, temperature: float) -> None:
    """Chances, of 2³², to take a step that is worse by so much (Metropolis)."""
    for worse in range(odds.shape[0]):
        odds[worse] = np.int64(np.exp(-worse / temperature) * 4294967296.0)


@njit(cache=True, nogil=True, inline="always")
def _step(graph: Graph, plan: Colouring, odds: Array, fairness: int, unfair: int) -> tuple[int, int]:
    """Try one move; returns the change of the idle periods and how unfair the plan now is."""
    meeting, other = _aim(graph, plan)
    home = plan.slot[meeting]
    if other == home or not bit(graph.open, meeting, other):
        return 0, unfair
    patience = _patience(odds, draw(plan.random, 4294967295))
    if unfair == 0 and _least_change(graph, plan, meeting, home, other) > patience:
        return 0, unfair
    size, tips, fits = grow(graph, plan, meeting, other, 0, 0)
    leaving = surplus(plan, size, home)
    if fits and leaving != 0 and plan.load[other if leaving > 0 else home] >= graph.tables:
        size, tips, fits = _balance(graph, plan, size, tips, home, other)
    if not fits or not _keeps_order_and_rest(graph, plan, size, tips, home, other):
        return 0, unfair
    change = 0
    after = unfair
    for tip in range(tips):
        moved = move_change(graph, plan, plan.tips[tip, 0], plan.tips[tip, 1], plan.tips[tip, 2])
        plan.tips[tip, 3] = moved
        change += moved
    if fairness >= 0 and tips > 0:
        after = _fairness_after(plan, tips, fairness)
    if change + UNFAIR * (after - unfair) <= patience:
        for tip in range(tips):
            shift_idle(plan, tip, plan.tips[tip, 3])
        swap(graph, plan, size, home, other)
        return change, after
    return 0, unfair


@njit(cache=True, nogil=True, inline="always")
def _patience(odds: Array, luck: int) -> int:
    """How much worse a step may be."""
    patience = 0
    while patience + 1 < MOST_WORSE and odds[patience + 1] > luck:
        patience += 1
    return patience


@njit(cache=True, nogil=True, inline="always")
def _least_change(graph: Graph, plan: Colouring, meeting: int, home: int, other: int) -> int:
    """The least that a meeting's chain can change, known without following it: mostly it ends at once."""
    change = 0
    for side in range(2):
        person = graph.ends[meeting, side]
        change += -2 if bit(plan.taken, person, other) else move_change(graph, plan, person, home, other)
    return change


@njit(cache=True, nogil=True, inline="always")
def _keeps_order_and_rest(  # noqa: PLR0917
    graph: Graph,
    plan: Colouring,
    size: int,
    tips: int,
    home: int,
    other: int,
) -> bool:
    kept = True
    if graph.before.shape[0] > 0:
        kept = in_order(graph, plan, size, home, other)
    if kept and graph.longest < graph.day.shape[0]:
        kept = rested(graph, plan, tips)
    return kept


@njit(cache=True, nogil=True)
def _fairness_after(plan: Colouring, tips: int, fairness: int) -> int:
    for tip in range(tips):
        shift_idle(plan, tip, plan.tips[tip, 3])
    after = excess(plan, fairness)
    for tip in range(tips):
        shift_idle(plan, tip, -plan.tips[tip, 3])
    return after


@njit(cache=True, nogil=True, inline="always")
def _aim(graph: Graph, plan: Colouring) -> tuple[int, int]:
    """Choose a meeting and a slot: mostly from a block's end to beside other meetings of the same person.

    Best where it is beside meetings of the partner too. Only a window of 64 columns is looked at.
    """
    meeting = draw(plan.random, plan.slot.shape[0])
    kind = draw(plan.random, 64)
    if kind < ANYWHERE:
        return meeting, draw(plan.random, plan.load.shape[0])
    person = graph.ends[meeting, kind & 1]
    if kind < ANYWHERE + IDLERS:
        person = _idler(plan, person)
    first = graph.own_start[person]
    own = graph.own_start[person + 1] - first
    if own == 0:
        return meeting, 0
    for _ in range(TRIES):
        meeting = graph.own[first + draw(plan.random, own)]
        if bit(plan.taken, person, plan.slot[meeting] - 1) + bit(plan.taken, person, plan.slot[meeting] + 1) < 2:
            break
    return meeting, _goal(graph, plan, meeting, person)


@njit(cache=True, nogil=True, inline="always")
def _idler(plan: Colouring, person: int) -> int:
    for _ in range(IDLER_TRIES):
        if plan.idle[person] > 0:
            break
        person = draw(plan.random, plan.idle.shape[0])
    return person


@njit(cache=True, nogil=True, inline="always")
def _goal(graph: Graph, plan: Colouring, meeting: int, person: int) -> Any:
    """A slot for a meeting beside other meetings of a person and, if there is one, of the partner; 0 for none."""
    home, width = plan.slot[meeting], plan.load.shape[0]
    offset = draw(plan.random, width - WORD + 1) if width > WORD else 0
    left = ONE << np.uint64(home - offset) if 0 <= home - offset < WORD else np.uint64(0)
    mine = window(plan.taken, person, offset) & ~left
    theirs = window(plan.taken, graph.both[meeting] - person, offset) & ~left
    goals = _beside(mine) & window(graph.open, meeting, offset) & ~left
    shared = goals & _beside(theirs)
    if shared:
        goals = shared
    if not goals:
        return 0
    for _ in range(draw(plan.random, popcount(goals))):
        goals &= goals - ONE
    return offset + np.int64(lowest(goals))


@njit(cache=True, nogil=True, inline="always")
def _beside(taken: Any) -> Any:
    """The free bits next to bits that are set."""
    return ((taken << ONE) | (taken >> ONE)) & ~taken


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
    full, back = (other, home) if surplus(plan, size, home) > 0 else (home, other)
    second = _second(graph, plan, size, full, back)
    if second < 0:
        return size, tips, False
    size, tips, fits = grow(graph, plan, second, back, size, tips)
    leaving = surplus(plan, size, home)
    fits = fits and plan.load[other] + leaving <= graph.tables and plan.load[home] - leaving <= graph.tables
    return size, tips, fits


@njit(cache=True, nogil=True)
def _second(graph: Graph, plan: Colouring, size: int, full: int, back: int) -> int:
    """Of some meetings in the full slot the one that leaves it with the least harm; -1 for none."""
    best, least = -1, 5
    for _ in range(SECOND_TRIES):
        second = plan.members[full, draw(plan.random, plan.load[full])]
        if not bit(graph.open, second, back):
            continue
        change = 0
        for side in range(2):
            person = graph.ends[second, side]
            if not bit(plan.taken, person, back):
                change += move_change(graph, plan, person, full, back)
        if change < least:
            best, least = second, change
    for i in range(size):
        if plan.chain[i] == best:
            return -1
    return best
