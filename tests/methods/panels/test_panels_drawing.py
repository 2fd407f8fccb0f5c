"""Draws: the cap holds, probabilities are met, and every rule is kept."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack
from tests.methods.panels.drawn_tasks import drawn_task

from gebyar.methods.panels import Mix, assign, check_panels, make_task
from gebyar.methods.panels.drawing import draw, nested_sets

WOMEN = Mix("women", frozenset(range(0, 20, 2)))


@pytest.mark.parametrize("seed", range(3))
def test_draw_keeps_every_rule_and_no_pair_is_above_the_cap(seed):
    panels = assign(task := drawn_task(seed, least=2, mixes=(WOMEN,), fixed=(), cap=0.5), seed=seed)

    assert (panels.status, check_panels(task, panels)) == ("optimal", ())
    assert max(chance for _, _, chance in panels.probabilities) <= 0.5 + 1e-6


def test_draws_come_with_the_probabilities_they_were_given():
    task = drawn_task(4, entries=12, judges=8, coverage=3, mixes=(Mix("women", frozenset({0, 2, 4, 6})),), cap=0.6)
    chances = {(entry, judge): chance for entry, judge, chance in assign(task).probabilities}
    draws = 3000

    counts = Counter(pair for seed in range(draws) for pair in draw(task, tuple(_rows(chances)), seed))

    # Five standard deviations of a share drawn 3,000 times.
    wrong = {
        pair: (counts[pair] / draws, chance)
        for pair, chance in chances.items()
        if abs(counts[pair] / draws - chance) > 5 * np.sqrt(max(chance * (1 - chance), 1e-9) / draws) + 1e-6
    }
    assert wrong == {}


def _rows(chances):
    return [(entry, judge, chance) for (entry, judge), chance in sorted(chances.items())]


def test_same_seed_draws_the_same_and_others_draw_otherwise():
    task = drawn_task(2, cap=0.5)

    first, again, other = (assign(task, seed=seed) for seed in (1, 1, 2))

    assert replace(first, seconds=0.0) == replace(again, seconds=0.0)
    assert first.pairs != other.pairs
    assert (first.worst_bound, first.total_bound) == pytest.approx((other.worst_bound, other.total_bound), abs=1e-4)


def test_overlapping_mixes_are_mended_and_it_is_said():
    east = Mix("east", frozenset(range(10)))
    task = drawn_task(5, mixes=(WOMEN, east), cap=0.4)
    found = [assign(task, seed=seed) for seed in range(5)]

    assert [check_panels(task, panels) for panels in found] == [()] * 5
    said = [panels.findings[0].code for panels in found if panels.findings]
    assert set(said) <= {"draw_mended"}
    assert said


def test_fixed_pairs_stand_whatever_the_cap():
    task = make_task(np.ones((4, 6)), coverage=2, most=3, fixed=((0, 5),), cap=0.5, connected=False)

    found = [assign(task, seed=seed) for seed in range(5)]

    assert all((0, 5) in panels.pairs and (0, 5, 1.0) in panels.probabilities for panels in found)


def test_only_nested_sets_or_such_apart_form_a_tree():
    mixes = [Mix(name, frozenset(judges)) for name, judges in [("a", {0, 1, 2}), ("b", {1, 2}), ("c", {2, 3})]]
    task = make_task(np.ones((1, 5)), coverage=1, most=1, mixes=[*mixes, Mix("d", frozenset({4}))])

    assert nested_sets(task, 0, range(5)) == [{0, 1, 2}, {1, 2}, {4}]


def test_many_pairs_reach_the_largest_expected_total():
    task = drawn_task(0, entries=240, judges=40, cap=0.4)
    columns = np.nonzero(~task.barred)
    places, count = np.arange(len(columns[0])), len(columns[0])
    panels_of = csr_matrix((np.ones(count), (columns[0], places)), shape=(task.entries, count))
    loads = csr_matrix((np.ones(count), (columns[1], places)), shape=(task.judges, count))
    gain = task.affinity[columns]

    panels = assign(task)
    sums = csr_matrix((gain, (columns[0], places)), shape=(task.entries, count))
    right = np.append(task.most, np.full(task.entries, 1e-6 - panels.worst_bound))
    best = linprog(-gain, A_ub=vstack([loads, -sums]), b_ub=right, A_eq=panels_of, b_eq=task.coverage, bounds=(0, 0.4))

    assert (panels.status, check_panels(task, panels)) == ("optimal", ())
    assert panels.total_bound == pytest.approx(-best.fun, abs=1e-3)
