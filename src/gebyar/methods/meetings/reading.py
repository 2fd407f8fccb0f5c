"""Read a meeting problem from whatever file it comes in."""

from __future__ import annotations

from pathlib import Path

from gebyar.methods.meetings.problem import Problem, ProblemError
from gebyar.methods.meetings.reading_csv import read_requests
from gebyar.methods.meetings.reading_dzn import read_dzn


def read_case(
    path: str | Path,
    *,
    slots: int | None = None,
    tables: int | None = None,
    morning_slots: int | None = None,
) -> Problem:
    """Read a ``.dzn`` case, a ``.csv`` file of requests, or a folder of CSV files.

    Parameters
    ----------
    path
        The file or folder.
    slots, tables, morning_slots
        Size of the round, for CSV only.

    Raises
    ------
    ProblemError
        Names file, row, field and remedy.
    """
    where = Path(path)
    if not where.exists():
        raise ProblemError(f"{where.name}: does not exist; check the name")
    if where.suffix.lower() == ".dzn":
        return read_dzn(where)
    if where.is_dir() or where.suffix.lower() == ".csv":
        return read_requests(where, slots=slots, tables=tables, morning_slots=morning_slots)
    raise ProblemError(f"{where.name}: unknown kind of file; give a .dzn or .csv file, or a folder of CSV files")
