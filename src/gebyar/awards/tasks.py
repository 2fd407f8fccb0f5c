"""Work of the awards that takes longer than a page may, or has its hour."""

from datetime import timedelta

from django_tasks import task

from gebyar.awards.models import PanelPlan
from gebyar.awards.services.letters_judging import write_all
from gebyar.awards.services.panels import run_panels
from gebyar.awards.services.reminders_judging import remind_before_closing
from gebyar.records.recurring import set_once

_EVERY = timedelta(hours=6)


@task()
def make_panels(plan_id: int) -> None:
    """Make the panels; done again after a kill it starts afresh, and a finished proposal it leaves alone."""
    plan = PanelPlan.objects.filter(pk=plan_id).first()
    if plan is not None and plan.status == PanelPlan.Status.RUNNING:
        run_panels(plan=plan)


@task()
def mail_judges(judges: list[int], stage_id: int, kind: str) -> int:
    """Write to judges of a stage about the entries that wait for them."""
    return write_all(judges, stage_id, kind)


@task()
def look_at_judging() -> int:
    """Remind judges of stages that close soon, and set the task for the next look."""
    try:
        return remind_before_closing()
    finally:
        set_once(look_at_judging, after=_EVERY)
