"""Give judges to entries: the steps in their order."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from gebyar.methods.panels.beginning import begin
from gebyar.methods.panels.connecting import open_ties, tie_up
from gebyar.methods.panels.explaining import explain, plain_faults
from gebyar.methods.panels.floor import NEAR, Lacking, on_grain, raise_floor
from gebyar.methods.panels.graph import is_connected
from gebyar.methods.panels.grouping import count_and_give
from gebyar.methods.panels.ordering import Order
from gebyar.methods.panels.pricing import FEW, OutOfTime, first_profits
from gebyar.methods.panels.programme import Programme, sums_of
from gebyar.methods.panels.randomising import draw_panels
from gebyar.methods.panels.settling import Settled, Settler
from gebyar.methods.panels.task import Finding, Panels, PanelTask

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[int, int | None, str], None]

ROUNDS_OF_TIES = 25
ENOUGH = 0.005  # relative distance of figure and bound at which a large task is left
SMALL = 1_000  # pairs up to which the best is searched however near it is
LAST_PART = 0.2  # share of the time kept for an assignment without a search
PROVEN = 3e-6  # relative distance of figure and bound that solvers' tolerances explain


def assign(
    task: PanelTask,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> Panels:
    """Give judges to entries: the worst-off entry as well as possible, then the largest total.

    Parameters
    ----------
    task
        The task.
    seed
        Decides between equals, and with a cap the draw. The same task and seed give the same panels, unless the clock
        ended the work.
    time_limit
        Seconds; the best assignment found by then is returned.
    progress
        Told (done, total, words).

    Returns
    -------
    Panels
        With `status` "infeasible" a reason in words and what would make it possible.

    Notes
    -----
    The floor comes from linear programmes (`floor`), over all pairs by looking at few (`pricing`); whole judges and their
    proof from `settling`; ties between panels from `connecting`; the draw under a cap from `randomising` and `drawing`.
    """
    start = perf_counter()

    def say(words: str) -> None:
        if progress is not None:
            progress(int(perf_counter() - start), int(time_limit), words)

    panels = _assign(task, seed, start + time_limit, say)
    return replace(panels, seconds=perf_counter() - start)


def _assign(task: PanelTask, seed: int, deadline: float, say: Callable[[str], None]) -> Panels:
    faults = plain_faults(task)
    if faults:
        return _none("infeasible", faults)
    order = Order(task, seed)
    programme = Programme(order.task)
    try:
        if task.cap is not None:
            raised = raise_floor(programme, first_profits(programme), deadline)
            return draw_panels(order, task, programme, raised, seed=seed, deadline=deadline)
        return _settle(order, programme, deadline, say)
    except Lacking:
        return _none("infeasible", explain(task, ties=bool(programme.ties)))
    except OutOfTime:
        return replace(_none("unknown", (Finding("no_time", {}),)), cut_short=True)


def _settle(order: Order, programme: Programme, deadline: float, say: Callable[[str], None]) -> Panels:
    """Count where affinities are coarse; else, or where that leaves much open, search from an assignment made at once."""
    if perf_counter() > deadline:
        raise OutOfTime
    counted, proven = _counted(programme, deadline)
    if counted is not None:
        say(f"floor {counted.worst:.4f} to {counted.worst_bound:.4f}")
        if proven or (_is_near(counted) and np.count_nonzero(programme.open) > SMALL):
            return _found(order, counted)
    is_middling = SMALL < np.count_nonzero(programme.open) <= 10 * FEW
    begun = begin(programme, deadline) if counted is None and is_middling else counted
    last_part = 0.0 if begun is not None else LAST_PART * (deadline - perf_counter())
    try:
        searched = _searched(order, programme, begun, deadline - last_part, say)
    except OutOfTime:
        begun = begun or begin(programme, deadline)
        if begun is None:
            raise
        return _found(order, replace(begun, cut_short=True))
    return _found(order, searched if begun is None else _better(searched, begun))


def _counted(programme: Programme, deadline: float) -> tuple[Settled | None, bool]:
    """What counting comes to when panels hang together or can be tied; and whether nothing is better."""
    counted = count_and_give(programme, deadline)
    if counted is None:
        return None, False
    task = programme.task
    chosen = tie_up(task, counted.chosen) if task.connected else counted.chosen
    if chosen is None:
        return None, False
    sums = sums_of(task, chosen, np.ones(len(chosen)))
    worst, total = float(sums.min()), float(sums.sum())
    worst_bound, total_bound = on_grain(programme, counted.worst_bound), on_grain(programme, counted.total_bound)
    lost = counted.worst > worst + NEAR * programme.scale
    # With the worst-off entry worse off by tying, more is possible for the others than the bound says.
    total_bound = programme.judged(programme.no_prices(), programme.no_floor(), 1.0)[1] if lost else total_bound
    settled = Settled(chosen, worst, total, worst_bound, total_bound, cut_short=counted.cut_short)
    return settled, counted.exact and _is_proven(settled)


def _better(one: Settled, other: Settled) -> Settled:
    """The better of two, with a bound of the worst-off entry that both have proven."""
    near = PROVEN * max(1.0, abs(one.worst))
    same = abs(one.worst - other.worst) <= near
    chosen = one if one.worst > other.worst + near or (same and one.total >= other.total) else other
    return replace(chosen, worst_bound=min(one.worst_bound, other.worst_bound))


def _searched(
    order: Order, programme: Programme, begun: Settled | None, deadline: float, say: Callable[[str], None]
) -> Settled:
    """Solve, and solve again with a row for every part that came loose."""
    start: Any = first_profits(programme)
    settler = Settler(programme, deadline, say)
    for _ in range(ROUNDS_OF_TIES):
        raised = raise_floor(programme, start, deadline)
        say(f"floor {raised.floor.value:.4f}")
        settled = settler.settle(raised, begun)
        ties = open_ties(order.task, settled.chosen) if order.task.connected else []
        if not ties:
            return settled
        say(f"{len(ties)} parts to tie")
        if settler.many or settled.cut_short:
            break
        programme.ties += ties
        start = raised.priced
    tied = tie_up(order.task, settled.chosen)
    if tied is None:
        raise OutOfTime
    return settler.compared(tied, settled)


def _found(order: Order, settled: Settled) -> Panels:
    pairs = order.pairs(settled.chosen)
    return Panels(
        status="optimal" if _is_proven(settled) else "feasible",
        pairs=pairs,
        worst=settled.worst,
        total=settled.total,
        worst_bound=max(settled.worst_bound, settled.worst),
        total_bound=max(settled.total_bound, settled.total),
        reason=None,
        needs=(),
        connected=is_connected(pairs, order.task.entries),
        seconds=0.0,
        cut_short=settled.cut_short,
    )


def _is_proven(settled: Settled) -> bool:
    return _is_close(settled.worst, settled.worst_bound) and _is_close(settled.total, settled.total_bound)


def _is_near(settled: Settled) -> bool:
    """Whether a search could not add much."""
    figures = ((settled.worst, settled.worst_bound), (settled.total, settled.total_bound))
    return all(bound - value <= ENOUGH * abs(bound) for value, bound in figures)


def _is_close(value: float, bound: float) -> bool:
    return bound - value <= PROVEN * max(1.0, abs(bound))


def _none(status: str, findings: tuple[Finding, ...]) -> Panels:
    return Panels(
        status="infeasible" if status == "infeasible" else "unknown",
        pairs=(),
        worst=0.0,
        total=0.0,
        worst_bound=0.0,
        total_bound=0.0,
        reason=findings[0].words,
        needs=tuple(finding.words for finding in findings[1:]),
        connected=False,
        seconds=0.0,
        findings=findings,
    )
