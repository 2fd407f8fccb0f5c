"""Making a synthetic national register on one core: `python benchmarks/synthetic.py [FIRMS]`.

Bar: 150,000 firms a second, so that loading by COPY sets the pace, in bounded memory.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time

os.environ.setdefault("POLARS_MAX_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from gebyar.methods.synthetic import Totals, calibration_report, plan_register, synthesize

SEED = 2024


def main() -> None:
    firms = int(sys.argv[1]) if len(sys.argv) > 1 else 4_500_000
    totals, measuring = Totals(), 0.0
    start = time.perf_counter()
    for chunk in synthesize(firms, SEED):
        before = time.perf_counter()
        totals.add(chunk.firms, chunk.profiles)
        measuring += time.perf_counter() - before
    seconds = time.perf_counter() - start - measuring
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Machine: {platform.machine()}, one core of {os.cpu_count()}, Python {platform.python_version()}")
    print(f"Command: python {' '.join(sys.argv)}\n")
    print("| firms | seconds | firms a second | greatest memory |")
    print("|---:|---:|---:|---:|")
    print(f"| {firms:,} | {seconds:.1f} | {firms / seconds:,.0f} | {memory:,.0f} MB |\n")
    print("| figure | basis | national | a register of this size | generated | difference |")
    print("|---|---|---:|---:|---:|---:|")
    for row in calibration_report(totals, plan_register(firms, SEED)).iter_rows(named=True):
        unit = "%" if row["unit"] == "%" else ""
        numbers = " | ".join(f"{row[name]:,.2f}{unit}" for name in ("national", "target", "generated"))
        print(f"| {row['figure']} | {row['basis']} | {numbers} | {row['difference_percent']:+.4f} % |")


if __name__ == "__main__":
    main()
