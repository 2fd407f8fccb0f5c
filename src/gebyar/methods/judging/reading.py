"""Marks and weights from CSV files, rankings into them.

Files are UTF-8 (with or without a byte-order mark), divided by commas or semicolons; a semicolon file may write decimals
with a comma.
"""

from __future__ import annotations

import csv
import math
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from gebyar.methods.judging.marks import TOTAL, Criterion, JudgingError, Mark, unscaled
from gebyar.methods.judging.results import JudgeRow, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_APPLICABLE = {"", "-", "–", "na", "n/a", "nan", "null", "none", "not applicable", "tidak berlaku", "tb"}
COLUMNS = ("rank", "entry", "raw", "correction", "adjusted", "low", "high", "p_top", "marks", "tie_rule")
JUDGE_COLUMNS = tuple(field.name for field in fields(JudgeRow))


class Table:
    """The rows of one file, and errors that name file, row and column."""

    def __init__(self, path: Path, needed: tuple[str, ...]) -> None:
        self.file = path.name
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise JudgingError(f"{self.file}: cannot be read ({error}); give a CSV file in UTF-8.") from error
        lines = text.splitlines()
        header = lines[0] if lines else ""
        self.delimiter = ";" if header.count(";") > header.count(",") else ","
        reader = csv.reader(lines, delimiter=self.delimiter)
        self.columns = [name.strip().lower() for name in next(reader, [])]
        for name in needed:
            if name not in self.columns:
                raise JudgingError(
                    f"{self.file}: row 1: the column {name} is missing; the first row names the columns."
                )
        self.rows = [
            (reader.line_num, dict(zip(self.columns, map(str.strip, row), strict=False))) for row in reader if any(row)
        ]

    def error(self, row: int, column: str, what: str) -> JudgingError:
        return JudgingError(f"{self.file}: row {row}: {column}: {what}")

    def name(self, row: int, cells: dict[str, str], column: str) -> str:
        if not cells.get(column):
            raise self.error(row, column, f"is empty; name the {column}.")
        return cells[column]

    def number(self, row: int, cells: dict[str, str], column: str) -> float:
        text = cells.get(column, "")
        try:
            value = float(text if self.delimiter == "," else text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.error(row, column, f"{text!r} is no number; give one such as 7.5.")
        return value


def read_marks(path: Path) -> tuple[tuple[Mark, ...], tuple[Criterion, ...]]:
    """Read marks: columns entry, judge, score, and perhaps criterion and weight.

    An empty score, "-" or "n/a" says that the criterion is not applicable.

    Returns
    -------
    tuple
        The marks; and a criterion for each weight named, in the marks' own units (empty without a weight column).

    Raises
    ------
    JudgingError
        Names the file, the row, the column and the remedy.
    """
    table = Table(path, ("entry", "judge", "score"))
    marks: list[Mark] = []
    first: dict[tuple[str, str, str], int] = {}
    weights: dict[str, tuple[float, int]] = {}
    for row, cells in table.rows:
        mark = _mark(table, row, cells)
        key = (mark.entry, mark.judge, mark.criterion)
        if key in first:
            where = (
                f"judge {mark.judge} scored entry {mark.entry}, criterion {mark.criterion}, in row {first[key]} already"
            )
            raise table.error(row, "score", f"{where}; keep one of the two.")
        first[key] = row
        marks.append(mark)
        if "weight" in table.columns:
            _note_weight(table, row, cells, mark.criterion, weights)
    if not marks:
        raise JudgingError(f"{table.file}: there is no row with a score; give one row for each.")
    return tuple(marks), tuple(unscaled(name, weight) for name, (weight, _row) in weights.items())


def _mark(table: Table, row: int, cells: dict[str, str]) -> Mark:
    entry, judge = table.name(row, cells, "entry"), table.name(row, cells, "judge")
    score = None if cells.get("score", "").lower() in NOT_APPLICABLE else table.number(row, cells, "score")
    return Mark(entry, judge, score, cells.get("criterion") or TOTAL)


def _note_weight(
    table: Table, row: int, cells: dict[str, str], criterion: str, weights: dict[str, tuple[float, int]]
) -> None:
    weight = table.number(row, cells, "weight")
    if weight <= 0:
        raise table.error(row, "weight", f"is {weight:g}; give a number above 0.")
    known = weights.setdefault(criterion, (weight, row))
    if known[0] != weight:
        what = f"is {weight:g}, but {known[0]:g} in row {known[1]} for the same criterion {criterion}; give one weight."
        raise table.error(row, "weight", what)


def read_weights(text: str) -> tuple[Criterion, ...]:
    """Read weights from a CSV file (columns criterion, weight, perhaps low and high) or from text: ``taste=2,look=1``.

    With low or high, marks are brought to 0–100 (the other is 0 or 100); without, they keep their own units.

    Raises
    ------
    JudgingError
        It is neither, or a weight is no number above 0.
    """
    if "=" in text and not Path(text).is_file():
        return _weights_in_words(text)
    if not Path(text).is_file():
        raise JudgingError(f"--weights {text}: there is no such file; give one, or write taste=2,look=1.")
    table = Table(Path(text), ("criterion", "weight"))
    return tuple(_criterion(table, row, cells) for row, cells in table.rows)


def _criterion(table: Table, row: int, cells: dict[str, str]) -> Criterion:
    name, weight = table.name(row, cells, "criterion"), table.number(row, cells, "weight")
    bounds = {column: table.number(row, cells, column) for column in ("low", "high") if cells.get(column)}
    return Criterion(name, weight, **bounds) if bounds else unscaled(name, weight)


def _weights_in_words(text: str) -> tuple[Criterion, ...]:
    found = []
    for part in text.split(","):
        name, _, weight = part.rpartition("=")
        try:
            found.append(unscaled(name.strip(), float(weight)))
        except ValueError:
            raise JudgingError(f"--weights: {part!r} is no weight; write taste=2,look=1.") from None
    return tuple(found)


def write_rows(file: TextIO, rows: Iterable[Row]) -> None:
    """Write a ranking; what is not known is empty."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, column) for column in COLUMNS] for row in rows)


def write_judges(file: TextIO, rows: Iterable[JudgeRow]) -> None:
    """Write the view of the judges; what is not known is empty."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(JUDGE_COLUMNS)
    writer.writerows(astuple(row) for row in rows)
