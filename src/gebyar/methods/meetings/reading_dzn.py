"""Read MiniZinc data (``.dzn``) of the public business-meeting cases.

Traps of that format: ``meetingsxBusiness`` numbers meetings from 2 and holds a dummy 1
(it repeats ``requested``, so it is not read at all); 0 stands for "none" in
``forbidden`` and ``fixed``; ``fixed`` and ``precedences`` may be missing; a pair may be
requested twice and then meets twice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gebyar.methods.meetings.problem import Meeting, Problem, ProblemError, Session

if TYPE_CHECKING:
    from pathlib import Path

SESSIONS = {1: Session.MORNING, 2: Session.AFTERNOON, 3: Session.ANY}
_COMMENT = re.compile(r"%[^\n]*|/\*.*?\*/", re.DOTALL)
_SET = re.compile(r"\{([^{}]*)\}|(-?\d+)\s*\.\.\s*(-?\d+)")


def read_dzn(path: Path) -> Problem:
    """Read one case.

    Parameters
    ----------
    path
        A ``.dzn`` file with ``nBusiness``, ``nMeetings``, ``nTables``, ``nTotalSlots``,
        ``nMorningSlots``, ``requested`` and optionally ``forbidden``, ``fixed``, ``precedences``.

    Raises
    ------
    ProblemError
        The file cannot be read as such a case; names file, field, row and remedy.
    """
    return _DznReader(path.name, _read_text(path)).problem()


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemError(f"{path.name}: cannot be read ({error}); give a text file in UTF-8") from error


class _DznReader:
    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.fields: dict[str, str] = {}
        for statement in _COMMENT.sub(" ", text).split(";"):
            name, equals, value = statement.partition("=")
            if equals:
                self.fields[name.split(":")[-1].strip().split()[-1]] = value.strip()
            elif statement.strip():
                raise self.error(statement.strip()[:30], "is not of the form name = value", "end each line with ;")

    def error(self, where: str, what: str, remedy: str) -> ProblemError:
        return ProblemError(f"{self.file}: {where}: {what}; {remedy}")

    def number(self, name: str, low: int) -> int:
        value = self.fields.get(name)
        if value is None:
            raise self.error(name, "is missing", f"add {name} = …;")
        if not re.fullmatch(r"[+-]?\d+", value):
            raise self.error(name, f"{value[:30]!r} is not a whole number", "write one number")
        if int(value) < low:
            raise self.error(name, f"is {value}", f"give at least {low}")
        return int(value)

    def problem(self) -> Problem:
        people, slots = self.number("nBusiness", 0), self.number("nTotalSlots", 1)
        morning = self.number("nMorningSlots", 0) if "nMorningSlots" in self.fields else slots
        if morning > slots:
            raise self.error("nMorningSlots", f"is {morning}, but there are {slots} slots", "give at most that many")
        tables = self.number("nTables", 1)
        meetings = self._meetings(people, slots)
        return Problem(
            participants=tuple(f"participant {number}" for number in range(1, people + 1)),
            meetings=meetings,
            slots=slots,
            tables=tables,
            morning_slots=morning,
            forbidden=tuple(self._sets("forbidden", people, slots)),
            precedences=self._precedences(len(meetings)),
        )

    def _meetings(self, people: int, slots: int) -> tuple[Meeting, ...]:
        rows = self._requested()
        wanted = self.number("nMeetings", 0)
        if len(rows) != wanted:
            raise self.error("requested", f"has {len(rows)} rows, nMeetings says {wanted}", "make them agree")
        fixed = self._fixed(len(rows), slots)
        return tuple(self._meeting(i, row, people, fixed[i - 1]) for i, row in enumerate(rows, 1))

    def _meeting(self, row: int, values: list[int], people: int, fixed: int) -> Meeting:
        where = f"requested row {row}"
        if len(values) != 3:
            raise self.error(where, f"has {len(values)} values", "write participant, participant, session")
        for participant in values[:2]:
            if not 1 <= participant <= people:
                raise self.error(where, f"unknown participant {participant}", f"use 1 to {people}")
        if values[0] == values[1]:
            raise self.error(where, f"participant {values[0]} would meet themselves", "name two different ones")
        if values[2] not in SESSIONS:
            raise self.error(where, f"session {values[2]} is unknown", "use 1 morning, 2 afternoon, 3 any")
        return Meeting(values[0], values[1], SESSIONS[values[2]], fixed or None)

    def _requested(self) -> list[list[int]]:
        value = self.fields.get("requested")
        if value is None:
            raise self.error("requested", "is missing", "add the list of meetings")
        body = re.fullmatch(r"\[\|(.*?)\|?\]", value, re.DOTALL)
        if body is None:
            if re.fullmatch(r"\[\s*\]", value):
                return []
            raise self.error("requested", "is not a table", "write [|1, 2, 3, |1, 4, 3, |]")
        rows = body.group(1).split("|")
        return [self._numbers(f"requested row {i}", row) for i, row in enumerate(rows, 1) if row.strip()]

    def _numbers(self, where: str, text: str) -> list[int]:
        parts = [part.strip() for part in text.split(",")]
        for part in parts:
            if part and not re.fullmatch(r"[+-]?\d+", part):
                raise self.error(where, f"{part[:30]!r} is not a whole number", "write numbers divided by commas")
        return [int(part) for part in parts if part]

    def _fixed(self, meetings: int, slots: int) -> list[int]:
        value = self.fields.get("fixed", "[]")
        values = self._numbers("fixed", value.strip().removeprefix("[").removesuffix("]"))
        if values and len(values) != meetings:
            raise self.error("fixed", f"has {len(values)} values for {meetings} meetings", "write one per meeting")
        for row, slot in enumerate(values, 1):
            if not 0 <= slot <= slots:
                raise self.error(
                    f"fixed row {row}", f"slot {slot} is outside the round", f"use 1 to {slots}, 0 for none"
                )
        return values or [0] * meetings

    def _sets(self, name: str, wanted: int, highest: int) -> list[frozenset[int]]:
        """Read a list of sets, 0 being a placeholder; missing or empty: empty sets."""
        body = self.fields.get(name, "[]").strip().removeprefix("[").removesuffix("]")
        found = [self._set(f"{name} row {row}", match) for row, match in enumerate(_SET.finditer(body), 1)]
        if rest := _SET.sub("", body).replace(",", "").strip():
            raise self.error(name, f"{rest[:30]!r} is not a set", "write {1,2} or 1..2")
        if found and len(found) != wanted:
            raise self.error(name, f"has {len(found)} sets, expected {wanted}", "write one set each")
        for row, members in enumerate(found, 1):
            if outside := sorted(value for value in members if not 1 <= value <= highest):
                raise self.error(f"{name} row {row}", f"{outside[0]} is out of range", f"use 1 to {highest}")
        return found or [frozenset[int]()] * wanted

    def _set(self, where: str, match: re.Match[str]) -> frozenset[int]:
        if match.group(2) is not None:
            values = set(range(int(match.group(2)), int(match.group(3)) + 1))
        else:
            inner = match.group(1).strip()
            span = re.fullmatch(r"(-?\d+)\s*\.\.\s*(-?\d+)", inner)
            values = set(range(int(span[1]), int(span[2]) + 1)) if span else set(self._numbers(where, inner))
        return frozenset(values - {0})

    def _precedences(self, meetings: int) -> tuple[tuple[int, int], ...]:
        sets = self._sets("precedences", meetings, meetings)
        return tuple((earlier, later) for later, found in enumerate(sets, 1) for earlier in sorted(found))
