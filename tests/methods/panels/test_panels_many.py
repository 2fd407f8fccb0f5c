"""Tasks with so many pairs that only some are looked at: the bound holds for all of them."""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack
from tests.methods.panels.drawn_tasks import drawn_task

from gebyar.methods.panels import Mix, assign, check_panels, make_task
from gebyar.methods.panels.pricing import FEW

CASES = Path(__file__).parents[4] / "shared" / "cases" / "panels"


def largest_total(task, floor):
    """The largest total with fractions above a floor, over all pairs at once."""
    entry, judge = np.nonzero(~task.barred)
    count, gain = len(entry), task.affinity[entry, judge]
    places = np.arange(count)
    panels = csr_matrix((np.ones(count), (entry, places)), shape=(task.entries, count))
    loads = csr_matrix((np.ones(count), (judge, places)), shape=(task.judges, count))
    sums = csr_matrix((gain, (entry, places)), shape=(task.entries, count))
    held = [csr_matrix((mix_row(task, mix, judge), (entry, places)), panels.shape) for mix in task.mixes]
    rows = vstack([loads, -loads, -sums, *(-one for one in held)])
    right = [task.most, -task.least, np.full(task.entries, -floor), *(np.full(task.entries, -1.0) for _ in held)]
    found = linprog(
        -gain, A_ub=rows, b_ub=np.concatenate(right), A_eq=panels, b_eq=task.coverage, bounds=(0, 1), method="highs"
    )
    return -found.fun


def mix_row(task, mix, judge):
    return task.mix_mask(mix)[judge].astype(float)


@pytest.mark.parametrize("kind", ["topics", "grades", "least", "mixes"])
@pytest.mark.parametrize("seed", range(2))
def test_bound_of_many_pairs_is_that_of_all_pairs(kind, seed):
    more = {"least": {"least": 12}, "mixes": {"mixes": (Mix("women", frozenset(range(0, 40, 3))),)}}.get(kind, {})
    task = drawn_task(seed, entries=240, judges=40, coverage=3, **more)
    if kind == "grades":
        task = make_task(np.round(task.affinity * 4) / 4, coverage=3, most=task.most, barred=task.barred)

    panels = assign(task, seed=seed, time_limit=60)
    bound = largest_total(task, panels.worst - 1e-7)

    assert np.count_nonzero(~task.barred) > FEW
    assert check_panels(task, panels) == ()
    assert panels.total <= panels.total_bound <= bound + 1e-3
    assert panels.total >= bound - 0.005 * abs(bound)


def test_loose_panels_of_many_pairs_are_tied():
    blocks = np.kron(np.eye(8), np.ones((60, 20))) + np.random.default_rng(0).random((480, 160)) / 100
    task = make_task(blocks, coverage=2, most=8)

    panels = assign(task)

    assert (panels.connected, check_panels(task, panels)) == (True, ())
    assert panels.total_bound - panels.total < 14.2  # seven exchanges, each of which loses two pairs at most


@pytest.mark.skipif(not CASES.is_dir(), reason="the public case is not beside the project (../shared/cases)")
def test_midl_is_proven_at_the_known_figures():
    task = make_task(
        np.load(CASES / "scores.npy").T, coverage=np.load(CASES / "covs.npy"), most=np.load(CASES / "loads.npy")
    )

    panels = assign(task)

    assert (panels.status, check_panels(task, panels)) == ("optimal", ())
    assert (round(panels.worst, 4), round(panels.total, 3)) == (0.9448, 201.769)
