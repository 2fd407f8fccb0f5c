"""Facilities for 4.5 million firms: `python -m benchmarks.eligibility`. Bar: less than 30 seconds."""

from __future__ import annotations

import os
import platform
import time
from datetime import date

import numpy as np
import polars as pl

from gebyar.methods.eligibility import STATUSES, explain, statuses
from gebyar.reference.facilities import facilities

FIRMS = 4_500_000
RUNS = 3
DAY = date(2026, 11, 24)


def register(firms: int) -> pl.DataFrame:
    """Facts spread over all answers, each missing for one firm in ten."""
    random = np.random.default_rng(2024)
    highest = {"workers": 60, "investment": int(2e10), "net_worth": int(1.2e10), "sales": int(6e10)}
    columns = {name: pl.Series(random.integers(0, most, firms)) for name, most in highest.items()}
    columns["kbli_code"] = pl.Series(random.integers(10000, 34000, firms)).cast(pl.String)
    columns["nib"] = pl.Series(random.integers(10**12, 10**13, firms)).cast(pl.String)
    columns["npwp"] = columns["nib"]
    columns["certificates"] = pl.Series(np.array(["", "halal", "pirt;halal", "tkdn"])[random.integers(0, 4, firms)])
    columns["is_active"] = pl.Series(random.random(firms) < 0.9)
    known = {name: random.random(firms) >= 0.1 for name in columns}
    return pl.DataFrame(columns).with_columns(
        pl.when(pl.lit(pl.Series(known[name]))).then(pl.col(name)).alias(name) for name in columns
    )


def main() -> None:
    versions = {one.id: version for one in facilities() if (version := one.on(DAY))}
    firms = register(FIRMS)
    seconds = []
    for _run in range(RUNS):
        start = time.perf_counter()
        found = statuses(versions, firms)
        seconds.append(time.perf_counter() - start)
    few = firms.head(300).to_dicts()
    start = time.perf_counter()
    for facts in few:
        explain(versions["kite_ikm"], facts)
    one = (time.perf_counter() - start) / len(few)
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print("Command: python -m benchmarks.eligibility\n")
    print(f"{FIRMS:,} firms × {len(versions)} facilities: {min(seconds):.1f} s (best of {RUNS}; bar 30 s);")
    print(f"one firm with reasons for one facility: {one * 1000:.1f} ms\n")
    print("| facility | could | not | unknown |")
    print("|---|---:|---:|---:|")
    for name in versions:
        print(f"| {name} | " + " | ".join(f"{int((found[name] == status).sum()):,}" for status in STATUSES) + " |")


if __name__ == "__main__":
    main()
