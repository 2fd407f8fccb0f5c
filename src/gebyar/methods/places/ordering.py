"""The order in which applicants are looked at, and the rules that part equals."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TYPE_CHECKING

from gebyar.methods.places.call import GROUP_TIE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gebyar.methods.places.call import Applicant, Call

Key = tuple[object, ...]


def lot(seed: int, applicant: str) -> str:
    """The lot of an applicant; the smallest comes first.

    The SHA-256 of seed and id: anybody can draw it again with a command line, and it depends on nobody else's being on
    the list.
    """
    return hashlib.sha256(f"{seed}:{applicant}".encode()).hexdigest()


def in_order(call: Call, applicants: Iterable[Applicant], seed: int) -> list[Applicant]:
    """Sort applicants by the call's method and tie rules; the result does not depend on the order they come in."""
    rules = (main_rule(call), *tie_rules(call))
    keys = [_key_of(rule, seed) for rule in rules]
    return sorted(applicants, key=lambda applicant: tuple(key(applicant) for key in keys))


def main_rule(call: Call) -> str:
    """What the call's method goes by first."""
    return {"ranked": "points", "lottery": "lot", "first_come": "arrived"}[call.method]


def tie_rules(call: Call) -> tuple[str, ...]:
    """The tie rules in force: the lot comes last, whether it is named or not."""
    return (*(rule for rule in call.ties if rule != "lot"), "lot")


def deciding_rule(call: Call, first: Applicant, second: Applicant, seed: int) -> str | None:
    """The tie rule that parts two whom the method leaves equal; None when they are not equal."""
    main = _key_of(main_rule(call), seed)
    if main(first) != main(second):
        return None
    keys = ((rule, _key_of(rule, seed)) for rule in tie_rules(call))
    return next((rule for rule, key in keys if key(first) != key(second)), None)


def ranks(ordered: Iterable[Applicant]) -> dict[str, int]:
    """Number an order from 1."""
    return {applicant.id: rank for applicant, rank in zip(ordered, count(1), strict=False)}


def _key_of(rule: str, seed: int) -> Callable[[Applicant], Key]:
    if rule == "points":
        return lambda applicant: (-applicant.points,)
    if rule == "arrived":
        return lambda applicant: (applicant.arrived,)
    if rule == "amount":
        return lambda applicant: (applicant.amount or 0,)
    if rule.startswith(GROUP_TIE):
        group = rule.removeprefix(GROUP_TIE)
        return lambda applicant: (group not in applicant.groups,)
    return lambda applicant: (lot(seed, applicant.id), applicant.id)
