"""Commands about published figures."""

import click

from gebyar.cli.progress import progress_bar
from gebyar.cli.setup import with_database


@click.command()
@with_database
def snapshot() -> None:
    """Write the register's current facts as Parquet and compute the published figures."""
    from gebyar.statistics.services import take_snapshot

    with progress_bar("Figures") as progress:
        taken = take_snapshot(actor=None, progress=progress)
    click.echo(f"{taken.firms:,} firms in {taken.seconds:.1f} s: {taken.file} (SHA-256 {taken.sha256})")


commands = {"snapshot": snapshot}
