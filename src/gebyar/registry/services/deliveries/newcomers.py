"""Write firms that neither the register nor another row of the chunk knows, straight into their tables.

Most rows of a first list are such. Nothing of them can collide or be merged, so that each table takes them with one
COPY: a fraction of the work of the statements that merge. What is written is the same as theirs.
"""

from typing import Any

import polars as pl

from gebyar.registry.models import Delivery
from gebyar.registry.services.deliveries.columns import EMPTY_TEXT, IDENTITY, PAPERS, SEALED, YEARLY
from gebyar.registry.services.deliveries.staging import copy_into

_FIRM = pl.col("firm_id")
_OWNER = ("owner_name", "phone", "email", "nik_sealed", "nik_hash")


def insert_newcomers(cursor: Any, delivery: Delivery, rows: pl.DataFrame) -> int:
    """Write everything that the rows say; each has the id of its new firm in `firm_id`.

    Returns
    -------
    int
        How many of them say something of a year.
    """
    if rows.is_empty():
        return 0
    profiles = _profiles(rows, delivery)
    parts = [("registry_firm", _firms(rows, delivery)), ("registry_profile", profiles)]
    parts += [("registry_contact", people) for people in (_owners(rows), _persons(rows))]
    parts += [("registry_certificate", papers) for papers in _certificates(rows)]
    for table, part in parts:
        if not part.is_empty():
            copy_into(cursor, table, part.with_columns(pl.lit(delivery.pk).alias("delivery_id")))
    return profiles.height


def _kept(column: str) -> pl.Expr:
    """Return what the tables hold where a row says nothing."""
    if column in EMPTY_TEXT:
        return pl.col(column).fill_null("")
    if column == "products":
        return pl.col(column).fill_null([])
    return pl.col(column).fill_null(value=True) if column == "is_active" else pl.col(column)


def _firms(rows: pl.DataFrame, delivery: Delivery) -> pl.DataFrame:
    return rows.select(
        _FIRM.alias("id"),
        *(_kept(column) for column in (*IDENTITY, *SEALED) if column in rows.columns),
        pl.col("identity_key"),
        pl.lit(delivery.source.kind == "synthetic").alias("is_synthetic"),
        pl.lit("industry").alias("kind"),
    )


def _profiles(rows: pl.DataFrame, delivery: Delivery) -> pl.DataFrame:
    if {"workers_male", "workers_female"} <= set(rows.columns):
        rows = _added_up(rows)
    said = [column for column in YEARLY if column in rows.columns]
    if not said:
        return pl.DataFrame()
    return rows.filter(pl.any_horizontal(pl.col(said).is_not_null())).select(
        _FIRM,
        "row",
        pl.col("data_year").fill_null(delivery.data_year).alias("year"),
        *map(_kept, said),
        pl.lit(delivery.as_of).alias("as_of"),
        pl.lit(value=True).alias("is_current"),
    )


def _added_up(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that were joined may give the total and its parts; the database holds the total to their sum."""
    total = pl.col("workers_male") + pl.col("workers_female")
    told = [pl.col("workers")] if "workers" in rows.columns else []
    return rows.with_columns(workers=pl.coalesce(total, *told))


def _owners(rows: pl.DataFrame) -> pl.DataFrame:
    """Telephone and e-mail are the owner's where the row names nobody else to speak to."""
    if "contact_name" in rows.columns:
        theirs = pl.col("contact_name").is_null()
        rows = rows.with_columns(pl.when(theirs).then(c) for c in ("phone", "email") if c in rows.columns)
    return _people(rows, "owner", {"owner_name": "name"}, [column for column in _OWNER if column in rows.columns])


def _persons(rows: pl.DataFrame) -> pl.DataFrame:
    if "contact_name" not in rows.columns:
        return pl.DataFrame()
    told = [column for column in ("contact_name", "phone", "email") if column in rows.columns]
    return _people(rows.filter(pl.col("contact_name").is_not_null()), "contact", {"contact_name": "name"}, told)


def _people(rows: pl.DataFrame, role: str, names: dict[str, str], told: list[str]) -> pl.DataFrame:
    if not told:
        return pl.DataFrame()
    some = rows.filter(pl.any_horizontal(pl.col(told).is_not_null()))
    values = (pl.col(c) if c.startswith("nik") else pl.col(c).fill_null("").alias(names.get(c, c)) for c in told)
    return some.select(_FIRM, pl.lit(role).alias("role"), *values)


def _certificates(rows: pl.DataFrame) -> list[pl.DataFrame]:
    found = [
        _papers(rows, kind, f"{kind}_number", {f"{kind}_valid_until": "valid_until"})
        for kind in PAPERS
        if f"{kind}_number" in rows.columns
    ]
    if {"nib", "nib_issued_on"} <= set(rows.columns):
        dated = rows.filter(pl.col("nib_issued_on").is_not_null())
        found.append(_papers(dated, "nib", "nib", {"nib_issued_on": "issued_on"}))
    return found


def _papers(rows: pl.DataFrame, kind: str, number: str, dates: dict[str, str]) -> pl.DataFrame:
    named = rows.filter(pl.col(number).is_not_null())
    days = (pl.col(column).alias(name) for column, name in dates.items() if column in rows.columns)
    return named.select(_FIRM, pl.lit(kind).alias("kind"), pl.col(number).alias("number"), *days)
