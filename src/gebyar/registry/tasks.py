"""Work of the register that takes longer than a page may."""

from django_tasks import task

from gebyar.accounts.models import User
from gebyar.registry.models import Delivery
from gebyar.registry.services.deliveries.starting import work_on


@task()
def work_on_delivery(delivery_id: int, user_id: int | None) -> None:
    """Check a list or take it in, whichever was started; done again after a kill it goes on where it stopped."""
    work_on(
        delivery=Delivery.objects.select_related("source").get(pk=delivery_id),
        actor=User.objects.filter(pk=user_id).first() if user_id else None,
    )


def enqueue_delivery(delivery_id: int, user_id: int | None) -> None:
    work_on_delivery.enqueue(delivery_id, user_id)
