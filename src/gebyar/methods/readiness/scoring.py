"""From answers to fields, pillars and the index, for one respondent or for a nation's.

Official score: a field from its questions, a pillar from its fields, the index from the pillars, each by the instrument's
rule. What is not answered makes the score incomplete: then there is no index, only its bounds, with the lowest and the
highest answer in its place. "Not applicable" counts as the lowest value officially, since the official instruments do not
know it; a profile may leave it out instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gebyar.methods.readiness.answers import values_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gebyar.methods.readiness.answers import Mask, Values
    from gebyar.reference.instruments import Instrument, Profile, Question, Rule

# Sums of weights such as 0.175 are not exact; nothing in an instrument is finer than this.
_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class _Part:
    """A question, field, pillar or index of all respondents: bounds that meet where it is complete, and where it counts."""

    low: Values
    high: Values
    counts: Mask


@dataclass(frozen=True, slots=True)
class Score:
    """One respondent's score.

    ``index`` and ``level`` are None while answers are missing; then only the bounds are known. ``profiles`` holds the
    same by the other ways to score.
    """

    answered: int
    questions: int
    index: float | None
    low: float
    high: float
    level: str | None
    is_candidate: bool
    pillars: Mapping[str, float | None]
    fields: Mapping[str, float | None]
    profiles: Mapping[str, Score]

    @property
    def is_complete(self) -> bool:
        return self.answered == self.questions


def score(instrument: Instrument, answers: pl.DataFrame) -> pl.DataFrame:
    """Score a table of answers.

    Parameters
    ----------
    instrument
        What was asked.
    answers
        A row for each respondent, a column for each question by its id; see `gebyar.methods.readiness.answers`. A missing
        column counts as not answered.

    Returns
    -------
    polars.DataFrame
        As many rows: ``answered``, ``complete``, ``index``, ``index_low``, ``index_high`` (null, or equal to the bounds where
        complete), ``level``, ``candidate``, ``pillar_<id>``, ``field_<id>``; then for each profile the same with its id before,
        without fields. Values on the instrument's scale.

    Raises
    ------
    UnfitAnswer
        Names row, column and what may be answered.
    """
    height = answers.height
    read = {question.id: _read(question, answers, height) for question in instrument.all_questions}
    columns = _columns(instrument, instrument.questions, read, height, "", skips=False, with_fields=True)
    for profile in instrument.profiles:
        asked = questions_of(instrument, profile)
        skips = profile.skips_not_applicable
        columns |= _columns(instrument, asked, read, height, f"{profile.id}_", skips=skips, with_fields=False)
    return pl.DataFrame(columns)


def questions_of(instrument: Instrument, profile: Profile | None) -> tuple[Question, ...]:
    """Return what a profile counts: the official questions with its own in place of those that give way."""
    replaces = profile.replaces if profile else {}
    return tuple(instrument.question(replaces.get(question.id, question.id)) for question in instrument.questions)


def _read(question: Question, answers: pl.DataFrame, height: int) -> tuple[Values, Mask]:
    if question.id not in answers.columns:
        return np.full(height, np.nan), np.zeros(height, dtype=np.bool_)
    return values_of(question, answers[question.id])


def _columns(
    instrument: Instrument,
    questions: Sequence[Question],
    read: Mapping[str, tuple[Values, Mask]],
    height: int,
    prefix: str,
    *,
    skips: bool,
    with_fields: bool,
) -> dict[str, pl.Series]:
    parts = {question.id: _question_part(question, *read[question.id], skips=skips) for question in questions}
    answered = sum(
        (~np.isnan(values) | skipped for values, skipped in (read[one.id] for one in questions)),
        start=np.zeros(height, dtype=np.int64),
    )
    fields = {
        field.id: _combined([parts[one.id] for one in questions if one.field == field.id], instrument.field_rule)
        for field in instrument.fields
    }
    pillars = {
        pillar.id: _combined([fields[one.id] for one in instrument.fields_of(pillar.id)], instrument.pillar_rule)
        for pillar in instrument.pillars
    }
    weights = [pillar.weight for pillar in instrument.pillars]
    index = _rounded(_combined(list(pillars.values()), instrument.index_rule, weights))
    complete = answered == len(questions)
    columns = {
        f"{prefix}answered": pl.Series(answered),
        f"{prefix}complete": pl.Series(complete),
        f"{prefix}index": _known(index, complete),
        f"{prefix}index_low": pl.Series(index.low),
        f"{prefix}index_high": pl.Series(index.high),
        f"{prefix}level": _levels(instrument, index, complete),
        f"{prefix}candidate": pl.Series(_candidates(instrument, index, complete)),
    }
    columns |= {f"{prefix}pillar_{name}": _known(part, part.low == part.high) for name, part in pillars.items()}
    if with_fields:
        columns |= {f"{prefix}field_{name}": _known(part, part.low == part.high) for name, part in fields.items()}
    return columns


def _question_part(question: Question, values: Values, skipped: Mask, *, skips: bool) -> _Part:
    """Put the lowest and the highest answer where none was given; "not applicable" is the lowest, or does not count."""
    low = np.where(np.isnan(values), question.lowest, values)
    high = np.where(np.isnan(values) & ~skipped, question.highest, low)
    return _Part(low, high, ~skipped if skips else np.ones(len(values), dtype=np.bool_))


def _combined(parts: Sequence[_Part], rule: Rule, weights: Sequence[float] = ()) -> _Part:
    """Combine parts of which each row counts some; a row that counts none does not count itself."""
    counts = np.logical_or.reduce([part.counts for part in parts])
    if rule == "lowest":
        low = np.minimum.reduce([np.where(part.counts, part.low, np.inf) for part in parts])
        high = np.minimum.reduce([np.where(part.counts, part.high, np.inf) for part in parts])
        return _Part(np.where(counts, low, 0.0), np.where(counts, high, 0.0), counts)
    shares = list(weights) if rule == "weighted" else [1.0] * len(parts)
    total = sum(share * part.counts for share, part in zip(shares, parts, strict=True))
    safe = np.where(counts, total, 1.0)
    low = sum(share * part.low * part.counts for share, part in zip(shares, parts, strict=True)) / safe
    high = sum(share * part.high * part.counts for share, part in zip(shares, parts, strict=True)) / safe
    return _Part(low, high, counts)


def _rounded(part: _Part) -> _Part:
    return _Part(np.round(part.low, _DECIMALS), np.round(part.high, _DECIMALS), part.counts)


def _known(part: _Part, complete: Mask) -> pl.Series:
    """Null where something is missing, or where nothing counts."""
    return pl.Series(np.where(complete & part.counts, part.low, np.nan)).fill_nan(None)


def _levels(instrument: Instrument, index: _Part, complete: Mask) -> pl.Series:
    leasts = np.array([level.least for level in instrument.levels])
    names = pl.Series([level.id for level in instrument.levels], dtype=pl.String)
    place = np.searchsorted(leasts, index.low, side="right") - 1
    return names.gather(pl.Series(place)).zip_with(
        pl.Series(complete & index.counts), pl.Series([None], dtype=pl.String)
    )


def _candidates(instrument: Instrument, index: _Part, complete: Mask) -> Mask:
    if instrument.verify_from is None:
        return np.zeros(len(complete), dtype=np.bool_)
    reached: Mask = complete & index.counts & (index.low >= instrument.verify_from)
    return reached


# --- one respondent ---------------------------------------------------------------------------------------------


def score_one(instrument: Instrument, answers: Mapping[str, str]) -> Score:
    """Score one respondent's answers: question id → text, as in a table's cell.

    Raises
    ------
    UnfitAnswer
    """
    asked = {question.id: [answers.get(question.id)] for question in instrument.all_questions}
    row = score(instrument, pl.DataFrame(asked, schema=dict.fromkeys(asked, pl.String))).row(0, named=True)
    profiles = {
        profile.id: _score(instrument, row, f"{profile.id}_", len(questions_of(instrument, profile)), {})
        for profile in instrument.profiles
    }
    return _score(instrument, row, "", len(instrument.questions), profiles)


def _score(
    instrument: Instrument, row: Mapping[str, object], prefix: str, questions: int, profiles: Mapping[str, Score]
) -> Score:
    fields = {} if prefix else {field.id: row[f"field_{field.id}"] for field in instrument.fields}
    return Score(
        answered=int(row[f"{prefix}answered"]),  # type: ignore[call-overload]
        questions=questions,
        index=row[f"{prefix}index"],  # type: ignore[arg-type]
        low=row[f"{prefix}index_low"],  # type: ignore[arg-type]
        high=row[f"{prefix}index_high"],  # type: ignore[arg-type]
        level=row[f"{prefix}level"],  # type: ignore[arg-type]
        is_candidate=bool(row[f"{prefix}candidate"]),
        pillars={one.id: row[f"{prefix}pillar_{one.id}"] for one in instrument.pillars},  # type: ignore[misc]
        fields=fields,  # type: ignore[arg-type]
        profiles=profiles,
    )
