"""The command that allots scarce places from plain files."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gebyar.cli.progress import progress_bar

if TYPE_CHECKING:
    from gebyar.methods.places import Allotment, Applicant, Call

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("applicants", type=FILE)
@click.option("--places", required=True, help="How many places, or a CSV file of kinds: id, places, name, zones.")
@click.option(
    "--method",
    type=click.Choice(["ranked", "lottery", "first_come"]),
    default="ranked",
    show_default=True,
    help="By points, by lot, or first come.",
)
@click.option("--reserves", type=FILE, help="CSV of reserves and quotas: group, least, most, kind.")
@click.option("--budget", type=int, help="Whole rupiah to give; applicants then need an amount.")
@click.option("--partial", is_flag=True, help="Less than the amount asked may be given, down to least_amount.")
@click.option("--threshold", type=float, help="Fewer points than this get no place.")
@click.option(
    "--ties",
    default="arrived lot",
    show_default=True,
    help="How equals are ordered: arrived, amount, group:<group>, lot.",
)
@click.option("--waiting", type=int, help="Length of the waiting list; without it all wait who may.")
@click.option("--seed", default=0, show_default=True, help="Of every lot; publish it before applications close.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of CSV.")
@click.option("-o", "--output", type=TARGET, help="The file to write; without it a summary is printed.")
def allot(
    applicants: Path,
    places: str,
    method: str,
    reserves: Path | None,
    budget: int | None,
    partial: bool,
    threshold: float | None,
    ties: str,
    waiting: int | None,
    seed: int,
    as_json: bool,
    output: Path | None,
) -> None:
    """Allot places to the applicants in a CSV file: by rank with reserves, by lot, or first come, each with its reason.

    APPLICANTS needs the column id, and optionally points, wants, groups, arrived, amount, least_amount.
    """
    from gebyar.methods.places import Call, PlacesError, allot, check_allotment
    from gebyar.methods.places.reading import read_applicants, read_reserves

    try:
        call = Call(
            kinds=_kinds(places),
            method=method,  # type: ignore[arg-type]  # click lets no other through
            reserves=read_reserves(reserves) if reserves else (),
            budget=budget,
            partial=partial,
            threshold=threshold,
            ties=tuple(ties.replace(",", " ").split()),
            waiting=waiting,
        )
        people = read_applicants(applicants)
        with progress_bar("Places") as progress:
            allotment = allot(call, people, seed=seed, progress=progress)
    except PlacesError as error:
        raise click.ClickException(str(error)) from error
    _write(call, people, allotment, output, as_json=as_json)
    _summary(allotment)
    faults = check_allotment(call, people, allotment)
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(1 if faults else 0)


def _kinds(places: str) -> tuple[object, ...]:
    from gebyar.methods.places import Kind, PlacesError
    from gebyar.methods.places.reading import read_kinds

    if places.isdigit():
        return (Kind("place", int(places)),)
    if not Path(places).is_file():
        raise PlacesError(f"--places {places}: is no number and no file; give how many, or a CSV file of kinds")
    return read_kinds(Path(places))


def _write(
    call: "Call", people: "tuple[Applicant, ...]", allotment: "Allotment", output: Path | None, *, as_json: bool
) -> None:
    from gebyar.methods.places.reading import write_allotment
    from gebyar.methods.places.records import inputs_of, result_of

    if as_json:
        data = {"inputs": inputs_of(call, people), "seed": allotment.seed, "result": result_of(allotment)}
        text = json.dumps(data, indent=1, ensure_ascii=False)
        if output is None:
            click.echo(text)
        else:
            output.write_text(text + "\n", encoding="utf-8")
    elif output is not None:
        write_allotment(allotment, output)


def _summary(allotment: "Allotment") -> None:
    from gebyar.methods.places import sentence

    for figure in allotment.kinds:
        last = f", the last of them number {figure.last_rank}" if figure.last_rank else ""
        click.echo(f"{figure.kind}: {figure.admitted:,} of {figure.places:,} places given{last}", err=True)
    for reserve in allotment.reserves:
        if reserve.code:
            click.echo(sentence(reserve.code, reserve.parameters), err=True)
    if allotment.granted is not None:
        click.echo(f"{allotment.granted:,} rupiah granted", err=True)
    click.echo(f"{len(allotment.waiting):,} wait", err=True)


commands = {"allot": allot}
