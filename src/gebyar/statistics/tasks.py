from django_tasks import task

from gebyar.accounts.models import User
from gebyar.statistics.services import take_snapshot


@task()
def make_snapshot(user_id: int | None) -> None:
    """Take a snapshot; run twice it leaves two, and the page shows the newer one."""
    take_snapshot(actor=User.objects.filter(pk=user_id).first())
