"""Answers in CSV files: a row for each respondent, a column for each question, others beside them kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from gebyar.methods.readiness.scoring import score

if TYPE_CHECKING:
    from pathlib import Path

    from gebyar.reference.instruments import Instrument

_SEPARATORS = ",;\t"


class UnreadableAnswers(ValueError):
    """A file that holds no table of answers."""


def score_csv(instrument: Instrument, source: Path, target: Path) -> pl.DataFrame:
    """Score the respondents of a CSV file into another one.

    Columns that are no questions, such as a name or number, come first in the result, then those of
    `gebyar.methods.readiness.score`. Nothing is written unless every cell was good.

    Returns
    -------
    polars.DataFrame
        What was written.

    Raises
    ------
    UnreadableAnswers, gebyar.methods.readiness.UnfitAnswer
    """
    answers = read_answers(instrument, source)
    asked = {question.id for question in instrument.all_questions}
    others = [name for name in answers.columns if name not in asked]
    scores = score(instrument, answers)
    doubled = [name for name in others if name in scores.columns]
    if doubled:
        raise UnreadableAnswers(f"{source} already has a column {doubled[0]!r}. Rename or remove it.")
    result = pl.concat([answers.select(others), scores], how="horizontal") if others else scores
    if not target.parent.is_dir():
        raise UnreadableAnswers(f"There is no folder {target.parent}. Create it or name another.")
    part = target.with_name(f".{target.name}.part")
    result.write_csv(part, float_precision=6)
    part.replace(target)
    return result


def read_answers(instrument: Instrument, source: Path) -> pl.DataFrame:
    """Read the table as text.

    Raises
    ------
    UnreadableAnswers
        If it cannot be read, has no column of a question, or a column twice.
    """
    try:
        text = source.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnreadableAnswers(f"There is no file {source}. Check the name and the folder.") from None
    except UnicodeDecodeError:
        raise UnreadableAnswers(f"{source} is not written in UTF-8. Save it as 'CSV UTF-8' and try again.") from None
    heading = text.partition("\n")[0]
    if not heading.strip():
        raise UnreadableAnswers(f"{source} is empty. The first line must hold the ids of the questions.")
    # The semicolon also stands between several answers, so it separates columns only where it outnumbers commas.
    separator = max(_SEPARATORS, key=heading.count)
    names = [name.strip().strip('"') for name in heading.split(separator)]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise UnreadableAnswers(f"{source} has the column {doubled[0]!r} twice. Rename or remove one.")
    asked = [question.id for question in instrument.all_questions]
    if not set(asked).intersection(names):
        raise UnreadableAnswers(
            f"{source} has no column of {instrument.id}. It has: {', '.join(names)}. "
            f"Columns are named by the questions' ids: {', '.join(asked[:4])} … (gebyar readiness questions {instrument.id})."
        )
    try:
        return pl.read_csv(text.encode(), separator=separator, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise UnreadableAnswers(f"{source} cannot be read as CSV: {error}".partition("\n")[0]) from error
