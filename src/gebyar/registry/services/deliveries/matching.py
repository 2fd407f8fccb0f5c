"""Which firm of the register each row of a chunk is about, and which rows are about one new firm.

The number (NIB) decides. Where the row or the firm has none, name and place decide, as long as the two do not
contradict each other: a name without a street says little, so there the owners must not differ.
"""

# ruff: noqa: S608  only our own column names are put into SQL

from dataclasses import dataclass
from typing import Any

import polars as pl

from gebyar.registry.models import Delivery
from gebyar.registry.services.deliveries.columns import YEARLY
from gebyar.registry.services.deliveries.staging import stage

# The owner that a firm of the same name must not contradict; only rows without a street need it.
_OWNER = "CASE WHEN address IS NULL THEN lower(owner_name) END"
_OWNER_AGREES = """(m.owner IS NULL OR NOT EXISTS (
    SELECT 1 FROM registry_contact c
    WHERE c.firm_id = f.id AND c.role = 'owner' AND c.name <> '' AND lower(c.name) <> m.owner))"""


@dataclass(frozen=True)
class Matched:
    """What became of the rows of a chunk.

    Attributes
    ----------
    newcomers
        Rows about firms that nothing else in the register or the chunk can be about, with the id of the new firm in
        `firm_id`.
    joined
        How many of the other rows share a firm with another row.
    known
        Whether any of the other rows is not the first of a new firm.
    others
        Whether there are other rows; then `staged` and `matched` are there.
    """

    newcomers: pl.DataFrame
    joined: int
    known: bool
    others: bool


def match(cursor: Any, delivery: Delivery, rows: pl.DataFrame) -> Matched:
    """Part newcomers from the rows that may be about a firm together with something else, and match those.

    The others go into the temporary table `staged`, and who they are about into `matched` (row, firm_id, year, is_new,
    repeats): `is_new` marks the first row of each firm to be created, `repeats` every row but the first that says
    something about a firm and year.
    """
    related = _related(cursor, rows)
    others = rows.filter(related)
    newcomers = rows if others.is_empty() else rows.filter(~related)
    # In the order of an index, its pages are filled one after the other.
    newcomers = newcomers.sort("region_code", maintain_order=True)
    newcomers = newcomers.with_columns(firm_id=pl.Series(_new_ids(cursor, newcomers.height), dtype=pl.Int64))
    if others.is_empty():
        return Matched(newcomers, joined=0, known=False, others=False)
    stage(cursor, others)
    joined, known = _match_staged(cursor, delivery)
    return Matched(newcomers, joined, known, others=True)


def _related(cursor: Any, rows: pl.DataFrame) -> pl.Series:
    """Whether a row has its number, or its name and place, in common with a firm or with another row.

    Those two are all that a match can rest on.
    """
    is_related = pl.lit(value=False)
    for column, kind in (("nib", "text"), ("identity_key", "bigint")):
        if column in rows.columns:
            own, known = pl.col(column), _known(cursor, column, kind, rows[column].drop_nulls())
            is_related |= own.is_not_null() & (own.is_duplicated() | own.is_in(known.implode()))
    return rows.select(is_related.fill_null(value=False)).to_series()


def _known(cursor: Any, column: str, kind: str, values: pl.Series) -> pl.Series:
    """Those of the values that a firm of the register has."""
    listed = f"{{{','.join(values.cast(pl.String))}}}"
    cursor.execute(f"SELECT {column} FROM registry_firm WHERE {column} = ANY(%s::{kind}[])", [listed])
    return pl.Series([value for (value,) in cursor.fetchall()], dtype=values.dtype)


def _new_ids(cursor: Any, count: int) -> list[int]:
    cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [_sequence(cursor), count])
    return [number for (number,) in cursor.fetchall()]


def _sequence(cursor: Any) -> str:
    cursor.execute("SELECT pg_get_serial_sequence('registry_firm', 'id')")
    return str(cursor.fetchone()[0])


def _match_staged(cursor: Any, delivery: Delivery) -> tuple[int, bool]:
    """Fill `matched`; how many rows share a firm, and whether any row is not the first of a new one."""
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE keyed ON COMMIT DROP AS
        SELECT row, nib, identity_key, {_OWNER} AS owner, coalesce(data_year, %s)::smallint AS year,
               num_nonnulls({", ".join(YEARLY)}) > 0 AS says, NULL::bigint AS firm_id, NULL::text AS key
        FROM staged
        """,
        [delivery.data_year],
    )
    cursor.execute("ANALYZE keyed")
    _match_register(cursor)
    _share_new_firms(cursor)
    cursor.execute("DROP TABLE keyed")
    cursor.execute("SELECT count(*) - count(DISTINCT firm_id), count(*) > count(*) FILTER (WHERE is_new) FROM matched")
    joined, known = cursor.fetchone()
    return int(joined), bool(known)


def _match_register(cursor: Any) -> None:
    cursor.execute("UPDATE keyed m SET firm_id = f.id FROM registry_firm f WHERE f.nib = m.nib")
    # A number that is new to the register belongs to one firm only, and a firm without number takes one only.
    cursor.execute(
        f"""
        WITH candidate AS (
            SELECT DISTINCT ON (m.nib) m.nib, m.row, f.id
            FROM keyed m JOIN registry_firm f USING (identity_key)
            WHERE m.firm_id IS NULL AND m.nib IS NOT NULL AND f.nib IS NULL AND {_OWNER_AGREES}
            ORDER BY m.nib, m.row, f.id
        ), chosen AS (
            SELECT DISTINCT ON (id) id, nib FROM candidate ORDER BY id, row
        )
        UPDATE keyed m SET firm_id = c.id FROM chosen c WHERE m.nib = c.nib
        """
    )
    cursor.execute(
        f"""
        UPDATE keyed k SET firm_id = c.id
        FROM (SELECT DISTINCT ON (m.row) m.row, f.id FROM keyed m JOIN registry_firm f USING (identity_key)
              WHERE m.nib IS NULL AND {_OWNER_AGREES} ORDER BY m.row, f.id) c
        WHERE k.row = c.row
        """
    )


def _share_new_firms(cursor: Any) -> None:
    """Give each new firm an id; a row without number joins the numbered row of the same name and place."""
    cursor.execute(
        """
        UPDATE keyed m SET firm_id = n.firm_id, key = n.nib
        FROM (SELECT DISTINCT ON (identity_key) identity_key, nib, firm_id, owner FROM keyed
              WHERE nib IS NOT NULL ORDER BY identity_key, row) n
        WHERE m.firm_id IS NULL AND m.nib IS NULL AND m.identity_key = n.identity_key
          AND (m.owner IS NULL OR n.owner IS NULL OR m.owner = n.owner)
        """
    )
    cursor.execute(
        """
        CREATE TEMPORARY TABLE matched ON COMMIT DROP AS
        WITH unknown AS (
            SELECT coalesce(key, nib, 'place ' || identity_key || coalesce(' ' || owner, '')) AS key, row, year, says
            FROM keyed WHERE firm_id IS NULL
        ), first AS (
            SELECT key, min(row) AS row FROM unknown GROUP BY key ORDER BY min(row)
        ), numbered AS (
            SELECT key, row, nextval(%s::regclass) AS id FROM first
        ), found AS (
            SELECT row, firm_id, year, says, false AS is_new FROM keyed WHERE firm_id IS NOT NULL
            UNION ALL
            SELECT u.row, n.id, u.year, u.says, u.row = n.row FROM unknown u JOIN numbered n USING (key)
        )
        SELECT row, firm_id, year, is_new, says,
               row_number() OVER (PARTITION BY firm_id, year ORDER BY NOT says, row) > 1 AS repeats
        FROM found
        """,
        [_sequence(cursor)],
    )
    cursor.execute("ANALYZE matched")
