"""Why there is no plan, in words, when only the search could tell.

Every demand gets a switch; the solver names switches that cannot all be on. The set is
then made smaller one by one, so that what remains is (nearly) a smallest conflict.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pysat.solvers import Solver

from gebyar.methods.meetings.encoding import Encoding, Formula
from gebyar.methods.meetings.problem import Session, too_long
from gebyar.methods.meetings.words import NOT_SHORTER, listed

if TYPE_CHECKING:
    from collections.abc import Container

    from gebyar.methods.meetings.model import Model
    from gebyar.methods.meetings.problem import Problem

Demand = tuple[str, int]
FIRST_EFFORT = 300_000
EFFORT = 5_000
MOST_TRIALS = 200


def explain(problem: Problem, model: Model) -> str:
    """Say which demands cannot be met together.

    Parameters
    ----------
    problem, model
        A problem without a plan, and its narrowed model.
    """
    if model.fairness is not None:
        reason = _fairness_reason(model)
        if reason:
            return reason
    conflict = Conflict(problem).smallest()
    return _sentence(problem, conflict) if conflict else NOT_SHORTER


def _fairness_reason(model: Model) -> str | None:
    """The sentence when plans exist as soon as the idle counts may differ more."""
    fairness = model.fairness or 0
    without = replace(model, fairness=None)
    if not _has_plan(without):
        return None
    start = (
        f"Plans exist, but in each of them the idle periods of some two participants differ by more than {fairness}."
    )
    for wider in range(fairness + 1, model.slots):
        if _has_plan(replace(model, fairness=wider)):
            return f"{start} Allow a difference of {wider} or more."
    return start


def _has_plan(model: Model) -> bool:
    encoding = Encoding(model)
    encoding.fair_levels()
    with Solver(name="cadical153", bootstrap_with=encoding.formula.clauses) as solver:
        return bool(solver.solve())


class Conflict:
    """The formula with a switch per demand."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.formula = Formula()
        self.switches: dict[Demand, int] = {}
        self.place = [[self.formula.new() for _ in range(problem.slots)] for _ in problem.meetings]
        self._encode()
        self.solver = Solver(name="cadical153", bootstrap_with=self.formula.clauses)
        self.names = {switch: demand for demand, switch in self.switches.items()}

    def off(self, kind: str, number: int = 0) -> int:
        """Return the literal that is true when a demand is switched off."""
        if (kind, number) not in self.switches:
            self.switches[kind, number] = self.formula.new()
        return -self.switches[kind, number]

    def _encode(self) -> None:
        for number, meeting in enumerate(self.problem.meetings, 1):
            row = self.place[number - 1]
            self.formula.add(*row)
            self.formula.at_most_one(row)
            self._close(row, self.problem.session_slots(meeting.session), "session", number)
            if meeting.open_slots is not None:
                self._close(row, meeting.open_slots, "open", number)
            if meeting.fixed_slot is not None:
                self._close(row, range(meeting.fixed_slot, meeting.fixed_slot + 1), "fixed", number)
            for end in (meeting.first, meeting.second):
                for slot in self.problem.forbidden[end - 1]:
                    self.formula.add(-row[slot - 1], self.off("forbidden", end))
        self._encode_presence()
        self._encode_tables()
        self._encode_order()

    def _close(self, row: list[int], span: Container[int], kind: str, number: int) -> None:
        for slot, literal in enumerate(row, 1):
            if slot not in span:
                self.formula.add(-literal, self.off(kind, number))

    def _encode_presence(self) -> None:
        """Nobody twice in a slot, and so (implied) as many slots used as meetings."""
        for person in range(1, len(self.problem.participants) + 1):
            rows = [self.place[i] for i, m in enumerate(self.problem.meetings) if person in (m.first, m.second)]
            if len(rows) < 2:
                continue
            guard = self.off("person", person)
            columns = [list(column) for column in zip(*rows, strict=True)]
            for column in columns:
                self.formula.at_most_one(column, guard)
            used = [self.formula.any_of(column) for column in columns]
            self._encode_rest(used)
            if len(rows) <= len(used):
                self.formula.add(self.formula.count(used, len(rows))[-1], guard)

    def _encode_rest(self, used: list[int]) -> None:
        for stretch in too_long(self.problem.days(), self.problem.longest_run):
            self.formula.add(*[-used[slot - 1] for slot in stretch], self.off("rest"))

    def _encode_tables(self) -> None:
        tables = self.problem.tables
        if tables < len(self.problem.participants) // 2:
            for column in zip(*self.place, strict=True):
                if len(column) > tables:
                    self.formula.add(-self.formula.count(list(column), tables + 1)[tables], self.off("tables"))

    def _encode_order(self) -> None:
        for number, (earlier, later) in enumerate(self.problem.precedences, 1):
            guard = self.off("order", number)
            before, after = self.place[earlier - 1], self.place[later - 1]
            for slot, literal in enumerate(after):
                self.formula.add(-literal, *before[:slot], guard)

    def core(self, demands: list[Demand], effort: int) -> list[Demand] | None:
        """Demands among these that exclude each other; None when they do not or it takes too long."""
        self.solver.conf_budget(effort)
        if self.solver.solve_limited(assumptions=[self.switches[d] for d in demands]) is not False:
            return None
        found = {self.names[literal] for literal in self.solver.get_core() or []}
        return [demand for demand in demands if demand in found]

    def smallest(self) -> list[Demand] | None:
        """Leave out one demand after the other as long as the conflict stays."""
        conflict = self.core(list(self.switches), FIRST_EFFORT)
        if conflict is None:
            return None
        needed = 0
        for _ in range(MOST_TRIALS):
            if needed >= len(conflict):
                break
            rest = conflict[:needed] + conflict[needed + 1 :]
            smaller = self.core(rest, EFFORT)
            if smaller is None:
                needed += 1
            else:
                needed = sum(demand in smaller for demand in conflict[:needed])
                conflict = smaller
        return conflict


def _sentence(problem: Problem, conflict: list[Demand]) -> str:
    kinds: dict[str, list[int]] = {}
    for kind, number in conflict:
        kinds.setdefault(kind, []).append(number)
    parts = [_part(problem, kind, numbers) for kind, numbers in kinds.items()]
    return "These demands cannot be met together: " + "; ".join(parts) + ". Loosen one of them."


def _part(problem: Problem, kind: str, numbers: list[int]) -> str:
    if kind == "person":
        return f"nobody in two places at once ({listed([_with_count(problem, n) for n in numbers])})"
    if kind == "forbidden":
        away = [f"{problem.name(n)} (slots {listed(sorted(problem.forbidden[n - 1]))})" for n in numbers]
        return f"slots in which they cannot meet: {listed(away)}"
    if kind == "fixed":
        held = [f"{problem.describe(n)} in slot {problem.meetings[n - 1].fixed_slot}" for n in numbers]
        return f"fixed: {listed(held)}"
    if kind == "session":
        return _session_part(problem, numbers)
    if kind == "order":
        pairs = [problem.precedences[n - 1] for n in numbers]
        return "order: " + listed([f"meeting {earlier} before {later}" for earlier, later in pairs])
    return {
        "open": f"only in some slots: meetings {listed(numbers)}",
        "rest": f"at most {problem.longest_run} meetings in a row for anybody",
        "tables": f"at most {problem.tables} tables in each of the {problem.slots} slots",
    }[kind]


def _with_count(problem: Problem, person: int) -> str:
    count = sum(person in (m.first, m.second) for m in problem.meetings)
    return f"{problem.name(person)} with {count} meetings"


def _session_part(problem: Problem, numbers: list[int]) -> str:
    parts = []
    for session in (Session.MORNING, Session.AFTERNOON):
        found = [n for n in numbers if problem.meetings[n - 1].session is session]
        if found:
            parts.append(f"only in the {session.value}: meetings {listed(found)}")
    return ", ".join(parts)
