import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.web.servers import data_folder, environment, kill, python, query, until

from gebyar.web import serving
from gebyar.web.cluster import Cluster
from gebyar.web.machine import processes_in

SMALL = "tests.web.small_settings"
SERVE = "from gebyar.web.serving import serve; serve(port={port}, workers=1, ready=lambda address: print('ready', address, flush=True))"
ENQUEUE = """
from gebyar.web.serving import set_up_django
set_up_django()
from tests.web.small_site import hang_at_first
hang_at_first.enqueue({file!r})
"""
STATUS = "SELECT status, jsonb_array_length(worker_ids), return_value FROM django_tasks_database_dbtaskresult"


@pytest.fixture(autouse=True)
def embedded(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def folder():
    with data_folder() as path:
        yield path


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving_on(folder, port):
    with python(SERVE.format(port=port), folder, DJANGO_SETTINGS_MODULE=SMALL) as process:
        for line in process.stdout:
            if line.startswith("ready"):
                break
        assert line == f"ready http://localhost:{port}\n"
        yield process
    until(lambda: not children_of(process.pid))


def run(code, folder):
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment(folder, DJANGO_SETTINGS_MODULE=SMALL),
        capture_output=True,
        text=True,
        check=False,
    )


def page(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return answer.read().decode()
    except (OSError, urllib.error.URLError):
        return None


def children_of(supervisor, kind=None):
    """The processes started by this supervisor, and those that they started: all name it in their commands."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_text().split("\0")
            if words[2:3] == ["gebyar.web.children"] and words[4] == str(supervisor) and kind in (None, words[3]):
                found.append(int(path.parent.name))
    return found


def test_serve_answers_refuses_a_second_instance_and_ends_cleanly(folder, port):
    with serving_on(folder, port) as first:
        second = run(SERVE.format(port=port + 1), folder)
        assert page(port) == "gebyar"
        first.terminate()
        rest, _ = first.communicate(timeout=60)

    assert second.returncode == 1
    assert f"already serves the data folder {folder} (process {first.pid}, http://localhost:{port})" in second.stderr
    assert (first.returncode, rest) == (0, "")
    assert children_of(first.pid) == []
    assert Cluster(folder).postmaster() is None
    assert page(port) is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_serve_ends_cleanly_on_the_terminal_s_signals(folder, port, number):
    with serving_on(folder, port) as process:
        process.send_signal(number)
        process.communicate(timeout=60)

    assert process.returncode == 0
    assert Cluster(folder).postmaster() is None


def test_serve_recovers_after_everything_was_killed(folder, port):
    with serving_on(folder, port) as process:
        query(folder, "CREATE TABLE kept AS SELECT 1 AS number")
        kill(process.pid)
        for pid in processes_in(folder / "database"):
            kill(pid)
        process.wait()
        until(lambda: not children_of(process.pid))

    with serving_on(folder, port):
        assert page(port) == "gebyar"
        assert query(folder, "SELECT number FROM kept") == [(1,)]


@pytest.mark.parametrize("victim", ["web", "worker"])
def test_serve_starts_a_killed_process_again(folder, port, victim):
    with serving_on(folder, port) as process:
        before = until(lambda: children_of(process.pid, victim))
        for pid in before:
            kill(pid)

        until(lambda: set(children_of(process.pid, victim)) - set(before))
        assert until(lambda: page(port)) == "gebyar"


def test_serve_revives_a_killed_database(folder, port):
    with serving_on(folder, port):
        before = Cluster(folder).postmaster()
        assert page(port) == "gebyar"
        kill(before)

        assert until(lambda: Cluster(folder).postmaster() not in (before, None))
        assert until(lambda: page(port)) == "gebyar"


def test_task_of_a_killed_worker_is_done_again(folder, port):
    notes = folder / "notes"
    with serving_on(folder, port):
        assert run(ENQUEUE.format(file=str(notes)), folder).returncode == 0
        first = until(lambda: notes.exists() and notes.read_text().split())
        assert query(folder, STATUS) == [("RUNNING", 1, None)]
        kill(int(first[0]))

        assert until(lambda: query(folder, STATUS) == [("SUCCESSFUL", 2, "done")])


def test_taken_port_is_told_in_words(monkeypatch, port):
    monkeypatch.setattr(serving, "PORT_SECONDS", 0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        with pytest.raises(serving.ServingError, match=rf"Port {port} on 127\.0\.0\.1 is used"):
            serving.await_free_port("127.0.0.1", port)

    serving.await_free_port("127.0.0.1", port)


def test_host_of_another_machine_is_told_in_words(port):
    with pytest.raises(serving.ServingError, match=r"Cannot listen on 192\.0\.2\.1"):
        serving.await_free_port("192.0.2.1", port)


def test_lock_of_an_instance_that_was_killed_is_free(folder):
    (folder / "serve.lock").write_text(json.dumps({"pid": os.getpid(), "address": "http://127.0.0.1:1"}))

    with serving.only_instance(folder, "http://127.0.0.1:2"):
        assert json.loads((folder / "serve.lock").read_text()) == {
            "pid": os.getpid(),
            "address": "http://127.0.0.1:2",
        }


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://localhost:80"),
        ("0.0.0.0", "http://localhost:80"),  # noqa: S104
        ("::1", "http://[::1]:80"),
        ("gebyar.example", "http://gebyar.example:80"),
    ],
)
def test_address_is_one_a_browser_can_open(host, address):
    assert serving.address_of(host, 80) == address


def test_processes_that_migrate_at_once_agree(folder):
    code = "from gebyar.web.serving import *\nwith database.running(home()):\n    set_up_django(); migrate(); print(pending_migrations())"
    command = [sys.executable, "-c", code]
    where = environment(folder, DJANGO_SETTINGS_MODULE=SMALL)
    processes = [subprocess.Popen(command, env=where, stdout=subprocess.PIPE, text=True) for _ in range(3)]

    assert [process.communicate(timeout=120)[0] for process in processes] == ["[]\n"] * 3
