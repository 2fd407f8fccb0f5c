"""Lists as offices hand them in, made for tests, and the register's whole content without what differs by chance."""

import csv
import tempfile
from datetime import date
from pathlib import Path

from django.db import connection

from gebyar.registry.services.deliveries import receive

SOURCE = "Dinas Perindustrian Kota Semarang"
AS_OF = date(2024, 12, 31)
PLACE = {"Kabupaten/Kota": "Kota Semarang", "Provinsi": "Jawa Tengah"}


def row(name, **cells):
    """One row of a list; keywords are headings with underscores for blanks."""
    return {"Nama Perusahaan": name, **PLACE, **{key.replace("_", " "): value for key, value in cells.items()}}


def write_list(rows, path=None):
    """Write rows as CSV, with all headings that any row has."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    path = path or Path(tempfile.mkstemp(prefix="list-", suffix=".csv", dir="/tmp")[1])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings)
        writer.writeheader()
        writer.writerows(rows)
    return path


def received(rows, *, path=None, **facts):
    path = path or write_list(rows)
    usual = {"actor": None, "path": path, "file_name": path.name, "source_name": SOURCE, "as_of": AS_OF}
    return receive(**usual | facts)


# Numbers that a sequence deals, and moments, differ from run to run; what refers to them is told by what it means.
_CONTENT = {
    "firms": """
        SELECT f.name, f.legal_form, f.kind, f.nib, f.npwp_hash, f.region_code, f.address, f.postal_code, f.kbli_code,
               f.kbli_version, f.products, f.latitude, f.longitude, f.started_year, f.is_active, f.is_synthetic,
               f.identity_key, d.sha256, d.as_of
        FROM registry_firm f LEFT JOIN registry_delivery d ON d.id = f.delivery_id""",
    "profiles": """
        SELECT f.nib, f.identity_key, f.name, d.sha256, d.as_of AS held, to_jsonb(p) - ARRAY['id', 'firm_id', 'delivery_id']
        FROM registry_profile p JOIN registry_firm f ON f.id = p.firm_id
        JOIN registry_delivery d ON d.id = p.delivery_id""",
    "contacts": """
        SELECT f.nib, f.identity_key, f.name, c.role, c.name, c.phone, c.email, c.nik_hash, d.sha256
        FROM registry_contact c JOIN registry_firm f ON f.id = c.firm_id
        LEFT JOIN registry_delivery d ON d.id = c.delivery_id""",
    "certificates": """
        SELECT f.nib, f.identity_key, c.kind, c.number, c.issued_on, c.valid_until, d.sha256
        FROM registry_certificate c JOIN registry_firm f ON f.id = c.firm_id
        LEFT JOIN registry_delivery d ON d.id = c.delivery_id""",
    "changes": """
        SELECT f.nib, f.identity_key, c.field, c.old_value, c.new_value, c.as_of, d.sha256
        FROM registry_factchange c JOIN registry_firm f ON f.id = c.firm_id
        LEFT JOIN registry_delivery d ON d.id = c.delivery_id""",
    "deliveries": """
        SELECT s.name, d.sha256, d.as_of, d.status, d.cursor, d.rows_total, d.rows_taken, d.rows_refused, d.counts, d.note
        FROM registry_delivery d JOIN registry_source s ON s.id = d.source_id""",
    "problems": """
        SELECT d.sha256, p.row, p.field, p.value, p.reason, p.parameters, p.is_error
        FROM registry_rowproblem p JOIN registry_delivery d ON d.id = p.delivery_id""",
    "search": """
        SELECT f.nib, f.identity_key, f.name, s.words::text
        FROM registry_searchdocument s JOIN registry_firm f ON f.id = s.firm_id""",
    "audit": "SELECT verb, before, after FROM records_auditentry",
}


def content():
    """Return every row of the register's tables, sorted, so that two states can be compared whole."""
    with connection.cursor() as cursor:
        found = {}
        for table, sql in _CONTENT.items():
            cursor.execute(f"SELECT to_jsonb(told)::text FROM ({sql}) told ORDER BY 1")
            found[table] = [text for (text,) in cursor.fetchall()]
        return found


def counts():
    return {table: len(rows) for table, rows in content().items()}
