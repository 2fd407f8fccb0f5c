"""Read applicants, kinds and reserves from plain CSV files, and write the allotment.

- Applicants: ``id`` and optionally ``points``, ``wants`` (kinds, in order of wish), ``groups``, ``arrived``, ``amount``,
  ``least_amount``. Several kinds or groups are divided by spaces. Groups look like ``women`` or ``province:33``.
- Kinds: ``id``, ``places`` and optionally ``name``, ``zones`` (such as ``A:10 B:6``).
- Reserves: ``group`` and ``least``, ``most`` or both, optionally ``kind``.

Files are UTF-8 (with or without a byte-order mark), divided by commas or semicolons.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from gebyar.methods.places.call import MOST_APPLICANTS, MOST_MONEY, Applicant, Kind, PlacesError, Reserve
from gebyar.methods.places.reasons import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gebyar.methods.places.allotment import Allotment

LONGEST_LINE = 10_000
MOST_ROWS = 10_000  # of kinds and reserves
OUT = ("rank", "id", "outcome", "kind", "place", "zone", "amount", "code", "reason")


class Sheet:
    """The rows of one file, and errors that name file, row, field and remedy."""

    def __init__(self, path: Path, required: tuple[str, ...], most: int) -> None:
        self.file = path.name
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                self.rows = list(self._read(file, required, most))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise PlacesError(f"{self.file}: cannot be read ({error}); give a CSV file in UTF-8") from error

    def _read(self, file: Any, required: tuple[str, ...], most: int) -> Iterator[dict[str, str]]:
        header = file.readline(LONGEST_LINE)
        delimiter = ";" if header.count(";") > header.count(",") else ","
        self.names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
        for name in required:
            if name not in self.names:
                raise PlacesError(f"{self.file}: row 1: column {name} is missing; the first row names the columns")
        for number, values in enumerate(csv.reader(file, delimiter=delimiter), 1):
            if number > most:
                raise PlacesError(f"{self.file}: row {number + 1}: more than {most:,} rows; divide the call")
            if any(values):
                yield {
                    "": str(number + 1),
                    **{name: value.strip() for name, value in zip(self.names, values, strict=False)},
                }

    def error(self, row: dict[str, str], field: str, what: str, remedy: str) -> PlacesError:
        return PlacesError(f"{self.file}: row {row['']}: {field}: {what}; {remedy}")

    def text(self, row: dict[str, str], field: str) -> str:
        """The words of a field that must not be empty."""
        if not row.get(field):
            raise self.error(row, field, "is empty", "fill it in")
        return row[field]

    def number(self, row: dict[str, str], field: str) -> int | None:
        """A whole number from 0, or None where the field is empty."""
        text = row.get(field, "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or int(text) > MOST_MONEY:
            raise self.error(row, field, f"{text!r} is no whole number", f"write digits only, at most {MOST_MONEY}")
        return int(text)

    def points(self, row: dict[str, str], field: str) -> float:
        text = row.get(field, "")
        try:
            return float(text or 0)
        except ValueError:
            raise self.error(row, field, f"{text!r} is no number", "write it with a point, such as 87.5") from None


def read_applicants(path: Path) -> tuple[Applicant, ...]:
    """Read applicants.

    Raises
    ------
    PlacesError
        Names file, row, field and remedy.
    """
    sheet = Sheet(path, ("id",), MOST_APPLICANTS)
    return tuple(
        Applicant(
            id=sheet.text(row, "id"),
            points=sheet.points(row, "points"),
            wants=tuple(row.get("wants", "").split()),
            groups=frozenset(row.get("groups", "").split()),
            arrived=sheet.number(row, "arrived") or 0,
            amount=sheet.number(row, "amount"),
            least_amount=sheet.number(row, "least_amount"),
        )
        for row in sheet.rows
    )


def read_kinds(path: Path) -> tuple[Kind, ...]:
    """Read kinds of places; errors as in `read_applicants`."""
    sheet = Sheet(path, ("id", "places"), MOST_ROWS)
    return tuple(
        Kind(sheet.text(row, "id"), sheet.number(row, "places") or 0, row.get("name", ""), tuple(_zones(sheet, row)))
        for row in sheet.rows
    )


def _zones(sheet: Sheet, row: dict[str, str]) -> Iterator[tuple[str, int]]:
    for part in row.get("zones", "").split():
        name, _colon, size = part.rpartition(":")
        if not name or not size.isdigit():
            raise sheet.error(row, "zones", f"{part!r} is no zone", "write name and places, such as A:10 B:6")
        yield name, int(size)


def read_reserves(path: Path) -> tuple[Reserve, ...]:
    """Read reserves and quotas; errors as in `read_applicants`."""
    sheet = Sheet(path, ("group",), MOST_ROWS)
    return tuple(
        Reserve(
            sheet.text(row, "group"), sheet.number(row, "least"), sheet.number(row, "most"), row.get("kind") or None
        )
        for row in sheet.rows
    )


def write_allotment(allotment: Allotment, path: Path) -> None:
    """Write one row for each applicant, with the reason as code and in words."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(OUT)
        for row in allotment.rows:
            reason = sentence(row.code, row.parameters)
            cells = (row.rank, row.applicant, row.outcome, row.kind, row.place, row.zone, row.amount, row.code, reason)
            writer.writerow("" if cell is None else cell for cell in cells)
