"""The database: the server that ``DATABASE_URL`` names, or a private PostgreSQL in the data folder.

The private server listens on a Unix socket only, in a folder that only its own system user (and root) may
enter. Whoever can open the socket may therefore be trusted, and local authentication is ``trust``. The
application is an ordinary database user all the same, so a hole in it reaches neither files nor programs.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from gebyar.web.binaries import OLDEST_MAJOR, DatabaseError
from gebyar.web.cluster import PORT, Cluster

__all__ = [
    "EXTENSIONS",
    "DatabaseError",
    "connection_settings",
    "is_embedded",
    "revive",
    "running",
    "settings_for",
    "settings_from_url",
    "url",
]

NAME = USER = "gebyar"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "btree_gin", "citext")


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def settings_for(home: Path) -> dict[str, Any]:
    """Return Django's ``DATABASES["default"]``, without starting anything."""
    return connection_settings(home) if is_embedded() else settings_from_url(os.environ["DATABASE_URL"])


def connection_settings(home: Path) -> dict[str, Any]:
    """Return Django's settings for the private server of this data folder."""
    return _settings({"NAME": NAME, "USER": USER, "HOST": str(Cluster(home).socket_folder), "PORT": PORT})


def settings_from_url(address: str) -> dict[str, Any]:
    """Return Django's settings for a connection URL of libpq.

    Parameters
    ----------
    address
        ``postgresql://user:password@host:port/name?sslmode=require``, also ``postgres://``, also with a
        folder as host (``?host=/var/run/postgresql``). Parts are percent-encoded; parameters that Django has
        no setting for become ``OPTIONS``.

    Raises
    ------
    DatabaseError
        When it is no such URL or names no database.
    """
    if not address.startswith(("postgres://", "postgresql://")):
        raise DatabaseError("DATABASE_URL must begin with postgresql:// (Gebyar works with PostgreSQL only).")
    try:
        parts = conninfo_to_dict(address)
    except psycopg.ProgrammingError as error:
        raise DatabaseError(f"DATABASE_URL cannot be read: {str(error).strip()}.") from error
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    found = {names[key]: str(parts.pop(key, "")) for key in tuple(names)}
    if not found["NAME"]:
        raise DatabaseError("DATABASE_URL names no database: add /name at its end.")
    return _settings({**found, "OPTIONS": parts})


def url(home: Path) -> str:
    """Return the connection URL for tools that are not Django (COPY, ADBC, pg_dump, DuckDB)."""
    if not is_embedded():
        return os.environ["DATABASE_URL"]
    folder = quote(str(Cluster(home).socket_folder), safe="")
    return f"postgresql://{USER}@/{NAME}?host={folder}&port={PORT}"


@contextmanager
def running(home: Path, *, fast_unsafe: bool = False) -> Iterator[str]:
    """Keep the database running while the block runs; yield its URL.

    Any number of processes may be inside at once. The first one starts the private server, the last one to
    leave stops it. A process that is killed leaves it running, for the next one to find. With
    ``DATABASE_URL`` nothing is started; the server's version and extensions are checked.

    Parameters
    ----------
    home
        The data folder.
    fast_unsafe
        No fsync, for tests: faster, and a power cut loses everything.

    Raises
    ------
    DatabaseError
        With a remedy, when the server cannot be started or reached.
    """
    if not is_embedded():
        _prepare_named_server(url(home))
        yield url(home)
        return
    cluster = Cluster(home, fast_unsafe)
    users = _enter(cluster)
    try:
        yield url(home)
    finally:
        _leave(cluster, users)


def revive(home: Path) -> None:
    """Start the private server again when it was killed; to be called inside :func:`running`."""
    cluster = Cluster(home)
    if is_embedded() and cluster.postmaster() is None:
        with _start_lock(home):
            cluster.start()


def _enter(cluster: Cluster) -> IO[bytes]:
    """Start the server under the start lock; the shared lock returned says that somebody uses it."""
    users = (cluster.home / "postgres.users.lock").open("ab")
    try:
        with _start_lock(cluster.home):
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster.start()
            _prepare(cluster)
    except BaseException:
        users.close()
        raise
    return users


def _leave(cluster: Cluster, users: IO[bytes]) -> None:
    """Stop the server when nobody else uses it; the start lock keeps newcomers out meanwhile."""
    with users, _start_lock(cluster.home):
        fcntl.flock(users, fcntl.LOCK_UN)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        cluster.stop()


@contextmanager
def _start_lock(home: Path) -> Iterator[None]:
    with (home / "postgres.start.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _prepare(cluster: Cluster) -> None:
    """Make the application's user, its database and the extensions, as far as they are missing."""
    with cluster.connect("postgres") as server:
        known = server.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s),"
            " EXISTS (SELECT FROM pg_database WHERE datname = %s)",
            [USER, NAME],
        ).fetchone()
        has_user, has_database = known or (False, False)
        if not has_user:
            server.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(USER)))
        if not has_database:
            # The template passes the extensions on to test databases too.
            with cluster.connect("template1") as template:
                _add_extensions(template)
            server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), sql.Identifier(USER)))
    with cluster.connect(NAME) as database:
        _add_extensions(database)


def _add_extensions(connection: psycopg.Connection[Any]) -> None:
    known = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
    for name in EXTENSIONS:
        if name not in known:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))


def _prepare_named_server(address: str) -> None:
    settings_from_url(address)
    try:
        with psycopg.connect(address, connect_timeout=10, autocommit=True) as connection:
            version = connection.info.server_version // 10000
            if version < OLDEST_MAJOR:
                raise DatabaseError(f"DATABASE_URL names PostgreSQL {version}; Gebyar needs {OLDEST_MAJOR} or newer.")
            _add_extensions(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseError(
            f"Extensions are missing in the database and may not be made: {error}. "
            f"Ask its administrator for: {', '.join(EXTENSIONS)}."
        ) from error
    except psycopg.Error as error:
        raise DatabaseError(f"The database in DATABASE_URL cannot be used: {str(error).strip()}") from error


def _settings(parts: dict[str, Any]) -> dict[str, Any]:
    """Add what every connection of ours has: kept for a minute, looked at before it is used again."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **parts,
    }
