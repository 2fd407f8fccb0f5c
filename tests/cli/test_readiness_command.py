import csv
from pathlib import Path

from click.testing import CliRunner

from gebyar.cli import main


def test_scores_a_file_and_keeps_other_columns(tmp_path: Path) -> None:
    answers, scores = tmp_path / "answers.csv", tmp_path / "scores.csv"
    answers.write_text("nib,keterbukaan,produk_cerdas\n0001,d,kode;gps\n0002,,\n", encoding="utf-8")
    outcome = CliRunner().invoke(main, ["readiness", "score", "indi40", str(answers), "-o", str(scores)])
    assert outcome.exit_code == 0, outcome.output
    rows = list(csv.DictReader(scores.open(encoding="utf-8")))
    assert [(row["nib"], row["complete"], row["index"], row["field_keterbukaan"]) for row in rows] == [
        ("0001", "false", "", "3.000000"),
        ("0002", "false", "", ""),
    ]


def test_bad_cell_writes_nothing(tmp_path: Path) -> None:
    answers, scores = tmp_path / "answers.csv", tmp_path / "scores.csv"
    answers.write_text("keterbukaan\na\nz\n", encoding="utf-8")
    outcome = CliRunner().invoke(main, ["readiness", "score", "indi40", str(answers), "-o", str(scores)])
    assert outcome.exit_code == 1
    assert "row 3, column keterbukaan: 'z' is no answer; write a, b, c, d, e" in outcome.output
    assert list(tmp_path.iterdir()) == [answers]


def test_lists_questions_with_options() -> None:
    outcome = CliRunner().invoke(main, ["readiness", "questions", "indi40", "--language", "en"])
    assert outcome.exit_code == 0
    assert (
        "keterbukaan  [O / keterbukaan, single]  How do workers take to a new tool or way of working?" in outcome.output
    )


def test_unknown_instrument_names_those_there_are() -> None:
    outcome = CliRunner().invoke(main, ["readiness", "questions", "siri"])
    assert "There is no instrument 'siri'. Name indi40, tangga_enam or a YAML file." in outcome.output
