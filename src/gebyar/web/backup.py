"""One file with everything in it, and the way back.

A backup is a ZIP file: the database in PostgreSQL's own format, the uploaded files, and ``manifest.json`` with
versions, rows per table and the SHA-256 of every part. It appears under its name only when it is complete.

A restore fills a second database and a second folder first, compares them with the manifest, and then swaps the
databases in one transaction. Killed before that, everything is as it was; killed after it, the next start moves the
files too (:func:`finish_restore`): the new database bears the token of the folder that belongs to it.
"""

import hashlib
import io
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gebyar import __version__
from gebyar.web import binaries, database
from gebyar.web.home import SetupError, home, key_path, secret_key
from gebyar.web.serving import only_instance

FORMAT = 1
DUMP, KEY, MANIFEST, MEDIA = "database.dump", "secret_key", "manifest.json", "media"
PIECE = 1 << 20
STAGE = "restoring-"
MARK_QUERY = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
# Filled by migrations and by merely signing in: a database with nothing else is as good as empty.
BOOKKEEPING = frozenset(
    {"public.django_migrations", "public.django_content_type", "public.auth_permission", "public.django_session"}
)


class BackupError(SetupError):
    """A backup cannot be made or brought back; the message says why, and nothing has changed."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself: parts as name → (bytes, SHA-256), tables as name → rows."""

    parts: dict[str, tuple[int, str]]
    tables: dict[str, int]
    key: str
    made_at: str
    gebyar: str
    postgresql: int

    @property
    def words(self) -> str:
        files = sum(name.startswith(f"{MEDIA}/") for name in self.parts)
        return f"{sum(self.tables.values()):,} rows in {len(self.tables)} tables, {files:,} uploaded files"

    def as_json(self) -> str:
        parts = {name: {"bytes": size, "sha256": digest} for name, (size, digest) in self.parts.items()}
        return json.dumps({"format": FORMAT, **vars(self), "parts": parts}, indent=1)

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        values = json.loads(text)
        if values.pop("format") != FORMAT:
            raise BackupError("This backup was made by a newer Gebyar. Bring it back with that version.")
        parts = {name: (part["bytes"], part["sha256"]) for name, part in values.pop("parts").items()}
        return cls(parts=parts, **values)


# --- making ---


def backup(file: Path, *, with_key: bool = False) -> str:
    """Write database and uploaded files into one file; all parts show one moment of the database.

    Parameters
    ----------
    file
        Where to; an older file of that name is replaced once the new one is complete. Only its owner may read it.
    with_key
        Put the secret key in as well. Whoever holds the file can then read sealed fields, too.

    Returns
    -------
    str
        What was written, in words.

    Raises
    ------
    BackupError
        When the file cannot be written or the database cannot be read.
    """
    folder = home()
    with (
        database.running(folder) as address,
        _new_file(file) as draft,
        zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive,
    ):
        manifest = _fill(archive, address, folder, with_key=with_key)
        archive.writestr(MANIFEST, manifest.as_json(), zipfile.ZIP_DEFLATED)
    return f"{file}: {manifest.words}. {_words_on_key(with_key=with_key)}"


def _fill(archive: zipfile.ZipFile, address: str, folder: Path, *, with_key: bool) -> Manifest:
    with psycopg.connect(address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        postgresql = connection.info.server_version // 10000
        tables = _rows(connection)
        parts = {DUMP: _dump(archive, connection, address)}
    for name, path in _files(folder):
        with path.open("rb") as source:
            parts[name] = _add(archive, name, source)
    if with_key:
        parts[KEY] = _add(archive, KEY, io.BytesIO(secret_key().encode("ascii")))
    return Manifest(
        parts=parts,
        tables=tables,
        key=_fingerprint(secret_key()),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        gebyar=__version__,
        postgresql=postgresql,
    )


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted((folder / MEDIA).rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path


def _dump(archive: zipfile.ZipFile, connection: psycopg.Connection[Any], address: str) -> tuple[int, str]:
    """Dump the same moment that the rows were counted in."""
    snapshot = _one(connection, "SELECT pg_export_snapshot()")
    arguments = ["--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
    with _program("pg_dump", address, arguments, stdout=subprocess.PIPE) as process:
        return _add(archive, DUMP, process.stdout)


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes] | None) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as target:
        while source and (piece := source.read(PIECE)):
            target.write(piece)
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


@contextmanager
def _new_file(file: Path) -> Iterator[IO[bytes]]:
    """Write a file that appears under its name only when it is complete and on the disk."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.absolute().parent)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}.") from error
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(file)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}. No backup was made.") from error
    finally:
        draft.unlink(missing_ok=True)


def _words_on_key(*, with_key: bool) -> str:
    if with_key:
        return "It holds the secret key: keep it as safe as the data itself."
    return (
        f"It does not hold the secret key ({key_path()}), without which sealed numbers (NIK, NPWP) cannot be read: "
        "keep a copy of the key in another place, or use --with-key."
    )


# --- checking ---


def check(file: Path) -> Manifest:
    """Read a backup wholly and compare every part with the manifest.

    Raises
    ------
    BackupError
        When it is no backup, or a part is missing, added or changed; says which.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = Manifest.from_json(archive.read(MANIFEST))
            _compare_parts(archive, manifest)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{file} is damaged or is no backup of Gebyar ({error}). Nothing was changed.") from error
    return manifest


def _compare_parts(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    present = set(archive.namelist()) - {MANIFEST}
    if different := present ^ set(manifest.parts):
        raise BackupError(f"The backup and its manifest disagree about {min(different)}. Nothing was changed.")
    for name, expected in manifest.parts.items():
        if name not in {DUMP, KEY} and not _is_inside_media(name):
            raise BackupError(f"The backup holds a part with a forbidden name: {name}. Nothing was changed.")
        size, digest = 0, hashlib.sha256()
        with archive.open(name) as part:
            while piece := part.read(PIECE):
                digest.update(piece)
                size += len(piece)
        if (size, digest.hexdigest()) != expected:
            raise BackupError(f"The part {name} of the backup is not what it was. Nothing was changed.")


def _is_inside_media(name: str) -> bool:
    path = PurePosixPath(name)
    return path.parts[0] == MEDIA and ".." not in path.parts and not path.is_absolute()


# --- bringing back ---


def restore(file: Path, *, force: bool = False) -> str:
    """Bring a backup back in place of what is there now.

    Parameters
    ----------
    file
        A file that :func:`backup` wrote.
    force
        Replace a database that already holds data.

    Returns
    -------
    str
        What was brought back, in words.

    Raises
    ------
    BackupError
        When the file is damaged, the database holds data, or somebody uses it. Nothing has changed then.
    """
    manifest = check(file)
    folder = home()
    with only_instance(folder, "bringing back a backup"), database.running(folder) as address:
        finish_restore(folder)
        _close_django()
        if not force and (table := _table_with_data(address)):
            raise BackupError(f"The database holds data ({table}). Use --force to replace it with the backup.")
        token = secrets.token_hex(8)
        try:
            with _fresh_database(address, token) as fresh:
                _load(file, manifest, fresh)
                _unpack(file, manifest, folder / f"{STAGE}{token}")
                _swap_databases(address)
        finally:
            finish_restore(folder)
    return f"{file} of {manifest.made_at} is back: {manifest.words}.{_words_on_other_key(manifest)}"


def finish_restore(folder: Path) -> None:
    """Complete a restore that was killed after its database took over, and clear away one that was killed before."""
    stages = list(folder.glob(f"{STAGE}*"))
    if not stages:
        return
    with psycopg.connect(database.url(folder)) as connection:
        token = _one(connection, MARK_QUERY)
    for stage in stages:
        if stage.name == token:
            _move_in(stage, folder)
        shutil.rmtree(stage)


def _move_in(stage: Path, folder: Path) -> None:
    """Move what belongs to the new database; every step may be the last one and is taken up again."""
    if (stage / MEDIA).exists():
        if (folder / MEDIA).exists():
            (folder / MEDIA).rename(stage / f"before-{secrets.token_hex(4)}")
        (stage / MEDIA).rename(folder / MEDIA)
    if (stage / KEY).exists():
        (stage / KEY).replace(folder / KEY)


def _unpack(file: Path, manifest: Manifest, stage: Path) -> None:
    stage.mkdir(mode=0o700)
    (stage / MEDIA).mkdir()
    with zipfile.ZipFile(file) as archive:
        for name in manifest.parts:
            if name == DUMP:
                continue
            target = stage / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as part, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
                shutil.copyfileobj(part, out, PIECE)
                out.flush()
                os.fsync(out.fileno())


@contextmanager
def _fresh_database(address: str, token: str) -> Iterator[str]:
    """Make an empty database beside the present one, and drop whichever of the two is left over at the end."""
    fresh = _beside(address, "restoring")
    _drop_leftovers(address)
    _administer(address, "CREATE DATABASE {fresh} TEMPLATE template0")
    try:
        _administer(address, "COMMENT ON DATABASE {fresh} IS {token}", token=f"{STAGE}{token}")
        yield fresh
    finally:
        _drop_leftovers(address)


def _drop_leftovers(address: str) -> None:
    """Either the fresh database, when it did not take over, or the old one, when it did."""
    for statement in ("DROP DATABASE IF EXISTS {fresh} WITH (FORCE)", "DROP DATABASE IF EXISTS {old} WITH (FORCE)"):
        _administer(address, statement)


def _load(file: Path, manifest: Manifest, fresh: str) -> None:
    """Fill the fresh database and compare it with the manifest."""
    arguments = ["--no-owner", "--no-acl", "--no-comments", "--exit-on-error"]
    with (
        zipfile.ZipFile(file) as archive,
        archive.open(DUMP) as dump,
        _program("pg_restore", fresh, arguments, stdin=subprocess.PIPE) as process,
    ):
        _pour(dump, process.stdin)
    with psycopg.connect(fresh) as connection:
        found = _rows(connection)
        connection.execute("ANALYZE")
    if found != manifest.tables:
        table = min(name for name in {*found, *manifest.tables} if found.get(name) != manifest.tables.get(name))
        raise BackupError(f"The table {table} did not come back whole. Nothing was changed.")


def _pour(dump: IO[bytes], target: IO[bytes] | None) -> None:
    if target:
        with target:
            shutil.copyfileobj(dump, target, PIECE)


def _swap_databases(address: str) -> None:
    """Give the fresh database the name of the present one: both or neither, even if we are killed now."""
    try:
        _administer(
            address,
            "ALTER DATABASE {present} RENAME TO {old}",
            "ALTER DATABASE {fresh} RENAME TO {present}",
        )
    except psycopg.errors.ObjectInUse as error:
        raise BackupError(
            "Somebody still uses the database (another gebyar command, or a server on another machine). "
            "End that and restore again. Nothing was changed."
        ) from error


def _administer(address: str, *statements: str, **literals: str) -> None:
    """Run statements on whole databases, several of them in one transaction."""
    name = str(conninfo_to_dict(address)["dbname"])
    names = {"present": name, "fresh": f"{name}_restoring", "old": f"{name}_before_restore"}
    filled = {key: sql.Identifier(value) for key, value in names.items()}
    values = {key: sql.Literal(value) for key, value in literals.items()}
    # CREATE and DROP DATABASE refuse to run in a transaction.
    with psycopg.connect(make_conninfo(address, dbname="postgres"), autocommit=len(statements) == 1) as connection:
        try:
            for statement in statements:
                connection.execute(sql.SQL(statement).format(**filled, **values))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupError(f"The database user may not make databases ({error}). Nothing was changed.") from error


def _beside(address: str, suffix: str) -> str:
    name = conninfo_to_dict(address)["dbname"]
    return make_conninfo(address, dbname=f"{name}_{suffix}")


def _table_with_data(address: str) -> str | None:
    with psycopg.connect(address) as connection:
        return next((name for name, rows in _rows(connection).items() if rows and name not in BOOKKEEPING), None)


def _words_on_other_key(manifest: Manifest) -> str:
    if manifest.key == _fingerprint(secret_key()):
        return ""
    return (
        " The secret key here is not the one of the backup: sealed numbers (NIK, NPWP) cannot be read until "
        f"that key is back, in {key_path()} or in GEBYAR_SECRET_KEY."
    )


def _close_django() -> None:
    """Our own connections would keep the databases from changing names."""
    from django.conf import settings  # noqa: PLC0415  restore works without Django, too

    if settings.configured:
        from django.db import connections  # noqa: PLC0415

        connections.close_all()


# --- both ways ---


def _fingerprint(key: str) -> str:
    """Tell keys apart without giving them away; slow, since a key that somebody chose may be weak."""
    return hashlib.scrypt(key.encode(), salt=b"gebyar backup", n=2**14, r=8, p=1, dklen=8).hex()


def _rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Count every table of the application."""
    tables = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    ).fetchall()
    return {
        f"{schema}.{table}": int(
            _one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table)))
        )
        for schema, table in tables
    }


def _one(connection: psycopg.Connection[Any], query: Any) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


@contextmanager
def _program(name: str, address: str, arguments: list[str], **pipes: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run pg_dump or pg_restore against this database; its last words become the error's.

    The password goes through the environment: everybody on the machine can read a command line.
    """
    parts: dict[str, Any] = conninfo_to_dict(address)
    password = parts.pop("password", None)
    with psycopg.connect(address) as connection:
        chosen = binaries.choose(at_least=connection.info.server_version // 10000)
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    with tempfile.NamedTemporaryFile() as words:
        process = subprocess.Popen(
            [chosen.program(name), *arguments, f"--dbname={make_conninfo(**parts)}"],
            env=environment,
            stderr=words,
            **pipes,  # type: ignore[call-overload]
        )
        broken = False
        try:
            yield process
        except BrokenPipeError:
            broken = True
        except BaseException:
            process.kill()
            raise
        finally:
            code = process.wait()
        if code != 0 or broken:
            last = Path(words.name).read_text(encoding="utf-8", errors="replace").strip()
            raise BackupError(f"{name} failed: {last}. Nothing was changed.")
