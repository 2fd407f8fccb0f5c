"""Answers as people and files give them, turned into values.

A cell holds the id of an option, of a "count" question several with ";" between them, or "na" for "not applicable"; an
empty cell is not answered. Not answered, not applicable and zero are three different things all the way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gebyar.reference.instruments import NOT_APPLICABLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gebyar.reference.instruments import Question

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

_BETWEEN = re.compile(r"[;,|+]")


class UnfitAnswer(ValueError):
    """A cell that is no answer to its question; `row` counts the heading as row 1, as a spreadsheet does."""

    def __init__(self, question: Question, text: str, row: int | None = None) -> None:
        where = f"row {row}, " if row else ""
        allowed = ", ".join(option.id for option in question.options)
        several = " (several with ; between them)" if question.kind == "count" else ""
        na = f", or {NOT_APPLICABLE}" if question.optional else ""
        super().__init__(
            f"{where}column {question.id}: {text!r} is no answer; write {allowed}{several}{na}, or leave it empty"
        )
        self.question, self.text, self.row = question.id, text, row


def value_of(question: Question, text: str | None) -> float | None:
    """Return the value of one answer: NaN for "not applicable", None where there is none.

    An exclusive option wins over everything chosen beside it, wherever it stands.

    Raises
    ------
    UnfitAnswer
    """
    tidy = (text or "").strip()
    if not tidy:
        return None
    if tidy.lower() == NOT_APPLICABLE and question.optional:
        return float("nan")
    known = {option.id: option for option in question.options}
    chosen = [part.strip() for part in _BETWEEN.split(tidy)] if question.kind == "count" else [tidy]
    chosen = [part for part in dict.fromkeys(chosen) if part]
    if not chosen or any(part not in known for part in chosen):
        raise UnfitAnswer(question, tidy)
    if question.kind == "single":
        return known[tidy].value
    if any(known[part].exclusive for part in chosen):
        return 0.0
    return min(float(len(chosen)), question.most)


def values_of(question: Question, column: pl.Series) -> tuple[Values, Mask]:
    """Return the values of a column, NaN where nothing was answered, and where it is "not applicable".

    Each distinct text is read once, so the cost grows with the rows only by a lookup.

    Raises
    ------
    UnfitAnswer
        With the first row that does not fit.
    """
    texts = column.cast(pl.String)
    distinct = texts.unique()
    table: dict[str | None, float | None] = {}
    for text in distinct:
        try:
            table[text] = value_of(question, text)
        except UnfitAnswer as error:
            row = int((texts == text).fill_null(value=False).arg_max() or 0) + 2
            raise UnfitAnswer(question, error.text, row) from None
    not_applicable = [text for text, value in table.items() if value is not None and np.isnan(value)]
    values = texts.replace_strict(list(table), list(table.values()), return_dtype=pl.Float64)
    mask = texts.is_in(not_applicable).fill_null(value=False) if not_applicable else None
    found = values.to_numpy(allow_copy=True) if values.null_count() == 0 else values.fill_null(float("nan")).to_numpy()
    skipped = mask.to_numpy() if mask is not None else np.zeros(len(texts), dtype=np.bool_)
    return found, skipped
