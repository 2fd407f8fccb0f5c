"""The columns that a list of firms can be mapped to, and the table of good rows they become."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Kind(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    NAME = "name"
    LEGAL_FORM = "legal_form"
    PRODUCTS = "products"
    REGION = "region"
    POSTAL_CODE = "postal_code"
    COUNT = "count"
    MONEY = "money"
    NUMBER = "number"
    YEAR = "year"
    DATE = "date"
    BOOLEAN = "boolean"
    EXPORTS = "exports"
    KBLI = "kbli"
    NIB = "nib"
    NPWP = "npwp"
    NIK = "nik"
    PHONE = "phone"
    EMAIL = "email"
    COORDINATE = "coordinate"
    COORDINATES = "coordinates"


NUMERIC_KINDS = frozenset({Kind.COUNT, Kind.MONEY, Kind.NUMBER})
SECRET_KINDS = frozenset({Kind.NIK, Kind.NPWP})


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a list can say about a firm.

    ``unit`` is the unit of the cleaned value ("" if it has none), ``longest`` the number of characters the
    register keeps of a text.
    """

    id: str
    label: _StrPromise
    kind: Kind
    unit: str = ""
    longest: int = 0


FIELDS: tuple[Field, ...] = (
    Field("name", _("Name of the firm"), Kind.NAME, longest=200),
    Field("legal_form", _("Legal form"), Kind.LEGAL_FORM, longest=20),
    Field("nib", _("NIB (business number)"), Kind.NIB),
    Field("nib_issued_on", _("Date of the NIB"), Kind.DATE),
    Field("npwp", _("NPWP (tax number)"), Kind.NPWP),
    Field("kbli_code", _("KBLI code"), Kind.KBLI),
    Field("products", _("Products"), Kind.PRODUCTS, longest=200),
    Field("address", _("Address"), Kind.TEXT, longest=300),
    Field("village", _("Village"), Kind.REGION),
    Field("district", _("District"), Kind.REGION),
    Field("regency", _("Regency or city"), Kind.REGION),
    Field("province", _("Province"), Kind.REGION),
    Field("region_code", _("Region code"), Kind.REGION),
    Field("postal_code", _("Postal code"), Kind.POSTAL_CODE),
    Field("latitude", _("Latitude"), Kind.COORDINATE, unit="°"),
    Field("longitude", _("Longitude"), Kind.COORDINATE, unit="°"),
    Field("coordinates", _("Latitude and longitude in one cell"), Kind.COORDINATES, unit="°"),
    Field("is_active", _("Still active"), Kind.BOOLEAN),
    Field("started_year", _("Year the firm started"), Kind.YEAR),
    Field("data_year", _("Year the figures are about"), Kind.YEAR),
    Field("owner_name", _("Name of the owner"), Kind.TEXT, longest=150),
    Field("contact_name", _("Name of the contact person"), Kind.TEXT, longest=150),
    Field("nik", _("NIK of the owner"), Kind.NIK),
    Field("phone", _("Telephone"), Kind.PHONE),
    Field("email", _("E-mail"), Kind.EMAIL),
    Field("workers_male", _("Male workers"), Kind.COUNT, unit="orang"),
    Field("workers_female", _("Female workers"), Kind.COUNT, unit="orang"),
    Field("workers", _("Workers"), Kind.COUNT, unit="orang"),
    Field("investment", _("Investment without land and buildings"), Kind.MONEY, unit="Rp"),
    Field("land_building_investment", _("Investment in land and buildings"), Kind.MONEY, unit="Rp"),
    Field("capital", _("Capital"), Kind.MONEY, unit="Rp"),
    Field("net_worth", _("Net worth"), Kind.MONEY, unit="Rp"),
    Field("sales", _("Yearly sales"), Kind.MONEY, unit="Rp"),
    Field("production_value", _("Production value"), Kind.MONEY, unit="Rp"),
    Field("raw_material_value", _("Value of raw materials"), Kind.MONEY, unit="Rp"),
    Field("production_quantity", _("Quantity produced"), Kind.NUMBER),
    Field("capacity", _("Production capacity"), Kind.NUMBER),
    Field("installed_capacity", _("Installed capacity"), Kind.NUMBER),
    Field("capacity_unit", _("Unit of capacity and quantity"), Kind.TEXT, longest=40),
    Field("raw_materials", _("Raw materials"), Kind.TEXT, longest=1000),
    Field("water_m3", _("Raw water"), Kind.NUMBER, unit="m³"),
    Field("fuel_litres", _("Fuel and lubricants"), Kind.NUMBER, unit="liter"),
    Field("electricity_kwh", _("Electricity"), Kind.NUMBER, unit="kWh"),
    Field("machines", _("Machines"), Kind.COUNT, unit="unit"),
    Field("exports", _("Exports"), Kind.EXPORTS),
    Field("export_countries", _("Countries exported to"), Kind.TEXT, longest=500),
    Field("finance", _("Finance received"), Kind.TEXT, longest=500),
    Field("help_received", _("Help received"), Kind.TEXT, longest=500),
    Field("halal_number", _("Halal certificate number"), Kind.TEXT, longest=80),
    Field("halal_valid_until", _("Halal certificate valid until"), Kind.DATE),
    Field("pirt_number", _("P-IRT number"), Kind.TEXT, longest=80),
    Field("pirt_valid_until", _("P-IRT valid until"), Kind.DATE),
    Field("bpom_number", _("BPOM number"), Kind.TEXT, longest=80),
    Field("bpom_valid_until", _("BPOM valid until"), Kind.DATE),
    Field("sni_number", _("SNI number"), Kind.TEXT, longest=80),
    Field("trademark_number", _("Trade mark number"), Kind.TEXT, longest=80),
    Field("tkdn_number", _("TKDN number"), Kind.TEXT, longest=80),
)


@cache
def by_id() -> dict[str, Field]:
    """The fields by their id."""
    return {field.id: field for field in FIELDS}


_TYPES: dict[Kind, pl.DataType | type[pl.DataType]] = {
    Kind.PRODUCTS: pl.List(pl.String),
    Kind.COUNT: pl.Int64,
    Kind.MONEY: pl.Int64,
    Kind.NUMBER: pl.Float64,
    Kind.YEAR: pl.Int16,
    Kind.DATE: pl.Date,
    Kind.BOOLEAN: pl.Boolean,
    Kind.EXPORTS: pl.Boolean,
    Kind.COORDINATE: pl.Float64,
}
# Names of regions are answered by one code; one cell with two coordinates becomes two columns.
_FOLDED = {"village", "district", "regency", "province", "coordinates"}


def _good_schema() -> dict[str, pl.DataType | type[pl.DataType]]:
    columns = {field.id: _TYPES.get(field.kind, pl.String) for field in FIELDS if field.id not in _FOLDED}
    return {
        "row": pl.Int64,
        "rows": pl.List(pl.Int64),
        **columns,
        "kbli_version": pl.Int16,
        "identity_key": pl.Int64,
    }


GOOD_SCHEMA = _good_schema()
PROBLEM_SCHEMA: dict[str, type[pl.DataType]] = {
    "row": pl.Int64,
    "field": pl.String,
    "value": pl.String,
    "reason": pl.String,
    "parameters": pl.String,
    "severity": pl.String,
}
