"""Turn a run into verdicts: the reason of each, with what it depends on.

"Through a reserve" and "passed over for a reserve" are found by running the same call without its reserves (quotas
stay), so that the words do not depend on how the reserves were worked out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gebyar.methods.places.allotment import Allotment, KindFigure, ReserveFigure, Verdict
from gebyar.methods.places.ordering import deciding_rule, ranks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from gebyar.methods.places.call import Applicant, Call, Kind
    from gebyar.methods.places.limits import Limit
    from gebyar.methods.places.running import Run

Reason = tuple[str, dict[str, Any]]
# Admitted by where they stand in the order: the last of these is whom the next ones are compared with.
BY_ORDER = frozenset({"admitted_rank", "admitted_partly", "promoted"})


@dataclass
class Explainer:
    """Everything that reasons are found from.

    Attributes
    ----------
    ordered
        All applicants in order.
    found, plain
        The run, and that of the same call without its reserves.
    kept
        Verdicts that stay, of those who had a place before somebody moved up.
    gone
        Those who gave up their place.
    """

    call: Call
    ordered: Sequence[Applicant]
    seed: int
    limits: Sequence[Limit]
    found: Run
    plain: Run
    kept: Mapping[str, Verdict]
    gone: Collection[str]

    def __post_init__(self) -> None:
        call, ordered, limits, found = self.call, self.ordered, self.limits, self.found
        self.rank = ranks(ordered)
        self.by_id = {applicant.id: applicant for applicant in ordered}
        self.deviations = {deviation.applicant: deviation for deviation in call.deviations}
        self.kind_of = {name: call.kinds[granted.kind].id for name, granted in found.granted.items()}
        self.members = [[one for one in ordered if limit.group in one.groups] for limit in limits]
        self.short = frozenset(self._short_without_reserves())
        self.codes = {one.id: self._admitted(one) for one in ordered if one.id in found.granted}
        self.last = self._last_of_kinds()
        held = list(self.kind_of.values())
        self.filled = frozenset(kind.id for kind in call.kinds if held.count(kind.id) == kind.places)
        self.by_reserve = [name for name, (code, _parameters) in self.codes.items() if code == "admitted_reserve"]

    def allotment(self) -> Allotment:
        rows = tuple(self._verdicts())
        granted = sum(row.amount or 0 for row in rows) if self.call.budget is not None else None
        reserves = tuple(self._reserve(number) for number in range(len(self.limits)))
        return Allotment(rows, tuple(self._kinds()), reserves, self.seed, granted, self.found.missing)

    # --- verdicts ---------------------------------------------------------------------------------------------

    def _verdicts(self) -> Iterator[Verdict]:
        """Whoever keeps a place keeps its number and reason; places are numbered in the order of ranks."""
        numbers = {kind.id: self._free_numbers(kind) for kind in self.call.kinds}
        waiting = 0
        for applicant in self.ordered:
            name, rank = applicant.id, self.rank[applicant.id]
            if name in self.kept:
                yield self.kept[name]
            elif name in self.codes:
                yield self._placed(applicant, *next(numbers[self.kind_of[name]]))
            else:
                may_wait = name in self.found.refused and (self.call.waiting is None or waiting < self.call.waiting)
                waiting += may_wait
                yield Verdict(name, "waiting" if may_wait else "refused", rank, *self._not_admitted(applicant))

    def _free_numbers(self, kind: Kind) -> Iterator[tuple[int, str | None]]:
        """The places of a kind that nobody keeps, with their zones, one zone after the other."""
        held = {row.place for row in self.kept.values() if row.kind == kind.id}
        zones: list[str | None] = [name for name, size in kind.zones for _place in range(size)]
        places = enumerate(zones or [None] * kind.places, 1)
        return ((number, zone) for number, zone in places if number not in held)

    def _placed(self, applicant: Applicant, place: int, zone: str | None) -> Verdict:
        name = applicant.id
        code, parameters = self.codes[name]
        return Verdict(
            name,
            "admitted",
            self.rank[name],
            code,
            parameters,
            self.kind_of[name],
            place,
            zone,
            self.found.granted[name].amount,
        )

    def _admitted(self, applicant: Applicant) -> Reason:
        name, rank = applicant.id, self.rank[applicant.id]
        deviation = self.deviations.get(name)
        granted = self.found.granted[name]
        if deviation is not None:
            return "deviation_in", {"rank": rank, "reason": deviation.reason}
        if self.kept:
            return "promoted", {"rank": rank}
        if granted.amount is not None and granted.amount < (applicant.amount or 0):
            return "admitted_partly", {"rank": rank, "granted": granted.amount, "asked": applicant.amount}
        if name not in self.plain.granted:
            return "admitted_reserve", {"rank": rank, "groups": self._reserved_groups(applicant)}
        return "admitted_rank", {"rank": rank}

    def _reserved_groups(self, applicant: Applicant) -> list[str]:
        """The groups of an applicant whose reserve would be short if there were no reserves."""
        own = [n for n, limit in enumerate(self.limits) if limit.least and limit.group in applicant.groups]
        short = [number for number in own if number in self.short]
        return list(dict.fromkeys(self.limits[number].group for number in short or own))

    def _short_without_reserves(self) -> Iterator[int]:
        for number, limit in enumerate(self.limits):
            held = (self.plain.granted.get(one.id) for one in self.members[number])
            if sum(one is not None and limit.kind in {None, one.kind} for one in held) < limit.least:
                yield number

    def _not_admitted(self, applicant: Applicant) -> Reason:
        name = applicant.id
        if name in self.gone:
            return "gave_up", {}
        if name in self.deviations:
            return "deviation_out", {"reason": self.deviations[name].reason}
        if name not in self.found.refused:
            return "below_threshold", {"points": applicant.points, "threshold": self.call.threshold}
        if name in self.plain.granted:
            return self._passed_over(applicant)
        return self._left_out(applicant)

    def _passed_over(self, applicant: Applicant) -> Reason:
        rank = self.rank[applicant.id]
        later = [name for name in self.by_reserve if self.rank[name] > rank]
        groups = sorted({group for name in later for group in self.codes[name][1]["groups"]})
        return "reserved", {"rank": rank, "count": len(later), "groups": groups}

    def _left_out(self, applicant: Applicant) -> Reason:
        rank = self.rank[applicant.id]
        refused = self.found.refused[applicant.id]
        if refused.obstacle == "held":
            was_full = self.plain.refused[applicant.id].obstacle == "full"
            if not was_full or not self.filled.intersection(applicant.wants or self.filled):
                return "held", {"rank": rank}
        if refused.obstacle == "quota" and refused.limit is not None:
            limit = self.limits[refused.limit]
            last = self._last_member(refused.limit)
            parameters = {"rank": rank, "group": limit.group, "most": limit.most}
            return "quota", {**parameters, "last": last, "last_rank": self.rank[last] if last else None}
        if refused.obstacle == "budget":
            return "budget", {"rank": rank, "left": refused.left, "least": self._least(applicant)}
        return self._full(applicant)

    def _least(self, applicant: Applicant) -> int:
        from_least = self.call.partial and applicant.least_amount is not None
        return (applicant.least_amount if from_least else applicant.amount) or 0

    def _full(self, applicant: Applicant) -> Reason:
        kinds = applicant.wants or tuple(kind.id for kind in self.call.kinds)
        lasts = [self.last[kind] for kind in kinds if kind in self.last]
        last = max(lasts, key=self.rank.__getitem__, default=None)
        if last is not None and self.rank[last] < self.rank[applicant.id]:
            rule = deciding_rule(self.call, self.by_id[last], applicant, self.seed)
            if rule is not None and self.call.method == "ranked":
                return "tie", {"last": last, "rule": rule}
        places = sum(kind.places for kind in self.call.kinds if kind.id in kinds)
        return "places_full", {
            "rank": self.rank[applicant.id],
            "places": places,
            "last": last,
            "last_rank": self.rank[last] if last else None,
        }

    # --- figures ----------------------------------------------------------------------------------------------

    def _last_of_kinds(self) -> dict[str, str]:
        """The last of each kind who was admitted by the order; where there is none, the last one at all."""
        last: dict[str, str] = {}
        by_order: dict[str, str] = {}
        for name, (code, _parameters) in self.codes.items():
            last[self.kind_of[name]] = name
            if code in BY_ORDER:
                by_order[self.kind_of[name]] = name
        return last | by_order

    def _kinds(self) -> Iterator[KindFigure]:
        for kind in self.call.kinds:
            held = [name for name in self.codes if self.kind_of[name] == kind.id]
            last = held[-1] if held else None
            yield KindFigure(kind.id, kind.places, len(held), last, self.rank[last] if last else None)

    def _admitted_members(self, number: int) -> list[str]:
        limit = self.limits[number]
        kind = None if limit.kind is None else self.call.kinds[limit.kind].id
        members = (one.id for one in self.members[number] if one.id in self.codes)
        return [name for name in members if kind is None or self.kind_of[name] == kind]

    def _last_member(self, number: int) -> str | None:
        members = self._admitted_members(number)
        return members[-1] if members else None

    def _reserve(self, number: int) -> ReserveFigure:
        limit = self.limits[number]
        kind = None if limit.kind is None else self.call.kinds[limit.kind].id
        may = self.found.refused.keys() | self.found.granted.keys()
        applied = sum(
            one.id in may and (kind is None or not one.wants or kind in one.wants) for one in self.members[number]
        )
        admitted = self._admitted_members(number)
        missing = max(0, limit.least - len(admitted))
        code = None if not missing else "reserve_few" if applied < limit.least else "reserve_room"
        parameters = {"group": limit.group, "least": limit.least, "applied": applied} if code else {}
        last = admitted[-1] if admitted else None
        return ReserveFigure(
            group=limit.group,
            kind=kind,
            least=limit.least or None,
            most=limit.most,
            applied=applied,
            admitted=len(admitted),
            missing=missing,
            code=code,
            parameters=parameters,
            last=last,
            last_rank=self.rank[last] if last else None,
        )
