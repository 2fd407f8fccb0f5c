"""Read tasks from plain files, and write assignments to them.

- Scores: a table of numbers, ``.npy`` or ``.csv`` (no header); rows are judges or entries.
- Loads, least loads, coverage: a single number for all, or a file with one number per judge or entry.
- Conflicts: a table of 0 and 1 like that of the scores, or a CSV with the columns ``entry`` and ``judge`` (from 0).
- Assignments: a CSV with the columns ``entry``, ``judge``, ``affinity`` (from 0).

CSV files are UTF-8, divided by commas or semicolons.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gebyar.methods.panels.task import MOST_PAIRS, PanelError, PanelTask, make_task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gebyar.methods.panels.task import BoolArray, FloatArray, Pair

    Rows = Literal["judges", "entries"]

LONGEST_FIELD = 10_000
HEADER = ("entry", "judge", "affinity")


def read_task(
    scores: Path,
    *,
    loads: str,
    coverage: str,
    least: str = "0",
    conflicts: Path | None = None,
    orientation: Rows | None = None,
    connected: bool = True,
    cap: float | None = None,
) -> PanelTask:
    """Read a task.

    Parameters
    ----------
    scores
        The file of scores.
    loads, least, coverage
        A whole number, or the name of a file of them.
    conflicts
        The file of conflicts.
    orientation
        What the rows of the scores are; None to tell by the lengths of loads and coverage.
    connected, cap
        See `PanelTask`.

    Raises
    ------
    PanelError
        Names the file, the row and what to do.
    """
    table = read_table(scores)
    most, low, places = (_numbers(text, name) for text, name in _named(loads, least, coverage))
    rows = orientation or _orientation(table, scores.name, [most, low], places)
    affinity = table.T if rows == "judges" else table
    _check_lengths(affinity, rows, scores.name, {"loads": most, "least loads": low}, places)
    barred = None if conflicts is None else _conflicts(conflicts, affinity.shape, rows)
    return make_task(
        np.ascontiguousarray(affinity),
        coverage=places,
        most=most,
        least=low,
        barred=barred,
        connected=connected,
        cap=cap,
    )


def read_table(path: Path) -> FloatArray:
    """A table of numbers, shape (rows, columns).

    Raises
    ------
    PanelError
        Names file, row, column and remedy.
    """
    values = _numpy(path) if path.suffix.lower() == ".npy" else _table(path)
    if values.ndim != 2 or 0 in values.shape:
        raise PanelError(f"{path.name}: has the shape {values.shape}; give a table with rows and columns")
    return values


def write_panels(path: Path, task: PanelTask, pairs: tuple[Pair, ...]) -> None:
    """Write an assignment."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for entry, judge in pairs:
            writer.writerow((entry, judge, f"{task.affinity[entry, judge]:.6f}"))


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """Read an assignment, or a list of conflicts.

    Raises
    ------
    PanelError
        Names file, row, column and remedy.
    """
    rows = _rows(path)
    names = [name.strip().lower() for name in next(rows, (0, []))[1]]
    for name in HEADER[:2]:
        if name not in names:
            raise PanelError(f"{path.name}: row 1: column {name} is missing; the first row names the columns")
    places = [names.index(name) for name in HEADER[:2]]
    return tuple(sorted(_pair(path, number, row, places) for number, row in rows))


def _pair(path: Path, number: int, row: list[str], places: list[int]) -> Pair:
    found = []
    for name, place in zip(HEADER, places, strict=False):
        text = row[place].strip() if place < len(row) else ""
        if not text.isdigit():
            raise PanelError(f"{path.name}: row {number}: {name} {text!r} is no whole number from 0; give one")
        found.append(int(text))
    return found[0], found[1]


def _numpy(path: Path) -> FloatArray:
    try:
        values = np.load(path, allow_pickle=False)
        return np.asarray(values, dtype=np.float64)
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise PanelError(f"{path.name}: is no table of numbers ({error}); write it with numpy.save") from error


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, numbered from 1."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(LONGEST_FIELD)
            file.seek(0)
            for number, row in enumerate(csv.reader(file, delimiter=";" if ";" in first else ","), 1):
                if any(text.strip() for text in row):
                    yield number, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PanelError(f"{path.name}: cannot be read ({error}); give a CSV file in UTF-8") from error


def _table(path: Path) -> FloatArray:
    found: list[list[float]] = []
    for number, row in _rows(path):
        if found and len(row) != len(found[0]):
            raise PanelError(
                f"{path.name}: row {number}: has {len(row)} columns, the first has {len(found[0])}; give all as many"
            )
        if (len(found) + 1) * len(row) > MOST_PAIRS:
            raise PanelError(f"{path.name}: has more than {MOST_PAIRS:,} numbers; divide the task")
        found.append([_number(path, number, place, text) for place, text in enumerate(row, 1)])
    return np.array(found, dtype=np.float64)


def _number(path: Path, row: int, column: int, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise PanelError(
            f"{path.name}: row {row}, column {column}: {text!r} is no number; give one with a decimal point"
        ) from None


def _named(loads: str, least: str, coverage: str) -> Iterator[tuple[str, str]]:
    yield from ((loads, "loads"), (least, "least loads"), (coverage, "coverage"))


def _numbers(text: str, name: str) -> Any:
    """A single number, or those of a file, shape (count,)."""
    if text.isdigit():
        return int(text)
    path = Path(text)
    if not path.is_file():
        raise PanelError(f"{name}: {text!r} is neither a whole number nor a file; give one of them")
    values = _numpy(path) if path.suffix.lower() == ".npy" else _table(path)
    return values.ravel()


def _length(values: Any) -> int | None:
    return None if isinstance(values, int) else len(values)


def _orientation(table: FloatArray, name: str, loads: list[Any], coverage: Any) -> Rows:
    """Tell what rows are by the lengths of loads and coverage.

    Raises
    ------
    PanelError
        Both could be.
    """
    fits = []
    rows, columns = table.shape
    for guess, judges, entries in (("judges", rows, columns), ("entries", columns, rows)):
        if all(_length(load) in {None, judges} for load in loads) and _length(coverage) in {None, entries}:
            fits.append(guess)
    if len(fits) == 1:
        return "judges" if fits[0] == "judges" else "entries"
    if fits:
        raise PanelError(
            f"{name}: has {rows} rows and {columns} columns, and nothing tells whether rows are judges or entries; "
            "say --orientation judges or --orientation entries"
        )
    raise PanelError(
        f"{name}: has {rows} rows and {columns} columns; neither fits {_lengths(loads, coverage)}; give one load per "
        "judge and one coverage per entry"
    )


def _lengths(loads: list[Any], coverage: Any) -> str:
    found = [f"{_length(load)} loads" for load in loads if _length(load) is not None]
    return " and ".join([*found, *([f"{_length(coverage)} coverages"] if _length(coverage) is not None else [])])


def _check_lengths(affinity: FloatArray, rows: Rows, name: str, loads: dict[str, Any], coverage: Any) -> None:
    entries, judges = affinity.shape
    for what, values, count, noun in [
        *((what, values, judges, "judges") for what, values in loads.items()),
        ("coverage", coverage, entries, "entries"),
    ]:
        if _length(values) not in {None, count}:
            raise PanelError(
                f"{what}: has {_length(values)} numbers, but {name} has {count} {noun} (its rows are {rows}); give one "
                "number for each"
            )


def _conflicts(path: Path, shape: tuple[int, ...], rows: Rows) -> BoolArray:
    barred = np.zeros(shape, dtype=bool)
    if path.suffix.lower() == ".npy" or not _names_columns(path):
        table = read_table(path)
        marks = table.T if rows == "judges" else table
        if marks.shape != shape:
            raise PanelError(f"{path.name}: has the shape {table.shape}, the scores have another; give the same")
        return np.asarray(marks != 0)
    for entry, judge in read_pairs(path):
        if entry >= shape[0] or judge >= shape[1]:
            raise PanelError(
                f"{path.name}: pair {entry}–{judge} does not exist; use entries 0 to {shape[0] - 1} and judges 0 to "
                f"{shape[1] - 1}"
            )
        barred[entry, judge] = True
    return barred


def _names_columns(path: Path) -> bool:
    _, first = next(_rows(path), (0, [""]))
    return any(text.strip().isalpha() for text in first)
