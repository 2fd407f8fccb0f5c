"""Commands that fill the register."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gebyar.cli.progress import Report, progress_bar
from gebyar.cli.setup import with_database

if TYPE_CHECKING:
    from gebyar.registry.imports.mapping import Mapping
    from gebyar.registry.models import Delivery

Say = Callable[[str], None]
DATE = click.DateTime(formats=["%Y-%m-%d"])
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITTEN = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command(name="import")
@click.argument("file", type=EXISTING)
@click.option("--source", required=True, help='Whose list it is, for example "Dinas Perindustrian Kab. Bantul".')
@click.option("--as-of", required=True, type=DATE, help="As of when the list holds (YYYY-MM-DD).")
@click.option(
    "--data-year",
    type=click.IntRange(1950, 2100),
    help="The year its figures are about where no column says it. Left out, the year before --as-of.",
)
@click.option("--region", default="", help="Take only firms within this region code, for example 34.02.")
@click.option("--map", "map_file", type=EXISTING, help="What the columns mean, as YAML or JSON.")
@click.option("--save-map", type=WRITTEN, help="Write here what was understood (.yaml or .json), to correct it.")
@click.option("--all-or-nothing", is_flag=True, help="Take nothing when a single row has an error.")
@click.option("--problems", type=WRITTEN, help="Write the sheet of problems here (.xlsx or .csv).")
@click.option("--dry-run", is_flag=True, help="Only check: the register stays as it is.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON instead of words.")
@with_database
def import_list(
    file: Path,
    source: str,
    as_of: datetime,
    data_year: int | None,
    region: str,
    map_file: Path | None,
    save_map: Path | None,
    all_or_nothing: bool,
    problems: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in an office's list of firms (CSV or a workbook).

    The columns are recognised by their headings; --save-map writes what was understood, --map takes it back
    corrected. The same list of the same source and date taken in twice changes nothing. An interrupted import goes on
    where it stopped when the command is given again. Ends with 0 when all went well, with 1 and the reason otherwise.
    """
    from gebyar.registry.models import Delivery
    from gebyar.registry.services.deliveries import receive

    say = _quiet if as_json else click.echo
    delivery = receive(
        actor=None,
        path=file,
        file_name=file.name,
        source_name=source,
        as_of=as_of.date(),
        data_year=data_year,
        region_code=region,
        mode=Delivery.Mode.ALL_OR_NOTHING if all_or_nothing else Delivery.Mode.GOOD_ROWS,
        mapping=_read_mapping(map_file),
    )
    _tell_columns(delivery, save_map, say)
    try:
        changed = _work(delivery, dry_run=dry_run, say=say, bars=not as_json)
    except KeyboardInterrupt as error:
        raise click.ClickException(f"{_stopped(delivery)} Give the same command again to go on.") from error
    finally:
        if problems:
            _write_problems(delivery, problems, say)
    if as_json:
        click.echo(json.dumps(_facts(delivery, changed=changed)))


def _quiet(_words: str) -> None:
    """Say nothing: the one line of JSON says it all."""


def _tell_columns(delivery: "Delivery", save_map: Path | None, say: Say) -> None:
    from gebyar.registry.imports.mapping import Mapping
    from gebyar.registry.imports.reading import open_table

    mapping = Mapping.from_dict(delivery.mapping)
    if save_map:
        mapping.save(save_map)
        say(f"Mapping written to {save_map}.")
    chosen = {column.heading: column.field for column in mapping.columns}
    for heading in open_table(delivery.stored_file.path).headers:
        say(f"  “{heading}” → {chosen.get(heading) or '(left out)'}")


def _work(delivery: "Delivery", *, dry_run: bool, say: Say, bars: bool) -> bool:
    """Check the list or take it in; return whether the register changed."""
    from gebyar.registry.services.deliveries import check, take_in

    if delivery.status == delivery.Status.DONE:
        say("This list has been taken in already; nothing was changed.")
        return False
    if dry_run:
        with _bar("Checking", shown=bars) as progress:
            checked = check(delivery=delivery, progress=progress)
        good = delivery.rows_total - delivery.rows_refused
        say(f"{good:,} rows are good, {checked.rows_refused:,} have errors; nothing was taken in.")
        return False
    with _bar("Taking in", shown=bars) as progress:
        take_in(actor=None, delivery=delivery, progress=progress)
    _report(delivery, say)
    return True


@contextmanager
def _bar(title: str, *, shown: bool) -> Iterator[Report | None]:
    if not shown:
        yield None
        return
    with progress_bar(title) as progress:
        yield progress


def _read_mapping(path: Path | None) -> "Mapping | None":
    from gebyar.registry.imports.mapping import Mapping

    return Mapping.load(path) if path else None


def _stopped(delivery: "Delivery") -> str:
    delivery.refresh_from_db()
    if not delivery.cursor:
        return "Stopped. Nothing is lost, and nothing was taken in."
    return f"Stopped. Nothing is lost: {delivery.rows_taken:,} rows are in the register."


def _write_problems(delivery: "Delivery", path: Path, say: Say) -> None:
    from gebyar.registry.services.deliveries.problems import write_problems

    count = write_problems(delivery, path)
    say(f"{count:,} problems written to {path}.")


def _facts(delivery: "Delivery", *, changed: bool) -> dict[str, object]:
    counted = {name: count for name, count in delivery.counts.items() if name != "preview"}
    return {
        "delivery": delivery.pk,
        "status": delivery.status,
        "changed": changed,
        "rows_total": delivery.rows_total,
        "rows_taken": delivery.rows_taken,
        "rows_refused": delivery.rows_refused,
        **counted,
    }


def _report(delivery: "Delivery", say: Say) -> None:
    counts = delivery.counts
    say(
        f"{delivery.rows_taken:,} rows taken in, {delivery.rows_refused:,} refused: "
        f"{counts.get('firms_new', 0):,} new firms, {counts.get('firms_changed', 0):,} firms with changed facts, "
        f"{counts.get('profiles', 0):,} yearly statements, {counts.get('rows_joined', 0):,} rows joined others."
    )


@click.command()
@click.option("--firms", required=True, type=click.IntRange(1, 20_000_000), help="How many.")
@click.option("--seed", default=2024, show_default=True, help="The same seed makes the same firms.")
@with_database
def synthesize(firms: int, seed: int) -> None:
    """Fill the register with made-up firms, calibrated to the published totals and marked as made up everywhere."""
    from django.utils import timezone

    from gebyar.registry.services.synthesis import fill_with_synthetic_firms

    with progress_bar("Firms") as progress:
        filled = fill_with_synthetic_firms(
            actor=None, firms=firms, seed=seed, as_of=timezone.localdate(), progress=progress
        )
    if not filled.is_new:
        click.echo("These made-up firms are in the register already; nothing was added.")
        return
    click.echo(f"{filled.firms:,} made-up firms in {filled.seconds:.1f} s ({filled.firms / filled.seconds:,.0f}/s).")


commands = {"import": import_list, "synthesize": synthesize}
