"""The command that plans a round of business meetings from plain files."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gebyar.cli.progress import progress_bar

if TYPE_CHECKING:
    from gebyar.methods.rounds import Place, Round, RoundPlan

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


@click.command(name="round")
@click.argument("folder", type=FOLDER, required=False)
@click.option("-o", "--output", type=TARGET, help="The plan to write, as JSON; without it the plan is printed.")
@click.option("--seed", default=0, show_default=True, help="Decides between equals; the same seed gives the same plan.")
@click.option("--time-limit", default=60.0, show_default=True, help="Seconds; the best plan found by then is kept.")
@click.option(
    "--keep", type=FILE, help="A plan whose hand-made places stay: requests of the organiser, and fixed slots."
)
@click.option("--only-unplaced", is_flag=True, help="Keep all places of --keep and look only at what has none.")
@click.option("--check", "checked", type=FILE, help="Check this plan against the folder instead of making one.")
@click.option("--repair", "repaired", type=FILE, help="Repair this plan: as few meetings as possible move.")
@click.option(
    "--absent", multiple=True, metavar="NAME:SLOTS", help="Who cannot come, and when: “Toko A:3” or “Toko A:3-8”."
)
@click.option("--from-slot", default=1, show_default=True, help="Earlier slots are over and stay as they were.")
@click.option("--calculate", is_flag=True, help="Only work out what a round needs, from the numbers below.")
@click.option("--guests", type=int, help="Guests, for --calculate.")
@click.option("--hosts", type=int, help="Those whom the guests meet; without it they meet each other.")
@click.option("--meetings", type=int, help="Meetings per guest; without it, how many fit into --slots.")
@click.option("--slots", type=int, help="Slots there are, to work out how many meetings fit.")
@click.option("--tables", type=int, help="Tables there are.")
@click.option("--minutes", default=20, show_default=True, help="Minutes of a meeting with the change to the next.")
@click.option("--hours", default=6.0, show_default=True, help="Hours of meetings on a day.")
def round_command(
    folder: Path | None,
    output: Path | None,
    seed: int,
    time_limit: float,
    keep: Path | None,
    only_unplaced: bool,
    checked: Path | None,
    repaired: Path | None,
    absent: tuple[str, ...],
    from_slot: int,
    calculate: bool,
    **numbers: float | None,
) -> None:
    """Plan a round of business meetings: which requests to grant, where and when, and why not the others.

    FOLDER holds guests.csv, requests.csv, slots.csv, tables.csv and perhaps round.csv. With --check the exit code is 1
    when a plan breaks a rule.
    """
    try:
        if calculate:
            _calculate(**numbers)
            return
        if folder is None:
            raise click.UsageError("Give the folder with guests.csv, requests.csv, slots.csv and tables.csv.")
        round_ = _with_absences(_read(folder), absent)
        if checked is not None:
            _check(round_, checked, from_slot)
        elif repaired is not None:
            _repair(round_, repaired, from_slot, seed, output)
        else:
            _plan(round_, seed, time_limit, keep, only_unplaced=only_unplaced, output=output)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _read(folder: Path) -> "Round":
    from gebyar.methods.rounds.reading import read_round

    return read_round(folder)


def _read_plan(path: Path) -> "RoundPlan":
    from gebyar.methods.rounds.storage import plan_from_json

    try:
        return plan_from_json(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise click.ClickException(f"{path.name} is no plan of a round: {error}") from error


def _with_absences(round_: "Round", absent: tuple[str, ...]) -> "Round":
    guests = list(round_.guests)
    number = {guest.name: index for index, guest in enumerate(guests)}
    for text in absent:
        name, _, span = text.rpartition(":")
        if name not in number:
            raise ValueError(
                f"--absent {text}: unknown participant {name!r}; write NAME:SLOT with a name of guests.csv"
            )
        first, _, last = span.partition("-")
        if not first.isdigit() or not (last or first).isdigit():
            raise ValueError(f"--absent {text}: {span!r} is no slot; write NAME:3 or NAME:3-8")
        index = number[name]
        away = range(int(first), int(last or first) + 1)
        guests[index] = replace(guests[index], absent=guests[index].absent.union(away))
    return replace(round_, guests=tuple(guests))


def _plan(
    round_: "Round",
    seed: int,
    time_limit: float,
    keep: Path | None,
    *,
    only_unplaced: bool,
    output: Path | None,
) -> None:
    from gebyar.methods.rounds import plan_round

    if only_unplaced and keep is None:
        raise click.UsageError("--only-unplaced needs the plan whose places stay: --keep plan.json.")
    kept = _read_plan(keep).places if keep else ()
    if not only_unplaced:
        kept = tuple(place for place in kept if _is_hand_made(round_, place))
    with progress_bar("Round") as progress:
        plan = plan_round(round_, seed=seed, time_limit=time_limit, kept=kept, progress=progress)
    _write(plan, output)


def _is_hand_made(round_: "Round", place: "Place") -> bool:
    if not 1 <= place.request <= len(round_.requests):
        return True  # the planner says what is wrong with it
    request = round_.requests[place.request - 1]
    return request.by_organiser or request.fixed_slot is not None


def _repair(round_: "Round", path: Path, from_slot: int, seed: int, output: Path | None) -> None:
    from gebyar.methods.rounds import moves, repair_round

    before = _read_plan(path).places
    plan = repair_round(round_, before, from_slot=from_slot, seed=seed)
    for move in moves(before, plan.places):
        click.echo(f"{round_.describe(move.request)}: {_where(move.before)} → {_where(move.after)}", err=True)
    _write(plan, output)


def _where(place: "Place | None") -> str:
    return "no place" if place is None else f"slot {place.slot}, table {place.table}"


def _check(round_: "Round", path: Path, from_slot: int) -> None:
    from gebyar.methods.rounds import check_round

    faults = check_round(round_, _read_plan(path), from_slot=from_slot)
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(1)
    click.echo("The plan keeps every rule, its figures are counted right, and its reasons are true.")


def _write(plan: "RoundPlan", output: Path | None) -> None:
    from gebyar.methods.rounds.storage import plan_to_json

    text = json.dumps(plan_to_json(plan), indent=1)
    if output is None:
        click.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
    click.echo(
        f"{plan.status}: {len(plan.places)} meetings, {len(plan.refusals)} requests without a place, "
        f"{plan.priority} points of at most {plan.priority_bound}, {plan.idle} idle periods (bound {plan.bound}), "
        f"{plan.seconds:.1f} s",
        err=True,
    )
    if plan.reason:
        click.echo(plan.reason, err=True)


def _calculate(
    guests: int | None,
    hosts: int | None,
    meetings: int | None,
    slots: int | None,
    tables: int | None,
    minutes: int,
    hours: float,
) -> None:
    from gebyar.methods.rounds import calculate, meetings_that_fit

    if guests is None:
        raise click.UsageError("--calculate needs --guests.")
    if meetings is not None:
        needs = calculate(guests, meetings, tables, hosts=hosts, minutes=minutes, hours=hours)
        click.echo(
            f"{needs.meetings} meetings need {needs.slots} slots of {minutes} minutes and {needs.tables} tables: "
            f"{needs.days} days of {needs.slots_per_day} slots."
        )
    elif slots is not None and tables is not None:
        count = meetings_that_fit(guests, slots, tables, hosts=hosts)
        click.echo(f"{count} meetings per guest fit into {slots} slots at {tables} tables.")
    else:
        raise click.UsageError("--calculate needs --meetings, or --slots and --tables.")


commands = {"round": round_command}
