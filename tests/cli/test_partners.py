"""Suggestions on plain files, called as from a shell."""

import csv

import pytest
from click.testing import CliRunner

from gebyar.cli import main

LISTINGS = (
    "id,firm,direction,role,title,region,kbli,certificates,size,is_remote\n"
    "1,1,offer,supplier,Keripik singkong,33.74,10794,halal,micro,no\n"
    "2,2,need,supplier,Butuh kripik singkong,33.75,10794,halal,large,no\n"
    "3,3,offer,supplier,Kripik singkong manis,51.71,10794,,small,yes\n"
)


@pytest.fixture
def listings(tmp_path):
    path = tmp_path / "listings.csv"
    path.write_text(LISTINGS, encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["listing"], row["rank"], row["suggested"]) for row in csv.DictReader(file)]


def test_suggest_writes_both_directions_and_says_the_shares(listings, tmp_path):
    target = tmp_path / "suggestions.csv"

    result = run("suggest", listings, "-o", target)

    assert result.exit_code == 0, result.output
    assert rows(target) == [("1", "1", "2"), ("2", "1", "1"), ("2", "2", "3"), ("3", "1", "2")]
    assert "4 suggestions for 3 listings" in result.output
    assert "Small firms: 50.0% of the suggestions, 66.7% of the listings." in result.output


def test_suggest_leaves_out_who_lacks_a_certificate(listings, tmp_path):
    target = tmp_path / "suggestions.csv"

    assert run("suggest", listings, "-o", target, "--certificates", "--best", "1").exit_code == 0
    assert rows(target) == [("1", "1", "2"), ("2", "1", "1")]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [("1,1,offer", "1,1,gift", "line 2: Listing 1: direction"), ("title", "name", "the column title is missing")],
)
def test_suggest_names_line_and_field_of_a_fault(listings, tmp_path, before, after, words):
    listings.write_text(LISTINGS.replace(before, after), encoding="utf-8")

    result = run("suggest", listings, "-o", tmp_path / "suggestions.csv")

    assert (result.exit_code, words in result.output) == (1, True)
    assert "Traceback" not in result.output


def test_suggest_refuses_a_floor_that_is_no_share(listings, tmp_path):
    result = run("suggest", listings, "-o", tmp_path / "suggestions.csv", "--floor", "2")

    assert (result.exit_code, "give a number from 0 to 1" in result.output) == (1, True)
