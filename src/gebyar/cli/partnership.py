"""Commands about needs, offers and deals."""

from pathlib import Path

import click

from gebyar.cli.progress import progress_bar
from gebyar.cli.setup import with_database

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("listings", type=FILE)
@click.option("-o", "--output", required=True, type=TARGET, help="The CSV file to write.")
@click.option(
    "--best", default=10, show_default=True, type=click.IntRange(1, 100), help="Suggestions for each listing."
)
@click.option(
    "--floor",
    default=0.0,
    show_default=True,
    help="Part of their share of places kept for small and for far-away firms, 0 to 1 (as often as they fit).",
)
@click.option("--certificates", is_flag=True, help="Leave out who lacks a certificate asked for.")
def suggest(listings: Path, output: Path, best: int, floor: float, certificates: bool) -> None:
    """Suggest partners for the listings in a CSV file.

    LISTINGS needs the columns id, firm, direction (need, offer), role (supplier, buyer, distributor, logistics), title,
    region; known besides: description, kbli, certificates, regions, routes (lists with ; between), quantity_per_year,
    unit, lead_time_days, size, is_remote, has_cold_chain.
    """
    from gebyar.methods.partners import Options, PartnerIndex, exposure, read_entries, write_suggestions

    try:
        entries = read_entries(listings)
        options = Options(requires_certificates=certificates, floor=floor)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    index = PartnerIndex(entries)
    rows = []
    with progress_bar("Suggestions") as progress:
        for done, entry in enumerate(entries, 1):
            found = index.suggest(entry, best, options)
            rows += [(entry.id, rank, one, index.entry(one.id).firm) for rank, one in enumerate(found, 1)]
            progress(done, len(entries), "")
    count = write_suggestions(output, rows)
    shares = exposure(entries, [index.entry(one.id) for _listing, _rank, one, _firm in rows])
    click.echo(f"{count:,} suggestions for {len(entries):,} listings: {output}")
    click.echo(
        f"Small firms: {_share(shares.small_shown, shares.shown)} of the suggestions, "
        f"{_share(shares.small_candidates, shares.candidates)} of the listings."
    )
    click.echo(
        f"Far-away firms: {_share(shares.remote_shown, shares.shown)} of the suggestions, "
        f"{_share(shares.remote_candidates, shares.candidates)} of the listings."
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


@click.command()
@with_database
def remind() -> None:
    """Send the reminders about deals that are due; each goes out once, however often this runs.

    `gebyar serve` and `gebyar worker` do this by themselves once a day.
    """
    from gebyar.partnership.services.reminders import send_reminders

    click.echo(f"{send_reminders():,} reminders sent.")


commands = {"suggest": suggest, "remind": remind}
