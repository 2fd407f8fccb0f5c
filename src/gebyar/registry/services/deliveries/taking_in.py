"""Check a delivery, and bring it into the register chunk by chunk.

A chunk and its progress mark are one transaction. A process that is killed loses the chunk it was at and nothing else;
the next run goes on behind the last whole chunk. "All rows or none" is one transaction around all chunks.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import polars as pl
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from psycopg import errors

from gebyar.accounts.models import User
from gebyar.records.errors import DomainError
from gebyar.records.services import record_audit
from gebyar.registry.models import Delivery, RowProblem
from gebyar.registry.services.deliveries.applying import Applied, apply_chunk
from gebyar.registry.services.deliveries.preparing import Prepared, prepared_chunks
from gebyar.registry.services.deliveries.staging import copy_into
from gebyar.registry.services.search import refresh_search

__all__ = ["BeingTakenIn", "Checked", "HasErrors", "PartlyTaken", "check", "take_in"]

Progress = Callable[[int, int | None, str], None]
PREVIEW_ROWS = 10
_NOT_SHOWN = {"rows", "identity_key", "kbli_version"}
MOST_ATTEMPTS = 4
# The first half of the advisory lock's key; the second is the delivery.
_LOCK_SPACE = 0x6465_6C69
# What goes away when a chunk is tried again: somebody else just wrote the same firm.
_PASSING = (errors.UniqueViolation, errors.DeadlockDetected, errors.SerializationFailure)


class BeingTakenIn(DomainError):
    words = _("This list is being worked on by another process. Nothing is lost: wait for it, or stop it first.")


class PartlyTaken(DomainError):
    words = _("Part of this list is in the register already, so it is not checked again. Take it in to go on.")


class HasErrors(DomainError):
    """Raised in the mode "all or nothing": some rows have errors, and so nothing was taken in."""

    @classmethod
    def of(cls, count: int) -> "HasErrors":
        return cls(
            ngettext(
                "%(count)d row has an error, so nothing was taken in. Mend it, or take only the good rows.",
                "%(count)d rows have errors, so nothing was taken in. Mend them, or take only the good rows.",
                count,
            )
            % {"count": count}
        )


@dataclass(frozen=True)
class Checked:
    """What a list holds: counts, and the first good rows as they would be taken in."""

    rows_good: int
    rows_refused: int
    warnings: int
    preview: pl.DataFrame


def check(*, delivery: Delivery, progress: Progress | None = None) -> Checked:
    """Clean every row and note every problem; the register stays as it is.

    Raises
    ------
    BeingTakenIn
        When another process is at this list.
    PartlyTaken
        When rows of it stand in the register already.
    """
    with _sole_hand_on(delivery):
        delivery.refresh_from_db()
        if delivery.cursor or delivery.status == Delivery.Status.DONE:
            raise PartlyTaken
        return _check(delivery, progress)


def _check(delivery: Delivery, progress: Progress | None) -> Checked:
    good = refused = warnings = done = 0
    preview = pl.DataFrame()
    RowProblem.objects.filter(delivery=delivery).delete()
    for chunk in prepared_chunks(delivery, sealing=False):
        good, refused, done = good + chunk.good.height, refused + chunk.refused, done + chunk.rows
        warnings += chunk.warnings
        _note_problems(delivery, chunk.problems)
        if preview.is_empty():
            preview = chunk.good.head(PREVIEW_ROWS)
        _change(delivery, counts={"checked": done})
        _say(progress, delivery, done, "checking")
    _change(
        delivery,
        status=Delivery.Status.CHECKED,
        rows_total=done,
        rows_refused=refused,
        note="",
        counts={"good": good, "warnings": warnings, "preview": _as_kept(preview)},
    )
    return Checked(good, refused, warnings, preview)


def _as_kept(preview: pl.DataFrame) -> list[dict[str, Any]]:
    """Keep the first good rows with the delivery, so that its page need not read the file again."""
    said = [name for name in preview.columns if name not in _NOT_SHOWN and preview[name].null_count() < preview.height]
    return json.loads(preview.select(said).write_json()) if said else []


def take_in(*, actor: User | None, delivery: Delivery, progress: Progress | None = None) -> Delivery:
    """Bring the delivery into the register. Done twice, the second time changes nothing.

    Raises
    ------
    HasErrors
        In the mode "all or nothing" when a row has an error; the register is as it was, the problems are noted.
    BeingTakenIn
        When another process is at it.
    """
    with _sole_hand_on(delivery):
        delivery.refresh_from_db()
        if delivery.status == Delivery.Status.DONE:
            return delivery
        if delivery.mode == Delivery.Mode.ALL_OR_NOTHING and not delivery.cursor:
            _take_all_or_nothing(delivery, progress)
        else:
            _take_chunks(delivery, progress)
        # Before the delivery counts as done, so that a process killed here refreshes the search when it goes on.
        refresh_search(delivery=delivery, progress=progress)
        _finish(actor, delivery)
    return delivery


def _take_all_or_nothing(delivery: Delivery, progress: Progress | None) -> None:
    if delivery.counts.get("good") is None:
        _check(delivery, progress)
    if delivery.rows_refused:
        _change(delivery, status=Delivery.Status.CHECKED)
        raise HasErrors.of(delivery.rows_refused)
    try:
        with transaction.atomic():
            _take_chunks(delivery, progress)
    except BaseException:
        delivery.refresh_from_db()
        raise


def _take_chunks(delivery: Delivery, progress: Progress | None) -> None:
    if delivery.cursor == 0:
        RowProblem.objects.filter(delivery=delivery).delete()
        _change(delivery, status=Delivery.Status.RUNNING, rows_taken=0, rows_refused=0, counts={}, note="")
    done = delivery.rows_taken + delivery.rows_refused
    for chunk in prepared_chunks(delivery, behind=delivery.cursor):
        _patiently(partial(_take_chunk, delivery, chunk))
        done += chunk.rows
        _say(progress, delivery, done, "taking in")


def _patiently(act: Callable[[], None]) -> None:
    """Try again what failed only because somebody else was writing the same firms."""
    for attempt in range(1, MOST_ATTEMPTS + 1):
        try:
            return act()
        except (IntegrityError, OperationalError) as error:
            if attempt == MOST_ATTEMPTS or not isinstance(error.__cause__, _PASSING):
                raise
    return None


@transaction.atomic
def _take_chunk(delivery: Delivery, chunk: Prepared) -> None:
    applied = apply_chunk(chunk.good, delivery)
    taken = chunk.rows - chunk.refused
    applied.rows_joined += taken - chunk.good.height
    _note_problems(delivery, chunk.problems)
    _change(
        delivery,
        cursor=chunk.last_row,
        rows_taken=delivery.rows_taken + taken,
        rows_refused=delivery.rows_refused + chunk.refused,
        counts=asdict(Applied(**delivery.counts) + applied),
    )


def _finish(actor: User | None, delivery: Delivery) -> None:
    with transaction.atomic():
        _change(
            delivery,
            status=Delivery.Status.DONE,
            finished_at=timezone.now(),
            rows_total=delivery.rows_taken + delivery.rows_refused,
        )
        record_audit(
            actor=actor,
            verb="registry.take_in_delivery",
            target=delivery,
            after={"taken": delivery.rows_taken, "refused": delivery.rows_refused, **delivery.counts},
        )


def _change(delivery: Delivery, **values: Any) -> None:
    """Write columns of the delivery; the object changes only once the database has taken them."""
    Delivery.objects.filter(pk=delivery.pk).update(**values)
    for name, value in values.items():
        setattr(delivery, name, value)


def _say(progress: Progress | None, delivery: Delivery, done: int, words: str) -> None:
    if progress:
        progress(done, max(done, delivery.rows_total) or None, words)


@contextmanager
def _sole_hand_on(delivery: Delivery) -> Iterator[None]:
    """Hold a lock of the database session, which ends with the process however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_SPACE, delivery.pk])
        if not cursor.fetchone()[0]:
            raise BeingTakenIn
    try:
        yield
    finally:
        _let_go(delivery)


def _let_go(delivery: Delivery) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_SPACE, delivery.pk])
    except DatabaseError:
        connection.close()  # the session is lost or in a failed transaction; the lock ends with it


def _note_problems(delivery: Delivery, problems: pl.DataFrame) -> None:
    if problems.is_empty():
        return
    rows = problems.select(
        pl.lit(delivery.pk).alias("delivery_id"),
        "row",
        pl.col("field").fill_null(""),
        pl.col("value").fill_null(""),
        "reason",
        pl.col("parameters").fill_null("{}"),
        (pl.col("severity") == "error").alias("is_error"),
    )
    with connection.cursor() as cursor:
        copy_into(cursor, "registry_rowproblem", rows)
