"""Who meets when: a board of slots that meetings are put on, moved on, and taken from.

Putting a meeting where both are free is easy. Where they have no free slot in common, others must move: one or two that
stand in its way, or a chain of them that swaps two slots (Kempe chain; with two sides and nobody absent such a chain
always works, which is König's theorem). Chains are short first, so that few others move.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gebyar.methods.rounds.pairing import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOWHERE = -1
Moves = dict[int, int]  # meeting to its new slot


@dataclass(frozen=True, slots=True)
class Clock:
    """The slots of a round: how many, which of them begin a day, tables in each, and the forced rest."""

    slots: int
    day_starts: int  # mask
    tables: int
    rest_after: int | None


class Board:
    """Meetings and slots, all numbered from 0; sets of slots are masks.

    Parameters
    ----------
    clock
        The slots.
    persons
        How many there are.
    ends, allowed
        Per meeting, its two persons and its possible slots (when both have time).
    movable
        Per meeting, whether others may push it aside.
    """

    def __init__(
        self,
        clock: Clock,
        persons: int,
        ends: Sequence[tuple[int, int]],
        allowed: Sequence[int],
        movable: Sequence[bool],
    ) -> None:
        self.clock = clock
        self.ends = list(ends)
        self.allowed = list(allowed)
        self.movable = list(movable)
        self.slot = [NOWHERE] * len(ends)
        self.busy = [0] * persons
        self.load = [0] * clock.slots
        self.open = (1 << clock.slots) - 1 if clock.tables else 0
        self._meeting: list[dict[int, int]] = [{} for _ in range(persons)]

    def put(self, meeting: int, slot: int) -> None:
        """Put a meeting into a slot in which both are free."""
        for person in self.ends[meeting]:
            self.busy[person] |= 1 << slot
            self._meeting[person][slot] = meeting
        self.slot[meeting] = slot
        self.load[slot] += 1
        if self.load[slot] >= self.clock.tables:
            self.open &= ~(1 << slot)

    def take(self, meeting: int) -> int:
        """Take a meeting off the board; return the slot it had."""
        slot = self.slot[meeting]
        for person in self.ends[meeting]:
            self.busy[person] &= ~(1 << slot)
            del self._meeting[person][slot]
        self.slot[meeting] = NOWHERE
        self.load[slot] -= 1
        if self.load[slot] < self.clock.tables:
            self.open |= 1 << slot
        return slot

    def at(self, person: int, slot: int) -> int:
        """The meeting of a person in a slot, or `NOWHERE`."""
        return self._meeting[person].get(slot, NOWHERE)

    def free(self, meeting: int) -> int:
        """The slots in which both could meet, whether or not a table is left."""
        first, second = self.ends[meeting]
        mask = self.allowed[meeting] & ~self.busy[first] & ~self.busy[second]
        if self.clock.rest_after is None:
            return mask
        return sum(1 << slot for slot in numbers(mask) if self._rests(first, slot) and self._rests(second, slot))

    def spots(self, meeting: int) -> int:
        """The slots into which the meeting can be put as things stand."""
        return self.free(meeting) & self.open

    def _rests(self, person: int, slot: int) -> bool:
        """Whether one more meeting in the slot leaves the forced rest."""
        return longest_run(self.busy[person] | 1 << slot, self.clock.day_starts) <= (self.clock.rest_after or 0)

    def best_spot(self, meeting: int, spots: int) -> int:
        """Among free slots the one that leaves fewest gaps in the two agendas, then the emptiest, then the first."""
        first, second = self.ends[meeting]

        def cost(slot: int) -> tuple[int, int, int]:
            near = (1 << slot) << 1 | (1 << slot) >> 1
            beside = (self.busy[first] & near).bit_count() + (self.busy[second] & near).bit_count()
            return (-beside, self.load[slot], slot)

        return min(numbers(spots), key=cost)

    def insert(self, meeting: int, most_moves: int) -> Moves | None:
        """Put a meeting on the board and move as few others as that takes.

        Parameters
        ----------
        meeting
            One that has no slot.
        most_moves
            Others that may move.

        Returns
        -------
        dict or None
            The others' new slots, all put; None, and nothing changed, when no way was found.
        """
        spots = self.spots(meeting)
        if spots:
            self.put(meeting, self.best_spot(meeting, spots))
            return {}
        for depth in range(1, min(most_moves, 2) + 1):
            moved = self._push(meeting, depth, frozenset({meeting}))
            if moved is not None:
                del moved[meeting]
                return moved
        if most_moves > 2:
            return self._swap(meeting, most_moves)
        return None

    def _push(self, meeting: int, depth: int, held: frozenset[int]) -> Moves | None:
        """Put a meeting by pushing at most `depth` others aside, none of those held."""
        spots = self.spots(meeting)
        if spots:
            slot = self.best_spot(meeting, spots)
            self.put(meeting, slot)
            return {meeting: slot}
        if not depth:
            return None
        for slot in numbers(self.allowed[meeting]):
            for others in self._in_the_way(meeting, slot, depth):
                if not held.isdisjoint(others) or not all(self.movable[other] for other in others):
                    continue
                moved = self._push_aside(meeting, slot, others, depth, held)
                if moved is not None:
                    return moved
        return None

    def _in_the_way(self, meeting: int, slot: int, depth: int) -> Iterator[tuple[int, ...]]:
        """The meetings that must leave a slot for this one: those of the two, or, if it is full, any one."""
        others = {self.at(person, slot) for person in self.ends[meeting]} - {NOWHERE}
        if others:
            if len(others) <= depth:
                yield tuple(sorted(others))
        elif not self.open >> slot & 1:
            for other, place in enumerate(self.slot):
                if place == slot and self.spots(other):
                    yield (other,)

    def _push_aside(
        self, meeting: int, slot: int, others: tuple[int, ...], depth: int, held: frozenset[int]
    ) -> Moves | None:
        before = {other: self.take(other) for other in others}
        moved: Moves = {}
        if self.spots(meeting) >> slot & 1:
            self.put(meeting, slot)
            moved[meeting] = slot
            for other in others:
                step = self._push(other, depth - len(others), held.union(others))
                if step is None:
                    break
                moved |= step
            else:
                return moved
        self._undo(moved, before)
        return None

    def _undo(self, moved: Moves, before: Moves) -> None:
        """Take back what was put; what stood elsewhere before and is not named in `before` cannot have moved."""
        for meeting in moved:
            self.take(meeting)
        for meeting, slot in before.items():
            self.put(meeting, slot)

    def _swap(self, meeting: int, most_moves: int) -> Moves | None:
        """Swap two slots along a chain, so that both have a free slot in common."""
        first, second = self.ends[meeting]
        own = self.allowed[meeting]
        best: tuple[list[int], int, int] | None = None
        limit = most_moves
        for near, far in ((first, second), (second, first)):
            for slot in numbers(own & ~self.busy[near] & self.busy[far]):
                for other in numbers(((1 << self.clock.slots) - 1) & ~self.busy[far]):
                    chain = self._chain(far, slot, other, near, limit)
                    if chain is not None and (best is None or len(chain) < len(best[0])):
                        moved = self._try_chain(meeting, chain, slot, other)
                        if moved is not None:
                            best, limit = (chain, slot, other), len(chain) - 1
                            self._revert(meeting, chain, slot, other)
        if best is None:
            return None
        return self._try_chain(meeting, *best)

    def _chain(self, person: int, slot: int, other: int, against: int, most: int) -> list[int] | None:
        """The meetings in turn in two slots from a person on; None when it is long, held, or ends at `against`."""
        chain: list[int] = []
        here = slot
        while (meeting := self.at(person, here)) != NOWHERE:
            there = other if here == slot else slot
            if len(chain) >= most or not self.movable[meeting] or not self.allowed[meeting] >> there & 1:
                return None
            chain.append(meeting)
            first, second = self.ends[meeting]
            person = second if person == first else first
            here = there
        return None if person == against else chain

    def _try_chain(self, meeting: int, chain: list[int], slot: int, other: int) -> Moves | None:
        """Swap the chain and put the meeting into the slot; undone when a table or the forced rest lacks."""
        moved = self._flip(chain, slot, other)
        if self.spots(meeting) >> slot & 1 and self._holds(chain, slot, other):
            self.put(meeting, slot)
            return moved
        self._flip(chain, slot, other)
        return None

    def _revert(self, meeting: int, chain: list[int], slot: int, other: int) -> None:
        self.take(meeting)
        self._flip(chain, slot, other)

    def _flip(self, chain: list[int], slot: int, other: int) -> Moves:
        before = {meeting: self.take(meeting) for meeting in chain}
        moved = {meeting: other if place == slot else slot for meeting, place in before.items()}
        for meeting, place in moved.items():
            self.put(meeting, place)
        return moved

    def _holds(self, chain: list[int], slot: int, other: int) -> bool:
        if max(self.load[slot], self.load[other]) > self.clock.tables:
            return False
        rest = self.clock.rest_after
        return rest is None or all(
            longest_run(self.busy[person], self.clock.day_starts) <= rest
            for meeting in chain
            for person in self.ends[meeting]
        )

    def level(self, meeting: int) -> bool:
        """Make room in a slot where both are free but every table is taken, by a chain to a slot with tables left."""
        for full in numbers(self.free(meeting) & ~self.open):
            for other in numbers(self.open):
                for start, place in enumerate(self.slot):
                    if place == full and self._level_from(start, full, other):
                        return True
        return False

    def _level_from(self, start: int, full: int, other: int) -> bool:
        for person in self.ends[start]:
            if self.at(person, other) != NOWHERE:
                continue
            chain = self._chain(person, full, other, NOWHERE, len(self.slot))
            if chain is not None and len(chain) % 2:
                self._flip(chain, full, other)
                if self._holds(chain, full, other):
                    return True
                self._flip(chain, full, other)
        return False


def longest_run(busy: int, day_starts: int) -> int:
    """The most slots in a row, within a day, among those of a mask."""
    longest = 0
    while busy:
        longest += 1
        busy &= (busy << 1) & ~day_starts
    return longest


def idle_periods(busy: int, day_starts: int, slots: int) -> int:
    """Blocks of meetings minus one, day by day."""
    begins = busy & ~((busy << 1) & ~day_starts)
    days = 0
    rest = day_starts
    while rest:
        low = rest & -rest
        rest ^= low
        end = rest & -rest if rest else 1 << slots
        days += bool(busy & (end - 1) & ~(low - 1))
    return begins.bit_count() - days
