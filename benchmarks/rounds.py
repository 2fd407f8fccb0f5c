"""Rounds of business meetings: choosing among many requests, placing them, and repairing on the day.

``python -m benchmarks.rounds [--seconds SECONDS] [--quick]``
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
from collections import Counter
from dataclasses import replace
from random import Random
from time import perf_counter

import numpy as np

from gebyar.methods.meetings import Meeting, Problem, solve
from gebyar.methods.rounds import (
    Answer,
    Guest,
    Request,
    Round,
    Slot,
    Wish,
    check_round,
    moves,
    plan_round,
    repair_round,
)
from gebyar.methods.rounds.choosing import choose
from gebyar.methods.rounds.pairing import pair_up

CASES = {
    "tables for all": {},
    "200 tables": {"tables": 200},
    "everybody away 1 slot in 10": {"absence": 0.1},
    "200 tables, away 1 in 10": {"tables": 200, "absence": 0.1},
}


def drawn_round(*, askers=2000, hosts=300, requests=20_000, slots=60, tables=300, absence=0.0, seed=2025) -> Round:
    """Draw requests: few hosts are popular, 40 % of the requests are accepted, 10 % declined."""
    random = np.random.default_rng(seed)
    popularity = 1 / np.sqrt(1 + np.arange(hosts))
    popularity /= popularity.sum()
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < requests:
        pairs[int(random.integers(askers)) + 1, askers + int(random.choice(hosts, p=popularity)) + 1] = None

    def away():
        return frozenset((np.flatnonzero(random.random(slots) < absence) + 1).tolist())

    guests = [Guest(f"firm {n}", 1, int(random.integers(4, 12)), absent=away()) for n in range(askers)]
    guests += [Guest(f"host {n}", absent=away()) for n in range(hosts)]
    answers = random.choice(list(Answer), len(pairs), p=[0.5, 0.4, 0.1])
    asked = tuple(
        Request(*pair, Wish(int(random.integers(1, 4))), answer=Answer(answer))
        for pair, answer in zip(pairs, answers, strict=True)
    )
    day = slots // 3
    times = tuple(Slot(1 + number // day, number % day < day // 2) for number in range(slots))
    return Round(tuple(guests), asked, times, (None,) * tables)


def report_large(seconds: float) -> None:
    """20,000 requests of 2,000 firms to 300 hosts in 60 slots over three days."""
    print("20,000 requests, 2,000 firms × 300 hosts, 60 slots\n")
    print("| case | chosen | points | bound | choosing s | placed | idle | bound | fair | all in all s | checker |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name, more in CASES.items():
        round_ = drawn_round(**more)
        start = perf_counter()
        pairs, _ = pair_up(round_)
        choice = choose(round_, pairs)
        chosen = perf_counter() - start
        plan = plan_round(round_, time_limit=seconds)
        faults = check_round(round_, plan)
        print(
            f"| {name} | {len(choice.granted):,} | {choice.priority:,} | {choice.priority_bound:,} | {chosen:.1f} "
            f"| {len(plan.places):,} | {plan.idle} | {plan.bound} | {'no' if plan.reason else 'yes'} "
            f"| {plan.seconds:.1f} | {len(faults) or 'agrees'} |",
            flush=True,
        )
    print(f"\nMost memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n")


def report_repairs(sizes: list[tuple[int, int, int, int]], trials: int) -> None:
    """One guest does not come, or is late, at a drawn slot."""
    print("One no-show or late arrival at a drawn moment, repaired\n")
    print(
        "| participants | meetings | repairs | seconds, median | seconds, most | others moved, mean | most | checker |"
    )
    print("|---|---|---|---|---|---|---|---|")
    random = Random(1)
    for askers, hosts, requests, slots in sizes:
        round_ = drawn_round(askers=askers, hosts=hosts, requests=requests, slots=slots, tables=hosts)
        before = plan_round(round_, time_limit=10.0).places
        times, moved, wrong = [], [], 0
        for _ in range(trials):
            guest, first = random.randrange(len(round_.guests)), random.randint(1, slots)
            last = slots if random.random() < 0.5 else min(first + 1, slots)
            guests = list(round_.guests)
            guests[guest] = replace(guests[guest], absent=frozenset(range(first, last + 1)))
            new = replace(round_, guests=tuple(guests))
            start = perf_counter()
            plan = repair_round(new, before, from_slot=first)
            times.append(perf_counter() - start)
            wrong += bool(check_round(new, plan, from_slot=first, kept=before))
            moved.append(_others_moved(new, guest + 1, moves(before, plan.places)))
        print(
            f"| {askers + hosts} | {len(before):,} | {trials} | {np.median(times):.3f} | {max(times):.3f} "
            f"| {np.mean(moved):.2f} | {max(moved)} | {wrong or 'agrees'} |",
            flush=True,
        )
    print()


def _others_moved(round_, guest, found) -> int:
    """Meetings of others that had a place and have another now."""
    shifted = [move for move in found if move.before and move.after and move.before.slot != move.after.slot]
    return sum(
        guest not in {round_.requests[m.request - 1].asker, round_.requests[m.request - 1].asked} for m in shifted
    )


def report_reasons(round_: Round) -> None:
    plan = plan_round(round_, time_limit=10.0)
    counts = Counter(refusal.code for refusal in plan.refusals)
    print("Reasons in a round of 600 requests: " + ", ".join(f"{code} {count}" for code, count in counts.most_common()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="time limit for each large plan")
    parser.add_argument("--quick", action="store_true", help="20 s for each large plan, fewer repairs")
    options = parser.parse_args()
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Command: python -m benchmarks.rounds {' '.join(sys.argv[1:])}\n")
    solve(Problem(("A", "B"), (Meeting(1, 2),), 1, 1))  # compile before the clock runs
    report_large(20.0 if options.quick else options.seconds)
    sizes = [(100, 40, 620, 18), (1000, 200, 6000, 40), (2000, 300, 20_000, 60)]
    report_repairs(sizes, 20 if options.quick else 100)
    report_reasons(drawn_round(askers=100, hosts=40, requests=600, slots=12, tables=25, absence=0.1))


if __name__ == "__main__":
    main()
