"""Reading the lists that offices hand in: CSV in any of their dialects, and workbooks.

Every chunk is a table of texts with the column ``row``: the number a person sees at the left edge when the
original is opened in a spreadsheet, title and heading lines counted.
"""

from __future__ import annotations

import codecs
import csv
import io
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import fastexcel
import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from gebyar.registry.imports.errors import UnreadableTable
from gebyar.registry.imports.layout import Layout, find_layout
from gebyar.registry.imports.ornaments import without_ornaments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHUNK_ROWS = 50_000
SAMPLE_ROWS = 60
# Cells beyond the last heading: something that was not quoted pushed the row to the right.
EXTRA = "__extra__"
ROW = "row"

_SEPARATORS = (",", ";", "\t", "|")
_BLOCK_CHARACTERS = 8_000_000
_SURVEY_BYTES = 4_000_000
_LONGEST_QUOTED_LINES = 100
# Longer than any cell of a list; the standard library's 131,072 would stop at a stray quote with a riddle.
_LONGEST_CELL = 10_000_000
_QUOTE = ord('"')


class TableReader(ABC):
    """A list opened for reading.

    Attributes
    ----------
    headers : tuple of str
        One text per column, all different.
    sheets : tuple of str
        Names of the sheets of a workbook, () for CSV.
    sheet : str
        The sheet that is read, "" for CSV.
    estimated_rows : int
        About how many rows of data follow; exact for workbooks and for CSV without quoted line breaks.
    titles : tuple of str
        Texts above the headings.
    """

    layout: Layout
    estimated_rows: int
    sheets: tuple[str, ...] = ()
    sheet: str = ""

    @property
    def headers(self) -> tuple[str, ...]:
        return self.layout.headers

    @property
    def titles(self) -> tuple[str, ...]:
        return self.layout.titles

    @abstractmethod
    def _frames(self) -> Iterator[pl.DataFrame]:
        """Tables of texts named by ``headers`` and EXTRA, all rows after the headings, blank ones too."""

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[pl.DataFrame]:
        """The rows of data in tables of at most ``rows`` rows, without blank, total and numbering rows.

        Yields
        ------
        polars.DataFrame
            Column ``row`` (Int64), then one text column per heading, and EXTRA if a row has more cells than
            there are headings.
        """
        first = self.layout.last + 2
        for frame in _sliced(self._frames(), rows):
            numbered = frame.with_row_index(ROW, offset=first).with_columns(pl.col(ROW).cast(pl.Int64))
            first += frame.height
            kept = without_ornaments(numbered, self.headers)
            if kept.height:
                yield kept if kept[EXTRA].null_count() < kept.height else kept.drop(EXTRA)

    def sample(self, rows: int = SAMPLE_ROWS) -> pl.DataFrame:
        """The first rows of data."""
        return next(self.chunks(rows), self._empty())

    def _empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema={ROW: pl.Int64, **dict.fromkeys(self.headers, pl.String)})

    def _schema(self) -> dict[str, type[pl.DataType]]:
        return dict.fromkeys((*self.headers, EXTRA), pl.String)


def _sliced(frames: Iterator[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    for frame in frames:
        yield from frame.iter_slices(rows)


def open_table(path: Path | str, sheet: str | None = None) -> TableReader:
    """Open a CSV file or a workbook (XLSX, XLSM, XLSB, XLS, ODS), told apart by their content.

    Parameters
    ----------
    path
        The file.
    sheet
        The sheet of a workbook; by default the one whose headings are understood best.

    Raises
    ------
    UnreadableTable
        If the file is empty, damaged, protected, a web page or a document of another kind.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            start = file.read(2048)
    except OSError as error:
        raise UnreadableTable(
            _("The file %(file)s cannot be opened: %(why)s") % {"file": path.name, "why": error}
        ) from error
    if not start.strip(b"\xef\xbb\xbf\x00 \r\n\t,;|"):
        raise UnreadableTable(_("The file %(file)s is empty.") % {"file": path.name})
    _refuse_other_kinds(path, start)
    is_workbook = start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    return WorkbookReader(path, sheet) if is_workbook else CsvReader(path)


def _refuse_other_kinds(path: Path, start: bytes) -> None:
    beginning = start.lstrip(b"\xef\xbb\xbf \r\n\t")[:200].lower()
    if beginning.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise UnreadableTable(
            _(
                "%(file)s is a web page that bears the name of a table. Open it in a spreadsheet program"
                " and save it as XLSX."
            )
            % {"file": path.name}
        )
    if beginning.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff")):
        raise UnreadableTable(
            _("%(file)s is a document or picture, not a table. Ask for the list as XLSX or CSV.") % {"file": path.name}
        )


# --- CSV ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written. ``skip`` counts leading lines that a spreadsheet does not show ("sep=;")."""

    encoding: str
    separator: str
    skip: int


def _marked_encoding(start: bytes) -> str | None:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start[1:200:2].count(0) > 50:
        return "utf-16-le"
    return "utf-16-be" if start[0:200:2].count(0) > 50 else None


def _survey(path: Path) -> tuple[str, int]:
    """Encoding and number of lines, in one pass: a name with an accent may stand anywhere."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, lines, block = None, 0, b""
    with path.open("rb") as file:
        marked = _marked_encoding(file.read(400))
        file.seek(0)
        while more := file.read(_SURVEY_BYTES):
            block = more
            lines += block.count(b"\n") or block.count(b"\r")
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                encoding = "cp1252"
                decoder.reset()
    is_open_ended = bool(block) and not block.rstrip(b"\x00").endswith((b"\n", b"\r"))
    return marked or encoding or "utf-8", lines + is_open_ended


def _open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    # Windows-1252 leaves five bytes undefined; one of them must not stop a list of thousands of firms.
    return path.open("r", encoding=encoding, errors="replace", newline="")


def _records(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(lines, delimiter=separator)


def _consistency(lines: Sequence[str], separator: str) -> float:
    widths = [len(record) for record in _records(iter(lines), separator) if any(cell.strip() for cell in record)]
    if not widths:
        return 0.0
    usual = max(set(widths), key=widths.count)
    return 0.0 if usual == 1 else widths.count(usual) / len(widths) * min(usual, 8)


def _find_dialect(path: Path, encoding: str) -> Dialect:
    with _open_text(path, encoding) as text:
        lines = list(islice(text, SAMPLE_ROWS))
    hint = lines[0].strip().lower() if lines else ""
    if hint.startswith("sep=") and len(hint) == 5:
        return Dialect(encoding, hint[4], skip=1)
    best = max(_SEPARATORS, key=lambda separator: _consistency(lines, separator))
    return Dialect(encoding, best, skip=0)


class CsvReader(TableReader):
    """A CSV file of any size, read in blocks so that memory stays bounded."""

    def __init__(self, path: Path) -> None:
        self.path = path
        encoding, lines = _survey(path)
        self.dialect = _find_dialect(path, encoding)
        with self._lines() as text:
            rows = list(islice(_records(text, self.dialect.separator), SAMPLE_ROWS))
        self.layout = _layout(path, rows)
        self.estimated_rows = max(0, lines - self.layout.last - 1 - self.dialect.skip)

    def _lines(self) -> io.TextIOWrapper:
        text = _open_text(self.path, self.dialect.encoding)
        for _line in range(self.dialect.skip):
            text.readline()
        return text

    def _frames(self) -> Iterator[pl.DataFrame]:
        with self._lines() as text:
            records = _records(text, self.dialect.separator)
            # The reader takes whole records from the file, so what follows begins behind the headings.
            for _record in range(self.layout.last + 1):
                next(records)
            yield from self._blocks(text)

    def _blocks(self, text: io.TextIOWrapper) -> Iterator[pl.DataFrame]:
        """Regular blocks through Polars, and everything from the first irregular one on record by record.

        Only a reader that goes record by record takes a stray quote, such as 5" pipe, as people mean it.
        """
        block = _whole_records(text)
        while block and _is_regular(encoded := block.encode("utf-8", "replace"), self.dialect.separator):
            yield self._regular_frame(encoded)
            block = _whole_records(text)
        records = _records(chain(io.StringIO(block, newline=""), text), self.dialect.separator)
        while part := list(islice(records, CHUNK_ROWS)):
            yield self._frame_of(part)

    def _regular_frame(self, block: bytes) -> pl.DataFrame:
        # Polars takes the number of columns from the first line, so that line is ours.
        separator = self.dialect.separator
        widest = separator * len(self.headers) + "\n"
        frame = pl.read_csv(
            io.BytesIO(widest.encode() + block),
            has_header=False,
            schema=self._schema(),
            separator=separator,
            quote_char='"' if b'"' in block else None,
            truncate_ragged_lines=True,
        )
        # A quoted cell with nothing in it says nothing, and so is not one too many either.
        return frame.slice(1).with_columns(pl.col(EXTRA).replace("", None))

    def _frame_of(self, records: list[list[str]]) -> pl.DataFrame:
        width = len(self.headers)
        padding = [""] * (width + 1)
        cells = zip(*((*record, *padding)[: width + 1] for record in records), strict=True)
        frame = pl.DataFrame([list(column) for column in cells], schema=self._schema(), orient="col")
        return frame.with_columns(pl.all().replace("", None))


def _whole_records(text: io.TextIOWrapper) -> str:
    """The next block, up to a line end outside quotes if such an end is near."""
    block = text.read(_BLOCK_CHARACTERS)
    block += text.readline() if block and not block.endswith("\n") else ""
    if block.count('"') % 2:
        for line in islice(text, _LONGEST_QUOTED_LINES):
            block += line
            if line.count('"') % 2:
                break
    return block


def _is_regular(block: bytes, separator: str) -> bool:
    """Whether all readers agree on a block: every line ends alike, and quotes stand as RFC 4180 has them.

    Every other quote opens: it stands at the beginning of a cell. The one behind it closes: it stands at the end of
    a cell. Where two meet instead, they are a quote that belongs to the cell.
    """
    if block.count(b"\r") and block.count(b"\r") != block.count(b"\r\n"):
        return False
    quotes = np.flatnonzero(np.frombuffer(block, np.uint8) == _QUOTE)
    if not quotes.size:
        return True
    fenced = np.frombuffer(b"\n" + block + b"\n", np.uint8)
    opening, closing = quotes[::2], quotes[1::2]
    if opening.size != closing.size:
        return False
    edges = np.frombuffer(f'{separator}\r\n"'.encode(), np.uint8)
    opens, closes = np.isin(fenced[opening], edges), np.isin(fenced[closing + 2], edges)
    meets_before, meets_behind = fenced[opening] == _QUOTE, fenced[closing + 2] == _QUOTE
    # A quote that opens after another one needs that one to be a closing one, which then meets it.
    return bool(opens.all() and closes.all() and (meets_before[1:] == meets_behind[:-1]).all())


def _layout(path: Path, rows: list[list[str]] | list[tuple[str | None, ...]]) -> Layout:
    try:
        return find_layout(rows)
    except ValueError as error:
        raise UnreadableTable(_("%(file)s has no rows.") % {"file": path.name}) from error


# --- workbooks ----------------------------------------------------------------------------------------------


class WorkbookReader(TableReader):
    """One sheet of a workbook. Calamine holds the sheet in memory while it is read."""

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        self.path = path
        try:
            self._book = fastexcel.read_excel(path)
        except fastexcel.FastExcelError as error:
            raise UnreadableTable(_cannot_open(path)) from error
        self.sheets = tuple(self._book.sheet_names)
        self.sheet, self.layout = self._choose(sheet)
        self.estimated_rows = max(0, self._cells.height - self.layout.last - 1)

    def _choose(self, sheet: str | None) -> tuple[str, Layout]:
        if sheet is not None and sheet not in self.sheets:
            words = {"file": self.path.name, "sheet": sheet, "sheets": ", ".join(self.sheets)}
            raise UnreadableTable(_("%(file)s has no sheet “%(sheet)s”. It has: %(sheets)s.") % words)
        layouts = {name: found for name in (sheet and [sheet]) or self.sheets if (found := self._layout_of(name))}
        if not layouts:
            raise UnreadableTable(_("%(file)s has no rows.") % {"file": self.path.name})
        best = max(layouts, key=lambda name: layouts[name].understood)
        return best, layouts[best]

    def _layout_of(self, sheet: str) -> Layout | None:
        try:
            return find_layout(self._load(sheet, SAMPLE_ROWS).rows())
        except ValueError:
            return None

    def _load(self, sheet: str, rows: int | None = None) -> pl.DataFrame:
        # skip_rows=0 keeps empty lines at the top, without which row numbers would be wrong. Numbers come as
        # their shortest text (12, not 12.0; all 13 digits of a NIB), dates as ISO.
        try:
            return self._book.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=rows, dtypes="string").to_polars()
        except fastexcel.FastExcelError as error:
            raise UnreadableTable(_cannot_open(self.path)) from error

    @cached_property
    def _cells(self) -> pl.DataFrame:
        return self._load(self.sheet)

    def _frames(self) -> Iterator[pl.DataFrame]:
        cells = self._cells.slice(self.layout.last + 1)
        width = len(self.headers)
        extra = pl.lit(None, pl.String) if cells.width <= width else pl.col(cells.columns[width])
        yield cells.select(
            *(pl.col(old).alias(new) for old, new in zip(cells.columns, self.headers, strict=False)),
            extra.alias(EXTRA),
        )


def _cannot_open(path: Path) -> str:
    return _("%(file)s cannot be read as a workbook: damaged or protected by a password. Save it again as XLSX.") % {
        "file": path.name
    }
