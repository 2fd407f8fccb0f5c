"""Keep panels together: rows that forbid a split, and exchanges where such rows take too long.

In small tasks a split that was found becomes a row (at least one pair must cross it) and the task is solved again, so
the loss is the least there is. In large ones, or when rows do not end, pairs are exchanged across the parts: two entries
swap a judge, or one entry takes a judge of another part who has room, at the least loss for the worst-off entry, then for
the total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from gebyar.methods.panels.graph import components
from gebyar.methods.panels.programme import Columns, Tie, sums_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gebyar.methods.panels.task import BoolArray, FloatArray, IntArray, PanelTask

TRIES = 2_000  # exchanges looked at for one part


def open_ties(task: PanelTask, chosen: Columns) -> list[Tie]:
    """A row for each part of an assignment that falls apart; none when it hangs together."""
    pairs = list(zip(chosen.entry.tolist(), chosen.judge.tolist(), strict=True))
    parts = components(pairs, task.entries)
    return [] if len(parts) == 1 else [_tie(task, *part) for part in parts]


def _tie(task: PanelTask, entries: list[int], judges: list[int]) -> Tie:
    in_entries, in_judges = np.zeros(task.entries, dtype=bool), np.zeros(task.judges, dtype=bool)
    in_entries[entries], in_judges[judges] = True, True
    return Tie(in_entries, in_judges)


def tie_up(task: PanelTask, chosen: Columns) -> Columns | None:
    """Exchange pairs until panels hang together.

    Parameters
    ----------
    task
        The task.
    chosen
        An assignment that keeps every other rule.

    Returns
    -------
    Columns or None
        None when no exchange of one or two pairs helps.
    """
    while True:
        part = labels(chosen.entry, chosen.judge, task.entries, task.judges)
        count = _parts(part, chosen, task)
        if count == 1:
            return chosen
        better = next(_exchanges(task, chosen, part, count), None)
        if better is None:
            return None
        chosen = better


def _parts(part: IntArray, chosen: Columns, task: PanelTask) -> int:
    return len(np.unique(np.append(part[: task.entries], part[task.entries + chosen.judge])))


def _exchanges(task: PanelTask, chosen: Columns, part: IntArray, count: int) -> Iterator[Columns]:
    """Assignments with fewer parts, the least loss first; small parts are tied first."""
    names, sizes = np.unique(part[chosen.entry], return_counts=True)
    for name in names[np.argsort(sizes, kind="stable")]:
        inside = part[chosen.entry] == name
        offers = _Offers(task, chosen, inside)
        for first, second, judge in offers.in_order():
            entries, judges = chosen.entry.copy(), chosen.judge.copy()
            judges[first] = judge
            if second >= 0:
                judges[second] = chosen.judge[first]
            new = Columns(entries, judges)
            after = labels(entries, judges, task.entries, task.judges)
            if keeps_mixes(task, new) and _parts(after, new, task) < count:
                yield new


class _Offers:
    """Exchanges between the pairs inside a part and those outside."""

    def __init__(self, task: PanelTask, chosen: Columns, inside: BoolArray) -> None:
        self.task, self.chosen = task, chosen
        self.sums = sums_of(task, chosen, np.ones(len(chosen)))
        self.load = np.bincount(chosen.judge, minlength=task.judges)
        self.open = task.open_pairs()
        movable = np.ones(len(chosen), dtype=bool)
        fixed = {entry * task.judges + judge for entry, judge in task.fixed}
        movable[np.isin(chosen.entry * task.judges + chosen.judge, sorted(fixed))] = False
        self.inner, self.outer = np.flatnonzero(inside & movable), np.flatnonzero(~inside & movable)
        self.judges_inside = np.unique(chosen.judge[inside])
        self.judges_outside = np.unique(chosen.judge[~inside])

    def in_order(self) -> Iterator[tuple[int, int, int]]:
        """Exchanges (a pair, another or -1, the judge whom the first pair gets), the least loss first."""
        found = [self._swaps(), self._moves(self.inner, self.judges_outside)]
        found.append(self._moves(self.outer, self.judges_inside))
        loss, gain, first, second, judge = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.lexsort((first, -gain, loss))[:TRIES]
        yield from zip(first[order].tolist(), second[order].tolist(), judge[order].tolist(), strict=True)

    def _swaps(self) -> tuple[FloatArray, FloatArray, IntArray, IntArray, IntArray]:
        chosen, gain = self.chosen, self.task.affinity
        first, second = (ends.ravel() for ends in np.meshgrid(self.inner, self.outer, indexing="ij"))
        entry, other = chosen.entry[first], chosen.entry[second]
        judge, rival = chosen.judge[first], chosen.judge[second]
        may = self.open[entry, rival] & self.open[other, judge]
        first, second, entry, other, judge, rival = (
            values[may] for values in (first, second, entry, other, judge, rival)
        )
        mine = gain[entry, rival] - gain[entry, judge]
        theirs = gain[other, judge] - gain[other, rival]
        lowest = np.minimum(self.sums[entry] + mine, self.sums[other] + theirs)
        return self._loss(lowest), mine + theirs, first, second, rival

    def _moves(self, pairs: IntArray, judges: IntArray) -> tuple[FloatArray, FloatArray, IntArray, IntArray, IntArray]:
        task, chosen = self.task, self.chosen
        pairs = pairs[self.load[chosen.judge[pairs]] > task.least[chosen.judge[pairs]]]
        judges = judges[self.load[judges] < task.most[judges]]
        first, judge = (values.ravel() for values in np.meshgrid(pairs, judges, indexing="ij"))
        may = self.open[chosen.entry[first], judge]
        first, judge = first[may], judge[may]
        entry = chosen.entry[first]
        gain = task.affinity[entry, judge] - task.affinity[entry, chosen.judge[first]]
        return self._loss(self.sums[entry] + gain), gain, first, np.full(len(first), -1), judge

    def _loss(self, lowest: FloatArray) -> FloatArray:
        return np.maximum(0.0, float(self.sums.min()) - lowest)


def labels(entry: IntArray, judge: IntArray, entries: int, judges: int) -> IntArray:
    """The number of the part of each entry, then of each judge, shape (entries + judges,)."""
    size = entries + judges
    edges = coo_matrix((np.ones(len(entry), dtype=np.int8), (entry, entries + judge)), shape=(size, size))
    return np.asarray(connected_components(edges, directed=False)[1], dtype=np.int64)


def keeps_mixes(task: PanelTask, chosen: Columns) -> bool:
    """Whether every panel holds what mixes ask for."""
    for mix in task.mixes:
        held = np.bincount(chosen.entry, task.mix_mask(mix)[chosen.judge], minlength=task.entries)
        if np.any(held[task.mix_entries(mix)] < mix.least):
            return False
    return True
