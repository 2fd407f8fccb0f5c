"""`make bench`: run every benchmark, one after the other, each in a process of its own.

Each prints a Markdown table with machine and command; what is published stands in docs/benchmarks.md.
"""

import subprocess
import sys
from pathlib import Path


def main() -> None:
    for script in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        print(f"\n## {script.stem}\n", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{script.stem}"], check=True)


if __name__ == "__main__":
    main()
