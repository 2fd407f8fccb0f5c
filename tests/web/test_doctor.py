import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import psycopg
import pytest
from tests.web.servers import data_folder, environment, query

from gebyar.web import database, doctor

SMALL = "tests.web.small_settings"
PREPARE = """
from gebyar.web.serving import *
with database.running(home()):
    set_up_django(); migrate()
"""
CHECKS = """
import json
from gebyar.web.doctor import checks
print(json.dumps([[check.name, check.state, check.words, bool(check.remedy)] for check in checks()]))
"""
RUN = "import sys; from gebyar.web.doctor import run_doctor; sys.exit(run_doctor())"
NAMES = [
    "Python",
    "data folder",
    "disk",
    "secret key",
    "locale",
    "database",
    "extensions",
    "encoding",
    "clock",
    "migrations",
    "background work",
    "mail",
    "address",
]


@pytest.fixture(scope="module")
def server():
    with pytest.MonkeyPatch.context() as patch, data_folder() as folder:
        patch.delenv("DATABASE_URL", raising=False)
        with database.running(folder, fast_unsafe=True):
            run(PREPARE, folder)
            yield folder


@pytest.fixture
def folder(server, monkeypatch):
    for name in ("DATABASE_URL", "GEBYAR_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEBYAR_HOME", str(server))
    return server


def run(code, folder, **more):
    where = environment(folder, DJANGO_SETTINGS_MODULE=SMALL, **more)
    return subprocess.run([sys.executable, "-c", code], env=where, capture_output=True, text=True, check=False)


def looked_at(folder, **more):
    done = run(CHECKS, folder, **more)
    assert done.returncode == 0, done.stderr
    return {name: (state, words, remedy) for name, state, words, remedy in json.loads(done.stdout)}


def states(found, *names):
    return {name: found[name][0] for name in names}


def test_doctor_finds_all_well_and_says_where_mails_lie(folder):
    found = looked_at(folder)

    assert list(found) == NAMES
    assert {name for name, (state, _words, _remedy) in found.items() if state == "fail"} == set()
    assert found["mail"] == ("warn", f"No mail server: mails lie as files in {folder / 'mail'}", True)
    assert found["database"][1].endswith("in the data folder")
    assert found["migrations"] == ("ok", "none waiting", False)
    assert all(remedy == (state != "ok") for state, _words, remedy in found.values())


def test_doctor_prints_every_check_and_ends_with_0(folder):
    done = run(RUN, folder)

    assert done.returncode == 0
    assert all(name in done.stdout for name in NAMES)


def test_doctor_ends_with_1_when_the_database_cannot_be_reached(folder):
    done = run(RUN, folder, DATABASE_URL=f"postgresql:///gebyar?host={folder}")

    assert done.returncode == 1
    assert "DATABASE_URL cannot be used" in " ".join(done.stdout.split())
    assert "secret key" in done.stdout


def test_doctor_counts_waiting_migrations(folder):
    last = "(SELECT max(id) FROM django_migrations)"
    [(app, name)] = query(folder, f"DELETE FROM django_migrations WHERE id = {last} RETURNING app, name")
    try:
        assert looked_at(folder)["migrations"][:2] == ("warn", "1 waiting")
    finally:
        query(folder, f"INSERT INTO django_migrations (app, name, applied) VALUES ('{app}', '{name}', now())")


def test_doctor_notices_work_that_nobody_does(folder):
    query(
        folder,
        """INSERT INTO django_tasks_database_dbtaskresult
           (id, status, enqueued_at, args_kwargs, priority, task_path, worker_ids, queue_name, backend_name,
            run_after, exception_class_path, traceback)
           VALUES (gen_random_uuid(), 'READY', now() - interval '1 hour', '{}', 0, 'nothing', '[]', 'default',
                   'default', now() - interval '1 hour', '', '')""",
    )
    try:
        found = looked_at(folder)["background work"]
    finally:
        query(folder, "DELETE FROM django_tasks_database_dbtaskresult")

    assert found[:2] == ("warn", "1 tasks have waited for more than 15 minutes")


def test_doctor_tells_a_mail_server_that_does_not_answer(folder):
    assert looked_at(folder, GEBYAR_MAIL_HOST="127.0.0.1", GEBYAR_MAIL_PORT="1")["mail"][0] == "fail"


def test_doctor_tells_work_done_in_the_future(folder):
    later = datetime.now(UTC) + timedelta(days=400)
    query(folder, f"UPDATE django_migrations SET applied = '{later.isoformat()}'")
    try:
        with psycopg.connect(database.url(folder)) as connection:
            found = doctor.clock(connection)
    finally:
        query(folder, "UPDATE django_migrations SET applied = now()")

    assert (found.state, "work was done after that" in found.words) == ("fail", True)


def test_doctor_tells_missing_extensions(folder):
    with psycopg.connect(database.url(folder).replace("/gebyar?", "/postgres?")) as connection:
        found = doctor.extensions(connection)

    assert (found.state, found.words) == ("fail", "missing: pg_trgm, unaccent, btree_gist, btree_gin, citext")
    assert found.remedy.count("CREATE EXTENSION") == 5


def test_doctor_tells_a_key_that_others_may_read(folder):
    (folder / "secret_key").chmod(0o640)
    open_to_group = doctor.secret_key()
    (folder / "secret_key").chmod(0o600)

    assert open_to_group.state == "fail"
    assert open_to_group.remedy == f"chmod 600 {folder / 'secret_key'}"
    assert doctor.secret_key().state == "ok"


@pytest.mark.parametrize(("key", "state"), [("my-own-key", "warn"), ("x" * 40, "ok")])
def test_doctor_looks_at_the_length_of_a_named_key(folder, monkeypatch, key, state):
    monkeypatch.setenv("GEBYAR_SECRET_KEY", key)

    found = doctor.secret_key()

    assert found.state == state
    assert key not in found.words + found.remedy


@pytest.mark.parametrize(("free", "state"), [(0.5, "fail"), (5, "warn"), (50, "ok")])
def test_doctor_looks_at_the_room_on_the_disk(folder, monkeypatch, free, state):
    usage = SimpleNamespace(free=free * 2**30)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage)

    assert doctor.disk().state == state


def test_doctor_tells_a_folder_that_others_may_look_into(folder):
    before = folder.stat().st_mode
    folder.chmod(0o755)
    try:
        assert doctor.data_folder().state == "warn"
    finally:
        folder.chmod(before)
    assert doctor.data_folder().state == "ok"


def test_doctor_counts_a_broken_check_as_failed():
    def looks_away():
        raise LookupError("nothing there")

    found = doctor._guarded(looks_away)

    assert (found.name, found.state, found.words) == (
        "looks away",
        "fail",
        "could not be looked at: nothing there",
    )
