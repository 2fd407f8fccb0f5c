"""Start the long work on a delivery behind the page. Whoever presses twice starts it once."""

from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gebyar.accounts.models import User
from gebyar.records.errors import DomainError
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.models import Delivery
from gebyar.registry.services.deliveries.taking_in import BeingTakenIn, HasErrors, PartlyTaken, check, take_in

# Called with the delivery and the actor once the transaction is over; the task behind it is idempotent.
Enqueue = Callable[[int, int | None], object]


class NotChecked(DomainError):
    words = _("This list has not been checked yet. Check it first, so that you see what will be taken in.")


@transaction.atomic
def start_check(*, actor: User, delivery: Delivery, enqueue: Enqueue) -> None:
    """Have the list checked; asked again while it is, a second check finds the first one at work and ends.

    Raises
    ------
    PartlyTaken
        When rows of it stand in the register already.
    """
    held = lock(Delivery.objects.filter(pk=delivery.pk)).get()
    if held.cursor or held.status in {Delivery.Status.RUNNING, Delivery.Status.DONE}:
        raise PartlyTaken
    held.status, held.counts, held.note = Delivery.Status.UPLOADED, {"checked": 0}, ""
    held.save(update_fields=["status", "counts", "note"])
    transaction.on_commit(partial(enqueue, held.pk, actor.pk))


@transaction.atomic
def start_taking_in(*, actor: User, delivery: Delivery, enqueue: Enqueue, mode: str = "") -> None:
    """Have the list taken in, or go on with one that was interrupted.

    Raises
    ------
    NotChecked
        When nobody has seen yet what is in it.
    HasErrors
        When all rows are wanted and some have errors.
    """
    held = lock(Delivery.objects.filter(pk=delivery.pk)).get()
    if held.status == Delivery.Status.DONE:
        return
    if not held.cursor:
        _refuse_unready(held, mode)
    held.status, held.note = Delivery.Status.RUNNING, ""
    held.save(update_fields=["status", "note", "mode"])
    record_audit(actor=actor, verb="registry.start_taking_in", target=held, after={"mode": held.mode})
    transaction.on_commit(partial(enqueue, held.pk, actor.pk))


def _refuse_unready(held: Delivery, mode: str) -> None:
    if held.counts.get("good") is None:
        raise NotChecked
    held.mode = mode or held.mode
    if held.mode == Delivery.Mode.ALL_OR_NOTHING and held.rows_refused:
        raise HasErrors.of(held.rows_refused)


def work_on(*, delivery: Delivery, actor: User | None) -> None:
    """Do what was started: check the list, or take it in. Errors are kept with the delivery, in words.

    Called again for the same delivery it finds the work done, or goes on where it stopped.
    """
    try:
        if delivery.status == Delivery.Status.RUNNING:
            take_in(actor=actor, delivery=delivery)
        elif "checked" in delivery.counts:
            check(delivery=delivery)
    except BeingTakenIn:
        return
    except HasErrors as error:
        _note(delivery, Delivery.Status.CHECKED, str(error))
    except DomainError as error:
        _note(delivery, Delivery.Status.FAILED, str(error))
    except Exception:
        _note(delivery, Delivery.Status.FAILED, "")
        raise


def _note(delivery: Delivery, status: Delivery.Status, words: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).exclude(status=Delivery.Status.DONE).update(status=status, note=words)
