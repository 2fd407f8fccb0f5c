"""Work of this part that is done behind the pages, and once a day."""

from datetime import timedelta

from django_tasks import task

from gebyar.partnership.services.reminders import send_reminders
from gebyar.records.recurring import set_once

_EVERY = timedelta(hours=24)


@task()
def remind() -> int:
    """Send the reminders that are due, and set the task for the next day."""
    try:
        return send_reminders()
    finally:
        set_once(remind, after=_EVERY)
