"""Plan a round: choose what to grant, give it slots and tables, and say why the rest was not granted."""

from __future__ import annotations

from collections import Counter, defaultdict
from time import perf_counter
from typing import TYPE_CHECKING

from gebyar.methods.rounds.board import longest_run
from gebyar.methods.rounds.choosing import choose
from gebyar.methods.rounds.delegates import deal
from gebyar.methods.rounds.explaining import explain
from gebyar.methods.rounds.pairing import bits, pair_up, session_masks
from gebyar.methods.rounds.round import Answer, Place, Round, RoundPlan
from gebyar.methods.rounds.scheduling import PACKING_SHARE, UNFAIR, improve, is_fair, place_all
from gebyar.methods.rounds.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gebyar.methods.rounds.pairing import Pair

    Progress = Callable[[int, int | None, str], None]

CHOOSING_SHARE = 0.4


def plan_round(
    round_: Round,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    kept: Sequence[Place] = (),
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RoundPlan:
    """Choose which requests to grant and place them.

    Parameters
    ----------
    round_
        Guests, requests, slots and tables.
    seed
        Same seed, same plan, unless the clock cuts the work short; it also decides what is equal in everything.
    time_limit
        Seconds, after which the best plan so far is returned.
    kept
        Places that must stay as they are: locked ones, or all of a version when only the unplaced are planned again.
    progress
        Called with seconds done, seconds allowed, and what is being done in words.
    should_stop
        Asked often; when it says True, the best plan so far is returned.

    Returns
    -------
    RoundPlan
        Every request has a place or a reason. "infeasible" only when the kept places contradict each other or the
        round, with the reason in words.

    Raises
    ------
    ValueError
        A time limit that is not above 0.
    """
    if not time_limit > 0:
        raise ValueError(f"time_limit is {time_limit}; give seconds above 0")
    start = perf_counter()
    fault = next(contradictions(round_, kept), None)
    if fault is not None:
        return RoundPlan("infeasible", reason=fault, seconds=perf_counter() - start)
    requests = frozenset(place.request for place in kept)
    pairs, refused = pair_up(round_, requests)
    tell = _teller(progress, start, time_limit)
    tell("choosing")
    choice = choose(
        round_, pairs, kept=requests, seed=seed, seconds=time_limit * CHOOSING_SHARE, should_stop=should_stop
    )
    known = known_places(pairs, kept)
    table = Timetable(round_, pairs, requests)
    granted = sorted({*choice.granted, *known})
    dealt = deal(round_, pairs, granted, known)
    for index, place in known.items():
        table.put(index, place.slot - 1, dealt[index], held=True)
    tell("placing")
    left = time_limit - (perf_counter() - start)
    stopped = should_stop is not None and should_stop()
    dropped, hurried = place_all(table, granted, dealt, 0.0 if stopped else left * PACKING_SHARE)
    table.fill(range(len(pairs)))
    left = time_limit - (perf_counter() - start)
    schedule = improve(table, seed=seed, seconds=left, progress=progress, should_stop=should_stop)
    filled = table.fill(range(len(pairs)))
    places = table.places({index: place.table for index, place in known.items()})
    idle, priority = table.idle(), sum(pairs[index].points for index in table.placed())
    proven = schedule.proven and choice.proven and not dropped and not filled
    return RoundPlan(
        status="optimal" if proven else "feasible",
        places=places,
        refusals=explain(table, refused),
        idle=idle,
        bound=0 if filled else min(schedule.bound, idle),  # the bound was proven without what was filled in
        priority=priority,
        priority_bound=max(choice.priority_bound, priority),
        seconds=perf_counter() - start,
        reason=None if is_fair(table) else schedule.unfair or UNFAIR,
        cut_short=choice.cut_short or hurried or schedule.cut_short,
    )


def known_places(pairs: Sequence[Pair], places: Sequence[Place]) -> dict[int, Place]:
    """The places by the index of their pair."""
    index_of = {pair.request: index for index, pair in enumerate(pairs)}
    return {index_of[place.request]: place for place in places}


def contradictions(round_: Round, kept: Sequence[Place]) -> Iterator[str]:
    """What makes it impossible that these places all stay, in words."""
    outside = [fault for place in kept for fault in _outside(round_, place)]
    yield from outside
    if not outside:
        yield from _twice(round_, kept)
        yield from _without_rest(round_, kept)


def _outside(round_: Round, place: Place) -> Iterator[str]:
    if not 1 <= place.request <= len(round_.requests):
        yield f"A kept place names request {place.request}, but the round has {len(round_.requests)} requests."
        return
    what, request = round_.describe(place.request), round_.requests[place.request - 1]
    if not 1 <= place.slot <= len(round_.slots):
        yield f"The place of {what} is kept in slot {place.slot}, but the round has {len(round_.slots)} slots."
        return
    if not 1 <= place.table <= len(round_.tables):
        yield f"The place of {what} is kept at table {place.table}, but the round has {len(round_.tables)} tables."
    if request.answer is Answer.DECLINED and not request.by_organiser:
        yield f"The place of {what} is kept, but the request was declined."
    if not session_masks(round_)[request.session] >> (place.slot - 1) & 1:
        yield f"The place of {what} is kept in slot {place.slot}, but it may only be in the {request.session.value}."
    if request.fixed_slot not in {None, place.slot}:
        yield f"The place of {what} is kept in slot {place.slot}, but it is fixed to slot {request.fixed_slot}."
    for guest, delegate in ((request.asker, place.asker_delegate), (request.asked, place.asked_delegate)):
        known = round_.guests[guest - 1]
        if not 1 <= delegate <= known.delegates:
            yield f"The place of {what} is kept for delegate {delegate} of {known.name}, who has {known.delegates}."
        if place.slot in known.absent:
            yield f"The place of {what} is kept in slot {place.slot}, in which {known.name} cannot meet."


def _twice(round_: Round, kept: Sequence[Place]) -> Iterator[str]:
    who: dict[tuple[int, int, int], int] = {}
    where: dict[tuple[int, int], int] = {}
    pairs: dict[frozenset[int], int] = {}
    for place in kept:
        request = round_.requests[place.request - 1]
        ends = ((request.asker, place.asker_delegate), (request.asked, place.asked_delegate))
        for guest, delegate in ends:
            other = who.setdefault((guest, delegate, place.slot), place.request)
            if other != place.request:
                yield (
                    f"{round_.name(guest)} would be in two places in slot {place.slot}: {round_.describe(other)} and "
                    f"{round_.describe(place.request)} are both kept there. Free one of them."
                )
        other = where.setdefault((place.slot, place.table), place.request)
        if other != place.request:
            yield (
                f"Table {place.table} would have two meetings in slot {place.slot}: {round_.describe(other)} and "
                f"{round_.describe(place.request)} are both kept there. Free one of them."
            )
        other = pairs.setdefault(frozenset((request.asker, request.asked)), place.request)
        if other != place.request:
            yield f"{round_.describe(other)} and {round_.describe(place.request)} are kept, but the two meet once."
    for number, count in Counter(place.request for place in kept).items():
        if count > 1:
            yield f"{round_.describe(number)} is kept {count} times; keep one of its places."


def _without_rest(round_: Round, kept: Sequence[Place]) -> Iterator[str]:
    """Who would meet in more slots in a row than the round allows."""
    busy: dict[tuple[int, int], int] = defaultdict(int)
    for place in kept:
        request = round_.requests[place.request - 1]
        for person in ((request.asker, place.asker_delegate), (request.asked, place.asked_delegate)):
            busy[person] |= 1 << (place.slot - 1)
    for (guest, _), mask in busy.items() if round_.rest_after is not None else ():
        longest = longest_run(mask, bits(round_.day_starts))
        if longest > (round_.rest_after or 0):
            yield (
                f"{round_.name(guest)} would meet in {longest} slots in a row by what is kept; this round allows "
                f"{round_.rest_after}. Free one of them."
            )


def _teller(progress: Progress | None, start: float, limit: float) -> Callable[[str], None]:
    def tell(words: str) -> None:
        if progress is not None:
            progress(int(min(perf_counter() - start, limit)), int(limit), words)

    return tell
