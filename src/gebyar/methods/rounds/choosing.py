"""Which requests to grant, before anybody knows where they take place.

In this order, each aim among the best of those before it:

1. what is kept and what the organiser added,
2. as many meetings wanted by both as possible,
3. the least served guest served best: first the promised meetings (`least`), then nobody's second meeting before
   everybody's first, nobody's third before everybody's second, and so on (leximin),
4. the largest total of points,
5. the draw: numbers from the seed decide between what is equal in everything.

Leximin in few programmes: two choices differ by alternating paths of meetings, and a path changes the number of
meetings of at most two guests, two paths (one more meeting here, one less there) of at most four. So if the weight of
every further meeting of a guest is at most half of the one before, no exchange is worth more than a higher level is, and
the weighted best is the leximin best (compare A. Frank and K. Murota, "Decreasing minimization on M-convex sets",
Mathematical Programming 195, 2022). Levels are taken in groups, so that weights stay small.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_matrix

from gebyar.methods.rounds.limits import crowds, guest_limits
from gebyar.methods.rounds.stages import Reached, Stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gebyar.methods.rounds.limits import Crowd
    from gebyar.methods.rounds.pairing import Pair
    from gebyar.methods.rounds.round import Round

Array = np.ndarray[Any, Any]
GROUP = 12  # levels in one programme, with weights 2048, 1024, …, 1
DRAWN = 1 << 20


@dataclass(frozen=True, slots=True)
class Choice:
    """What choosing came to.

    Attributes
    ----------
    granted
        Indices of the chosen pairs, from 0.
    priority, priority_bound
        Points of the chosen, and the most that any choice as good in the earlier aims could have.
    proven
        Every aim was reached and shown to be the most.
    cut_short
        The clock or `should_stop` ended the work.
    """

    granted: tuple[int, ...]
    priority: int
    priority_bound: int
    proven: bool
    cut_short: bool


def choose(
    round_: Round,
    pairs: Sequence[Pair],
    *,
    kept: frozenset[int] = frozenset(),
    seed: int = 0,
    seconds: float = 30.0,
    should_stop: Callable[[], bool] | None = None,
) -> Choice:
    """Choose the meetings to grant; see the module for the aims.

    Parameters
    ----------
    round_, pairs
        The round and its pairs, see `pairing.pair_up`.
    kept
        Requests whose meetings stay.
    seed
        Decides what is equal in everything.
    seconds
        Time limit; afterwards the best choice so far is returned.
    should_stop
        Asked between the aims.
    """
    if not pairs:
        return Choice((), 0, 0, proven=True, cut_short=False)
    deadline = perf_counter() + seconds
    columns = _Columns(round_, pairs, kept)
    stages = columns.stages()
    priority_bound = columns.points
    proven, cut_short = True, False
    for name, aim in columns.aims(kept, seed):
        left = deadline - perf_counter()
        if left <= 0 or (should_stop is not None and should_stop()):
            proven, cut_short = False, True
            break
        reached: Reached = stages.maximise(aim, left)
        if name == "priority":
            priority_bound = reached.bound
        proven = proven and reached.value == reached.bound
        cut_short = cut_short or reached.cut_short
    granted = tuple(np.flatnonzero(stages.solution[: len(pairs)] > 0.5).tolist())
    priority = sum(pairs[index].points for index in granted)
    return Choice(granted, priority, max(priority, priority_bound), proven, cut_short)


class _Columns:
    """The columns (one per pair, one per guest and level, one per crowd for what it leaves free) and their rows."""

    def __init__(self, round_: Round, pairs: Sequence[Pair], kept: frozenset[int]) -> None:
        self.pairs = pairs
        self.least = [guest.least for guest in round_.guests]
        ends = np.array([pair.ends for pair in pairs], dtype=np.int64)
        asked = np.bincount(ends.ravel(), minlength=len(round_.guests))
        limits = np.minimum(asked, guest_limits(round_, pairs, kept))
        self.ends = ends
        self.level_guest = np.repeat(np.arange(len(limits)), limits)
        self.level = np.concatenate([np.arange(1, limit + 1) for limit in limits])
        self.crowds: list[Crowd] = list(crowds(round_, pairs))
        self.limits = limits
        self.points = sum(pair.points for pair in pairs)

    def stages(self) -> Stages:
        """Rows: a guest's pairs equal the guest's levels; a crowd's pairs and its rest equal its most."""
        count, levels, guests = len(self.pairs), len(self.level), len(self.limits)
        row = [self.ends[:, 0], self.ends[:, 1], self.level_guest]
        column = [np.arange(count), np.arange(count), count + np.arange(levels)]
        value = [np.ones(2 * count), -np.ones(levels)]
        for number, crowd in enumerate(self.crowds):
            size = len(crowd.pairs) + 1
            row.append(np.full(size, guests + number))
            column.append(np.array([*crowd.pairs, count + levels + number]))
            value.append(np.ones(size))
        shape = (guests + len(self.crowds), count + levels + len(self.crowds))
        rows = coo_matrix((np.concatenate(value), (np.concatenate(row), np.concatenate(column))), shape=shape)
        most = np.array([crowd.most for crowd in self.crowds], dtype=np.int64)
        high = np.concatenate([np.ones(count + levels, dtype=np.int64), most])
        right = np.concatenate([np.zeros(guests, dtype=np.int64), most])
        return Stages(rows, right, high, self._greedy())

    def _greedy(self) -> Array:
        """A choice to begin with: the first claims first, as long as there is room."""
        count, levels = len(self.pairs), len(self.level)
        used = np.zeros(len(self.limits), dtype=np.int64)
        left = np.array([crowd.most for crowd in self.crowds], dtype=np.int64)
        of_pair: list[list[int]] = [[] for _ in self.pairs]
        for number, crowd in enumerate(self.crowds):
            for index in crowd.pairs:
                of_pair[index].append(number)
        solution = np.zeros(count + levels + len(self.crowds), dtype=np.int64)
        for index in sorted(range(count), key=lambda i: self.pairs[i].claim, reverse=True):
            first, second = self.pairs[index].ends
            room = used[first] < self.limits[first] and used[second] < self.limits[second]
            if room and all(left[number] > 0 for number in of_pair[index]):
                solution[index] = 1
                used[[first, second]] += 1
                left[of_pair[index]] -= 1
        solution[count : count + levels] = self.level <= used[self.level_guest]
        solution[count + levels :] = left
        return solution

    def aims(self, kept: frozenset[int], seed: int) -> Iterator[tuple[str, Array]]:
        """The aims in their order, those that nothing depends on left out."""
        yield from self._on_pairs("kept", [pair.request in kept for pair in self.pairs])
        yield from self._on_pairs("organiser", [pair.by_organiser for pair in self.pairs])
        yield from self._on_pairs("mutual", [pair.mutual for pair in self.pairs])
        promised = self.level <= np.array(self.least)[self.level_guest]
        yield from self._leximin(promised)
        yield from self._leximin(np.ones_like(promised))
        yield from self._on_pairs("priority", [pair.points for pair in self.pairs])
        yield from self._on_pairs("draw", self._drawn(seed))

    def _on_pairs(self, name: str, values: Sequence[int]) -> Iterator[tuple[str, Array]]:
        if any(values):
            aim = np.zeros(len(self.pairs) + len(self.level) + len(self.crowds))
            aim[: len(self.pairs)] = values
            yield name, aim

    def _leximin(self, counted: Array) -> Iterator[tuple[str, Array]]:
        highest = int(self.level[counted].max(initial=0))
        for first in range(1, highest + 1, GROUP):
            # Levels before the group stay filled: they weigh twice as much as its first.
            steps = np.maximum(self.level, first - 1)
            weights = np.where(counted & (steps < first + GROUP), 2.0 ** (first + GROUP - 1 - steps), 0.0)
            aim = np.zeros(len(self.pairs) + len(self.level) + len(self.crowds))
            aim[len(self.pairs) : len(self.pairs) + len(self.level)] = weights
            yield "leximin", aim

    def _drawn(self, seed: int) -> list[int]:
        """A number per pair that depends on the seed and who meets, not on the order of the requests."""
        order = sorted(range(len(self.pairs)), key=lambda i: tuple(sorted(self.pairs[i].ends)))
        random = Random(seed)  # noqa: S311 - a draw that anybody can repeat, no secret
        drawn = [0] * len(self.pairs)
        for index in order:
            drawn[index] = random.randrange(1, DRAWN)
        return drawn
