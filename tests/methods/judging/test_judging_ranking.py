"""Rankings: their rows, conditions, ties, what they say, and what must not change them."""

import csv
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.methods.judging.drawn import WORTH, rounds, worked_marks

from gebyar.methods.judging import (
    CODES,
    Criterion,
    Finding,
    JudgingError,
    Mark,
    Options,
    check_ranking,
    rank,
)
from gebyar.methods.judging.ties import lots

CASES = Path(__file__).parents[4] / "shared" / "cases" / "judging"
FEW = Options(top=3, draws=200)


def shown(ranking):
    return [(row.rank, row.entry, row.raw, row.adjusted, row.tie_rule) for row in ranking.rows]


def codes(ranking):
    return [finding.code for finding in ranking.findings]


def test_worked_round_is_ranked_with_correction_interval_and_chance():
    ranking = rank(worked_marks(), options=Options(top=4), seed=1)

    adjusted = [round(60 + worth * 20 / 21, 6) for worth in WORTH]
    margin = 1.6448536 * (80 / 21) ** 0.5
    assert [(row.rank, row.entry, row.raw, row.marks, row.tie_rule) for row in ranking.rows] == [
        (place, f"E{place}", 60.0 + WORTH[place - 1], 3, None) for place in range(1, 9)
    ]
    assert [row.adjusted for row in ranking.rows] == pytest.approx(adjusted, abs=2e-6)
    assert [row.correction for row in ranking.rows] == pytest.approx([-worth / 21 for worth in WORTH], abs=2e-6)
    assert [row.high - row.adjusted for row in ranking.rows] == pytest.approx([margin] * 8, abs=1e-5)
    assert [row.adjusted - row.low for row in ranking.rows] == pytest.approx([margin] * 8, abs=1e-5)
    assert sum(row.p_top for row in ranking.rows) == pytest.approx(4)
    assert [row.p_top for row in ranking.rows] == sorted((row.p_top for row in ranking.rows), reverse=True)
    assert (ranking.method_used, ranking.reason, ranking.no_difference, ranking.draws) == ("mixed", None, False, 20_000)


def test_worked_round_names_judges_variances_and_what_is_unsure():
    ranking = rank(worked_marks(), options=Options(top=1, draws=4000), seed=1)

    assert [(row.judge, row.marks, row.severity, row.alarm) for row in ranking.judges] == [
        ("J1", 8, 3.892857, None),
        ("J2", 8, 0.0, None),
        ("J3", 8, -3.892857, None),
    ]
    # Root mean squares of the rests: those of the second judge are twice as large as those of the others.
    assert ranking.judges[1].fit > 1.3
    assert ranking.judges[0].fit < 1
    assert astuple(ranking.variances)[:4] == pytest.approx((160 / 7, 109 / 7, 24 / 7, 60), abs=1e-6)
    assert ranking.variances.p_value < 0.001
    assert codes(ranking) == ["close_to_first", "may_be_first"]
    assert (
        ranking.sentences[0] == "Entry E1 comes first, but its 90 % interval overlaps those of others (3): E2, E3, E4."
    )


def test_without_a_number_of_first_places_nothing_is_simulated():
    ranking = rank(worked_marks())

    assert ([row.p_top for row in ranking.rows], ranking.draws) == ([None] * 8, 0)


def test_two_judges_for_an_entry_give_raw_means_and_the_reason():
    marks = [mark for mark in worked_marks() if (mark.entry, mark.judge) != ("E8", "J1")]
    marks += [Mark("E9", judge, 50.0) for judge in ("J1", "J2", "J3")]
    ranking = rank(marks, options=FEW)

    assert ranking.method_used == "raw"
    assert ranking.reason == (
        "The raw mean ranks the entries instead of the declared method. These entries have fewer than 3 judges: E8 (2). "
        "Give each of them another judge, or take them out of the round."
    )
    assert [(row.correction, row.low, row.high, row.p_top) for row in ranking.rows] == [(0.0, None, None, None)] * 9
    assert [row.adjusted for row in ranking.rows] == [row.raw for row in ranking.rows]
    assert ranking.variances is not None  # for information


def test_too_few_entries_for_a_judge_give_raw_means_and_the_reason():
    ranking = rank([mark for mark in worked_marks() if mark.entry != "E8"], options=FEW)

    assert ranking.method_used == "raw"
    assert "These judges have fewer than 8 entries: J1 (7), J2 (7), J3 (7)." in ranking.reason


def test_judges_and_entries_in_two_groups_are_not_compared_by_a_model():
    other = [Mark(f"F{mark.entry}", f"K{mark.judge}", mark.score) for mark in worked_marks()]
    ranking = rank([*worked_marks(), *other], options=FEW)

    assert (ranking.method_used, ranking.connected, ranking.variances) == ("raw", False, None)
    assert [(judge.severity, judge.fit) for judge in ranking.judges] == [(None, None)] * 6
    assert "entry E1 and entry FE1 are in different groups. Let judge J1 also score entry FE1" in ranking.reason


def test_declared_raw_means_need_no_reason():
    ranking = rank(worked_marks(), options=Options(method="raw", top=2))

    assert (ranking.method_used, ranking.reason, ranking.rows[0].adjusted) == ("raw", None, 67.0)


def test_entries_without_variance_are_said_to_show_no_difference_and_ranked_by_the_rules():
    marks = [
        Mark(f"E{row}", f"J{column}", 60 + 3 * column + (-1) ** (row + column))
        for row in range(8)
        for column in range(4)
    ]
    ranking = rank(marks, options=Options(top=2), seed=5)

    order = sorted((f"E{row}" for row in range(8)), key=lambda entry: -lots([entry], 5)[entry])
    assert ranking.no_difference
    assert codes(ranking)[:2] == ["no_difference_nil", "tie"]
    assert [(row.entry, row.low, row.high, row.p_top, row.tie_rule) for row in ranking.rows] == [
        (entry, None, None, 0.25, "lot") for entry in order
    ]


def test_a_difference_within_chance_is_said_to_be_none():
    # A quarter of the worked round's worth: the entries' mean square is 72 / 16 = 4.5, the rest's 24 / 7.
    worth = dict(zip((f"E{place}" for place in range(1, 9)), WORTH, strict=True))
    marks = [replace(mark, score=mark.score - 0.75 * worth[mark.entry]) for mark in worked_marks()]
    ranking = rank(marks, options=FEW)

    assert ranking.variances.entry == pytest.approx((4.5 - 24 / 7) / 3, abs=1e-6)
    assert ranking.variances.p_value > 0.05
    assert ranking.no_difference
    assert codes(ranking)[0] == "no_difference_weak"


def test_judgment_of_paris_tells_first_and_second_not_apart():
    path = CASES / "paris1976_white.csv"
    if not path.exists():
        pytest.skip("the published data paris1976_white.csv are not here")
    with path.open(encoding="utf-8-sig", newline="") as file:
        marks = [
            Mark(row["wine"], str(judge), float(row[str(judge)]))
            for row in csv.DictReader(file)
            for judge in range(1, 12)
        ]
    ranking = rank(marks, options=Options(top=1))
    first, second = ranking.rows[:2]

    assert (first.entry, second.entry, ranking.no_difference) == ("A", "B", False)
    assert second.high > first.low
    assert "close_to_first" in codes(ranking)
    assert check_ranking(marks, ranking, options=Options(top=1)) == ()


def equal_marks():
    """Two pairs of entries with the same scores; E1 and E2 differ in one criterion, E3 and E4 in none."""
    values = {"E1": 70, "E2": 70, "E3": 60, "E4": 60, "E5": 50, "E6": 45, "E7": 40, "E8": 30}
    tastes = {"E1": 2, "E2": -2}
    return [
        Mark(entry, f"J{judge}", value + judge + sign * tastes.get(entry, 0) + (-1) ** judge, criterion)
        for entry, value in values.items()
        for judge in range(4)
        for criterion, sign in (("look", -1), ("taste", 1))
    ]


def test_a_tie_is_decided_by_the_first_rule_that_can_and_names_it():
    options = Options(ties=("adjusted", "raw", "criterion:look", "lot"), draws=100)
    ranking = rank(equal_marks(), options=options, seed=3)

    drawn = lots(["E3", "E4"], 3)
    third, fourth = sorted(drawn, key=lambda entry: -drawn[entry])
    assert [(row.rank, row.entry, row.tie_rule) for row in ranking.rows] == [
        (1, "E2", "criterion:look"),
        (2, "E1", "criterion:look"),
        (3, third, "lot"),
        (4, fourth, "lot"),
        *((place, f"E{place}", None) for place in range(5, 9)),
    ]
    assert Finding("tie", {"listed": "E2, E1", "rule": "criterion:look"}) in ranking.findings
    assert check_ranking(equal_marks(), ranking, options=options, seed=3) == ()


def test_entries_equal_by_every_rule_share_a_rank():
    ranking = rank(equal_marks(), options=Options(ties=("adjusted", "raw")))

    assert [(row.rank, row.entry, row.tie_rule) for row in ranking.rows][:5] == [
        (1, "E1", "shared"),
        (1, "E2", "shared"),
        (3, "E3", "shared"),
        (3, "E4", "shared"),
        (5, "E5", None),
    ]
    assert check_ranking(equal_marks(), ranking, options=Options(ties=("adjusted", "raw"))) == ()


def test_an_unanswered_criterion_comes_last_in_a_tie():
    marks = [
        replace(mark, score=None) if (mark.entry, mark.criterion) == ("E3", "look") else mark for mark in equal_marks()
    ]
    ranking = rank(marks, options=Options(ties=("criterion:look",)))

    assert [(row.entry, row.tie_rule) for row in ranking.rows if row.entry in {"E3", "E4"}] == [
        ("E4", "criterion:look"),
        ("E3", "criterion:look"),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"method": "median"}, "method is 'median'; give one of mixed, robust, raw"),
        ({"top": 0}, "first places is 0; give at least 1"),
        ({"interval": 1.0}, "interval is 1.0; give a probability between 0 and 1"),
        ({"draws": 0}, "There are 0 draws"),
        ({"ties": ("age",)}, "tie rule 'age' is unknown; give adjusted, raw, criterion:<id> or lot"),
    ],
)
def test_options_that_cannot_be_are_refused(change, words):
    with pytest.raises(JudgingError, match=words):
        Options(**change)


def test_a_tie_rule_with_an_unknown_criterion_is_refused():
    with pytest.raises(JudgingError, match="criterion:smell names an unknown criterion; known are total"):
        rank(worked_marks(), options=Options(ties=("criterion:smell",)))


def test_a_wild_score_is_named_and_the_judge_asked():
    marks = [
        Mark(f"E{row:02d}", f"J{column}", float(40 + 2 * row + 3 * column + (-1) ** (row * column)))
        for row in range(12)
        for column in range(5)
    ]
    marks[17] = replace(marks[17], score=0.0)
    ranking = rank(marks, options=FEW)

    assert [(one.entry, one.judge, one.score) for one in ranking.outliers] == [("E03", "J2", 0.0)]
    assert ranking.outliers[0].expected == pytest.approx(53, abs=1)
    assert ranking.outliers[0].weight < 0.1
    assert any("entry E03 by judge J2 (0 instead of 5" in sentence for sentence in ranking.sentences)


def test_judges_who_do_not_judge_raise_an_alarm():
    random = np.random.default_rng(2)
    worth = 10 * random.standard_normal(40)
    scores = 60 + worth[:, None] + 3 * random.standard_normal((40, 8))
    scores[:, 0] = 60 + 0.2 * random.standard_normal(40)
    scores[:, 1] = 60 - worth + 3 * random.standard_normal(40)
    scores[:, 2] += 14 * random.standard_normal(40)
    marks = [Mark(f"E{row:02d}", f"J{column}", float(scores[row, column])) for row in range(40) for column in range(8)]
    ranking = rank(marks, options=FEW)

    alarms = {judge.judge: judge.alarm for judge in ranking.judges}
    assert alarms["J0"] == "judge_flat"
    assert alarms["J1"] in {"judge_reversed", "judge_scatter"}
    assert alarms["J2"] == "judge_scatter"
    assert {alarms[f"J{column}"] for column in range(3, 8)} == {None}
    assert {finding.code for finding in ranking.findings} <= set(CODES)


@settings(max_examples=30, deadline=None)
@given(rounds(), st.sampled_from(["mixed", "robust", "raw"]), st.integers(0, 99))
def test_every_ranking_passes_the_independent_check(marks, method, seed):
    options = replace(FEW, method=method)
    ranking = rank(marks, options=options, seed=seed)

    assert ranking.method_used == method
    assert check_ranking(marks, ranking, options=options, seed=seed) == ()


@settings(max_examples=25, deadline=None)
@given(rounds(), st.randoms(use_true_random=False), st.sampled_from(["mixed", "robust"]))
def test_the_order_of_marks_changes_nothing(marks, random, method):
    options = replace(FEW, method=method)
    shuffled = random.sample(marks, len(marks))

    assert rank(shuffled, options=options, seed=9) == rank(marks, options=options, seed=9)


@settings(max_examples=25, deadline=None)
@given(rounds(balanced=True), st.integers(-20, 20), st.integers(0, 3))
def test_a_stricter_judge_of_all_entries_does_not_change_the_ranking(marks, points, number):
    moved = [replace(mark, score=mark.score + points) if mark.judge == f"J{number}" else mark for mark in marks]
    before, after = rank(marks, options=FEW), rank(moved, options=FEW)

    assert [(row.rank, row.entry) for row in after.rows] == [(row.rank, row.entry) for row in before.rows]
    if min(before.variances.judge, after.variances.judge) == 0:
        return  # without a variance of their own, judges' levels count as chance, which draws entries to the mean
    effects = [[row.adjusted - ranking.variances.mean for row in ranking.rows] for ranking in (before, after)]
    assert effects[1] == pytest.approx(effects[0], abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(rounds())
def test_names_that_keep_their_order_change_nothing_but_names(marks):
    renamed = [Mark(f"firm {mark.entry}", f"person {mark.judge}", mark.score) for mark in marks]
    options = replace(FEW, ties=("adjusted", "raw"))  # lots are drawn for names
    before, after = rank(marks, options=options), rank(renamed, options=options)

    assert after.rows == tuple(replace(row, entry=f"firm {row.entry}") for row in before.rows)
    assert after.variances == before.variances


@settings(max_examples=25, deadline=None)
@given(rounds())
def test_names_in_another_order_leave_scores_and_intervals(marks):
    names = {mark.entry: f"{99 - int(mark.entry[1:])}" for mark in marks}
    before = {row.entry: row for row in rank(marks).rows}
    after = rank([replace(mark, entry=names[mark.entry]) for mark in marks]).rows

    by_old_name = {names[entry]: row for entry, row in before.items()}
    for row in after:
        old = by_old_name[row.entry]
        assert (row.raw, row.marks) == (old.raw, old.marks)
        assert (row.adjusted, row.low or 0, row.high or 0) == pytest.approx(
            (old.adjusted, old.low or 0, old.high or 0), abs=1e-5
        )


@settings(max_examples=25, deadline=None)
@given(rounds(), st.sampled_from([0.1, 3.0]), st.integers(-50, 50), st.sampled_from(["mixed", "robust"]))
def test_other_units_give_the_same_ranking_in_those_units(marks, factor, shift, method):
    options = replace(FEW, method=method, ties=("adjusted", "raw"))
    before = rank(marks, options=options)
    after = rank([replace(mark, score=mark.score * factor + shift) for mark in marks], options=options)
    # Entries whose worth agrees to the sixth decimal may be equal in one unit and not in the other.
    gaps = [one.adjusted - other.adjusted for one, other in zip(before.rows, before.rows[1:], strict=False)]
    assume(all(gap > 1e-4 for gap in gaps))

    assert [row.entry for row in after.rows] == [row.entry for row in before.rows]
    assert [row.adjusted for row in after.rows] == pytest.approx(
        [row.adjusted * factor + shift for row in before.rows], abs=1e-4
    )
    assert after.variances.entry == pytest.approx(before.variances.entry * factor**2, rel=1e-4, abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(rounds(balanced=True), st.integers(0, 8), st.integers(0, 3), st.integers(1, 30))
def test_a_higher_score_of_all_judges_round_never_lowers_a_rank(marks, row, column, points):
    entry = f"E{row:02d}"
    raised = [
        replace(mark, score=mark.score + points) if (mark.entry, mark.judge) == (entry, f"J{column}") else mark
        for mark in marks
    ]
    options = replace(FEW, ties=("adjusted", "raw"))
    before, after = ({row.entry: row.rank for row in rank(found, options=options).rows} for found in (marks, raised))

    assert after[entry] <= before[entry]


@settings(max_examples=25, deadline=None)
@given(rounds(), st.integers(0, 2**31))
def test_the_same_seed_gives_the_same_ranking(marks, seed):
    assert rank(marks, options=FEW, seed=seed) == rank(marks, options=FEW, seed=seed)


def test_a_rubric_ranks_on_a_hundred_points():
    criteria = (Criterion("taste", 3, 1, 5), Criterion("look", 1, 0, 10))
    marks = [
        Mark(f"E{row}", f"J{column}", score, criterion)
        for row in range(8)
        for column in range(3)
        for criterion, score in (("taste", 1 + (row + column) % 5), ("look", (3 * row + column) % 11))
    ]
    ranking = rank(marks, criteria=criteria, options=FEW)

    assert check_ranking(marks, ranking, criteria=criteria, options=FEW) == ()
    assert all(0 <= row.raw <= 100 for row in ranking.rows)


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        (lambda row: replace(row, raw=row.raw + 1), "raw mean"),
        (lambda row: replace(row, correction=row.correction + 1), "the correction"),
        (lambda row: replace(row, adjusted=row.adjusted + 1, correction=row.correction + 1), "does not solve"),
        (lambda row: replace(row, low=row.high, high=row.low), "outside its own interval"),
        (lambda row: replace(row, p_top=0.5), "sum to"),
        (lambda row: replace(row, rank=2), "has rank"),
    ],
)
def test_the_check_finds_a_forged_row(forge, words):
    options = Options(top=1)
    ranking = rank(worked_marks(), options=options)
    forged = replace(ranking, rows=(*ranking.rows[:2], forge(ranking.rows[2]), *ranking.rows[3:]))

    assert any(words in fault for fault in check_ranking(worked_marks(), forged, options=options))


def test_the_check_finds_swapped_entries_and_wrong_variances():
    ranking = rank(worked_marks())
    first, second, *others = ranking.rows
    swapped = replace(ranking, rows=(replace(second, rank=1), replace(first, rank=2), *others))
    other = replace(ranking, variances=replace(ranking.variances, entry=30.0))

    assert "Entry E1 belongs before entry E2 by the published rules." in check_ranking(worked_marks(), swapped)
    faults = check_ranking(worked_marks(), other)
    assert any("does not solve the equations" in fault for fault in faults)
    assert any("greater restricted likelihood" in fault for fault in faults)
