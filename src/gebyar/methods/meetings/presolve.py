"""What can be said before any search: impossibilities in words, fewer slots, a first bound."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from gebyar.methods.meetings.model import Model, build_model
from gebyar.methods.meetings.ordering import find_circle, sort_precedences
from gebyar.methods.meetings.problem import Problem, Session, runs
from gebyar.methods.meetings.words import listed, plural

Array = np.ndarray[Any, Any]


class NoPlanError(ValueError):
    """There is no plan; the message says why and what would help."""


def presolve(problem: Problem, fairness: int | None) -> tuple[Model, int]:
    """Narrow every meeting's slots and bound the idle periods from below.

    Parameters
    ----------
    problem
        The problem.
    fairness
        Largest difference of idle counts, or None.

    Returns
    -------
    tuple
        The model with only the slots still possible, and a lower bound of the idle periods.

    Raises
    ------
    NoPlanError
        The problem has no plan for a reason that can be counted.
    """
    model = build_model(problem, fairness)
    _check_each_meeting(problem, model)
    _check_fixed(problem)
    _check_tables(problem)
    _check_participants(problem, model)
    model = replace(model, allowed=_narrowed(problem, model))
    _check_participants(problem, model)
    _check_rest(problem, model)
    return model, idle_bound(problem, model)


def _check_each_meeting(problem: Problem, model: Model) -> None:
    for index in np.flatnonzero(~model.allowed.any(axis=1)).tolist():
        raise NoPlanError(f"{problem.describe(index + 1)} has no possible slot: {why_nowhere(problem, index + 1)}.")


def why_nowhere(problem: Problem, number: int) -> str:
    """Say what leaves a meeting without a slot."""
    meeting = problem.meetings[number - 1]
    parts = []
    if meeting.fixed_slot is not None:
        parts.append(f"it is fixed to slot {meeting.fixed_slot}")
    if meeting.open_slots is not None:
        parts.append(f"it may only take place in {plural('slot', sorted(meeting.open_slots))}")
    if meeting.session is not Session.ANY:
        parts.append(f"it may only take place in the {meeting.session.value}")
    parts += [
        f"{problem.name(end)} cannot meet in {plural('slot', sorted(absent))}"
        for end in (meeting.first, meeting.second)
        if (absent := problem.forbidden[end - 1])
    ]
    return "; ".join(parts) or "the round has no slot in that part of the day"


def _check_fixed(problem: Problem) -> None:
    seen: dict[tuple[int, int], int] = {}
    load: Counter[int] = Counter()
    for number, meeting in enumerate(problem.meetings, 1):
        if (slot := meeting.fixed_slot) is None:
            continue
        load[slot] += 1
        for end in (meeting.first, meeting.second):
            other = seen.setdefault((end, slot), number)
            if other != number:
                raise NoPlanError(
                    f"{problem.name(end)} would be in two places in slot {slot}: {problem.describe(other)} and "
                    f"{problem.describe(number)} are both fixed to it. Free one of them.",
                )
    for slot, count in load.items():
        if count > problem.tables:
            raise NoPlanError(f"{count} meetings are fixed to slot {slot}, but there are {problem.tables} tables.")


def _check_tables(problem: Problem) -> None:
    wanted = Counter(meeting.session for meeting in problem.meetings)
    wanted[Session.ANY] = len(problem.meetings)
    for session, count in wanted.items():
        slots = len(problem.session_slots(session))
        if count > slots * problem.tables:
            where = "in all" if session is Session.ANY else f"in the {session.value}"
            raise NoPlanError(
                f"{count} meetings must take place {where}, but {slots} slots × {problem.tables} tables give room "
                f"for {slots * problem.tables}. Add tables or slots, or leave out {count - slots * problem.tables}.",
            )


def _check_participants(problem: Problem, model: Model) -> None:
    choices = [np.flatnonzero(row).tolist() for row in model.allowed]
    for participant, meetings in enumerate(model.meetings_of(), 1):
        short = _hall_violation(meetings, choices)
        if short is not None:
            stuck, slots = short
            raise NoPlanError(_words_for_shortage(problem, participant, stuck, slots))


def _words_for_shortage(problem: Problem, participant: int, stuck: list[int], slots: list[int]) -> str:
    which = "meetings" if len(stuck) == 1 else f"meetings ({listed([m + 1 for m in stuck])})"
    room = f"{len(slots)} slots ({listed([slot + 1 for slot in slots])})" if slots else "no slot"
    absent = problem.forbidden[participant - 1]
    away = f" {problem.name(participant)} cannot meet in {plural('slot', sorted(absent))}." if absent else ""
    return (
        f"{problem.name(participant)} has {len(stuck)} {which} that fit only into {room}.{away} "
        f"Leave out {len(stuck) - len(slots)} of them or free as many slots."
    )


def _hall_violation(meetings: list[int], choices: list[list[int]]) -> tuple[list[int], list[int]] | None:
    """Match meetings to slots (Kuhn 1955); the meetings that cannot all have one, and their slots."""
    holder: dict[int, int] = {}
    for meeting in meetings:
        seen: dict[int, int] = {}
        if not _augment(meeting, choices, holder, seen):
            return sorted({meeting, *(holder[slot] for slot in seen)}), sorted(seen)
    return None


def _augment(meeting: int, choices: list[list[int]], holder: dict[int, int], seen: dict[int, int]) -> bool:
    for slot in choices[meeting]:
        if slot not in seen:
            seen[slot] = meeting
            if slot not in holder or _augment(holder[slot], choices, holder, seen):
                holder[slot] = meeting
                return True
    return False


def _narrowed(problem: Problem, model: Model) -> Array:
    """Repeat until nothing changes: precedence windows, and a settled meeting's slot closed to its neighbours."""
    allowed = model.allowed.copy()
    order = _precedence_order(problem)
    meetings_of = model.meetings_of()
    settled: set[int] = set()
    while True:
        _close_windows(problem, allowed, order)
        fresh = [m for m in np.flatnonzero(allowed.sum(axis=1) == 1).tolist() if m not in settled]
        if not fresh:
            return allowed
        for meeting in fresh:
            settled.add(meeting)
            _settle(problem, model, allowed, meetings_of, meeting)


def _settle(problem: Problem, model: Model, allowed: Array, meetings_of: list[list[int]], meeting: int) -> None:
    if not allowed[meeting].any():
        raise NoPlanError(f"{problem.describe(meeting + 1)} has no slot left beside the meetings that cannot move.")
    slot = int(np.flatnonzero(allowed[meeting])[0])
    for end in model.ends[meeting].tolist():
        for near in meetings_of[end]:
            if near != meeting and allowed[near, slot]:
                allowed[near, slot] = False
                if not allowed[near].any():
                    raise NoPlanError(
                        f"{problem.describe(near + 1)} has no slot left: {problem.describe(meeting + 1)} can only take "
                        f"place in slot {slot + 1}, and {problem.participants[end]} is in both.",
                    )


def _close_windows(problem: Problem, allowed: Array, order: list[tuple[int, int]]) -> None:
    for earlier, later in order:
        first = int(np.flatnonzero(allowed[earlier])[0])
        allowed[later, : first + 1] = False
        _still_possible(problem, allowed, later, earlier, later)
    for earlier, later in reversed(order):
        last = int(np.flatnonzero(allowed[later])[-1])
        allowed[earlier, last:] = False
        _still_possible(problem, allowed, earlier, earlier, later)


def _still_possible(problem: Problem, allowed: Array, meeting: int, earlier: int, later: int) -> None:
    if not allowed[meeting].any():
        raise NoPlanError(
            f"{problem.describe(meeting + 1)} has no slot left: {problem.describe(earlier + 1)} must come before "
            f"{problem.describe(later + 1)}, and the chain of such demands is longer than the slots allow. "
            "Drop one of them or widen the slots.",
        )


def _precedence_order(problem: Problem) -> list[tuple[int, int]]:
    """The precedences, numbered from 0, so that each comes after those it depends on."""
    if circle := find_circle(problem.precedences):
        path = " before ".join(str(meeting) for meeting in circle)
        raise NoPlanError(f"The precedences run in a circle: meeting {path}. Drop one of them.")
    return [(earlier - 1, later - 1) for earlier, later in sort_precedences(problem.precedences)[0]]


def _check_rest(problem: Problem, model: Model) -> None:
    """Count what the longest run leaves of everybody's open slots, and look at runs that are fixed."""
    if problem.longest_run is None:
        return
    single = model.allowed.sum(axis=1) == 1
    for participant, meetings in enumerate(model.meetings_of(), 1):
        rows = model.allowed[meetings]
        for run in _runs(problem, rows[single[meetings]].any(axis=0)):
            if len(run) > problem.longest_run:
                raise NoPlanError(
                    f"{problem.name(participant)} has {len(run)} meetings in a row that cannot move (slots {run[0]} to "
                    f"{run[-1]}), at most {problem.longest_run} are allowed. Free one of them or allow more in a row.",
                )
        room = sum(len(run) - len(run) // (problem.longest_run + 1) for run in _runs(problem, rows.any(axis=0)))
        if len(meetings) > room:
            raise NoPlanError(
                f"{problem.name(participant)} has {len(meetings)} meetings, but with at most {problem.longest_run} in a "
                f"row only {room} fit into the slots open to them. Leave out {len(meetings) - room} or allow more in a "
                "row.",
            )


def _runs(problem: Problem, chosen: Any) -> list[list[int]]:
    return runs((np.flatnonzero(chosen) + 1).tolist(), problem.day_starts)


def idle_bound(problem: Problem, model: Model) -> int:
    """The sum of what each participant idles at least, whatever the others do.

    Raises
    ------
    NoPlanError
        Somebody's meetings do not fit between their rests.
    """
    known: dict[tuple[bytes, bytes, int], int | None] = {}
    least = []
    single = model.allowed.sum(axis=1) == 1
    for participant, meetings in enumerate(model.meetings_of(), 1):
        if len(meetings) < 2:
            least.append(0)
            continue
        rows = model.allowed[meetings]
        open_slots, taken = rows.any(axis=0), rows[single[meetings]].any(axis=0)
        key = (open_slots.tobytes(), taken.tobytes(), len(meetings))
        if key not in known:
            known[key] = _fewest_idle(model, open_slots, taken, len(meetings))
        idle = known[key]
        if idle is None:
            raise NoPlanError(
                f"The {len(meetings)} meetings of {problem.name(participant)} do not fit into the slots open to them "
                f"with at most {problem.longest_run} in a row. Leave one out or allow more in a row.",
            )
        least.append(idle)
    floor = 0 if model.fairness is None else max(least, default=0) - model.fairness
    return sum(max(one, floor) for one in least)


def _fewest_idle(model: Model, open_slots: Any, taken: Any, wanted: int) -> int | None:
    """Fewest idle periods when ``wanted`` open slots are used, the taken ones among them; None when they cannot be.

    Slot by slot, the fewest by: whether the day has had a meeting (2), length of the run that ends here (from 0; only
    0 and 1 where runs may have any length), slots used so far.
    """
    many = len(open_slots) + 1
    longest = model.longest_run or 1
    states = np.full((2, longest + 1, wanted + 1), many)
    states[0, 0, 0] = 0
    for slot, (available, must) in enumerate(zip(open_slots.tolist(), taken.tolist(), strict=True)):
        if slot in model.day_starts:
            fewest = states.min(axis=(0, 1))
            states = np.full_like(states, many)
            states[0, 0] = fewest
        following = np.full_like(states, many)
        if not must:
            following[:, 0] = states.min(axis=1)
        if available:
            following[1, 2:, 1:] = states[1, 1:-1, :-1]
            following[1, 1, 1:] = np.minimum(states[0, 0, :-1], states[1, 0, :-1] + 1)
            if model.longest_run is None:
                following[1, 1, 1:] = np.minimum(following[1, 1, 1:], states[1, 1, :-1])
        states = following
    idle = int(states[:, :, wanted].min())
    return idle if idle < many else None
