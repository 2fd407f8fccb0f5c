"""Read meeting requests from plain CSV.

Either one file of requests, with slots and tables given beside it, or a folder:

- ``requests.csv`` (required): ``participant_a``, ``participant_b`` and optionally
  ``session`` (morning, afternoon, any), ``fixed_slot``, ``priority``. The data rows are
  the meetings 1, 2, 3, …
- ``event.csv``: one row with ``slots``, ``tables`` and optionally ``morning_slots``,
  ``day_starts`` (the first slot of each day, divided by blanks: ``1 21 41``) and
  ``longest_run`` (most meetings in a row); needed unless slots and tables are given
  otherwise.
- ``participants.csv`` (optional): ``name``; when present, every other file may use only
  these names.
- ``absences.csv`` (optional): ``participant``, ``slot``, one row per slot in which the
  participant cannot meet.
- ``precedences.csv`` (optional): ``earlier``, ``later``, two meeting numbers.

Files are UTF-8 (with or without a byte-order mark), divided by commas or semicolons.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from gebyar.methods.meetings.ordering import find_circle
from gebyar.methods.meetings.problem import Meeting, Problem, ProblemError, Session

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, str]


class Table:
    """The rows of one file, and errors that name file, row and field."""

    def __init__(self, path: Path, required: tuple[str, ...]) -> None:
        self.file = path.name
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ProblemError(f"{self.file}: cannot be read ({error}); give a CSV file in UTF-8") from error
        lines = text.splitlines()
        header = lines[0] if lines else ""
        reader = csv.DictReader(lines, delimiter=";" if header.count(";") > header.count(",") else ",")
        names = [name.strip().lower() for name in reader.fieldnames or []]
        reader.fieldnames = names
        for name in required:
            if name not in names:
                raise ProblemError(f"{self.file}: row 1: column {name} is missing; the first row names the columns")
        self.rows: list[Row] = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]

    def error(self, row: int, field: str, what: str, remedy: str) -> ProblemError:
        """Build an error for a data row counted from 1 (the file's line is one more)."""
        return ProblemError(f"{self.file}: row {row + 1}: {field}: {what}; {remedy}")

    def number(self, row: int, field: str, low: int, high: int | None) -> int:
        value = self.rows[row - 1].get(field, "")
        span = f"a whole number of at least {low}" if high is None else f"a number from {low} to {high}"
        try:
            found = int(value)
        except ValueError:
            raise self.error(row, field, f"{value!r} is not a whole number", f"give {span}") from None
        if found < low or (high is not None and found > high):
            raise self.error(row, field, f"is {found}", f"give {span}")
        return found

    def optional_number(self, row: int, field: str, low: int, high: int | None) -> int | None:
        return self.number(row, field, low, high) if self.rows[row - 1].get(field) else None


class Names:
    """Participant numbers by name; closed when there is a list of participants."""

    def __init__(self, table: Table | None) -> None:
        self.numbers: dict[str, int] = {}
        self.closed = table is not None
        for row, values in enumerate(table.rows if table else [], 1):
            if table is not None and (not values["name"] or values["name"] in self.numbers):
                raise table.error(row, "name", f"{values['name']!r} is empty or listed twice", "name everybody once")
            self.numbers[values["name"]] = row

    def number(self, table: Table, row: int, field: str, *, known: bool = False) -> int:
        name = table.rows[row - 1][field]
        if not name:
            raise table.error(row, field, "is empty", "name a participant")
        if name not in self.numbers:
            if self.closed or known:
                where = "participants.csv" if self.closed else "requests.csv"
                raise table.error(row, field, f"unknown participant {name!r}", f"write a name of {where}")
            self.numbers[name] = len(self.numbers) + 1
        return self.numbers[name]


def read_requests(
    path: Path,
    *,
    slots: int | None = None,
    tables: int | None = None,
    morning_slots: int | None = None,
) -> Problem:
    """Read a folder or one file of requests.

    Parameters
    ----------
    path
        The folder, or the file of requests.
    slots, tables, morning_slots
        Size of the round; they go before what ``event.csv`` says.

    Raises
    ------
    ProblemError
        Names file, row, field and remedy.
    """
    folder = path if path.is_dir() else None
    event = _optional(folder, "event.csv", ("slots", "tables"))
    slots, tables, morning_slots = _size(event, slots, tables, morning_slots)
    names = Names(_optional(folder, "participants.csv", ("name",)))
    requests = Table(folder / "requests.csv" if folder else path, ("participant_a", "participant_b"))
    meetings = _meetings(requests, names, slots)
    forbidden = _absences(_optional(folder, "absences.csv", ("participant", "slot")), names, slots)
    return Problem(
        participants=tuple(names.numbers),
        meetings=meetings,
        slots=slots,
        tables=tables,
        morning_slots=morning_slots,
        forbidden=forbidden,
        precedences=_precedences(_optional(folder, "precedences.csv", ("earlier", "later")), len(meetings)),
        day_starts=_day_starts(event, slots),
        longest_run=event.optional_number(1, "longest_run", 1, None) if event and event.rows else None,
    )


def _optional(folder: Path | None, name: str, required: tuple[str, ...]) -> Table | None:
    return Table(folder / name, required) if folder and (folder / name).exists() else None


def _size(event: Table | None, slots: int | None, tables: int | None, morning: int | None) -> tuple[int, int, int]:
    if event is not None and event.rows:
        slots = event.number(1, "slots", 1, None) if slots is None else slots
        tables = event.number(1, "tables", 1, None) if tables is None else tables
        morning = event.optional_number(1, "morning_slots", 0, slots) if morning is None else morning
    for name, value in (("slots", slots), ("tables", tables)):
        if value is None:
            raise ProblemError(f"event.csv: row 2: {name}: is missing; give it there or as an option")
        if value < 1:
            raise ProblemError(f"{name} is {value}; give at least 1")
    slots, tables = slots or 0, tables or 0
    if morning is not None and not 0 <= morning <= slots:
        raise ProblemError(f"morning_slots is {morning}; give a number from 0 to {slots}")
    return slots, tables, slots if morning is None else morning


def _day_starts(event: Table | None, slots: int) -> tuple[int, ...]:
    if event is None or not event.rows:
        return (1,)
    found: list[int] = []
    for word in event.rows[0].get("day_starts", "").split():
        low = found[-1] + 1 if found else 1
        high = slots if found else 1
        if not word.isascii() or not word.isdigit() or not low <= int(word) <= high:
            remedy = f"name later and later slots up to {slots}" if found else "begin with slot 1"
            raise event.error(1, "day_starts", f"{word!r} cannot start a day there", remedy)
        found.append(int(word))
    return tuple(found) or (1,)


def _meetings(table: Table, names: Names, slots: int) -> tuple[Meeting, ...]:
    seen: dict[tuple[int, int], int] = {}
    found = []
    for row in range(1, len(table.rows) + 1):
        first = names.number(table, row, "participant_a")
        second = names.number(table, row, "participant_b")
        if first == second:
            raise table.error(row, "participant_b", "the participant would meet themselves", "name two different ones")
        pair = (min(first, second), max(first, second))
        if pair in seen:
            raise table.error(row, "participant_b", f"the pair is already in row {seen[pair] + 1}", "keep one of them")
        seen[pair] = row
        found.append(_meeting(table, row, first, second, slots))
    return tuple(found)


def _meeting(table: Table, row: int, first: int, second: int, slots: int) -> Meeting:
    part = table.rows[row - 1].get("session", "").lower() or Session.ANY.value
    try:
        session = Session(part)
    except ValueError:
        raise table.error(row, "session", f"{part!r} is unknown", "write morning, afternoon or any") from None
    fixed = table.optional_number(row, "fixed_slot", 1, slots)
    return Meeting(first, second, session, fixed, table.optional_number(row, "priority", 0, None))


def _absences(table: Table | None, names: Names, slots: int) -> tuple[frozenset[int], ...]:
    away: list[set[int]] = [set() for _ in names.numbers]
    for row in range(1, len(table.rows) + 1 if table else 1):
        if table is not None:
            participant = names.number(table, row, "participant", known=True)
            away[participant - 1].add(table.number(row, "slot", 1, slots))
    return tuple(frozenset(found) for found in away)


def _precedences(table: Table | None, meetings: int) -> tuple[tuple[int, int], ...]:
    if table is None:
        return ()
    found: list[tuple[int, int]] = []
    for row in range(1, len(table.rows) + 1):
        pair = (table.number(row, "earlier", 1, meetings), table.number(row, "later", 1, meetings))
        if pair[0] == pair[1]:
            raise table.error(row, "later", f"meeting {pair[1]} would come before itself", "name two different ones")
        found.append(pair)
    if circle := find_circle(found):
        row = found.index((circle[0], circle[1])) + 1
        path = " before ".join(map(str, circle))
        raise table.error(row, "later", f"the precedences run in a circle ({path})", "drop one of them")
    return tuple(found)
