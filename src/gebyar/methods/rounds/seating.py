"""Tables after slots: who stays stays, zones are kept, and people change tables seldom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gebyar.methods.rounds.delegates import Persons
    from gebyar.methods.rounds.pairing import Pair
    from gebyar.methods.rounds.round import Round

Array = np.ndarray[Any, Any]
FORBIDDEN = 1e9
OWN_TABLE = 1e6  # a fixed table, or a guest's own
FREE_OWN = 1e3  # nobody else at the table of a guest who stays there, as long as others are free
ZONE = 1e4
OUT_OF_THE_WAY = 0.01  # who has no zone leaves the zones' tables to others


@dataclass(frozen=True, slots=True)
class Seat:
    """A meeting (pair index) with its persons and slot, all numbered from 0."""

    pair: int
    persons: tuple[int, int]
    slot: int


class Seating:
    """Gives out tables slot after slot by a matching.

    Parameters
    ----------
    round_, pairs, persons
        The round, its pairs, and the delegates.
    """

    def __init__(self, round_: Round, pairs: Sequence[Pair], persons: Persons) -> None:
        self.round = round_
        self.pairs = pairs
        self.persons = persons
        self.zone_of_table = round_.tables
        self.free_own = np.zeros(len(round_.tables))
        self.free_own[[guest.table - 1 for guest in round_.guests if guest.table is not None]] = FREE_OWN
        self._known_zone_costs: dict[frozenset[str], Array] = {}

    def wanted_table(self, pair: int, persons: tuple[int, int]) -> int | None:
        """The table a meeting must have, from 1: its own fixed one, or that of a guest who stays at one."""
        if self.pairs[pair].table is not None:
            return self.pairs[pair].table
        for person in reversed(persons):
            guest = self.round.guests[self.persons.guest[person]]
            if guest.table is not None and self.persons.delegate(person) == 1:
                return guest.table
        return None

    def zones(self, pair: int) -> frozenset[str]:
        """The zones in which a meeting should be: those of its two guests."""
        zones = (self.round.guests[guest].zone for guest in self.pairs[pair].ends)
        return frozenset(zone for zone in zones if zone is not None)

    def assign(self, seats: Iterable[Seat], known: Mapping[int, int]) -> dict[int, int]:
        """Give every meeting of each slot a table of its own.

        Parameters
        ----------
        seats
            The meetings.
        known
            Pair index to its table (from 1), which stays.

        Returns
        -------
        dict
            Pair index to table, from 1.
        """
        by_slot: dict[int, list[Seat]] = {}
        for seat in seats:
            by_slot.setdefault(seat.slot, []).append(seat)
        load = np.zeros(len(self.persons.guest))
        for seat in (seat for row in by_slot.values() for seat in row):
            load[list(seat.persons)] += 1
        weight = 1.0 + load / (load.sum() + 1)  # hosts with many meetings stay put rather than their visitors
        last: dict[int, int] = {}
        tables: dict[int, int] = {}
        for slot in sorted(by_slot):
            here = sorted(by_slot[slot], key=lambda seat: seat.pair)
            cost = np.array([self._costs(seat, known.get(seat.pair), last, weight) for seat in here])
            rows, columns = linear_sum_assignment(cost)
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
                tables[here[row].pair] = column + 1
                for person in here[row].persons:
                    last[person] = column
        return tables

    def _costs(self, seat: Seat, known: int | None, last: Mapping[int, int], weight: Array) -> Array:
        count = len(self.zone_of_table)
        if known is not None:
            cost = np.full(count, FORBIDDEN)
            cost[known - 1] = 0.0
            return cost
        cost = self.free_own.copy()
        wanted = self.wanted_table(seat.pair, seat.persons)
        if wanted is not None:
            cost += OWN_TABLE
            cost[wanted - 1] = 0.0
        cost += self._zone_costs(self.zones(seat.pair))
        for person in seat.persons:
            if person in last:
                cost += weight[person]
                cost[last[person]] -= weight[person]
        return cost

    def _zone_costs(self, zones: frozenset[str]) -> Array:
        if zones not in self._known_zone_costs:
            outside = ZONE if zones else OUT_OF_THE_WAY
            inside = zones or {None}
            self._known_zone_costs[zones] = np.array(
                [0.0 if zone in inside else outside for zone in self.zone_of_table]
            )
        return self._known_zone_costs[zones]
