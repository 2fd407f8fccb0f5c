"""The meeting-scheduling problem as plain data.

Everything is numbered from 1, as organisers and the public cases number it:
participants, meetings and slots. The first ``morning_slots`` slots are the
morning, the rest the afternoon.

Source of the problem: Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and
Villaret, "Constraint solving approaches to the business-to-business meeting
scheduling problem", Journal of Artificial Intelligence Research 74 (2022),
article 12670.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class ProblemError(ValueError):
    """The data cannot be a meeting problem; the message says where and what to do."""


class Session(Enum):
    """The part of the day in which a meeting may take place."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of two participants.

    Attributes
    ----------
    first, second
        Participant numbers, from 1.
    session
        Morning only, afternoon only, or any.
    fixed_slot
        The slot the meeting is fixed to, or None.
    priority
        The wish behind the request, smaller first, or None when nobody said.
    open_slots
        The only slots in which the meeting may take place, beside what session and absences say; None for all.
    """

    first: int
    second: int
    session: Session = Session.ANY
    fixed_slot: int | None = None
    priority: int | None = None
    open_slots: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Who meets whom, and the room and time there is.

    Attributes
    ----------
    participants
        Names, in number order.
    meetings
        Meetings, in number order.
    slots, morning_slots
        Slots of the round and how many of the first ones are the morning.
    tables
        Meetings that can take place at the same time.
    forbidden
        Per participant, the slots in which no meeting is possible; empty: none for anybody.
    precedences
        Pairs (earlier meeting, later meeting): strictly earlier slot.
    day_starts
        The first slot of each day, in order; the round begins the first day. Idle periods do not span days.
    longest_run
        How many meetings anybody may have in a row within a day, None for any number; a free slot breaks the run.

    Raises
    ------
    ProblemError
        A number points outside its range, or somebody would meet themselves.
    """

    participants: tuple[str, ...]
    meetings: tuple[Meeting, ...]
    slots: int
    tables: int
    morning_slots: int | None = None
    forbidden: tuple[frozenset[int], ...] = ()
    precedences: tuple[tuple[int, int], ...] = field(default=())
    day_starts: tuple[int, ...] = (1,)
    longest_run: int | None = None

    def __post_init__(self) -> None:
        if self.morning_slots is None:
            object.__setattr__(self, "morning_slots", self.slots)
        if not self.forbidden:
            object.__setattr__(self, "forbidden", (frozenset[int](),) * len(self.participants))
        _validate(self)

    @property
    def morning(self) -> int:
        """The number of morning slots."""
        return self.slots if self.morning_slots is None else self.morning_slots

    def session_slots(self, session: Session) -> range:
        """The slots of a part of the day."""
        first = self.morning + 1 if session is Session.AFTERNOON else 1
        last = self.morning if session is Session.MORNING else self.slots
        return range(first, last + 1)

    def days(self) -> tuple[range, ...]:
        """The slots of each day."""
        ends = (*self.day_starts[1:], self.slots + 1)
        return tuple(range(first, end) for first, end in zip(self.day_starts, ends, strict=True))

    def name(self, participant: int) -> str:
        """The name of a participant number."""
        return self.participants[participant - 1]

    def describe(self, meeting: int) -> str:
        """A meeting in words: its number and who meets."""
        pair = self.meetings[meeting - 1]
        return f"meeting {meeting} ({self.name(pair.first)} with {self.name(pair.second)})"


def _validate(problem: Problem) -> None:
    _check_range("slots", problem.slots, 1, None, "give at least one slot")
    _check_range("tables", problem.tables, 1, None, "give at least one table")
    _check_range("morning_slots", problem.morning, 0, problem.slots, "give at most as many as there are slots")
    _validate_days(problem)
    if problem.longest_run is not None:
        _check_range("longest_run", problem.longest_run, 1, None, "give at least one meeting in a row")
    if len(problem.forbidden) != len(problem.participants):
        raise ProblemError(
            f"forbidden: {len(problem.forbidden)} sets for {len(problem.participants)} participants; "
            "give one set per participant",
        )
    for number, slots in enumerate(problem.forbidden, 1):
        for slot in slots:
            _check_range(f"forbidden slot of participant {number}", slot, 1, problem.slots, "use a slot of the round")
    for number, meeting in enumerate(problem.meetings, 1):
        _validate_meeting(problem, number, meeting)
    for pair in problem.precedences:
        for number in pair:
            _check_range("precedences: meeting", number, 1, len(problem.meetings), "use a meeting number")


def _validate_days(problem: Problem) -> None:
    if problem.day_starts[:1] != (1,):
        raise ProblemError("day_starts do not begin with 1; the first day starts with the first slot")
    for before, start in pairwise(problem.day_starts):
        _check_range("day_starts: slot", start, before + 1, problem.slots, "name later and later slots of the round")


def _validate_meeting(problem: Problem, number: int, meeting: Meeting) -> None:
    people = len(problem.participants)
    for participant in (meeting.first, meeting.second):
        _check_range(f"meeting {number}: participant", participant, 1, people, "use a participant number")
    if meeting.first == meeting.second:
        raise ProblemError(
            f"meeting {number}: {problem.name(meeting.first)} would meet themselves; name two different participants",
        )
    if meeting.fixed_slot is not None:
        _check_range(f"meeting {number}: fixed slot", meeting.fixed_slot, 1, problem.slots, "use a slot of the round")
    for slot in meeting.open_slots or ():
        _check_range(f"meeting {number}: open slot", slot, 1, problem.slots, "use a slot of the round")


def _check_range(what: str, value: int, low: int, high: int | None, remedy: str) -> None:
    if value < low or (high is not None and value > high):
        span = f"at least {low}" if high is None else f"{low} to {high}"
        raise ProblemError(f"{what} is {value}, allowed is {span}; {remedy}")


def too_long(days: Iterable[range], longest_run: int | None) -> Iterator[range]:
    """The stretches of a day that nobody may fill: one slot longer than the longest run."""
    for day in days if longest_run is not None else ():
        for first in range(day.start, day.stop - (longest_run or 0)):
            yield range(first, first + (longest_run or 0) + 1)


def runs(slots: Iterable[int], day_starts: Sequence[int]) -> list[list[int]]:
    """Slots parted into blocks in a row, which end with the day."""
    found: list[list[int]] = []
    for slot in sorted(slots):
        if found and slot == found[-1][-1] + 1 and slot not in day_starts:
            found[-1].append(slot)
        else:
            found.append([slot])
    return found


def degrees(problem: Problem) -> Counter[int]:
    """Meetings per participant number (participants without meetings are absent)."""
    return Counter(end for meeting in problem.meetings for end in (meeting.first, meeting.second))


def slots_needed(pairs: Iterable[tuple[object, object]], tables: int) -> int:
    """Slots an event needs at least, before absences and sessions.

    For meetings between two sides (buyers × sellers) without absences this many
    slots always suffice (König's edge-colouring theorem with balanced colours).

    Parameters
    ----------
    pairs
        The two participants of each meeting.
    tables
        Meetings that can take place at the same time.

    Returns
    -------
    int
        max(largest number of meetings of one participant, ⌈meetings ÷ tables⌉).

    Raises
    ------
    ProblemError
        Fewer than one table.
    """
    _check_range("tables", tables, 1, None, "give at least one table")
    meetings = list(pairs)
    busiest = Counter(end for pair in meetings for end in pair)
    return max(max(busiest.values(), default=0), ceil(len(meetings) / tables))


def tables_needed(pairs: Iterable[tuple[object, object]], slots: int) -> int:
    """Tables an event needs at least for that many slots: ⌈meetings ÷ slots⌉.

    Raises
    ------
    ProblemError
        Fewer than one slot.
    """
    _check_range("slots", slots, 1, None, "give at least one slot")
    return ceil(sum(1 for _ in pairs) / slots)
