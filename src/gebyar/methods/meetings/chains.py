"""Kempe chains on the slot colouring, compiled.

Meetings are the edges of a graph of participants, slots its colours. The meetings in
two slots form paths and cycles; swapping the two slots along one of them never puts
anybody in two places, and only the two participants at the ends of a path change the
slots they are busy in. So a move costs little more than the length of its path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from gebyar.methods.meetings.model import Model

Array = np.ndarray[Any, Any]


class Graph(NamedTuple):
    """What does not change: shapes as in `Model`, neighbours in compressed rows."""

    ends: Array
    allowed: Array
    tables: int
    own_start: Array
    own: Array
    before_start: Array
    before: Array
    after_start: Array
    after: Array


class Colouring(NamedTuple):
    """A plan under change; ``-1`` is "none".

    ``slot`` per meeting; ``busy`` (participants, slots) the meeting there; ``members``
    (slots, tables) and ``position`` list each slot's meetings, ``load`` counts them;
    ``idle`` per participant; ``spread`` counts participants by idle periods; ``random``
    the generator's state; ``chain``, ``mark`` and ``tips`` are scratch space.
    """

    slot: Array
    busy: Array
    members: Array
    position: Array
    load: Array
    idle: Array
    spread: Array
    random: Array
    chain: Array
    mark: Array
    tips: Array


def build_graph(model: Model) -> Graph:
    own_start, own = _rows(model.participants, model.ends.ravel(), np.repeat(np.arange(model.meetings), 2))
    earlier, later = model.precedences[:, 0], model.precedences[:, 1]
    before_start, before = _rows(model.meetings, later, earlier)
    after_start, after = _rows(model.meetings, earlier, later)
    return Graph(
        ends=model.ends,
        allowed=model.allowed,
        tables=min(model.tables, max(model.participants // 2, 1)),
        own_start=own_start,
        own=own,
        before_start=before_start,
        before=before,
        after_start=after_start,
        after=after,
    )


def _rows(count: int, keys: Array, values: Array) -> tuple[Array, Array]:
    order = np.argsort(keys, kind="stable")
    starts = np.zeros(count + 1, dtype=np.int32)
    starts[1:] = np.cumsum(np.bincount(keys, minlength=count))
    return starts, values[order].astype(np.int32)


def empty_colouring(model: Model, graph: Graph, seed: int) -> Colouring:
    meetings, people, slots = model.meetings, model.participants, model.slots
    spread = np.zeros(slots // 2 + 2, dtype=np.int32)
    spread[0] = people
    state = np.random.SeedSequence(seed).generate_state(1, dtype=np.uint64) | np.uint64(1)
    return Colouring(
        slot=np.full(meetings, -1, dtype=np.int32),
        busy=np.full((people, slots), -1, dtype=np.int32),
        members=np.full((slots, graph.tables), -1, dtype=np.int32),
        position=np.full(meetings, -1, dtype=np.int32),
        load=np.zeros(slots, dtype=np.int32),
        idle=np.zeros(people, dtype=np.int32),
        spread=spread,
        random=state,
        chain=np.zeros(meetings, dtype=np.int32),
        mark=np.zeros(meetings, dtype=np.bool_),
        tips=np.zeros((4, 3), dtype=np.int32),
    )


@njit(cache=True, nogil=True, inline="always")
def draw(random: Array, below: int) -> Any:
    """A number from 0 to ``below`` - 1 (xorshift64, Marsaglia 2003)."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return np.int64(((x >> np.uint64(32)) * np.uint64(below)) >> np.uint64(32))


@njit(cache=True, nogil=True)
def starts_at(row: Array, slot: int) -> int:
    """1 where a block of meetings begins."""
    if slot >= row.shape[0] or row[slot] < 0:
        return 0
    return 1 if slot == 0 or row[slot - 1] < 0 else 0


@njit(cache=True, nogil=True)
def put(graph: Graph, plan: Colouring, meeting: int, slot: int) -> None:
    """Place a meeting in a slot where both are free."""
    plan.slot[meeting] = slot
    plan.busy[graph.ends[meeting, 0], slot] = meeting
    plan.busy[graph.ends[meeting, 1], slot] = meeting
    plan.position[meeting] = plan.load[slot]
    plan.members[slot, plan.load[slot]] = meeting
    plan.load[slot] += 1


@njit(cache=True, nogil=True)
def take(graph: Graph, plan: Colouring, meeting: int) -> None:
    """Take a meeting out of its slot."""
    slot = plan.slot[meeting]
    plan.busy[graph.ends[meeting, 0], slot] = -1
    plan.busy[graph.ends[meeting, 1], slot] = -1
    plan.load[slot] -= 1
    last = plan.members[slot, plan.load[slot]]
    plan.members[slot, plan.position[meeting]] = last
    plan.position[last] = plan.position[meeting]
    plan.slot[meeting] = -1


@njit(cache=True, nogil=True)
def count_idle(plan: Colouring) -> int:
    """Count everybody's idle periods anew; returns their sum."""
    plan.spread[:] = 0
    total = 0
    for person in range(plan.busy.shape[0]):
        row = plan.busy[person]
        blocks = 0
        for slot in range(row.shape[0]):
            blocks += starts_at(row, slot)
        plan.idle[person] = max(blocks - 1, 0)
        plan.spread[plan.idle[person]] += 1
        total += plan.idle[person]
    return total


@njit(cache=True, nogil=True)
def excess(plan: Colouring, fairness: int) -> int:
    """Idle periods beyond the lowest count plus the fairness bound, summed (-1: no bound)."""
    if fairness < 0:
        return 0
    low = 0
    while low < plan.spread.shape[0] - 1 and plan.spread[low] == 0:
        low += 1
    found = 0
    for level in range(low + fairness + 1, plan.spread.shape[0]):
        found += plan.spread[level] * (level - low - fairness)
    return found


@njit(cache=True, nogil=True)
def grow(  # noqa: PLR0917 - compiled code has no keyword-only arguments
    graph: Graph,
    plan: Colouring,
    meeting: int,
    other: int,
    size: int,
    tip: int,
) -> tuple[int, int, bool]:
    """Collect the chain of a meeting between its slot and another.

    Appends to ``plan.chain`` from ``size`` on and writes the path's two ends to
    ``plan.tips`` from ``tip`` on as (participant, slot lost, slot gained).

    Returns
    -------
    tuple
        New size, new number of tips, and whether every meeting may move.
    """
    home = plan.slot[meeting]
    plan.chain[size] = meeting
    plan.mark[meeting] = True
    size += 1
    for side in range(2):
        current, lost, gained = meeting, home, other
        person = graph.ends[meeting, side]
        while True:
            following = plan.busy[person, gained]
            if following < 0:
                plan.tips[tip, 0], plan.tips[tip, 1], plan.tips[tip, 2] = person, lost, gained
                tip += 1
                break
            if following == meeting:
                return size, tip, True  # a cycle: nobody's pattern changes
            if not graph.allowed[following, lost]:
                return size, tip, False
            plan.chain[size] = following
            plan.mark[following] = True
            size += 1
            current = following
            lost, gained = gained, lost
            person = graph.ends[current, 0] + graph.ends[current, 1] - person
    return size, tip, True


@njit(cache=True, nogil=True)
def surplus(plan: Colouring, size: int, home: int) -> int:
    """How many more meetings leave the slot than come to it."""
    leaving = 0
    for i in range(size):
        leaving += 1 if plan.slot[plan.chain[i]] == home else -1
    return leaving


@njit(cache=True, nogil=True)
def in_order(graph: Graph, plan: Colouring, size: int, one: int, other: int) -> bool:
    """Whether the precedences hold once the chain is swapped."""
    both = one + other
    for i in range(size):
        meeting = plan.chain[i]
        new = both - plan.slot[meeting]
        for j in range(graph.before_start[meeting], graph.before_start[meeting + 1]):
            near = graph.before[j]
            if (both - plan.slot[near] if plan.mark[near] else plan.slot[near]) >= new:
                return False
        for j in range(graph.after_start[meeting], graph.after_start[meeting + 1]):
            near = graph.after[j]
            if (both - plan.slot[near] if plan.mark[near] else plan.slot[near]) <= new:
                return False
    return True


@njit(cache=True, nogil=True)
def run_before(row: Array, slot: int) -> int:
    """Meetings in a row right before a slot."""
    first = slot
    while first > 0 and row[first - 1] >= 0:
        first -= 1
    return slot - first


@njit(cache=True, nogil=True)
def run_after(row: Array, slot: int) -> int:
    """Meetings in a row right after a slot."""
    last = slot
    while last + 1 < row.shape[0] and row[last + 1] >= 0:
        last += 1
    return last - slot


@njit(cache=True, nogil=True)
def tip_change(plan: Colouring, tip: int) -> tuple[int, int]:
    """How a path's end changes its participant's blocks.

    Returns
    -------
    tuple
        Change of the number of blocks, and of half the sum of their squared lengths.
    """
    row = plan.busy[plan.tips[tip, 0]]
    lost, gained = plan.tips[tip, 1], plan.tips[tip, 2]
    left, right = run_before(row, lost), run_after(row, lost)
    blocks = (1 if left else 0) + (1 if right else 0) - 1
    pairs = -(left * right + left + right)
    meeting = row[lost]
    row[lost] = -1
    left, right = run_before(row, gained), run_after(row, gained)
    row[lost] = meeting
    blocks += 1 - (1 if left else 0) - (1 if right else 0)
    return blocks, pairs + left * right + left + right


@njit(cache=True, nogil=True)
def swap(graph: Graph, plan: Colouring, size: int, one: int, other: int) -> None:
    """Swap the two slots along the chain; ``plan.tips`` still hold for the idle counts."""
    for i in range(size):
        meeting = plan.chain[i]
        new = one + other - plan.slot[meeting]
        take(graph, plan, meeting)
        plan.position[meeting] = new
    for i in range(size):
        meeting = plan.chain[i]
        put(graph, plan, meeting, plan.position[meeting])


@njit(cache=True, nogil=True)
def shift_idle(plan: Colouring, tip: int, change: int) -> None:
    """Book a change of one participant's idle count."""
    person = plan.tips[tip, 0]
    plan.spread[plan.idle[person]] -= 1
    plan.idle[person] += change
    plan.spread[plan.idle[person]] += 1


@njit(cache=True, nogil=True)
def release(plan: Colouring, size: int) -> None:
    """Clear the scratch marks of a chain."""
    for i in range(size):
        plan.mark[plan.chain[i]] = False
