"""Tasks that set their own next run: whatever is done every so often, by whichever worker is there."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from gebyar.records.locking import take_turns

# Workers that start together queue here, so that one of them sets the task.
RECURRING_LOCK = 0x6765_6279_6464


@transaction.atomic
def set_once(task: Task, *, after: timedelta = timedelta()) -> bool:
    """See to it that a task without arguments waits for its run, however many workers ask for it.

    Parameters
    ----------
    after
        How long it waits.

    Returns
    -------
    bool
        Whether it was set; False when one waits already.
    """
    take_turns(RECURRING_LOCK)
    if DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=task.module_path).exists():
        return False
    (task.using(run_after=timezone.now() + after) if after else task).enqueue()
    return True
