"""Headline figures from 4.5 million firms: `python benchmarks/figures.py [FIRMS]`. Bar: less than 1 second.

The snapshot is made by the synthetic generator, so no database is needed. Measured are opening the Parquet file, all
indicators by province and by the classes of all five size rules (Ibis on DuckDB), and protecting single firms.
"""

import os
import platform
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gebyar.web.settings")

import polars as pl
import pyarrow.parquet as pq

from gebyar.methods.synthetic import synthesize
from gebyar.reference.size_rules import size_rules
from gebyar.statistics.indicators import MEASURES, groups, open_snapshot
from gebyar.statistics.nesting import nestings_of
from gebyar.statistics.protection import from_table, protect

FACTS = ["workers", "investment", "capital", "net_worth", "sales", "production_value"]
RUNS = 5


def write_snapshot(path: Path, firms: int) -> None:
    writer = None
    for chunk in synthesize(firms, 2024):
        places = chunk.firms.select("id", province=pl.col("region_code").str.slice(0, 2))
        table = pl.concat([places, chunk.profiles.select(FACTS)], how="horizontal").to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    writer.close()


def best(work) -> tuple[float, object]:
    seconds, result = [], None
    for _ in range(RUNS):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def main() -> None:
    firms = int(sys.argv[1]) if len(sys.argv) > 1 else 4_500_000
    rules = size_rules()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "firms.parquet"
        write_snapshot(path, firms)
        computing, table = best(lambda: groups(open_snapshot(str(path)), rules).to_polars())
    regions = sorted(table["province"].unique())
    nesting_seconds, nesting = best(lambda: nestings_of(rules))
    protecting, _masks = best(
        lambda: [protect(from_table(table, measure, regions, rules), nesting) for measure in MEASURES]
    )
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Command: python {' '.join(sys.argv)}\n")
    print(f"| step, {firms:,} firms, best of {RUNS} | seconds |")
    print("|---|---:|")
    print(f"| indicators by province and class, five rules at once | {computing:.2f} |")
    print(f"| how the rules lie within each other | {nesting_seconds:.2f} |")
    print(f"| protecting single firms, three measures | {protecting:.2f} |")
    print(f"| **together** | **{computing + nesting_seconds + protecting:.2f}** |")


if __name__ == "__main__":
    main()
