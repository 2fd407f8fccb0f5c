"""Marks become scores; conditions; comparisons of two."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gebyar.methods.judging import (
    Criterion,
    Finding,
    JudgingError,
    Mark,
    Score,
    bradley_terry,
    conditions,
    readiness,
    scores_of,
    unscaled,
)
from gebyar.methods.judging.conditions import groups

RUBRIC = (Criterion("taste", 3, 0, 10), Criterion("look", 1, 1, 5))


def test_marks_are_weighed_on_a_hundred_points():
    marks = [Mark("E1", "J1", 5, "taste"), Mark("E1", "J1", 5, "look"), Mark("E1", "J2", 10, "taste")]

    assert scores_of(marks, RUBRIC) == (Score("E1", "J1", (3 * 50 + 1 * 100) / 4), Score("E1", "J2", 100.0))


def test_marks_without_a_rubric_keep_their_units():
    marks = [Mark("E1", "J1", 3, "a"), Mark("E1", "J1", 6, "b"), Mark("E1", "J2", 130)]

    assert scores_of(marks) == (Score("E1", "J1", 4.5), Score("E1", "J2", 130.0))


def test_weights_without_bounds_keep_the_units():
    marks = [Mark("E1", "J1", 3, "a"), Mark("E1", "J1", 6, "b")]

    assert scores_of(marks, (unscaled("a", 2), unscaled("b", 1))) == (Score("E1", "J1", 4.0),)


def test_a_judge_for_whom_nothing_is_applicable_does_not_count():
    marks = [Mark("E1", "J1", None, "taste"), Mark("E1", "J2", 10, "taste")]

    assert scores_of(marks, RUBRIC) == (Score("E1", "J2", 100.0),)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=6), st.data())
def test_not_applicable_never_lowers_a_score_below_a_mark_of_nought(values, data):
    weights = data.draw(st.lists(st.floats(0.1, 10), min_size=len(values), max_size=len(values)))
    rubric = tuple(Criterion(str(number), weight) for number, weight in enumerate(weights))
    marks = [Mark("E1", "J1", value, str(number)) for number, value in enumerate(values)]

    nought = scores_of([replace(marks[0], score=0.0), *marks[1:]], rubric)[0].value
    without = scores_of([replace(marks[0], score=None), *marks[1:]], rubric)[0].value
    assert without >= nought - 1e-9
    assert min(values[1:]) - 1e-9 <= without <= max(values[1:]) + 1e-9


@pytest.mark.parametrize(
    ("marks", "criteria", "words"),
    [
        ([], (), "There is no score at all"),
        ([Mark("E1", "J1", 1), Mark("E1", "J1", 2)], (), "Entry E1, judge J1, criterion total: scored twice"),
        ([Mark("E1", "J1", math.nan)], (), "Entry E1, judge J1, criterion total: nan is no score"),
        ([Mark("E1", "J1", 11, "taste")], RUBRIC, "criterion taste: 11 is outside 0 to 10"),
        ([Mark("E1", "J1", 1, "smell")], RUBRIC, "no such criterion; it has taste, look"),
        ([Mark("E1", "J1", None), Mark("E2", "J1", 1)], (), "Entry E1 has no score that counts"),
        ([Mark("E1", "J1", 1)], (Criterion("total", 0),), "Criterion total: the weight is 0"),
        ([Mark("E1", "J1", 1)], (Criterion("total", 1, 5, 5),), "the marks run from 5 to 5"),
        ([Mark("E1", "J1", 1)], (Criterion("total", 1, 0, math.inf),), "the marks run from 0 to inf"),
        ([Mark("E1", "J1", 1)], (Criterion("total", 1), Criterion("total", 2)), "listed twice"),
    ],
)
def test_marks_that_cannot_be_used_are_named(marks, criteria, words):
    with pytest.raises(JudgingError, match=words):
        scores_of(marks, criteria)


ENTRIES = [f"E{number}" for number in range(1, 9)]
JUDGES = ["J1", "J2", "J3"]
FULL = [(entry, judge) for entry in ENTRIES for judge in JUDGES]


def test_a_full_round_is_ready():
    assert readiness(FULL, ENTRIES, JUDGES) == ()


def test_what_lacks_is_named_with_what_to_do():
    pairs = [pair for pair in FULL if pair != ("E2", "J3")]

    assert readiness(pairs, [*ENTRIES, "E9"], JUDGES) == (
        (
            "These entries have fewer than 3 judges: E2 (2), E9 (0). Give each of them another judge, or take them out of "
            "the round."
        ),
        "These judges have fewer than 8 entries: J3 (7). Give each of them more entries, or take them out of the round.",
    )


def test_groups_without_a_common_judge_are_named_with_what_joins_them():
    other = [(f"F{entry}", f"K{judge}") for entry, judge in FULL]
    found = conditions([*FULL, *other], (), ())

    assert found == (Finding("apart", {"count": 2, "first_entry": "E1", "second_entry": "FE1", "judge": "J1"}),)
    assert groups([*FULL, *other]) == [(ENTRIES, JUDGES), ([f"F{e}" for e in ENTRIES], [f"K{j}" for j in JUDGES])]
    assert conditions([*FULL, *other, ("FE1", "J1")], (), ()) == ()


def test_nothing_to_score_is_not_ready():
    assert conditions([], ENTRIES, JUDGES) == (Finding("no_marks", {}),)


def test_two_entries_differ_by_the_logarithm_of_their_odds():
    first, second = bradley_terry({("A", "B"): 3, ("B", "A"): 1})

    assert (first.rank, first.entry, first.wins, first.comparisons) == (1, "A", 3.0, 4.0)
    assert first.strength - second.strength == pytest.approx(math.log(3), abs=1e-9)
    # The information of four comparisons with odds of 3 to 1 is 4 · 3/4 · 1/4; each strength is half the difference.
    assert first.high - first.strength == pytest.approx(1.6448536 / 2 / math.sqrt(0.75), rel=1e-6)


def test_strengths_solve_their_equations():
    wins = {("A", "B"): 5, ("B", "A"): 2, ("B", "C"): 4, ("C", "B"): 3, ("A", "C"): 6, ("C", "A"): 1.5}
    found = {strength.entry: strength.strength for strength in bradley_terry(wins)}

    for entry in "ABC":
        won = sum(count for (winner, _loser), count in wins.items() if winner == entry)
        expected = sum(
            (wins[entry, other] + wins[other, entry]) / (1 + math.exp(found[other] - found[entry]))
            for other in "ABC"
            if other != entry
        )
        assert expected == pytest.approx(won, abs=1e-6)


def test_equal_entries_share_a_rank():
    found = bradley_terry({("A", "B"): 1, ("B", "A"): 1, ("A", "C"): 2, ("C", "A"): 1, ("B", "C"): 2, ("C", "B"): 1})

    assert [(strength.rank, strength.entry) for strength in found] == [(1, "A"), (1, "B"), (3, "C")]


def test_an_entry_that_always_won_needs_a_prior():
    wins = {("A", "B"): 2, ("A", "C"): 2, ("B", "C"): 1, ("C", "B"): 1}

    with pytest.raises(JudgingError, match="No chain of wins leads from B, C to A"):
        bradley_terry(wins)
    assert bradley_terry(wins, prior=0.5)[0].entry == "A"


@pytest.mark.parametrize(
    ("wins", "prior", "words"),
    [
        ({}, 0.0, "no comparison yet"),
        ({("A", "A"): 1}, 0.0, "A is compared with itself"),
        ({("A", "B"): -1}, 0.0, "A against B: -1 is no number of wins"),
        ({("A", "B"): 1}, -1.0, "prior is -1.0"),
    ],
)
def test_comparisons_that_cannot_be_are_refused(wins, prior, words):
    with pytest.raises(JudgingError, match=words):
        bradley_terry(wins, prior=prior)
