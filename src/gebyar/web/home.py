"""Where Gebyar keeps its data on this machine, and the secret key that belongs to that data."""

import os
import secrets
import stat
import tempfile
from pathlib import Path

import platformdirs

SYSTEM_HOME = Path("/var/lib/gebyar")
# pg_ctl passes the folder's name through a shell, inside double quotes.
FORBIDDEN = frozenset('"$`\\\n')


class SetupError(RuntimeError):
    """Something about this machine keeps Gebyar from working; the message says what to do about it."""


class HomeError(SetupError):
    """The data folder cannot be used."""


def home() -> Path:
    """Return the data folder and make it when it is missing.

    ``GEBYAR_HOME`` names it; otherwise it is ``gebyar`` in the user's data directory. PostgreSQL refuses to
    run as root, so for root the folder must let another system user through: when root's own data directory
    does not (``/root`` is usually closed), ``/var/lib/gebyar`` takes its place.

    Returns
    -------
    Path
        Absolute, links followed; mode 0700, or 0711 for root.

    Raises
    ------
    HomeError
        When the folder cannot be made or written, or bears a name that PostgreSQL cannot use.
    """
    folder = _chosen_folder()
    if FORBIDDEN.intersection(str(folder)):
        raise HomeError(
            f'The name of the data folder {folder} holds one of the signs " $ ` \\, which PostgreSQL cannot bear.'
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if is_root():
            _let_through(folder)
    except OSError as error:
        raise HomeError(
            f"The data folder {folder} cannot be made: {error.strerror}. "
            "Set GEBYAR_HOME to a folder that you may write."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise HomeError(f"The data folder {folder} cannot be written. Set GEBYAR_HOME to one that you may write.")
    return folder


def secret_key() -> str:
    """Return the secret key of this data folder; ``GEBYAR_SECRET_KEY`` wins over the file ``secret_key``.

    The key is made at the first call. Processes that start together agree on one key: each writes a file of
    its own and links it to the final name, which succeeds only once.
    """
    named = os.environ.get("GEBYAR_SECRET_KEY")
    if named:
        return named
    path = key_path()
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48) + "\n")
    key = path.read_text(encoding="ascii").strip()
    if not key:
        raise HomeError(f"The secret key file {path} is empty. Bring it back from a backup made with the key.")
    return key


def key_path() -> Path:
    return home() / "secret_key"


def is_root() -> bool:
    return os.geteuid() == 0


def open_to_others(folder: Path) -> bool:
    """Tell whether any system user may pass through this folder and all above it (as far as they exist)."""
    return all(_passable(part) for part in (folder, *folder.parents) if part.exists())


def _chosen_folder() -> Path:
    named = os.environ.get("GEBYAR_HOME")
    if named:
        return Path(named).expanduser().resolve()
    return default_home("gebyar")


def default_home(name: str) -> Path:
    """Return where a data folder of this name lies when ``GEBYAR_HOME`` does not say otherwise; makes nothing."""
    usual = Path(platformdirs.user_data_dir(name, appauthor=False)).resolve()
    return SYSTEM_HOME.with_name(name) if is_root() and not open_to_others(usual) else usual


def _passable(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IXOTH)


def _let_through(folder: Path) -> None:
    """Open the folder for passing, not for looking around: the database inside has its own system user."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & stat.S_IXOTH:
        folder.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)


def _write_once(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    except FileExistsError:
        pass  # another process was first; its key is the key
    finally:
        Path(name).unlink()
