"""An assignment in seconds, for when the search for the best one finds none in time.

The largest total is a flow and needs no search: its linear programme is whole by itself, or nearly so with mixes. Then the
worst-off entry is lifted by exchanges, one at a time, as long as one helps.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.panels.connecting import keeps_mixes, labels, tie_up
from gebyar.methods.panels.floor import NEAR, alone, on_grain
from gebyar.methods.panels.pricing import FEW, first_profits, split
from gebyar.methods.panels.programme import Columns, columns_of, sums_of
from gebyar.methods.panels.settling import Settled

if TYPE_CHECKING:
    from gebyar.methods.panels.programme import Programme
    from gebyar.methods.panels.task import BoolArray, FloatArray, IntArray, PanelTask

MOST_LIFTS = 2_000
ROUGH = 5e-3
NODES = 500
TRIES = 200  # exchanges looked at for one entry


def begin(programme: Programme, deadline: float) -> Settled | None:
    """An assignment that keeps every rule, with bounds that hold; None when none was found.

    Parameters
    ----------
    programme
        The rows.
    deadline
        On `perf_counter`.
    """
    task = programme.task
    every = columns_of(_worth_a_look(programme) | programme.fixed)
    kept = np.zeros(len(every), dtype=bool)
    found = programme.whole(
        every, programme.no_floor(), kept=kept, gap=ROUGH, seconds=deadline - perf_counter(), nodes=NODES
    )
    if found.chosen is None:
        return None
    chosen: Columns | None = every.take(found.chosen)
    if task.connected and chosen is not None:
        chosen = tie_up(task, chosen)
    if chosen is None:
        return None
    chosen = lift(task, chosen, deadline)
    sums = sums_of(task, chosen, np.ones(len(chosen)))
    looked_at_all = len(every) == np.count_nonzero(programme.open)
    bound = found.bound if looked_at_all else programme.judged(programme.no_prices(), programme.no_floor(), 1.0)[1]
    return Settled(
        chosen, float(sums.min()), float(sums.sum()), on_grain(programme, alone(programme)), bound, cut_short=True
    )


def _worth_a_look(programme: Programme) -> BoolArray:
    if np.count_nonzero(programme.open) <= 10 * FEW:
        return programme.open
    core, taken = split(programme, first_profits(programme), programme.no_floor())
    return core | taken


def lift(task: PanelTask, chosen: Columns, deadline: float) -> Columns:
    """Exchange pairs as long as that lifts the worst-off entry, or one of several who are worst off.

    Every other rule that the assignment keeps is kept.
    """
    for _ in range(MOST_LIFTS):
        better = _lifted(task, chosen)
        if better is None or perf_counter() > deadline:
            break
        chosen = better
    return chosen


def _lifted(task: PanelTask, chosen: Columns) -> Columns | None:
    """One exchange that the worst-off entry gains by and that leaves nobody as badly off."""
    sums = sums_of(task, chosen, np.ones(len(chosen)))
    worst, near = int(np.argmin(sums)), NEAR * max(1.0, float(np.ptp(task.affinity)))
    first, second, judge, lowest = _exchanges(task, chosen, worst, sums)
    order = np.argsort(-lowest, kind="stable")[:TRIES]
    for place in order[lowest[order] > sums[worst] + near].tolist():
        judges = chosen.judge.copy()
        judges[first[place]] = judge[place]
        if second[place] >= 0:
            judges[second[place]] = chosen.judge[first[place]]
        new = Columns(chosen.entry, judges)
        if keeps_mixes(task, new) and (not task.connected or _hangs_together(task, new)):
            return new
    return None


def _hangs_together(task: PanelTask, chosen: Columns) -> bool:
    part = labels(chosen.entry, chosen.judge, task.entries, task.judges)
    return len(np.unique(part[chosen.entry])) == 1


def _exchanges(
    task: PanelTask, chosen: Columns, worst: int, sums: FloatArray
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """Exchanges (a pair of the entry, another pair or −1, the judge whom the entry gets, how the worse of both fares)."""
    gain, load = task.affinity, np.bincount(chosen.judge, minlength=task.judges)
    free = task.open_pairs()
    free[chosen.entry, chosen.judge] = False
    fixed = np.isin(chosen.entry * task.judges + chosen.judge, [e * task.judges + j for e, j in task.fixed])
    own = np.flatnonzero((chosen.entry == worst) & ~fixed)
    others = np.flatnonzero((chosen.entry != worst) & ~fixed)
    first, second = (ends.ravel() for ends in np.meshgrid(own, others, indexing="ij"))
    judge, rival, other = chosen.judge[first], chosen.judge[second], chosen.entry[second]
    mine = sums[worst] + gain[worst, rival] - gain[worst, judge]
    theirs = sums[other] + gain[other, judge] - gain[other, rival]
    swaps = free[worst, rival] & free[other, judge]
    loose = own[load[chosen.judge[own]] > task.least[chosen.judge[own]]]
    takers = np.flatnonzero(free[worst] & (load < task.most))
    moved, taker = (ends.ravel() for ends in np.meshgrid(loose, takers, indexing="ij"))
    after = sums[worst] + gain[worst, taker] - gain[worst, chosen.judge[moved]]
    return (
        np.append(first[swaps], moved),
        np.append(second[swaps], np.full(len(moved), -1)),
        np.append(rival[swaps], taker),
        np.append(np.minimum(mine, theirs)[swaps], after),
    )
