"""The ways to wait for one's turn, in one place, so that tests can show what happens without them."""

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def lock(rows: "QuerySet[M]") -> "QuerySet[M]":
    """Lock the rows until the transaction ends; whoever comes second waits and then sees what the first one did.

    Lock the parent before its children, and rows of one kind in the order of their keys: two callers that lock in
    different orders wait for each other for ever.
    """
    return rows.select_for_update(of=("self",))


def take_turns(number: int) -> None:
    """Wait until no other transaction holds this number, and hold it until this one ends.

    For what no row stands for yet, such as the next link of a chain. Take it after the row locks of the act.

    Parameters
    ----------
    number
        A key of PostgreSQL's advisory locks, 64 bits, one for each purpose.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
