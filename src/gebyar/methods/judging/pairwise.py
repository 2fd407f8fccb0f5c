"""Small final rounds by comparison: which of two is better, asked for many pairs (Bradley-Terry).

Sources: R. A. Bradley, M. E. Terry (1952), Rank analysis of incomplete block designs, Biometrika 39:324-345;
L. R. Ford (1957), Amer. Math. Monthly 64(8):28-33, for when an answer exists; D. R. Hunter (2004), MM algorithms for
generalized Bradley-Terry models, Ann. Statist. 32:384-406, for how it is found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.judging.findings import listed
from gebyar.methods.judging.marks import JudgingError

if TYPE_CHECKING:
    from collections.abc import Mapping

NORMAL_95 = 1.6448536269514722
MOST_ROUNDS = 100_000
SETTLED = 1e-12


@dataclass(frozen=True, slots=True)
class Strength:
    """An entry's strength, the logarithm of its odds against an average one, with its 90 % interval.

    The probability that entry a is found better than b is 1 / (1 + exp(b.strength − a.strength)).
    """

    rank: int
    entry: str
    wins: float
    comparisons: float
    strength: float
    low: float
    high: float


def bradley_terry(wins: Mapping[tuple[str, str], float], *, prior: float = 0.0) -> tuple[Strength, ...]:
    """Rank entries by comparisons of two.

    Parameters
    ----------
    wins
        How often (winner, loser) came about; an undecided comparison counts half for each.
    prior
        So many made-up wins and as many losses of every entry against an average one. Above 0 there is an answer even
        when an entry always won.

    Returns
    -------
    tuple of Strength
        From first to last. Strengths that agree to nine digits share a rank.

    Raises
    ------
    JudgingError
        A count that is none, an entry compared with itself, or, without a prior, entries that never lost to the others.
    """
    entries = _entries(wins, prior)
    number = {entry: index for index, entry in enumerate(entries)}
    table = np.zeros((len(entries), len(entries)))
    for (winner, loser), count in wins.items():
        table[number[winner], number[loser]] += count
    if prior == 0:
        _require_answer(table, entries)
    against_average = _strengths(table, prior)
    errors = _errors(table + table.T, against_average, prior)
    strengths = against_average - against_average.mean()
    order = sorted(range(len(entries)), key=lambda index: (-round(float(strengths[index]), 9), entries[index]))
    found: list[Strength] = []
    for place, index in enumerate(order, 1):
        strength, margin = float(strengths[index]), NORMAL_95 * float(errors[index])
        shares = found and abs(found[-1].strength - strength) < 1e-9
        found.append(
            Strength(
                rank=found[-1].rank if shares else place,
                entry=entries[index],
                wins=float(table[index].sum()),
                comparisons=float(table[index].sum() + table[:, index].sum()),
                strength=strength,
                low=strength - margin,
                high=strength + margin,
            )
        )
    return tuple(found)


def _entries(wins: Mapping[tuple[str, str], float], prior: float) -> list[str]:
    if not (math.isfinite(prior) and prior >= 0):
        raise JudgingError(f"The prior is {prior}; give 0 or more.")
    for (winner, loser), count in wins.items():
        if winner == loser:
            raise JudgingError(f"Entry {winner} is compared with itself; name two different ones.")
        if not (math.isfinite(count) and count >= 0):
            raise JudgingError(f"Entry {winner} against {loser}: {count} is no number of wins; give 0 or more.")
    entries = sorted({entry for pair in wins for entry in pair})
    if not entries:
        raise JudgingError("There is no comparison yet.")
    return entries


def _require_answer(table: np.typing.NDArray[np.float64], entries: list[str]) -> None:
    """Demand that from each entry a chain of wins leads to every other (Ford 1957)."""
    reach = (table > 0) | np.eye(len(entries), dtype=bool)
    for _ in range(max(1, math.ceil(math.log2(len(entries))))):
        reach = (reach.astype(np.intp) @ reach.astype(np.intp)) > 0
    for index in range(len(entries)):
        if not reach[:, index].all():
            never = [entries[other] for other in np.flatnonzero(~reach[:, index])]
            raise JudgingError(
                f"No chain of wins leads from {listed(never)} to {entries[index]}, so nothing says how far apart they "
                "are. Compare them more often, or give a prior above 0 (0.5 is usual)."
            )


def _strengths(table: np.typing.NDArray[np.float64], prior: float) -> np.typing.NDArray[np.float64]:
    """Hunter's iteration; the average opponent of the prior has the weight 1."""
    total, compared = table.sum(axis=1) + prior, table + table.T
    weights = np.ones(len(table))
    for _ in range(MOST_ROUNDS):
        sums = weights[:, None] + weights[None, :]
        new = total / ((compared / sums).sum(axis=1) + 2 * prior / (weights + 1))
        if prior == 0:
            new /= np.exp(np.mean(np.log(new)))
        moved = float(np.abs(np.log(new / weights)).max())
        weights = new
        if moved < SETTLED:
            break
    strengths: np.typing.NDArray[np.float64] = np.log(weights)
    return strengths


def _errors(
    compared: np.typing.NDArray[np.float64], strengths: np.typing.NDArray[np.float64], prior: float
) -> np.typing.NDArray[np.float64]:
    """Standard errors of strengths measured from their mean, from the observed information."""
    chance = 1 / (1 + np.exp(strengths[None, :] - strengths[:, None]))
    information = -compared * chance * (1 - chance)
    own = 1 / (1 + np.exp(-strengths))
    np.fill_diagonal(information, 0.0)
    np.fill_diagonal(information, -information.sum(axis=1) + 2 * prior * own * (1 - own))
    centring = np.eye(len(strengths)) - 1 / len(strengths)
    covariance = centring @ np.linalg.pinv(information, hermitian=True) @ centring
    errors: np.typing.NDArray[np.float64] = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return errors
