"""Commands about awards: what editions there are, and their results as files."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from gebyar.cli.setup import with_database

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def award() -> None:
    """List editions of awards, and write their results and records to a folder."""


@award.command(name="list")
@with_database
def list_editions() -> None:
    """List the editions with their entries and how far they are."""
    from django.db.models import Count, Q

    from gebyar.awards.models import Edition
    from gebyar.awards.queries.results import decided_stages

    table = Table("edition", "title", "status", "entries", "decisions")
    handed_in = Count("entries", filter=Q(entries__number__isnull=False))
    for edition in Edition.objects.annotate(handed_in=handed_in).order_by("-year", "slug"):
        decided = decided_stages(edition).count()
        table.add_row(edition.slug, edition.title, str(edition.status), f"{edition.handed_in:,}", f"{decided:,}")
    Console().print(table)


@award.command()
@click.argument("edition")
@click.argument("folder", type=FOLDER)
@click.option("--minutes/--no-minutes", default=True, help="Also the minutes of each decision, as PDF.")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Of the minutes.")
@with_database
def export(edition: str, folder: Path, minutes: bool, language: str) -> None:
    """Write an edition's results and decision records into FOLDER, which must be new or empty.

    EDITION is its address name, such as ifi-2026. `gebyar verify FOLDER/records/record-N.json` checks each record.
    """
    from gebyar.awards.models import Edition
    from gebyar.awards.services.handing_out import write_results

    found = Edition.objects.select_related("version").filter(slug=edition).first()
    if found is None:
        known = ", ".join(Edition.objects.order_by("-year", "slug").values_list("slug", flat=True)[:20]) or "none yet"
        raise click.ClickException(f"There is no edition {edition!r}; known are: {known}.")
    written = write_results(found, folder, minutes=minutes, language=language)
    records = sum(path.parent.name == "records" for path in written)
    click.echo(f"{len(written)} files in {folder}, {records} of them decision records.")


commands = {"award": award}
