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
from math import ceil
from typing import Any

from gebyar.methods.meetings.counted import CountedFormula
from gebyar.methods.meetings.explaining import explain
from gebyar.methods.meetings.model import Model
from gebyar.methods.meetings.storage import problem_from_json

CONFLICTS_PER_CALL = 2000
CONFLICTS_PER_TICK = 500
REACH = 48  # idle periods counted beyond the bound
FIRST_TICK = 4  # the formula has to be built first


class Prover:
    """Raises the bound and reports."""

    def __init__(self, model: Model, lower: int) -> None:
        self.model = model
        self.lower = lower
        self.conflicts = 0
        self.formula = CountedFormula(model, lower, lower + REACH)

    def tick(self) -> int:
        return FIRST_TICK + (self.conflicts + self.formula.conflicts()) // CONFLICTS_PER_TICK

    def say(self, event: str, **facts: Any) -> None:
        print(json.dumps({"event": event, "tick": self.tick(), **facts}), flush=True)  # noqa: T201 - the protocol

    def decide(self, assumptions: list[int]) -> bool:
        """Solve to the end, telling the time after every slice of work."""
        while (answer := self.formula.decide(assumptions, CONFLICTS_PER_CALL)) is None:
            self.say("clock")
        return answer

    def run(self) -> bool:
        """Prove the optimum; False when there is no plan at all."""
        if not self.decide([]):
            return False
        self.say("start", slots=self.formula.slots())
        while not self.decide(self.formula.at_most(self.lower)):
            self._raise_bound()
        self.say("optimal", value=self.lower, slots=self.formula.slots())
        return True

    def _raise_bound(self) -> None:
        self.formula.demand_more(self.lower)
        self.lower += 1
        self.say("bound", value=self.lower)
        if self.lower == self.formula.limit:
            self.conflicts += self.formula.conflicts()
            self.formula = CountedFormula(self.model, self.lower, self.lower + REACH)


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
