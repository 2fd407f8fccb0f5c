"""A plan and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gebyar.methods.meetings.problem import Problem


class Status(Enum):
    """How far the solver got."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one meeting takes place; all numbers from 1."""

    meeting: int
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The outcome of `solve`.

    Attributes
    ----------
    idle
        Idle periods of the plan, None without a plan.
    bound
        No plan has fewer idle periods than this; None when there is no plan.
    reason
        Why there is no plan (or none was found), in words.
    cut_short
        The clock had a part in the outcome, so another run may give another plan.
    """

    status: Status
    idle: int | None
    bound: int | None
    seconds: float
    reason: str | None = None
    meetings: tuple[Placement, ...] = ()
    cut_short: bool = False


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain data, numbered as in the case."""
    return {
        "status": plan.status.value,
        "idle": plan.idle,
        "bound": plan.bound,
        "seconds": round(plan.seconds, 3),
        "reason": plan.reason,
        "meetings": [{"meeting": p.meeting, "slot": p.slot, "table": p.table} for p in plan.meetings],
    }


@dataclass(frozen=True, slots=True)
class Appointment:
    """One line of a participant's agenda."""

    meeting: int
    partner: int
    slot: int
    table: int


def agendas(problem: Problem, plan: Plan) -> tuple[tuple[Appointment, ...], ...]:
    """Per participant, in number order, the meetings by slot."""
    lines: list[list[Appointment]] = [[] for _ in problem.participants]
    for place in sorted(plan.meetings, key=lambda p: (p.slot, p.meeting)):
        meeting = problem.meetings[place.meeting - 1]
        for own, partner in ((meeting.first, meeting.second), (meeting.second, meeting.first)):
            lines[own - 1].append(Appointment(place.meeting, partner, place.slot, place.table))
    return tuple(tuple(line) for line in lines)
