"""The proving side of the solver, a process of its own.

It raises the lower bound with an incremental SAT solver until a plan with so few idle
periods exists. A process, because the SAT solver holds the interpreter while it works
and has to be stopped at any moment. It reads one JSON object from standard input
(``model``, ``problem``, ``lower``, ``seconds``) and writes one JSON object per line:
``event`` is ``clock``, ``start``, ``bound``, ``optimal``, ``infeasible``; each carries
``tick``, its work so far counted in conflicts and not in seconds, so that the same input
always gives the same history.
"""

from __future__ import annotations

import json
import signal
import sys
from math import ceil, inf
from typing import Any, TypeVar

from gebyar.methods.meetings.counted import BlockFormula, CountedFormula, PlanFormula
from gebyar.methods.meetings.explaining import explain
from gebyar.methods.meetings.model import Model
from gebyar.methods.meetings.storage import problem_from_json

FEWEST_PER_CALL, MOST_PER_CALL = 2_000, 20_000  # conflicts: each call sets the solver back a little
CONFLICTS_PER_TICK = 500
REACH = 48  # idle periods counted beyond the bound
FIRST_TICK = 4  # the formula has to be built first
QUICK, PATIENT = 10_000, 400_000  # conflicts for plans without idle periods, before and after a first plan

Kind = TypeVar("Kind", bound=PlanFormula)


class Prover:
    """Raises the bound and reports."""

    def __init__(self, model: Model, lower: int) -> None:
        self.model = model
        self.lower = lower
        self.formulas: list[PlanFormula] = []

    def tick(self) -> int:
        return FIRST_TICK + sum(formula.conflicts() for formula in self.formulas) // CONFLICTS_PER_TICK

    def say(self, event: str, **facts: Any) -> None:
        print(json.dumps({"event": event, "tick": self.tick(), **facts}), flush=True)  # noqa: T201 - the protocol

    def decide(self, formula: PlanFormula, assumptions: list[int], conflicts: float = inf) -> bool | None:
        """Solve to the end, telling the time after every slice of work; None when so many conflicts do not suffice."""
        last = formula.conflicts() + conflicts
        while formula.conflicts() < last:
            portion = min(max(formula.conflicts() // 2, FEWEST_PER_CALL), MOST_PER_CALL)
            answer = formula.decide(assumptions, portion)
            if answer is not None:
                return answer
            self.say("clock")
        return None

    def run(self) -> bool:
        """Prove the optimum; False when there is no plan at all."""
        wanted = self.lower == 0 and len(self.model.day_starts) == 1
        block = self._add(BlockFormula(self.model)) if wanted else None
        if block and self._without_idling(block, QUICK):
            return True
        counted = self._count()
        if not self.decide(counted, []):
            return False
        self.say("start", slots=counted.slots())
        if block and self.lower == 0 and self._without_idling(block, PATIENT):
            return True
        if self.lower > 0:
            counted.demand_more(self.lower - 1)
        while not self.decide(counted, counted.at_most(self.lower)):
            counted = self._raise_bound(counted)
        self._settle(counted)
        return True

    def _add(self, formula: Kind) -> Kind:
        self.formulas.append(formula)
        return formula

    def _count(self) -> CountedFormula:
        return self._add(CountedFormula(self.model, self.lower, self.lower + REACH))

    def _without_idling(self, block: BlockFormula, conflicts: int) -> bool:
        """Whether there is a plan without idle periods; when there is none, that is a first bound."""
        answer = self.decide(block, [], conflicts)
        if answer:
            self._settle(block)
        elif answer is False:
            self.lower = 1
            self.say("bound", value=1)
        return bool(answer)

    def _settle(self, formula: PlanFormula) -> None:
        self.say("optimal", value=self.lower, slots=formula.slots())

    def _raise_bound(self, counted: CountedFormula) -> CountedFormula:
        counted.demand_more(self.lower)
        self.lower += 1
        self.say("bound", value=self.lower)
        return self._count() if self.lower == counted.limit else counted


def main() -> None:
    task = json.load(sys.stdin)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(ceil(task["seconds"]) + 2)  # never outlive the caller's time limit
    model = Model.from_json(task["model"])
    prover = Prover(model, task["lower"])
    if not prover.run():
        prover.say("infeasible")
        prover.say("reason", text=explain(problem_from_json(task["problem"]), model))


if __name__ == "__main__":
    main()
