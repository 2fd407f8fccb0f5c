"""The commands on plain files, called as from a shell."""

import json

import pytest
from click.testing import CliRunner
from tests.records.conftest import summed

from gebyar.cli import COMMANDS, main
from gebyar.records.canonical import canonical_bytes

REQUESTS = "participant_a,participant_b\nSari,Toko A\nSari,Toko B\nBudi,Toko A\nBudi,Toko B\n"


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name):
    result = run(name, "--help")

    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {name}")


def test_classify_adds_one_column_per_rule(tmp_path):
    firms, classes = tmp_path / "firms.csv", tmp_path / "classes.csv"
    facts = "name,workers,investment,capital,sales,net_worth"
    firms.write_text(
        f"{facts}\n"
        "A,19,999999999,1000000000,2000000000,500000000\n"
        "B,20,15000000000,10000000000,50000000000,\n"
        "C,20,15000000001,10000000001,50000000001,1\n"
    )

    result = run("classify", firms, "-o", classes)

    assert result.exit_code == 0
    assert classes.read_text().splitlines() == [
        f"{facts},permenperin_64_2016,pp_7_2021_capital,pp_7_2021_sales,bps_workers,kite_ikm",
        "A,19,999999999,1000000000,2000000000,500000000,small,micro,micro,small,small",
        "B,20,15000000000,10000000000,50000000000,,medium,medium,medium,medium,medium",
        "C,20,15000000001,10000000001,50000000001,1,large,large,large,medium,outside",
    ]


def test_classify_of_a_bad_fact_names_row_and_field_and_writes_nothing(tmp_path):
    firms, classes = tmp_path / "firms.csv", tmp_path / "classes.csv"
    firms.write_text("workers,investment\n5,100\n-3,200\n")

    result = run("classify", firms, "-o", classes)

    assert result.exit_code == 1
    assert "workers" in result.output
    assert "3" in result.output
    assert not classes.exists()


def test_schedule_writes_a_plan_that_the_checker_accepts(tmp_path):
    case, plan = tmp_path / "requests.csv", tmp_path / "plan.json"
    case.write_text(REQUESTS)

    made = run("schedule", case, "--slots", 2, "--tables", 2, "-o", plan)
    checked = run("schedule", case, "--slots", 2, "--tables", 2, "--check", plan)

    content = json.loads(plan.read_text())
    assert (made.exit_code, checked.exit_code) == (0, 0)
    assert "\noptimal: 0 idle periods, bound 0" in f"\n{made.stderr}"
    assert (content["status"], content["idle"], content["bound"], content["reason"]) == ("optimal", 0, 0, None)
    assert sorted(row["meeting"] for row in content["meetings"]) == [1, 2, 3, 4]


def test_schedule_check_of_a_clash_names_who_is_in_two_places(tmp_path):
    case, plan = tmp_path / "requests.csv", tmp_path / "plan.json"
    case.write_text(REQUESTS)
    run("schedule", case, "--slots", 2, "--tables", 2, "-o", plan)
    content = json.loads(plan.read_text())
    for row in content["meetings"]:
        row["slot"] = 1
    plan.write_text(json.dumps(content))

    result = run("schedule", case, "--slots", 2, "--tables", 2, "--check", plan)

    assert result.exit_code == 1
    assert "Sari" in result.output


def test_schedule_of_the_impossible_gives_the_reason_in_words(tmp_path):
    case, plan = tmp_path / "requests.csv", tmp_path / "plan.json"
    case.write_text(REQUESTS)

    result = run("schedule", case, "--slots", 1, "--tables", 4, "-o", plan)

    content = json.loads(plan.read_text())
    assert result.exit_code == 0
    assert content["status"] == "infeasible"
    assert "Sari" in content["reason"]


def test_schedule_of_no_table_is_refused_in_words(tmp_path):
    case = tmp_path / "requests.csv"
    case.write_text(REQUESTS)

    result = run("schedule", case, "--slots", 2, "--tables", -1)

    assert result.exit_code != 0
    assert "table" in result.output.lower()


def test_verify_says_by_its_exit_code_whether_a_record_is_the_same(tmp_path, monkeypatch):
    from gebyar.records.replay import METHODS

    monkeypatch.setitem(METHODS, ("test.sum", "1"), "tests.records.summing:replay")
    same, changed, garbage = (tmp_path / name for name in ("same.json", "changed.json", "garbage.json"))
    text = canonical_bytes(summed())
    same.write_bytes(text)
    changed.write_bytes(text.replace(b'"seed":4', b'"seed":5'))
    garbage.write_bytes(b"{not json")

    assert [run("verify", path).exit_code for path in (same, changed, garbage, tmp_path / "missing.json")] == [
        0,
        1,
        2,
        2,
    ]
