"""What a wish counts: whole points, larger is better, the same for everybody and known before the round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gebyar.methods.rounds.round import Wish

if TYPE_CHECKING:
    from gebyar.methods.rounds.round import Guest, Request

WISH_POINTS = {Wish.MUST: 12, Wish.WOULD: 6, Wish.FINE: 2}
RANK_POINTS = (5, 4, 3, 2, 1)  # for the first, second, … wish; later ones and those without a rank get none
TIER_POINTS = (3, 2, 1)  # for tier 1, 2, 3; later ones get none


def request_points(request: Request) -> int:
    """Points of the asker's wish and rank, and of the answer's wish."""
    answered = WISH_POINTS[request.answer_wish] if request.answer_wish is not None else 0
    return WISH_POINTS[request.wish] + _nth(RANK_POINTS, request.rank) + answered


def tier_points(guest: Guest) -> int:
    """Points of a guest's tier."""
    return _nth(TIER_POINTS, guest.tier)


def _nth(points: tuple[int, ...], place: int | None) -> int:
    return points[place - 1] if place is not None and place <= len(points) else 0
