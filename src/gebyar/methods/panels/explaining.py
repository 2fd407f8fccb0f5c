"""Say why there is no assignment, and what would make one possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.panels.connecting import labels
from gebyar.methods.panels.hall import shortage
from gebyar.methods.panels.needing import needs
from gebyar.methods.panels.reasons import listed
from gebyar.methods.panels.task import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gebyar.methods.panels.task import BoolArray, IntArray, PanelTask


def plain_faults(task: PanelTask) -> tuple[Finding, ...]:
    """What can be seen without solving anything: the first reason, then what would help; empty when nothing is wrong."""
    for reason in _counted(task):
        return (reason, *needs(task))
    for reason in _split(task):
        return (reason, Finding("not_connected", {}), *_more_pairs(reason))
    return ()


def explain(task: PanelTask, *, ties: bool) -> tuple[Finding, ...]:
    """The reason why a task that passed `plain_faults` cannot be solved, then what would help.

    Parameters
    ----------
    task
        The task.
    ties
        Without the tie between panels there are assignments.
    """
    if ties:
        return (Finding("never_tied", {}), Finding("not_connected", {}))
    reason = next(_crowded(task), None)
    if reason is None and task.cap is not None:
        reason = Finding("cap_together", {"cap": task.cap})
    return (reason or Finding("together", {}), *needs(task))


def _counted(task: PanelTask) -> Iterator[Finding]:
    """Single judges, entries and sums."""
    may = task.open_pairs()
    yield from _fixed(task, may)
    choices = may.sum(axis=1)
    for entry in np.flatnonzero(choices < task.coverage):
        yield _short("entry_short", choices[entry], task.coverage[entry], entry=int(entry))
    for mix in task.mixes:
        inside = may[:, sorted(mix.judges)].sum(axis=1)
        for entry in task.mix_entries(mix):
            if inside[entry] < mix.least:
                yield _short("mix_entry", inside[entry], mix.least, entry=int(entry), mix=mix.name)
    yield from _mixed_panels(task)
    able = may.sum(axis=0)
    for judge in np.flatnonzero(able < task.least):
        yield _short("judge_short", able[judge], task.least[judge], judge=int(judge))
    room, wanted = int(np.minimum(task.most, task.entries).sum()), int(task.coverage.sum())
    if room < wanted:
        yield _short("loads_short", room, wanted)
    if wanted < (asked := int(task.least.sum())):
        yield _short("least_long", wanted, asked)
    yield from _capped(task, may)


def _short(code: str, given: int, needed: int, **others: int | str) -> Finding:
    return Finding(code, {"given": int(given), "needed": int(needed), **others})


def _fixed(task: PanelTask, may: BoolArray) -> Iterator[Finding]:
    for entry, judge in task.fixed:
        if not may[entry, judge]:
            yield Finding("fixed_barred", {"entry": entry, "judge": judge})
    ends = np.array(task.fixed, dtype=np.int64).reshape(-1, 2)
    panels, loads = (
        np.bincount(ends[:, 0], minlength=task.entries),
        np.bincount(ends[:, 1], minlength=task.judges),
    )
    for over in np.flatnonzero(panels > task.coverage):
        yield _short("fixed_entry", panels[over], task.coverage[over], entry=int(over))
    for over in np.flatnonzero(loads > task.most):
        yield _short("fixed_judge", loads[over], task.most[over], judge=int(over))


def _mixed_panels(task: PanelTask) -> Iterator[Finding]:
    """Mixes without common judges that together ask for more than a panel holds."""
    apart: list[tuple[frozenset[int], int, IntArray]] = []
    asked = np.zeros(task.entries, dtype=np.int64)
    for mix in task.mixes:
        if all(mix.judges.isdisjoint(judges) for judges, _, _ in apart):
            apart.append((mix.judges, mix.least, task.mix_entries(mix)))
            asked[task.mix_entries(mix)] += mix.least
    for entry in np.flatnonzero(asked > task.coverage):
        yield _short("mix_panel", task.coverage[entry], asked[entry], entry=int(entry))


def _capped(task: PanelTask, may: BoolArray) -> Iterator[Finding]:
    if task.cap is None:
        return
    most = np.where(may, task.cap, 0.0)
    for pair in task.fixed:
        most[pair] = 1.0
    reached = most.sum(axis=1)
    for entry in np.flatnonzero(reached < task.coverage - 1e-9):
        yield Finding(
            "cap_entry",
            {
                "cap": task.cap,
                "entry": int(entry),
                "judges": int(may[entry].sum()),
                "given": round(float(reached[entry]), 3),
                "needed": int(task.coverage[entry]),
            },
        )


def _crowded(task: PanelTask) -> Iterator[Finding]:
    """Sets of entries or judges that want more than the others can give."""
    may = task.open_pairs()
    wants, room = task.coverage.copy(), task.most.copy()
    least = task.least.copy()
    for entry, judge in task.fixed:
        may[entry, judge] = False
        wants[entry] -= 1
        room[judge] -= 1
        least[judge] = max(least[judge] - 1, 0)
    if found := shortage(wants, room, may):
        yield _short(
            "entries_short",
            found.given,
            found.needed,
            entries=listed(found.wanting.tolist()),
            judges=listed(found.giving.tolist()),
        )
    if found := shortage(least, wants, np.ascontiguousarray(may.T)):
        yield _short("judges_short", found.given, found.needed, judges=listed(found.wanting.tolist()))
    for mix in task.mixes:
        asked = np.zeros(task.entries, dtype=np.int64)
        asked[task.mix_entries(mix)] = mix.least
        if found := shortage(asked, task.most, task.open_pairs() & task.mix_mask(mix)):
            entries = listed(found.wanting.tolist())
            yield _short("mix_short", found.given, found.needed, entries=entries, mix=mix.name)


def _split(task: PanelTask) -> Iterator[Finding]:
    """What makes it plain that panels cannot hang together."""
    if not task.connected or task.entries == 1:
        return
    entry, judge = np.nonzero(task.open_pairs())
    part = labels(entry, judge, task.entries, task.judges)[: task.entries]
    if np.any(part != part[0]):
        names, sizes = np.unique(part, return_counts=True)
        smallest = names[np.argmin(sizes)]
        yield Finding("apart", {"entries": listed(np.flatnonzero(part == smallest).tolist())})
    pairs, judges = int(task.coverage.sum()), _judges_needed(task)
    if pairs < task.entries + judges - 1:
        yield _short("few_pairs", pairs, task.entries + judges - 1, entries=task.entries, judges=judges)


def _judges_needed(task: PanelTask) -> int:
    """How many judges have entries at least: those who must, and enough for all."""
    must = task.least > 0
    must[[judge for _, judge in task.fixed]] = True
    room = np.sort(np.minimum(task.most, task.open_pairs().sum(axis=0))[~must])[::-1]
    left = int(task.coverage.sum()) - int(task.most[must].sum())
    more = int(np.searchsorted(np.cumsum(room), left) + 1) if left > 0 else 0
    return max(int(must.sum()) + more, int(task.coverage.max()))


def _more_pairs(reason: Finding) -> tuple[Finding, ...]:
    if reason.code != "few_pairs":
        return ()
    lacking = int(reason.parameters["needed"]) - int(reason.parameters["given"])
    return (Finding("raise_coverage", {"count": lacking}),)
