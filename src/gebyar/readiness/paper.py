"""Answers given on paper, typed into a sheet: a row for each respondent, a column for each question by its id."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gebyar.methods.readiness import UnfitAnswer
from gebyar.methods.readiness.answers import value_of
from gebyar.readiness.errors import PaperFaults, UnreadablePaper
from gebyar.reference.instruments import NOT_APPLICABLE, Instrument, Question

if TYPE_CHECKING:
    import polars as pl

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 1000
MOST_FAULTS = 100
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class PaperRow:
    """One respondent; `number` is the row as a spreadsheet counts it, the heading being row 1."""

    number: int
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PaperFault:
    row: int
    column: str
    words: str

    def __str__(self) -> str:
        said = {"row": self.row, "column": self.column, "words": self.words}
        return _("row %(row)d, column %(column)s: %(words)s") % said


def read_paper(instrument: Instrument, content: bytes) -> list[PaperRow]:
    """Read a CSV or XLSX file.

    Raises
    ------
    UnreadablePaper
        If it is neither, or has no column of a question.
    PaperFaults
        With every cell that is no answer, by row and column.
    """
    heading, rows = _table(content)
    questions = {question.id: question for question in instrument.all_questions}
    columns = {place: questions[name] for place, name in enumerate(heading) if name in questions}
    if not columns or len({question.id for question in columns.values()}) < len(columns):
        raise UnreadablePaper
    found, faults = [], []
    for number, cells in rows:
        answers, wrong = _row(number, cells, columns)
        faults += wrong
        if answers:
            found.append(PaperRow(number, answers))
    if len(found) > MOST_ROWS:
        faults.append(
            PaperFault(MOST_ROWS + 2, heading[0], _("a file holds at most %(most)d rows") % {"most": MOST_ROWS})
        )
    if faults:
        raise PaperFaults(faults=_listed(faults), list=faults[:MOST_FAULTS])
    if not found:
        raise UnreadablePaper
    return found


def _listed(faults: Sequence[PaperFault]) -> str:
    more = len(faults) - 5
    return "; ".join(map(str, faults[:5])) + (_("; and %(count)d more") % {"count": more} if more > 0 else "")


def _row(number: int, cells: Sequence[str], columns: dict[int, Question]) -> tuple[dict[str, str], list[PaperFault]]:
    answers, faults = {}, []
    for place, question in columns.items():
        text = cells[place].strip() if place < len(cells) else ""
        if not text:
            continue
        try:
            value_of(question, text)
            answers[question.id] = text
        except UnfitAnswer:
            faults.append(PaperFault(number, question.id, _wanted(question, text)))
    return answers, faults


def _wanted(question: Question, text: str) -> str:
    allowed = [option.id for option in question.options] + [NOT_APPLICABLE] * question.optional
    words = _("“%(text)s” is no answer; write one of %(allowed)s")
    if question.kind == "count":
        words = _("“%(text)s” is no answer; write %(allowed)s, several with ; between them")
    return words % {"text": text[:20], "allowed": ", ".join(allowed)}


def _table(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    if not content or len(content) > MOST_BYTES:
        raise UnreadablePaper
    rows = _workbook(content) if content.startswith(_ZIP) else _csv(content)
    if not rows:
        raise UnreadablePaper
    return [cell.strip() for cell in rows[0]], list(enumerate(rows[1 : MOST_ROWS + 5], start=2))


def _csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        first = text.partition("\n")[0]
        separator = max(",;\t", key=first.count)
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadablePaper from error


def _workbook(content: bytes) -> list[list[str]]:
    import fastexcel  # noqa: PLC0415  only papers in workbooks need it

    try:
        sheet = fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string", n_rows=MOST_ROWS + 5)
        frame: pl.DataFrame = sheet.to_polars()
    except (fastexcel.FastExcelError, ValueError) as error:
        raise UnreadablePaper from error
    return [["" if cell is None else str(cell) for cell in row] for row in frame.iter_rows()]


def paper_template(instrument: Instrument) -> str:
    """Return an empty sheet with a column for each question."""
    target = io.StringIO()
    csv.writer(target).writerow(["number", *(question.id for question in instrument.all_questions)])
    return target.getvalue()
