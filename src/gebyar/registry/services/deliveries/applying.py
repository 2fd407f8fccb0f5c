"""Bring one chunk of cleaned rows into the register, set by set.

Rows about firms that nobody knows yet are COPYed into the tables (`newcomers`); the others into a temporary table, where
they are matched with the register (`matching`) and merged with a fixed number of statements, however many they are. The caller owns the transaction: either the whole chunk is in, with its
progress mark, or nothing of it.

Within one delivery the first row that says something wins and later rows fill its gaps; between deliveries the newer
one wins and an older one fills gaps. So the end is the same however the rows are cut into chunks.
"""

# ruff: noqa: S608  only names of our own tables and columns are put into SQL; every value is a parameter

from dataclasses import dataclass, fields
from typing import Any

import polars as pl
from django.db import connection

from gebyar.records.locking import take_turns
from gebyar.registry.models import Delivery
from gebyar.registry.services.deliveries.columns import EMPTY_TEXT, IDENTITY, SEALED, YEARLY
from gebyar.registry.services.deliveries.matching import Matched, match
from gebyar.registry.services.deliveries.merging import merge_known_firms
from gebyar.registry.services.deliveries.newcomers import insert_newcomers
from gebyar.registry.services.deliveries.papers import insert_certificates, insert_contacts

__all__ = ["BULK_WRITER_LOCK", "Applied", "apply_chunk"]

# Bulk writers queue here one after the other: matching by name and place has no unique constraint to lean on.
BULK_WRITER_LOCK = 0x6765_6279


@dataclass
class Applied:
    """What a chunk did to the register."""

    firms_new: int = 0
    firms_changed: int = 0
    facts_changed: int = 0
    profiles: int = 0
    rows_joined: int = 0

    def __add__(self, other: "Applied") -> "Applied":
        return Applied(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def apply_chunk(rows: pl.DataFrame, delivery: Delivery) -> Applied:
    """Merge cleaned rows of one delivery; needs an open transaction.

    Parameters
    ----------
    rows
        Typed canonical columns (`columns.STAGED`; missing ones count as "not said").
    delivery
        The source and date that every fact gets.
    """
    if rows.is_empty():
        return Applied()
    rows = rows.select(column for column in rows.columns if rows[column].null_count() < rows.height)
    take_turns(BULK_WRITER_LOCK)
    with connection.cursor() as cursor:
        # A chunk fits into memory, so that no sort or join of it goes over the disk.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        found = match(cursor, delivery, rows)
        applied = Applied(firms_new=found.newcomers.height)
        applied.profiles = insert_newcomers(cursor, delivery, found.newcomers)
        return applied + _merge_others(cursor, delivery, found, rows.columns) if found.others else applied


def _merge_others(cursor: Any, delivery: Delivery, found: Matched, said: list[str]) -> Applied:
    applied = Applied(rows_joined=found.joined)
    applied.firms_new = _insert_new_firms(cursor, delivery)
    if found.known:
        applied.facts_changed, applied.firms_changed = merge_known_firms(cursor, delivery, said)
    applied.profiles = _insert_profiles(cursor, delivery, some_repeat=found.joined > 0, some_known=found.known)
    insert_contacts(cursor, delivery, said)
    insert_certificates(cursor, delivery, said)
    cursor.execute("DROP TABLE staged, matched, holding")
    return applied


def _insert_new_firms(cursor: Any, delivery: Delivery) -> int:
    columns = [*IDENTITY, *SEALED]
    cursor.execute(
        f"""
        INSERT INTO registry_firm (id, {", ".join(columns)}, identity_key, is_synthetic, delivery_id, kind)
        SELECT firm_id, {", ".join(_value(c) for c in columns)}, identity_key, %s, %s, 'industry'
        FROM staged JOIN matched USING (row) WHERE is_new
        """,
        [delivery.source.kind == "synthetic", delivery.pk],
    )
    return int(cursor.rowcount)


def _value(column: str) -> str:
    if column in EMPTY_TEXT:
        return f"coalesce({column}, '')"
    return {"products": "coalesce(products, '{}')", "is_active": "coalesce(is_active, true)"}.get(column, column)


# --- yearly statements ------------------------------------------------------------------------------------------


def _insert_profiles(cursor: Any, delivery: Delivery, *, some_repeat: bool, some_known: bool) -> int:
    """One statement per firm and year, if the row says anything of the year; repeated rows fill gaps."""
    _give_way(cursor, delivery, some_known=some_known)
    rows = f"SELECT firm_id, year, row, {', '.join(YEARLY)} FROM staged JOIN matched USING (row) WHERE says"
    profiles = _state(cursor, delivery, f"{rows} AND NOT repeats")
    if some_repeat:
        gathered = ", ".join(f"{_first_said(c)} AS {c}" for c in YEARLY)
        repeated = f"{rows} AND repeats"
        profiles += _state(
            cursor,
            delivery,
            f"SELECT firm_id, year, min(row) AS row, {gathered} FROM ({repeated}) each GROUP BY firm_id, year",
        )
    return profiles


def _give_way(cursor: Any, delivery: Delivery, *, some_known: bool) -> None:
    """Let the statement that was current step back where this delivery says something newer.

    Who still has a current one stands in the temporary table `holding` then. Asked of the profiles themselves while
    they are being inserted, the answer would go through the rows just written, over and over.
    """
    cursor.execute("CREATE TEMPORARY TABLE holding (firm_id bigint) ON COMMIT DROP")
    if not some_known:
        return
    cursor.execute(
        """
        UPDATE registry_profile p SET is_current = false
        FROM (SELECT firm_id, max(year) AS year FROM matched WHERE says GROUP BY firm_id) said
        WHERE p.firm_id = said.firm_id AND p.is_current AND (p.year, p.as_of) <= (said.year, %(as_of)s::date)
          AND NOT (p.delivery_id = %(delivery)s AND p.year = said.year)
        """,
        {"as_of": delivery.as_of, "delivery": delivery.pk},
    )
    cursor.execute(
        "INSERT INTO holding SELECT firm_id FROM registry_profile WHERE is_current"
        " AND firm_id IN (SELECT firm_id FROM matched WHERE NOT is_new)"
    )
    cursor.execute("ANALYZE holding")


def _state(cursor: Any, delivery: Delivery, rows: str) -> int:
    """Insert statements; those that were there already get their gaps filled and do not count."""
    gaps = ", ".join(f"{column} = {_filled(column)}" for column in YEARLY)
    cursor.execute(
        f"""
        WITH stated AS (
            INSERT INTO registry_profile (firm_id, year, row, {", ".join(YEARLY)}, delivery_id, as_of, is_current)
            SELECT firm_id, year, row, {", ".join(_yearly_value(c) for c in YEARLY)}, %(delivery)s, %(as_of)s::date,
                   year = max(year) OVER (PARTITION BY firm_id) AND holding.firm_id IS NULL
            FROM ({rows}) one LEFT JOIN holding USING (firm_id)
            ON CONFLICT (firm_id, year, delivery_id) DO UPDATE SET {gaps}
            RETURNING xmax = 0 AS is_new
        )
        SELECT count(*) FROM stated WHERE is_new
        """,
        {"delivery": delivery.pk, "as_of": delivery.as_of},
    )
    return int(cursor.fetchone()[0])


def _yearly_value(column: str) -> str:
    if column == "workers":
        # Rows that were joined may give the total and its parts; the database holds the total to their sum.
        return "coalesce(workers_male + workers_female, workers)"
    return f"coalesce({column}, '')" if column in EMPTY_TEXT else column


def _first_said(column: str) -> str:
    return f"(array_agg({column} ORDER BY row) FILTER (WHERE {column} IS NOT NULL))[1]"


def _filled(column: str) -> str:
    if column in EMPTY_TEXT:
        return f"coalesce(nullif(registry_profile.{column}, ''), excluded.{column})"
    if column == "workers":
        men, women = (f"coalesce(registry_profile.workers_{c}, excluded.workers_{c})" for c in ("male", "female"))
        return f"coalesce({men} + {women}, registry_profile.workers, excluded.workers)"
    return f"coalesce(registry_profile.{column}, excluded.{column})"
