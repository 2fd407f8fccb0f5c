"""How the methods that decision records name are run again from the record alone.

Each entry turns the record's plain inputs into the method's own, runs it and turns the outcome back into plain data.
An entry stays for as long as records name its version.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

Kind = Literal["recomputed", "checked"]
Plain = dict[str, Any]


@dataclass(frozen=True)
class Replayed:
    """What running the method again gave.

    ``kind`` is "recomputed" when the method was run again and `result` may be compared with the record's; "checked"
    when a clock had stopped the method, so that the record's own result was checked against every rule instead and
    `faults` says what does not hold.
    """

    kind: Kind
    result: Plain
    faults: tuple[str, ...] = ()


# What a replay takes (inputs, seed, recorded result) and gives: the fields of `Replayed`.
Replay = Callable[[Plain, int | None, Plain], tuple[Kind, Plain, tuple[str, ...]]]

# (method, version) → where its replay lives. Loaded when needed, so that a record opens without every solver.
METHODS: dict[tuple[str, str], str] = {
    ("meetings.schedule", "1"): "gebyar.methods.meetings.records:replay",
    ("meetings.round", "1"): "gebyar.methods.rounds.records:replay",
    ("meetings.repair", "1"): "gebyar.methods.rounds.records:replay_repair",
    ("panels.assign", "1"): "gebyar.methods.panels.records:replay",
    ("judging.rank", "1"): "gebyar.methods.judging.records:replay",
    ("places.allot", "1"): "gebyar.methods.places.records:replay",
    ("places.promote", "1"): "gebyar.methods.places.records:replay_promote",
    ("meetings.hand", "1"): "gebyar.methods.rounds.records:replay_hand",
}


class UnknownMethod(ValueError):
    """The record names a method or version that this software does not have."""


def replay(method: str, version: str, inputs: Plain, seed: int | None, result: Plain) -> Replayed:
    """Run a recorded method again.

    Parameters
    ----------
    method, version
        As the record names them.
    inputs, seed, result
        As they stand in the record.

    Raises
    ------
    UnknownMethod
        When there is no such method here.
    """
    place = METHODS.get((method, version))
    if place is None:
        known = ", ".join(f"{name} {number}" for name, number in METHODS)
        raise UnknownMethod(f"Method {method} version {version} is not part of this software (it knows {known}).")
    module, name = place.split(":")
    run: Replay = getattr(import_module(module), name)
    return Replayed(*run(inputs, seed, result))
