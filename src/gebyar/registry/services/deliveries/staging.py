"""Send tables of rows to PostgreSQL with COPY."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import polars as pl
from django.db import connection

from gebyar.registry.services.deliveries.columns import STAGED

_ROWS_AT_ONCE = 5_000


def stage(cursor: Any, rows: pl.DataFrame) -> None:
    """Put cleaned rows into the temporary table `staged`."""
    present = [column for column in STAGED if column in rows.columns]
    columns = ", ".join(f"{name} {kind}" for name, kind in STAGED.items())
    cursor.execute(f"CREATE TEMPORARY TABLE staged ({columns}) ON COMMIT DROP")
    copy_into(cursor, "staged", rows.select(present))
    cursor.execute("ANALYZE staged (row)")


def copy_into(cursor: Any, table: str, rows: pl.DataFrame) -> None:
    """Append rows to a table that has columns of these names.

    Raises
    ------
    django.db.Error
        As any other statement would: Django does not translate the errors of COPY by itself.
    """
    if rows.is_empty():
        return
    sql = f"COPY {table} ({', '.join(rows.columns)}) FROM STDIN (FORMAT csv, NULL '\\N')"
    parts = rows.iter_slices(_ROWS_AT_ONCE)
    # The next rows are written down while PostgreSQL takes these.
    with ThreadPoolExecutor(max_workers=1) as pool, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for text in pool.map(copy_text, parts):
            copy.write(text)


def copy_text(rows: pl.DataFrame) -> bytes:
    """Write rows as PostgreSQL's CSV: lists as array literals, bytes as hex, nothing as backslash N."""
    expressions = [_copy_column(name, kind) for name, kind in rows.schema.items()]
    return rows.select(expressions).write_csv(include_header=False, null_value="\\N", quote_style="necessary").encode()


def _copy_column(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.List):
        quoted = column.list.eval(pl.lit('"') + pl.element().str.replace_all(r'(["\\])', r"\$1") + pl.lit('"'))
        return (pl.lit("{") + quoted.list.join(",") + pl.lit("}")).alias(name)
    if kind == pl.Binary:
        return (pl.lit("\\x") + column.bin.encode("hex")).alias(name)
    return column
