"""Data folders of their own for tests that start, kill and restart real servers."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

from gebyar.web import database
from gebyar.web.cluster import Cluster

ROOT = Path(__file__).parents[2]


@contextmanager
def data_folder():
    """A short path, for the socket; whatever still runs in it is ended with it."""
    folder = Path(tempfile.mkdtemp(prefix="gs-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        if (folder / "database").exists():
            Cluster(folder).stop()
        shutil.rmtree(folder)


def environment(folder, **more):
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "GEBYAR_URL"}}
    paths = [str(ROOT / "src"), str(ROOT)]
    return {**kept, "GEBYAR_HOME": str(folder), "PYTHONPATH": os.pathsep.join(paths), **more}


@contextmanager
def python(code, folder, **more):
    """Another Python process in this data folder; killed at the end if it still lives."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment(folder, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def query(folder, statement):
    with psycopg.connect(database.url(folder), autocommit=True) as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


def kill(pid):
    """Kill it; one that ended by itself in the meantime is as dead."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def kill_server(folder):
    """Kill the server's first process, and return once the system has taken it away."""
    kill(Cluster(folder).postmaster())
    until(lambda: Cluster(folder).postmaster() is None)


def until(condition, seconds=60):
    """Wait for something that must happen; how long it takes is not what is tested."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, f"{condition} did not come true in {seconds} s"
        time.sleep(0.05)
    return result
