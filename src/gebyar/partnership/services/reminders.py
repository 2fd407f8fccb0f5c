"""Ask each side of a deal how it stands, once at each term."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from gebyar.partnership.models import DealStatement, Reminder
from gebyar.partnership.services.letters import write_reminder
from gebyar.records.locking import lock
from gebyar.records.services import record_audit


def send_reminders(*, today: date | None = None) -> int:
    """Send what is due; called twice, or by two workers at once, each reminder goes out once.

    A deal that its side has ended is not asked about any more.

    Parameters
    ----------
    today
        The day up to which reminders are due; today when left out.

    Returns
    -------
    int
        Number of reminders sent.
    """
    day = today or timezone.localdate()
    due = Reminder.objects.filter(due_on__lte=day, sent_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    return sum(_send(reminder) for reminder in list(due))


@transaction.atomic
def _send(number: int) -> bool:
    """Mark one reminder as sent, and mail it once that is certain."""
    reminder = lock(Reminder.objects.select_related("deal__seller", "deal__buyer").filter(pk=number)).first()
    if reminder is None or reminder.sent_at is not None:  # its deal is gone, or another worker was faster
        return False
    reminder.sent_at = timezone.now()
    reminder.save(update_fields=["sent_at"])
    if _is_over(reminder):
        return False
    after = {"side": reminder.side, "months": reminder.months}
    record_audit(actor=None, verb="partnership.send_reminder", target=reminder.deal, after=after)
    transaction.on_commit(lambda: write_reminder(reminder), robust=True)
    return True


def _is_over(reminder: Reminder) -> bool:
    said = reminder.deal.statements.filter(side=reminder.side, withdrawn_at__isnull=True).order_by("-on_date", "-pk")
    last = said.first()
    return last is not None and last.stage == DealStatement.Stage.ENDED
