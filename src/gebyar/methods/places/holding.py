"""What must be held back so that the reserves can still be met.

Applicants of one class differ in nothing that matters here, so the question "can the reserves still be met as far as
they ever could?" is a small integer programme over classes and kinds, whatever the number of applicants. HiGHS answers
it exactly (Huangfu and Hall 2018, doi:10.1007/s12532-017-0130-5), through SciPy.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import gcd, inf
from typing import TYPE_CHECKING

from gebyar.methods.places.call import PlacesError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gebyar.methods.places.classes import Classes
    from gebyar.methods.places.room import Cell, Room

Row = tuple[list[int], float, float]
"""Columns whose sum lies between two numbers."""


@dataclass(slots=True)
class Holding:
    """Places held back for the reserves.

    Attributes
    ----------
    classes
        The classes of types that `cells` counts.
    cells
        How many of each class and kind.
    money
        What they cost at least.
    coming
        Applicants of each class who have not had their turn.
    is_least
        Whether nothing cheaper (without money: nothing fewer) would do.
    """

    classes: Classes
    cells: Counter[Cell]
    coming: list[int]
    money: int = 0
    is_least: bool = True
    in_kind: Counter[int] = field(default_factory=Counter)
    of_class: Counter[int] = field(default_factory=Counter)
    in_limit: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for cell, number in self.cells.items():
            self._shift(cell, number)

    def _shift(self, cell: Cell, number: int) -> None:
        class_, kind = cell
        self.money += self.classes.costs[class_] * number
        self.in_kind[kind] += number
        self.of_class[class_] += number
        for limit in self.classes.touched[class_][kind]:
            self.in_limit[limit] += number

    def pass_by(self, type_: int) -> None:
        """Note that somebody of this type has their turn."""
        if (class_ := self.classes.of[type_]) >= 0:
            self.coming[class_] -= 1

    def has(self, cell: Cell) -> bool:
        """Whether a place is held back for this type in this kind."""
        type_, kind = cell
        return self.cells[self.classes.of[type_], kind] > 0

    def shift_to(self, room: Room, cell: Cell) -> bool:
        """Hold a place for this type in this kind instead of another one, where that makes no other difference."""
        class_, kind = self.classes.of[cell[0]], cell[1]
        if class_ < 0 or self.in_kind[kind] >= room.free[kind]:
            return False
        touched = self.classes.touched[class_]
        for other, limits in touched.items():
            if self.cells[class_, other] > 0 and limits == touched[kind]:
                self.release((cell[0], other))
                self.cells[class_, kind] += 1
                self._shift((class_, kind), 1)
                return True
        return False

    def exchange_for(self, room: Room, cell: Cell) -> bool:
        """Let go of a place held back for others, where giving this one serves the reserves as well."""
        class_, kind = self.classes.of[cell[0]], cell[1]
        if room.money is not None or (class_ >= 0 and self.of_class[class_] > self.coming[class_]):
            return False
        served = set(room.types.touched[cell[0]][kind])
        for held, number in self.cells.items():
            has_room = held[1] == kind or self.in_kind[kind] < room.free[kind]
            if number and has_room and self._is_as_good(room, served, set(self.classes.touched[held[0]][held[1]])):
                self.cells[held] -= 1
                self._shift(held, -1)
                return True
        return False

    def _is_as_good(self, room: Room, served: set[int], given_up: set[int]) -> bool:
        """Whether one more that serves some limits, and one fewer of others, lacks no more and keeps the quotas."""
        more = 0
        for number in given_up - served:
            more += room.taken[number] + self.in_limit[number] <= room.limits[number].least
        for number in served - given_up:
            limit, count = room.limits[number], room.taken[number] + self.in_limit[number]
            if limit.most is not None and count >= limit.most:
                return False
            more -= count < limit.least
        return more <= 0

    def release(self, cell: Cell) -> None:
        """Let go of one, because it is taken up."""
        held = self.classes.of[cell[0]], cell[1]
        self.cells[held] -= 1
        self._shift(held, -1)

    def leaves(self, room: Room, cell: Cell) -> bool:
        """Whether one more beside those held back fits in."""
        type_, kind = cell
        class_ = self.classes.of[type_]
        if self.in_kind[kind] >= room.free[kind] or (class_ >= 0 and self.of_class[class_] > self.coming[class_]):
            return False
        for number in room.types.touched[type_][kind]:
            most = room.limits[number].most
            if most is not None and room.taken[number] + self.in_limit[number] >= most:
                return False
        return room.money is None or self.money + room.types.all[type_].cost <= room.money

    def forbids(self, room: Room, cell: Cell) -> bool:
        """Whether it is certain, without asking the solver, that one more would cost a reserve its last chance."""
        if not self.is_least or room.is_needed(cell):
            return False
        if room.money is None:
            return sum(self.in_kind.values()) >= sum(room.free)
        return self.money + room.types.all[cell[0]].cost > room.money


def least_missing(room: Room) -> int:
    """How many members the reserves will lack together, at the least."""
    needs = room.needs()
    if not needs:
        return 0
    programme = _Programme(room, needs)
    found = programme.solve(programme.missing_cost(), None)
    if found is None:
        raise PlacesError("the reserves cannot be worked out for these numbers; check places and money")
    return sum(found[len(programme.cells) :])


def hold(room: Room, missing: int) -> Holding | None:
    """Find the cheapest places to hold back so that the reserves lack no more than `missing`.

    Without money, the fewest places. None when it is impossible.
    """
    needs = room.needs()
    programme = _Programme(room, needs)
    if sum(needs.values()) <= missing:
        return Holding(programme.classes, Counter(), programme.coming)
    found = programme.solve(programme.taking_cost(), missing)
    if found is None:
        return None
    cells = Counter({cell: number for cell, number in zip(programme.cells, found, strict=False) if number})
    holding = Holding(programme.classes, cells, programme.coming)
    return holding if room.money is None or holding.money <= room.money else None


class _Programme:
    """Columns: how many to take of each class and kind, then what each unmet reserve lacks in the end."""

    def __init__(self, room: Room, needs: dict[int, int]) -> None:
        self.room, self.needs = room, needs
        self.classes = room.partitions.at(needs)
        self.coming = [0] * len(self.classes.costs)
        for class_, number in zip(self.classes.of, room.coming, strict=True):
            if class_ >= 0:
                self.coming[class_] += number
        self.cells = [
            (class_, kind)
            for class_, touched in enumerate(self.classes.touched)
            if self.coming[class_]
            for kind, limits in touched.items()
            if room.free[kind] and any(number in needs for number in limits)
        ]
        self.width = len(self.cells) + len(needs)
        # Money counted in its largest common part keeps the solver's numbers small, and so exact.
        self.unit = gcd(*(self.classes.costs[class_] for class_, _kind in self.cells)) or 1

    def missing_cost(self) -> list[float]:
        return [0.0] * len(self.cells) + [1.0] * len(self.needs)

    def taking_cost(self) -> list[float]:
        costs = (1 if self.room.money is None else self.cost(class_) for class_, _kind in self.cells)
        return [*(float(cost) for cost in costs), *([0.0] * len(self.needs))]

    def cost(self, class_: int) -> int:
        return self.classes.costs[class_] // self.unit

    def rows(self) -> list[Row]:
        """No kind, class or quota is overfilled, and each need is met or lacking."""
        by_kind: dict[int, list[int]] = {}
        by_class: dict[int, list[int]] = {}
        by_limit: dict[int, list[int]] = {}
        for column, (class_, kind) in enumerate(self.cells):
            by_kind.setdefault(kind, []).append(column)
            by_class.setdefault(class_, []).append(column)
            for number in self.classes.touched[class_][kind]:
                by_limit.setdefault(number, []).append(column)
        rows: list[Row] = [(columns, 0.0, float(self.room.free[kind])) for kind, columns in by_kind.items()]
        rows += [(columns, 0.0, float(self.coming[c])) for c, columns in by_class.items() if len(columns) > 1]
        for number, columns in by_limit.items():
            most = self.room.limits[number].most
            if most is not None:
                rows.append((columns, 0.0, float(most - self.room.taken[number])))
        lacks = enumerate(self.needs.items(), len(self.cells))
        return rows + [([*by_limit.get(n, ()), column], float(need), inf) for column, (n, need) in lacks]

    def solve(self, cost: list[float], missing: int | None) -> list[int] | None:
        """Minimise, lacking no more than `missing` (None: whatever money allows); None when nothing fits."""
        import numpy as np  # noqa: PLC0415 - most calls have no reserves and need no solver
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
        from scipy.sparse import csr_array  # noqa: PLC0415

        rows = self.rows()
        if missing is not None:
            rows.append((list(range(len(self.cells), self.width)), 0.0, float(missing)))
        factors = [np.ones(len(columns)) for columns, *_bounds in rows]
        if missing is None and self.room.money is not None:
            rows.append((list(range(len(self.cells))), 0.0, float(self.room.money // self.unit)))
            factors.append(np.array([self.cost(class_) for class_, _kind in self.cells], dtype=float))
        starts = np.cumsum([0, *(len(columns) for columns, *_bounds in rows)])
        columns = np.concatenate([np.array(columns, dtype=int) for columns, *_bounds in rows])
        matrix = csr_array((np.concatenate(factors), columns, starts), shape=(len(rows), self.width))
        upper = [float(min(self.coming[class_], self.room.free[kind])) for class_, kind in self.cells]
        found = milp(
            cost,
            constraints=LinearConstraint(matrix, [low for _, low, _high in rows], [high for _, _low, high in rows]),
            integrality=np.ones(self.width),
            bounds=Bounds(0, [*upper, *(float(need) for need in self.needs.values())]),
            options={"mip_rel_gap": 0.0},
        )
        return self._whole(found.status, found.x, found.message)

    def _whole(self, status: int, values: Sequence[float] | None, message: str) -> list[int] | None:
        if status == 2:  # infeasible
            return None
        if values is None:
            raise PlacesError(f"the reserves could not be worked out: {message}")
        return [round(value) for value in values]
