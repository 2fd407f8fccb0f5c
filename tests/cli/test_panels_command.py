"""`gebyar panels`, called as from a shell."""

import json

import pytest
from click.testing import CliRunner

from gebyar.cli import main

FILES = {
    "scores.csv": "0.9,0.5,0.1\n0.2,0.8,0.3\n",
    "loads.csv": "1\n2\n2\n",
    "conflicts.csv": "entry,judge\n0,1\n",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(folder, *arguments, coverage=2):
    given = ["--scores", folder / "scores.csv", "--loads", folder / "loads.csv", "--coverage", coverage, *arguments]
    return CliRunner().invoke(main, ["panels", *(str(argument) for argument in given)])


def test_panels_are_written_and_the_checker_accepts_them(folder):
    out = folder / "panels.csv"

    made, checked = run(folder, "-o", out), run(folder, "--check", out)

    assert (made.exit_code, checked.exit_code) == (0, 0)
    assert out.read_text() == ("entry,judge,affinity\n0,0,0.900000\n0,1,0.500000\n1,1,0.800000\n1,2,0.300000\n")
    assert "optimal: 4 pairs, total 2.500 (bound 2.500), worst-off entry 1.1000 (bound 1.1000)" in made.stderr
    assert "The panels keep every rule." in checked.output


def test_conflicts_are_kept_and_their_breach_ends_with_1(folder):
    out = folder / "panels.csv"
    run(folder, "-o", out)

    checked = run(folder, "--conflicts", folder / "conflicts.csv", "--check", out)

    assert checked.exit_code == 1
    assert checked.output == "Entry 0 is given to judge 1, but this pair is barred.\n"


def test_json_shows_figures_bounds_and_pairs(folder):
    result = run(folder, "--json", "--seed", 3)

    shown = json.loads(result.stdout[result.stdout.index("{") :])
    assert {name: shown[name] for name in ("status", "total", "worst", "pairs")} == {
        "status": "optimal",
        "total": 2.5,
        "worst": 1.1,
        "pairs": [[0, 0], [0, 1], [1, 1], [1, 2]],
    }


def test_an_impossible_task_tells_why_and_what_helps(folder):
    out = folder / "panels.csv"

    result = run(folder, "-o", out, coverage=3)

    assert (result.exit_code, out.exists()) == (1, False)
    assert "The judges take at most 5 judgements in all, but the entries need 6." in result.stderr
    assert "Let judges take more entries: 0 (+1)." in result.stderr
    assert "Ask for fewer judges at entries: " in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Say where to write the panels"),
        (["--cap", "2", "--json"], "cap is 2; give a probability above 0 and up to 1"),
        (["--loads-least", "9", "--json"], "judge 0: most is 1, below least 9"),
    ],
)
def test_a_mistake_is_said_in_one_sentence(folder, arguments, words):
    result = run(folder, *arguments)

    assert result.exit_code != 0
    assert words in result.output
    assert "Traceback" not in result.output
