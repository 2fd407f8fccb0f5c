"""The processes that `gebyar serve` starts: ``python -m gebyar.web.children web|worker …``.

They end when the process that started them ends, however it ends.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

PR_SET_PDEATHSIG = 1  # linux/prctl.h
SETTINGS = "gebyar.web.settings"
WSGI = "gebyar.web.wsgi:application"
KILL_AFTER_SECONDS = 10
THREADS = 8  # each keeps a database connection; four processes of them leave two thirds of the 100 free


def follow_parent(parent: int, number: signal.Signals) -> None:
    """Ask to be ended when the parent ends, even by kill -9, when nobody is left to tell us.

    Parameters
    ----------
    parent
        Its process id, as it knows it itself: it may have ended before we asked.
    number
        The signal to be sent to this process then.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    else:
        threading.Thread(target=_watch_parent, args=(parent, number), daemon=True).start()
    if os.getppid() != parent:
        sys.exit(0)


def web(host: str, port: int, workers: int) -> None:
    """Serve the pages until told to stop."""
    from granian import Granian  # noqa: PLC0415  the worker needs none of it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        WSGI,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=4 * THREADS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER_SECONDS,
    ).serve(target_loader=load_application)


def load_application(_target: str) -> Callable[..., Any]:
    """Load the pages in one of granian's own processes, which must not outlive granian either."""
    follow_parent(os.getppid(), signal.SIGTERM)
    from django.urls import get_resolver  # noqa: PLC0415  only here, not in the process that watches

    from gebyar.web.wsgi import application  # noqa: PLC0415

    # Django would load the pages' code at the first request, which then takes seconds.
    _ = get_resolver().url_patterns
    return application


def _watch_parent(parent: int, number: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), number)


def main(arguments: list[str]) -> None:
    kind, parent, *rest = arguments
    # Told to end, a worker finishes its task first, which may take an hour; ended, its task is done again later.
    follow_parent(int(parent), signal.SIGTERM if kind == "web" else signal.SIGKILL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if kind == "web":
        host, port, workers = rest
        web(host, int(port), int(workers))
    else:
        import django  # noqa: PLC0415

        django.setup()
        from gebyar.web.background import work  # noqa: PLC0415  needs the apps

        work()


if __name__ == "__main__":
    main(sys.argv[1:])
