"""Schedule one-to-one business meetings: read, solve, check, and print as JSON.

The solver is imported when `solve` is first called: its compiled parts take a second to
load, which readers, checkers and the proving process need not wait for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gebyar.methods.meetings.checking import check, idle_by_participant, idle_periods
from gebyar.methods.meetings.plan import Appointment, Placement, Plan, Status, agendas, plan_to_json
from gebyar.methods.meetings.problem import (
    Meeting,
    Problem,
    ProblemError,
    Session,
    slots_needed,
    tables_needed,
)
from gebyar.methods.meetings.reading import read_case
from gebyar.methods.meetings.storage import problem_from_json, problem_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "Appointment",
    "Meeting",
    "Placement",
    "Plan",
    "Problem",
    "ProblemError",
    "Session",
    "Status",
    "agendas",
    "check",
    "idle_by_participant",
    "idle_periods",
    "plan_to_json",
    "problem_from_json",
    "problem_to_json",
    "read_case",
    "slots_needed",
    "solve",
    "tables_needed",
]


def solve(
    problem: Problem,
    *,
    fairness: int | None = 2,
    time_limit: float = 60.0,
    seed: int = 0,
    progress: Callable[[int, int | None, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    start: Sequence[int] | None = None,
) -> Plan:
    """Schedule every meeting with as few idle periods as possible; see `solving.solve`."""
    from gebyar.methods.meetings import solving  # noqa: PLC0415 - see above

    return solving.solve(
        problem,
        fairness=fairness,
        time_limit=time_limit,
        seed=seed,
        progress=progress,
        should_stop=should_stop,
        start=start,
    )
