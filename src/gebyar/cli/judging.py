"""The command that ranks entries from judges' marks in a plain file."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gebyar.methods.judging import Ranking

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("scores", type=FILE)
@click.option("-o", "--output", type=TARGET, help="The ranking to write, as CSV; without it the ranking is printed.")
@click.option("--robust", is_flag=True, help="Let wild scores count little.")
@click.option("--raw", is_flag=True, help="Rank by plain means.")
@click.option("--top", default=1, show_default=True, help="How many come first, for p_top.")
@click.option(
    "--weights", help="Weights of the criteria: a CSV file (criterion, weight[, low, high]) or “taste=2,look=1”."
)
@click.option(
    "--ties",
    default="adjusted,raw,lot",
    show_default=True,
    help="Rules for ties, also criterion:NAME, divided by commas.",
)
@click.option("--seed", default=0, show_default=True, help="Of the lots and the simulated probabilities.")
@click.option("--judges", type=TARGET, help="Also write what the scores say about each judge, as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole result with its variance components as JSON.")
def judge(
    scores: Path,
    output: Path | None,
    robust: bool,
    raw: bool,
    top: int,
    weights: str | None,
    ties: str,
    seed: int,
    judges: Path | None,
    as_json: bool,
) -> None:
    """Rank entries from judges' scores, without punishing an entry for the judges it drew.

    SCORES needs the columns entry, judge, score; known besides: criterion, weight. An empty score means "not
    applicable". The ranking has the columns rank, entry, raw, correction, adjusted, low, high, p_top, marks, tie_rule;
    where the conditions for a model do not hold it is one of raw means, and says why.
    """
    from gebyar.methods.judging import Options, rank
    from gebyar.methods.judging.reading import read_marks, read_weights

    if robust and raw:
        raise click.UsageError("Give --robust or --raw, not both.")
    try:
        marks, in_file = read_marks(scores)
        criteria = read_weights(weights) if weights else in_file
        rules = tuple(rule.strip() for rule in ties.split(","))
        options = Options(method="robust" if robust else "raw" if raw else "mixed", top=top, ties=rules)
        ranking = rank(marks, criteria=criteria, options=options, seed=seed)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    _write(ranking, output, judges, as_json=as_json)


def _write(ranking: "Ranking", output: Path | None, judges: Path | None, *, as_json: bool) -> None:
    from gebyar.methods.judging.reading import write_judges, write_rows

    if output is not None:
        with output.open("w", encoding="utf-8", newline="") as file:
            write_rows(file, ranking.rows)
    elif not as_json:
        write_rows(sys.stdout, ranking.rows)
    if judges is not None:
        with judges.open("w", encoding="utf-8", newline="") as file:
            write_judges(file, ranking.judges)
    if as_json:
        click.echo(json.dumps(_plain(ranking), indent=1, ensure_ascii=False))
    for sentence in ranking.sentences:
        click.echo(sentence, err=True)


def _plain(ranking: "Ranking") -> dict[str, object]:
    from gebyar.methods.judging.storage import ranking_to_json

    data = ranking_to_json(ranking)
    if ranking.variances is not None:
        parts = {"entry": ranking.variances.entry, "judge": ranking.variances.judge}
        parts["residual"] = ranking.variances.residual
        data["standard_deviations"] = {name: round(value**0.5, 6) for name, value in parts.items()}
    return {**data, "sentences": list(ranking.sentences)}


commands = {"judge": judge}
