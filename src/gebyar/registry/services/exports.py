"""Write the firms of a region to a file, piece by piece: a province needs no more memory than a district."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.accounts.queries import region_filter
from gebyar.records.services import record_audit
from gebyar.registry.errors import NotYourRegion
from gebyar.registry.models import Firm
from gebyar.registry.queries.exports import columns, export_frames

Progress = Callable[[int, int | None, str], None]
Write = Callable[[pl.DataFrame], None]
# A spreadsheet runs a cell that begins with one of these as a formula.
_FORMULA = r"^[=+\-@\t\r]"
_SHEET_ROWS = 1_048_575


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


@transaction.atomic
def export_firms(
    *,
    actor: User | None,
    path: Path,
    format: Format,  # noqa: A002
    region: str = "",
    progress: Progress | None = None,
) -> int:
    """Write the firms an officer looks after, with their current figures and size classes.

    Parameters
    ----------
    actor
        The officer; None for the machine's own command line, which sees the whole country.
    path
        The file to write.
    region
        A Kemendagri code that narrows it further, "" for all of the officer's region.
    progress
        Called with (firms written, None, what is being done).

    Returns
    -------
    int
        Number of firms written.

    Raises
    ------
    NotYourRegion
        If the person is no officer; nothing is written then.
    """
    if actor is not None and not actor.has_perm("registry.export_firms"):
        raise NotYourRegion
    firms = Firm.objects.filter(region_filter(actor)) if actor else Firm.objects.all()
    if region:
        firms = firms.filter(region_code__gte=region, region_code__lt=f"{region}/")
    count = 0
    with _WRITERS[format](path) as write:
        for frame in export_frames(firms):
            write(frame)
            count += len(frame)
            if progress:
                progress(count, None, "export")
    record_audit(
        actor=actor, verb="registry.export_firms",
        after={"format": str(format), "region": region, "firms": count},
    )  # fmt: skip
    return count


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before text that a spreadsheet would run."""
    texts = pl.col(pl.String)
    return frame.with_columns(
        pl.when(texts.str.contains(_FORMULA)).then(pl.lit("'") + texts).otherwise(texts).name.keep()
    )


@contextmanager
def _csv(path: Path) -> Iterator[Write]:
    """UTF-8 with a mark that tells spreadsheets so, comma-separated, a header line."""
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf" + ",".join(column.name for column in columns()).encode() + b"\r\n")
        yield lambda frame: guarded(frame).write_csv(file, include_header=False, line_terminator="\r\n")


@contextmanager
def _parquet(path: Path) -> Iterator[Write]:
    schema = pl.DataFrame(schema={column.name: column.type for column in columns()}).to_arrow().schema
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        yield lambda frame: writer.write_table(frame.to_arrow().cast(schema))


@contextmanager
def _xlsx(path: Path) -> Iterator[Write]:
    """One sheet after the other as they fill, and one that says what the columns mean."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        _describe(book)
        yield _Sheets(book).write


class _Sheets:
    """Fills the sheets of a workbook row by row; a full one is followed by the next."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.count = 0
        self._begin()

    def _begin(self) -> None:
        self.count += 1
        self.row = 0
        self.sheet = self.book.add_worksheet(_("Firms") if self.count == 1 else f"{_('Firms')} {self.count}")
        self.sheet.freeze_panes(1, 2)
        if self.count == 1:
            self.sheet.activate()
        self._append(column.name for column in columns())

    def _append(self, values: Iterable[Any]) -> None:
        for position, value in enumerate(values):
            if isinstance(value, str):
                self.sheet.write_string(self.row, position, value)
            elif value is not None:
                self.sheet.write(self.row, position, value)
        self.row += 1

    def write(self, frame: pl.DataFrame) -> None:
        for values in guarded(frame).iter_rows():
            if self.row > _SHEET_ROWS:
                self._begin()
            self._append(values)


def _describe(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet(_("Columns"))
    for row, column in enumerate(columns()):
        for position, text in enumerate((column.name, str(column.meaning), str(column.unit))):
            sheet.write_string(row, position, text)


_WRITERS: dict[Format, Callable[[Path], AbstractContextManager[Write]]] = {
    Format.CSV: _csv,
    Format.XLSX: _xlsx,
    Format.PARQUET: _parquet,
}
