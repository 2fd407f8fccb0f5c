from django_tasks import task

from gebyar.fair.models import Plan
from gebyar.fair.services import run_plan


@task()
def make_plan(plan_id: int, seconds: int) -> None:
    """Make the plan; a second run of the same task finds it finished and does nothing."""
    plan = Plan.objects.select_related("day__fair").get(pk=plan_id)
    if plan.status == Plan.Status.RUNNING:
        run_plan(plan=plan, seconds=seconds)
