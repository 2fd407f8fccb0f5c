"""How many meetings a guest can have at most, and what else choosing can see of time and tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gebyar.methods.rounds.pairing import numbers, presence, session_masks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gebyar.methods.rounds.pairing import Pair
    from gebyar.methods.rounds.round import Round

MOST_MASKS = 24  # different sets of possible slots looked at per guest


@dataclass(frozen=True, slots=True)
class Crowd:
    """At most `most` of these pairs (numbered from 0) can be granted."""

    pairs: tuple[int, ...]
    most: int


def capacity(mask: int, day_of: Sequence[int], rest_after: int | None) -> int:
    """The slots of a mask that one person can use, with the forced rest after so many in a row."""
    if rest_after is None:
        return mask.bit_count()
    used = run = 0
    before = -2
    for slot in numbers(mask):
        follows = slot == before + 1 and day_of[slot] == day_of[before]
        run = run if follows else 0
        before = slot
        if run == rest_after:
            run = 0
        else:
            run += 1
            used += 1
    return used


def time_limits(round_: Round) -> list[int]:
    """Per guest, the meetings that time and delegates allow."""
    days = [slot.day for slot in round_.slots]
    return [
        capacity(mask, days, round_.rest_after) * guest.delegates
        for mask, guest in zip(presence(round_), round_.guests, strict=True)
    ]


def forced_counts(round_: Round, pairs: Sequence[Pair], kept: frozenset[int]) -> list[int]:
    """Per guest, the meetings that are kept or added by the organiser."""
    forced = [0] * len(round_.guests)
    for pair in pairs:
        if pair.by_organiser or pair.request in kept:
            for guest in pair.ends:
                forced[guest] += 1
    return forced


def guest_limits(round_: Round, pairs: Sequence[Pair], kept: frozenset[int] = frozenset()) -> list[int]:
    """Per guest, the most meetings: what they want at most, unless more is forced, and what time allows."""
    limits = []
    forced = forced_counts(round_, pairs, kept)
    for guest, time, must in zip(round_.guests, time_limits(round_), forced, strict=True):
        wanted = time if guest.most is None else max(guest.most, must)
        limits.append(min(wanted, time))
    return limits


def crowds(round_: Round, pairs: Sequence[Pair]) -> Iterator[Crowd]:
    """Sets of pairs that must share few slots: too many for a guest's time, or for the tables.

    Absences, sessions and fixed slots leave a pair only some slots. Of a guest's pairs that fit only into the same
    slots, no more can take place than the guest has slots there; of all pairs of a part of the round, no more than its
    tables hold. This is a relaxation: it forbids nothing that can be scheduled.
    """
    days = [slot.day for slot in round_.slots]
    of_guest: dict[int, list[int]] = defaultdict(list)
    for index, pair in enumerate(pairs):
        for guest in pair.ends:
            of_guest[guest].append(index)
    for guest, indices in of_guest.items():
        for mask in _masks(pairs, indices):
            most = capacity(mask, days, round_.rest_after) * round_.guests[guest].delegates
            yield from _crowd(pairs, indices, mask, most)
    fixed = {pair.slots for pair in pairs if pair.slots.bit_count() == 1}
    for mask in sorted({*session_masks(round_).values(), *_day_masks(round_), *fixed}):
        yield from _crowd(pairs, range(len(pairs)), mask, mask.bit_count() * len(round_.tables))


def _masks(pairs: Sequence[Pair], indices: Sequence[int]) -> list[int]:
    """The different sets of slots of a guest's pairs, the narrow ones first."""
    found = sorted({pairs[index].slots for index in indices}, key=lambda mask: (mask.bit_count(), mask))
    return found[:MOST_MASKS]


def _day_masks(round_: Round) -> Iterator[int]:
    for day in {slot.day for slot in round_.slots}:
        yield sum(1 << index for index, slot in enumerate(round_.slots) if slot.day == day)


def _crowd(pairs: Sequence[Pair], indices: Sequence[int], mask: int, most: int) -> Iterator[Crowd]:
    within = tuple(index for index in indices if not pairs[index].slots & ~mask)
    if len(within) > most:
        yield Crowd(within, most)
