"""How probable it is that an entry is among the best, by simulating rounds from what the model knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gebyar.methods.judging.crossed import FloatArray
    from gebyar.methods.judging.fitting import Fit

MOST_NUMBERS = 20_000_000
"""Effects drawn in all. 20,000 draws for up to 1,000 entries, and 4,000 for 5,000."""
NUMBERS_AT_ONCE = 2_000_000


def draws_for(entries: int, wanted: int) -> int:
    """Return how many rounds are simulated: as many as wanted, unless the entries are very many."""
    return min(wanted, max(MOST_NUMBERS // entries, 1000))


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """(entries,) probabilities of being among the first `top`, and of being the very first."""

    top: FloatArray
    first: FloatArray


def chances_of(fit: Fit, top: int, draws: int, seed: int) -> Chances:
    """Count how often each entry is among the first in simulated rounds.

    The entry effects are drawn jointly given the scores, exactly for any size, with the variances taken as known.

    Returns
    -------
    Chances
        They sum to `top` and to 1; their standard error is at most 1 / (2 √draws).
    """
    entries = len(fit.layout.entries)
    top = min(top, entries)
    if fit.entry_variance == 0:
        return Chances(np.full(entries, top / entries), np.full(entries, 1 / entries))
    random = np.random.default_rng(seed)
    among, first = np.zeros(entries), np.zeros(entries)
    at_once = max(NUMBERS_AT_ONCE // entries, 1)
    for start in range(0, draws, at_once):
        effects = fit.draw_entries(random, min(at_once, draws - start))
        best = np.argpartition(-effects, top - 1, axis=1)[:, :top]
        among += np.bincount(best.ravel(), minlength=entries)
        first += np.bincount(effects.argmax(axis=1), minlength=entries)
    return Chances(among / draws, first / draws)
