"""The reason for every request that got no place, read off the finished plan."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gebyar.methods.rounds.round import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gebyar.methods.rounds.timetable import Timetable

Reason = tuple[str, dict[str, int | str]]


def explain(table: Timetable, refused: Sequence[Refusal]) -> tuple[Refusal, ...]:
    """Say why each request has no place.

    Parameters
    ----------
    table
        The finished timetable.
    refused
        What `pairing.pair_up` refused.

    Returns
    -------
    tuple
        One refusal for every request without a place, in request order.
    """
    explainer = Explainer(table)
    found = list(refused)
    for index, pair in enumerate(table.pairs):
        if table.is_on(index):
            if pair.other is not None:
                found.append(Refusal(pair.other, "same_meeting", {"other": pair.request}))
            continue
        code, parameters = explainer.reason(index)
        numbers = (pair.request,) if pair.other is None else (pair.request, pair.other)
        found += [Refusal(number, code, parameters) for number in numbers]
    return tuple(sorted(found, key=lambda refusal: refusal.request))


class Explainer:
    """Reasons that hold in a timetable."""

    def __init__(self, table: Timetable) -> None:
        self.table = table
        self.of_guest: dict[int, list[int]] = defaultdict(list)
        for index in table.placed():
            for guest in table.pairs[index].ends:
                self.of_guest[guest].append(index)

    def reason(self, index: int) -> Reason:
        """Why a pair is not on the board."""
        table, pair = self.table, self.table.pairs[index]
        both: dict[str, int | str] = {"first": pair.first + 1, "second": pair.second + 1}
        open_slots = list(table.open_delegations(index))
        full = [guest for guest in pair.ends if table.served[guest] >= table.limits[guest]]
        if not full and open_slots:
            return "room_full", both
        for guest in full:
            compared = self._compared(index, guest)
            if compared is not None:
                return compared
        for guest in full:
            most = table.round.guests[guest].most
            if most is not None and table.served[guest] >= most:
                return "guest_full", {"participant": guest + 1, "most": most}
        return "no_time", both

    def _compared(self, index: int, guest: int) -> Reason | None:
        """The meetings that a full guest has instead; None when comparing does not explain it."""
        table, pair = self.table, self.table.pairs[index]
        others = self.of_guest[guest]
        if others and all(table.pairs[other].claim > pair.claim for other in others):
            return "lower_priority", {"participant": guest + 1, "count": len(others)}
        waiting = table.served[_partner(pair.ends, guest)]
        for other in others:
            rival = table.pairs[other]
            partner = _partner(rival.ends, guest)
            would_have = table.served[partner] - 1
            same_class = rival.claim[:2] >= pair.claim[:2]
            if same_class and would_have < waiting:
                return "least_first", {"participant": guest + 1, "other": partner + 1}
        for other in others:
            rival = table.pairs[other]
            partner = _partner(rival.ends, guest)
            if rival.claim == pair.claim and table.served[partner] - 1 == waiting:
                return "draw", {"participant": guest + 1, "other": partner + 1}
        return None


def _partner(ends: tuple[int, int], guest: int) -> int:
    return ends[1] if ends[0] == guest else ends[0]
