"""Reserves and quotas spelled out: one limit for each value of a group, and the applicants that count towards it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gebyar.methods.places.call import Applicant, Call, Reserve


@dataclass(frozen=True, slots=True)
class Limit:
    """At least and at most so many members of one group, in one kind (its number in the call) or in all (None)."""

    group: str
    kind: int | None
    least: int
    most: int | None


def limits_of(call: Call, applicants: Iterable[Applicant]) -> list[Limit]:
    """Spell out the reserves of a call, in its order, the values of a group sorted.

    A limit that nobody belongs to stays, so that a reserve without applicants is told.
    """
    known = sorted({group for applicant in applicants for group in applicant.groups})
    return [
        Limit(
            group,
            None if reserve.kind is None else call.kind_number(reserve.kind),
            reserve.least or 0,
            reserve.most,
        )
        for reserve in call.reserves
        for group in _values(reserve, known)
    ]


def _values(reserve: Reserve, known: Sequence[str]) -> list[str]:
    values = [group for group in known if group == reserve.group or group.startswith(f"{reserve.group}:")]
    return values or [reserve.group]


@dataclass(frozen=True, slots=True)
class Type:
    """What applicants have in common that the rules look at; within a type only the order counts.

    Attributes
    ----------
    limits
        Numbers of the limits to whose groups it belongs.
    wants
        Numbers of kinds in the order of wish.
    cost
        The least money one of them takes, in whole rupiah.
    """

    limits: tuple[int, ...]
    wants: tuple[int, ...]
    cost: int


class Types:
    """The types among applicants, and which limits a type touches in a kind."""

    def __init__(self, call: Call, limits: Sequence[Limit], applicants: Iterable[Applicant]) -> None:
        numbers: dict[str, list[int]] = {}
        for number, limit in enumerate(limits):
            numbers.setdefault(limit.group, []).append(number)
        kinds = {kind.id: number for number, kind in enumerate(call.kinds)}
        found: dict[Type, int] = {}
        self.of: dict[str, int] = {}
        for applicant in applicants:
            wants = tuple(kinds[kind] for kind in applicant.wants) or tuple(range(len(call.kinds)))
            member = tuple(sorted(number for group in applicant.groups for number in numbers.get(group, ())))
            self.of[applicant.id] = found.setdefault(Type(member, wants, least_money(call, applicant)), len(found))
        self.all = tuple(found)
        self.touched = [
            {kind: tuple(n for n in type_.limits if limits[n].kind in {None, kind}) for kind in type_.wants}
            for type_ in self.all
        ]


def least_money(call: Call, applicant: Applicant) -> int:
    """The least that admitting an applicant costs."""
    if call.budget is None:
        return 0
    whole = applicant.amount or 0
    if not call.partial or applicant.least_amount is None:
        return whole
    return applicant.least_amount
