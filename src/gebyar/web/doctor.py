"""Start-up checks in plain words: what is well, what is not, and what to do about it."""

import locale
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import psycopg
from rich.console import Console
from rich.table import Table

from gebyar.web import binaries, database, serving
from gebyar.web.cluster import Cluster
from gebyar.web.home import SetupError, home, key_path

OLDEST_PYTHON = (3, 11)
GIGABYTE = 2**30
DISK_FAIL, DISK_WARN = 1, 10  # GB; the whole nation's register needs about 10
SHORTEST_KEY = 40
CLOCK_SECONDS = 5
WAITING_MINUTES = 15
STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


@dataclass(frozen=True)
class Check:
    """One thing looked at: its state, what was found, and what to do unless all is well."""

    name: str
    state: Literal["ok", "warn", "fail"]
    words: str
    remedy: str = ""


def run_doctor(console: Console | None = None) -> int:
    """Print all checks; return the exit code, 1 when one of them fails."""
    found = checks()
    (console or Console()).print(_table(found))
    return int(any(check.state == "fail" for check in found))


def checks() -> list[Check]:
    """Look at everything; a check that itself breaks counts as failed and keeps none of the others from running."""
    found = [_guarded(look) for look in (python, data_folder, disk, secret_key, locale_of_system)]
    try:
        with database.running(home()) as address, psycopg.connect(address, autocommit=True) as connection:
            found += [_guarded(look, connection) for look in (server, extensions, encoding, clock)]
            serving.set_up_django()
            found += [_guarded(look) for look in (migrations, background_work, mail, address_of_site)]
    except (SetupError, psycopg.Error) as error:
        found.append(Check("database", "fail", str(error).strip(), "See above."))
    return found


# --- this machine ---


def python() -> Check:
    words = f"Python {sys.version.split()[0]}"
    if sys.version_info >= OLDEST_PYTHON:
        return Check("Python", "ok", words)
    return Check("Python", "fail", words, "Gebyar needs Python 3.11 or newer.")


def data_folder() -> Check:
    folder = home()
    state = folder.stat()
    if state.st_uid not in {os.geteuid(), 0}:
        return Check("data folder", "warn", f"{folder} belongs to another user", "Start Gebyar as that user.")
    if state.st_mode & (stat.S_IROTH | stat.S_IWOTH):
        return Check("data folder", "warn", f"Other users may look into {folder}", f"chmod 700 {folder}")
    return Check("data folder", "ok", str(folder))


def disk() -> Check:
    place = Cluster(home()).place if database.is_embedded() else home()
    free = shutil.disk_usage(place if place.exists() else home()).free / GIGABYTE
    words = f"{free:.1f} GB free"
    if free >= DISK_WARN:
        return Check("disk", "ok", words)
    remedy = "Make room, or move the data folder (GEBYAR_HOME). The whole nation's register needs about 10 GB."
    return Check("disk", "warn" if free >= DISK_FAIL else "fail", words, remedy)


def secret_key() -> Check:
    named = os.environ.get("GEBYAR_SECRET_KEY")
    if named:
        if len(named) >= SHORTEST_KEY:
            return Check("secret key", "ok", "in GEBYAR_SECRET_KEY")
        remedy = f"Use {SHORTEST_KEY} random characters or more. Changing it makes sealed numbers unreadable."
        return Check("secret key", "warn", "GEBYAR_SECRET_KEY is short", remedy)
    path = key_path()
    if not path.exists():
        return Check("secret key", "ok", f"will be made in {path} at the first start")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Check("secret key", "fail", f"Other users may read {path}", f"chmod 600 {path}")
    return Check("secret key", "ok", f"{path} (keep a copy in another place)")


def locale_of_system() -> Check:
    found = locale.getencoding()
    if found.lower().replace("-", "") == "utf8":
        return Check("locale", "ok", found)
    remedy = "Set LANG=C.UTF-8 (or id_ID.UTF-8) where Gebyar is started."
    return Check("locale", "warn", f"The system's encoding is {found}", remedy)


# --- the database ---


def server(connection: psycopg.Connection[Any]) -> Check:
    version = str(_one(connection, "SHOW server_version"))
    where = "in the data folder" if database.is_embedded() else "named by DATABASE_URL"
    if connection.info.server_version // 10000 >= binaries.OLDEST_MAJOR:
        return Check("database", "ok", f"PostgreSQL {version}, {where}")
    remedy = f"Gebyar needs PostgreSQL {binaries.OLDEST_MAJOR} or newer."
    return Check("database", "fail", f"PostgreSQL {version}, {where}", remedy)


def extensions(connection: psycopg.Connection[Any]) -> Check:
    known = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
    missing = [name for name in database.EXTENSIONS if name not in known]
    if not missing:
        return Check("extensions", "ok", ", ".join(database.EXTENSIONS))
    remedy = "Ask the server's administrator: " + " ".join(f"CREATE EXTENSION {name};" for name in missing)
    return Check("extensions", "fail", f"missing: {', '.join(missing)}", remedy)


def encoding(connection: psycopg.Connection[Any]) -> Check:
    found = str(_one(connection, "SHOW server_encoding"))
    if found == "UTF8":
        return Check("encoding", "ok", found)
    remedy = "Make a new database with encoding UTF8 and restore a backup into it."
    return Check("encoding", "fail", f"The database stores text as {found}", remedy)


def clock(connection: psycopg.Connection[Any]) -> Check:
    """Compare our clock with the server's, and with what was done before: time does not go back."""
    before = datetime.now(UTC)
    theirs = _one(connection, "SELECT clock_timestamp()")
    ours = before + (datetime.now(UTC) - before) / 2
    remedy = "Set the clock (timedatectl set-ntp true): one-time codes and deadlines depend on it."
    apart = abs((ours - theirs).total_seconds())
    if apart > CLOCK_SECONDS:
        return Check("clock", "fail", f"{apart:.0f} seconds apart from the database's clock", remedy)
    newest = max(_last_times(connection), default=ours)
    if newest > ours + timedelta(minutes=1):
        return Check("clock", "fail", f"It says {ours:%Y-%m-%d %H:%M} UTC, but work was done after that", remedy)
    return Check("clock", "ok", f"{datetime.now().astimezone():%Y-%m-%d %H:%M} {time.strftime('%Z')}")


def migrations() -> Check:
    waiting = serving.pending_migrations()
    if not waiting:
        return Check("migrations", "ok", "none waiting")
    return Check("migrations", "warn", f"{len(waiting)} waiting", "`gebyar serve` applies them; make a backup first.")


def background_work() -> Check:
    from django.utils import timezone  # noqa: PLC0415  needs settings
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415  needs the apps

    if serving.pending_migrations():
        return Check("background work", "ok", "nothing yet")
    since = timezone.now() - timedelta(minutes=WAITING_MINUTES)
    late = DBTaskResult.objects.ready().filter(enqueued_at__lt=since).count()
    if not late:
        return Check("background work", "ok", "nothing waits for long")
    words = f"{late} tasks have waited for more than {WAITING_MINUTES} minutes"
    return Check("background work", "warn", words, "Start `gebyar serve` or `gebyar worker`.")


# --- the outside ---


def mail() -> Check:
    from django.conf import settings  # noqa: PLC0415  not before the database is there
    from django.core.mail import get_connection  # noqa: PLC0415

    if not settings.EMAIL_HOST:
        words = f"No mail server: mails lie as files in {settings.EMAIL_FILE_PATH}"
        return Check("mail", "warn", words, "Set GEBYAR_MAIL_HOST (docs/reference/settings.md).")
    where = f"{settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
    try:
        connection = get_connection(timeout=10)
        connection.open()
        connection.close()
    except OSError as error:  # smtplib's errors are among them
        return Check("mail", "fail", f"{where}: {error}", "Look at GEBYAR_MAIL_HOST, _PORT, _USER and _PASSWORD.")
    return Check("mail", "ok", where)


def address_of_site() -> Check:
    from django.conf import settings  # noqa: PLC0415  not before the database is there

    address = settings.SITE_URL
    if settings.DEBUG:
        return Check("address", "warn", f"{address}, with GEBYAR_DEBUG=1", "Leave GEBYAR_DEBUG out: it shows secrets.")
    if address.startswith("https://") or "//127.0.0.1" in address or "//localhost" in address:
        return Check("address", "ok", address)
    remedy = "Put a web server with a certificate in front and set GEBYAR_URL to its https address."
    return Check("address", "warn", f"{address} sends passwords in the open", remedy)


# --- parts ---


def _guarded(look: Callable[..., Check], *arguments: object) -> Check:
    try:
        return look(*arguments)
    except Exception as error:  # noqa: BLE001  a check must not take the others down with it
        name = look.__name__.replace("_", " ")
        return Check(name, "fail", f"could not be looked at: {error}", "Report this, with the words before.")


def _last_times(connection: psycopg.Connection[Any]) -> Iterator[datetime]:
    if _one(connection, "SELECT to_regclass('django_migrations')"):
        applied = _one(connection, "SELECT max(applied) FROM django_migrations")
        if applied:
            yield applied
    yield datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)


def _one(connection: psycopg.Connection[Any], query: Any) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _table(found: list[Check]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in found:
        table.add_row(f"[{STYLES[check.state]}]{check.state}[/]", check.name, check.words)
        if check.remedy:
            table.add_row("", "", f"[dim]→ {check.remedy}[/dim]")
    return table
