"""Types of applicants put together while the difference between them does not matter any more.

For the question whether the reserves can still be met, only the reserves that are not met yet count, the quotas that
could be used up, the kinds wanted (not their order) and the money.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gebyar.methods.places.limits import Limit, Types

Touched = tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Classes:
    """A partition of the types.

    Attributes
    ----------
    of
        The class of each type; -1 for types that serve no reserve that is still unmet.
    touched
        For each class, by kind, the limits that count.
    costs
        The money that one of each class takes.
    """

    of: Sequence[int]
    touched: Sequence[dict[int, tuple[int, ...]]]
    costs: Sequence[int]


class Partitions:
    """Makes each partition once: they change only when a reserve is met."""

    def __init__(self, limits: Sequence[Limit], types: Types, places: int) -> None:
        self.types = types
        self.quotas = frozenset(n for n, limit in enumerate(limits) if limit.most is not None and limit.most < places)
        self.made: dict[frozenset[int], Classes] = {}

    def at(self, unmet: Collection[int]) -> Classes:
        """Partition the types for these unmet reserves."""
        key = frozenset(unmet)
        if key not in self.made:
            self.made[key] = self._make(key)
        return self.made[key]

    def _make(self, unmet: frozenset[int]) -> Classes:
        counting = unmet | self.quotas
        found: dict[tuple[Touched, int], int] = {}
        of = []
        for type_, touched in zip(self.types.all, self.types.touched, strict=True):
            serves = any(number in unmet for limits in touched.values() for number in limits)
            left = tuple(
                (kind, tuple(number for number in limits if number in counting))
                for kind, limits in sorted(touched.items())
            )
            of.append(found.setdefault((left, type_.cost), len(found)) if serves else -1)
        return Classes(of, [dict(left) for left, _cost in found], [cost for _left, cost in found])
