"""Suggestions of partners against popularity and random, and their speed: `python -m benchmarks.partners`.

`--tune` looks for better weights on markets with seeds of their own and prints them.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from dataclasses import replace

import numpy as np

from gebyar.methods.partners import WEIGHTS, Options, PartnerIndex, exposure, gives, trade
from gebyar.methods.partners.scoring import FEATURES
from gebyar.methods.synthetic.partners import make_entries, make_market

MEASURED, TUNED = (2024, 2025, 2026), (11, 12)
LISTINGS, ASKED = 10_000, 500
LARGE, QUESTIONS = 100_000, 300
K = 10


def other_side(market):
    """Return slot → ids of the listings that could be suggested to it."""
    slots = {}
    for entry in market.entries:
        slots.setdefault((trade(entry.role), not gives(entry.direction, entry.role)), []).append(entry)
    return slots


def slot(entry):
    return trade(entry.role), gives(entry.direction, entry.role)


def asked_of(market, count, seed):
    numbers = sorted(market.partners)
    chosen = np.random.default_rng(seed).choice(len(numbers), min(count, len(numbers)), replace=False)
    by_id = {entry.id: entry for entry in market.entries}
    return [by_id[numbers[index]] for index in sorted(chosen)]


def hits(market, asked, suggest):
    """Return the share of listings with a true partner among the ten, and the mean reciprocal rank."""
    found, ranks = 0, 0.0
    for entry in asked:
        true = set(market.partners[entry.id])
        places = [rank for rank, number in enumerate(suggest(entry), 1) if number in true]
        found += bool(places)
        ranks += 1 / places[0] if places else 0.0
    return found / len(asked), ranks / len(asked)


def popular(market):
    slots, kept = other_side(market), {}

    def suggest(entry):
        key = slot(entry)
        if key not in kept:
            kept[key] = sorted(slots.get(key, []), key=lambda other: (-market.earlier[other.id], other.id))[:50]
        return [other.id for other in kept[key] if other.firm != entry.firm][:K]

    return suggest


def by_chance(market, seed):
    slots, random = other_side(market), np.random.default_rng(seed)

    def suggest(entry):
        some = slots.get(slot(entry), [])
        return [some[index].id for index in random.choice(len(some), min(K, len(some)), replace=False)]

    return suggest


def only(feature):
    return {kind: {name: float(name == feature) for name in FEATURES} for kind in WEIGHTS}


def ours(market, options=None, weights=None):
    index = PartnerIndex(market.entries, weights=weights)
    return index, lambda entry: [one.id for one in index.suggest(entry.id, K, options)]


def quality():
    rows = {}
    for seed in MEASURED:
        market = make_market(LISTINGS, seed=seed)
        asked = asked_of(market, ASKED, seed)
        by_id = {entry.id: entry for entry in market.entries}
        ways = {
            "ours": ours(market)[1],
            "ours, half of their share kept": ours(market, Options(floor=0.5))[1],
            "ours, their whole share kept": ours(market, Options(floor=1.0))[1],
            "words alone": ours(market, weights=only("text"))[1],
            "codes alone": ours(market, weights=only("code"))[1],
            "popularity": popular(market),
            "random": by_chance(market, seed),
        }
        for name, suggest in ways.items():
            shown = []

            def kept(entry, suggest=suggest, shown=shown, by_id=by_id):
                some = suggest(entry)
                shown += [by_id[number] for number in some]
                return some

            hit, rank = hits(market, asked, kept)
            shares = exposure(market.entries, shown)
            rows.setdefault(name, []).append((hit, rank, shares.small_ratio, shares.remote_ratio))
    print(f"{LISTINGS:,} listings, {ASKED:,} of them asked for, seeds {MEASURED} (tuned on {TUNED})\n")
    print("| way | hit@10 (each seed) | mean reciprocal rank | small firms shown | far-away firms shown |")
    print("|---|---|---:|---:|---:|")
    for name, some in rows.items():
        each = ", ".join(f"{row[0]:.1%}" for row in some)
        mean = np.mean(some, axis=0)
        print(f"| {name} | {mean[0]:.1%} ({each}) | {mean[1]:.3f} | ×{mean[2]:.2f} | ×{mean[3]:.2f} |")
    print(
        "\nShown: share among the suggestions divided by share among all listings; 1 is as often as their number says.\n"
    )


def speed():
    entries = make_entries(LARGE, seed=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    index = PartnerIndex(entries)
    built = time.perf_counter() - start
    asked = [entries[at] for at in np.random.default_rng(1).choice(LARGE, QUESTIONS, replace=False)]
    index.suggest(asked[0].id)
    seconds, floors = [], []
    for entry in asked:
        start = time.perf_counter()
        index.suggest(entry.id, K)
        seconds.append(time.perf_counter() - start)
    for entry in asked[:100]:
        start = time.perf_counter()
        index.suggest(entry.id, K, Options(floor=1.0))
        floors.append(time.perf_counter() - start)
    added = [replace(entry, id=entry.id + LARGE) for entry in make_entries(200, seed=3)]
    start = time.perf_counter()
    for entry in added:
        index.add([entry])
    adding = (time.perf_counter() - start) / len(added)
    start = time.perf_counter()
    index.suggest(asked[0].id)
    after = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print("| what | measured | bar |")
    print("|---|---|---|")
    milliseconds = np.array(seconds) * 1000
    print(
        f"| top 10 for one of {LARGE:,} listings, {QUESTIONS} questions | median {np.median(milliseconds):.1f} ms, 95th percentile {np.percentile(milliseconds, 95):.1f} ms, worst {milliseconds.max():.1f} ms | < 50 ms |"
    )
    print(
        f"| the same with their whole share kept for small and far-away firms | median {np.median(floors) * 1000:.1f} ms | - |"
    )
    print(f"| building the index | {built:.1f} s | - |")
    print(
        f"| adding one listing, mean of {len(added)} | {adding * 1000:.1f} ms; the next question {after * 1000:.0f} ms | - |"
    )
    print(
        f"| memory | {index.memory / 1e6:.0f} MB of matrices; process {before / 1024:.0f} MB with the listings, {peak / 1024:.0f} MB at most | - |"
    )


def tune():
    """Go up the hill of mean reciprocal rank, one weight at a time."""
    markets = [make_market(4_000, seed=seed) for seed in TUNED]
    asked = {id(market): asked_of(market, 300, 7) for market in markets}
    best = {kind: dict(values) for kind, values in WEIGHTS.items()}
    indexes = [PartnerIndex(market.entries, weights=best) for market in markets]

    def worth(weights, kind):
        total = 0.0
        for market, index in zip(markets, indexes, strict=True):
            index._weights = weights  # noqa: SLF001  a thousand indexes would be built for nothing
            some = [entry for entry in asked[id(market)] if trade(entry.role) == kind]
            hit, rank = hits(market, some, lambda entry, index=index: [one.id for one in index.suggest(entry.id, K)])
            total += hit + rank
        return total / len(markets)

    for kind in WEIGHTS:
        value = worth(best, kind)
        for step in (0.1, 0.05):
            for name in FEATURES:
                for change in (step, -step):
                    tried = {other: dict(values) for other, values in best.items()}
                    tried[kind][name] = max(0.0, tried[kind][name] + change)
                    whole = sum(tried[kind].values())
                    tried[kind] = {feature: weight / whole for feature, weight in tried[kind].items()}
                    now = worth(tried, kind)
                    if now > value + 1e-4:
                        best, value = tried, now
        print(kind, f"{value:.4f}", {name: round(weight, 2) for name, weight in best[kind].items()}, flush=True)


def main() -> None:
    print(
        f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    print(f"Command: python {' '.join(sys.argv)}\n")
    if "--tune" in sys.argv:
        tune()
        return
    quality()
    speed()


if __name__ == "__main__":
    main()
