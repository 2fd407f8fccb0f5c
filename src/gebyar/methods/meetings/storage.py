"""Problem as JSON, for records and for the proving process."""

from __future__ import annotations

from typing import Any

from gebyar.methods.meetings.problem import Meeting, Problem, Session


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """Plain data; `problem_from_json` gives the same problem back.

    What later versions added is left out where it says nothing, so that the hashes of old records stay.
    """
    data: dict[str, Any] = {
        "participants": list(problem.participants),
        "meetings": [_meeting_to_json(meeting) for meeting in problem.meetings],
        "slots": problem.slots,
        "tables": problem.tables,
        "morning_slots": problem.morning,
        "forbidden": [sorted(slots) for slots in problem.forbidden],
        "precedences": [list(pair) for pair in problem.precedences],
    }
    if problem.day_starts != (1,):
        data["day_starts"] = list(problem.day_starts)
    if problem.longest_run is not None:
        data["longest_run"] = problem.longest_run
    return data


def _meeting_to_json(meeting: Meeting) -> list[Any]:
    row = [meeting.first, meeting.second, meeting.session.value, meeting.fixed_slot, meeting.priority]
    return row if meeting.open_slots is None else [*row, sorted(meeting.open_slots)]


def _meeting_from_json(  # noqa: PLR0917 - a row of the record
    first: int, second: int, part: str, fixed: int | None, wish: int | None, slots: list[int] | None = None
) -> Meeting:
    return Meeting(first, second, Session(part), fixed, wish, None if slots is None else frozenset(slots))


def problem_from_json(data: dict[str, Any]) -> Problem:
    """The inverse of `problem_to_json`.

    Raises
    ------
    ProblemError
        The numbers do not fit together.
    """
    return Problem(
        participants=tuple(data["participants"]),
        meetings=tuple(_meeting_from_json(*row) for row in data["meetings"]),
        slots=data["slots"],
        tables=data["tables"],
        morning_slots=data["morning_slots"],
        forbidden=tuple(frozenset(slots) for slots in data["forbidden"]),
        precedences=tuple((earlier, later) for earlier, later in data["precedences"]),
        day_starts=tuple(data.get("day_starts", (1,))),
        longest_run=data.get("longest_run"),
    )
