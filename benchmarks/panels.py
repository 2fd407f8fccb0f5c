"""Judges for entries: MIDL 2018 beside published and plain ways, and large tasks on one core.

``python -m benchmarks.panels [--quick]``

The public case is read from ``../shared/cases/panels`` beside the project and left out when missing.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from ortools.graph.python import min_cost_flow

from gebyar.methods.panels import assign, check_panels, make_task

CASES = Path(__file__).parents[2] / "shared" / "cases" / "panels"
# Kobren, Saha and McCallum, "Paper matching with local fairness constraints", KDD 2019, table of results, upper bounds
# of loads only, on their machine: total, worst-off paper, seconds.
PUBLISHED = {
    "TPMS": (201.88, 0.90, 0.10),
    "FairIR": (201.83, 0.93, 1.60),
    "FairFlow": (197.67, 0.94, 1.15),
    "PeerReview4All": (197.32, 0.92, 293.83),
}


def plain_flow(task):
    """The largest total and nothing else, by OR-tools' minimum-cost flow."""
    flow = min_cost_flow.SimpleMinCostFlow()
    entry, judge = np.nonzero(~task.barred)
    cost = -np.round(task.affinity[entry, judge] * 1e6).astype(np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(entry, task.entries + judge, np.ones_like(entry), cost)
    sink = task.entries + task.judges
    judges = task.entries + np.arange(task.judges)
    flow.add_arcs_with_capacity_and_unit_cost(
        judges, np.full(task.judges, sink), task.most, np.zeros(task.judges, dtype=np.int64)
    )
    flow.set_nodes_supplies(np.arange(task.entries), task.coverage)
    flow.set_node_supply(sink, -int(task.coverage.sum()))
    assert flow.solve() == flow.OPTIMAL
    used = flow.flows(arcs) > 0
    return list(zip(entry[used].tolist(), judge[used].tolist(), strict=True))


def greedy(task):
    """Round by round the entry with least so far takes its best judge who has room."""
    worth = np.where(task.barred, -np.inf, task.affinity)
    room, left = task.most.copy(), task.coverage.copy()
    sums, pairs = np.zeros(task.entries), []
    while left.any():
        waiting = np.flatnonzero(left == left.max())
        entry = waiting[np.argmin(sums[waiting])]
        judge = int(np.argmax(np.where(room > 0, worth[entry], -np.inf)))
        pairs.append((int(entry), judge))
        sums[entry] += task.affinity[entry, judge]
        worth[entry, judge] = -np.inf
        room[judge] -= 1
        left[entry] -= 1
    return pairs


def figures(task, pairs):
    sums = Counter()
    for entry, judge in pairs:
        sums[entry] += task.affinity[entry, judge]
    return sum(sums.values()), min(sums.values())


def timed(way, task):
    start = perf_counter()
    found = way(task)
    return found, perf_counter() - start


def report_midl() -> None:
    task = make_task(
        np.load(CASES / "scores.npy").T, coverage=np.load(CASES / "covs.npy"), most=np.load(CASES / "loads.npy")
    )
    print("MIDL 2018: 118 papers, 177 reviewers, 3 each, at most 4 per reviewer\n")
    print("| way | total | worst-off paper | status | checker | seconds |\n|---|---|---|---|---|---|")
    for seed in range(3):
        panels, seconds = timed(lambda one, seed=seed: assign(one, seed=seed), task)
        print(
            f"| ours, seed {seed} | {panels.total:.3f} | {panels.worst:.4f} | {panels.status}: bounds "
            f"{panels.total_bound:.3f} and {panels.worst_bound:.4f} | {len(check_panels(task, panels)) or 'agrees'} "
            f"| {seconds:.2f} |",
            flush=True,
        )
    for name, way in {"plain minimum-cost flow (OR-tools)": plain_flow, "greedy, least served first": greedy}.items():
        pairs, seconds = timed(way, task)
        total, worst = figures(task, pairs)
        print(f"| {name} | {total:.3f} | {worst:.4f} | | | {seconds:.2f} |")
    for name, (total, worst, seconds) in PUBLISHED.items():
        print(f"| {name}, published | {total} | {worst} | | | {seconds} |")
    capped = make_task(task.affinity, coverage=task.coverage, most=task.most, cap=0.5)
    panels, seconds = timed(assign, capped)
    print(
        f"| ours, no pair above probability .5: expected {panels.total_bound:.3f}, drawn | {panels.total:.3f} "
        f"| {panels.worst:.4f} | {panels.status} | {len(check_panels(capped, panels)) or 'agrees'} | {seconds:.2f} |\n"
    )


def large_task(kind: str, entries: int = 5000, judges: int = 500, seed: int = 2026):
    """Draw a task: 2 in 100 pairs barred, panels of 3 to 5, a tenth more room than needed."""
    random = np.random.default_rng(seed)
    if kind == "drawn evenly":
        affinity = random.random((entries, judges))
    elif kind == "25 topics":
        affinity = random.dirichlet(np.full(25, 0.1), entries) @ random.dirichlet(np.full(25, 0.15), judges).T
        affinity /= affinity.max()
    else:
        affinity = random.choice([0, 0.25, 0.5, 0.75, 1], size=(entries, judges), p=[0.4, 0.25, 0.2, 0.1, 0.05])
    coverage = random.integers(3, 6, entries)
    barred = random.random((entries, judges)) < 0.02
    return make_task(affinity, coverage=coverage, most=int(np.ceil(coverage.sum() / judges * 1.1)), barred=barred)


def report_large(kinds: list[str]) -> None:
    print("5,000 entries, 500 judges, panels of 3 to 5\n")
    print("| affinities | pairs | way | total | gap | worst-off entry (bound) | status | checker | seconds | CPU |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for kind in kinds:
        task = large_task(kind)
        start = process_time()
        panels, seconds = timed(assign, task)
        used = process_time() - start
        gap = (panels.total_bound - panels.total) / panels.total_bound
        print(
            f"| {kind} | {np.count_nonzero(~task.barred):,} | ours | {panels.total:,.2f} | {gap:.5%} "
            f"| {panels.worst:.4f} ({panels.worst_bound:.4f}) | {panels.status} "
            f"| {len(check_panels(task, panels)) or 'agrees'} | {seconds:.1f} | {used:.1f} |",
            flush=True,
        )
        for name, way in {"plain flow": plain_flow, "greedy": greedy}.items():
            pairs, seconds = timed(way, task)
            total, worst = figures(task, pairs)
            print(f"| | | {name} | {total:,.2f} | | {worst:.4f} | | | {seconds:.1f} | |", flush=True)
    print(f"\nMost memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one of the large tasks only")
    options = parser.parse_args()
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Command: python -m benchmarks.panels {' '.join(sys.argv[1:])}\n")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    assign(make_task(np.ones((2, 2)), coverage=1, most=1, connected=False))  # the solvers load before the clock runs
    if CASES.is_dir():
        report_midl()
    else:
        print("The public case is not beside the project (../shared/cases/panels); left out.\n")
    kinds = ["25 topics", "drawn evenly", "five grades"]
    report_large(kinds[:1] if options.quick else kinds)


if __name__ == "__main__":
    main()
