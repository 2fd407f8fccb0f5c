"""The robust variant: the plain one without wild scores, steady with them."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from tests.methods.judging.drawn import rounds, worked_marks

from gebyar.methods.judging import Mark, Options, rank, scores_of
from gebyar.methods.judging.fitting import fit_mixed, layout_of
from gebyar.methods.judging.robust import fit_robust


def layout(marks):
    return layout_of(scores_of(marks))


@settings(max_examples=30, deadline=None)
@given(rounds())
def test_with_endless_tuning_robust_is_the_plain_fit(marks):
    plain, robust = fit_mixed(layout(marks)), fit_robust(layout(marks), tuning=math.inf)

    assert robust.fit.entry_effects.tolist() == plain.entry_effects.tolist()
    assert robust.weights.tolist() == [1.0] * len(marks)


@settings(max_examples=30, deadline=None)
@given(rounds())
def test_with_large_tuning_the_rounds_of_pseudo_values_end_at_the_plain_fit(marks):
    plain, robust = fit_mixed(layout(marks)), fit_robust(layout(marks), tuning=8.0)

    assert robust.fit.entry_effects == pytest.approx(plain.entry_effects, abs=1e-5)
    assert robust.fit.residual_variance == pytest.approx(plain.residual_variance, rel=1e-5)
    assert robust.scale**2 == pytest.approx(plain.residual_variance, rel=1e-5)


def many_marks(seed=5):
    random = np.random.default_rng(seed)
    worth, level = 8 * random.standard_normal(300), 6 * random.standard_normal(30)
    return [
        Mark(f"E{row:03d}", f"J{column:02d}", float(60 + worth[row] + level[column] + 6 * random.standard_normal()))
        for row in range(300)
        for column in random.permutation(30)[:5]
    ]


def test_normal_errors_give_the_same_variances_as_the_plain_fit():
    plain, robust = fit_mixed(layout(many_marks())), fit_robust(layout(many_marks()))

    assert robust.scale == pytest.approx(math.sqrt(plain.residual_variance), rel=0.03)
    assert robust.fit.entry_variance == pytest.approx(plain.entry_variance, rel=0.05)
    assert robust.fit.judge_variance == pytest.approx(plain.judge_variance, rel=0.05)
    # Huber's estimate is 95 % efficient: its variance is 1 / 0.95 of the plain one's.
    assert robust.fit.residual_variance == pytest.approx(plain.residual_variance / 0.95, rel=0.05)
    assert robust.alarms.sum() <= 5


def test_wild_scores_move_the_robust_fit_much_less_than_the_plain_one():
    marks = many_marks()
    wild = [replace(mark, score=0.0) if index % 25 == 0 else mark for index, mark in enumerate(marks)]
    truth = fit_mixed(layout(marks))
    plain, robust = fit_mixed(layout(wild)), fit_robust(layout(wild))

    off_plain = np.abs(plain.entry_effects - truth.entry_effects).mean()
    off_robust = np.abs(robust.fit.entry_effects - truth.entry_effects).mean()
    assert off_robust < off_plain / 2
    assert robust.scale < 1.2 * math.sqrt(truth.residual_variance) < math.sqrt(plain.residual_variance)
    struck = {index for index, mark in enumerate(wild) if mark.score == 0.0}
    places = {(mark.entry, mark.judge): index for index, mark in enumerate(wild)}
    names = robust.fit.layout
    alarmed = {
        places[names.entries[names.entry[index]], names.judges[names.judge[index]]]
        for index in np.flatnonzero(robust.alarms)
    }
    assert len(alarmed & struck) >= 0.95 * len(struck)


def test_one_ever_wilder_score_has_a_bounded_pull():
    def first_of(score):
        marks = worked_marks()
        marks[0] = replace(marks[0], score=score)
        return fit_robust(layout(marks)).fit.entry_effects[0]

    assert first_of(-1000.0) == pytest.approx(first_of(-10_000.0), abs=1.0)


def test_scores_without_chance_have_no_outliers():
    marks = [Mark(f"E{row}", f"J{column}", 50.0 + 2 * row + 5 * column) for row in range(8) for column in range(4)]
    same = [Mark(f"E{row}", f"J{column}", 50.0) for row in range(8) for column in range(4)]

    for found in (marks, same):
        ranking = rank(found, options=Options(method="robust"))
        assert (ranking.method_used, ranking.outliers) == ("robust", ())


def test_declared_robust_method_ranks_by_the_robust_fit():
    marks = many_marks()
    marks[7] = replace(marks[7], score=-500.0)
    ranking = rank(marks, options=Options(method="robust", top=10, draws=500))
    fit = fit_robust(layout(marks)).fit

    best = fit.layout.entries[int(fit.entry_effects.argmax())]
    assert (ranking.method_used, ranking.rows[0].entry) == ("robust", best)
    assert (ranking.outliers[0].entry, ranking.outliers[0].judge) == (marks[7].entry, marks[7].judge)
