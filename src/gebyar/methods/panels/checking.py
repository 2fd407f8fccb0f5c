"""Hold an assignment against every rule, from the task alone; nothing here is shared with the solver."""

from __future__ import annotations

from collections import Counter
from math import isclose
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gebyar.methods.panels.task import Pair, Panels, PanelTask

NEAR = 1e-6


def check_panels(task: PanelTask, panels: Panels) -> tuple[str, ...]:
    """Find everything that is wrong with an assignment.

    Parameters
    ----------
    task
        The task.
    panels
        An assignment of it. One that says it is infeasible or unknown has no pairs, and nothing to check but that.

    Returns
    -------
    tuple of str
        Faults in words, naming entry, judge and number; empty when there are none.
    """
    if panels.status in {"infeasible", "unknown"}:
        return ("It has pairs, but says that there are none.",) if panels.pairs else ()
    faults = list(check_pairs(task, panels.pairs))
    if any(not _exists(task, pair) for pair in panels.pairs):
        return tuple(faults)
    return (*faults, *_figures(task, panels), *_probabilities(task, panels))


def check_pairs(task: PanelTask, pairs: Iterable[Pair]) -> Iterator[str]:
    """Faults of the pairs alone: coverage, loads, bars, mixes, fixed pairs, and the tie between panels."""
    pairs = list(pairs)
    for pair, count in Counter(pairs).items():
        if not _exists(task, pair):
            yield f"Pair {pair[0]}–{pair[1]}: there is no such entry or judge."
        elif count > 1:
            yield f"Pair {pair[0]}–{pair[1]} stands there {count} times."
        elif task.barred[pair]:
            yield f"Entry {pair[0]} is given to judge {pair[1]}, but this pair is barred."
    known = {pair for pair in pairs if _exists(task, pair)}
    yield from _counts(task, known)
    yield from _mixes(task, known)
    for entry, judge in task.fixed:
        if (entry, judge) not in known:
            yield f"The fixed pair {entry}–{judge} is missing."
    if task.connected and (parts := _parts(known, task.entries)) > 1:
        yield f"The panels fall into {parts} parts that share no judge."


def _exists(task: PanelTask, pair: Pair) -> bool:
    return 0 <= pair[0] < task.entries and 0 <= pair[1] < task.judges


def _counts(task: PanelTask, pairs: set[Pair]) -> Iterator[str]:
    panels = Counter(entry for entry, _ in pairs)
    loads = Counter(judge for _, judge in pairs)
    for entry, needed in enumerate(task.coverage.tolist()):
        if panels[entry] != needed:
            yield f"Entry {entry} has {panels[entry]} judges, needed are {needed}."
    for judge, (least, most) in enumerate(zip(task.least.tolist(), task.most.tolist(), strict=True)):
        if not least <= loads[judge] <= most:
            yield f"Judge {judge} has {loads[judge]} entries, allowed are {least} to {most}."


def _mixes(task: PanelTask, pairs: set[Pair]) -> Iterator[str]:
    for mix in task.mixes:
        held = Counter(entry for entry, judge in pairs if judge in mix.judges)
        for entry in range(task.entries) if mix.entries is None else sorted(mix.entries):
            if held[entry] < mix.least:
                yield f"Entry {entry} has {held[entry]} judges of “{mix.name}”, needed are {mix.least}."


def _parts(pairs: set[Pair], entries: int) -> int:
    """Count the parts by walking from each entry not yet reached."""
    judges_of: dict[int, list[int]] = {entry: [] for entry in range(entries)}
    entries_of: dict[int, list[int]] = {}
    for entry, judge in pairs:
        judges_of[entry].append(judge)
        entries_of.setdefault(judge, []).append(entry)
    seen: set[int] = set()
    parts = 0
    for start in range(entries):
        if start in seen:
            continue
        parts += 1
        walk = [start]
        while walk:
            entry = walk.pop()
            if entry not in seen:
                seen.add(entry)
                walk += [other for judge in judges_of[entry] for other in entries_of.pop(judge, ())]
    return parts


def _figures(task: PanelTask, panels: Panels) -> Iterator[str]:
    sums = [0.0] * task.entries
    for entry, judge in panels.pairs:
        sums[entry] += float(task.affinity[entry, judge])
    for name, said, counted in (("worst", panels.worst, min(sums)), ("total", panels.total, sum(sums))):
        if not isclose(said, counted, rel_tol=NEAR, abs_tol=NEAR):
            yield f"It says that {name} is {said:.6f}, counted are {counted:.6f}."
    if panels.connected is not (_parts(set(panels.pairs), task.entries) <= 1):
        yield f"It says that connected is {panels.connected}, which is not so."
    if not panels.probabilities:
        for name, value, bound in (
            ("worst", panels.worst, panels.worst_bound),
            ("total", panels.total, panels.total_bound),
        ):
            if value > bound + NEAR * max(1.0, abs(bound)):
                yield f"Its {name} {value:.6f} is above its own bound {bound:.6f}."


def _probabilities(task: PanelTask, panels: Panels) -> Iterator[str]:
    if task.cap is None:
        return
    fixed = set(task.fixed)
    chance = {(entry, judge): share for entry, judge, share in panels.probabilities}
    for (entry, judge), share in chance.items():
        if not _exists(task, (entry, judge)) or task.barred[entry, judge]:
            yield f"Pair {entry}–{judge} has a probability, but may not be."
        elif share > (1.0 if (entry, judge) in fixed else task.cap) + NEAR or share < -NEAR:
            yield f"Pair {entry}–{judge} has the probability {share:g}, allowed are {task.cap:g}."
    for pair in panels.pairs:
        if pair not in chance:
            yield f"Pair {pair[0]}–{pair[1]} was drawn, but has no probability."
    sums: Counter[int] = Counter()
    for (entry, _), share in chance.items():
        sums[entry] += share  # type: ignore[assignment]
    for entry, needed in enumerate(task.coverage.tolist()):
        if not isclose(sums[entry], needed, abs_tol=1e-4):
            yield f"The probabilities of entry {entry} sum to {sums[entry]:.4f}, needed are {needed}."
