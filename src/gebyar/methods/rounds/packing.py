"""When not every granted meeting finds a slot: the most valuable set that does, exactly, for rounds of moderate size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from gebyar.methods.rounds.pairing import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gebyar.methods.rounds.board import Board

MOST_CHOICES = 40_000  # meeting × slot choices beyond which only the board's own moves are tried


def pack(board: Board, meetings: Sequence[int], values: Sequence[int], seconds: float) -> tuple[dict[int, int], bool]:
    """Place the meetings of the largest total value.

    Parameters
    ----------
    board
        Its held meetings stay; the given ones are not on it.
    meetings, values
        The meetings to place, and what each is worth.
    seconds
        Time limit.

    Returns
    -------
    tuple
        Meeting to slot, empty when nothing was found or there are too many choices, and whether the clock had a part.
    """
    choices = [(row, slot) for row, meeting in enumerate(meetings) for slot in numbers(board.spots(meeting))]
    if not choices or len(choices) > MOST_CHOICES:
        return {}, False
    rows, most = _rows(board, meetings, choices)
    found = milp(
        -np.array([values[row] for row, _ in choices], dtype=float),
        integrality=np.ones(len(choices)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, -np.inf, most),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return {}, True
    chosen = {meetings[row]: slot for (row, slot), value in zip(choices, found.x, strict=True) if value > 0.5}
    return chosen, found.status != 0


def _rows(board: Board, meetings: Sequence[int], choices: Sequence[tuple[int, int]]) -> tuple[Any, Any]:
    """Each meeting once, nobody twice in a slot, no more meetings than tables, and the forced rest."""
    entries: dict[tuple[str, int, int], list[int]] = {}
    most: dict[tuple[str, int, int], float] = {}
    for column, (row, slot) in enumerate(choices):
        for key, limit in _limits(board, meetings[row], row, slot):
            entries.setdefault(key, []).append(column)
            most[key] = limit
    keys = list(entries)
    row_of = [number for number, key in enumerate(keys) for _ in entries[key]]
    column_of = [column for key in keys for column in entries[key]]
    rows = coo_matrix((np.ones(len(row_of)), (row_of, column_of)), shape=(len(keys), len(choices)))
    return rows.tocsr(), np.array([most[key] for key in keys])


def _limits(board: Board, meeting: int, row: int, slot: int) -> Iterator[tuple[tuple[str, int, int], float]]:
    yield ("meeting", row, 0), 1
    yield ("table", slot, 0), board.clock.tables - board.load[slot]
    for person in board.ends[meeting]:
        yield ("person", person, slot), 1
        for first, window in _windows(board, slot):
            rest = board.clock.rest_after or 0
            yield ("rest", person, first), rest - (board.busy[person] & window).bit_count()


def _windows(board: Board, slot: int) -> Iterator[tuple[int, int]]:
    """The spans of one slot more than the forced rest allows, within a day, that contain a slot."""
    rest = board.clock.rest_after
    if rest is None:
        return
    for first in range(max(slot - rest, 0), min(slot, board.clock.slots - rest - 1) + 1):
        window = ((1 << (rest + 1)) - 1) << first
        if not window & ~(1 << first) & board.clock.day_starts:
            yield first, window
