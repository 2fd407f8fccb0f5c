"""An independent check of an allotment: it shares only the data, the order and the codes with the allotting.

It counts everything again, holds every reason against the facts, and tries every exchange of two: whoever could take a
later one's place without a reserve or quota suffering was passed over.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gebyar.methods.places.ordering import in_order
from gebyar.methods.places.reasons import CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gebyar.methods.places.allotment import Allotment, Verdict
    from gebyar.methods.places.call import Applicant, Call, Reserve

Rule = tuple[str, "Reserve"]
Signature = tuple[frozenset[str], frozenset[str], str | None, tuple[int, int | None] | None]


def check_allotment(call: Call, applicants: Sequence[Applicant], allotment: Allotment) -> tuple[str, ...]:
    """Find everything that is wrong with an allotment.

    Returns
    -------
    tuple
        One sentence per fault; empty when every rule of the call is kept, nobody was passed over, figures are counted
        right and reasons are true.
    """
    ordered = in_order(call, applicants, allotment.seed)
    expected = [(one.id, rank) for rank, one in enumerate(ordered, 1)]
    if [(row.applicant, row.rank) for row in allotment.rows] != expected:
        return ("The verdicts are not one for each applicant in the order of the call.",)
    return tuple(_Checker(call, ordered, allotment).faults())


class _Checker:
    def __init__(self, call: Call, ordered: Sequence[Applicant], allotment: Allotment) -> None:
        self.call, self.allotment = call, allotment
        self.by_id = {one.id: one for one in ordered}
        self.rows = {row.applicant: row for row in allotment.rows}
        self.decided = {deviation.applicant: deviation for deviation in call.deviations}
        self.rules = self._spelled_out()
        self.groups = {group for group, _reserve in self.rules}
        self.known: dict[tuple[frozenset[str], str], list[int]] = {}
        self.count = Counter(key for row in allotment.admitted for key in self._touched(row.applicant, row.kind))
        self.in_kind = Counter(row.kind for row in allotment.admitted)
        self.money = sum(row.amount or 0 for row in allotment.admitted)
        self.is_promoted = any(row.code == "gave_up" for row in allotment.rows)

    def _spelled_out(self) -> list[Rule]:
        groups = sorted({group for one in self.by_id.values() for group in one.groups})
        found: list[Rule] = []
        for reserve in self.call.reserves:
            named = [group for group in groups if group == reserve.group or group.startswith(reserve.group + ":")]
            found += [(group, reserve) for group in named or [reserve.group]]
        return found

    def _touched(self, name: str, kind: str | None) -> list[int]:
        """The rules that an applicant counts towards in a kind."""
        if kind is None:
            return []
        key = self.by_id[name].groups.intersection(self.groups), kind
        if key not in self.known:
            rules = enumerate(self.rules)
            self.known[key] = [n for n, (group, rule) in rules if group in key[0] and rule.kind in {None, kind}]
        return self.known[key]

    def faults(self) -> Iterator[str]:
        for row in self.allotment.rows:
            yield from (f"Applicant {row.applicant}: {fault}" for fault in self._row_faults(row))
        yield from self._place_faults()
        yield from self._limit_faults()
        yield from self._money_faults()
        yield from self._passed_over()

    # --- rows -------------------------------------------------------------------------------------------------

    def _row_faults(self, row: Verdict) -> Iterator[str]:
        if row.code not in CODES:
            yield f"the code {row.code!r} is unknown."
            return
        one = self.by_id[row.applicant]
        deviation = self.decided.get(row.applicant)
        if row.outcome == "admitted":
            if row.kind is None or row.place is None or (one.wants and row.kind not in one.wants):
                yield f"kind {row.kind} is not what it wants, or the place has no number."
            if deviation is None and self._is_below(one):
                yield f"admitted with {one.points} points, below the threshold."
        elif row.kind is not None or row.amount is not None:
            yield "has a place or money without being admitted."
        is_bound = row.code != "gave_up"
        if deviation is not None and is_bound and deviation.admitted != (row.outcome == "admitted"):
            yield "the decision of the meeting was not carried out."
        yield from self._reason_faults(row, one)

    def _is_below(self, one: Applicant) -> bool:
        return self.call.threshold is not None and one.points < self.call.threshold

    def _reason_faults(self, row: Verdict, one: Applicant) -> Iterator[str]:
        said = row.parameters
        untrue: dict[str, Callable[[], bool]] = {
            "below_threshold": lambda: not self._is_below(one),
            "places_full": lambda: not self._is_full(one) or not self._is_last(said["last"], said["last_rank"]),
            "tie": lambda: self.by_id[said["last"]].points != one.points or not self._is_admitted(said["last"]),
            "reserved": lambda: said["count"] != self._through_reserves_after(row.rank),
            "quota": lambda: said["group"] not in one.groups or not self._is_used_up(said["group"], said["most"]),
            "budget": lambda: said["left"] >= said["least"] or said["least"] != self._least(one),
            "admitted_partly": lambda: (said["granted"], said["asked"]) != (row.amount, one.amount),
            "admitted_reserve": lambda: not self.groups.intersection(one.groups).issuperset(said["groups"]),
        }
        if said.get("rank", row.rank) != row.rank:
            yield f"the reason speaks of number {said['rank']}, the verdict of {row.rank}."
        elif not self.is_promoted and row.code in untrue and untrue[row.code]():
            yield f"the reason {row.code!r} is not true."

    def _is_full(self, one: Applicant) -> bool:
        wants = one.wants or tuple(kind.id for kind in self.call.kinds)
        sizes = {kind.id: kind.places for kind in self.call.kinds}
        return any(self.in_kind[kind] >= sizes[kind] for kind in wants)

    def _is_last(self, name: str | None, rank: int | None) -> bool:
        return name is None or (self._is_admitted(name) and self.rows[name].rank == rank)

    def _is_admitted(self, name: str) -> bool:
        return self.rows[name].outcome == "admitted"

    def _through_reserves_after(self, rank: int) -> int:
        return sum(row.rank > rank and row.code == "admitted_reserve" for row in self.allotment.rows)

    def _is_used_up(self, group: str, most: int) -> bool:
        return any(
            self.count[number] >= most
            for number, (name, reserve) in enumerate(self.rules)
            if name == group and reserve.most == most
        )

    def _least(self, one: Applicant) -> int:
        if self.call.partial and one.least_amount is not None:
            return one.least_amount
        return one.amount or 0

    # --- places, limits, money --------------------------------------------------------------------------------

    def _place_faults(self) -> Iterator[str]:
        for kind in self.call.kinds:
            numbers = [row.place for row in self.allotment.admitted if row.kind == kind.id]
            if len(set(numbers)) != len(numbers) or not set(numbers) <= set(range(1, kind.places + 1)):
                yield f"Kind {kind.id}: places are given twice or do not exist."
            zones = [name for name, size in kind.zones for _place in range(size)]
            for row in self.allotment.admitted:
                if row.kind == kind.id and zones and row.place and zones[row.place - 1] != row.zone:
                    yield f"Applicant {row.applicant}: place {row.place} of kind {kind.id} is not in zone {row.zone}."
        told = {figure.kind: figure.admitted for figure in self.allotment.kinds}
        if told != {kind.id: self.in_kind[kind.id] for kind in self.call.kinds}:
            yield "The figures of the kinds are counted wrong."

    def _limit_faults(self) -> Iterator[str]:
        told = [(figure.group, figure.kind, figure.admitted, figure.missing) for figure in self.allotment.reserves]
        counted = []
        for number, (group, reserve) in enumerate(self.rules):
            admitted = self.count[number]
            counted.append((group, reserve.kind, admitted, max(0, (reserve.least or 0) - admitted)))
            if reserve.most is not None and admitted > reserve.most:
                yield f"{admitted} of {group} are admitted; at most {reserve.most} may be."
        if told != counted:
            yield "The figures of the reserves are counted wrong."
        if not self.is_promoted and self.allotment.missing != sum(missing for *_rest, missing in counted):
            yield "What the reserves lack together is counted wrong."

    def _money_faults(self) -> Iterator[str]:
        if self.call.budget is None:
            return
        if self.money > self.call.budget or self.money != self.allotment.granted:
            yield f"{self.money} rupiah are granted of {self.call.budget}; the figure says {self.allotment.granted}."
        for row in self.allotment.admitted:
            one = self.by_id[row.applicant]
            if row.amount is None or not self._least(one) <= row.amount <= (one.amount or 0):
                yield f"Applicant {row.applicant}: {row.amount} rupiah are not between the least and the amount asked."

    # --- exchanges --------------------------------------------------------------------------------------------

    def _passed_over(self) -> Iterator[str]:
        """Try for the first of each kind of left-out applicant each last of each kind of admitted one."""
        giving = self._last_givers()
        for row in self._first_losers():
            one = self.by_id[row.applicant]
            for kind in self._better(row, one):
                if self._gain(row, kind, None) is not None:
                    yield f"Applicant {row.applicant} could have had a place of kind {kind} that is free."
                for other in giving:
                    gain = self._gain(row, kind, other) if other.kind == kind else None
                    if gain is not None and (gain > 0 or (gain == 0 and row.rank < other.rank)):
                        yield (
                            f"Applicant {row.applicant} was passed over: it could have had the place of "
                            f"{other.applicant}, and every reserve and quota would have been kept as well."
                        )

    def _signature(self, row: Verdict) -> Signature:
        """What a place would use and serve, whoever has it; rows that agree in it need not be tried twice."""
        one = self.by_id[row.applicant]
        money = None if self.call.budget is None else (self._least(one), row.amount)
        return one.groups.intersection(self.groups), frozenset(self._better(row, one)), row.kind, money

    def _last_givers(self) -> list[Verdict]:
        """Of each signature the last one whose place could go to another, who was not decided by people or kept."""
        wanted = {"promoted"} if self.is_promoted else CODES.keys() - {"deviation_in"}
        rows = (row for row in self.allotment.admitted if row.code in wanted)
        last = {(*self._signature(row)[::2], self._signature(row)[3]): row for row in rows}
        return list(last.values())

    def _first_losers(self) -> list[Verdict]:
        """Of each signature the first one who was left out or did not get the first wish."""
        first: dict[Signature, Verdict] = {}
        for row in self.allotment.rows:
            is_out = row.code in {"gave_up", "deviation_in", "deviation_out", "below_threshold"}
            is_kept = self.is_promoted and row.outcome == "admitted" and row.code != "promoted"
            if not is_out and not is_kept:
                first.setdefault(self._signature(row), row)
        return list(first.values())

    def _better(self, row: Verdict, one: Applicant) -> tuple[str, ...]:
        """The kinds that an applicant wants more than what it got."""
        wants = one.wants or tuple(kind.id for kind in self.call.kinds)
        return wants if row.kind is None else wants[: wants.index(row.kind)]

    def _gain(self, row: Verdict, kind: str, other: Verdict | None) -> int | None:
        """How much less the reserves would lack if `row` took a free place, or that of `other`; None: impossible."""
        change: Counter[int] = Counter(self._touched(row.applicant, kind))
        leaving = [old for old in (row, other) if old is not None and old.kind is not None]
        for old in leaving:
            change.subtract(self._touched(old.applicant, old.kind))
        gain = 0
        for number, shift in change.items():
            reserve, before = self.rules[number][1], self.count[number]
            if shift > 0 and reserve.most is not None and before + shift > reserve.most:
                return None
            least = reserve.least or 0
            gain += max(0, least - before) - max(0, least - before - shift)
        if self._free(kind) + (other is not None) < 1 or not self._affords(row, leaving):
            return None
        return None if other is None and gain < 0 else gain

    def _free(self, kind: str) -> int:
        return next(one.places for one in self.call.kinds if one.id == kind) - self.in_kind[kind]

    def _affords(self, row: Verdict, leaving: Sequence[Verdict]) -> bool:
        if self.call.budget is None:
            return True
        left = self.call.budget - self.money + sum(old.amount or 0 for old in leaving)
        return self._least(self.by_id[row.applicant]) <= left
