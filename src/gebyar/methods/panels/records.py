"""Assignments as decision records: what a record holds, and how it is run again.

An assignment that no clock cut short depends on nothing but its inputs and seed, so it is computed again and compared.
Another version of the solver may choose differently among assignments that are equally good; then the recorded one is
held against every rule, and must be as good to the last digit. A draw is repeated from the recorded probabilities, which
must keep every rule and be worth as much as those that are computed again.
"""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Any, Literal

from gebyar.methods.panels.checking import check_panels
from gebyar.methods.panels.storage import panels_from_json, panels_to_json, task_from_json, task_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gebyar.methods.panels.task import Panels, PanelTask

    Replayed = tuple[Literal["recomputed", "checked"], dict[str, Any], tuple[str, ...]]

METHOD, VERSION = "panels.assign", "1"
# What a finished assignment needs on a slow machine; the recorded limit cut nothing short, and this must not either.
REPLAY_SECONDS = 900.0
NEAR = 1e-5


def inputs_of(task: PanelTask) -> dict[str, Any]:
    """Return the inputs of a record: the task as plain data. Entries and judges stand there by number."""
    return {"task": task_to_json(task)}


def result_of(panels: Panels) -> dict[str, Any]:
    """Return the result of a record; the seconds it took are no part of the decision."""
    return {name: value for name, value in panels_to_json(panels).items() if name != "seconds"}


def run(
    inputs: dict[str, Any],
    *,
    seed: int,
    time_limit: float,
    progress: Callable[[int, int | None, str], None] | None = None,
) -> Panels:
    """Assign the judges of a record's inputs."""
    # The solvers take a second to load; whoever only reads records need not wait for them.
    from gebyar.methods.panels.assigning import assign  # noqa: PLC0415

    return assign(task_from_json(inputs["task"]), seed=seed, time_limit=time_limit, progress=progress)


def replay(inputs: dict[str, Any], seed: int | None, result: dict[str, Any]) -> Replayed:
    """Run a record again; see `gebyar.records.replay`.

    Returns
    -------
    tuple
        How it was verified, the recomputed result (or the recorded one), and what does not hold, in words.
    """
    task, said = task_from_json(inputs["task"]), panels_from_json(result)
    if said.cut_short:
        return "checked", result, check_panels(task, said)
    again = run(inputs, seed=seed or 0, time_limit=REPLAY_SECONDS)
    if result_of(again) == result or said.status != again.status or not said.pairs:
        return "recomputed", result_of(again), ()
    faults = (*check_panels(task, said), *_drawn_otherwise(task, said, seed or 0), *_worse(said, again))
    return "checked", result, faults


def _drawn_otherwise(task: PanelTask, said: Panels, seed: int) -> Iterator[str]:
    if task.cap is None:
        return
    from time import perf_counter  # noqa: PLC0415 - only a limit for mending a draw

    from gebyar.methods.panels.randomising import drawn  # noqa: PLC0415 - see `run`

    bounds = (said.worst_bound, said.total_bound)
    deadline = perf_counter() + REPLAY_SECONDS
    again = drawn(task, said.probabilities, seed, bounds=bounds, deadline=deadline)
    if again.pairs != said.pairs:
        yield "The draw from the recorded probabilities with the recorded seed gives other pairs."


def _worse(said: Panels, again: Panels) -> Iterator[str]:
    """Where the recorded assignment is not as good as it was computed again; of a draw, its expectations."""
    names = ("worst_bound", "total_bound") if said.probabilities else ("worst", "total", "worst_bound", "total_bound")
    for name in names:
        before, now = getattr(said, name), getattr(again, name)
        if not isclose(before, now, rel_tol=NEAR, abs_tol=NEAR):
            yield f"It says that {name} is {before:.6f}, computed again it is {now:.6f}."
