"""Calls, applicants and allotments as JSON, for files and decision records; what has its usual value is left out."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from gebyar.methods.places.allotment import Allotment, KindFigure, ReserveFigure, Verdict
from gebyar.methods.places.call import Applicant, Call, Deviation, Kind, PlacesError, Reserve

if TYPE_CHECKING:
    from collections.abc import Iterable

Plain = dict[str, Any]


def call_to_json(call: Call) -> Plain:
    """Plain data; `call_from_json` gives the same call back."""
    return {
        **_row(call),
        "kinds": [_row(kind) for kind in call.kinds],
        "reserves": [_row(reserve) for reserve in call.reserves],
        "deviations": [_row(deviation) for deviation in call.deviations],
        "method": call.method,
        "ties": list(call.ties),
    }


def call_from_json(data: Plain) -> Call:
    """The inverse of `call_to_json`.

    Raises
    ------
    PlacesError
        The data is no call.
    """
    try:
        return Call(
            **{
                **data,
                "kinds": tuple(_kind(row) for row in data["kinds"]),
                "reserves": tuple(Reserve(**row) for row in data["reserves"]),
                "deviations": tuple(Deviation(**row) for row in data["deviations"]),
                "ties": tuple(data["ties"]),
            }
        )
    except (KeyError, TypeError) as error:
        raise PlacesError(f"this is no call: {error}") from error


def applicants_to_json(applicants: Iterable[Applicant]) -> list[Plain]:
    """One row for each applicant, sorted by id, so that the same applicants are always the same data."""
    return [_row(applicant) for applicant in sorted(applicants, key=lambda applicant: applicant.id)]


def applicants_from_json(rows: Iterable[Plain]) -> tuple[Applicant, ...]:
    """The inverse of `applicants_to_json`.

    Raises
    ------
    PlacesError
        A row is no applicant.
    """
    try:
        return tuple(
            Applicant(**{**row, "wants": tuple(row.get("wants", ())), "groups": frozenset(row.get("groups", ()))})
            for row in rows
        )
    except TypeError as error:
        raise PlacesError(f"this is no list of applicants: {error}") from error


def allotment_to_json(allotment: Allotment) -> Plain:
    """Plain data; `allotment_from_json` gives the same allotment back. The seed stands beside it, not in it."""
    return {
        "rows": [_row(row) for row in allotment.rows],
        "kinds": [_row(figure) for figure in allotment.kinds],
        "reserves": [_row(figure) for figure in allotment.reserves],
        "granted": allotment.granted,
        "missing": allotment.missing,
    }


def allotment_from_json(data: Plain, seed: int) -> Allotment:
    """The inverse of `allotment_to_json`.

    Raises
    ------
    PlacesError
        The data is no allotment.
    """
    try:
        return Allotment(
            rows=tuple(Verdict(**row) for row in data["rows"]),
            kinds=tuple(KindFigure(**row) for row in data["kinds"]),
            reserves=tuple(ReserveFigure(**row) for row in data["reserves"]),
            seed=seed,
            granted=data["granted"],
            missing=data["missing"],
        )
    except (KeyError, TypeError) as error:
        raise PlacesError(f"this is no allotment: {error}") from error


def _kind(row: Plain) -> Kind:
    return Kind(**{**row, "zones": tuple((name, size) for name, size in row.get("zones", ()))})


def _row(thing: Any) -> Plain:
    row: Plain = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        usual = field.default_factory() if field.default_factory is not MISSING else field.default
        if usual is MISSING or value != usual:
            row[field.name] = _plain(value)
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
