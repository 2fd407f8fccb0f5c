"""Commands that work on plain files, without a database."""

import json
import sys
from pathlib import Path

import click

from gebyar.cli.progress import progress_bar

EXISTING = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("firms", type=FILE)
@click.option("-o", "--output", required=True, type=TARGET, help="The CSV file to write.")
def classify(firms: Path, output: Path) -> None:
    """Size classes of the firms in a CSV file, by every rule at once.

    FIRMS needs the columns workers, investment, capital, sales, net_worth (a missing one counts as not known); money in
    whole rupiah. All columns come back, and one more for each rule.
    """
    from gebyar.methods.size import classify_csv

    try:
        counts = classify_csv(firms, output)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for rule, answers in counts.items():
        click.echo(f"{rule}: " + ", ".join(f"{answer} {count:,}" for answer, count in answers.items() if count))


@click.command()
@click.argument("case", type=EXISTING)
@click.option("-o", "--output", type=TARGET, help="The plan to write, as JSON; without it the plan is printed.")
@click.option("--fairness", default=2, show_default=True, help="How far two participants' idle periods may differ.")
@click.option("--time-limit", default=60.0, show_default=True, help="Seconds; the best plan found by then is kept.")
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same plan.")
@click.option("--check", "plan_file", type=FILE, help="Check this plan against the case instead of making one.")
@click.option("--slots", type=int, help="Slots of the day, for a CSV of requests.")
@click.option("--tables", type=int, help="Tables per slot, for a CSV of requests.")
def schedule(
    case: Path,
    output: Path | None,
    fairness: int,
    time_limit: float,
    seed: int,
    plan_file: Path | None,
    slots: int | None,
    tables: int | None,
) -> None:
    """Schedule business meetings from a case file (.dzn, or .csv of requests), or check a plan.

    Idle periods are kept as few as possible. The plan says whether it is proven best ("optimal"), good with a bound
    ("feasible"), impossible, with the reason ("infeasible"), or not found in time ("unknown").
    """
    from gebyar.methods import meetings

    try:
        problem = meetings.read_case(case, slots=slots, tables=tables)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if plan_file is not None:
        _check(problem, plan_file, fairness)
        return
    with progress_bar("Meetings") as progress:
        plan = meetings.solve(problem, fairness=fairness, time_limit=time_limit, seed=seed, progress=progress)
    text = json.dumps(meetings.plan_to_json(plan), indent=1)
    if output is None:
        click.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
        click.echo(f"{plan.status.value}: {plan.idle} idle periods, bound {plan.bound}, {plan.seconds:.1f} s", err=True)
    if plan.reason:
        click.echo(plan.reason, err=True)


def _check(problem: object, plan_file: Path, fairness: int) -> None:
    from gebyar.methods import meetings

    try:
        faults = meetings.check(problem, json.loads(plan_file.read_text(encoding="utf-8")), fairness)
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(f"{plan_file.name} is not a plan: {error}") from error
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(1)
    click.echo("The plan keeps every rule, and its idle periods are counted right.")


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
def verify(record: Path) -> None:
    """Recompute a decision record and say whether it is the same.

    Exit code 0: the same; 1: it differs, and where; 2: it cannot be read.
    """
    from gebyar.records.verify import verify_file

    verification = verify_file(record)
    for line in verification.words:
        click.echo(line)
    sys.exit(int(verification.outcome))


commands = {"classify": classify, "schedule": schedule, "verify": verify}
