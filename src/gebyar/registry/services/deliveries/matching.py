"""Which firm of the register each row of a chunk is about, and which rows are about one new firm.

The number (NIB) decides. Where the row or the firm has none, name and place decide, as long as the two do not
contradict each other: a name without a street says little, so there the owners must not differ.
"""

# ruff: noqa: S608  only our own column names are put into SQL

from typing import Any

from gebyar.registry.models import Delivery
from gebyar.registry.services.deliveries.columns import YEARLY

# The owner that a firm of the same name must not contradict; only rows without a street need it.
_OWNER = "CASE WHEN address IS NULL THEN lower(owner_name) END"
_OWNER_AGREES = """(m.owner IS NULL OR NOT EXISTS (
    SELECT 1 FROM registry_contact c
    WHERE c.firm_id = f.id AND c.role = 'owner' AND c.name <> '' AND lower(c.name) <> m.owner))"""


def match(cursor: Any, delivery: Delivery) -> tuple[int, bool]:
    """Fill the temporary table `matched` (row, firm_id, year, is_new, repeats) for the rows in `staged`.

    `is_new` marks the first row of each firm to be created, `repeats` every row but the first that says something
    about a firm and year.

    Returns
    -------
    tuple
        How many rows share a firm with another row, and whether any row is not the first of a new firm.
    """
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
    cursor.execute("SELECT pg_get_serial_sequence('registry_firm', 'id')")
    (sequence,) = cursor.fetchone()
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
        [sequence],
    )
    cursor.execute("ANALYZE matched")
