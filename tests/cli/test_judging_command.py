"""Rankings on plain files, called as from a shell."""

import csv
import json

import pytest
from click.testing import CliRunner
from tests.methods.judging.drawn import worked_marks

from gebyar.cli import main


@pytest.fixture
def scores(tmp_path):
    path = tmp_path / "scores.csv"
    lines = [f"{mark.entry},{mark.judge},{mark.score:g}" for mark in worked_marks()]
    path.write_text("\n".join(["entry,judge,score", *lines]) + "\n", encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["judge", *map(str, arguments)])


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_judge_writes_ranking_and_judges_and_says_what_there_is_to_say(scores, tmp_path):
    target, judges = tmp_path / "ranking.csv", tmp_path / "judges.csv"

    result = run(scores, "-o", target, "--judges", judges, "--top", "3", "--seed", "7")

    assert result.exit_code == 0, result.output
    first = rows(target)[0]
    assert [first[name] for name in ("rank", "entry", "raw", "correction", "adjusted")] == [
        "1", "E1", "67.0", "-0.333333", "66.666667",
    ]  # fmt: skip
    assert float(first["low"]) < 66.666667 < float(first["high"])
    assert sum(float(row["p_top"]) for row in rows(target)) == pytest.approx(3)
    assert [(row["judge"], row["severity"]) for row in rows(judges)] == [
        ("J1", "3.892857"),
        ("J2", "0.0"),
        ("J3", "-3.892857"),
    ]
    assert result.stdout == ""
    assert "Entry E1 comes first, but its 90 % interval overlaps those of others (3): E2, E3, E4." in result.stderr


def test_judge_prints_variance_components_as_json(scores):
    result = run(scores, "--json")

    data = json.loads(result.stdout)
    assert data["variances"]["entry"] == pytest.approx(160 / 7, abs=1e-6)
    assert data["standard_deviations"] == pytest.approx(
        {"entry": (160 / 7) ** 0.5, "judge": (109 / 7) ** 0.5, "residual": (24 / 7) ** 0.5}, abs=1e-6
    )
    assert (data["method_used"], len(data["rows"])) == ("mixed", 8)


@pytest.mark.parametrize(("option", "method"), [("--robust", "robust"), ("--raw", "raw")])
def test_judge_takes_the_declared_method(scores, option, method):
    assert json.loads(run(scores, option, "--json").stdout)["method_used"] == method


def test_judge_weighs_criteria(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("entry,judge,score,criterion\nE1,J1,10,a\nE1,J1,4,b\nE2,J1,n/a,a\nE2,J1,7,b\n", encoding="utf-8")

    result = run(path, "--weights", "a=2,b=1", "--raw")

    assert [line.split(",")[:3] for line in result.stdout.splitlines()[1:]] == [["1", "E1", "8.0"], ["2", "E2", "7.0"]]


def test_judge_says_why_only_raw_means_rank(scores):
    scores.write_text("entry,judge,score\nE1,J1,7\nE2,J1,8\n", encoding="utf-8")

    result = run(scores)

    assert result.stdout.splitlines()[1] == "1,E2,8.0,0.0,8.0,,,,1,"
    assert "These entries have fewer than 3 judges: E1 (1), E2 (1)." in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--robust", "--raw"], "Give --robust or --raw, not both."),
        (["--ties", "age"], "The tie rule 'age' is unknown"),
        (["--weights", "taste=2"], "the rubric has no such criterion; it has taste"),
        (["--top", "0"], "give at least 1"),
    ],
)
def test_judge_refuses_what_cannot_be(scores, arguments, words):
    result = run(scores, *arguments)

    assert result.exit_code != 0
    assert words in result.output
