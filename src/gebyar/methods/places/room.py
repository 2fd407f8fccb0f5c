"""What is left while places are given: places, quotas, money, and the people who may still come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gebyar.methods.places.classes import Partitions
    from gebyar.methods.places.limits import Limit, Types

Cell = tuple[int, int]
"""A type and a kind."""

Obstacle = Literal["full", "quota", "budget", "held"]


@dataclass(slots=True)
class Room:
    """The state of an allotment.

    Attributes
    ----------
    free
        Places left in each kind.
    taken
        Members admitted under each limit.
    coming
        Applicants of each type who have not had their turn.
    money
        Rupiah left, or None.
    partitions
        Which types need not be told apart any more.
    """

    limits: Sequence[Limit]
    types: Types
    free: list[int]
    taken: list[int]
    coming: list[int]
    money: int | None
    partitions: Partitions

    def obstacle(self, cell: Cell) -> tuple[Obstacle, int | None] | None:
        """What keeps a type from a kind right now, with the limit where it is a quota; None when nothing does."""
        type_, kind = cell
        if not self.free[kind]:
            return "full", None
        for number in self.types.touched[type_][kind]:
            most = self.limits[number].most
            if most is not None and self.taken[number] >= most:
                return "quota", number
        if self.money is not None and self.types.all[type_].cost > self.money:
            return "budget", None
        return None

    def take(self, cell: Cell, granted: int) -> None:
        """Give a place."""
        type_, kind = cell
        self.free[kind] -= 1
        for number in self.types.touched[type_][kind]:
            self.taken[number] += 1
        if self.money is not None:
            self.money -= granted

    def give_back(self, cell: Cell, granted: int) -> None:
        """Undo `take`."""
        type_, kind = cell
        self.free[kind] += 1
        for number in self.types.touched[type_][kind]:
            self.taken[number] -= 1
        if self.money is not None:
            self.money += granted

    def needs(self) -> dict[int, int]:
        """How many members each unmet reserve still lacks."""
        lacking = ((number, limit.least - self.taken[number]) for number, limit in enumerate(self.limits))
        return {number: need for number, need in lacking if need > 0}

    def is_needed(self, cell: Cell) -> bool:
        """Whether a place for this type would serve an unmet reserve."""
        type_, kind = cell
        return any(self.taken[n] < self.limits[n].least for n in self.types.touched[type_][kind])

    def demand(self, cell: Cell) -> Demand:
        """What a place for this type would use and serve now."""
        type_, kind = cell
        touched = self.types.touched[type_][kind]
        return Demand(
            kind,
            frozenset(n for n in touched if self.taken[n] < self.limits[n].least),
            frozenset(n for n in touched if n in self.partitions.quotas),
            self.types.all[type_].cost,
        )


@dataclass(frozen=True, slots=True)
class Demand:
    """A place of a kind, the unmet reserves it serves, the quotas it counts towards, and its money."""

    kind: int
    serves: frozenset[int]
    counts: frozenset[int]
    cost: int

    def asks_no_less_than(self, other: Demand) -> bool:
        """Whether this one serves no more and uses no less: what was impossible for `other` is impossible for it."""
        return (
            self.kind == other.kind
            and self.serves <= other.serves
            and self.counts >= other.counts
            and self.cost >= other.cost
        )
