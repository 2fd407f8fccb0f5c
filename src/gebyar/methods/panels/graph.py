"""Whether entries and judges hang together.

Judges can be compared when there is a chain of shared entries between them (statisticians say: the design is
connected); otherwise nobody can tell a severe judge from a weak set of entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gebyar.methods.panels.task import Pair


def components(pairs: Iterable[Pair], entries: int) -> list[tuple[list[int], list[int]]]:
    """The parts that hang together, each with its entries and its judges.

    Parameters
    ----------
    pairs
        Pairs (entry, judge).
    entries
        Number of entries; one without pairs is a part of its own. Judges without pairs belong to none.

    Returns
    -------
    list
        Parts in the order of their first entries; entries and judges in order.
    """
    judges_of: list[list[int]] = [[] for _ in range(entries)]
    entries_of: dict[int, list[int]] = {}
    for entry, judge in pairs:
        judges_of[entry].append(judge)
        entries_of.setdefault(judge, []).append(entry)
    found, seen = [], [False] * entries
    for start in range(entries):
        if seen[start]:
            continue
        seen[start] = True
        reached, met, walk = [], set[int](), [start]
        while walk:
            entry = walk.pop()
            reached.append(entry)
            for judge in judges_of[entry]:
                met.add(judge)
                for other in entries_of.pop(judge, ()):
                    if not seen[other]:
                        seen[other] = True
                        walk.append(other)
        found.append((sorted(reached), sorted(met)))
    return found


def is_connected(pairs: Iterable[Pair], entries: int) -> bool:
    """Whether all entries and all used judges hang together."""
    return len(components(pairs, entries)) <= 1
