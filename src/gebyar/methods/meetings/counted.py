"""Formulas in an incremental SAT solver: one with a count of all idle periods, one that allows none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysat.solvers import Solver

from gebyar.methods.meetings.encoding import Encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gebyar.methods.meetings.model import Model

SOLVER = "cadical153"


class PlanFormula:
    """A formula that can be asked for plans, in portions of work."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.solver = Solver(name=SOLVER, bootstrap_with=encoding.formula.clauses)

    def decide(self, assumptions: list[int], conflicts: int) -> bool | None:
        """Solve within so many conflicts; None when they do not suffice."""
        self.solver.conf_budget(conflicts)
        answer = self.solver.solve_limited(assumptions=assumptions)
        return None if answer is None else bool(answer)

    def conflicts(self) -> int:
        """Conflicts met so far, a measure of work that no clock can change."""
        return int(self.solver.accum_stats()["conflicts"])

    def slots(self) -> list[int]:
        """The plan just found."""
        return self.encoding.slots_of({literal for literal in self.solver.get_model() if literal > 0})


class BlockFormula(PlanFormula):
    """Asks for plans without any idle period; for rounds of one day."""

    def __init__(self, model: Model) -> None:
        super().__init__(Encoding(model, idling=False))


class CountedFormula(PlanFormula):
    """Asks for plans with few idle periods.

    Parameters
    ----------
    model
        The problem.
    lower
        Idle periods known to be unavoidable.
    limit
        Idle periods are counted up to here.
    """

    def __init__(self, model: Model, lower: int, limit: int) -> None:
        encoding = Encoding(model)
        encoding.fair_levels()
        self._total = _sum_of_idle(encoding, limit)
        self.limit = len(self._total)
        super().__init__(encoding)
        for literal in self._total[:lower]:
            self.solver.add_clause([literal])

    def at_most(self, idle: int) -> list[int]:
        """Assumptions for a plan with at most so many idle periods."""
        return [-literal for literal in self._total[idle : idle + 1]]

    def demand_more(self, idle: int) -> None:
        """Note for good that there are more than so many idle periods."""
        self.solver.add_clause([self._total[idle]])

    def prefer(self, slots: Sequence[int]) -> None:
        """Let the solver try the placements of this plan first."""
        pairs = zip(self.encoding.place, slots, strict=True)
        self.solver.set_phases([v if t == slot else -v for choices, slot in pairs for t, v in choices.items()])


def _sum_of_idle(encoding: Encoding, limit: int) -> list[int]:
    """Add the participants' counts pairwise into one unary count, cut off at the limit."""
    parts = [count for count in encoding.idle if count]
    while len(parts) > 1:
        pairs = zip(parts[::2], [*parts[1::2], []], strict=False)
        parts = [encoding.formula.merge(one, other, limit) for one, other in pairs]
    return parts[0] if parts else []
