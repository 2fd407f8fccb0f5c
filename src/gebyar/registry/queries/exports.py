"""The columns of an export, each with what it means, and the rows in bounded pieces."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import polars as pl
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gebyar.methods.size import FACTS, classify
from gebyar.reference import regions
from gebyar.reference.size_rules import size_rules
from gebyar.registry.facts import facts
from gebyar.registry.imports.fields import Kind
from gebyar.registry.models import Firm

CHUNK = 20_000
_TYPES = {
    Kind.COUNT: pl.Int64, Kind.MONEY: pl.Int64, Kind.NUMBER: pl.Float64, Kind.BOOLEAN: pl.Boolean,
    Kind.EXPORTS: pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, its meaning, and where its value stands ("" when computed)."""

    name: str
    meaning: str | Promise
    type: type[pl.DataType]
    path: str = ""
    unit: str | Promise = ""


@cache
def columns() -> tuple[Column, ...]:
    """Return the columns of every export, in order. Contacts and personal numbers are not among them."""
    return (
        Column("id", _("Number of the firm in this register"), pl.Int64, "pk"),
        *_identity_columns(),
        Column("year", _("Year the figures are about"), pl.Int64, "now__year"),
        Column("as_of", _("Date of the statement the figures come from"), pl.Date, "now__as_of"),
        Column("source", _("Source of the figures"), pl.String, "now__delivery__source__name"),
        *_yearly_columns(),
        *(Column(f"size_{rule.id}", _("Size class by %s") % rule.law, pl.String) for rule in size_rules()),
    )


def _identity_columns() -> Iterator[Column]:
    for field in ("name", "legal_form", "nib", "region_code"):
        yield Column(field, facts()[field].label, pl.String, field)
    yield Column("province", _("Province"), pl.String)
    yield Column("regency", _("Regency or city"), pl.String)
    yield Column("district", _("District"), pl.String)
    for field in ("address", "postal_code", "kbli_code"):
        yield Column(field, facts()[field].label, pl.String, field)
    yield Column("kbli_version", _("Edition of the KBLI code"), pl.Int64, "kbli_version")
    yield Column("products", _("Products, separated by semicolons"), pl.String, "products")
    yield Column("latitude", _("Latitude"), pl.Float64, "latitude", "°")
    yield Column("longitude", _("Longitude"), pl.Float64, "longitude", "°")
    yield Column("is_active", facts()["is_active"].label, pl.Boolean, "is_active")
    yield Column("is_synthetic", _("Made up for trying out, no real firm"), pl.Boolean, "is_synthetic")


def _yearly_columns() -> Iterator[Column]:
    for some in facts().values():
        if some.yearly:
            kind = _TYPES.get(some.kind, pl.String)
            yield Column(some.field, some.label, kind, f"now__{some.field}", some.unit)


def export_frames(firms: QuerySet[Firm]) -> Iterator[pl.DataFrame]:
    """Yield the firms with current figures and size classes, at most `CHUNK` at a time, by id."""
    stored = [column for column in columns() if column.path]
    rows = (
        firms.annotate(now=FilteredRelation("profiles", condition=Q(profiles__is_current=True)))
        .order_by("pk")
        .values_list(*(F(column.path) if column.path == "pk" else column.path for column in stored))
    )
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1][0]
        yield _complete(chunk, stored)


def _complete(chunk: list[tuple[object, ...]], stored: list[Column]) -> pl.DataFrame:
    """Add what is computed: names of places, and the class by every rule."""
    lists = {column.name for column in stored if column.name == "products"}
    schema = {column.name: pl.List(pl.String) if column.name in lists else column.type for column in stored}
    frame = pl.DataFrame(chunk, schema=schema, orient="row")
    sizes = classify(frame.select(FACTS))
    places = [
        pl.col("region_code").str.slice(0, length).replace_strict(_names(level), default=None).alias(name)
        for name, level, length in (("province", 1, 2), ("regency", 2, 5), ("district", 3, 8))
    ]
    classes = [sizes[rule.id].cast(pl.String).alias(f"size_{rule.id}") for rule in size_rules()]
    whole = frame.with_columns(*places, pl.col("products").list.join("; "), *classes)
    return whole.select([column.name for column in columns()])


@cache
def _names(level: int) -> dict[str, str]:
    some = regions.frame().filter(pl.col("level") == level)
    return dict(zip(some["code"], some["name"], strict=True))
