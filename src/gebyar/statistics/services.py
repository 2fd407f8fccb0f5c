"""Take a snapshot of the register and compute the published figures from it."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.records.arrow import libpq_address
from gebyar.records.services import record_audit
from gebyar.reference.size_rules import SizeRule, size_rules
from gebyar.statistics.indicators import MEASURES, UNKNOWN, groups, open_snapshot
from gebyar.statistics.models import Figure, Snapshot

if TYPE_CHECKING:
    from gebyar.statistics.protection import Mask

Progress = Callable[[int, int | None, str], None]

# Snapshots are taken one after the other: the second would only do the work of the first again at the same time.
SNAPSHOT_LOCK = 0x6765_6273_6E61
ROWS_AT_A_TIME = 100_000

# Bigints stay bigints: no fact is rounded on its way into a figure.
SNAPSHOT_SQL = """
    SELECT f.id, left(f.region_code, 2) AS province, f.region_code, f.kbli_code, f.kbli_version, f.is_synthetic,
           p.year, p.as_of, p.delivery_id, p.workers_male, p.workers_female, p.workers, p.investment, p.capital,
           p.net_worth, p.sales, p.production_value, p.raw_material_value, p.exports
    FROM registry_firm f LEFT JOIN registry_profile p ON p.firm_id = f.id AND p.is_current
    WHERE f.is_active AND f.kind = 'industry'
"""


@dataclass(frozen=True)
class Written:
    """A snapshot's file and what it holds."""

    path: Path
    sha256: str
    firms: int
    synthetic_firms: int


def take_snapshot(*, actor: User | None, progress: Progress | None = None) -> Snapshot:
    """Write the register's current facts as Parquet and store the figures of every size rule.

    Parameters
    ----------
    actor
        Who asked for it; None for the machine itself.
    progress
        Called with (steps done, all steps, what is being done); firms while they are written.

    Returns
    -------
    Snapshot
        The public page shows it from now on.
    """
    say = progress or _silent
    started = time.monotonic()
    with _one_at_a_time():
        written = _write_parquet(say)
        try:
            say(0, 2, "figures")
            table = groups(open_snapshot(str(written.path)), size_rules()).to_polars()
            say(1, 2, "protecting single firms")
            figures = list(_figures(table, size_rules()))
            snapshot = _store(actor, written, figures, started)
        except BaseException:
            written.path.unlink()
            raise
    say(2, 2, "done")
    return snapshot


def _silent(_done: int, _total: int | None, _words: str) -> None:
    """Report to nobody."""


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold a lock of the database session, which ends with the process however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [SNAPSHOT_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SNAPSHOT_LOCK])


@transaction.atomic
def _store(actor: User | None, written: Written, figures: Sequence[Figure], started: float) -> Snapshot:
    snapshot = Snapshot.objects.create(
        taken_by=actor,
        file=written.path.name,
        sha256=written.sha256,
        firms=written.firms,
        synthetic_firms=written.synthetic_firms,
        rules_version=size_rules()[0].version,
        seconds=time.monotonic() - started,
    )
    for figure in figures:
        figure.snapshot = snapshot
    Figure.objects.bulk_create(figures)
    after = {"firms": snapshot.firms, "sha256": snapshot.sha256, "figures": len(figures)}
    record_audit(actor=actor, verb="statistics.take_snapshot", target=snapshot, after=after)
    return snapshot


# --- the file -----------------------------------------------------------------------------------------------------


def snapshot_folder() -> Path:
    """Return the folder of the snapshots. They hold facts of single firms, so nobody else on the machine may look."""
    folder = Path(settings.HOME) / "snapshots"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _write_parquet(say: Progress) -> Written:
    """Stream the rows into a file that gets its name only when it is whole and on the disk."""
    folder = snapshot_folder()
    for left_behind in folder.glob("*.part"):  # by a run that was killed; ours is the only one now
        left_behind.unlink()
    target = folder / f"firms-{timezone.now():%Y%m%d-%H%M%S-%f}.parquet"
    unfinished = target.with_suffix(".part")
    firms, synthetic = _stream(unfinished, say)
    unfinished.chmod(0o600)
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    unfinished.rename(target)
    return Written(target, sha256, firms, synthetic)


def _stream(path: Path, say: Progress) -> tuple[int, int]:
    """Write all rows; return how many firms there are and how many of them are made up."""
    # Loaded when a snapshot is taken: the driver brings pandas with it, and pages do without both.
    import adbc_driver_postgresql.dbapi as adbc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    firms = synthetic = 0
    with adbc.connect(libpq_address()) as link, link.cursor() as cursor:
        cursor.execute(SNAPSHOT_SQL)
        batches = cursor.fetch_record_batch()
        with pq.ParquetWriter(path, batches.schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch, row_group_size=ROWS_AT_A_TIME)
                firms += batch.num_rows
                synthetic += batch.column("is_synthetic").true_count
                say(firms, None, "writing the snapshot")
    return firms, synthetic


# --- the figures --------------------------------------------------------------------------------------------------


def _figures(table: pl.DataFrame, rules: Sequence[SizeRule]) -> Iterator[Figure]:
    """Make the figures of all rules out of the groups of :func:`gebyar.statistics.indicators.groups`."""
    # Loaded when figures are computed, for the solvers behind it.
    from gebyar.statistics.nesting import nestings_of  # noqa: PLC0415
    from gebyar.statistics.protection import from_table, protect  # noqa: PLC0415

    if table.is_empty():
        return
    regions, nestings = sorted(table["province"].unique()), nestings_of(rules)
    hidden = {measure: protect(from_table(table, measure, regions, rules), nestings) for measure in MEASURES}
    for place, rule in enumerate(rules):
        masks = {measure: hidden[measure][place] for measure in MEASURES}
        yield from _figures_of_rule(table, rule, [*regions, ""], masks)


def _figures_of_rule(
    table: pl.DataFrame, rule: SizeRule, regions: Sequence[str], masks: "dict[str, Mask]"
) -> Iterator[Figure]:
    names = [*rule.class_names, UNKNOWN, ""]
    sums = {(row["province"], row[rule.id]): row for row in _with_totals(table, rule).iter_rows(named=True)}
    for row, region in enumerate(regions):
        for code, name in enumerate(names):
            held = sums.get((region, code))
            values = {
                measure: None if masks[measure][row, code] else int(held[measure] if held else 0)
                for measure in MEASURES
            }
            yield Figure(rule=rule.id, region_code=region, size_class=name, **values)


def _with_totals(table: pl.DataFrame, rule: SizeRule) -> pl.DataFrame:
    """Sum exactly, as whole numbers: by province and class, with the nation as "" and all classes as the last code."""
    nation, all_classes = pl.lit("").alias("province"), pl.lit(len(rule.class_names) + 1).alias(rule.id)
    cells = table.select("province", pl.col(rule.id).cast(pl.Int32), *MEASURES)
    widened = [cells, cells.with_columns(nation), cells.with_columns(all_classes)]
    widened.append(cells.with_columns(nation, all_classes))
    return pl.concat(widened, how="vertical_relaxed").group_by("province", rule.id).agg(pl.col(*MEASURES).sum())


@transaction.atomic
def note_download(*, actor: User, snapshot: Snapshot) -> None:
    """Note that somebody took a snapshot's file, which holds facts of single firms."""
    record_audit(actor=actor, verb="statistics.download_snapshot", target=snapshot, after={"file": snapshot.file})
