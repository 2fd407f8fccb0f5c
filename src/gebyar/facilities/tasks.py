"""Work of this part that is done behind the pages, and once a day."""

from datetime import timedelta

from django_tasks import task

from gebyar.facilities.services.following import remind_follow_ups
from gebyar.facilities.services.unused import make_table
from gebyar.records.recurring import set_once

_EVERY = timedelta(hours=24)


@task()
def make_day_table() -> None:
    """Make the table of who could use what; run twice it is made twice, with the same outcome."""
    make_table()


@task()
def remind() -> int:
    """Write to firms whose year after the help is over, and set the task for the next day."""
    try:
        return remind_follow_ups()
    finally:
        set_once(remind, after=_EVERY)
