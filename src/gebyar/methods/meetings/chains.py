"""Kempe chains on the slot colouring, compiled.

Meetings are the edges of a graph of participants, slots its colours. The meetings in
two slots form paths and cycles; swapping the two slots along one of them never puts
anybody in two places, and only the two participants at the ends of a path change the
slots they are busy in. So a move costs little more than the length of its path.

Slots stand here in columns, with a dead column in which nobody ever meets before each
day and after the last one: blocks of meetings then end with their day by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

if TYPE_CHECKING:
    from gebyar.methods.meetings.model import Model

Array = np.ndarray[Any, Any]
WORD = 64  # columns per word of bits
ONE = np.uint64(1)


class Graph(NamedTuple):
    """What does not change: shapes as in `Model` but with columns for slots, neighbours in compressed rows.

    ``both`` is the sum of a meeting's two participants; ``open`` (meetings, words) has a
    bit for each column in which the meeting may take place; ``day`` is the day of each
    column, ``longest`` the longest run allowed.
    """

    ends: Array
    both: Array
    open: Array
    tables: int
    own_start: Array
    own: Array
    before_start: Array
    before: Array
    after_start: Array
    after: Array
    day: Array
    longest: int


class Colouring(NamedTuple):
    """A plan under change; ``-1`` is "none".

    ``slot`` (a column) per meeting; ``busy`` (participants, columns) the meeting there,
    ``taken`` (participants, words) the same as bits; ``members`` (columns, tables) and ``position`` list each column's meetings, ``load``
    counts them; ``idle`` per participant; ``present`` (participants, days) counts their
    meetings; ``spread`` counts participants by idle periods; ``random`` the generator's
    state; ``chain``, ``mark`` and ``tips`` are scratch space.
    """

    slot: Array
    busy: Array
    taken: Array
    members: Array
    position: Array
    load: Array
    idle: Array
    present: Array
    spread: Array
    random: Array
    chain: Array
    mark: Array
    tips: Array


def columns(model: Model) -> Array:
    """Columns of the slots: int32, shape (slots,)."""
    return np.concatenate(
        [np.arange(day.start, day.stop) + number for number, day in enumerate(model.days(), 1)]
    ).astype(np.int32)


def build_graph(model: Model) -> Graph:
    own_start, own = _rows(model.participants, model.ends.ravel(), np.repeat(np.arange(model.meetings), 2))
    earlier, later = model.precedences[:, 0], model.precedences[:, 1]
    before_start, before = _rows(model.meetings, later, earlier)
    after_start, after = _rows(model.meetings, earlier, later)
    where = columns(model)
    width = model.slots + len(model.day_starts) + 1
    day = np.zeros(width, dtype=np.int32)
    for number, slots in enumerate(model.days()):
        day[where[slots.start : slots.stop]] = number
    return Graph(
        ends=model.ends,
        both=model.ends.sum(axis=1, dtype=np.int32),
        open=_bits(model.allowed, where, width),
        tables=min(model.tables, max(model.participants // 2, 1)),
        own_start=own_start,
        own=own,
        before_start=before_start,
        before=before,
        after_start=after_start,
        after=after,
        day=day,
        longest=model.slots if model.longest_run is None else model.longest_run,
    )


def _bits(chosen: Array, where: Array, width: int) -> Array:
    wide = np.zeros((len(chosen), words(width), WORD), dtype=np.uint64)
    wide.reshape(len(chosen), -1)[:, where] = chosen
    bits: Array = (wide << np.arange(WORD, dtype=np.uint64)).sum(axis=2, dtype=np.uint64)
    return bits


def words(width: int) -> int:
    """Words that hold so many bits."""
    return -(-width // WORD)


def _rows(count: int, keys: Array, values: Array) -> tuple[Array, Array]:
    order = np.argsort(keys, kind="stable")
    starts = np.zeros(count + 1, dtype=np.int32)
    starts[1:] = np.cumsum(np.bincount(keys, minlength=count))
    return starts, values[order].astype(np.int32)


def empty_colouring(graph: Graph, seed: int) -> Colouring:
    meetings, width = len(graph.ends), len(graph.day)
    people = len(graph.own_start) - 1
    spread = np.zeros(width // 2 + 2, dtype=np.int32)
    spread[0] = people
    state = np.random.SeedSequence(seed).generate_state(1, dtype=np.uint64) | np.uint64(1)
    return Colouring(
        slot=np.full(meetings, -1, dtype=np.int32),
        busy=np.full((people, width), -1, dtype=np.int32),
        taken=np.zeros((people, words(width)), dtype=np.uint64),
        members=np.full((width, graph.tables), -1, dtype=np.int32),
        position=np.full(meetings, -1, dtype=np.int32),
        load=np.zeros(width, dtype=np.int32),
        idle=np.zeros(people, dtype=np.int32),
        present=np.zeros((people, int(graph.day.max(initial=0)) + 1), dtype=np.int32),
        spread=spread,
        random=state,
        chain=np.zeros(meetings, dtype=np.int32),
        mark=np.zeros(meetings, dtype=np.bool_),
        tips=np.zeros((4, 4), dtype=np.int32),
    )


def _ctpop(_typing: Any, _word: Any) -> Any:
    return types.uint64(types.uint64), lambda _context, builder, _signature, words: builder.ctpop(words[0])


def _cttz(_typing: Any, _word: Any) -> Any:
    return types.uint64(types.uint64), lambda _context, builder, _signature, words: builder.cttz(
        words[0], cgutils.true_bit
    )


popcount: Any = intrinsic(_ctpop)  # how many bits of a word are set
lowest: Any = intrinsic(_cttz)  # the number of the lowest bit of a word that is not 0


@njit(cache=True, nogil=True, inline="always")
def draw(random: Array, below: int) -> Any:
    """A number from 0 to ``below`` - 1 (xorshift64, Marsaglia 2003)."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return np.int64(((x >> np.uint64(32)) * np.uint64(below)) >> np.uint64(32))


@njit(cache=True, nogil=True, inline="always")
def bit(rows: Array, row: int, column: int) -> Any:
    """1 where the bit of a column is set."""
    return np.int64((rows[row, column >> 6] >> np.uint64(column & 63)) & ONE)


@njit(cache=True, nogil=True, inline="always")
def window(rows: Array, row: int, offset: int) -> Any:
    """64 bits of a row from a column on."""
    word, shift = offset >> 6, np.uint64(offset & 63)
    bits = rows[row, word] >> shift
    if shift:
        bits |= rows[row, word + 1] << (np.uint64(WORD) - shift)
    return bits


@njit(cache=True, nogil=True, inline="always")
def flip(rows: Array, row: int, column: int) -> None:
    """Turn the bit of a column over."""
    rows[row, column >> 6] ^= ONE << np.uint64(column & 63)


@njit(cache=True, nogil=True)
def put(graph: Graph, plan: Colouring, meeting: int, slot: int) -> None:
    """Place a meeting in a slot where both are free."""
    plan.slot[meeting] = slot
    plan.position[meeting] = plan.load[slot]
    plan.members[slot, plan.load[slot]] = meeting
    plan.load[slot] += 1
    for side in range(2):
        person = graph.ends[meeting, side]
        plan.busy[person, slot] = meeting
        flip(plan.taken, person, slot)
        plan.present[person, graph.day[slot]] += 1


@njit(cache=True, nogil=True)
def take(graph: Graph, plan: Colouring, meeting: int) -> None:
    """Take a meeting out of its slot."""
    slot = plan.slot[meeting]
    plan.load[slot] -= 1
    last = plan.members[slot, plan.load[slot]]
    plan.members[slot, plan.position[meeting]] = last
    plan.position[last] = plan.position[meeting]
    plan.slot[meeting] = -1
    for side in range(2):
        person = graph.ends[meeting, side]
        plan.busy[person, slot] = -1
        flip(plan.taken, person, slot)
        plan.present[person, graph.day[slot]] -= 1


@njit(cache=True, nogil=True)
def count_idle(plan: Colouring) -> int:
    """Count everybody's idle periods anew; returns their sum."""
    plan.spread[:] = 0
    total = 0
    for person in range(plan.busy.shape[0]):
        idle = 0
        for column in range(1, plan.busy.shape[1]):
            idle += plan.busy[person, column] >= 0 > plan.busy[person, column - 1]
        for day in range(plan.present.shape[1]):
            idle -= plan.present[person, day] > 0
        plan.idle[person] = idle
        plan.spread[idle] += 1
        total += idle
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


@njit(cache=True, nogil=True, inline="always")
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
    size += 1
    fits = True
    side = 0
    while side < 2:
        lost, gained = home, other
        person = graph.ends[meeting, side]
        following = -1
        while bit(plan.taken, person, gained):
            following = plan.busy[person, gained]
            if following == meeting:
                break
            if not bit(graph.open, following, lost):
                fits = False
                break
            plan.chain[size] = following
            size += 1
            lost, gained = gained, lost
            person = graph.both[following] - person
        if not fits or following == meeting:
            break  # it may not move, or the chain is a cycle, which changes nobody's pattern
        plan.tips[tip, 0], plan.tips[tip, 1], plan.tips[tip, 2] = person, lost, gained
        tip += 1
        side += 1
    return size, tip, fits


@njit(cache=True, nogil=True, inline="always")
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
        plan.mark[plan.chain[i]] = True
    kept = True
    for i in range(size):
        meeting = plan.chain[i]
        new = both - plan.slot[meeting]
        for j in range(graph.before_start[meeting], graph.before_start[meeting + 1]):
            near = graph.before[j]
            kept &= (both - plan.slot[near] if plan.mark[near] else plan.slot[near]) < new
        for j in range(graph.after_start[meeting], graph.after_start[meeting + 1]):
            near = graph.after[j]
            kept &= (both - plan.slot[near] if plan.mark[near] else plan.slot[near]) > new
    for i in range(size):
        plan.mark[plan.chain[i]] = False
    return kept


@njit(cache=True, nogil=True, inline="always")
def run_before(busy: Array, person: int, slot: int) -> int:
    """Meetings in a row right before a slot."""
    first = slot
    while busy[person, first - 1] >= 0:
        first -= 1
    return slot - first


@njit(cache=True, nogil=True, inline="always")
def run_after(busy: Array, person: int, slot: int) -> int:
    """Meetings in a row right after a slot."""
    last = slot
    while busy[person, last + 1] >= 0:
        last += 1
    return last - slot


@njit(cache=True, nogil=True, inline="always")
def move_change(graph: Graph, plan: Colouring, person: int, lost: int, gained: int) -> Any:
    """How a person's idle periods change with a meeting moved from one slot to a free one."""
    taken, present, day = plan.taken, plan.present, graph.day
    change = bit(taken, person, lost - 1) + bit(taken, person, lost + 1)
    change -= bit(taken, person, gained - 1) * (gained - 1 != lost) + bit(taken, person, gained + 1) * (
        gained + 1 != lost
    )
    if present.shape[1] > 1 and day[lost] != day[gained]:
        change += (present[person, day[lost]] == 1) - (present[person, day[gained]] == 0)
    return change


@njit(cache=True, nogil=True)
def rested(graph: Graph, plan: Colouring, tips: int) -> bool:
    """Whether no run gets too long at the ends of a chain."""
    busy = plan.busy
    kept = True
    for tip in range(tips):
        person, lost, gained = plan.tips[tip, 0], plan.tips[tip, 1], plan.tips[tip, 2]
        meeting = busy[person, lost]
        busy[person, lost] = -1
        kept &= run_before(busy, person, gained) + run_after(busy, person, gained) < graph.longest
        busy[person, lost] = meeting
    return kept


@njit(cache=True, nogil=True)
def swap(graph: Graph, plan: Colouring, size: int, one: int, other: int) -> None:
    """Swap the two slots along the chain."""
    for i in range(size):
        meeting = plan.chain[i]
        new = one + other - plan.slot[meeting]
        take(graph, plan, meeting)
        plan.position[meeting] = new
    for i in range(size):
        meeting = plan.chain[i]
        put(graph, plan, meeting, plan.position[meeting])


@njit(cache=True, nogil=True, inline="always")
def shift_idle(plan: Colouring, tip: int, change: int) -> None:
    """Book a change of one participant's idle count."""
    person = plan.tips[tip, 0]
    plan.spread[plan.idle[person]] -= 1
    plan.idle[person] += change
    plan.spread[plan.idle[person]] += 1
