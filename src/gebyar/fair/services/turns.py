"""Whose turn it is: every write to a round holds the round's row until its transaction ends."""

from typing import Any

from django.db.models import Max, QuerySet

from gebyar.fair.errors import RoundEnded
from gebyar.fair.models import Round
from gebyar.records.locking import lock


def held(round_id: int) -> Round:
    """Return the round as it is now, held: whoever comes second waits and sees what the first one did."""
    return lock(Round.objects.filter(pk=round_id)).select_related("fair").get()


def held_open(round_id: int) -> Round:
    """Return the round, held.

    Raises
    ------
    RoundEnded
        When it is over.
    """
    found = held(round_id)
    if found.status == Round.Status.ENDED:
        raise RoundEnded
    return found


def next_number(rows: QuerySet[Any]) -> int:
    """Return the number after the last one; call it while the round is held."""
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
