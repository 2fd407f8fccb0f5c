"""Allotments in files and records, and `gebyar allot` as from a shell."""

import csv
import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from tests.methods.places.drawing import calls

from gebyar.cli import main
from gebyar.methods.places import (
    Applicant,
    Call,
    Deviation,
    Kind,
    PlacesError,
    Reserve,
    allot,
    promote,
    records,
    storage,
)
from gebyar.methods.places.reading import read_applicants, read_kinds, read_reserves
from gebyar.records.replay import replay

APPLICANTS = "id;points;groups;wants\nA1;90,5;province:33;\nB2;80;province:33 women;\nC3;70;province:34;\n".replace(
    ",", "."
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "applicants.csv").write_text(APPLICANTS, encoding="utf-8")
    (tmp_path / "reserves.csv").write_text("group,least,most\nprovince,1,\n", encoding="utf-8")
    (tmp_path / "kinds.csv").write_text("id,places,name,zones\nbooth,2,Stan,A:1 B:1\n", encoding="utf-8")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, ["allot", *(str(argument) for argument in arguments)])


@settings(max_examples=60, deadline=None)
@given(calls(several=True, money=True))
def test_calls_and_allotments_come_back_from_json(drawn):
    call, applicants = drawn
    allotment = allot(call, applicants, seed=4)

    assert storage.call_from_json(json.loads(json.dumps(storage.call_to_json(call)))) == call
    assert set(storage.applicants_from_json(storage.applicants_to_json(applicants))) == set(applicants)
    assert storage.allotment_from_json(json.loads(json.dumps(storage.allotment_to_json(allotment))), 4) == allotment


def test_a_record_is_made_again_with_its_deviations():
    call = Call((Kind("x", 1),), reserves=(Reserve("women", least=1),), deviations=(Deviation("a", True, "because"),))
    applicants = [Applicant("a"), Applicant("b", 5, groups=frozenset({"women"}))]
    inputs, result = records.inputs_of(call, applicants), records.result_of(allot(call, applicants, seed=9))

    again = replay("places.allot", "1", inputs, 9, result)

    assert (again.kind, again.result) == ("recomputed", result)
    assert result["rows"][1]["code"] == "deviation_in"


def test_a_record_of_moving_up_is_made_again():
    call, applicants = Call((Kind("x", 1),)), [Applicant("a", 2), Applicant("b", 1)]
    before = allot(call, applicants, seed=9)
    inputs = records.promote_inputs_of(call, applicants, before, ["a"])

    again = replay("places.promote", "1", inputs, 9, {})

    assert again.result == records.result_of(promote(call, applicants, before, ["a"]))


def test_allot_writes_a_row_with_its_reason_for_everybody(folder):
    output = folder / "out.csv"

    told = run(folder / "applicants.csv", "--places", folder / "kinds.csv", "--reserves", folder / "reserves.csv",
               "-o", output)  # fmt: skip

    assert told.exit_code == 0, told.output
    with output.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["outcome"], row["place"], row["zone"], row["code"]) for row in rows] == [
        ("A1", "admitted", "1", "A", "admitted_rank"),
        ("B2", "waiting", "", "", "reserved"),
        ("C3", "admitted", "2", "B", "admitted_reserve"),
    ]
    assert "booth: 2 of 2 places given, the last of them number 3" in told.stderr


def test_allot_as_json_can_be_made_again(folder):
    output = folder / "out.json"

    told = run(folder / "applicants.csv", "--places", 2, "--method", "lottery", "--seed", 5, "--json", "-o", output)

    data = json.loads(output.read_text())
    assert told.exit_code == 0, told.output
    assert replay("places.allot", "1", data["inputs"], data["seed"], data["result"]).result == data["result"]


def test_allot_of_a_file_with_a_fault_names_row_and_field(folder):
    (folder / "applicants.csv").write_text("id,points\nA,9\nB,many\n")

    told = run(folder / "applicants.csv", "--places", 1)

    assert told.exit_code == 1
    assert "applicants.csv: row 3: points: 'many' is no number; write it with a point" in told.output


def test_allot_without_places_says_what_to_give(folder):
    told = run(folder / "applicants.csv", "--places", folder / "none.csv")

    assert told.exit_code == 1
    assert "is no number and no file; give how many, or a CSV file of kinds" in told.output


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (read_applicants, "name\nA\n", "row 1: column id is missing"),
        (read_applicants, "id,amount\nA,-4\n", "row 2: amount: '-4' is no whole number"),
        (read_applicants, "id\n \n", "row 2: id: is empty; fill it in"),
        (read_kinds, "id,places,zones\nx,3,A\n", "row 2: zones: 'A' is no zone; write name and places"),
        (read_reserves, "group,least\nwomen,1.5\n", "row 2: least: '1.5' is no whole number"),
    ],
)
def test_a_file_that_cannot_be_read_names_row_and_field(tmp_path, read, text, words):
    path = tmp_path / "file.csv"
    path.write_text(text)

    with pytest.raises(PlacesError, match="file.csv: " + words):
        read(path)
