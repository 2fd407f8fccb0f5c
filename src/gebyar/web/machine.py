"""What this machine (or container) has to offer, and the other system user a server may run as."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Any

from gebyar.web.home import SetupError

SERVER_USERS = ("gebyar", "postgres")
CONTAINER_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def memory_megabytes() -> int:
    """Return the memory that may be used: the machine's, or the container's limit when that is lower."""
    amounts = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in CONTAINER_LIMITS:
        try:
            amounts.append(int(Path(path).read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue  # no such limit, or the word "max"
    return min(amounts) // 2**20


def shared_memory_megabytes() -> int:
    """Return the size of /dev/shm; 0 where there is none."""
    try:
        return shutil.disk_usage("/dev/shm").total // 2**20  # noqa: S108
    except OSError:
        return 0


def server_account() -> pwd.struct_passwd:
    """Return the user a server runs as when we are root; make ``gebyar`` when no suitable one exists."""
    for name in SERVER_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    make = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        "gebyar",
    ]
    if shutil.which("adduser") and not shutil.which("useradd"):  # BusyBox, as in Alpine
        make = ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", "gebyar"]
    try:
        subprocess.run(make, check=True, capture_output=True)
        return pwd.getpwnam("gebyar")
    except (OSError, subprocess.SubprocessError, KeyError) as error:
        raise SetupError(
            "PostgreSQL does not run as root, and no system user 'gebyar' could be made. Make one "
            "(useradd --system gebyar), or start Gebyar as an ordinary user."
        ) from error


def run_program(
    command: list[str], *, account: pwd.struct_passwd | None = None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, as another user if one is given, and return its exit code and words.

    Output goes through a file: a server started by the program may hold its output open, and a pipe would
    never end.
    """
    identity: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    with tempfile.TemporaryFile("w+", errors="replace") as words:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            cwd="/",
            env=environment,
            **identity,
        )
        return subprocess.CompletedProcess(command, done.returncode, "", _read_all(words))


def names_folder(pid: int, folder: Path) -> bool:
    """Tell whether a living process bears this folder on its command line.

    A dead process that nobody collected has an empty command line. Where the system shows none (no /proc),
    being alive has to do.
    """
    if not Path("/proc/self/cmdline").exists():
        return _is_alive(pid)
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(folder) in words


def processes_in(folder: Path) -> list[int]:
    """Return the processes that work in this folder, as far as the system shows them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if path.readlink() == folder:
                found.append(int(path.parent.name))
        except OSError:
            continue  # gone meanwhile, or not ours to see
    return found


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_all(words: IO[str]) -> str:
    words.seek(0)
    return words.read().strip()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
