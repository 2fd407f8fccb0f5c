"""How often small and far-away firms are shown, and places kept for them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gebyar.methods.partners.entry import Entry

Found = tuple[float, int, float]


@dataclass(frozen=True, slots=True)
class Exposure:
    """Shares of small (micro or small) and of far-away firms among all listings that could be shown, and among those shown.

    A listing that is shown to ten readers counts ten times. None where there is nothing to divide by.
    """

    candidates: int
    shown: int
    small_candidates: int
    small_shown: int
    remote_candidates: int
    remote_shown: int

    @property
    def small_ratio(self) -> float | None:
        """1 when small firms are shown as often as their number says, less when they are shown less."""
        return _ratio(self.small_shown, self.shown, self.small_candidates, self.candidates)

    @property
    def remote_ratio(self) -> float | None:
        return _ratio(self.remote_shown, self.shown, self.remote_candidates, self.candidates)


def _ratio(shown: int, of_shown: int, candidates: int, of_candidates: int) -> float | None:
    if not (of_shown and of_candidates and candidates):
        return None
    return (shown / of_shown) / (candidates / of_candidates)


def exposure(candidates: Iterable[Entry], shown: Iterable[Entry]) -> Exposure:
    """Compare what is shown with what could be."""
    all_of, seen = list(candidates), list(shown)
    return Exposure(
        candidates=len(all_of), shown=len(seen),
        small_candidates=sum(entry.is_small for entry in all_of), small_shown=sum(entry.is_small for entry in seen),
        remote_candidates=sum(entry.is_remote for entry in all_of), remote_shown=sum(entry.is_remote for entry in seen),
    )  # fmt: skip


def keep_floor(
    best: list[Found], favoured: list[Found], *, k: int, floor: float, is_favoured: Callable[[int], bool]
) -> list[Found]:
    """Give the share `floor` of the places to the favoured, as far as there are any that fit.

    The least of the others make room for the best of the favoured, and all stand in the order of their scores: a rule
    that anybody can follow, without chance.

    Parameters
    ----------
    best
        The best k of all as (score, id, text likeness).
    favoured
        The best k of the favoured.
    """
    wanted = min(math.ceil(floor * min(k, max(len(best), len(favoured)))), len(favoured))
    kept = [found for found in best if is_favoured(found[1])]
    if len(kept) >= wanted:
        return best
    others = [found for found in best if not is_favoured(found[1])][: max(0, k - wanted)]
    return sorted([*favoured[:wanted], *others], key=lambda found: (-found[0], found[1]))[:k]
