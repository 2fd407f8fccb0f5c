"""Problem as JSON, for records and for the proving process."""

from __future__ import annotations

from typing import Any

from gebyar.methods.meetings.problem import Meeting, Problem, Session


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """Plain data; `problem_from_json` gives the same problem back."""
    return {
        "participants": list(problem.participants),
        "meetings": [[m.first, m.second, m.session.value, m.fixed_slot, m.priority] for m in problem.meetings],
        "slots": problem.slots,
        "tables": problem.tables,
        "morning_slots": problem.morning,
        "forbidden": [sorted(slots) for slots in problem.forbidden],
        "precedences": [list(pair) for pair in problem.precedences],
    }


def problem_from_json(data: dict[str, Any]) -> Problem:
    """The inverse of `problem_to_json`.

    Raises
    ------
    ProblemError
        The numbers do not fit together.
    """
    return Problem(
        participants=tuple(data["participants"]),
        meetings=tuple(Meeting(a, b, Session(part), fixed, wish) for a, b, part, fixed, wish in data["meetings"]),
        slots=data["slots"],
        tables=data["tables"],
        morning_slots=data["morning_slots"],
        forbidden=tuple(frozenset(slots) for slots in data["forbidden"]),
        precedences=tuple((earlier, later) for earlier, later in data["precedences"]),
    )
