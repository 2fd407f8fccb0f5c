"""What would make a task possible: for each kind of change, the least of it that alone suffices.

Affinity plays no part here. Each kind of change is a small programme: the rows of the task, and a price on the change.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack, identity, vstack

from gebyar.methods.panels.reasons import listed
from gebyar.methods.panels.task import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gebyar.methods.panels.task import BoolArray, FloatArray, IntArray, PanelTask

SECONDS = 5.0
MOST_COLUMNS = 400_000


def needs(task: PanelTask) -> tuple[Finding, ...]:
    """The ways there are, each of which suffices by itself for coverage, loads, bars, mixes, fixed pairs and cap."""
    return tuple(_ways(task)) if task.affinity.size <= MOST_COLUMNS else ()


def _ways(task: PanelTask) -> Iterator[Finding]:
    usable = task.open_pairs()
    rows = _Rows(task, usable)
    if found := rows.changed(*rows.loads(sign=-1.0, most=np.maximum(usable.sum(axis=0) - task.most, 0))):
        yield Finding("raise_most", {"judges": listed(f"{judge} (+{more})" for judge, more in found)})
    if found := rows.changed(*rows.panels(most=task.coverage)):
        load = max(int(np.median(task.most)), 1)
        amounts = [more for _, more in found]
        count = max(*amounts, ceil(sum(amounts) / load))
        yield Finding("add_judges", {"count": count, "load": load})
    if found := rows.changed(*rows.panels(most=task.coverage - 1)):
        yield Finding("lower_coverage", {"entries": listed(f"{entry} (−{less})" for entry, less in found)})
    if found := _Rows(task, np.broadcast_to(task.most > 0, usable.shape)).opened():
        yield Finding("lift_bars", {"pairs": listed(f"{entry}–{judge}" for entry, judge in found)})
    if found := rows.changed(*rows.loads(sign=1.0, most=task.least)):
        yield Finding("lower_least", {"judges": listed(f"{judge} (−{less})" for judge, less in found)})
    if task.mixes and (found := rows.changed(*rows.demands())):
        asked = [f"{entry} (“{mix.name}”)" for mix in task.mixes for entry in task.mix_entries(mix)]
        yield Finding("waive_mixes", {"entries": listed(asked[number] for number, _ in found)})
    if found := rows.released():
        yield Finding("release_fixed", {"pairs": listed(f"{entry}–{judge}" for entry, judge in found)})
    if task.cap is not None and not rows.is_stuck and (cap := rows.least_cap()) is not None:
        yield Finding("raise_cap", {"cap": cap})


class _Rows:
    """The rows of a task over usable pairs: panels, loads, then mixes, each with its lower and upper side."""

    def __init__(self, task: PanelTask, usable: BoolArray) -> None:
        self.task = task
        fixed = np.zeros(task.affinity.shape, dtype=bool)
        for pair in task.fixed:
            fixed[pair] = True
        self.entry, self.judge = np.nonzero(usable | fixed)
        self.fixed = fixed[self.entry, self.judge]
        self.is_stuck = bool(np.any(fixed & ~usable))  # a fixed pair that may not be: no other change helps
        self.count = len(self.entry)
        blocks = [self._held(self.entry, task.entries), self._held(self.judge, task.judges)]
        low, high = [task.coverage, task.least], [task.coverage, task.most]
        for mix in task.mixes:
            asked = task.mix_entries(mix)
            blocks.append(self._held(self.entry, task.entries, task.mix_mask(mix)[self.judge])[asked])
            low.append(np.full(len(asked), mix.least))
            high.append(np.full(len(asked), task.judges))
        self.rows = csr_matrix(vstack(blocks))
        self.low, self.high = np.concatenate(low).astype(float), np.concatenate(high).astype(float)

    def _held(self, row: IntArray, height: int, value: Any = 1.0) -> Any:
        values = np.broadcast_to(np.asarray(value, dtype=float), row.shape)
        return csr_matrix((values, (row, np.arange(self.count))), shape=(height, self.count))

    def panels(self, *, most: IntArray) -> tuple[Any, IntArray]:
        """A change for each panel: so many judges less of those there are."""
        return self._placed(0, len(most), 1.0), most

    def loads(self, *, sign: float, most: IntArray) -> tuple[Any, IntArray]:
        """A change for each judge: more room (sign −1), or less asked of them (sign 1)."""
        return self._placed(self.task.entries, len(most), sign), most

    def demands(self) -> tuple[Any, IntArray]:
        """A change for each mix of each entry."""
        first = self.task.entries + self.task.judges
        size = self.rows.shape[0] - first
        return self._placed(first, size, 1.0), np.full(size, self.task.judges)

    def _placed(self, first: int, size: int, sign: float) -> Any:
        above, below = csr_matrix((first, size)), csr_matrix((self.rows.shape[0] - first - size, size))
        return vstack([above, sign * identity(size), below])

    def changed(self, columns: Any, most: IntArray) -> list[tuple[int, int]]:
        """The least change, as (number, amount); empty when none suffices."""
        if self.is_stuck:
            return []
        cost = np.concatenate([np.zeros(self.count), np.ones(len(most))])
        found = self._solve(hstack([self.rows, columns]), cost, most.astype(float))
        if found is None:
            return []
        amount = np.ceil(found[self.count :] - 1e-6).astype(np.int64)
        return [(int(number), int(amount[number])) for number in np.flatnonzero(amount)]

    def opened(self) -> list[tuple[int, int]]:
        """The barred pairs that would have to be used, as few as possible."""
        barred = self.task.barred[self.entry, self.judge]
        found = self._solve(self.rows, barred.astype(float), np.zeros(0))
        return [] if found is None else self._named(barred & (found > 1e-6))

    def released(self) -> list[tuple[int, int]]:
        """The fixed pairs that would have to go, as few as possible."""
        if not self.task.fixed:
            return []
        barred = self.task.barred[self.entry, self.judge]
        found = self._solve(self.rows, np.where(barred, 2.0, -self.fixed.astype(float)), np.zeros(0), held=False)
        if found is None or np.any(found[barred] > 1e-6):
            return []
        return self._named(self.fixed & (found < 1.0 - 1e-6))

    def least_cap(self) -> float | None:
        """The least cap with which probabilities can be kept, rounded up to thousandths."""
        loose = np.flatnonzero(~self.fixed)
        above = csr_matrix((np.ones(len(loose)), (np.arange(len(loose)), loose)), shape=(len(loose), self.count))
        rows = vstack(
            [hstack([self.rows, csr_matrix((self.rows.shape[0], 1))]), hstack([above, np.full((len(loose), 1), -1.0)])]
        )
        low = np.append(self.low, np.full(len(loose), -np.inf))
        high = np.append(self.high, np.zeros(len(loose)))
        cost = np.append(np.zeros(self.count), 1.0)
        found = self._solve(rows, cost, np.ones(1), sides=(low, high))
        return None if found is None else min(ceil(found[-1] * 1000 - 1e-6) / 1000, 1.0)

    def _solve(
        self,
        rows: Any,
        cost: FloatArray,
        most: FloatArray,
        *,
        held: bool = True,
        sides: tuple[FloatArray, FloatArray] | None = None,
    ) -> FloatArray | None:
        """Pairs at most 1 (with a cap: at most it), changes at most `most`; fixed pairs are held, or may go."""
        cap = 1.0 if self.task.cap is None or sides is not None else self.task.cap
        upper = np.concatenate([np.where(self.fixed, 1.0, cap), most])
        lower = np.zeros(len(upper))
        if held:
            lower[: self.count] = self.fixed
        if not len(upper):
            return None
        whole = np.zeros(len(upper)) if self.task.cap is not None else np.ones(len(upper))
        found = milp(
            cost,
            integrality=whole,
            bounds=Bounds(lower, upper),
            constraints=LinearConstraint(csr_matrix(rows), *(sides or (self.low, self.high))),
            options={"time_limit": SECONDS},
        )
        return None if found.x is None else np.asarray(found.x)

    def _named(self, mask: BoolArray) -> list[tuple[int, int]]:
        return list(zip(self.entry[mask].tolist(), self.judge[mask].tolist(), strict=True))
