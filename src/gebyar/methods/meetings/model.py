"""The problem as the solver sees it: numbered from 0, with every meeting's possible slots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gebyar.methods.meetings.problem import Problem


@dataclass(frozen=True, slots=True)
class Model:
    """Numbered from 0.

    Attributes
    ----------
    ends
        int32, shape (meetings, 2): the participants of each meeting.
    allowed
        bool, shape (meetings, slots): where a meeting may take place.
    participants, slots, tables
        Counts.
    precedences
        int32, shape (precedences, 2): earlier and later meeting.
    fairness
        Largest difference of two participants' idle counts, or None.
    day_starts
        The first slot of each day.
    longest_run
        Most meetings in a row within a day, or None.
    """

    ends: np.ndarray[Any, np.dtype[np.int32]]
    allowed: np.ndarray[Any, np.dtype[np.bool_]]
    participants: int
    slots: int
    tables: int
    precedences: np.ndarray[Any, np.dtype[np.int32]]
    fairness: int | None
    day_starts: tuple[int, ...] = (0,)
    longest_run: int | None = None

    @property
    def meetings(self) -> int:
        return len(self.ends)

    def meetings_of(self) -> list[list[int]]:
        """The meetings of each participant."""
        found: list[list[int]] = [[] for _ in range(self.participants)]
        for number, (first, second) in enumerate(self.ends.tolist()):
            found[first].append(number)
            found[second].append(number)
        return found

    def days(self) -> list[range]:
        """The slots of each day."""
        ends = (*self.day_starts[1:], self.slots)
        return [range(first, end) for first, end in zip(self.day_starts, ends, strict=True)]

    def to_json(self) -> dict[str, Any]:
        """Plain lists, to hand the model to another process."""
        return {
            "ends": self.ends.tolist(),
            "allowed": [np.flatnonzero(row).tolist() for row in self.allowed],
            "participants": self.participants,
            "slots": self.slots,
            "tables": self.tables,
            "precedences": self.precedences.tolist(),
            "fairness": self.fairness,
            "day_starts": self.day_starts,
            "longest_run": self.longest_run,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Model:
        allowed = np.zeros((len(data["ends"]), data["slots"]), dtype=np.bool_)
        for number, slots in enumerate(data["allowed"]):
            allowed[number, slots] = True
        return cls(
            ends=np.array(data["ends"], dtype=np.int32).reshape(-1, 2),
            allowed=allowed,
            participants=data["participants"],
            slots=data["slots"],
            tables=data["tables"],
            precedences=np.array(data["precedences"], dtype=np.int32).reshape(-1, 2),
            fairness=data["fairness"],
            day_starts=tuple(data["day_starts"]),
            longest_run=data["longest_run"],
        )


def build_model(problem: Problem, fairness: int | None) -> Model:
    """Number from 0 and intersect session, forbidden slots and fixed slot for every meeting."""
    ends = np.array([(m.first, m.second) for m in problem.meetings], dtype=np.int32).reshape(-1, 2) - 1
    precedences = np.array(sorted(set(problem.precedences)), dtype=np.int32).reshape(-1, 2) - 1
    return Model(
        ends=ends,
        allowed=_allowed_slots(problem, ends),
        participants=len(problem.participants),
        slots=problem.slots,
        tables=problem.tables,
        precedences=precedences,
        fairness=fairness,
        day_starts=tuple(slot - 1 for slot in problem.day_starts),
        longest_run=problem.longest_run,
    )


def _allowed_slots(problem: Problem, ends: np.ndarray[Any, np.dtype[np.int32]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    present = np.ones((len(problem.participants), problem.slots), dtype=np.bool_)
    for participant, slots in enumerate(problem.forbidden):
        present[participant, [slot - 1 for slot in slots]] = False
    allowed = present[ends[:, 0]] & present[ends[:, 1]]
    for number, meeting in enumerate(problem.meetings):
        span = problem.session_slots(meeting.session)
        allowed[number, : span.start - 1] = False
        allowed[number, span.stop - 1 :] = False
        if meeting.open_slots is not None:
            closed = np.ones(problem.slots, dtype=np.bool_)
            closed[[slot - 1 for slot in meeting.open_slots]] = False
            allowed[number, closed] = False
        if meeting.fixed_slot is not None:
            kept = allowed[number, meeting.fixed_slot - 1]
            allowed[number] = False
            allowed[number, meeting.fixed_slot - 1] = kept
    return allowed
