"""Read a round from a folder of plain CSV files.

- ``guests.csv``: ``name`` and optionally ``least``, ``most``, ``delegates``, ``tier``, ``absent`` (slot numbers and
  spans, such as ``1-4 9``), ``zone``, ``table``.
- ``requests.csv``: ``asker``, ``asked`` (names) and optionally ``wish`` (must, would, fine), ``rank``, ``answer`` (open,
  accepted, declined), ``answer_wish``, ``session`` (morning, afternoon, any), ``by_organiser`` (yes), ``fixed_slot``,
  ``fixed_table``. The data rows are the requests 1, 2, 3, …
- ``slots.csv``: one row per slot: ``day``, ``part`` (morning, afternoon).
- ``tables.csv``: one row per table: ``zone``, may be empty.
- ``round.csv`` (optional): one row with ``fairness``, ``rest_after``, ``grants_unanswered`` (yes, no).

Files are UTF-8 (with or without a byte-order mark), divided by commas or semicolons. At most 200,000 requests.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from gebyar.methods.meetings.problem import Session
from gebyar.methods.rounds.round import (
    MOST_DELEGATES,
    MOST_REQUESTS,
    MOST_SLOTS,
    MOST_TABLES,
    Answer,
    Guest,
    Request,
    Round,
    RoundError,
    Slot,
    Wish,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

WISHES = {"must": Wish.MUST, "would": Wish.WOULD, "fine": Wish.FINE}
ANSWERS = {answer.value: answer for answer in Answer}
SESSIONS = {session.value: session for session in Session}
PARTS = {"morning": True, "afternoon": False}
YES = {"yes": True, "no": False}
LONGEST_FIELD = 10_000


class Sheet:
    """The rows of one file, and errors that name file, row, field and remedy."""

    def __init__(self, path: Path, required: tuple[str, ...], most: int) -> None:
        self.file = path.name
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                self.rows = list(self._read(file, required, most))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise RoundError(f"{self.file}: cannot be read ({error}); give a CSV file in UTF-8") from error

    def _read(self, file: Any, required: tuple[str, ...], most: int) -> Iterator[dict[str, str]]:
        header = file.readline(LONGEST_FIELD)
        delimiter = ";" if header.count(";") > header.count(",") else ","
        names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
        for name in required:
            if name not in names:
                raise RoundError(f"{self.file}: row 1: column {name} is missing; the first row names the columns")
        for number, values in enumerate(csv.reader(file, delimiter=delimiter), 1):
            if number > most:
                raise RoundError(f"{self.file}: row {number + 1}: more than {most:,} rows; divide the round")
            yield {name: value.strip() for name, value in zip(names, values, strict=False)}

    def error(self, row: int, field: str, what: str, remedy: str) -> RoundError:
        """Build an error for a data row counted from 1 (the file's line is one more)."""
        return RoundError(f"{self.file}: row {row + 1}: {field}: {what}; {remedy}")

    def text(self, row: int, field: str) -> str:
        return self.rows[row - 1].get(field, "")

    def number(self, row: int, field: str, low: int, high: int | None, default: int | None) -> int | None:
        """The number in a field; the default when it is empty."""
        text = self.text(row, field)
        if not text:
            return default
        span = f"a whole number of at least {low}" if high is None else f"a number from {low} to {high}"
        try:
            value = int(text)
        except ValueError:
            raise self.error(row, field, f"{text!r} is not a whole number", f"give {span}") from None
        if value < low or (high is not None and value > high):
            raise self.error(row, field, f"is {value}", f"give {span}")
        return value

    def word(self, row: int, field: str, words: Mapping[str, Any], default: Any) -> Any:
        """What the word in a field stands for; the default when it is empty."""
        text = self.text(row, field).lower()
        if not text:
            return default
        if text not in words:
            raise self.error(row, field, f"{text!r} is unknown", f"write one of {', '.join(words)}")
        return words[text]

    def span(self, row: int, field: str, high: int) -> frozenset[int]:
        """Numbers and spans divided by spaces, as ``1-4 9``."""
        found: set[int] = set()
        for part in self.text(row, field).split():
            first, _, last = part.partition("-")
            if not first.isdecimal() or not (last or first).isdecimal():
                raise self.error(row, field, f"{part!r} is no slot", "write numbers and spans, such as 1-4 9")
            bounds = (int(first), int(last or first))
            if not 1 <= bounds[0] <= bounds[1] <= high:
                raise self.error(row, field, f"{part} is outside the round", f"use slots from 1 to {high}")
            found.update(range(bounds[0], bounds[1] + 1))
        return frozenset(found)


def read_round(folder: Path) -> Round:
    """Read a round from a folder.

    Raises
    ------
    RoundError
        Names file, row, field and remedy.
    """
    if not folder.is_dir():
        raise RoundError(f"{folder.name} is no folder; give one with guests.csv, requests.csv, slots.csv, tables.csv")
    slots = _slots(Sheet(folder / "slots.csv", ("day",), MOST_SLOTS))
    tables = _tables(Sheet(folder / "tables.csv", ("zone",), MOST_TABLES))
    guests = _guests(Sheet(folder / "guests.csv", ("name",), MOST_REQUESTS), len(slots), len(tables))
    requests = _requests(Sheet(folder / "requests.csv", ("asker", "asked"), MOST_REQUESTS), guests, slots, tables)
    rules = Sheet(folder / "round.csv", (), 1) if (folder / "round.csv").exists() else None
    return Round(guests, requests, slots, tables, **_rules(rules))


def _slots(sheet: Sheet) -> tuple[Slot, ...]:
    found: list[Slot] = []
    for row in range(1, len(sheet.rows) + 1):
        before = found[-1].day if found else 1
        day = sheet.number(row, "day", before, None, None)
        if day is None:
            raise sheet.error(row, "day", "is empty", "number the days from 1")
        found.append(Slot(day, sheet.word(row, "part", PARTS, True)))
    if not found:
        raise RoundError("slots.csv: has no rows; give one row per slot")
    return tuple(found)


def _tables(sheet: Sheet) -> tuple[str | None, ...]:
    if not sheet.rows:
        raise RoundError("tables.csv: has no rows; give one row per table, its zone may be empty")
    return tuple(row.get("zone") or None for row in sheet.rows)


def _guests(sheet: Sheet, slots: int, tables: int) -> tuple[Guest, ...]:
    seen: dict[str, int] = {}
    keeps: dict[int, int] = {}
    found = []
    for row in range(1, len(sheet.rows) + 1):
        name = sheet.text(row, "name")
        if not name or name in seen:
            raise sheet.error(row, "name", f"{name!r} is empty or listed twice", "name every guest once")
        seen[name] = row
        guest = _guest(sheet, row, name, slots, tables)
        if guest.table is not None and keeps.setdefault(guest.table, row) != row:
            raise sheet.error(
                row, "table", f"{guest.table} is kept by row {keeps[guest.table] + 1} already", "name another table"
            )
        found.append(guest)
    return tuple(found)


def _guest(sheet: Sheet, row: int, name: str, slots: int, tables: int) -> Guest:
    least = sheet.number(row, "least", 0, None, 0) or 0
    return Guest(
        name=name,
        least=least,
        most=sheet.number(row, "most", least, None, None),
        delegates=sheet.number(row, "delegates", 1, MOST_DELEGATES, 1) or 1,
        tier=sheet.number(row, "tier", 1, None, 1) or 1,
        absent=sheet.span(row, "absent", slots),
        zone=sheet.text(row, "zone") or None,
        table=sheet.number(row, "table", 1, tables, None),
    )


def _requests(
    sheet: Sheet,
    guests: tuple[Guest, ...],
    slots: tuple[Slot, ...],
    tables: tuple[str | None, ...],
) -> tuple[Request, ...]:
    numbers = {guest.name: number for number, guest in enumerate(guests, 1)}
    seen: dict[tuple[int, int], int] = {}
    found = []
    for row in range(1, len(sheet.rows) + 1):
        asker, asked = (_known(sheet, row, field, numbers) for field in ("asker", "asked"))
        if asker == asked:
            raise sheet.error(row, "asked", "the guest would meet themselves", "name two different guests")
        other = seen.setdefault((asker, asked), row)
        if other != row:
            raise sheet.error(row, "asked", f"the pair is already in row {other + 1}", "keep one of them")
        found.append(
            Request(
                asker=asker,
                asked=asked,
                wish=sheet.word(row, "wish", WISHES, Wish.WOULD),
                rank=sheet.number(row, "rank", 1, None, None),
                answer=sheet.word(row, "answer", ANSWERS, Answer.OPEN),
                answer_wish=sheet.word(row, "answer_wish", WISHES, None),
                session=sheet.word(row, "session", SESSIONS, Session.ANY),
                by_organiser=sheet.word(row, "by_organiser", YES, False),
                fixed_slot=sheet.number(row, "fixed_slot", 1, len(slots), None),
                fixed_table=sheet.number(row, "fixed_table", 1, len(tables), None),
            )
        )
    return tuple(found)


def _known(sheet: Sheet, row: int, field: str, numbers: Mapping[str, int]) -> int:
    name = sheet.text(row, field)
    if name not in numbers:
        raise sheet.error(row, field, f"unknown participant {name!r}", "write a name of guests.csv")
    return numbers[name]


def _rules(sheet: Sheet | None) -> dict[str, Any]:
    if sheet is None or not sheet.rows:
        return {}
    return {
        "fairness": sheet.number(1, "fairness", 0, None, None if "fairness" in sheet.rows[0] else 2),
        "rest_after": sheet.number(1, "rest_after", 1, None, None),
        "grants_unanswered": sheet.word(1, "grants_unanswered", YES, True),
    }
