"""Fill an empty register with made-up firms: `python benchmarks/synthesis.py [FIRMS]`.

Bars: 50,000 firms a second by COPY; 4.5 million in less than 10 minutes, indexes and search included, below 4 GB. The
register lies in a throw-away data folder. A snapshot with all its figures follows.
"""

import os
import platform
import resource
import shutil
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="gebyar-bench-", dir="/tmp"))
os.environ["GEBYAR_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "gebyar.web.settings"


class Memory(threading.Thread):
    """The greatest sum of the private memory of this process and the database's (shared buffers counted once)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.greatest = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            self.greatest = max(self.greatest, sum(map(_proportional, _ours())))


def _ours() -> list[Path]:
    found = []
    for process in Path("/proc").iterdir():
        try:
            line = (process / "cmdline").read_bytes().decode(errors="replace")
            parent = (process / "stat").read_text().rsplit(")", 1)[1].split()[1]
        except (OSError, IndexError):
            continue
        if process.name == str(os.getpid()) or str(HOME) in line or (line.startswith("postgres:") and _of(parent)):
            found.append(process)
    return found


def _of(parent: str) -> bool:
    try:
        return str(HOME) in Path(f"/proc/{parent}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False


def _proportional(process: Path) -> int:
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    firms = int(sys.argv[1]) if len(sys.argv) > 1 else 4_500_000
    HOME.chmod(0o711)
    from gebyar.web import database

    try:
        with database.running(HOME):
            measure(firms)
    finally:
        shutil.rmtree(HOME, ignore_errors=True)


def measure(firms: int) -> None:
    from gebyar.web.serving import migrate, set_up_django

    set_up_django()
    migrate()
    from gebyar.registry.services.synthesis import fill_with_synthetic_firms
    from gebyar.statistics.services import take_snapshot

    times: dict[str, list[float]] = {}

    def note(_done: int, _total: int | None, words: str) -> None:
        times.setdefault(words, []).append(time.perf_counter())

    memory = Memory()
    memory.start()
    filled = fill_with_synthetic_firms(actor=None, firms=firms, seed=2024, as_of=date(2024, 10, 31), progress=note)
    memory.over.set()
    snapshot = take_snapshot(actor=None)
    rows = times["made-up firms"][-1] - times["made-up firms"][0]
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Command: python {' '.join(sys.argv)}\n")
    print(f"| step, {firms:,} firms | seconds | firms a second |")
    print("|---|---:|---:|")
    print(f"| rows by COPY (firm, profile, contact, certificates) | {rows:.1f} | {firms / rows:,.0f} |")
    print(f"| rows with keys, indexes and ANALYZE | {filled.copy_seconds:.1f} | {firms / filled.copy_seconds:,.0f} |")
    print(f"| all of it, with the search | {filled.seconds:.1f} | {firms / filled.seconds:,.0f} |")
    print(f"| snapshot (Parquet) and all figures | {snapshot.seconds:.1f} | {firms / snapshot.seconds:,.0f} |")
    print(f"\nGreatest memory: {memory.greatest / 1024:,.0f} MB with the database, {own:,.0f} MB of this process.")


if __name__ == "__main__":
    main()
