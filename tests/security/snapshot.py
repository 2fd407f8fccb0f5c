"""A fingerprint of everything stored, to show that a refused request changed nothing."""

from django.apps import apps
from django.db import connection
from psycopg import sql

# What every request may touch: the session, and the rate limits' cache when it lies in the database.
IGNORED = {"django_session", "django_migrations"}


def stored() -> dict[str, str]:
    """Return table → number and hash of its rows."""
    tables = sorted({model._meta.db_table for model in apps.get_models() if model._meta.managed} - IGNORED)
    with connection.cursor() as cursor:
        return {table: _fingerprint(cursor, table) for table in tables}


def _fingerprint(cursor, table: str) -> str:
    rows = sql.SQL("select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {} t")
    cursor.execute(rows.format(sql.Identifier(table)))
    return cursor.fetchone()[0]
