"""Classes by every rule for 4.5 million firms: `python benchmarks/size.py`. Bar: less than 2 seconds."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from gebyar.methods.size import FACTS, classify, classify_csv, sql
from gebyar.reference.size_rules import size_rules

FIRMS = 4_500_000
CSV_FIRMS = 1_000_000
RUNS = 3


def register(firms: int) -> pl.DataFrame:
    """Facts spread over all classes, each missing for one firm in ten."""
    random = np.random.default_rng(2024)
    highest = {"workers": 150, "investment": 2e10, "capital": 1.2e10, "sales": 6e10, "net_worth": 1.2e10}
    facts = {fact: random.integers(0, int(highest[fact]), firms) for fact in FACTS}
    known = {fact: random.random(firms) >= 0.1 for fact in FACTS}
    return pl.DataFrame(facts).with_columns(
        pl.when(pl.lit(pl.Series(known[fact]))).then(pl.col(fact)).alias(fact) for fact in FACTS
    )


def best(work) -> tuple[float, object]:
    seconds, result = [], None
    for _ in range(RUNS):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def duckdb_classes(facts: pl.DataFrame) -> pl.DataFrame:
    selected = ", ".join(f"{sql(rule)} AS {rule.id}" for rule in size_rules())
    with duckdb.connect() as connection:
        connection.register("facts", facts.to_arrow())
        return connection.sql(f"SELECT {selected} FROM facts").pl()  # noqa: S608


def duckdb_counts(facts: pl.DataFrame) -> list[pl.DataFrame]:
    with duckdb.connect() as connection:
        connection.register("facts", facts.to_arrow())
        return [
            connection.sql(f"SELECT {sql(rule)} AS class, count(*), sum(workers) FROM facts GROUP BY 1").pl()  # noqa: S608
            for rule in size_rules()
        ]


def main() -> None:
    facts = register(FIRMS)
    seconds, classes = best(lambda: classify(facts))
    in_sql, from_sql = best(lambda: duckdb_classes(facts))
    assert from_sql.equals(classes.cast(pl.String)), "Polars and SQL disagree"
    counting, _ = best(lambda: duckdb_counts(facts))
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "firms.csv", Path(folder) / "classes.csv"
        facts.head(CSV_FIRMS).write_csv(source)
        in_file, _ = best(lambda: classify_csv(source, target))
    rules = len(size_rules())
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Command: python {sys.argv[0]} (best of {RUNS})\n")
    print("| what | firms | rules | seconds | bar |")
    print("|---|---:|---:|---:|---:|")
    print(f"| classify, table in memory | {FIRMS:,} | {rules} | {seconds:.2f} | < 2 |")
    print(f"| the same rules as SQL in DuckDB, to text | {FIRMS:,} | {rules} | {in_sql:.2f} | - |")
    print(f"| firms and workers per class as SQL in DuckDB | {FIRMS:,} | {rules} | {counting:.2f} | - |")
    print(f"| classify CSV to CSV, checked | {CSV_FIRMS:,} | {rules} | {in_file:.2f} | - |")


if __name__ == "__main__":
    main()
