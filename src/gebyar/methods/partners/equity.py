"""How often small and far-away firms are shown, and places kept for each of the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gebyar.methods.partners.entry import Entry

Found = tuple[float, int, float]
Kind = tuple[bool, bool]
# Small or not, far away or not.
BOTH, SMALL, FAR, NEITHER = KINDS = ((True, True), (True, False), (False, True), (False, False))


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


def places_kept(floor: float, share: float, places: int) -> int:
    """Return how many of the places a floor keeps for those who are `share` of all that fit: whole places, half upwards."""
    return int(floor * share * places + 0.5)


def with_shares(ranked: Mapping[Kind, Sequence[Found]], *, k: int, small: int, far: int) -> list[Found]:
    """Return the k of the greatest scores together, among all sets with so many places for small and for far-away firms.

    Who is both counts for both. Where there are fewer, or the two claims do not fit into k places together, the larger
    claim gives way first: a rule that anybody can follow, without chance.

    Parameters
    ----------
    ranked
        The best of each kind as (score, id, text likeness), the best first.
    small, far
        Places kept for each.
    """
    rows = {kind: list(ranked.get(kind, ()))[:k] for kind in KINDS}
    small = min(small, len(rows[BOTH]) + len(rows[SMALL]))
    far = min(far, len(rows[BOTH]) + len(rows[FAR]))
    while not (sets := list(_sets(rows, k, small, far))):
        small, far = (small - 1, far) if small >= far else (small, far - 1)
    return max(sets, key=lambda some: round(sum(found[0] for found in some), 6))


def _sets(rows: Mapping[Kind, Sequence[Found]], k: int, small: int, far: int) -> Iterator[list[Found]]:
    """For each number of places that go to firms that are both: the best set that keeps the claims."""
    for shared in range(len(rows[BOTH]) + 1):
        kept = {BOTH: shared, SMALL: max(0, small - shared), FAR: max(0, far - shared), NEITHER: 0}
        if sum(kept.values()) > k or any(count > len(rows[kind]) for kind, count in kept.items()):
            continue
        chosen = [found for kind, count in kept.items() for found in rows[kind][:count]]
        rest = sorted((found for kind, count in kept.items() for found in rows[kind][count:]), key=_order)
        yield sorted([*chosen, *rest[: k - len(chosen)]], key=_order)


def _order(found: Found) -> tuple[float, int]:
    return -found[0], found[1]
