"""Allotments as decision records: what a record holds, and how it is run again.

An allotment has no clock and depends on nothing but its inputs and seed, so it is always computed again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from gebyar.methods.places.storage import (
    allotment_from_json,
    allotment_to_json,
    applicants_from_json,
    applicants_to_json,
    call_from_json,
    call_to_json,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gebyar.methods.places.allotment import Allotment
    from gebyar.methods.places.call import Applicant, Call

    Replayed = tuple[Literal["recomputed", "checked"], dict[str, Any], tuple[str, ...]]

METHOD, VERSION = "places.allot", "1"
PROMOTE_METHOD, PROMOTE_VERSION = "places.promote", "1"


def inputs_of(call: Call, applicants: Iterable[Applicant]) -> dict[str, Any]:
    """Return the inputs of a record. Name applicants by numbers or codes: the record is public."""
    return {"call": call_to_json(call), "applicants": applicants_to_json(applicants)}


def result_of(allotment: Allotment) -> dict[str, Any]:
    """Return the result of a record."""
    return allotment_to_json(allotment)


def run(inputs: dict[str, Any], *, seed: int) -> Allotment:
    """Allot the places of a record's inputs."""
    from gebyar.methods.places.allotting import allot  # noqa: PLC0415 - whoever reads records needs no method

    return allot(call_from_json(inputs["call"]), applicants_from_json(inputs["applicants"]), seed=seed)


def replay(inputs: dict[str, Any], seed: int | None, _result: dict[str, Any]) -> Replayed:
    """Run a record of an allotment again; see `gebyar.records.replay`."""
    return "recomputed", result_of(run(inputs, seed=seed or 0)), ()


def promote_inputs_of(
    call: Call, applicants: Iterable[Applicant], allotment: Allotment, freed: Collection[str]
) -> dict[str, Any]:
    """Return the inputs of a record of people moving up from the waiting list."""
    return {**inputs_of(call, applicants), "allotment": allotment_to_json(allotment), "freed": sorted(freed)}


def run_promote(inputs: dict[str, Any], *, seed: int) -> Allotment:
    """Let people move up as a record's inputs say."""
    from gebyar.methods.places.allotting import promote  # noqa: PLC0415 - see `run`

    call, applicants = call_from_json(inputs["call"]), applicants_from_json(inputs["applicants"])
    return promote(call, applicants, allotment_from_json(inputs["allotment"], seed), inputs["freed"])


def replay_promote(inputs: dict[str, Any], seed: int | None, _result: dict[str, Any]) -> Replayed:
    """Run a record of people moving up again; see `replay`."""
    return "recomputed", result_of(run_promote(inputs, seed=seed or 0)), ()
