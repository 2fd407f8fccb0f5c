"""Plans, repairs and changes by hand as decision records: what a record holds, and how it is run again.

A plan that nothing cut short depends on nothing but its inputs and seed, so it is computed again and compared. One that
the clock ended is held against every rule, and its figures and reasons are counted again. A repair has no clock. What
people decided by hand cannot be computed: there the places are an input, and what follows from them is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from gebyar.methods.rounds.checking import check_places, check_round, count_figures
from gebyar.methods.rounds.storage import (
    places_from_json,
    places_to_json,
    plan_from_json,
    plan_to_json,
    round_from_json,
    round_to_json,
    without_names,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gebyar.methods.rounds.round import Place, Round, RoundPlan

    Replayed = tuple[Literal["recomputed", "checked"], dict[str, Any], tuple[str, ...]]

METHOD, VERSION = "meetings.round", "1"
REPAIR_METHOD, REPAIR_VERSION = "meetings.repair", "1"
HAND_METHOD, HAND_VERSION = "meetings.hand", "1"
# What a finished plan needs on a slow machine; the recorded limit cut nothing short, and this must not either.
REPLAY_SECONDS = 900.0


def inputs_of(round_: Round, kept: Sequence[Place] = ()) -> dict[str, Any]:
    """Return the inputs of a record. Guests stand there by number: the record is public, their names are not."""
    return {"round": round_to_json(without_names(round_)), "kept": places_to_json(kept)}


def result_of(plan: RoundPlan) -> dict[str, Any]:
    """Return the result of a record; the seconds it took are no part of the decision."""
    return {name: value for name, value in plan_to_json(plan).items() if name != "seconds"}


def run(
    inputs: dict[str, Any],
    *,
    seed: int,
    time_limit: float,
    progress: Callable[[int, int | None, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RoundPlan:
    """Plan the round of a record's inputs."""
    # The planners take a second to load; whoever only reads records need not wait for them.
    from gebyar.methods.rounds.planning import plan_round  # noqa: PLC0415

    return plan_round(
        round_from_json(inputs["round"]),
        seed=seed,
        time_limit=time_limit,
        kept=places_from_json(inputs["kept"]),
        progress=progress,
        should_stop=should_stop,
    )


def replay(inputs: dict[str, Any], seed: int | None, result: dict[str, Any]) -> Replayed:
    """Run a record of a plan again; see `gebyar.records.replay`.

    Returns
    -------
    tuple
        How it was verified, the recomputed result (or the recorded one), and what does not hold, in words.
    """
    if not result["cut_short"]:
        return "recomputed", result_of(run(inputs, seed=seed or 0, time_limit=REPLAY_SECONDS)), ()
    kept, plan = places_from_json(inputs["kept"]), plan_from_json(result)
    lost = (place.request for place in kept if place not in plan.places)
    faults = [f"The kept place of request {request} is not in the plan." for request in lost]
    return "checked", result, (*faults, *check_round(round_from_json(inputs["round"]), plan, kept=kept))


def repair_inputs_of(
    round_: Round,
    plan: Sequence[Place],
    *,
    from_slot: int = 1,
    kept: Sequence[Place] = (),
) -> dict[str, Any]:
    """Return the inputs of a repair's record: the facts as they are now, and the places until now."""
    return {**inputs_of(round_, kept), "plan": places_to_json(plan), "from_slot": from_slot}


def run_repair(inputs: dict[str, Any], *, seed: int = 0) -> RoundPlan:
    """Repair the plan of a record's inputs."""
    from gebyar.methods.rounds.repairing import repair_round  # noqa: PLC0415 - see `run`

    return repair_round(
        round_from_json(inputs["round"]),
        places_from_json(inputs["plan"]),
        from_slot=inputs["from_slot"],
        kept=places_from_json(inputs["kept"]),
        seed=seed,
    )


def replay_repair(inputs: dict[str, Any], seed: int | None, _result: dict[str, Any]) -> Replayed:
    """Run a record of a repair again; see `replay`."""
    return "recomputed", result_of(run_repair(inputs, seed=seed or 0)), ()


def hand_inputs_of(
    round_: Round,
    before: Sequence[Place],
    places: Sequence[Place],
    *,
    base: str | None = None,
    called_off: int = 0,
) -> dict[str, Any]:
    """Return the inputs of the record of a version that was changed by hand.

    Parameters
    ----------
    round_
        The facts as they are when the version is shown.
    before, places
        The places from which people started, and those that they chose.
    base
        The hash of the record of the version from which they started.
    called_off
        Meetings that stand in the version besides, whose request or participant is no longer there.
    """
    return {
        "round": round_to_json(without_names(round_)),
        "base": base,
        "before": places_to_json(before),
        "places": places_to_json(places),
        "called_off": called_off,
    }


def hand_result_of(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return what follows from the places: what changed, idle periods, points, and every rule that is broken."""
    from gebyar.methods.rounds.repairing import moves  # noqa: PLC0415 - see `run`

    round_ = round_from_json(inputs["round"])
    before, places = places_from_json(inputs["before"]), places_from_json(inputs["places"])
    faults = [str(fault) for fault in check_places(round_, places)]
    idle, priority = count_figures(round_, places)
    changes = moves(before, places)
    return {
        "places": places_to_json(places),
        "moved": [change.request for change in changes if change.before and change.after],
        "added": [change.request for change in changes if change.before is None],
        "dropped": [change.request for change in changes if change.after is None],
        "idle": idle,
        "priority": priority,
        "faults": faults,
    }


def replay_hand(inputs: dict[str, Any], _seed: int | None, _result: dict[str, Any]) -> Replayed:
    """Run a record of a change by hand again: what follows from its places; see `replay`."""
    return "recomputed", hand_result_of(inputs), ()
