"""The mixed model against sums by hand, a dense likelihood and published fits."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.methods.judging.drawn import LEVELS, WORTH, rounds, worked_marks

from gebyar.methods.judging import JudgingError, Mark, Score, scores_of
from gebyar.methods.judging.checking import dense_criterion
from gebyar.methods.judging.crossed import Design, Frame, Response, point_at, slope_at
from gebyar.methods.judging.fitting import fit_mixed, layout_of, p_value_of_no_difference

CASES = Path(__file__).parents[4] / "shared" / "cases" / "judging"


def fit_of(marks):
    return fit_mixed(layout_of(scores_of(marks)))


def rows_of(name):
    path = CASES / name
    if not path.exists():
        pytest.skip(f"the published data {name} are not here")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def deviations(fit):
    return [math.sqrt(part) for part in (fit.entry_variance, fit.judge_variance, fit.residual_variance)]


def test_worked_round_has_the_variances_of_its_mean_squares():
    fit = fit_of(worked_marks())

    # (72 − 24/7) / 3, (128 − 24/7) / 8, 24/7: the mean squares of a balanced table, each less the rest's.
    expected = [160 / 7, 109 / 7, 24 / 7, 60.0]
    assert [fit.entry_variance, fit.judge_variance, fit.residual_variance, fit.mean] == pytest.approx(
        expected, rel=1e-9
    )


def test_worked_round_has_the_restricted_likelihood_of_its_mean_squares():
    logs = 7 * math.log(72) + 2 * math.log(128) + 14 * math.log(24 / 7) + math.log(24)

    assert fit_of(worked_marks()).criterion_value == pytest.approx(23 * math.log(2 * math.pi) + logs + 23, abs=1e-9)


def test_worked_round_draws_entries_and_judges_towards_the_mean():
    fit = fit_of(worked_marks())

    # 20/21 = 1 − (24/7) / 72 and 109/112 = 1 − (24/7) / 128.
    assert fit.entry_effects == pytest.approx([worth * 20 / 21 for worth in WORTH], rel=1e-8)
    assert fit.judge_effects == pytest.approx([level * 109 / 112 for level in LEVELS], rel=1e-8)


def test_worked_round_has_the_prediction_errors_of_a_balanced_table():
    entry, judge = fit_of(worked_marks()).errors()

    # Variance · (1 − shrinkage · (1 − 1 / levels)).
    assert entry**2 == pytest.approx([160 / 7 * (1 - 20 / 21 * 7 / 8)] * 8, rel=1e-8)
    assert judge**2 == pytest.approx([109 / 7 * (1 - 109 / 112 * 2 / 3)] * 3, rel=1e-8)


def test_entries_and_judges_may_change_places():
    turned = [Mark(mark.judge, mark.entry, mark.score) for mark in worked_marks()]
    fit, same = fit_of(turned), fit_of(worked_marks())

    assert fit.judge_effects == pytest.approx(same.entry_effects, rel=1e-8)
    assert fit.entry_effects == pytest.approx(same.judge_effects, rel=1e-8)
    assert fit.errors()[1] == pytest.approx(same.errors()[0], rel=1e-8)
    assert fit.errors()[0] == pytest.approx(same.errors()[1], rel=1e-8)


def test_variance_between_entries_is_exactly_nil_when_they_differ_less_than_chance():
    # Entry means are all 60; the rest is chance and judges.
    marks = [
        Mark(f"E{row}", f"J{column}", 60 + 3 * column + (-1) ** (row + column))
        for row in range(8)
        for column in range(4)
    ]
    fit = fit_of(marks)

    assert fit.entry_variance == 0.0
    assert not fit.entry_effects.any()
    assert p_value_of_no_difference(fit) == 1.0


def test_variance_between_judges_is_exactly_nil_when_they_differ_less_than_chance():
    marks = [
        Mark(f"E{row}", f"J{column}", 60 + 3 * row + (-1) ** (row + column)) for row in range(8) for column in range(4)
    ]
    fit = fit_of(marks)

    assert fit.judge_variance == 0.0
    assert fit.entry_variance > 0
    assert p_value_of_no_difference(fit) < 1e-6


def test_scores_without_chance_are_reproduced():
    marks = [Mark(f"E{row}", f"J{column}", 50 + 2 * row + 5 * column) for row in range(8) for column in range(4)]
    fit = fit_of(marks)

    assert fit.residual_variance == pytest.approx(0, abs=1e-6)
    assert fit.expected == pytest.approx(fit.layout.values, abs=1e-4)


def test_scores_that_are_all_the_same_have_no_variance():
    fit = fit_of([Mark(f"E{row}", f"J{column}", 70.0) for row in range(8) for column in range(4)])

    assert (fit.entry_variance, fit.judge_variance, fit.mean) == (0.0, 0.0, 70.0)
    assert fit.residual_variance < 1e-12


def test_too_few_scores_are_refused_with_what_is_needed():
    with pytest.raises(
        JudgingError, match="3 scores cannot tell 3 entries, 1 judges and chance apart; give at least 4"
    ):
        fit_of([Mark(f"E{row}", "J1", float(row)) for row in range(3)])


def by_pair(layout):
    return {
        (layout.entries[entry], layout.judges[judge]): float(value)
        for entry, judge, value in zip(layout.entry, layout.judge, layout.values, strict=True)
    }


@settings(max_examples=40, deadline=None)
@given(rounds(), st.floats(0.01, 20), st.floats(0.01, 20))
def test_criterion_is_the_likelihood_by_definition(marks, alpha, beta):
    layout = layout_of(scores_of(marks))
    design = layout.design()
    point = point_at(Frame(design, (alpha, beta)), Response(design, layout.values))
    residual = point.residual_variance
    entry, judge = (alpha, beta) if layout.entries_are_long else (beta, alpha)

    assert point.criterion == pytest.approx(
        dense_criterion(by_pair(layout), entry * residual, judge * residual, residual), rel=1e-9
    )


@settings(max_examples=40, deadline=None)
@given(rounds(), st.floats(0.01, 20), st.floats(0.01, 20))
def test_slope_is_the_difference_of_the_criterion(marks, alpha, beta):
    layout = layout_of(scores_of(marks))
    design = layout.design()
    response = Response(design, layout.values)

    def at(*ratios):
        return point_at(Frame(design, ratios), response)

    slope = slope_at(at(alpha, beta)).gradient
    step = 1e-5
    differences = [
        (at(alpha * (1 + step), beta).criterion - at(alpha * (1 - step), beta).criterion) / (2 * step * alpha),
        (at(alpha, beta * (1 + step)).criterion - at(alpha, beta * (1 - step)).criterion) / (2 * step * beta),
    ]
    assert slope == pytest.approx(differences, rel=1e-4, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(rounds())
def test_no_variances_nearby_are_better(marks):
    fit = fit_of(marks)
    parts = (fit.entry_variance, fit.judge_variance, fit.residual_variance)
    scores = by_pair(fit.layout)
    least = dense_criterion(scores, *parts)

    for index in range(3):
        for moved in (parts[index] * 0.9, parts[index] * 1.1, parts[index] + 0.01):
            changed = [moved if number == index else part for number, part in enumerate(parts)]
            assert dense_criterion(scores, *changed) >= least - 1e-8


@settings(max_examples=25, deadline=None)
@given(rounds())
def test_effects_and_errors_are_those_of_the_dense_formulas(marks):
    fit = fit_of(marks)
    layout = fit.layout
    of_entry = np.eye(len(layout.entries))[layout.entry]
    of_judge = np.eye(len(layout.judges))[layout.judge]
    total = (
        fit.entry_variance * of_entry @ of_entry.T
        + fit.judge_variance * of_judge @ of_judge.T
        + fit.residual_variance * np.eye(len(layout.values))
    )
    inverse = np.linalg.inv(total)
    ones = inverse.sum(axis=0)
    projection = inverse - np.outer(ones, ones) / ones.sum()
    for levels, variance, effects, errors in (
        (of_entry, fit.entry_variance, fit.entry_effects, fit.errors()[0]),
        (of_judge, fit.judge_variance, fit.judge_effects, fit.errors()[1]),
    ):
        assert effects == pytest.approx(variance * levels.T @ projection @ layout.values, abs=1e-6)
        covariance = variance * np.eye(levels.shape[1]) - variance**2 * levels.T @ projection @ levels
        assert errors**2 == pytest.approx(np.diag(covariance), abs=1e-6)
    assert fit.mean == pytest.approx(ones @ layout.values / ones.sum(), abs=1e-7)


@pytest.mark.parametrize("turned", [False, True])
def test_drawn_effects_have_the_covariance_of_the_dense_formula(turned):
    marks = [Mark(mark.judge, mark.entry, mark.score) if turned else mark for mark in worked_marks()]
    # Without two of the marks nothing is balanced.
    fit = fit_of([mark for mark in marks if {mark.entry, mark.judge} not in ({"E1", "J1"}, {"E2", "J3"})])
    layout = fit.layout
    of_entry, of_judge = np.eye(len(layout.entries))[layout.entry], np.eye(len(layout.judges))[layout.judge]
    total = (
        fit.entry_variance * of_entry @ of_entry.T
        + fit.judge_variance * of_judge @ of_judge.T
        + fit.residual_variance * np.eye(len(layout.values))
    )
    inverse = np.linalg.inv(total)
    ones = inverse.sum(axis=0)
    projection = inverse - np.outer(ones, ones) / ones.sum()
    size = len(layout.entries)
    covariance = fit.entry_variance * np.eye(size) - fit.entry_variance**2 * of_entry.T @ projection @ of_entry

    drawn = fit.draw_entries(np.random.default_rng(1), 200_000)

    assert drawn.mean(axis=0) == pytest.approx(fit.entry_effects, abs=0.05)
    assert np.cov(drawn.T) == pytest.approx(covariance, abs=0.02 * float(np.diag(covariance).max()))


def test_many_different_numbers_of_marks_are_summed_anew_to_the_same(monkeypatch):
    marks = [
        Mark(f"E{row:02d}", f"J{column}", 50 + row * column % 7 + 0.0)
        for row in range(20)
        for column in range(3 + row % 5)
    ]
    held = fit_of(marks)
    monkeypatch.setattr("gebyar.methods.judging.crossed.MOST_HELD", 0)

    anew = fit_of(marks)

    assert Design(held.layout.entry, held.layout.judge).products is None
    assert anew.criterion_value == pytest.approx(held.criterion_value, rel=1e-12)
    assert anew.entry_effects == pytest.approx(held.entry_effects, abs=1e-8)


def test_penicillin_is_fitted_as_lme4_does():
    scores = [Score(row["plate"], row["sample"], float(row["diameter"])) for row in rows_of("lme4_Penicillin.csv")]
    fit = fit_mixed(layout_of(scores))

    assert round(fit.criterion_value, 4) == 330.8606
    assert [round(deviation, 4) for deviation in deviations(fit)] == [0.8467, 1.9316, 0.5499]
    assert round(fit.mean, 2) == 22.97


def test_judgment_of_paris_has_the_published_deviations():
    rows = rows_of("paris1976_white.csv")
    scores = [Score(row["wine"], str(judge), float(row[str(judge)])) for row in rows for judge in range(1, 12)]
    wine, judge, residual = deviations(fit_mixed(layout_of(scores)))

    assert (round(wine, 3), round(judge, 3), round(residual, 2)) == (2.403, 1.485, 2.85)


def test_sparse_reviews_are_fitted_as_by_the_dense_likelihood():
    scores = [Score(row["idpaper"], row["idreviewer"], float(row["score"])) for row in rows_of("data.immer09.csv")]
    fit = fit_mixed(layout_of(scores))
    parts = [fit.entry_variance, fit.judge_variance, fit.residual_variance]
    dense = {(score.entry, score.judge): score.value for score in scores}

    assert (len(fit.layout.entries), len(fit.layout.judges), len(scores)) == (57, 20, 128)
    assert fit.criterion_value == pytest.approx(dense_criterion(dense, *parts), abs=1e-8)
    for index in range(3):
        for factor in (0.99, 1.01):
            moved = [part * factor if number == index else part for number, part in enumerate(parts)]
            assert dense_criterion(dense, *moved) > fit.criterion_value
