"""Judging: published fits reproduced, rankings against peers on simulated rounds, and time.

``python -m benchmarks.judging [--rounds ROUNDS] [--quick]``

The published data are read from outside the project; without them their rows say so. Peers in the same run: the raw mean
(pretalx, HotCRP, Award Force), the mean of z-scores by judge (Evalato), and as reference for small data a dense REML by
definition, minimised by SciPy's Nelder-Mead.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import platform
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
from scipy import optimize, stats

from gebyar.methods.judging import Mark, Options, Score, check_ranking, rank
from gebyar.methods.judging.checking import dense_criterion
from gebyar.methods.judging.fitting import Layout, fit_mixed, layout_of
from gebyar.methods.judging.robust import fit_robust
from gebyar.methods.judging.threads import one_thread

CASES = Path(__file__).parents[2] / "shared" / "cases" / "judging"


def read_penicillin():
    rows = _rows("lme4_Penicillin.csv")
    return [Score(row["plate"], row["sample"], float(row["diameter"])) for row in rows]


def read_paris():
    judges = [str(number) for number in range(1, 12)]
    return [Score(row["wine"], judge, float(row[judge])) for row in _rows("paris1976_white.csv") for judge in judges]


def read_papers():
    return [Score(row["idpaper"], row["idreviewer"], float(row["score"])) for row in _rows("data.immer09.csv")]


def _rows(name):
    with (CASES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


PUBLISHED = {
    "Penicillin (lme4)": (read_penicillin, "330.8606", "0.8467 / 1.9316 / 0.5499", "22.97"),
    "Judgment of Paris 1976, whites": (read_paris, "–", "2.403 / 1.485 / 2.85", "–"),
    "immer09, papers and reviewers": (read_papers, "–", "–", "–"),
}


def report_published() -> None:
    """Fits of published data, beside what was published and a dense REML."""
    print("Published data; deviations are entry / judge / residual\n")
    print(
        "| data | scores | published: criterion | deviations | mean | ours: criterion | deviations | mean | seconds "
        "| dense REML: criterion | deviations | seconds |"
    )
    print("|---|---:|---:|---|---:|---:|---|---:|---:|---:|---|---:|")
    for name, (read, criterion, deviations, mean) in PUBLISHED.items():
        if not CASES.exists():
            print(f"| {name} | the data are not here ({CASES.name}) | | | | | | | | | | |")
            continue
        scores = read()
        seconds, fit = _timed(lambda scores=scores: fit_mixed(layout_of(scores)))
        dense_seconds, dense = _timed(lambda scores=scores: dense_reml(scores))
        print(
            f"| {name} | {len(scores)} | {criterion} | {deviations} | {mean} | {fit.criterion_value:.4f} "
            f"| {_deviations(fit.entry_variance, fit.judge_variance, fit.residual_variance)} | {fit.mean:.4f} "
            f"| {seconds:.3f} | {dense[0]:.4f} | {_deviations(*dense[1])} | {dense_seconds:.1f} |",
            flush=True,
        )
    print()


def _deviations(*variances) -> str:
    return " / ".join(f"{math.sqrt(variance):.4f}" for variance in variances)


def _timed(call):
    start = perf_counter()
    found = call()
    return perf_counter() - start, found


def dense_reml(scores):
    """The reference: the restricted likelihood by its definition, minimised without slopes."""
    by_pair = {(score.entry, score.judge): score.value for score in scores}

    def criterion(logs):
        return dense_criterion(by_pair, *np.exp(np.clip(logs, -20, 20)))

    start = np.log([np.var(list(by_pair.values())) / 3 + 1e-9] * 3)
    found = optimize.minimize(
        criterion, start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 2000, "maxfev": 2000}
    )
    return found.fun, np.exp(found.x)


def report_overlap() -> None:
    """What is said about the wines of 1976."""
    if not CASES.exists():
        return
    marks = [Mark(score.entry, score.judge, score.value) for score in read_paris()]
    ranking = rank(marks, options=Options(top=1))
    print("Judgment of Paris, whites: " + " ".join(ranking.sentences))
    print("\n| rank | wine | raw | adjusted | 90 % interval | first with probability |\n|---:|---|---:|---:|---|---:|")
    for row in ranking.rows:
        print(
            f"| {row.rank} | {row.entry} | {row.raw:.2f} | {row.adjusted:.2f} | {row.low:.2f} to {row.high:.2f} "
            f"| {row.p_top:.3f} |"
        )
    print(f"\nChecker: {len(check_ranking(marks, ranking, options=Options(top=1))) or 'agrees'}\n")


def simulated(random, *, entries=200, judges=20, each=3, entry=8.0, severity=6.0, noise=6.0, wild=0.0):
    """Draw a round: every judge gets the same number of entries, give or take one.

    A wild score is any number from 0 to 100, whatever the entry deserves.
    """
    truth = random.normal(60, entry, entries)
    levels = random.normal(0, severity, judges)
    pairs = drawn_pairs(random, entries, judges, each)
    values = truth[pairs[:, 0]] + levels[pairs[:, 1]] + random.normal(0, noise, len(pairs))
    struck = random.random(len(pairs)) < wild
    values[struck] = random.uniform(0, 100, int(struck.sum()))
    names = (tuple(f"{n:05d}" for n in range(entries)), tuple(f"{n:04d}" for n in range(judges)))
    return truth, Layout(*names, pairs[:, 0], pairs[:, 1], values)


def drawn_pairs(random, entries, judges, each):
    """Deal judges in rounds of shuffled packs, so that no entry gets one twice."""
    if not 0 < each <= judges:
        raise ValueError(f"{each} judges for each entry of {judges}")
    pairs = []
    pack = []
    for entry in range(entries):
        mine = []
        while len(mine) < each:
            if not pack:
                pack = list(random.permutation(judges))
            position = next((i for i, judge in enumerate(pack) if judge not in mine), None)
            if position is None:
                pack = list(random.permutation(judges))
                continue
            mine.append(pack.pop(position))
        pairs += [(entry, judge) for judge in mine]
    return np.array(pairs)


def raw_means(layout):
    return np.bincount(layout.entry, weights=layout.values) / np.bincount(layout.entry)


def z_scores(layout):
    """The mean of each entry's scores after each judge's were brought to mean 0 and deviation 1."""
    counts = np.bincount(layout.judge)
    mean = np.bincount(layout.judge, weights=layout.values) / counts
    centred = layout.values - mean[layout.judge]
    deviation = np.sqrt(np.bincount(layout.judge, weights=centred**2) / (counts - 1))
    return np.bincount(layout.entry, weights=centred / deviation[layout.judge]) / np.bincount(layout.entry)


METHODS = {
    "raw mean": raw_means,
    "z-score by judge": z_scores,
    "mixed model": lambda layout: fit_mixed(layout).entry_effects,
    "robust": lambda layout: fit_robust(layout).fit.entry_effects,
}


def report_simulated(rounds: int) -> None:
    """Mean rank correlation with the truth, paired: every method sees the same rounds."""
    print(f"{rounds} simulated rounds of 200 entries × 20 judges, 3 judges each; entry 8, severity 6, noise 6\n")
    print("| method | rank correlation | first 10 of 200 found | with 5 % wild scores | first 10 found |")
    print("|---|---:|---:|---:|---:|")
    table = {name: [] for name in METHODS}
    for wild in (0.0, 0.05):
        random = np.random.default_rng(1976)
        found = {name: [] for name in METHODS}
        for _ in range(rounds):
            truth, layout = simulated(random, wild=wild)
            best = set(np.argsort(-truth)[:10])
            for name, method in METHODS.items():
                values = method(layout)
                hits = len(best & set(np.argsort(-values)[:10])) / 10
                found[name].append((stats.spearmanr(truth, values).statistic, hits))
        for name in METHODS:
            table[name] += list(np.mean(found[name], axis=0))
    for name, figures in table.items():
        print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")
    print()


def report_coverage(rounds: int) -> None:
    """Do 90 % intervals hold 90 % of the truths, and does the stated chance come true?"""
    random = np.random.default_rng(7)
    inside, stated, came = [], [], []
    for _ in range(rounds):
        truth, layout = simulated(random, entries=100, judges=12)
        marks = [
            Mark(layout.entries[e], layout.judges[j], float(value))
            for e, j, value in zip(layout.entry, layout.judge, layout.values, strict=True)
        ]
        ranking = rank(marks, options=Options(top=10, draws=2000))
        centred = {layout.entries[n]: value for n, value in enumerate(truth - 60 + ranking.variances.mean)}
        best = {layout.entries[n] for n in np.argsort(-truth)[:10]}
        for row in ranking.rows:
            inside.append(row.low <= centred[row.entry] <= row.high)
            stated.append(row.p_top)
            came.append(row.entry in best)
    stated, came = np.array(stated), np.array(came)
    print(f"{rounds} rounds of 100 × 12: {np.mean(inside):.1%} of the 90 % intervals hold the truth\n")
    print("| stated chance of the first 10 | entries | came true |\n|---|---:|---:|")
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        chosen = (stated >= low) & (stated < high)
        if chosen.any():
            print(f"| {low:.0%} to {min(high, 1):.0%}, mean {stated[chosen].mean():.0%} | {chosen.sum()} "
                  f"| {came[chosen].mean():.0%} |")  # fmt: skip
    print()


def report_time() -> None:
    """How long fits and whole rankings take as rounds grow."""
    print("Time, one thread\n")
    print("| entries × judges × each | scores | fit s | robust fit s | whole ranking s (draws) | checker |")
    print("|---|---:|---:|---:|---|---|")
    for entries, judges, each in ((300, 30, 5), (1000, 100, 5), (5000, 500, 5)):
        _, layout = simulated(np.random.default_rng(3), entries=entries, judges=judges, each=each, wild=0.01)
        seconds = min(_timed(lambda layout=layout: fit_mixed(layout))[0] for _ in range(3))
        plain = fit_mixed(layout)
        robust, _ = _timed(lambda layout=layout, plain=plain: fit_robust(layout, plain=plain))
        marks = [
            Mark(layout.entries[e], layout.judges[j], float(value))
            for e, j, value in zip(layout.entry, layout.judge, layout.values, strict=True)
        ]
        options = Options(top=10)
        whole, ranking = _timed(lambda marks=marks, options=options: rank(marks, options=options))
        faults = check_ranking(marks, ranking, options=options)
        print(
            f"| {entries:,} × {judges} × {each} | {len(marks):,} | {seconds:.2f} | {robust:.2f} "
            f"| {whole:.2f} ({ranking.draws:,}) | {len(faults) or 'agrees'} |",
            flush=True,
        )
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="simulated rounds")
    parser.add_argument("--quick", action="store_true", help="20 simulated rounds")
    options = parser.parse_args()
    rounds = 20 if options.quick else options.rounds
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Command: python -m benchmarks.judging {' '.join(sys.argv[1:])}\n")
    # As in the rankings themselves: peers must not wait for threads either.
    with one_thread():
        report_published()
        report_overlap()
        report_simulated(rounds)
        report_coverage(max(rounds // 10, 5))
        report_time()


if __name__ == "__main__":
    main()
