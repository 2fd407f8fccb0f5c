"""Repair a plan on the day: what still holds stays, and as few other meetings as possible move.

The places that can stay stay. A meeting that lost its slot (somebody is absent there now) and what the organiser added
get a slot without moving anybody if one is there, else by moving one other, two, or a chain. What is still free is then
offered to requests without a place, which moves nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from gebyar.methods.rounds.board import NOWHERE
from gebyar.methods.rounds.delegates import deal
from gebyar.methods.rounds.explaining import explain
from gebyar.methods.rounds.pairing import pair_up
from gebyar.methods.rounds.round import Answer, Place, Round, RoundPlan
from gebyar.methods.rounds.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gebyar.methods.rounds.pairing import Pair

MOST_MOVES = 12  # others that may move for one meeting on the day


@dataclass(frozen=True, slots=True)
class Move:
    """What became of a request: from one place to another; None before: added, None after: dropped."""

    request: int
    before: Place | None
    after: Place | None


def moves(before: Iterable[Place], after: Iterable[Place]) -> tuple[Move, ...]:
    """Compare two plans: every request whose place is not the same, in request order."""
    old = {place.request: place for place in before}
    new = {place.request: place for place in after}
    return tuple(
        Move(request, old.get(request), new.get(request))
        for request in sorted({*old, *new})
        if old.get(request) != new.get(request)
    )


def repair_round(
    round_: Round,
    plan: Sequence[Place],
    *,
    from_slot: int = 1,
    kept: Sequence[Place] = (),
    seed: int = 0,
) -> RoundPlan:
    """Fit a plan to new facts and move as few other meetings as possible.

    Parameters
    ----------
    round_
        The facts as they are now: absences, withdrawals, new guests and requests (both only added at the end).
    plan
        The places until now.
    from_slot
        Places in earlier slots are over and stay, whatever the facts say.
    kept
        Places of the plan that may not move; one that is impossible now is given up all the same.
    seed
        Kept for the record: the repair draws nothing.

    Returns
    -------
    RoundPlan
        "feasible". `bound` is None: the aim was few moves, not few idle periods.

    Raises
    ------
    ValueError
        A place names a request that the round does not have.
    """
    del seed
    start = perf_counter()
    _check_requests(round_, plan)
    past = {place.request for place in plan if place.slot < from_slot}
    pairs, refused = pair_up(round_, frozenset(_standing(round_, plan, past)))
    table = Timetable(_forgiving(round_, from_slot), pairs, frozenset(past))
    index_of = {pair.request: index for index, pair in enumerate(pairs)}
    old = {index_of[place.request]: place for place in plan if place.request in index_of}
    for index, pair in enumerate(pairs):
        if pair.request not in past:
            table.board.allowed[index] &= -1 << (from_slot - 1)
    tables = _put_back(table, old, past, {place.request for place in kept})
    _place_again(table, old)
    table.fill(range(len(pairs)))
    still = {index: number for index, number in tables.items() if table.board.slot[index] == old[index].slot - 1}
    places = table.places(still)
    return RoundPlan(
        status="feasible",
        places=places,
        refusals=explain(table, refused),
        idle=table.idle(),
        priority=(priority := sum(pairs[index].points for index in table.placed())),
        priority_bound=priority,
        seconds=perf_counter() - start,
    )


def _check_requests(round_: Round, plan: Sequence[Place]) -> None:
    for place in plan:
        if not 1 <= place.request <= len(round_.requests):
            raise ValueError(
                f"the plan places request {place.request}, but the round has {len(round_.requests)} requests; "
                "new requests go to the end of the list",
            )


def _forgiving(round_: Round, from_slot: int) -> Round:
    """The round without absences in slots that are over: who met there met there, and has no less time for the rest."""
    over = frozenset(range(1, from_slot))
    return replace(round_, guests=tuple(replace(guest, absent=guest.absent - over) for guest in round_.guests))


def _standing(round_: Round, plan: Sequence[Place], past: set[int]) -> Iterable[int]:
    """The requests of the plan that are over or may still take place: not declined, nobody withdrawn."""
    every = len(round_.slots)
    for place in plan:
        request = round_.requests[place.request - 1]
        gone = any(len(round_.guests[guest - 1].absent) == every for guest in (request.asker, request.asked))
        if place.request in past or not (gone or request.answer is Answer.DECLINED):
            yield place.request


def _put_back(table: Timetable, old: dict[int, Place], past: set[int], kept: set[int]) -> dict[int, int]:
    """Put every meeting where it was, if that can be; return the tables of those."""
    dealt = deal(table.round, table.pairs, sorted(old), old)
    tables = {}
    order = sorted(old, key=lambda index: (table.pairs[index].request not in past, old[index].slot, index))
    for index in order:
        place, request = old[index], table.pairs[index].request
        slot = place.slot - 1
        table.board.ends[index] = dealt[index]
        over = request in past
        if over:
            _check_free(table, index, slot)
        if over or (table.has_room(index) and table.board.spots(index) >> slot & 1):
            table.put(index, slot, dealt[index], held=over or request in kept)
            tables[index] = place.table
    return tables


def _check_free(table: Timetable, index: int, slot: int) -> None:
    for person in table.board.ends[index]:
        other = table.board.at(person, slot)
        if other != NOWHERE:
            both = " and ".join(table.round.describe(table.pairs[meeting].request) for meeting in (other, index))
            raise ValueError(f"the plan is none: {both} share a participant and are both in slot {slot + 1}")


def _place_again(table: Timetable, old: dict[int, Place]) -> None:
    """Give a slot to what lost it and to what the organiser added; the larger claim first."""
    pairs: Sequence[Pair] = table.pairs
    waiting = [
        index for index, pair in enumerate(pairs) if not table.is_on(index) and (index in old or pair.by_organiser)
    ]
    waiting.sort(key=lambda index: (*(not part for part in pairs[index].claim[:2]), -pairs[index].points, index))
    for most_moves in (0, 1, 2, MOST_MOVES):
        for index in waiting:
            if not table.is_on(index) and table.has_room(index):
                any(table.insert(index, ends, most_moves) for ends in list(table.delegations(index)))
