"""The command that gives judges to entries from plain files."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gebyar.cli.progress import progress_bar

if TYPE_CHECKING:
    from gebyar.methods.panels import Panels, PanelTask

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--scores", required=True, type=FILE, help="How well judges suit entries: a table, .npy or .csv.")
@click.option("--loads", required=True, metavar="N|FILE", help="Most entries of a judge: a number, or one per judge.")
@click.option("--coverage", required=True, metavar="N|FILE", help="Judges of an entry: a number, or one per entry.")
@click.option(
    "--loads-least", default="0", metavar="N|FILE", show_default=True, help="Least entries of a judge, likewise."
)
@click.option("--conflicts", type=FILE, help="Pairs that must not be: a table of 0 and 1, or a CSV of entry, judge.")
@click.option(
    "--orientation", type=click.Choice(["judges", "entries"]), help="What rows of --scores are; else told by lengths."
)
@click.option("--cap", type=float, help="Draw at random, no pair with a probability above this one.")
@click.option("--unconnected", is_flag=True, help="Panels need not hang together; judges cannot be compared then.")
@click.option("--seed", default=0, show_default=True, help="Decides between equals; the same seed, the same panels.")
@click.option("--time-limit", default=60.0, show_default=True, help="Seconds; the best found by then is kept.")
@click.option("--check", "checked", type=FILE, help="Check this assignment instead of making one.")
@click.option("--json", "as_json", is_flag=True, help="Print status, figures, bounds and reasons as JSON.")
@click.option("-o", "--output", type=TARGET, help="The CSV to write: entry, judge, affinity, counted from 0.")
def panels(
    scores: Path,
    loads: str,
    coverage: str,
    loads_least: str,
    conflicts: Path | None,
    orientation: str | None,
    cap: float | None,
    unconnected: bool,
    seed: int,
    time_limit: float,
    checked: Path | None,
    as_json: bool,
    output: Path | None,
) -> None:
    """Give judges to entries: the worst-off entry as well as possible, then the largest total.

    Exit code 1 when there is no assignment, or when --check finds a fault; then the reason is told, and what would help.
    """
    from gebyar.methods.panels.reading import read_task

    if checked is None and output is None and not as_json:
        raise click.UsageError("Say where to write the panels: -o panels.csv, or --json, or --check FILE.")
    try:
        task = read_task(
            scores,
            loads=loads,
            coverage=coverage,
            least=loads_least,
            conflicts=conflicts,
            orientation="judges" if orientation == "judges" else "entries" if orientation else None,
            connected=not unconnected,
            cap=cap,
        )
        if checked is not None:
            _check(task, checked)
            return
        _assign(task, seed, time_limit, output, as_json=as_json)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _check(task: "PanelTask", path: Path) -> None:
    from gebyar.methods.panels.checking import check_pairs
    from gebyar.methods.panels.reading import read_pairs

    # A file of pairs shows what was drawn, not with which probability; all else can be checked.
    faults = list(check_pairs(replace(task, cap=None), read_pairs(path)))
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(1)
    click.echo("The panels keep every rule.")


def _assign(task: "PanelTask", seed: int, time_limit: float, output: Path | None, *, as_json: bool) -> None:
    from gebyar.methods.panels import assign
    from gebyar.methods.panels.reading import write_panels
    from gebyar.methods.panels.storage import panels_to_json

    with progress_bar("Panels") as progress:
        found = assign(task, seed=seed, time_limit=time_limit, progress=progress)
    if as_json:
        click.echo(json.dumps(panels_to_json(found), indent=1))
    if output is not None and found.pairs:
        write_panels(output, task, found.pairs)
    _tell(found)
    if not found.pairs:
        sys.exit(1)


def _tell(found: "Panels") -> None:
    if found.pairs:
        click.echo(
            f"{found.status}: {len(found.pairs):,} pairs, total {found.total:.3f} (bound {found.total_bound:.3f}), "
            f"worst-off entry {found.worst:.4f} (bound {found.worst_bound:.4f}), {found.seconds:.1f} s",
            err=True,
        )
    else:
        click.echo(f"{found.status}, nothing written.", err=True)
    for words in filter(None, (found.reason, *found.needs)):
        click.echo(words, err=True)


commands = {"panels": panels}
