"""An independent check of a plan: it shares only the problem's data with the solver."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gebyar.methods.meetings.problem import runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gebyar.methods.meetings.problem import Problem

STATUSES = ("optimal", "feasible", "infeasible", "unknown")


def idle_periods(slots: Iterable[int], day_starts: Sequence[int] = ()) -> int:
    """Idle periods of somebody busy in these slots: on each day, the blocks in a row, minus one.

    Parameters
    ----------
    slots
        Slots, numbered as the days are.
    day_starts
        The first slot of each day, in order; empty for a single day.
    """
    ordered = sorted(slots)
    return sum(
        later > earlier + 1 and bisect_right(day_starts, earlier) == bisect_right(day_starts, later)
        for earlier, later in pairwise(ordered)
    )


def _busy_slots(problem: Problem, slots: Mapping[int, int]) -> list[list[int]]:
    busy: list[list[int]] = [[] for _ in problem.participants]
    for number, slot in slots.items():
        meeting = problem.meetings[number - 1]
        busy[meeting.first - 1].append(slot)
        busy[meeting.second - 1].append(slot)
    return busy


def idle_by_participant(problem: Problem, plan: Mapping[str, Any]) -> list[int]:
    """Recount everybody's idle periods, in number order."""
    slots = {row["meeting"]: row["slot"] for row in plan["meetings"]}
    return [idle_periods(own, problem.day_starts) for own in _busy_slots(problem, slots)]


def check(problem: Problem, plan: Mapping[str, Any], fairness: int | None = 2) -> list[str]:
    """Find everything that is wrong with a plan.

    Parameters
    ----------
    problem
        The problem.
    plan
        The plan as JSON data: ``status``, ``idle``, ``bound``, ``meetings`` with ``meeting``,
        ``slot`` and ``table`` from 1.
    fairness
        Largest difference of idle counts, or None for no bound.

    Returns
    -------
    list
        One sentence per violation; empty when the plan holds.
    """
    if not isinstance(plan, dict) or plan.get("status") not in STATUSES or not isinstance(plan.get("meetings"), list):
        return [f"The file is no plan: it needs a status ({', '.join(STATUSES)}) and a list of meetings."]
    if plan["status"] in {"infeasible", "unknown"}:
        return _check_no_plan(plan)
    found = _check_rows(problem, plan["meetings"])
    if found:
        return found
    return [*_broken(problem, plan["meetings"]), *_check_figures(problem, plan, fairness)]


def broken_demands(problem: Problem, rows: list[dict[str, int]]) -> list[str]:
    """Find what is wrong with the places alone, whatever the idle periods; one sentence per violation."""
    return _check_rows(problem, rows) or _broken(problem, rows)


def _broken(problem: Problem, rows: list[dict[str, int]]) -> list[str]:
    slots = {row["meeting"]: row["slot"] for row in rows}
    return [
        *_check_slots(problem, slots),
        *_check_people(problem, slots),
        *_check_tables(problem, rows),
        *_check_order(problem, slots),
        *_check_rest(problem, slots),
    ]


def _check_no_plan(plan: Mapping[str, Any]) -> list[str]:
    found = []
    if plan["meetings"]:
        found.append(f"The status is {plan['status']}, yet meetings are placed.")
    if plan["status"] == "infeasible" and not plan.get("reason"):
        found.append("The plan is called infeasible without a reason.")
    return found


def _check_rows(problem: Problem, rows: list[Any]) -> list[str]:
    found = []
    seen: set[int] = set()
    limits = {"meeting": len(problem.meetings), "slot": problem.slots, "table": problem.tables}
    for number, row in enumerate(rows, 1):
        for field, highest in limits.items():
            value = row.get(field) if isinstance(row, dict) else None
            if type(value) is not int or not 1 <= value <= highest:
                found.append(f"meetings row {number}: {field} is {value!r}, allowed is 1 to {highest}.")
        meeting = row.get("meeting") if isinstance(row, dict) else None
        if isinstance(meeting, int):
            if meeting in seen:
                found.append(f"meetings row {number}: meeting {meeting} is placed twice.")
            seen.add(meeting)
    missing = [number for number in range(1, len(problem.meetings) + 1) if number not in seen]
    return found + [f"{problem.describe(number)} is not placed." for number in missing]


def _check_slots(problem: Problem, slots: dict[int, int]) -> list[str]:
    found = []
    for number, meeting in enumerate(problem.meetings, 1):
        slot, name = slots[number], problem.describe(number)
        if slot not in problem.session_slots(meeting.session):
            found.append(f"{name} is in slot {slot}, but may only take place in the {meeting.session.value}.")
        if meeting.open_slots is not None and slot not in meeting.open_slots:
            found.append(f"{name} is in slot {slot}, which is not open to it.")
        if meeting.fixed_slot not in {None, slot}:
            found.append(f"{name} is in slot {slot}, but fixed to slot {meeting.fixed_slot}.")
        found += [
            f"{name} is in slot {slot}, in which {problem.name(person)} cannot meet."
            for person in (meeting.first, meeting.second)
            if slot in problem.forbidden[person - 1]
        ]
    return found


def _check_people(problem: Problem, slots: dict[int, int]) -> list[str]:
    where: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, meeting in enumerate(problem.meetings, 1):
        where[meeting.first, slots[number]].append(number)
        where[meeting.second, slots[number]].append(number)
    return [
        f"{problem.name(person)} has {len(numbers)} meetings in slot {slot}: {', '.join(map(str, numbers))}."
        for (person, slot), numbers in where.items()
        if len(numbers) > 1
    ]


def _check_tables(problem: Problem, rows: list[dict[str, int]]) -> list[str]:
    where: dict[tuple[int, int], list[int]] = defaultdict(list)
    load: dict[int, int] = defaultdict(int)
    for row in rows:
        where[row["slot"], row["table"]].append(row["meeting"])
        load[row["slot"]] += 1
    found = [
        f"Slot {slot} has {count} meetings, but there are {problem.tables} tables."
        for slot, count in load.items()
        if count > problem.tables
    ]
    return found + [
        f"Table {table} has {len(numbers)} meetings in slot {slot}: {', '.join(map(str, numbers))}."
        for (slot, table), numbers in where.items()
        if len(numbers) > 1
    ]


def _check_order(problem: Problem, slots: dict[int, int]) -> list[str]:
    return [
        f"{problem.describe(earlier)} in slot {slots[earlier]} does not come before "
        f"{problem.describe(later)} in slot {slots[later]}."
        for earlier, later in problem.precedences
        if slots[earlier] >= slots[later]
    ]


def _check_rest(problem: Problem, slots: dict[int, int]) -> list[str]:
    if problem.longest_run is None:
        return []
    return [
        f"{problem.name(person)} has {len(run)} meetings in a row (slots {run[0]} to {run[-1]}); "
        f"at most {problem.longest_run} are allowed."
        for person, own in enumerate(_busy_slots(problem, slots), 1)
        for run in runs(own, problem.day_starts)
        if len(run) > problem.longest_run
    ]


def _check_figures(problem: Problem, plan: Mapping[str, Any], fairness: int | None) -> list[str]:
    idle = idle_by_participant(problem, plan)
    total, bound = sum(idle), plan.get("bound")
    found = []
    if plan.get("idle") != total:
        found.append(f"The plan says {plan.get('idle')} idle periods, counted are {total}.")
    if not isinstance(bound, int) or bound > total:
        found.append(f"The bound is {bound}, which cannot be: the plan has {total} idle periods.")
    elif plan["status"] == "optimal" and bound != total:
        found.append(f"The plan is called optimal, but its bound is {bound} and it has {total} idle periods.")
    if fairness is not None and idle and max(idle) - min(idle) > fairness:
        most, least = idle.index(max(idle)) + 1, idle.index(min(idle)) + 1
        found.append(
            f"{problem.name(most)} has {max(idle)} idle periods and {problem.name(least)} has {min(idle)}; "
            f"they may differ by at most {fairness}.",
        )
    return found
