"""Assigning: the best there is on every tiny task, and by nothing but the task and the seed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.methods.panels.drawn_tasks import drawn_task, every_assignment, tiny_tasks, value_of

from gebyar.methods.panels import Mix, PanelError, assign, check_panels, components, make_task
from gebyar.methods.panels.checking import check_pairs
from gebyar.methods.panels.connecting import tie_up
from gebyar.methods.panels.programme import Columns


@settings(max_examples=150, deadline=None, derandomize=True)
@given(task=tiny_tasks(), seed=st.integers(0, 3))
def test_tiny_task_gets_the_best_of_all_assignments_or_a_reason(task, seed):
    panels = assign(task, seed=seed, time_limit=30)
    best = max((value_of(task, pairs) for pairs in every_assignment(task)), default=None)

    assert check_panels(task, panels) == ()
    if best is None:
        assert (panels.status, panels.pairs, bool(panels.reason)) == ("infeasible", (), True)
    else:
        assert panels.status == "optimal"
        assert (panels.worst, panels.total) == pytest.approx(best, abs=1e-5)
        assert (panels.worst_bound, panels.total_bound) == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_drawn_task_is_proven_and_keeps_every_rule(seed):
    women, east = (frozenset(range(first, 20, 2)) for first in (0, 1))
    mixes = (Mix("women", women), Mix("east", east, entries=frozenset(range(30))))
    task = drawn_task(seed, least=2, mixes=mixes, fixed=((0, 0), (5, 3)))
    task = replace(task, barred=task.barred & ~_only(task, task.fixed))

    panels = assign(task, seed=seed)

    assert (panels.status, check_panels(task, panels)) == ("optimal", ())


def _only(task, pairs):
    mask = np.zeros(task.barred.shape, dtype=bool)
    for pair in pairs:
        mask[pair] = True
    return mask


def test_same_seed_gives_the_same_panels_and_no_seed_better_ones():
    task = drawn_task(1)

    first, again, other = (replace(assign(task, seed=seed), seconds=0.0) for seed in (7, 7, 8))

    assert first == again
    assert (first.worst, first.total) == pytest.approx((other.worst, other.total), abs=1e-5)


def test_who_wins_among_equals_is_drawn():
    task = make_task(np.ones((6, 12)), coverage=2, most=6, connected=False)

    chosen = {assign(task, seed=seed).pairs for seed in range(5)}

    assert len(chosen) == 5


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_entries_and_judges_changes_no_figure(seed):
    task, random = drawn_task(seed), np.random.default_rng(seed)
    rows, columns = random.permutation(task.entries), random.permutation(task.judges)
    both = np.ix_(rows, columns)
    turned = replace(
        task,
        affinity=task.affinity[both],
        barred=task.barred[both],
        coverage=task.coverage[rows],
        least=task.least[columns],
        most=task.most[columns],
    )

    one, other = assign(task), assign(turned)

    assert (one.worst, one.total) == pytest.approx((other.worst, other.total), abs=1e-5)


def test_worst_off_entry_comes_before_the_total():
    # Judge 0 is wanted by both; entry 1 has nobody else.
    task = make_task([[1.0, 0.4], [0.5, 0.0]], coverage=1, most=1, connected=False)

    panels = assign(task)

    assert (panels.pairs, panels.worst, panels.total) == (((0, 1), (1, 0)), 0.4, 0.9)


def test_panels_of_separate_topics_are_tied_at_the_least_loss():
    blocks = np.kron(np.eye(3), np.ones((4, 3)))
    blocks[0, 3] = 0.9
    blocks[4, 6] = 0.8
    task = make_task(blocks, coverage=2, most=3)
    loose = assign(replace(task, connected=False))

    tied = assign(task)

    assert (len(components(loose.pairs, 12)), loose.total) == (3, 24.0)
    assert (tied.status, tied.connected, tied.total) == ("optimal", True, pytest.approx(23.7))
    assert {(0, 3), (4, 6)} <= set(tied.pairs)
    assert check_panels(task, tied) == ()


@pytest.mark.parametrize("most", [2, 3])
def test_exchanges_tie_parts_together_and_keep_every_rule(most):
    # Loads of exactly 2 leave only swaps; a load of 3 leaves room to move a pair.
    task = make_task(np.kron(np.eye(3), np.ones((2, 2))), coverage=2, most=most)
    apart = [(entry, judge) for entry in range(6) for judge in range(6) if entry // 2 == judge // 2]

    tied = tie_up(task, Columns(*np.array(apart).T))
    pairs = tuple(sorted(zip(tied.entry.tolist(), tied.judge.tolist(), strict=True)))

    assert list(check_pairs(task, pairs)) == []


def test_time_that_ran_out_is_said_and_nothing_is_made_up():
    panels = assign(drawn_task(0, entries=200, judges=40), time_limit=1e-6)

    assert (panels.status, panels.pairs, panels.cut_short) == ("unknown", (), True)
    assert panels.reason == "No assignment was found in the time given; give more."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"affinity": [[1.0, float("nan")]]},
            "affinity of entry 0 and judge 1 is no number; give one, or bar the pair",
        ),
        ({"affinity": [1.0, 2.0]}, "affinity has 1 dimensions; give a table, entries × judges"),
        ({"coverage": 0}, "entry 0: coverage is 0; give at least 1"),
        ({"coverage": 1.5}, "coverage holds something that is no whole number; give whole numbers"),
        ({"most": [1]}, "most has the shape (1,), needed is (2,); give one number per judge"),
        ({"least": 3}, "judge 0: most is 2, below least 3; give most at least as much"),
        ({"cap": 1.5}, "cap is 1.5; give a probability above 0 and up to 1"),
        ({"fixed": [(0, 2)]}, "fixed: judge 2 does not exist; use 0 to 1"),
        ({"fixed": [(0, 1), (0, 1)]}, "fixed names a pair twice; name it once"),
        ({"mixes": [Mix("women", frozenset({5}))]}, "mix women: judge 5 does not exist; use 0 to 1"),
    ],
)
def test_impossible_numbers_are_refused_with_their_place(change, words):
    given = {"affinity": [[1.0, 0.5]], "coverage": 1, "most": 2, **change}

    with pytest.raises(PanelError) as raised:
        make_task(given.pop("affinity"), **given)

    assert str(raised.value) == words
