"""What a delivery says of firms that are known already: the newer statement wins, and the history keeps both."""

# ruff: noqa: S608  only names of our own columns are put into SQL; every value is a parameter

from dataclasses import dataclass
from typing import Any

import polars as pl

from gebyar.records.sealing import open_sealed
from gebyar.registry.facts import masked
from gebyar.registry.imports.identity import identity_keys
from gebyar.registry.models import Delivery
from gebyar.registry.services.deliveries.columns import IDENTITY


@dataclass(frozen=True)
class Fact:
    """Columns of a firm that are replaced together; `text` is how the history writes them, with {t} for the table."""

    columns: tuple[str, ...]
    text: str
    # Beyond being new and different: when the row's value (s) may replace the firm's (f).
    guard: str = "true"

    @property
    def lead(self) -> str:
        return self.columns[0]


# A village is not forgotten because the newer list names only the regency.
_NOT_COARSER = "NOT starts_with(f.region_code, s.region_code || '.')"
# A number is taken over only where nobody else holds it.
_FREE = "NOT EXISTS (SELECT 1 FROM registry_firm o WHERE o.nib = s.nib)"
_SPECIAL = {
    "nib": Fact(("nib",), "{t}.nib", _FREE),
    "region_code": Fact(("region_code",), "{t}.region_code", _NOT_COARSER),
    "kbli_code": Fact(("kbli_code", "kbli_version"), "{t}.kbli_code || '/' || {t}.kbli_version"),
    "latitude": Fact(("latitude", "longitude"), "{t}.latitude || ',' || {t}.longitude"),
    "products": Fact(("products",), "nullif(array_to_string({t}.products, E'\\n'), '')"),
}
_FOLLOWERS = {"kbli_version", "longitude"}
FACTS = [
    _SPECIAL.get(column, Fact((column,), f"nullif({{t}}.{column}::text, '')"))
    for column in IDENTITY
    if column not in _FOLLOWERS
]
_NPWP = Fact(("npwp_hash", "npwp_sealed"), "encode({t}.npwp_hash, 'hex')")
# Facts that the key for joining rows without NIB is made of.
_KEY_FACTS = ("name", "region_code", "address")


def merge_known_firms(cursor: Any, delivery: Delivery, said: list[str]) -> tuple[int, int]:
    """Let what this delivery says of known firms replace what is older, or fill what nobody said.

    Parameters
    ----------
    said
        The columns that the delivery has.

    Returns
    -------
    tuple of int
        How many facts changed, and of how many firms.
    """
    if not _gather_contradicted(cursor, said):
        return 0, 0
    cursor.execute("CREATE TEMPORARY TABLE touched (firm_id bigint, field text, is_change boolean) ON COMMIT DROP")
    values = {"delivery": delivery.pk, "as_of": delivery.as_of}
    for fact in FACTS:
        if fact.lead in said:
            cursor.execute(_change_sql(fact), values)
    if "npwp_hash" in said:
        _change_npwp(cursor, values)
    _renew_keys(cursor)
    cursor.execute("SELECT count(*), count(DISTINCT firm_id) FROM touched WHERE is_change")
    facts, firms = cursor.fetchone()
    cursor.execute("DROP TABLE touched, telling")
    return int(facts), int(firms)


def _gather_contradicted(cursor: Any, said: list[str]) -> int:
    """Put the rows about firms of which any row says anything else than the register into the table `telling`.

    Most rows of a yearly list only repeat who a firm is. Looked at once, they need not be gone through for each fact.
    """
    told = [fact for fact in (*FACTS, _NPWP) if fact.lead in said]
    differs = " OR ".join(
        f"(s.{fact.lead} IS NOT NULL AND {fact.text.format(t='s')} IS DISTINCT FROM {fact.text.format(t='f')})"
        for fact in told
    )
    rows = "staged s JOIN matched m USING (row)"
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE telling ON COMMIT DROP AS
        SELECT s.*, m.firm_id FROM {rows} WHERE NOT m.is_new AND m.firm_id IN (
            SELECT m.firm_id FROM {rows} JOIN registry_firm f ON f.id = m.firm_id
            WHERE NOT m.is_new AND ({differs or "false"}))
        """
    )
    count = int(cursor.rowcount)
    cursor.execute("ANALYZE telling (firm_id)" if count else "DROP TABLE telling")
    return count


def _differing(fact: Fact) -> str:
    """Return SQL for what the rows say otherwise than the register, where the delivery has the say."""
    old = fact.text.format(t="f")
    field = "npwp" if fact is _NPWP else fact.lead
    return f"""
        SELECT f.id AS firm_id, {", ".join(f"s.{column}" for column in fact.columns)},
               {old} AS old_text, {fact.text.format(t="s")} AS new_text,
               f.delivery_id IS NOT DISTINCT FROM %(delivery)s AND {old} IS NULL AS is_same_statement
        FROM (SELECT DISTINCT ON (firm_id) firm_id, {", ".join(fact.columns)} FROM telling
              WHERE {fact.lead} IS NOT NULL ORDER BY firm_id, row) s
        JOIN registry_firm f ON f.id = s.firm_id
        LEFT JOIN registry_delivery origin ON origin.id = f.delivery_id
        LEFT JOIN LATERAL (
            SELECT c.as_of, c.delivery_id FROM registry_factchange c
            WHERE c.firm_id = f.id AND c.field = '{field}' ORDER BY c.as_of DESC, c.id DESC LIMIT 1
        ) last ON true
        WHERE {fact.text.format(t="s")} IS DISTINCT FROM {old} AND {fact.guard}
          AND ({old} IS NULL OR {_HAS_THE_SAY})
        """


# Between statements of one date the one taken in later wins; a delivery does not contradict itself.
_HAS_THE_SAY = """
    CASE WHEN last.as_of IS NULL THEN
        %(as_of)s::date >= coalesce(origin.as_of, f.created_at::date)
        AND f.delivery_id IS DISTINCT FROM %(delivery)s
    ELSE %(as_of)s::date >= last.as_of AND last.delivery_id IS DISTINCT FROM %(delivery)s END"""


def _change_sql(fact: Fact) -> str:
    sets = ", ".join(f"{column} = d.{column}" for column in fact.columns)
    return f"""
        WITH differing AS ({_differing(fact)}), changed AS (
            UPDATE registry_firm f SET {sets} FROM differing d WHERE f.id = d.firm_id
        ), noted AS (
            INSERT INTO touched SELECT firm_id, '{fact.lead}', NOT is_same_statement FROM differing
        )
        INSERT INTO registry_factchange (firm_id, field, old_value, new_value, as_of, delivery_id)
        SELECT firm_id, '{fact.lead}', old_text, new_text, %(as_of)s, %(delivery)s
        FROM differing WHERE NOT is_same_statement
        """


def _change_npwp(cursor: Any, values: dict[str, Any]) -> None:
    """Replace sealed tax numbers, of which the history shows the last digits only."""
    differing = _differing(_NPWP)
    cursor.execute(
        f"SELECT d.*, f.npwp_sealed AS old_sealed FROM ({differing}) d JOIN registry_firm f ON f.id = d.firm_id", values
    )
    rows = [
        (firm, new_hash, sealed, _shown(old_sealed), _shown(sealed), is_same)
        for firm, new_hash, sealed, _old, _new, is_same, old_sealed in cursor.fetchall()
    ]
    if not rows:
        return
    changed = [(new_hash, sealed, firm) for firm, new_hash, sealed, *_rest in rows]
    cursor.executemany("UPDATE registry_firm SET npwp_hash = %s, npwp_sealed = %s WHERE id = %s", changed)
    cursor.executemany("INSERT INTO touched VALUES (%s, 'npwp', %s)", [(row[0], not row[-1]) for row in rows])
    cursor.executemany(
        "INSERT INTO registry_factchange (firm_id, field, old_value, new_value, as_of, delivery_id)"
        " VALUES (%s, 'npwp', %s, %s, %s, %s)",
        [
            (firm, old, new, values["as_of"], values["delivery"])
            for firm, _h, _s, old, new, is_same in rows
            if not is_same
        ],
    )


def _shown(sealed: bytes | None) -> str | None:
    return masked(open_sealed(sealed)) if sealed else None


def _renew_keys(cursor: Any) -> None:
    """Let the key for joining rows without NIB follow name and place."""
    cursor.execute(
        "SELECT id, name, region_code, address FROM registry_firm"
        " WHERE id IN (SELECT firm_id FROM touched WHERE field = ANY(%s))",
        [list(_KEY_FACTS)],
    )
    found = cursor.fetchall()
    if not found:
        return
    firms = pl.DataFrame(found, schema=["id", *_KEY_FACTS], orient="row")
    cursor.execute(
        "UPDATE registry_firm f SET identity_key = new.key"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS new (id, key) WHERE f.id = new.id",
        [firms["id"].to_list(), identity_keys(firms).to_list()],
    )
