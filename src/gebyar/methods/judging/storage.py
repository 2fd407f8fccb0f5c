"""Rankings, and what they are made from, as plain data for files and decision records."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gebyar.methods.judging.findings import Finding
from gebyar.methods.judging.marks import Criterion, JudgingError, Mark
from gebyar.methods.judging.results import JudgeRow, Options, Outlier, Ranking, Row, Variances

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Plain = dict[str, Any]


def marks_to_json(marks: Iterable[Mark]) -> list[list[Any]]:
    """Rows of entry, judge, criterion, score (None: not applicable), sorted, so that the order of marks is no fact."""
    return sorted(([mark.entry, mark.judge, mark.criterion, mark.score] for mark in marks), key=lambda row: row[:3])


def marks_from_json(rows: Iterable[Sequence[Any]]) -> tuple[Mark, ...]:
    """The inverse of `marks_to_json`.

    Raises
    ------
    JudgingError
        A row is no mark.
    """
    found = []
    for number, row in enumerate(rows, 1):
        if len(row) != 4 or not all(isinstance(name, str) for name in row[:3]):
            raise JudgingError(f"marks row {number} is {row!r}; give entry, judge, criterion and score.")
        entry, judge, criterion, score = row
        if score is not None and (isinstance(score, bool) or not isinstance(score, int | float)):
            raise JudgingError(f"marks row {number}: the score is {score!r}; give a number or null.")
        found.append(Mark(entry, judge, score, criterion))
    return tuple(found)


def options_from_json(data: Plain) -> Options:
    """Options of a record.

    Raises
    ------
    JudgingError
        They are no options.
    """
    try:
        return Options(**{**data, "ties": tuple(data["ties"])})
    except (KeyError, TypeError) as error:
        raise JudgingError(f"these are no options of a ranking: {error}") from error


def criteria_from_json(rows: Iterable[Plain]) -> tuple[Criterion, ...]:
    """Criteria of a record.

    Raises
    ------
    JudgingError
        A row is no criterion.
    """
    try:
        return tuple(Criterion(**row) for row in rows)
    except TypeError as error:
        raise JudgingError(f"this is no rubric: {error}") from error


def ranking_to_json(ranking: Ranking) -> Plain:
    """Plain data; `ranking_from_json` gives the same ranking back."""
    data: Plain = asdict(ranking)
    data["findings"] = [{"code": finding.code, "parameters": dict(finding.parameters)} for finding in ranking.findings]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in data.items()}


def ranking_from_json(data: Plain) -> Ranking:
    """The inverse of `ranking_to_json`.

    Raises
    ------
    JudgingError
        The data is no ranking.
    """
    try:
        return Ranking(
            **{
                **data,
                "rows": tuple(Row(**row) for row in data["rows"]),
                "judges": tuple(JudgeRow(**row) for row in data["judges"]),
                "variances": None if data["variances"] is None else Variances(**data["variances"]),
                "outliers": tuple(Outlier(**row) for row in data["outliers"]),
                "findings": tuple(Finding(row["code"], row["parameters"]) for row in data["findings"]),
            }
        )
    except (KeyError, TypeError) as error:
        raise JudgingError(f"this is no ranking: {error}") from error
