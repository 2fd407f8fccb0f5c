"""Divide a guest's meetings among its delegates.

A guest with n delegates counts as n persons, and its meetings are dealt evenly among them: first those whose delegate is
known, then those fixed to a slot (to a delegate free in it), then the ones with few possible slots.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gebyar.methods.rounds.pairing import Pair
    from gebyar.methods.rounds.round import Place, Round


@dataclass(frozen=True, slots=True)
class Persons:
    """Everybody who can meet: each delegate of each guest.

    Attributes
    ----------
    of_guest
        Per guest (from 0), the first of its persons; persons are numbered from 0 in guest order.
    guest
        Per person, the guest from 0.
    """

    of_guest: tuple[int, ...]
    guest: tuple[int, ...]

    def number(self, guest: int, delegate: int) -> int:
        """The person of a guest (from 0) and a delegate (from 1)."""
        return self.of_guest[guest] + delegate - 1

    def delegate(self, person: int) -> int:
        """Which delegate of its guest a person is, from 1."""
        return person - self.of_guest[self.guest[person]] + 1


def persons_of(round_: Round) -> Persons:
    """Number the delegates of all guests."""
    first: list[int] = []
    guests: list[int] = []
    for index, guest in enumerate(round_.guests):
        first.append(len(guests))
        guests += [index] * guest.delegates
    return Persons(tuple(first), tuple(guests))


def deal(
    round_: Round,
    pairs: Sequence[Pair],
    granted: Sequence[int],
    places: Mapping[int, Place],
) -> dict[int, tuple[int, int]]:
    """Give every granted pair its two persons.

    Parameters
    ----------
    round_, pairs
        The round and its pairs.
    granted
        Indices of the granted pairs.
    places
        Places that are known, by pair index: their delegates stay.

    Returns
    -------
    dict
        Pair index to the persons of its first and second guest.
    """
    persons = persons_of(round_)
    load: dict[int, int] = defaultdict(int)
    fixed: dict[int, int] = defaultdict(int)  # person to the slots its meetings are fixed to
    dealt: dict[int, tuple[int, int]] = {}
    order = sorted(granted, key=lambda index: (index not in places, pairs[index].slots.bit_count(), index))
    for index in order:
        pair, place = pairs[index], places.get(index)
        mask = pair.slots if place is None else 1 << (place.slot - 1)
        wanted = (None, None) if place is None else (place.asker_delegate, place.asked_delegate)
        both = []
        for guest, delegate in zip(pair.ends, wanted, strict=True):
            own = range(persons.of_guest[guest], persons.of_guest[guest] + round_.guests[guest].delegates)
            if delegate is None:
                person = min(own, key=lambda p: (not mask & ~fixed[p], load[p], p))
            else:
                person = persons.number(guest, delegate)
            load[person] += 1
            if mask.bit_count() == 1:
                fixed[person] |= mask
            both.append(person)
        dealt[index] = (both[0], both[1])
    return dealt
