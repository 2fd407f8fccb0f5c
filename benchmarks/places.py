"""Places with reserves: 100,000 applicants, and the optimum by CP-SAT on sizes that it can prove.

``python -m benchmarks.places [--quick]``
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
from collections import Counter
from time import perf_counter

import numpy as np

from gebyar.methods.places import Applicant, Call, Kind, Reserve, allot, check_allotment
from gebyar.methods.places.ordering import in_order

SIZES = ("micro", "small", "medium")


def drawn_applicants(count: int, *, provinces: int = 38, seed: int = 2025) -> list[Applicant]:
    """Points are lower where a province is remote; 40 % are led by women, 30 % come for the first time."""
    random = np.random.default_rng(seed)
    share = 1 / (1 + np.arange(provinces)) ** 0.8
    province = random.choice(provinces, count, p=share / share.sum())
    points = np.round(random.normal(70, 9, count) - province * 0.3, 1)
    size = random.choice(3, count, p=[0.55, 0.35, 0.1])
    women, first = random.random(count) < 0.4, random.random(count) < 0.3
    wants = random.choice(2, count)
    return [
        Applicant(
            f"{number:06d}",
            float(points[number]),
            ("food", "craft") if wants[number] else ("craft", "food"),
            frozenset(
                [f"province:{province[number]:02d}", f"size:{SIZES[size[number]]}"]
                + ["women"] * bool(women[number])
                + ["first_time"] * bool(first[number])
            ),
            number,
        )
        for number in range(count)
    ]


def reserves(places: int, provinces: int = 38) -> tuple[Reserve, ...]:
    return (
        Reserve("province", least=max(1, places // (3 * provinces)), most=places // 4),
        Reserve("size:micro", least=places // 3),
        Reserve("size:medium", most=places // 8),
        Reserve("women", least=int(places * 0.45)),
        Reserve("first_time", least=int(places * 0.35)),
    )


CASES = {
    "none": lambda _places: (),
    "38 provinces": lambda places: reserves(places)[:1],
    "38 provinces, size, women, first-time": reserves,
}


def report_large(count: int, places: int) -> None:
    print(f"{count:,} applicants for {places:,} places in two kinds\n")
    print("| reserves | allot s | through reserves | lacking | verdicts | check s | checker |")
    print("|---|---|---|---|---|---|---|")
    applicants = drawn_applicants(count)
    kinds = (Kind("food", places * 3 // 5), Kind("craft", places * 2 // 5))
    for name, made in CASES.items():
        call = Call(kinds, reserves=made(places), ties=("arrived",))
        start = perf_counter()
        allotment = allot(call, applicants, seed=1)
        seconds = perf_counter() - start
        start = perf_counter()
        faults = check_allotment(call, applicants, allotment)
        checked = perf_counter() - start
        codes = Counter(row.code for row in allotment.rows)
        print(
            f"| {name} | {seconds:.1f} | {codes['admitted_reserve']:,} | {allotment.missing} "
            f"| {len(allotment.rows):,} | {checked:.1f} | {len(faults) or 'agrees'} |",
            flush=True,
        )
    print(f"\nMost memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n")


def report_optimum(trials: int) -> None:
    """CP-SAT: first the fewest members lacking, then the best by rank (weights 2^-rank) or the most points."""
    print(
        "Against the optimum that CP-SAT proves, one kind, 6 provinces, size, women, first-time; totals of all trials\n"
    )
    print(
        "| applicants | places | trials | same by rank | lacking (CP-SAT) | points | most points (CP-SAT) | allot s | CP-SAT s |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for count, places in ((50, 15), (300, 60), (2000, 300)):
        same = lacking = best_lacking = 0
        points = best_points = seconds = other = 0.0
        for trial in range(trials):
            applicants = drawn_applicants(count, provinces=6, seed=trial)
            call = Call((Kind("food", places),), reserves=reserves(places, 6), ties=("arrived",))
            applicants = [Applicant(a.id, a.points, (), a.groups, a.arrived) for a in applicants]
            start = perf_counter()
            allotment = allot(call, applicants, seed=1)
            seconds += perf_counter() - start
            chosen = {row.applicant for row in allotment.admitted}
            start = perf_counter()
            missing, by_rank, most = optimum(call, in_order(call, applicants, 1), by_rank=count <= 60)
            other += perf_counter() - start
            same += by_rank is not None and by_rank == chosen
            lacking, best_lacking = lacking + allotment.missing, best_lacking + missing
            points += sum(a.points for a in applicants if a.id in chosen)
            best_points += most
        told = f"{same} of {trials}" if count <= 60 else "weights too large"
        print(
            f"| {count:,} | {places} | {trials} | {told} | {lacking} ({best_lacking}) | {points:,.1f} | {best_points:,.1f} "
            f"| {seconds / trials:.2f} | {other / trials:.2f} |",
            flush=True,
        )


def optimum(call: Call, ordered: list[Applicant], *, by_rank: bool):
    """Return what must be lacking, who is admitted by rank, and the largest sum of points."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = {one.id: model.new_bool_var(one.id) for one in ordered}
    model.add(sum(taken.values()) <= call.kinds[0].places)
    groups = sorted({group for one in ordered for group in one.groups})
    lacks = []
    for reserve in call.reserves:
        for group in [g for g in groups if g == reserve.group or g.startswith(reserve.group + ":")]:
            members = sum(taken[one.id] for one in ordered if group in one.groups)
            if reserve.most is not None:
                model.add(members <= reserve.most)
            if reserve.least:
                lack = model.new_int_var(0, reserve.least, f"lack {group}")
                model.add(members + lack >= reserve.least)
                lacks.append(lack)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2

    def solve():
        assert solver.solve(model) == cp_model.OPTIMAL
        return round(solver.objective_value)

    model.minimize(sum(lacks))
    missing = solve()
    model.add(sum(lacks) <= missing)
    model.maximize(sum(round(one.points * 10) * taken[one.id] for one in ordered))
    most = solve() / 10
    chosen = None
    if by_rank:
        model.maximize(sum(2 ** (len(ordered) - rank) * taken[one.id] for rank, one in enumerate(ordered, 1)))
        solve()
        chosen = {one.id for one in ordered if solver.value(taken[one.id])}
    return missing, chosen, most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer applicants and trials")
    options = parser.parse_args()
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Command: python -m benchmarks.places {' '.join(sys.argv[1:])}\n")
    report_large(*((10_000, 600) if options.quick else (100_000, 5_000)))
    report_optimum(5 if options.quick else 20)


if __name__ == "__main__":
    main()
