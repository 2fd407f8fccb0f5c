"""Sets that want more than the others can give them (P. Hall, "On representatives of subsets", 1935).

If pairs cannot be found for all, there is a set of entries whose judges have too little room; a largest flow shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

if TYPE_CHECKING:
    from gebyar.methods.panels.task import BoolArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Shortage:
    """A set that wants more than it can get.

    Attributes
    ----------
    wanting
        The set.
    giving
        Those on the other side who have no more room for it.
    needed, given
        What the set wants, and the most that it can get.
    """

    wanting: IntArray
    giving: IntArray
    needed: int
    given: int


def shortage(wants: IntArray, room: IntArray, may: BoolArray) -> Shortage | None:
    """Find a small set that wants more than it can get.

    Parameters
    ----------
    wants
        int, shape (rows,): partners that each row wants.
    room
        int, shape (columns,): partners that each column can have.
    may
        bool, shape (rows, columns): which may be partners, once each.

    Returns
    -------
    Shortage or None
        None when everybody gets what they want.
    """
    rows, columns = may.shape
    source, sink = rows + columns, rows + columns + 1
    row, column = np.nonzero(may)
    tail = np.concatenate([row, np.full(rows, source), rows + np.arange(columns)])
    head = np.concatenate([rows + column, np.arange(rows), np.full(columns, sink)])
    capacity = np.concatenate([np.ones(len(row)), wants, room]).astype(np.int32)
    graph = csr_matrix(coo_matrix((capacity, (tail, head)), shape=(sink + 1, sink + 1)))
    flow = maximum_flow(graph, source, sink).flow
    got = np.asarray(flow[[source], :].todense()).ravel()[:rows]
    short = np.flatnonzero(got < wants)
    if not len(short):
        return None
    left = graph - flow
    left.data = np.where(left.data > 0, left.data, 0)
    left.eliminate_zeros()
    left = csr_matrix(left[: rows + columns, : rows + columns])
    return min((_reached(left, int(start), wants, room, may) for start in short[:20]), key=_size)


def _reached(left: csr_matrix, start: int, wants: IntArray, room: IntArray, may: BoolArray) -> Shortage:
    """The set that a row without enough partners could exchange with: none of it has anything to spare."""
    rows = len(wants)
    nodes = np.sort(breadth_first_order(left, start, return_predecessors=False)).astype(np.int64)
    wanting, giving = nodes[nodes < rows], nodes[nodes >= rows] - rows
    within = may[wanting].sum(axis=0)
    given = int(np.minimum(within, room).sum())
    return Shortage(wanting, giving, int(wants[wanting].sum()), given)


def _size(found: Shortage) -> tuple[int, int]:
    return len(found.wanting) + len(found.giving), int(found.wanting[0])
