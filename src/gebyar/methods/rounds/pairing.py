"""From requests to the meetings they ask for: two guests who ask each other want one meeting, not two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gebyar.methods.meetings.problem import Session
from gebyar.methods.rounds.points import request_points, tier_points
from gebyar.methods.rounds.round import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gebyar.methods.rounds.round import Request, Round


@dataclass(frozen=True, slots=True)
class Pair:
    """One meeting that may be granted.

    Attributes
    ----------
    request
        The request that gets the place; a request back, if any, is `other`.
    first, second
        Asker and asked of `request`, numbered from 0.
    mutual, by_organiser
        Wanted by both; added by the organiser.
    points
        Priority, see `points`.
    slots
        Bit t − 1 is set when both guests have time in slot t, and session and fixed slot allow it.
    table
        The table it is fixed to, or None.
    """

    request: int
    other: int | None
    first: int
    second: int
    mutual: bool
    by_organiser: bool
    points: int
    slots: int
    table: int | None

    @property
    def ends(self) -> tuple[int, int]:
        return self.first, self.second

    @property
    def claim(self) -> tuple[bool, bool, int]:
        """What decides between two requests for one place, larger first."""
        return self.by_organiser, self.mutual, self.points


def bits(slots: Iterable[int]) -> int:
    """Slot numbers as a mask: bit t − 1 stands for slot t."""
    mask = 0
    for slot in slots:
        mask |= 1 << (slot - 1)
    return mask


def numbers(mask: int) -> Iterator[int]:
    """The slots of a mask, numbered from 0, in order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def presence(round_: Round) -> list[int]:
    """Per guest, the slots with time, as masks."""
    every = (1 << len(round_.slots)) - 1
    return [every & ~bits(guest.absent) for guest in round_.guests]


def session_masks(round_: Round) -> dict[Session, int]:
    """The slots of the mornings, of the afternoons, and all."""
    morning = bits(number for number, slot in enumerate(round_.slots, 1) if slot.is_morning)
    every = (1 << len(round_.slots)) - 1
    return {Session.MORNING: morning, Session.AFTERNOON: every & ~morning, Session.ANY: every}


def pair_up(round_: Round, kept: frozenset[int] = frozenset()) -> tuple[list[Pair], list[Refusal]]:
    """Make the meetings that may be granted, and refuse what cannot be.

    Parameters
    ----------
    round_
        The round.
    kept
        Requests that have a place already; they lead their pair and are refused for no answer.

    Returns
    -------
    tuple
        Pairs in the order of their first request, and refusals (declined, unanswered, withdrawn, no_time).
    """
    present, sessions = presence(round_), session_masks(round_)
    refusals = []
    standing: dict[tuple[int, int], list[int]] = {}
    for number, request in enumerate(round_.requests, 1):
        if request.answer is Answer.DECLINED and not request.by_organiser and number not in kept:
            refusals.append(Refusal(number, "declined", {}))
        else:
            key = (min(request.asker, request.asked), max(request.asker, request.asked))
            standing.setdefault(key, []).append(number)
    pairs = []
    for requests in standing.values():
        pair = _pair(round_, requests, kept, present, sessions)
        code = None if kept.intersection(requests) else _hindrance(round_, pair, present)
        if code is None:
            pairs.append(pair)
        else:
            refusals += [Refusal(number, *code) for number in requests]
    return pairs, refusals


def _pair(
    round_: Round,
    requests: list[int],
    kept: frozenset[int],
    present: list[int],
    sessions: dict[Session, int],
) -> Pair:
    asked = {number: round_.requests[number - 1] for number in requests}
    leading = max(requests, key=lambda n: (n in kept, asked[n].by_organiser, asked[n].answer is Answer.ACCEPTED, -n))
    first, second = asked[leading].asker - 1, asked[leading].asked - 1
    slots = present[first] & present[second]
    for request in asked.values():
        slots &= _open_slots(request, sessions)
    tables = [request.fixed_table for request in asked.values() if request.fixed_table is not None]
    return Pair(
        request=leading,
        other=next((number for number in requests if number != leading), None),
        first=first,
        second=second,
        mutual=len(requests) > 1 or asked[leading].answer is Answer.ACCEPTED,
        by_organiser=any(request.by_organiser for request in asked.values()),
        points=sum(map(request_points, asked.values())) + sum(tier_points(round_.guests[g]) for g in (first, second)),
        slots=slots,
        table=asked[leading].fixed_table or (tables[0] if tables else None),
    )


def _open_slots(request: Request, sessions: dict[Session, int]) -> int:
    fixed = -1 if request.fixed_slot is None else 1 << (request.fixed_slot - 1)
    return sessions[request.session] & fixed


def _hindrance(round_: Round, pair: Pair, present: list[int]) -> tuple[str, dict[str, int | str]] | None:
    """What makes a meeting impossible whatever else is planned."""
    for guest in pair.ends:
        if not present[guest]:
            return "withdrawn", {"participant": guest + 1}
    if not pair.slots:
        return "no_time", {"first": pair.first + 1, "second": pair.second + 1}
    if not (pair.mutual or pair.by_organiser or round_.grants_unanswered):
        return "unanswered", {"participant": pair.second + 1}
    return None
