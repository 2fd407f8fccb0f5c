"""People and certificates that a delivery names."""

# ruff: noqa: S608  only names of our own columns are put into SQL; every value is a parameter

from dataclasses import dataclass
from typing import Any

from gebyar.registry.models import Delivery
from gebyar.registry.services.deliveries.columns import PAPERS

# By column of the contact: what the list says of the owner, and of a contact person if it names one. Telephone and
# e-mail are those of the person one is to speak to.
_OWNER = {
    "name": "owner_name",
    "phone": "CASE WHEN contact_name IS NULL THEN phone END",
    "email": "CASE WHEN contact_name IS NULL THEN email END",
    "nik_sealed": "nik_sealed",
    "nik_hash": "nik_hash",
}
_PERSON = {"name": "contact_name", "phone": "phone", "email": "email", "nik_sealed": "NULL", "nik_hash": "NULL"}


def insert_contacts(cursor: Any, delivery: Delivery, said: list[str]) -> None:
    if {"owner_name", "phone", "email", "nik_hash"} & set(said):
        _insert_role(cursor, delivery, "owner", _OWNER)
    if "contact_name" in said:
        _insert_role(cursor, delivery, "contact", _PERSON, "contact_name IS NOT NULL")


def _insert_role(cursor: Any, delivery: Delivery, role: str, values: dict[str, str], who: str = "true") -> None:
    """Add or renew one contact per firm; what the firm said itself (no delivery) only gets its gaps filled."""
    texts = ", ".join(f"coalesce({values[column]}, '')" for column in ("name", "phone", "email"))
    kept = {column: _kept(column) for column in ("name", "phone", "email", "nik_sealed", "nik_hash")}
    # What is sealed looks different every time, so the hash tells whether it is another number.
    told = [column for column in kept if column != "nik_sealed"]
    cursor.execute(
        f"""
        INSERT INTO registry_contact AS old (firm_id, role, name, phone, email, nik_sealed, nik_hash, delivery_id)
        SELECT DISTINCT ON (firm_id) firm_id, '{role}', {texts},
               {values["nik_sealed"]}::bytea, {values["nik_hash"]}::bytea, %(delivery)s::bigint
        FROM staged JOIN matched USING (row)
        WHERE {who} AND num_nonnulls({", ".join(values.values())}) > 0 ORDER BY firm_id, row
        ON CONFLICT (firm_id, role) DO UPDATE SET {", ".join(f"{column} = {value}" for column, value in kept.items())},
            delivery_id = CASE WHEN {_HAS_THE_SAY} THEN excluded.delivery_id ELSE old.delivery_id END
        WHERE ({", ".join(f"old.{column}" for column in told)})
              IS DISTINCT FROM ({", ".join(kept[column] for column in told)})
        """,
        {"delivery": delivery.pk, "as_of": delivery.as_of},
    )


_HAS_THE_SAY = """(old.delivery_id <> excluded.delivery_id AND coalesce(
    (SELECT as_of <= %(as_of)s::date FROM registry_delivery d WHERE d.id = old.delivery_id), false))"""


def _kept(column: str) -> str:
    old, new = (
        (f"old.{column}", f"excluded.{column}")
        if column.startswith("nik")
        else (f"nullif(old.{column}, '')", f"nullif(excluded.{column}, '')")
    )
    end = "" if column.startswith("nik") else ", ''"
    return f"CASE WHEN {_HAS_THE_SAY} THEN coalesce({new}, {old}{end}) ELSE coalesce({old}, {new}{end}) END"


def insert_certificates(cursor: Any, delivery: Delivery, said: list[str]) -> None:
    """Papers of which the list gives a number, or says that there is one; a NIB where its date is known."""
    for kind in PAPERS:
        if f"{kind}_number" in said:
            _insert_kind(cursor, delivery, kind, _Columns(f"{kind}_number", "NULL", f"{kind}_valid_until"))
            _drop_unnumbered(cursor, kind)
    if "nib_issued_on" in said:
        _insert_kind(cursor, delivery, "nib", _Columns("nib", "nib_issued_on", "NULL"), "nib_issued_on IS NOT NULL")


@dataclass(frozen=True)
class _Columns:
    """Where the staged rows say what of a certificate; "NULL" where they say nothing."""

    number: str
    issued: str
    valid: str


def _insert_kind(cursor: Any, delivery: Delivery, kind: str, said: _Columns, needed: str = "true") -> None:
    number = said.number
    cursor.execute(
        f"""
        INSERT INTO registry_certificate AS old (firm_id, kind, number, issued_on, valid_until, delivery_id)
        SELECT DISTINCT ON (firm_id, {number}) firm_id, %(kind)s, {number}, {said.issued}::date, {said.valid}::date,
               %(delivery)s::bigint
        FROM staged JOIN matched USING (row)
        WHERE {number} IS NOT NULL AND {needed} AND ({number} <> '' OR NOT EXISTS (
            SELECT 1 FROM registry_certificate c WHERE c.firm_id = matched.firm_id AND c.kind = %(kind)s))
        ORDER BY firm_id, {number}, row
        ON CONFLICT (firm_id, kind, number) DO UPDATE SET
            valid_until = CASE WHEN {_HAS_THE_SAY} THEN coalesce(excluded.valid_until, old.valid_until)
                               ELSE coalesce(old.valid_until, excluded.valid_until) END,
            issued_on = coalesce(old.issued_on, excluded.issued_on)
        WHERE coalesce(excluded.valid_until, excluded.issued_on) IS NOT NULL
          AND coalesce(excluded.valid_until >= coalesce(old.issued_on, excluded.issued_on), true)
          AND coalesce(old.valid_until >= coalesce(old.issued_on, excluded.issued_on), true)
        """,
        {"kind": kind, "delivery": delivery.pk, "as_of": delivery.as_of},
    )


def _drop_unnumbered(cursor: Any, kind: str) -> None:
    """A paper without number was only a placeholder for the one that has it."""
    cursor.execute(
        """
        DELETE FROM registry_certificate c USING matched m
        WHERE c.firm_id = m.firm_id AND c.kind = %(kind)s AND c.number = '' AND c.file = ''
          AND EXISTS (SELECT 1 FROM registry_certificate n
                      WHERE n.firm_id = c.firm_id AND n.kind = %(kind)s AND n.number <> '')
        """,
        {"kind": kind},
    )
