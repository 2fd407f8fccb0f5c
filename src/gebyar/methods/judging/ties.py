"""Ranks, and which published rule decided each tie.

Scores count as equal when they agree to six decimals, so that the last digits of a machine never decide a prize.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EQUAL = 1e-6
SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry, its rank from 1, and the rule that told it from its equals (None without a tie)."""

    entry: str
    rank: int
    rule: str | None


def rank_by(rules: Sequence[tuple[str, Mapping[str, float]]]) -> tuple[Ranked, ...]:
    """Rank entries by the first rule, equal ones by the second, and so on; the greater value comes first.

    Parameters
    ----------
    rules
        Name and value of each entry. All hold the same entries.

    Returns
    -------
    tuple of Ranked
        From first to last; entries equal by every rule share a rank, in the order of their names.
    """
    found: list[Ranked] = []
    _rank(sorted(rules[0][1]), rules, 0, found)
    return tuple(found)


def _rank(
    entries: Sequence[str], rules: Sequence[tuple[str, Mapping[str, float]]], level: int, found: list[Ranked]
) -> None:
    if len(entries) == 1:
        found.append(Ranked(entries[0], len(found) + 1, rules[level - 1][0] if level > 1 else None))
    elif level == len(rules):
        found += [Ranked(entry, len(found) + 1, SHARED) for entry in entries]
    else:
        for group in _equals(entries, rules[level][1]):
            _rank(group, rules, level + 1, found)


def _equals(entries: Sequence[str], values: Mapping[str, float]) -> list[list[str]]:
    """Groups of equal entries, greatest first. Neighbours closer than `EQUAL` are equal."""
    ordered = sorted(entries, key=lambda entry: (-values[entry], entry))
    groups = [[ordered[0]]]
    for before, entry in itertools.pairwise(ordered):
        if values[before] - values[entry] <= EQUAL:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return [sorted(group) for group in groups]


def lots(entries: Sequence[str], seed: int) -> dict[str, float]:
    """Give each entry its lot: the greatest comes first.

    A lot is the first 32 bits of SHA-256 of "seed:entry", so anybody can draw it again, and it does not depend on who
    else takes part.
    """
    return {entry: float(int(hashlib.sha256(f"{seed}:{entry}".encode()).hexdigest()[:8], 16)) for entry in entries}
