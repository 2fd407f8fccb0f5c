"""Solve in an order drawn from the seed, so that neither the first entry nor the first judge is favoured among equals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gebyar.methods.panels.programme import Columns
    from gebyar.methods.panels.task import IntArray, Mix, Pair, PanelTask


class Order:
    """A task with its entries and judges in a drawn order.

    Attributes
    ----------
    task
        The task in that order.
    """

    def __init__(self, task: PanelTask, seed: int) -> None:
        random = np.random.default_rng(seed)
        self._entry: IntArray = random.permutation(task.entries)
        self._judge: IntArray = random.permutation(task.judges)
        new_entry, new_judge = np.argsort(self._entry), np.argsort(self._judge)
        both = np.ix_(self._entry, self._judge)
        self.task = replace(
            task,
            affinity=task.affinity[both],
            barred=task.barred[both],
            coverage=task.coverage[self._entry],
            least=task.least[self._judge],
            most=task.most[self._judge],
            mixes=tuple(_renumbered(mix, new_entry, new_judge) for mix in task.mixes),
            fixed=tuple((int(new_entry[entry]), int(new_judge[judge])) for entry, judge in task.fixed),
        )

    def original(self, columns: Columns) -> tuple[IntArray, IntArray]:
        """Entries and judges of columns by their own numbers."""
        return self._entry[columns.entry], self._judge[columns.judge]

    def pairs(self, columns: Columns) -> tuple[Pair, ...]:
        """Pairs by their own numbers, sorted."""
        entry, judge = self.original(columns)
        return tuple(sorted(zip(entry.tolist(), judge.tolist(), strict=True)))


def _renumbered(mix: Mix, new_entry: IntArray, new_judge: IntArray) -> Mix:
    entries = None if mix.entries is None else frozenset(int(new_entry[entry]) for entry in mix.entries)
    return replace(mix, judges=frozenset(int(new_judge[judge]) for judge in mix.judges), entries=entries)
