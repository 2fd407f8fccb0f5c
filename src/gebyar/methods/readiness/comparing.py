"""Respondents beside each other: groups, a firm among firms like it, an assessor's score beside the firm's own.

A group is shown only from `MOST_PRIVATE` respondents on: fewer would tell what one of them said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.readiness.answers import value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from gebyar.reference.instruments import Instrument

MOST_PRIVATE = 10


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """A group's complete scores: how many, mean, quartiles, and the means of its pillars."""

    count: int
    mean: float
    quartiles: tuple[float, float, float]
    pillars: Mapping[str, float]
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A question to which two people gave different values; ``second`` − ``first`` is `by`."""

    question: str
    first: float | None
    second: float | None

    @property
    def by(self) -> float | None:
        return None if self.first is None or self.second is None else self.second - self.first


def group_figures(instrument: Instrument, scores: pl.DataFrame, *, least: int = MOST_PRIVATE) -> GroupFigures | None:
    """Describe a group by its complete scores; None where there are fewer than `least`.

    Parameters
    ----------
    scores
        Rows of `gebyar.methods.readiness.score`.
    """
    known = scores.filter(scores["complete"] & scores["index"].is_not_null())
    if known.height < least:
        return None
    index = known["index"].to_numpy()
    low, middle, high = np.quantile(index, [0.25, 0.5, 0.75])
    return GroupFigures(
        count=known.height,
        mean=float(index.mean()),
        quartiles=(float(low), float(middle), float(high)),
        pillars={one.id: float(known[f"pillar_{one.id}"].drop_nulls().to_numpy().mean()) for one in instrument.pillars},
        levels={one.id: int((known["level"] == one.id).sum()) for one in instrument.levels},
    )


def differences(instrument: Instrument, first: Mapping[str, str], second: Mapping[str, str]) -> tuple[Difference, ...]:
    """Return the questions to which two people gave different values, the largest difference first.

    Raises
    ------
    UnfitAnswer
    """
    found = []
    for question in instrument.all_questions:
        one, other = (value_of(question, answers.get(question.id)) for answers in (first, second))
        both_skip = one is not None and other is not None and np.isnan(one) and np.isnan(other)
        if one != other and not both_skip:
            found.append(Difference(question.id, _plain(one), _plain(other)))
    return tuple(sorted(found, key=lambda item: -abs(item.by or 0)))


def _plain(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else value


def agreement(pairs: Sequence[tuple[float, float]], *, low: float, high: float) -> float | None:
    """Cohen's kappa with quadratic weights: 1 = the same, 0 = as by chance, below 0 = worse than chance.

    Parameters
    ----------
    pairs
        Two people's values of the same things, on a scale from `low` to `high`.

    Returns
    -------
    float or None
        None where it is not defined: no pairs, or everybody gave one and the same value.

    Notes
    -----
    Cohen, Psychological Bulletin 70 (1968) 213. With quadratic weights no categories are needed: observed squared
    difference by the one expected if both sets of values were paired at random.
    """
    if not pairs:
        return None
    values = np.array(pairs, dtype=np.float64)
    if values.min() < low or values.max() > high:
        raise ValueError(f"Values must lie from {low:g} to {high:g}.")
    first, second = values[:, 0], values[:, 1]
    observed = float(np.mean((first - second) ** 2))
    expected = float(first.var() + second.var() + (first.mean() - second.mean()) ** 2)
    return None if expected == 0 else 1 - observed / expected
