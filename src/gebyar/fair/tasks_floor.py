"""Work of the fair's day that a page does not wait for."""

from django_tasks import task

from gebyar.fair.models import Participant
from gebyar.fair.services.notices import mail_waiting_notices


@task()
def mail_notices(participant_ids: list[int]) -> None:
    """Mail each of these participants what changed; run again it sends nothing twice."""
    for participant in Participant.objects.filter(pk__in=participant_ids).select_related("firm", "round__fair"):
        mail_waiting_notices(participant=participant)
