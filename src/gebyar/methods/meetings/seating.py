"""Give every meeting of a slot its own table, so that people move little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from gebyar.methods.meetings.model import Model

Array = np.ndarray[Any, Any]


def assign_tables(model: Model, slots: Array) -> Array:
    """Assign tables slot after slot, by a matching that keeps people where they last sat.

    The busier of the two counts a little more: hosts with many meetings stay put.

    Parameters
    ----------
    model
        The problem.
    slots
        int, shape (meetings,): slot of every meeting.

    Returns
    -------
    ndarray
        int, shape (meetings,): tables from 0, distinct within a slot.
    """
    tables = np.full(model.meetings, -1, dtype=np.int64)
    last = np.full(model.participants, -1, dtype=np.int64)
    weight = 1.0 + np.bincount(model.ends.ravel(), minlength=model.participants) / (model.meetings + 1)
    count = min(model.tables, int(np.bincount(slots).max(initial=1)))
    for slot in range(model.slots):
        here = np.flatnonzero(slots == slot)
        gain = np.zeros((len(here), count))
        for side in range(2):
            person = model.ends[here, side]
            seated = last[person] >= 0
            gain[np.flatnonzero(seated), last[person[seated]]] += weight[person[seated]]
        rows, columns = linear_sum_assignment(gain, maximize=True)
        tables[here[rows]] = columns
        last[model.ends[here[rows]]] = columns[:, None]
    return tables
