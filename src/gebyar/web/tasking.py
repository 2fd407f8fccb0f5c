"""Background tasks in the database, each with a request id of its own in the audit trail."""

from typing import Any

from django_tasks.base import Task
from django_tasks_db.backend import DatabaseBackend

from gebyar.records.requests import one_request


class OwnRequestTask(Task):  # type: ignore[type-arg]
    def call(self, *args: Any, **kwargs: Any) -> Any:
        with one_request():
            return super().call(*args, **kwargs)


class TaskBackend(DatabaseBackend):
    task_class = OwnRequestTask
