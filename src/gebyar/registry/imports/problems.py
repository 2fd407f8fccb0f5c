"""The sheet of problems that goes back to the office: what it wrote, what is the matter, what to do."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

import polars as pl
import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from gebyar.registry.imports.added import LANGUAGES, added_headings, beside_ours
from gebyar.registry.imports.fields import by_id
from gebyar.registry.imports.reading import EXTRA, ROW, TableReader
from gebyar.registry.imports.reasons import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gebyar.registry.imports.mapping import Mapping

_FORMULA_START = r"^[=+\-@\t\r]"
_NUMBER = r"^[+\-]?[0-9.,]*$"
_FIRST_WIDTHS = (8, 14, 60, 60)


def _weight(severity: str) -> str:
    words = []
    for language in LANGUAGES:
        with override(language):
            words.append(_("row left out") if severity == "error" else _("please check"))
    return " / ".join(words)


def _column_name(field: str, mapping: Mapping) -> str:
    """The heading of the office's own list, or the name of the field when no single column gave it."""
    column = mapping.of(field)
    if column is not None:
        return column.heading
    return str(by_id()[field].label) if field in by_id() else ""


def _explanations(problems: pl.DataFrame) -> pl.DataFrame:
    """Reason and remedy in each language, once per different (reason, parameters)."""
    different = problems.select("reason", "parameters").unique(maintain_order=True)
    texts = []
    for reason, parameters in different.iter_rows():
        words = []
        for language in LANGUAGES:
            with override(language):
                words.append(" ".join(describe(reason, parameters)))
        texts.append((reason, parameters, *words))
    return pl.DataFrame(texts, schema=dict.fromkeys(("reason", "parameters", *LANGUAGES), pl.String), orient="row")


def _sentence(problems: pl.DataFrame, mapping: Mapping, language: str) -> pl.Expr:
    """A problem in words: NIB “123”: A NIB has 13 digits. Write the 13 digits of the NIB."""
    with override(language):
        names = {field: _column_name(field, mapping) for field in problems["field"].unique()}
    said = pl.col("value").fill_null("")
    value = pl.when(said != "").then(pl.lit(" “") + said + pl.lit("”")).otherwise(pl.lit(""))
    where = (pl.col("field").replace(names) + value).str.strip_chars()
    words = pl.col(language)
    return pl.when(where != "").then(where + pl.lit(": ") + words).otherwise(words).alias(language)


def problem_sheet(problems: pl.DataFrame, originals: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """The rows that have problems, each once, with what is to be mended beside their cells.

    A row stands in the sheet once however much is wrong with it, so that it is corrected in one place.

    Parameters
    ----------
    problems
        As PROBLEM_SCHEMA.
    originals
        The rows of the list as they were read (column row and one text per heading), see :func:`rows_of`.
    mapping
        Gives the office's own heading of each field.

    Returns
    -------
    polars.DataFrame
        One row per row of the list: its number, its weight, all of its problems in Indonesian and in English (one in
        each line, what keeps the row out first), then the original cells.
    """
    told = problems.join(_explanations(problems), on=["reason", "parameters"], how="left", maintain_order="left")
    is_error = pl.col("severity") == "error"
    rows = (
        told.with_columns(_sentence(problems, mapping, language) for language in LANGUAGES)
        .sort(pl.col(ROW), ~is_error, maintain_order=True)
        .group_by(ROW, maintain_order=True)
        .agg(pl.col("severity").first(), *(pl.col(language).unique(maintain_order=True) for language in LANGUAGES))
    )
    weight = pl.col("severity").replace({severity: _weight(severity) for severity in ("error", "warning")})
    columns = [pl.col(ROW), weight, *(pl.col(language).list.join("\n") for language in LANGUAGES)]
    added = rows.select(column.alias(name) for column, name in zip(columns, added_headings(), strict=True))
    cells = originals.drop(EXTRA, strict=False).rename(
        lambda name: name if name == ROW else beside_ours(name, added.columns)
    )
    return added.join(cells, left_on=added.columns[0], right_on=ROW, how="left", maintain_order="left")


def rows_of(reader: TableReader, rows: Iterable[int]) -> pl.DataFrame:
    """The original cells of some rows of a list, read once more."""
    wanted = sorted(set(rows))
    found = [part for chunk in reader.chunks() if (part := chunk.filter(pl.col(ROW).is_in(wanted))).height]
    empty = pl.DataFrame(schema={ROW: pl.Int64, **dict.fromkeys(reader.headers, pl.String)})
    return pl.concat([empty, *(part.drop(EXTRA, strict=False) for part in found)])


def write_xlsx(sheet: pl.DataFrame, target: IO[bytes]) -> None:
    """Write a sheet as a workbook; all cells are texts or numbers, never formulas."""
    safe = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(target, safe) as book:
        page = book.add_worksheet("Periksa")
        page.freeze_panes(1, 1)
        page.write_row(0, 0, sheet.columns, book.add_format({"bold": True, "text_wrap": True, "valign": "top"}))
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            page.write_row(number, 0, ["" if cell is None else cell for cell in cells])
        page.autofilter(0, 0, max(1, sheet.height), len(sheet.columns) - 1)
        lines = book.add_format({"text_wrap": True, "valign": "top"})
        for position, width in enumerate(_FIRST_WIDTHS):
            page.set_column(position, position, width, lines)


def write_csv(sheet: pl.DataFrame, target: IO[bytes]) -> None:
    """Write a sheet as CSV with a byte order mark, so that spreadsheets read it as UTF-8."""
    target.write(b"\xef\xbb\xbf")
    texts = [name for name, dtype in sheet.schema.items() if dtype == pl.String]
    sheet.with_columns(_disarmed(pl.col(name)) for name in texts).write_csv(target, separator=";")


def _disarmed(text: pl.Expr) -> pl.Expr:
    """A text that no spreadsheet takes for a formula."""
    is_formula = text.str.contains(_FORMULA_START) & ~text.str.contains(_NUMBER)
    return pl.when(~is_formula).then(text).otherwise(pl.lit("'") + text)


def as_bytes(sheet: pl.DataFrame, kind: str) -> bytes:
    """A sheet as "xlsx" or "csv" for a download."""
    target = io.BytesIO()
    (write_xlsx if kind == "xlsx" else write_csv)(sheet, target)
    return target.getvalue()


def counts(problems: pl.DataFrame) -> Iterator[tuple[str, str, int]]:
    """(reason, severity, how often) of the problems, the commonest first."""
    grouped = problems.group_by("reason", "severity").len().sort("len", "reason", descending=[True, False])
    yield from grouped.iter_rows()
