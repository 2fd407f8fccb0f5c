"""Meeting plans as decision records: what a record holds, and how it is run again.

A plan that the solver finished by itself depends on nothing but its inputs and seed, so it is computed again and
compared. One that the clock cut short is not promised to come out the same; there the recorded plan is held against
every rule, and its idle periods are counted again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from gebyar.methods.meetings.plan import Plan, plan_to_json
from gebyar.methods.meetings.storage import problem_from_json, problem_to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from gebyar.methods.meetings.problem import Problem

METHOD, VERSION = "meetings.schedule", "1"
# What a finished plan needs on a slow machine; the recorded limit cut nothing short, and this must not either.
REPLAY_SECONDS = 900.0


def inputs_of(problem: Problem, fairness: int | None) -> dict[str, Any]:
    """Return the inputs of a record: the problem as plain data."""
    return {"problem": problem_to_json(problem), "fairness": fairness}


def result_of(plan: Plan) -> dict[str, Any]:
    """Return the result of a record; the seconds it took are no part of the decision."""
    plain = {name: value for name, value in plan_to_json(plan).items() if name != "seconds"}
    return {**plain, "cut_short": plan.cut_short}


def run(
    inputs: dict[str, Any],
    *,
    seed: int,
    time_limit: float,
    progress: Callable[[int, int | None, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Plan:
    """Solve the problem of a record's inputs."""
    # The solvers take a second to load; whoever only reads records need not wait for them.
    from gebyar.methods.meetings.solving import solve  # noqa: PLC0415

    problem = problem_from_json(inputs["problem"])
    return solve(
        problem,
        fairness=inputs["fairness"],
        time_limit=time_limit,
        seed=seed,
        progress=progress,
        should_stop=should_stop,
    )


def replay(
    inputs: dict[str, Any], seed: int | None, result: dict[str, Any]
) -> tuple[Literal["recomputed", "checked"], dict[str, Any], tuple[str, ...]]:
    """Run a record again; see `gebyar.records.replay`.

    Returns
    -------
    tuple
        How it was verified, the recomputed result (or the recorded one), and what does not hold, in words.
    """
    from gebyar.methods.meetings.checking import check  # noqa: PLC0415

    if not result["cut_short"]:
        return "recomputed", result_of(run(inputs, seed=seed or 0, time_limit=REPLAY_SECONDS)), ()
    faults = check(problem_from_json(inputs["problem"]), result, inputs["fairness"])
    return "checked", result, tuple(faults)
