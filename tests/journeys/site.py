"""A real Gebyar for the browser: `gebyar serve` with its worker, on the test run's database."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import connection
from tests.web.servers import environment, until

SERVE = "from gebyar.web.serving import serve; serve(port={port}, workers=1, ready=lambda address: print('ready', flush=True))"


@dataclass(frozen=True)
class Site:
    address: str
    folder: Path

    def mail_to(self, address: str) -> Message:
        """Wait for the newest mail to somebody; without a mail server mails lie as files in the data folder."""
        return until(lambda: self._newest_mail(address), seconds=20)

    def _newest_mail(self, address: str) -> Message | None:
        files = sorted((self.folder / "mail").glob("*"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        mails = (
            message_from_bytes(part) for file in files for part in file.read_bytes().split(b"-" * 79) if part.strip()
        )
        return next((mail for mail in mails if mail["To"] == address), None)


@contextmanager
def served_site() -> Iterator[Site]:
    """Serve until the block ends; the data folder is thrown away, what the server said is shown when it fails."""
    folder = Path(tempfile.mkdtemp(prefix="gj-", dir="/tmp"))
    port = _free_port()
    site = Site(f"http://127.0.0.1:{port}", folder)
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE.format(port=port)],
            env=environment(
                folder,
                DATABASE_URL=_database_address(),
                GEBYAR_URL=site.address,
                DJANGO_SETTINGS_MODULE="gebyar.web.settings",
            ),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_ready(process, folder / "serve.log")
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _database_address() -> str:
    """Name the database of this test process, which Django has made beside the project's own."""
    now = connection.settings_dict
    who = quote(now["USER"], safe="") + (f":{quote(now['PASSWORD'], safe='')}" if now.get("PASSWORD") else "")
    where = urlencode({"host": now["HOST"], "port": now["PORT"]})
    return f"postgresql://{who}@/{now['NAME']}?{where}"


def _await_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    def is_ready() -> bool:
        assert process.poll() is None, f"The server ended:\n{log.read_text(encoding='utf-8')[-4000:]}"
        return b"ready" in log.read_bytes().splitlines()

    until(is_ready, seconds=120)
