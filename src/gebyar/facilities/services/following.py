"""A year after: the firm is asked once, and says what became of workers, sales, output and readiness."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.facilities.errors import NotFollowed, NotYourFirm
from gebyar.facilities.models import Application, FollowUp
from gebyar.facilities.services.letters import write_follow_up
from gebyar.facilities.snapshots import latest_index
from gebyar.records.locking import lock
from gebyar.records.services import record_audit

AFTER = timedelta(days=365)
ASKED = ("workers", "sales", "production_value")


def begin_follow_up(application: Application) -> FollowUp:
    """Note when the firm is asked, and what it was before; part of the transaction that grants."""
    before = application.facts.get("before", {})
    due = timezone.localdate() + AFTER
    found, _made = FollowUp.objects.get_or_create(application=application, defaults={"due_on": due, "before": before})
    return found


@transaction.atomic
def answer_follow_up(
    *, actor: User, application: Application, figures: dict[str, int | None], note: str = ""
) -> FollowUp:
    """Say how the firm stands now; its last readiness index is taken from the register.

    Raises
    ------
    NotYourFirm, NotFollowed
        Nothing is changed then.
    """
    if not actor.has_perm("facilities.apply", application.firm):
        raise NotYourFirm
    found = lock(FollowUp.objects.filter(application=application)).first()
    if found is None or application.status != Application.Status.ADMITTED:
        raise NotFollowed
    after: dict[str, Any] = {name: figures.get(name) for name in ASKED}
    after["index"] = latest_index(application.firm)
    found.after, found.note, found.answered_at, found.answered_by = after, note.strip()[:2000], timezone.now(), actor
    found.save(update_fields=["after", "note", "answered_at", "answered_by"])
    record_audit(actor=actor, verb="facilities.answer_follow_up", target=application, after=after)
    return found


def remind_follow_ups(*, today: date | None = None) -> int:
    """Write to firms whose year is over; called twice, or by two workers at once, each is written to once.

    Returns
    -------
    int
        Number of firms written to.
    """
    day = today or timezone.localdate()
    due = FollowUp.objects.filter(due_on__lte=day, reminded_at__isnull=True, answered_at__isnull=True)
    return sum(_remind(number) for number in list(due.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _remind(number: int) -> bool:
    found = lock(FollowUp.objects.select_related("application__firm", "application__call").filter(pk=number)).get()
    if found.reminded_at is not None or found.application.status != Application.Status.ADMITTED:
        return False
    found.reminded_at = timezone.now()
    found.save(update_fields=["reminded_at"])
    record_audit(actor=None, verb="facilities.remind_follow_up", target=found.application)
    transaction.on_commit(lambda: write_follow_up(found), robust=True)
    return True
