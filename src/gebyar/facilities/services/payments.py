"""What was granted is paid out in one or more sums, never more than was granted."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.facilities.errors import NotGranted, NotNational, ReferenceKnown, TooMuch, UnfitPayment
from gebyar.facilities.models import Application, Disbursement
from gebyar.facilities.queries.applications import paid_of
from gebyar.facilities.wording import grouped
from gebyar.records.locking import lock
from gebyar.records.services import record_audit


@transaction.atomic
def pay(*, actor: User, application: Application, amount: int, paid_on: date, reference: str) -> Disbursement:
    """Note a sum that was paid to a firm.

    Raises
    ------
    NotNational, NotGranted, UnfitPayment, TooMuch, ReferenceKnown
        Nothing is stored then.
    """
    if not actor.has_perm("facilities.allot"):
        raise NotNational
    locked = lock(Application.objects.filter(pk=application.pk)).get()
    if locked.status != Application.Status.ADMITTED or not locked.granted:
        raise NotGranted
    if amount < 1 or paid_on > timezone.localdate() or not reference.strip():
        raise UnfitPayment
    left = locked.granted - paid_of(locked)
    if amount > left:
        raise TooMuch(left=grouped(left))
    made = _store(locked, actor, amount, paid_on, reference)
    after = {"amount": amount, "paid_on": paid_on.isoformat(), "reference": made.reference}
    record_audit(actor=actor, verb="facilities.pay", target=locked, after=after)
    return made


def _store(application: Application, actor: User, amount: int, paid_on: date, reference: str) -> Disbursement:
    try:
        with transaction.atomic():
            return Disbursement.objects.create(
                application=application, amount=amount, paid_on=paid_on, reference=reference.strip()[:80], by=actor
            )
    except IntegrityError as error:
        raise ReferenceKnown from error
