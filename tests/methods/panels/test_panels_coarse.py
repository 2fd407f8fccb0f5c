"""Tasks with few different affinities, where entries and judges are alike: counted, not searched."""

import random
from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from tests.methods.panels.drawn_tasks import drawn_task, every_assignment, tiny_tasks, value_of

from gebyar.methods.panels import Mix, assign, check_panels, make_task
from gebyar.methods.panels.beginning import begin, lift
from gebyar.methods.panels.grouping import count_and_give, grades_of
from gebyar.methods.panels.ordering import Order
from gebyar.methods.panels.programme import Programme, columns_of

WORTH = {0: 0.2, 2: 0.5, 3: 1.0}  # by leading digits in common


def crafts_task(entries=276, judges=30, trifles=0.0, **more):
    """Entries and judges of four crafts in two divisions; loads with hardly anything to spare."""
    draw = random.Random(11)
    wanted = [draw.choice(("101", "103", "107", "310", "311")) for _ in range(entries)]
    known = [draw.choice(("101", "103", "107", "310")) for _ in range(judges)]
    affinity = np.array(
        [[WORTH[3 if one == other else 2 * (one[:2] == other[:2])] for other in known] for one in wanted]
    )
    affinity += trifles * np.random.default_rng(0).random(affinity.shape)
    given = {"coverage": 3, "least": 3 * entries // judges, "most": 3 * entries // judges + 3, **more}
    return make_task(affinity, **given)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(task=tiny_tasks(coarse=True))
def test_counting_is_right_about_every_tiny_task(task):
    loose = replace(task, connected=False)
    counted = count_and_give(Programme(loose), perf_counter() + 30)
    best = max((value_of(task, pairs) for pairs in every_assignment(loose)), default=None)

    if counted is not None:
        pairs = tuple(zip(counted.chosen.entry.tolist(), counted.chosen.judge.tolist(), strict=True))
        assert value_of(task, pairs) == pytest.approx(best)
        assert (counted.worst_bound, counted.total_bound) == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize("kind", ["loads", "barred", "mixes"])
def test_alike_entries_and_judges_are_proven(kind):
    barred = np.random.default_rng(1).random((276, 30)) < 0.05
    mixes = (Mix("women", frozenset(range(0, 30, 3))),)
    task = crafts_task(**{"barred": {"barred": barred}, "mixes": {"mixes": mixes}}.get(kind, {}))

    panels, again = assign(task, seed=3), assign(task, seed=3)

    assert (panels.status, panels.cut_short, check_panels(task, panels)) == ("optimal", False, ())
    assert panels.pairs == again.pairs


def test_trifles_that_break_ties_leave_a_small_gap():
    task = crafts_task(trifles=1e-3)

    panels = assign(task)

    assert (panels.status, panels.cut_short, check_panels(task, panels)) == ("feasible", False, ())
    assert panels.worst_bound - panels.worst <= 0.005 * panels.worst_bound
    assert panels.total_bound - panels.total <= 0.005 * panels.total_bound


def test_affinities_all_over_the_range_are_no_grades():
    assert grades_of(Programme(drawn_task(0))) is None


@pytest.mark.parametrize("seed", range(3))
def test_assignment_without_a_search_keeps_every_rule_and_its_bounds_hold(seed):
    mixes = (Mix("women", frozenset(range(0, 20, 2))), Mix("east", frozenset(range(8, 16))))
    task = drawn_task(seed, least=8, mixes=mixes)
    best, order = assign(task), Order(task, 0)

    begun = begin(Programme(order.task), perf_counter() + 30)
    panels = replace(best, pairs=order.pairs(begun.chosen), worst=begun.worst, total=begun.total)

    assert check_panels(task, replace(panels, worst_bound=begun.worst_bound, total_bound=begun.total_bound)) == ()
    assert (begun.worst <= best.worst + 1e-6, begun.worst_bound >= best.worst - 1e-6) == (True, True)
    assert begun.total_bound >= best.total - 1e-6


def test_lifting_raises_the_worst_off_entry_by_a_swap():
    task = make_task([[1.0, 0.9, 0.1, 0.0], [0.9, 1.0, 0.0, 0.1]], coverage=2, most=1, connected=False)
    apart = columns_of(np.array([[True, True, False, False], [False, False, True, True]]))

    lifted = lift(task, apart, perf_counter() + 30)

    sums = np.bincount(lifted.entry, task.affinity[lifted.entry, lifted.judge])
    assert sums.tolist() == pytest.approx([1.1, 1.1])


def test_coarse_panels_that_fall_apart_are_tied():
    task = make_task(np.kron(np.eye(3), np.ones((40, 12))), coverage=2, most=9)

    panels = assign(task)

    assert (panels.connected, check_panels(task, panels)) == (True, ())
    assert (panels.worst, panels.total) == (1.0, 238.0)
