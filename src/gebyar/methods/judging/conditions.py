"""What must hold before judging opens, so that a model can tell entries from judges."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gebyar.methods.judging.findings import Finding, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAST_JUDGES = 3
"""Judges for each entry."""
LEAST_ENTRIES = 8
"""Entries for each judge."""

Group = tuple[list[str], list[str]]


def conditions(pairs: Iterable[tuple[str, str]], entries: Iterable[str], judges: Iterable[str]) -> tuple[Finding, ...]:
    """Find what stands in the way of a model: an empty answer means nothing does.

    Parameters
    ----------
    pairs
        (entry, judge) who is to be scored by whom.
    entries, judges
        All of them, so that those without any pair are found too.
    """
    pairs = sorted(set(pairs))
    entries = sorted({*entries, *(entry for entry, _judge in pairs)})
    judges = sorted({*judges, *(judge for _entry, judge in pairs)})
    if not pairs:
        return (Finding("no_marks", {}),)
    found = [
        *_too_few("few_judges", entries, Counter(entry for entry, _judge in pairs), LEAST_JUDGES),
        *_too_few("few_entries", judges, Counter(judge for _entry, judge in pairs), LEAST_ENTRIES),
        *_apart(pairs),
    ]
    return tuple(found)


def readiness(pairs: Iterable[tuple[str, str]], entries: Iterable[str], judges: Iterable[str]) -> tuple[str, ...]:
    """Say in words what stands in the way of judging; see `conditions`."""
    return tuple(finding.words() for finding in conditions(pairs, entries, judges))


def groups(pairs: Iterable[tuple[str, str]]) -> list[Group]:
    """Return the (entries, judges) that belong together, each sorted, by their first entry.

    Two entries belong together when somebody judges both, or when a chain of such entries joins them.
    """
    leader: dict[tuple[str, str], tuple[str, str]] = {}

    def find(node: tuple[str, str]) -> tuple[str, str]:
        path = []
        while leader.setdefault(node, node) != node:
            path.append(node)
            node = leader[node]
        leader.update(dict.fromkeys(path, node))
        return node

    for entry, judge in pairs:
        leader[find(("judge", judge))] = find(("entry", entry))
    found: dict[tuple[str, str], Group] = {}
    for kind, name in sorted(leader):
        found.setdefault(find((kind, name)), ([], []))[kind == "judge"].append(name)
    return sorted(found.values())


def _too_few(code: str, names: Sequence[str], counts: Counter[str], least: int) -> Iterable[Finding]:
    short = [f"{name} ({counts[name]})" for name in names if counts[name] < least]
    if short:
        yield Finding(code, {"count": len(short), "least": least, "listed": listed(short)})


def _apart(pairs: Sequence[tuple[str, str]]) -> Iterable[Finding]:
    found = groups(pairs)
    if len(found) > 1:
        first, second = found[:2]
        yield Finding(
            "apart",
            {"count": len(found), "first_entry": first[0][0], "second_entry": second[0][0], "judge": first[1][0]},
        )
