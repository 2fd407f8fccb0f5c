import csv
from pathlib import Path

from click.testing import CliRunner

from gebyar.cli import main


def test_writes_all_columns_and_one_more_for_each_facility(tmp_path: Path) -> None:
    firms, target = tmp_path / "firms.csv", tmp_path / "facilities.csv"
    firms.write_text("nib;kbli_code;is_active\n0001;15201;ya\n0002;;tidak\n", encoding="utf-8")
    outcome = CliRunner().invoke(
        main, ["eligibility", str(firms), "-o", str(target), "--facility", "bpipi", "--on", "2026-01-02"]
    )
    assert outcome.exit_code == 0, outcome.output
    assert "bpipi (1): could 1, not 1" in outcome.output
    rows = list(csv.reader(target.open(encoding="utf-8"), delimiter=";"))
    assert rows == [
        ["nib", "kbli_code", "is_active", "bpipi"],
        ["0001", "15201", "ya", "could"],
        ["0002", "", "tidak", "not"],
    ]


def test_a_bad_cell_names_row_and_column_and_writes_nothing(tmp_path: Path) -> None:
    firms, target = tmp_path / "firms.csv", tmp_path / "facilities.csv"
    firms.write_text("workers\n5\n-1\n", encoding="utf-8")
    outcome = CliRunner().invoke(main, ["eligibility", str(firms), "-o", str(target)])
    assert outcome.exit_code == 1
    assert "row 3, column workers: '-1' must be a whole number, 0 or more, or empty" in outcome.output
    assert list(tmp_path.iterdir()) == [firms]


def test_unknown_facility_names_those_there_are(tmp_path: Path) -> None:
    firms = tmp_path / "firms.csv"
    firms.write_text("workers\n5\n", encoding="utf-8")
    outcome = CliRunner().invoke(main, ["eligibility", str(firms), "-o", str(tmp_path / "o.csv"), "--facility", "kur"])
    assert "There is no facility 'kur'; there are kite_ikm, machine_restructuring" in outcome.output
