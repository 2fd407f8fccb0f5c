"""Fill the register with made-up firms by COPY, as one unit that is there wholly or not at all.

All rows come in one transaction, so a run that is killed leaves nothing and the next call starts clean. A large fill
takes foreign keys, unique constraints and indexes off the four tables within that transaction and builds them again
over all rows at once, which costs a third of keeping them up row by row; readers wait for its end.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.accounts.models import User
from gebyar.methods.synthetic import SyntheticChunk, plan_register, synthesize
from gebyar.methods.synthetic.draws import Shuffle
from gebyar.records.errors import DomainError
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.imports.identity import identity_keys
from gebyar.registry.models import Delivery, Firm, Source
from gebyar.registry.services.deliveries.applying import BULK_WRITER_LOCK
from gebyar.registry.services.deliveries.staging import copy_text
from gebyar.registry.services.search import refresh_search

Progress = Callable[[int, int | None, str], None]

SOURCE_NAME = "Data rekaan Gebyar"
CHUNK = 50_000
# From here on building the indexes anew is cheaper than keeping them up.
LARGE_FILL = 200_000
TABLES = ("registry_firm", "registry_profile", "registry_contact", "registry_certificate")
# NIBs of made-up firms are dealt over this range by the firm's own id, so no two fills of any seed can collide.
_NIB_FIRST, _NIB_ROOM = 9_900_000_000_000, 10**11
_NIB_DEAL = Shuffle(_NIB_ROOM, 0, "nib")


class HoldsRealFirms(DomainError):
    words = _(
        "The register holds real firms. Made-up firms beside them would poison every figure, so nothing was added. "
        "Use an empty data folder for made-up data."
    )


@dataclass(frozen=True)
class Filled:
    """What a fill did; `seconds` is all of it, `copy_seconds` the rows with their constraints and indexes.

    A register that held these firms already has `is_new` False.
    """

    firms: int
    seconds: float
    delivery: Delivery
    copy_seconds: float = 0.0
    is_new: bool = True


def fill_with_synthetic_firms(
    *, actor: User | None, firms: int, seed: int, as_of: date, progress: Progress | None = None
) -> Filled:
    """Add a synthetic register; the same number and seed are added once only.

    Parameters
    ----------
    firms, seed
        As for :func:`gebyar.methods.synthetic.synthesize`.
    as_of
        The date the yearly statements get; of a fill that was begun before, its first date counts.
    progress
        Called with (firms done, all firms, what is being done).

    Raises
    ------
    HoldsRealFirms
        If any firm of the register is not made up.
    ValueError
        If ``firms`` is below 1 or ``seed`` below 0.
    """
    say = progress or _silent
    started = time.monotonic()
    delivery = _begin(actor, firms, seed, as_of)
    if delivery.status == Delivery.Status.DONE:
        return Filled(firms, time.monotonic() - started, delivery, is_new=False)
    _fill(delivery, say)
    copied = time.monotonic()
    # Before the delivery counts as done, so that a process killed here refreshes the search when it goes on.
    refresh_search(delivery=None if firms >= LARGE_FILL else delivery, progress=say)
    _finish(actor, delivery)
    return Filled(firms, time.monotonic() - started, delivery, copied - started)


def _silent(_done: int, _total: int | None, _words: str) -> None:
    """Report to nobody."""


@transaction.atomic
def _begin(actor: User | None, firms: int, seed: int, as_of: date) -> Delivery:
    """Find or note the fill. It is known by number and seed, whatever day it is asked for."""
    plan = plan_register(firms, seed)
    if Firm.objects.filter(is_synthetic=False).exists():
        raise HoldsRealFirms
    source, _is_new = Source.objects.get_or_create(name=SOURCE_NAME, defaults={"kind": Source.Kind.SYNTHETIC})
    lock(Source.objects.filter(pk=source.pk)).get()  # two calls at once agree on one delivery
    name = f"synthetic register, {firms} firms, seed {seed}"
    fields = {
        "file_name": name,
        "as_of": as_of,
        "data_year": plan.calibration.year,
        "rows_total": firms,
        "mapping": {"firms": firms, "seed": seed},
        "mode": Delivery.Mode.ALL_OR_NOTHING,
        "created_by": actor,
    }
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    delivery, _is_new = Delivery.objects.get_or_create(source=source, sha256=sha256, defaults=fields)
    return delivery


# --- the rows -----------------------------------------------------------------------------------------------


@transaction.atomic
def _fill(delivery: Delivery, say: Progress) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BULK_WRITER_LOCK])
        delivery.refresh_from_db()
        if delivery.cursor == delivery.rows_total:
            return
        first_id = _reserve_ids(cursor, delivery.rows_total)
        if delivery.rows_total >= LARGE_FILL:
            with _without_keys(cursor, say):
                _copy_all(cursor, delivery, first_id, say)
        else:
            _copy_all(cursor, delivery, first_id, say)
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
    delivery.mapping["first_id"] = first_id
    delivery.cursor = delivery.rows_taken = delivery.rows_total
    delivery.status = Delivery.Status.RUNNING
    delivery.save(update_fields=["mapping", "cursor", "rows_taken", "status"])


def _reserve_ids(cursor: Any, count: int) -> int:
    """Take a run of ids; with the table locked nobody else is between taking an id and using it."""
    cursor.execute("LOCK TABLE registry_firm IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute("SELECT nextval(pg_get_serial_sequence('registry_firm', 'id'))")
    first = int(cursor.fetchone()[0])
    cursor.execute("SELECT setval(pg_get_serial_sequence('registry_firm', 'id'), %s)", [first + count - 1])
    return first


def _copy_all(cursor: Any, delivery: Delivery, first_id: int, say: Progress) -> None:
    firms, seed = delivery.mapping["firms"], delivery.mapping["seed"]
    done = 0
    say(0, firms, "made-up firms")
    for tables in _ahead(_texts(chunk, delivery) for chunk in synthesize(firms, seed, CHUNK, first_id)):
        for table, (columns, text) in tables.items():
            sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv, NULL '\\N')"
            with cursor.copy(sql) as copy:
                copy.write(text)
        done = min(done + CHUNK, firms)
        say(done, firms, "made-up firms")


Texts = dict[str, tuple[list[str], bytes]]


def _ahead(texts: Iterator[Texts]) -> Iterator[Texts]:
    """Make the next rows in a second thread while the database takes these."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(next, texts, None)
        while (ready := waiting.result()) is not None:
            waiting = pool.submit(next, texts, None)
            yield ready


def _texts(chunk: SyntheticChunk, delivery: Delivery) -> Texts:
    frames = (_firms(chunk.firms), _profiles(chunk.profiles, delivery.as_of), chunk.contacts, chunk.certificates)
    sourced = [frame.with_columns(delivery_id=pl.lit(delivery.pk)) for frame in frames]
    return {table: (frame.columns, copy_text(frame)) for table, frame in zip(TABLES, sourced, strict=True)}


def _firms(firms: pl.DataFrame) -> pl.DataFrame:
    numbers = pl.Series("nib", _NIB_FIRST + _NIB_DEAL(firms["id"].to_numpy())).cast(pl.String)
    nib = pl.when(pl.col("nib").is_not_null()).then(pl.lit(numbers))
    return firms.with_columns(nib.alias("nib"), identity_keys(firms))


def _profiles(profiles: pl.DataFrame, as_of: date) -> pl.DataFrame:
    return profiles.with_columns(as_of=pl.lit(as_of), is_current=pl.lit(value=True))


# --- constraints and indexes --------------------------------------------------------------------------------


@contextmanager
def _without_keys(cursor: Any, say: Progress) -> Iterator[None]:
    """Take off everything but primary keys and checks, and put it back; part of the caller's transaction."""
    constraints, indexes = _constraints(cursor), _indexes(cursor)
    for table, name, _definition in constraints:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    again = [definition for _name, definition in indexes]
    again += [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}' for table, name, text in reversed(constraints)]
    for done, statement in enumerate(again):
        say(done, len(again), "keys and indexes")
        cursor.execute(statement)
    say(len(again), len(again), "keys and indexes")


def _constraints(cursor: Any) -> list[tuple[str, str, str]]:
    """Foreign keys and unique constraints of the tables as (table, name, definition), foreign keys first."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = ANY (%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype, conname",
        [list(TABLES)],
    )
    rows: list[tuple[str, str, str]] = cursor.fetchall()
    return rows


def _indexes(cursor: Any) -> list[tuple[str, str]]:
    """Indexes that no constraint owns, as (name, definition); to be asked with the constraints still in place."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY (%s::regclass[]) AND NOT EXISTS"
        " (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f') ORDER BY 1",
        [list(TABLES)],
    )
    rows: list[tuple[str, str]] = cursor.fetchall()
    return rows


@transaction.atomic
def _finish(actor: User | None, delivery: Delivery) -> None:
    locked = lock(Delivery.objects.filter(pk=delivery.pk)).get()
    if locked.status != Delivery.Status.DONE:
        locked.status = Delivery.Status.DONE
        locked.finished_at = timezone.now()
        locked.save(update_fields=["status", "finished_at"])
        after = {"firms": locked.rows_taken, "seed": locked.mapping["seed"]}
        record_audit(actor=actor, verb="registry.fill_with_synthetic_firms", target=locked, after=after)
    delivery.refresh_from_db()
