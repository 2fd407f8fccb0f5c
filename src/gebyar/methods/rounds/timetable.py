"""A round's pairs on a board, with the delegates who meet: what planning and repairing share."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from gebyar.methods.rounds.board import NOWHERE, Board, Clock, idle_periods
from gebyar.methods.rounds.delegates import persons_of
from gebyar.methods.rounds.limits import guest_limits
from gebyar.methods.rounds.pairing import bits
from gebyar.methods.rounds.round import Place
from gebyar.methods.rounds.seating import Seat, Seating

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gebyar.methods.rounds.pairing import Pair
    from gebyar.methods.rounds.round import Round


class Timetable:
    """The board of a round: its meetings are the pairs, by index.

    Attributes
    ----------
    board
        Who meets when.
    served
        Meetings per guest on the board.
    limits
        Meetings per guest at most.
    """

    def __init__(self, round_: Round, pairs: Sequence[Pair], kept: frozenset[int] = frozenset()) -> None:
        self.round = round_
        self.pairs = pairs
        self.persons = persons_of(round_)
        self.limits = guest_limits(round_, pairs, kept)
        self.served = [0] * len(round_.guests)
        clock = Clock(len(round_.slots), bits(round_.day_starts), len(round_.tables), round_.rest_after)
        first = [(self.persons.number(pair.first, 1), self.persons.number(pair.second, 1)) for pair in pairs]
        allowed = [pair.slots for pair in pairs]
        self.board = Board(clock, len(self.persons.guest), first, allowed, [True] * len(pairs))

    def put(self, index: int, slot: int, ends: tuple[int, int], *, held: bool = False) -> None:
        """Put a pair's meeting into a slot for two delegates; held ones are never moved."""
        self.board.ends[index] = ends
        self.board.movable[index] = not held
        self.board.put(index, slot)
        self._count(index, 1)

    def take(self, index: int) -> int:
        """Take a pair's meeting off; return its slot."""
        self._count(index, -1)
        return self.board.take(index)

    def insert(self, index: int, ends: tuple[int, int], most_moves: int) -> bool:
        """Put a meeting for two delegates, moving at most so many others."""
        self.board.ends[index] = ends
        if self.board.insert(index, most_moves) is None:
            return False
        self._count(index, 1)
        return True

    def _count(self, index: int, step: int) -> None:
        for guest in self.pairs[index].ends:
            self.served[guest] += step

    def is_on(self, index: int) -> bool:
        return self.board.slot[index] != NOWHERE

    def has_room(self, index: int) -> bool:
        """Whether neither guest has all the meetings they may have."""
        return all(self.served[guest] < self.limits[guest] for guest in self.pairs[index].ends)

    def delegations(self, index: int) -> Iterator[tuple[int, int]]:
        """The delegates who could meet, those with the least to do first."""
        own = []
        for guest in self.pairs[index].ends:
            first = self.persons.of_guest[guest]
            people = range(first, first + self.round.guests[guest].delegates)
            own.append(sorted(people, key=lambda person: self.board.busy[person].bit_count()))
        yield from ((first, second) for first in own[0] for second in own[1])

    def open_delegations(self, index: int) -> Iterator[tuple[tuple[int, int], int, int]]:
        """Per pair of delegates who have a slot in common: they, those slots, and those of them with a table."""
        before = self.board.ends[index]
        for ends in self.delegations(index):
            self.board.ends[index] = ends
            free = self.board.free(index)
            if free:
                yield ends, free, free & self.board.open
        self.board.ends[index] = before

    def fill(self, indices: Iterable[int], open_slots: int = -1) -> list[int]:
        """Put meetings wherever both are free, moving nobody; return those put.

        Whoever has fewest meetings comes first, each time anew; then the larger claim.
        """
        waiting = [(self._urgency(index), index) for index in indices if not self.is_on(index)]
        heapify(waiting)
        filled: list[int] = []
        while waiting:
            urgency, index = heappop(waiting)
            if not self.has_room(index):
                continue
            if self._urgency(index) > urgency:  # the two have been served since
                heappush(waiting, (self._urgency(index), index))
                continue
            spot = self._spot(index, open_slots)
            if spot is not None:
                self.put(index, *spot)
                filled.append(index)
        return filled

    def _urgency(self, index: int) -> tuple[bool, bool, int, int, int]:
        pair = self.pairs[index]
        least = min(self.served[guest] for guest in pair.ends)
        return not pair.by_organiser, not pair.mutual, least, -pair.points, index

    def _spot(self, index: int, open_slots: int) -> tuple[int, tuple[int, int]] | None:
        for ends, _, spots in self.open_delegations(index):
            if spots & open_slots:
                before, self.board.ends[index] = self.board.ends[index], ends
                slot = self.board.best_spot(index, spots & open_slots)
                self.board.ends[index] = before
                return slot, ends
        return None

    def placed(self) -> list[int]:
        """The indices of the meetings on the board."""
        return [index for index, slot in enumerate(self.board.slot) if slot != NOWHERE]

    def idle(self) -> int:
        """Everybody's idle periods together."""
        return sum(self.idle_by_person())

    def idle_by_person(self) -> list[int]:
        """Idle periods of each person who meets anybody."""
        clock = self.board.clock
        return [idle_periods(busy, clock.day_starts, clock.slots) for busy in self.board.busy if busy]

    def places(self, known: Mapping[int, int]) -> tuple[Place, ...]:
        """Give out the tables; `known` are tables (from 1) that stay, by pair index."""
        seats = [Seat(index, self.board.ends[index], self.board.slot[index]) for index in self.placed()]
        tables = Seating(self.round, self.pairs, self.persons).assign(seats, known)
        found = [
            Place(
                self.pairs[seat.pair].request,
                seat.slot + 1,
                tables[seat.pair],
                self.persons.delegate(seat.persons[0]),
                self.persons.delegate(seat.persons[1]),
            )
            for seat in seats
        ]
        return tuple(sorted(found, key=lambda place: place.request))
