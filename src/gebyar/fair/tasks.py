"""Work of the fair that takes longer than a page may, or has its hour."""

from datetime import timedelta

from django_tasks import task

from gebyar.fair.models import Plan
from gebyar.fair.services.plans import run_plan
from gebyar.fair.services.reminders import remind_before_deadlines, send_reminders
from gebyar.records.recurring import set_once

_EVERY = timedelta(hours=6)


@task()
def make_plan(plan_id: int) -> None:
    """Make the plan; done again after a kill it starts afresh, and a finished one it leaves alone."""
    plan = Plan.objects.select_related("round__fair", "based_on").filter(pk=plan_id).first()
    if plan is not None and plan.status == Plan.Status.RUNNING:
        run_plan(plan=plan)


@task()
def remind(round_id: int) -> None:
    """Write to participants whose requests or answers are missing; set once for each reminder of a round."""
    send_reminders(round_id=round_id)


@task()
def look_at_deadlines() -> int:
    """Remind rounds whose deadline is near, and set the task for the next look."""
    try:
        return remind_before_deadlines()
    finally:
        set_once(look_at_deadlines, after=_EVERY)
