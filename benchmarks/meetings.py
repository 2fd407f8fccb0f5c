"""Meeting scheduling: the public cases against published results and plain CP-SAT, and a large round over time.

``python benchmarks/meetings.py [--quick] [--cp-sat SECONDS] [--case NAME] [--large SECONDS]``

Cases are read from ``../shared/cases/b2b`` beside the project and left out when missing.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import resource
import sys
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np
from ortools.sat.python import cp_model

from gebyar.methods.meetings import Meeting, Problem, check, plan_to_json, read_case, solve

CASES = Path(__file__).parents[2] / "shared" / "cases" / "b2b"
QUICK = ("tic-12.original", "tic-13.original", "forumt-14.original", "tic-12.forb0003", "forum-14.forb0007")


def plain_cp_sat(problem: Problem, fairness: int, seconds: float) -> str:
    """Model the problem the plain way and let CP-SAT solve it on all cores."""
    model = cp_model.CpModel()
    place = [[model.new_bool_var("") for _ in range(problem.slots)] for _ in problem.meetings]
    for meeting, row in zip(problem.meetings, place, strict=True):
        model.add_exactly_one(row)
        for slot, variable in enumerate(row, 1):
            away = any(slot in problem.forbidden[end - 1] for end in (meeting.first, meeting.second))
            outside = slot not in problem.session_slots(meeting.session) or meeting.fixed_slot not in {None, slot}
            if away or outside:
                model.add(variable == 0)
    for column in zip(*place, strict=True):
        model.add(sum(column) <= problem.tables)
    for earlier, later in problem.precedences:
        first, second = (sum(t * x for t, x in enumerate(place[m - 1])) for m in (earlier, later))
        model.add(first < second)
    idle = [_cp_idle(model, problem, place, person) for person in range(1, len(problem.participants) + 1)]
    least = model.new_int_var(0, problem.slots, "")
    for one in idle:
        model.add(one >= least)
        model.add(one <= least + fairness)
    model.minimize(sum(idle))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = os.cpu_count() or 1
    status = solver.solve(model)
    words = {cp_model.OPTIMAL: "", cp_model.FEASIBLE: f" ≥ {solver.best_objective_bound:.0f}"}
    result = "UNSAT" if status == cp_model.INFEASIBLE else "none"
    result = f"{solver.objective_value:.0f}{words[status]}" if status in words else result
    return f"{result} in {solver.wall_time:.1f}"


def _cp_idle(model, problem, place, person):
    rows = [place[i] for i, m in enumerate(problem.meetings) if person in {m.first, m.second}]
    if not rows:
        return 0
    used = []
    for column in zip(*rows, strict=True):
        busy = model.new_bool_var("")
        model.add(sum(column) == busy)
        used.append(busy)
    begins = [used[0]]
    for before, now in pairwise(used):
        begin = model.new_bool_var("")
        model.add(begin >= now - before)
        model.add(begin <= now)
        model.add(begin + before <= 1)
        begins.append(begin)
    return sum(begins) - 1


def large_round(seed: int = 2025, firms: int = 5000, meetings: int = 30_000) -> Problem:
    """Draw random pairs of firms for 60 slots and 600 tables."""
    random = np.random.default_rng(seed)
    load = np.zeros(firms + 1, dtype=int)
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < meetings:
        first, second = sorted(random.integers(1, firms + 1, 2).tolist())
        if first != second and (first, second) not in pairs and max(load[first], load[second]) < 50:
            pairs[first, second] = None
            load[[first, second]] += 1
    return Problem(tuple(f"firm {n}" for n in range(1, firms + 1)), tuple(Meeting(*p) for p in pairs), 60, 600)


def report_cases(names: tuple[str, ...] | None, cp_sat: float | None) -> None:
    print("| case | d | published | ours | status | seconds | published s | checker | plain CP-SAT |")
    print("|---|---|---|---|---|---|---|---|---|")
    total, wrong = 0.0, 0
    with (CASES / "published.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if names is None or row["instance"] in names]
    for row in rows:
        problem = read_case(CASES / f"{row['instance']}.dzn")
        fairness = int(row["fairness_d"])
        plan = solve(problem, fairness=fairness)
        faults = check(problem, plan_to_json(plan), fairness)
        ours = "UNSAT" if plan.idle is None else str(plan.idle)
        total += plan.seconds
        wrong += ours != row["published_optimum"] or plan.status.value not in {"optimal", "infeasible"} or bool(faults)
        other = plain_cp_sat(problem, fairness, cp_sat) if cp_sat else "-"
        print(
            f"| {row['instance']} | {fairness} | {row['published_optimum']} | {ours} | {plan.status.value} "
            f"| {plan.seconds:.2f} | {row['maxsat_uwrmaxsat_s']} | {len(faults) or 'agrees'} | {other} |",
            flush=True,
        )
    print(f"\n{len(rows)} cases, {wrong} not as published, {total:.1f} s in all\n")


def report_large(seconds: float) -> None:
    problem = large_round()
    print(f"Large round: 5,000 firms, 30,000 meetings, 60 slots, 600 tables, {seconds:.0f} s, no fairness bound\n")
    print("| seconds | best plan and bound |\n|---|---|")
    shown = [0.0]
    start = perf_counter()

    def progress(done: int, _total: int | None, words: str) -> None:
        if perf_counter() - start >= shown[0]:
            shown[0] = perf_counter() - start + seconds / 10
            print(f"| {done} | {words} |", flush=True)

    plan = solve(problem, fairness=None, time_limit=seconds, progress=progress)
    faults = check(problem, plan_to_json(plan), None)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {plan.seconds:.1f} | {plan.idle} idle, bound {plan.bound}, checker {len(faults) or 'agrees'} |")
    print(f"\nMost memory {memory:.0f} MB\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the quick cases, and 20 s of the large round")
    parser.add_argument("--cp-sat", type=float, metavar="SECONDS", help="also run plain CP-SAT so long on each case")
    parser.add_argument("--case", action="append", help="only this case; may be repeated")
    parser.add_argument("--large", type=float, metavar="SECONDS", help="seconds for the large round, 0 to leave it out")
    options = parser.parse_args()
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Command: python {' '.join(sys.argv)}\n")
    solve(Problem(("A", "B"), (Meeting(1, 2),), 1, 1))  # compile before the clock runs
    if CASES.is_dir():
        names = tuple(options.case) if options.case else QUICK if options.quick else None
        report_cases(names, options.cp_sat)
    else:
        print("The public cases are not beside the project (../shared/cases/b2b); left out.\n")
    seconds = options.large if options.large is not None else 20.0 if options.quick else 60.0
    if seconds:
        report_large(seconds)


if __name__ == "__main__":
    main()
