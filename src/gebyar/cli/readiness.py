"""Commands that score readiness from plain files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gebyar.reference.instruments import Instrument

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)


@click.group()
def readiness() -> None:
    """Score readiness for Industry 4.0 from a file of answers.

    INSTRUMENT is the id of one that comes with the software (indi40, tangga_enam) or a YAML file.
    """


@readiness.command()
@click.argument("instrument")
@click.argument("answers", type=FILE)
@click.option("-o", "--output", required=True, type=TARGET, help="The CSV file to write.")
def score(instrument: str, answers: Path, output: Path) -> None:
    """Score the respondents of a CSV file.

    ANSWERS has a row for each respondent and a column for each question, named by its id (see `gebyar readiness
    questions`). A cell holds the id of an option, several with ; between them where several may be chosen, “na” for “not
    applicable” where allowed, or nothing. Whoever left something out gets no index, only its bounds.
    """
    from gebyar.methods.readiness.reading import score_csv

    try:
        scores = score_csv(_instrument(instrument), answers, output)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    complete = int(scores["complete"].sum())
    click.echo(f"{scores.height:,} respondents, {complete:,} complete: {output}")


@readiness.command()
@click.argument("instrument")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def questions(instrument: str, language: str, as_json: bool) -> None:
    """Print the questions of an instrument: ids, fields, options and their values."""
    try:
        found = _instrument(instrument)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(_listed(found, language), ensure_ascii=False, indent=1))
        return
    for row in _listed(found, language):
        click.echo(f"{row['id']}  [{row['pillar']} / {row['field']}, {row['kind']}]  {row['text']}")
        for option in row["options"]:
            click.echo(f"    {option['id']} = {option['value']:g}  {option['text']}")


def _listed(instrument: "Instrument", language: str) -> list[dict[str, object]]:
    pillars = {field.id: field.pillar for field in instrument.fields}
    return [
        {
            "id": question.id,
            "field": question.field,
            "pillar": pillars[question.field],
            "kind": question.kind,
            "not_applicable": question.optional,
            "profile_only": question in instrument.extra,
            "text": question.text[language],
            "options": [
                {
                    "id": option.id,
                    "value": option.value if question.kind == "single" or option.exclusive else 1.0,
                    "exclusive": option.exclusive,
                    "text": option.text[language],
                }
                for option in question.options
            ],
        }
        for question in instrument.all_questions
    ]


def _instrument(name: str) -> "Instrument":
    """Return one that comes with the software, or read a file."""
    import yaml

    from gebyar.reference.instruments import BUILT_IN, built_in, read_instrument

    if name in BUILT_IN:
        return built_in(name)
    path = Path(name)
    if not path.is_file():
        raise click.ClickException(f"There is no instrument {name!r}. Name {', '.join(BUILT_IN)} or a YAML file.")
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise click.ClickException(f"{path} is no YAML: {error}") from error
    return read_instrument(document)


commands = {"readiness": readiness}
