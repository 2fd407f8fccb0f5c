"""What a process loads before its first page: the solvers and engines of single tasks wait until they are needed."""

import json
import subprocess
import sys

import pytest
from tests.web.servers import environment

HEAVY = ["ibis", "duckdb", "scipy", "numba", "ortools", "pandas", "altair", "adbc_driver_postgresql", "pysat"]
DJANGO = "import django; django.setup(); "
PRINT = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"


@pytest.mark.parametrize(
    "start",
    [
        f"{DJANGO}import gebyar.web.urls",
        f"{DJANGO}from gebyar.web.doctor import run_doctor",
        "from click.testing import CliRunner; from gebyar.cli import main; CliRunner().invoke(main, ['--help'])",
    ],
    ids=["pages", "doctor", "help"],
)
def test_start_loads_no_solver_and_no_engine(start, tmp_path):
    loaded = subprocess.run(
        [sys.executable, "-c", f"{start}; {PRINT}"],
        env=environment(tmp_path, DJANGO_SETTINGS_MODULE="gebyar.web.settings"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    modules = set(json.loads(loaded.stdout))
    assert "gebyar" in modules
    assert sorted(modules.intersection(HEAVY)) == []


def test_help_needs_no_django(tmp_path):
    shown = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "gebyar", "--help"],
        env=environment(tmp_path), capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert "Run background work only." in shown.stdout
    assert "django" not in shown.stderr
