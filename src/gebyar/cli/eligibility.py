"""The command that says which facilities the firms of a file could have."""

from datetime import datetime
from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("firms", type=FILE)
@click.option("-o", "--output", required=True, type=TARGET, help="The CSV file to write.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day whose rules count; today without it.")
@click.option("--facility", "chosen", multiple=True, help="Only this facility; may be given several times.")
def eligibility(firms: Path, output: Path, day: datetime | None, chosen: tuple[str, ...]) -> None:
    """Say which facilities the firms of a CSV file could have.

    FIRMS has the columns nib, npwp, kbli_code, workers, investment, capital, net_worth, sales, exports, is_active,
    certificates (kinds with ; between them); a missing one counts as not known. All columns come back, and one more for each
    facility: could (everything that the register can know is met), not, or unknown (a fact is missing).
    """
    from gebyar.methods.eligibility.reading import eligibility_csv
    from gebyar.reference.facilities import facilities

    on = (day or datetime.now()).date()  # noqa: DTZ005  the day of whoever asks
    known = {facility.id: facility for facility in facilities()}
    for name in chosen:
        if name not in known:
            raise click.ClickException(f"There is no facility {name!r}; there are {', '.join(known)}.")
    versions = {name: version for name in (chosen or known) if (version := known[name].on(on)) is not None}
    if not versions:
        raise click.ClickException(f"No version of these facilities holds on {on}.")
    try:
        counts = eligibility_csv(versions, firms, output)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for name, answers in counts.items():
        words = ", ".join(f"{answer} {count:,}" for answer, count in answers.items() if count)
        click.echo(f"{name} ({versions[name].version}): {words}")


commands = {"eligibility": eligibility}
