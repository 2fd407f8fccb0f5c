"""Keep the search documents and the table of words in step with the register.

Everything is derived: a document is computed from the firm's row, its current profile and its certificates, and
written only where it differs, so that a refresh may be repeated at any time. Filters stand in a document as words of
their own, beginning with "=", which no text can contain; so one GIN index answers words and filters together.
"""

# ruff: noqa: S608  only names of our own tables and rules are put into SQL; every value is a parameter

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import polars as pl
from django.db import connection, transaction

from gebyar.methods.size import sql as size_sql
from gebyar.records.errors import DomainError
from gebyar.reference import regions
from gebyar.reference.size_rules import size_rules
from gebyar.registry.models import Delivery

Progress = Callable[[int, int | None, str], None]

BATCH = 50_000
# A rebuild holds this lock alone, a refresh of some firms shares it: none may write into a table about to be replaced.
REFRESH_LOCK = 0x6765_6273
DOCUMENTS, WORDS = "registry_searchdocument", "registry_searchword"
_WORKING = "search_fresh"
_NOTHING = "(SELECT NULL::bigint AS firm_id, NULL::tsvector AS words WHERE false)"
_CONFLICT = (
    "ON CONFLICT (firm_id) DO UPDATE SET words = excluded.words WHERE {documents}.words IS DISTINCT FROM excluded.words"
)
_SEPARATORS = "./-&@_,()\"'+:;|<>\\–—’‘“”•…\u00a0"


class NothingToRefresh(DomainError):
    """Both a delivery and firms were named, which would leave open what is meant."""


def refresh_search(
    *,
    delivery: Delivery | None = None,
    firm_ids: Iterable[int] | None = None,
    progress: Progress | None = None,
) -> int:
    """Bring the search tables in step with the register, wholly or for the firms that changed.

    Parameters
    ----------
    delivery
        Refresh the firms that this delivery says something about.
    firm_ids
        Refresh these firms. Without both, everything is rebuilt beside the old tables, which serve until the new
        ones take their place.
    progress
        Called with (firms done, all firms, what is being done).

    Returns
    -------
    int
        Number of firms whose documents were computed.

    Raises
    ------
    NothingToRefresh
        If both a delivery and firms are named.
    """
    if delivery is not None and firm_ids is not None:
        raise NothingToRefresh("Name a delivery or firms, not both.")
    report = progress or _silent
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")  # a batch is sorted and counted in memory
        if delivery is None and firm_ids is None:
            return _rebuild(cursor, report)
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [REFRESH_LOCK])
        total = _choose_delivery(cursor, delivery) if delivery else _choose_firms(cursor, list(firm_ids or []))
        _refresh_chosen(cursor, total, report)
        return total


def _silent(_done: int, _total: int | None, _words: str) -> None:
    """Report to nobody."""


# --- some firms ---------------------------------------------------------------------------------------------


def _choose_delivery(cursor: Any, delivery: Delivery) -> int:
    return _choose(
        cursor,
        "SELECT firm_id FROM registry_profile WHERE delivery_id = %(delivery)s"
        " UNION SELECT firm_id FROM registry_factchange WHERE delivery_id = %(delivery)s"
        " UNION SELECT firm_id FROM registry_certificate WHERE delivery_id = %(delivery)s"
        " UNION SELECT id FROM registry_firm WHERE delivery_id = %(delivery)s",
        {"delivery": delivery.pk},
    )


def _choose_firms(cursor: Any, firm_ids: list[int]) -> int:
    return _choose(cursor, "SELECT DISTINCT unnest(%(ids)s::bigint[]) AS firm_id", {"ids": firm_ids})


def _choose(cursor: Any, ids_sql: str, values: dict[str, Any]) -> int:
    cursor.execute("DROP TABLE IF EXISTS search_chosen")
    cursor.execute(
        "CREATE TEMPORARY TABLE search_chosen ON COMMIT DROP AS"
        f" SELECT firm_id AS id, row_number() OVER (ORDER BY firm_id) AS position FROM ({ids_sql}) chosen",
        values,
    )
    return int(cursor.rowcount)


def _refresh_chosen(cursor: Any, total: int, report: Progress) -> None:
    for start in range(0, total, BATCH):
        chosen = "{id} IN (SELECT id FROM search_chosen WHERE position > %(low)s AND position <= %(high)s)"
        _write_batch(cursor, chosen, {"low": start, "high": start + BATCH}, DOCUMENTS, WORDS)
        report(min(start + BATCH, total), total, "search")


# --- everything ---------------------------------------------------------------------------------------------


def _rebuild(cursor: Any, report: Progress) -> int:
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REFRESH_LOCK])
    cursor.execute("SELECT count(*), coalesce(min(id), 0), coalesce(max(id), -1) FROM registry_firm")
    total, lowest, highest = cursor.fetchone()
    _create_beside(cursor, DOCUMENTS)
    _create_beside(cursor, WORDS)
    cursor.execute(f"ALTER TABLE {WORDS}_next ADD PRIMARY KEY (word)")
    done = 0
    for start in range(lowest, highest + 1, BATCH):
        values = {"low": start, "high": start + BATCH}
        chosen = "{id} >= %(low)s AND {id} < %(high)s"
        done += _write_batch(cursor, chosen, values, f"{DOCUMENTS}_next", f"{WORDS}_next")
        report(done, total, "search")
    cursor.execute(f"ALTER TABLE {WORDS}_next DROP CONSTRAINT {WORDS}_next_pkey")
    _take_place(cursor, WORDS)
    _take_place(cursor, DOCUMENTS)
    report(done, total, "search index")
    return done


def _create_beside(cursor: Any, table: str) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS {table}_next")
    cursor.execute(f"CREATE TABLE {table}_next (LIKE {table} INCLUDING DEFAULTS INCLUDING STATISTICS)")


def _take_place(cursor: Any, table: str) -> None:
    """Put the new table in the old one's place, constraints and indexes under the same names."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype <> 'n' ORDER BY contype = 'f'",
        [table],
    )
    constraints = cursor.fetchall()
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass)",
        [table, table],
    )
    indexes = cursor.fetchall()
    for position, (name, definition) in enumerate(indexes):
        cursor.execute(_on_next(definition, name, f"{table}_next_{position}", table))
    cursor.execute(f"ANALYZE {table}_next")
    cursor.execute(f"DROP TABLE {table}")
    cursor.execute(f"ALTER TABLE {table}_next RENAME TO {table}")
    for position, (name, _) in enumerate(indexes):
        cursor.execute(f"ALTER INDEX {table}_next_{position} RENAME TO {name}")
    for name, definition in constraints:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _on_next(definition: str, name: str, new_name: str, table: str) -> str:
    """Turn the definition of an index into that of the same index on the new table."""
    return definition.replace(f" {name} ", f" {new_name} ", 1).replace(f"{table} USING", f"{table}_next USING", 1)


# --- one batch ----------------------------------------------------------------------------------------------


def _write_batch(cursor: Any, chosen: str, values: dict[str, Any], documents: str, words: str) -> int:
    """Compute the documents of the chosen firms, count what changed in the words, and store both.

    `chosen` is a condition on ``{id}``, stated for firms and for profiles alike, so that no batch reads all profiles.
    """
    cursor.execute(f"DROP TABLE IF EXISTS {_WORKING}")
    codes, names = _places_of(cursor, chosen, values)
    cursor.execute(
        f"CREATE TEMPORARY TABLE {_WORKING} ON COMMIT DROP AS {_documents_sql(chosen)}",
        {**values, "codes": codes, "names": names},
    )
    computed = int(cursor.rowcount)
    cursor.execute(f"ANALYZE {_WORKING} (firm_id)")
    is_rebuild = documents.endswith("_next")
    # A rebuild writes each firm once: nothing stands there before, and the new table gets its key only at the end.
    cursor.execute(_count_words_sql(_NOTHING if is_rebuild else documents, words))
    conflict = "" if is_rebuild else _CONFLICT.format(documents=documents)
    cursor.execute(
        f"INSERT INTO {documents} (firm_id, words) SELECT firm_id, words FROM {_WORKING} ORDER BY firm_id {conflict}"
    )
    return computed


def _places_of(cursor: Any, chosen: str, values: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the codes down to the district in which the chosen firms lie, and the words of each place."""
    cursor.execute(
        f"SELECT DISTINCT left(f.region_code, 8) FROM registry_firm f WHERE {chosen.format(id='f.id')}", values
    )
    known = _place_names()
    codes = [code for (code,) in cursor.fetchall() if code in known]
    return codes, [known[code] for code in codes]


@cache
def _place_names() -> dict[str, str]:
    """Return the name of each province, regency and district together with those around it."""
    upper = regions.frame().filter(pl.col("level") < regions.VILLAGE)
    names = dict(zip(upper["code"], upper["name"], strict=True))
    return {code: " ".join(names[code[:length]] for length in (2, 5, 8) if length <= len(code)) for code in names}


def _spaced(text: str) -> str:
    """Return SQL that parts words where PostgreSQL would see a host name ("CV.Maju") or a compound."""
    quoted = _SEPARATORS.replace("'", "''")
    return f"translate({text}, '{quoted}', '{' ' * len(_SEPARATORS)}')"


def _documents_sql(chosen: str) -> str:
    name, products = _spaced("f.name"), _spaced("array_to_string(f.products, ' ')")
    return f"""
        WITH places AS MATERIALIZED (
            SELECT code, strip(to_tsvector('indonesian', {_spaced("name")})) AS stems,
                   tsvector_to_array(to_tsvector('simple', {_spaced("name")})) AS written
            FROM unnest(%(codes)s::text[], %(names)s::text[]) AS place(code, name)
        )
        SELECT f.id AS firm_id,
               setweight(to_tsvector('indonesian', {name}), 'A')
               || setweight(to_tsvector('indonesian', {products}), 'B')
               || coalesce(place.stems, ''::tsvector)
               || array_to_tsvector(array_remove({_filters_sql()}, NULL)) AS words,
               tsvector_to_array(to_tsvector('simple', {name} || ' ' || {products})) || place.written AS written
        FROM registry_firm f
        LEFT JOIN registry_profile p ON p.firm_id = f.id AND p.is_current AND {chosen.format(id="p.firm_id")}
        LEFT JOIN places place ON place.code = left(f.region_code, 8)
        WHERE {chosen.format(id="f.id")}
        """


def _filters_sql() -> str:
    regions_held = ", ".join(f"'=r' || left(f.region_code, {length})" for length in (2, 5, 8, 13))
    kbli = ", ".join(f"'=k' || left(f.kbli_code, {length})" for length in (2, 3, 5))
    facts = {fact: f"p.{fact}" for rule in size_rules() for fact in rule.facts}
    sizes = ", ".join(f"'=s{rule.id}:' || split_part({size_sql(rule, facts)}, ':', 1)" for rule in size_rules())
    return f"""
        ARRAY[{regions_held}, {kbli}, {sizes},
              '=t' || f.kind,
              CASE WHEN f.is_active THEN '=a1' ELSE '=a0' END,
              CASE p.exports WHEN true THEN '=x1' WHEN false THEN '=x0' END,
              CASE WHEN f.nib IS NOT NULL THEN '=cnib' END]
        || ARRAY(SELECT '=c' || c.kind FROM registry_certificate c WHERE c.firm_id = f.id)
        """


def _count_words_sql(documents: str, words: str) -> str:
    """Return SQL that adds to each word the firms that got it and, for filters, takes off those that lost it.

    A written word that a firm lost stays counted until the next rebuild, since only its stem was kept; the count
    ranks suggestions and need not be exact. The counts of filters are.
    """
    return f"""
        WITH compared AS (
            SELECT new.written, tsvector_to_array(new.words) AS after,
                   tsvector_to_array(coalesce(old.words, ''::tsvector)) AS before, old.firm_id IS NOT NULL AS known
            FROM {_WORKING} new LEFT JOIN {documents} old USING (firm_id)
        ), moved AS (
            SELECT word, 1 AS firms FROM compared, unnest(written) word
            WHERE length(word) <= 60
              AND NOT (known AND before @> tsvector_to_array(to_tsvector('indonesian', word)))
            UNION ALL
            SELECT word, 1 FROM compared, unnest(after) word WHERE word LIKE '=%' AND NOT word = ANY (before)
            UNION ALL
            SELECT word, -1 FROM compared, unnest(before) word WHERE word LIKE '=%' AND NOT word = ANY (after)
        ), summed AS (
            SELECT word, sum(firms) AS firms FROM moved GROUP BY word HAVING sum(firms) <> 0 ORDER BY word
        )
        INSERT INTO {words} AS kept (word, firms) SELECT word, firms FROM summed
        ON CONFLICT (word) DO UPDATE SET firms = greatest(0, kept.firms + excluded.firms)
        """
