"""`gebyar serve`: database, migrations, background work and web server under one supervisor."""

import errno
import fcntl
import http.client
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from gebyar.web import database
from gebyar.web.children import SETTINGS
from gebyar.web.home import SetupError, home

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.25
SOON_SECONDS = 10  # a process that lives shorter has failed to start
MOST_FAILURES = 5
PORT_SECONDS = 15  # pages of a supervisor that was killed need a moment to end
STOP_SECONDS = 20
MIGRATION_LOCK = 0x676562796172  # "gebyar": one number for all processes that migrate


class ServingError(SetupError):
    """Gebyar cannot serve; the message says why."""


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int | None = None,
    ready: Callable[[str], None] = print,
) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; call it in the main thread.

    Parameters
    ----------
    host, port
        Where to listen.
    workers
        Processes that make pages; one for each processor, at most four, when None.
    ready
        Called once with the address when the pages answer.

    Raises
    ------
    ServingError
        When this folder is served already, the port is taken, or the web server keeps failing.
    DatabaseError
        When the database cannot be started.
    """
    from gebyar.web.backup import finish_restore  # noqa: PLC0415  it knows this module, too

    folder, address = home(), address_of(host, port)
    with only_instance(folder, address):
        await_free_port(host, port)
        with database.running(folder):
            os.environ.setdefault("GEBYAR_URL", address)
            finish_restore(folder)
            set_up_django()
            migrate()
            collect_static()
            _supervise(folder, _children(host, port, workers), ready=lambda: ready(address), where=(host, port))


def run_worker() -> None:
    """Run background work only, until told to stop."""
    with database.running(home()):
        set_up_django()
        migrate()
        from gebyar.web.background import work  # noqa: PLC0415  needs the apps

        work()


def set_up_django() -> None:
    import django  # noqa: PLC0415  so that `gebyar --help` need not load it

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()


def pending_migrations() -> list[str]:
    """Return the migrations that this version has and the database has not."""
    from django.db import connection  # noqa: PLC0415  needs settings
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    return [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def migrate() -> None:
    """Bring the database up to this version; processes that do so together wait for each other."""
    from django.core.management import call_command  # noqa: PLC0415  needs settings
    from django.db import connection  # noqa: PLC0415

    if not pending_migrations():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def collect_static() -> None:
    from django.core.management import call_command  # noqa: PLC0415  needs settings

    call_command("collectstatic", interactive=False, verbosity=0)


def address_of(host: str, port: int) -> str:
    """Return the address for a browser on this machine, by name: browsers refuse passkeys on a bare IP address."""
    if host in {"0.0.0.0", "::", "127.0.0.1"}:  # noqa: S104  "everywhere" is no address to go to
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


# --- one instance, one port ---


@contextmanager
def only_instance(folder: Path, address: str) -> Iterator[None]:
    """Hold the lock of this data folder, or say who does. The system frees it when we end, however we end."""
    with (folder / "serve.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ServingError(_words_on_first(file, folder)) from error
        file.truncate(0)
        json.dump({"pid": os.getpid(), "address": address}, file)
        file.flush()
        yield


def await_free_port(host: str, port: int) -> None:
    """Return when the port can be had; wait a moment for pages that are just ending.

    Raises
    ------
    ServingError
        When the port stays taken, or cannot be had at all.
    """
    given_up = time.monotonic() + PORT_SECONDS
    while problem := _port_problem(host, port):
        if problem.errno != errno.EADDRINUSE:
            raise ServingError(f"Cannot listen on {host}, port {port}: {problem.strerror}.") from problem
        if time.monotonic() > given_up:
            raise ServingError(
                f"Port {port} on {host} is used by another program. "
                f"Stop that one, or choose another port: gebyar serve --port {port + 1}"
            ) from problem
        time.sleep(TICK_SECONDS)


def _words_on_first(file: IO[str], folder: Path) -> str:
    file.seek(0)
    try:
        first = json.load(file)
        who = f"process {first['pid']}, {first['address']}"
    except (ValueError, KeyError):
        who = "it is just starting"
    return (
        f"Gebyar already serves the data folder {folder} ({who}). Stop it first, or set GEBYAR_HOME to another folder."
    )


def _port_problem(host: str, port: int) -> OSError | None:
    try:
        family, kind, *_rest, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        return error
    return None


def _answers(where: tuple[str, int]) -> bool:
    """Tell whether a page comes back; any page, even one that says no."""
    connection = http.client.HTTPConnection(*where, timeout=5)
    try:
        connection.request("HEAD", "/", headers={"Host": "127.0.0.1"})  # always an allowed host
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()


# --- the supervisor ---


@dataclass
class Child:
    """A process that is started again whenever it ends, later each time it fails."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    due: float = field(default=0.0)

    def keep_up(self) -> None:
        if self.process is None:
            if time.monotonic() >= self.due:
                self._start()
        elif self.process.poll() is not None:
            self._note_end(self.process.returncode)

    def tell(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def await_end(self, seconds: float) -> None:
        """Wait for the end; after that long, kill: what it was doing is taken up at the next start."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gebyar.web.children", self.name, str(os.getpid()), *self.arguments],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
        )

    def _note_end(self, code: int) -> None:
        self.process = None
        self.failures = self.failures + 1 if time.monotonic() - self.started < SOON_SECONDS else 0
        self.due = time.monotonic() + min(30, self.failures)
        logger.warning("The %s process ended (code %s) and is started again.", self.name, code)


def _children(host: str, port: int, workers: int | None) -> list[Child]:
    processes = workers or min(4, os.cpu_count() or 1)
    return [Child("web", [host, str(port), str(processes)]), Child("worker", [])]


def _supervise(folder: Path, children: list[Child], *, ready: Callable[[], None], where: tuple[str, int]) -> None:
    announced = False
    with _stop_signals() as stopping:
        try:
            while not stopping.wait(TICK_SECONDS):
                _revive_database(folder)
                for child in children:
                    child.keep_up()
                _give_up_if_failing(children[0])
                if not announced and _answers(where):
                    announced = True
                    ready()
        finally:
            _stop(children)


def _give_up_if_failing(web: Child) -> None:
    if web.failures >= MOST_FAILURES:
        raise ServingError("The web server does not start; its own words stand above.")


def _revive_database(folder: Path) -> None:
    try:
        database.revive(folder)
    except database.DatabaseError:
        logger.exception("The database stopped and could not be started again.")
        time.sleep(SOON_SECONDS)


def _stop(children: list[Child]) -> None:
    """Pages first, so that nobody asks for work that nobody does."""
    for child in children:
        child.tell(signal.SIGTERM)
    for child in children:
        child.await_end(STOP_SECONDS)


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    stopping = threading.Event()
    before: dict[int, Any] = {}
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        before[ending] = signal.signal(ending, lambda *_: stopping.set())
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
