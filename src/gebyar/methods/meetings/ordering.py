"""Precedences: an order that respects them, or the circle that makes it impossible."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Pair = tuple[int, int]


def sort_precedences(pairs: Iterable[Pair]) -> tuple[list[Pair], set[int]]:
    """Sort so that each pair comes after those it depends on (Kahn 1962).

    Returns
    -------
    tuple
        The sorted pairs, and the meetings left in or behind a circle.
    """
    followers: dict[int, list[int]] = defaultdict(list)
    waiting: Counter[int] = Counter()
    for earlier, later in sorted(set(pairs)):
        followers[earlier].append(later)
        waiting[later] += 1
    ready = [meeting for meeting in followers if not waiting[meeting]]
    order: list[Pair] = []
    while ready:
        meeting = ready.pop()
        for later in followers[meeting]:
            order.append((meeting, later))
            waiting[later] -= 1
            if not waiting[later]:
                ready.append(later)
    return order, {meeting for meeting, count in waiting.items() if count}


def find_circle(pairs: Iterable[Pair]) -> list[int]:
    """Find meetings that would each come before the next, the last being the first; empty if none."""
    known = sorted(set(pairs))
    left = sort_precedences(known)[1]
    if not left:
        return []
    leader = {later: earlier for earlier, later in known if earlier in left}
    path = [min(left)]
    while path[-1] not in path[:-1]:
        path.append(leader[path[-1]])
    return path[path.index(path[-1]) :][::-1]
