"""Reading whole columns: what is plainly written in one vectorised step, the rest once per different text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from gebyar.registry.imports.fields import PROBLEM_SCHEMA, SECRET_KINDS, by_id
from gebyar.registry.imports.reasons import REASONS, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from gebyar.registry.imports.cells import Cell

_LONGEST_VALUE_SHOWN = 200


@dataclass(slots=True)
class Problems:
    """A growing table of problems; columns as PROBLEM_SCHEMA."""

    tables: list[pl.DataFrame] = field(default_factory=list)

    def add(self, table: pl.DataFrame, severity: Severity | None = None) -> None:
        """Add rows with row, field, value, reason, parameters (JSON text); severity by reason by default."""
        if not table.height:
            return
        severities = {code: reason.severity for code, reason in REASONS.items()}
        given = pl.lit(severity) if severity else pl.col("reason").replace_strict(severities, return_dtype=pl.String)
        shown = pl.col("value").str.slice(0, _LONGEST_VALUE_SHOWN)
        self.tables.append(
            table.with_columns(shown, severity=given).select(
                pl.col(name).cast(dtype) for name, dtype in PROBLEM_SCHEMA.items()
            )
        )

    def add_where(
        self,
        frame: pl.DataFrame,
        condition: pl.Expr,
        reason: str,
        field_id: str,
        *,
        value: pl.Expr | None = None,
        parameters: pl.Expr | None = None,
    ) -> None:
        """Add one problem for each row of ``frame`` (with column row) that meets a condition."""
        found = frame.filter(condition)
        if found.height:
            self.add(
                found.select(
                    row="row",
                    field=pl.lit(field_id),
                    value=pl.lit("") if value is None else value.cast(pl.String).fill_null(""),
                    reason=pl.lit(reason),
                    parameters=pl.lit("{}") if parameters is None else parameters,
                )
            )

    def table(self) -> pl.DataFrame:
        """All problems in order of rows."""
        if not self.tables:
            return pl.DataFrame(schema=PROBLEM_SCHEMA)
        return pl.concat(self.tables).sort("row", maintain_order=True)


def parameters_json(**columns: pl.Expr) -> pl.Expr:
    """Parameters of problems as JSON text, row by row."""
    values = pl.struct(*(column.alias(name) for name, column in columns.items()))
    return values.map_elements(as_json, return_dtype=pl.String)


def as_json(parameters: dict[str, Any]) -> str:
    """Parameters of one problem as JSON text."""
    return json.dumps(parameters, ensure_ascii=False)


def masked(text: str) -> str:
    """A personal number of which only the first four characters are shown."""
    return text[:4] + "•" * max(0, len(text) - 4)


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of one column, and the units that stood behind its numbers."""

    values: pl.Series
    units: pl.Series | None = None


def read_column(
    rows: pl.Series,
    texts: pl.Series,
    parse: Callable[[str], Cell],
    *,
    dtype: pl.DataType | type[pl.DataType],
    problems: Problems,
    quick: pl.Expr | None = None,
) -> Reading:
    """Read a column.

    Parameters
    ----------
    rows, texts
        Row numbers and tidied texts; the name of ``texts`` is the id of its field.
    parse
        Reads one text; called once per different text that ``quick`` leaves over.
    dtype
        Of the values.
    problems
        Takes the problems found.
    quick
        Over the column "text": the value of plainly written cells, null for all else. It must agree with
        ``parse``.
    """
    frame = pl.DataFrame({"row": rows, "text": texts}).with_columns(
        value=(pl.lit(None) if quick is None else quick).cast(dtype)
    )
    left = frame.filter(pl.col("text").is_not_null() & pl.col("value").is_null())
    if not left.height:
        return Reading(frame["value"])
    cells = {text: parse(text) for text in left["text"].unique(maintain_order=True)}
    table = _table_of(cells, dtype)
    joined = frame.join(table, on="text", how="left", maintain_order="left")
    _report(left.join(table, on="text", how="left", maintain_order="left"), texts.name, problems)
    return Reading(joined.select(pl.coalesce("value", "parsed")).to_series(), _units(cells, joined))


def _table_of(cells: dict[str, Cell], dtype: pl.DataType | type[pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "text": pl.Series(list(cells), dtype=pl.String),
            "parsed": pl.Series([cell.value for cell in cells.values()], dtype=dtype),
            "reason": pl.Series([cell.reason for cell in cells.values()], dtype=pl.String),
            "parameters": pl.Series([as_json(cell.parameters) for cell in cells.values()], dtype=pl.String),
            "unit": pl.Series([cell.unit or None for cell in cells.values()], dtype=pl.String),
        }
    )


def _units(cells: dict[str, Cell], joined: pl.DataFrame) -> pl.Series | None:
    return joined["unit"] if any(cell.unit for cell in cells.values()) else None


def _report(left: pl.DataFrame, field_id: str, problems: Problems) -> None:
    faulty = left.filter(pl.col("reason").is_not_null())
    if not faulty.height:
        return
    value = pl.col("text")
    if by_id()[field_id].kind in SECRET_KINDS:
        value = value.map_elements(masked, return_dtype=pl.String)
    problems.add(
        faulty.select(row="row", field=pl.lit(field_id), value=value, reason="reason", parameters="parameters")
    )
