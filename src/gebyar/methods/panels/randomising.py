"""Panels under a cap: probabilities by a linear programme, a draw, and what to do where the draw broke a rule."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.panels.checking import check_pairs
from gebyar.methods.panels.connecting import open_ties
from gebyar.methods.panels.drawing import draw
from gebyar.methods.panels.floor import NO_ENTRIES, sums
from gebyar.methods.panels.graph import is_connected
from gebyar.methods.panels.pricing import OutOfTime
from gebyar.methods.panels.programme import Columns, Floor, Programme, columns_of
from gebyar.methods.panels.task import Finding, Panels

if TYPE_CHECKING:
    from gebyar.methods.panels.floor import Raised
    from gebyar.methods.panels.ordering import Order
    from gebyar.methods.panels.task import Pair, PanelTask

DIGITS = 9
ROUNDS = 25


def draw_panels(
    order: Order, task: PanelTask, programme: Programme, raised: Raised, *, seed: int, deadline: float
) -> Panels:
    """Draw panels from the shares of a linear programme.

    Parameters
    ----------
    order
        The order in which the programme was solved.
    task
        The task in its own numbers.
    programme, raised
        The solution with fractions, every share at most the cap.
    seed
        Of the draw.
    deadline
        On `perf_counter`.
    """
    shares = np.clip(np.round(raised.priced.shares, DIGITS), 0.0, 1.0)
    used = columns_of(shares > 0)
    entry, judge = order.original(used)
    chances = shares[used.entry, used.judge].tolist()
    probabilities = tuple(sorted(zip(entry.tolist(), judge.tolist(), chances, strict=True)))
    expected = sums(programme, shares)
    return drawn(task, probabilities, seed, bounds=(float(expected.min()), float(expected.sum())), deadline=deadline)


def drawn(
    task: PanelTask,
    probabilities: tuple[tuple[int, int, float], ...],
    seed: int,
    *,
    bounds: tuple[float, float],
    deadline: float,
) -> Panels:
    """Draw from given probabilities, and mend what the draw could not keep; `bounds` are expected worst and total."""
    pairs = draw(task, probabilities, seed)
    findings: tuple[Finding, ...] = ()
    if next(check_pairs(task, pairs), None) is not None:
        mended = mend(task, pairs, {(entry, judge) for entry, judge, _ in probabilities}, deadline)
        findings = (Finding("draw_mended", {"count": len(set(pairs) - set(mended))}),)
        pairs = mended
    found = np.zeros(task.entries)
    for pair in pairs:
        found[pair[0]] += task.affinity[pair]
    return Panels(
        status="optimal",
        pairs=pairs,
        worst=float(found.min()),
        total=float(found.sum()),
        worst_bound=bounds[0],
        total_bound=bounds[1],
        reason=findings[0].words if findings else None,
        needs=(),
        connected=is_connected(pairs, task.entries),
        seconds=0.0,
        probabilities=probabilities,
        findings=findings,
    )


def mend(task: PanelTask, pairs: tuple[Pair, ...], support: set[Pair], deadline: float) -> tuple[Pair, ...]:
    """Keep as many drawn pairs as the rules allow; first among pairs that could have been drawn, then among all.

    Raises
    ------
    OutOfTime
        None was found in time.
    """
    within = np.zeros(task.affinity.shape, dtype=bool)
    for pair in support:
        within[pair] = True
    plain = replace(task, cap=None)
    for usable in (within, task.open_pairs()):
        found = _nearest(plain, columns_of(usable), set(pairs), deadline)
        if found is not None:
            return found
    raise OutOfTime


def _nearest(task: PanelTask, columns: Columns, pairs: set[Pair], deadline: float) -> tuple[Pair, ...] | None:
    programme = Programme(task)
    every = list(zip(columns.entry.tolist(), columns.judge.tolist(), strict=True))
    worth = np.array([float(pair in pairs) for pair in every])
    for _ in range(ROUNDS):
        whole = programme.whole(
            columns,
            Floor(NO_ENTRIES, 0.0),
            kept=np.zeros(len(columns), dtype=bool),
            gap=0.0,
            seconds=deadline - perf_counter(),
            worth=worth,
        )
        if whole.chosen is None:
            return None
        ties = open_ties(task, columns.take(whole.chosen)) if task.connected else []
        if not ties:
            return tuple(pair for pair, is_in in zip(every, whole.chosen, strict=True) if is_in)
        programme.ties += ties
    return None
