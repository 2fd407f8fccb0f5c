"""Rounds and plans as JSON, for files and decision records; what has its usual value is left out."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from gebyar.methods.meetings.problem import Session
from gebyar.methods.rounds.round import (
    Answer,
    Guest,
    Place,
    Refusal,
    Request,
    Round,
    RoundError,
    RoundPlan,
    Slot,
    Wish,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Plain = dict[str, Any]


def round_to_json(round_: Round) -> Plain:
    """Plain data; `round_from_json` gives the same round back."""
    return {
        "guests": [_row(guest) for guest in round_.guests],
        "requests": [_row(request) for request in round_.requests],
        "slots": [{"day": slot.day, "is_morning": slot.is_morning} for slot in round_.slots],
        "tables": list(round_.tables),
        "fairness": round_.fairness,
        "rest_after": round_.rest_after,
        "grants_unanswered": round_.grants_unanswered,
    }


def round_from_json(data: Plain) -> Round:
    """The inverse of `round_to_json`.

    Raises
    ------
    RoundError
        The numbers do not fit together, or something is missing or of the wrong kind.
    """
    try:
        return Round(
            guests=tuple(_guest(row) for row in data["guests"]),
            requests=tuple(_request(row) for row in data["requests"]),
            slots=tuple(Slot(row["day"], row["is_morning"]) for row in data["slots"]),
            tables=tuple(data["tables"]),
            fairness=data["fairness"],
            rest_after=data["rest_after"],
            grants_unanswered=data["grants_unanswered"],
        )
    except RoundError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RoundError(f"this is no round: {error}") from error


def without_names(round_: Round) -> Round:
    """The same round with numbers for names, for what is kept and shown in public."""
    guests = tuple(replace(guest, name=f"no. {number}") for number, guest in enumerate(round_.guests, 1))
    return replace(round_, guests=guests)


def places_to_json(places: Iterable[Place]) -> list[Plain]:
    """One row per place; delegates only where it is not the first."""
    return [_row(place) for place in places]


def places_from_json(rows: Iterable[Plain]) -> tuple[Place, ...]:
    """The inverse of `places_to_json`.

    Raises
    ------
    RoundError
        A row is no place.
    """
    try:
        found = tuple(Place(**row) for row in rows)
    except TypeError as error:
        raise RoundError(f"this is no list of places: {error}") from error
    for number, place in enumerate(found, 1):
        for field in fields(Place):
            if type(value := getattr(place, field.name)) is not int:
                raise RoundError(f"places row {number}: {field.name} is {value!r}; give a whole number")
    return found


def plan_to_json(plan: RoundPlan) -> Plain:
    """Plain data; `plan_from_json` gives the same plan back but for the split seconds."""
    return {
        "status": plan.status,
        "places": places_to_json(plan.places),
        "refusals": [
            {"request": refusal.request, "code": refusal.code, "parameters": refusal.parameters}
            for refusal in plan.refusals
        ],
        "idle": plan.idle,
        "bound": plan.bound,
        "priority": plan.priority,
        "priority_bound": plan.priority_bound,
        "seconds": round(plan.seconds, 3),
        "reason": plan.reason,
        "cut_short": plan.cut_short,
    }


def plan_from_json(data: Plain) -> RoundPlan:
    """The inverse of `plan_to_json`.

    Raises
    ------
    RoundError
        The data is no plan.
    """
    try:
        refusals = tuple(map(_refusal, data["refusals"]))
        return RoundPlan(
            status=data["status"],
            places=places_from_json(data["places"]),
            refusals=refusals,
            idle=data["idle"],
            bound=data["bound"],
            priority=data["priority"],
            priority_bound=data["priority_bound"],
            seconds=data.get("seconds", 0.0),
            reason=data["reason"],
            cut_short=data["cut_short"],
        )
    except RoundError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RoundError(f"this is no plan of a round: {error}") from error


def _refusal(row: Plain) -> Refusal:
    if type(row["request"]) is not int:
        raise RoundError(f"a refusal names request {row['request']!r}; give a whole number")
    return Refusal(row["request"], row["code"], dict(row["parameters"]))


def _row(thing: Guest | Request | Place) -> Plain:
    row: Plain = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if field.default is MISSING or value != field.default:
            row[field.name] = _plain(value)
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return sorted(value) if isinstance(value, frozenset) else value


def _guest(row: Plain) -> Guest:
    return Guest(**{**row, "absent": frozenset(row.get("absent", ()))})


def _request(row: Plain) -> Request:
    kinds: dict[str, Any] = {"wish": Wish, "answer": Answer, "answer_wish": Wish, "session": Session}
    return Request(**{name: kinds[name](value) if name in kinds else value for name, value in row.items()})
