"""The facts of a firm that can be corrected: where each stands, how it is read, and how it is kept as text.

A correction keeps a fact as text, and so does the history. The text is canonical: digits for numbers, "true" and
"false", one product per line, "10710/2020" for a KBLI code with its version, "-7.8,110.4" for coordinates. None says
that the fact is not known. Tax numbers are kept sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gebyar.records.sealing import keyed_hash, open_sealed, seal
from gebyar.registry.errors import UnknownFact
from gebyar.registry.imports.fields import Field, Kind, by_id


@dataclass(frozen=True)
class Fact:
    """One fact; `field` is the column that names it, `yearly` says that it stands in a profile."""

    field: str
    label: str | Promise
    kind: Kind
    unit: str | Promise = ""
    longest: int = 0
    yearly: bool = False
    required: bool = False


_IDENTITY = (
    "name", "legal_form", "nib", "npwp", "kbli_code", "products", "region_code", "address", "postal_code", "is_active",
)  # fmt: skip
_YEARLY = (
    "workers_male", "workers_female", "workers", "sales", "production_value", "raw_material_value", "investment",
    "land_building_investment", "capital", "net_worth", "production_quantity", "capacity", "installed_capacity",
    "capacity_unit", "raw_materials", "water_m3", "fuel_litres", "electricity_kwh", "machines", "exports",
    "export_countries", "finance", "help_received",
)  # fmt: skip
_LABELS = {"region_code": _("Region"), "workers": _("Workers in all"), "workers_male": _("Men among the workers"),
           "workers_female": _("Women among the workers")}  # fmt: skip
_UNITS = {"orang": _("people"), "liter": _("litres"), "unit": _("machines")}
_KEPT_EMPTY = {"legal_form", "address", "postal_code", "capacity_unit", "raw_materials", "export_countries", "finance",
               "help_received"}  # fmt: skip
_REQUIRED = {"name", "region_code", "is_active"}


@cache
def facts() -> Mapping[str, Fact]:
    """Return every fact by the column that names it, in the order in which pages show them."""
    known = by_id()
    found = {field: _fact(known[field], yearly=False) for field in _IDENTITY}
    found["latitude"] = Fact("latitude", _("Coordinates"), Kind.COORDINATES, unit="°")
    return found | {field: _fact(known[field], yearly=True) for field in _YEARLY}


def _fact(field: Field, *, yearly: bool) -> Fact:
    label = _LABELS.get(field.id, field.label)
    return Fact(
        field.id,
        label,
        field.kind,
        _UNITS.get(field.unit, field.unit),
        field.longest,
        yearly,
        field.id in _REQUIRED,
    )


def fact(field: str) -> Fact:
    """Return one fact.

    Raises
    ------
    UnknownFact
        If no such fact can be corrected.
    """
    found = facts().get(field)
    if found is None:
        raise UnknownFact(field=field)
    return found


# --- between columns and text -------------------------------------------------------------------------------


def text_of(some: Fact, record: Any) -> str | None:
    """Write what a firm or profile (or None) says of the fact as canonical text."""
    if record is None:
        return None
    match some.kind:
        case Kind.NPWP:
            return bytes(record.npwp_sealed).decode() if record.npwp_sealed else None
        case Kind.COORDINATES:
            return None if record.latitude is None else f"{record.latitude},{record.longitude}"
        case Kind.KBLI:
            return f"{record.kbli_code}/{record.kbli_version}" if record.kbli_code else None
    return to_text(getattr(record, some.field))


def to_text(value: Any) -> str | None:
    """Write a plain value as canonical text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(value) or None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None or value == "" else str(value)


def columns_of(some: Fact, text: str | None) -> dict[str, Any]:
    """Turn canonical text back into the columns that keep it."""
    if text is None:
        return _unknown(some)
    match some.kind:
        case Kind.NPWP:
            return {"npwp_sealed": text.encode(), "npwp_hash": keyed_hash(open_sealed(text.encode()))}
        case Kind.COORDINATES:
            latitude, longitude = text.split(",")
            return {"latitude": float(latitude), "longitude": float(longitude)}
        case Kind.KBLI:
            code, _slash, version = text.partition("/")
            return {"kbli_code": code, "kbli_version": int(version)}
    return {some.field: _value(some, text)}


def _value(some: Fact, text: str) -> Any:
    match some.kind:
        case Kind.COUNT | Kind.MONEY:
            return int(text)
        case Kind.NUMBER:
            return float(text)
        case Kind.BOOLEAN | Kind.EXPORTS:
            return text == "true"
        case Kind.PRODUCTS:
            return text.split("\n")
    return text


def _unknown(some: Fact) -> dict[str, Any]:
    match some.kind:
        case Kind.NPWP:
            return {"npwp_sealed": None, "npwp_hash": None}
        case Kind.COORDINATES:
            return {"latitude": None, "longitude": None}
        case Kind.KBLI:
            return {"kbli_code": None, "kbli_version": None}
        case Kind.PRODUCTS:
            return {some.field: []}
    return {some.field: "" if some.field in _KEPT_EMPTY else None}


def sealed(some: Fact, text: str | None) -> str | None:
    """Seal the text of a fact that must not lie open; any other stays as it is."""
    return seal(text).decode() if text and some.kind is Kind.NPWP else text


def history_text(some: Fact, text: str | None) -> str | None:
    """Write a fact for history and audit trail, where personal numbers show their last digits only."""
    return masked(open_sealed(text.encode())) if text and some.kind is Kind.NPWP else text


def masked(number: str) -> str:
    return "•" * (len(number) - 4) + number[-4:]


def same(some: Fact, one: str | None, other: str | None) -> bool:
    """Compare two texts of a fact; seals of one number differ, so they are opened."""
    if some.kind is Kind.NPWP and one and other:
        return open_sealed(one.encode()) == open_sealed(other.encode())
    return one == other
