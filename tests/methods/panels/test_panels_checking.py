"""The checker: every broken rule is found and named."""

from dataclasses import replace

import numpy as np
import pytest

from gebyar.methods.panels import Mix, assign, check_panels, components, is_connected, make_task

TASK = make_task(
    [[0.9, 0.5, 0.1], [0.2, 0.8, 0.3], [0.4, 0.6, 0.7]],
    coverage=2,
    most=2,
    least=[2, 0, 0],
    barred=np.array([[0, 0, 1], [0, 0, 0], [0, 0, 0]], dtype=bool),
    mixes=(Mix("women", frozenset({0, 2})),),
    fixed=((1, 1),),
)


def with_pairs(*pairs):
    sums = [sum(float(TASK.affinity[pair]) for pair in pairs if pair[0] == entry) for entry in range(3)]
    return replace(
        assign(TASK),
        pairs=pairs,
        worst=min(sums),
        total=sum(sums),
        worst_bound=9.0,
        total_bound=9.0,
        connected=is_connected(pairs, 3),
    )


def test_what_is_assigned_has_no_faults():
    panels = assign(TASK)

    assert (panels.status, panels.pairs) == ("optimal", ((0, 0), (0, 1), (1, 1), (1, 2), (2, 0), (2, 2)))
    assert check_panels(TASK, panels) == ()


@pytest.mark.parametrize(
    ("pairs", "fault"),
    [
        (((0, 0), (1, 1), (1, 2), (2, 0), (2, 2)), "Entry 0 has 1 judges, needed are 2."),
        (((0, 0), (0, 2), (1, 1), (1, 2), (2, 0), (2, 1)), "Entry 0 is given to judge 2, but this pair is barred."),
        (((0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 2)), "Judge 0 has 3 entries, allowed are 2 to 2."),
        (((0, 0), (0, 1), (1, 1), (1, 2), (2, 1), (2, 2)), "Judge 0 has 1 entries, allowed are 2 to 2."),
        (((0, 0), (0, 1), (1, 0), (1, 2), (2, 0), (2, 2)), "The fixed pair 1–1 is missing."),
        (((0, 0), (0, 1), (1, 1), (1, 2), (2, 1), (2, 1)), "Pair 2–1 stands there 2 times."),
        (((0, 0), (0, 1), (1, 1), (1, 2), (2, 1)), "Entry 2 has 0 judges of “women”, needed are 1."),
        (((0, 0), (0, 3), (1, 1), (1, 2), (2, 0), (2, 2)), "Pair 0–3: there is no such entry or judge."),
        (((0, 0), (1, 1), (1, 2), (2, 2)), "The panels fall into 2 parts that share no judge."),
    ],
)
def test_a_broken_rule_is_named(pairs, fault):
    made = with_pairs(*[pair for pair in pairs if pair[1] < 3])

    assert fault in check_panels(TASK, replace(made, pairs=pairs))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"worst": 0.5}, "It says that worst is 0.500000, counted are 1.100000."),
        ({"total": 2.0}, "It says that total is 2.000000, counted are 3.600000."),
        ({"connected": False}, "It says that connected is False, which is not so."),
        ({"total_bound": 3.0}, "Its total 3.600000 is above its own bound 3.000000."),
        ({"status": "infeasible"}, "It has pairs, but says that there are none."),
    ],
)
def test_a_wrong_figure_is_named(change, fault):
    assert check_panels(TASK, replace(assign(TASK), **change)) == (fault,)


def test_a_probability_above_the_cap_is_named():
    task = make_task(np.ones((2, 3)), coverage=1, most=2, cap=0.5, connected=False)
    panels = assign(task)
    entry, judge, _ = panels.probabilities[0]

    raised = replace(panels, probabilities=((entry, judge, 0.9), *panels.probabilities[1:]))

    assert f"Pair {entry}–{judge} has the probability 0.9, allowed are 0.5." in check_panels(task, raised)


def test_components_name_entries_and_judges_of_each_part():
    assert components([(0, 0), (0, 1), (2, 1), (1, 4)], 4) == [([0, 2], [0, 1]), ([1], [4]), ([3], [])]
