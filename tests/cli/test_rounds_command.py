"""`gebyar round`, called as from a shell."""

import json

import pytest
from click.testing import CliRunner

from gebyar.cli import main

FILES = {
    "guests.csv": "name\nToko A\nToko B\nSari\nBudi\n",
    "requests.csv": "asker,asked,wish\nSari,Toko A,must\nSari,Toko B,would\nBudi,Toko A,would\n",
    "slots.csv": "day,part\n1,morning\n1,morning\n",
    "tables.csv": "zone\nfood\nfood\n",
}


def run(*arguments):
    return CliRunner().invoke(main, ["round", *(str(argument) for argument in arguments)])


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_plan_is_written_and_the_checker_accepts_it(folder):
    plan = folder / "plan.json"

    made, checked = run(folder, "-o", plan, "--seed", 3, "--time-limit", 20), run(folder, "--check", plan)

    assert (made.exit_code, checked.exit_code) == (0, 0)
    assert "optimal: 3 meetings, 0 requests without a place" in made.stderr
    assert [row["request"] for row in json.loads(plan.read_text())["places"]] == [1, 2, 3]


def test_a_clash_in_a_plan_is_named_and_ends_with_1(folder):
    plan = folder / "plan.json"
    run(folder, "-o", plan)
    content = json.loads(plan.read_text())
    for row in content["places"]:
        row["slot"] = 1
    plan.write_text(json.dumps(content))

    result = run(folder, "--check", plan)

    assert result.exit_code == 1
    assert "Delegate 1 of Toko A is in two places in slot 1." in result.output


def test_a_repair_says_what_moves(folder):
    plan, new = folder / "plan.json", folder / "new.json"
    run(folder, "-o", plan)
    before = {row["request"]: row["slot"] for row in json.loads(plan.read_text())["places"]}

    result = run(folder, "--repair", plan, "--absent", "Budi:1-2", "-o", new)
    checked = run(folder, "--check", new, "--absent", "Budi:1-2")

    after = json.loads(new.read_text())
    assert (result.exit_code, checked.exit_code) == (0, 0)
    assert "request 3 (Budi with Toko A): slot" in result.stderr
    assert "→ no place" in result.stderr
    assert {row["request"]: row["slot"] for row in after["places"]} == {1: before[1], 2: before[2]}


def test_only_the_unplaced_are_planned_when_asked(folder):
    plan, more = folder / "plan.json", folder / "more.json"
    run(folder, "-o", plan)
    before = json.loads(plan.read_text())["places"]
    (folder / "requests.csv").write_text(FILES["requests.csv"] + "Budi,Toko B,would\n", encoding="utf-8")

    result = run(folder, "--keep", plan, "--only-unplaced", "-o", more)

    after = json.loads(more.read_text())["places"]
    assert result.exit_code == 0
    assert [row for row in after if row["request"] < 4] == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--guests", 140, "--hosts", 35, "--meetings", 6, "--tables", 40],
         "840 meetings need 24 slots of 20 minutes and 35 tables: 2 days of 18 slots."),
        (["--guests", 140, "--hosts", 35, "--slots", 24, "--tables", 40],
         "6 meetings per guest fit into 24 slots at 40 tables."),
    ],
)  # fmt: skip
def test_the_calculator_answers_before_there_is_any_file(arguments, words):
    result = run("--calculate", *arguments)

    assert (result.exit_code, result.output.strip()) == (0, words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Give the folder"),
        (["--calculate", "--meetings", 3], "--calculate needs --guests"),
        (["--calculate", "--guests", 3], "--calculate needs --meetings, or --slots and --tables"),
        (["--calculate", "--guests", 3, "--meetings", 9], "meetings is 9, but each guest can meet only 2 others"),
    ],
)
def test_a_call_that_cannot_be_says_why(arguments, words):
    result = run(*arguments)

    assert result.exit_code != 0
    assert words in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--absent", "Nobody:1"], "--absent Nobody:1: unknown participant 'Nobody'"),
        (["--absent", "Sari:x"], "'x' is no slot"),
        (["--absent", "Sari:9"], "absent slot is 9, allowed is 1 to 2"),
        (["--only-unplaced"], "--only-unplaced needs the plan"),
        (["--time-limit", 0], "time_limit is 0"),
    ],
)
def test_an_option_that_does_not_fit_the_folder_says_why(folder, arguments, words):
    result = run(folder, *arguments)

    assert result.exit_code != 0
    assert words in result.output


def test_a_file_that_is_no_plan_is_refused_in_words(folder):
    (folder / "plan.json").write_text("{}")

    result = run(folder, "--check", folder / "plan.json")

    assert result.exit_code == 1
    assert "plan.json is no plan of a round" in result.output


def test_a_bad_row_is_named(folder):
    (folder / "requests.csv").write_text("asker,asked\nSari,Toko X\n", encoding="utf-8")

    result = run(folder)

    assert result.exit_code == 1
    assert "requests.csv: row 2: asked: unknown participant 'Toko X'; write a name of guests.csv" in result.output
