"""Background work: take tasks from the database, and take up again what a killed worker left."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from gebyar.records.recurring import set_once

logger = logging.getLogger(__name__)

# First of the two keys of PostgreSQL's advisory locks; the second one says which worker.
WORKER_LOCK = 0x6762
MOST_ATTEMPTS = 3
KEEP_DAYS = 30
LOST_WORDS = "The worker was ended {attempts} times while it did this; it is not tried again."


def work() -> None:
    """Run background tasks until told to stop (SIGINT or SIGTERM: the present task is finished first)."""
    name = f"gebyar-{secrets.token_hex(8)}"
    with alive(name):
        take_up_lost()
        for path in settings.RECURRING_TASKS:
            set_once(import_string(path))
        call_command("prune_db_task_results", min_age_days=KEEP_DAYS, verbosity=0)
        call_command("db_worker", worker_id=name, queue_name="*", reload=False, startup_delay=False, verbosity=0)


@contextmanager
def alive(worker: str) -> Iterator[None]:
    """Hold a lock in the database for as long as this worker lives: the server frees it however we end."""
    with psycopg.connect(**connection_parameters(), autocommit=True) as own:
        own.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [WORKER_LOCK, worker])
        yield


def take_up_lost() -> int:
    """Put tasks back whose worker is gone; those that ended several workers are given up.

    Returns
    -------
    int
        How many tasks wait again.
    """
    again = 0
    with transaction.atomic():
        for task in DBTaskResult.objects.running().select_for_update(skip_locked=True):
            if task.worker_ids and _is_alive(task.worker_ids[-1]):
                continue
            if len(task.worker_ids) >= MOST_ATTEMPTS:
                task.set_failed(RuntimeError(LOST_WORDS.format(attempts=len(task.worker_ids))))
                continue
            task.status, task.started_at = "READY", None
            task.save(update_fields=["status", "started_at"])
            again += 1
    if again:
        logger.warning("%s tasks of a worker that was ended are done again.", again)
    return again


def connection_parameters() -> dict[str, Any]:
    """Return what psycopg needs to reach Django's database over a connection of its own."""
    parameters = connection.get_connection_params()
    return {
        name: value
        for name, value in parameters.items()
        if name not in {"cursor_factory", "context", "prepare_threshold", "client_encoding"}
    }


def _is_alive(worker: str) -> bool:
    """Somebody else holds the worker's lock; ours would end with this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [WORKER_LOCK, worker])
        return not cursor.fetchone()[0]
