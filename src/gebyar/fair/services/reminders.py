"""Mails before a deadline: to whoever has asked nobody yet, and to whoever has not answered."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.fair.errors import WrongMoment
from gebyar.fair.models import MeetingRequest, Participant, Round
from gebyar.fair.services.turns import held
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.models import FirmMember

PAUSE = timedelta(hours=20)  # so that two presses, or a press and the daily task, write once a day
WARNING = timedelta(hours=24)


@transaction.atomic
def remind_participants(*, actor: User | None, round_: Round) -> bool:
    """Have everybody reminded whose requests or answers are missing, at most once in `PAUSE`.

    Returns
    -------
    bool
        Whether mails will be sent; False when they were sent a short while ago.

    Raises
    ------
    WrongMoment
        When the round takes neither requests nor answers.
    """
    from gebyar.fair.tasks import remind  # noqa: PLC0415  the task calls back into this module

    found = held(round_.pk)
    if not (found.takes_requests or found.takes_answers):
        raise WrongMoment(status=found.get_status_display())
    if found.reminded_at is not None and timezone.now() - found.reminded_at < PAUSE:
        return False
    found.reminded_at = timezone.now()
    found.save(update_fields=["reminded_at"])
    record_audit(actor=actor, verb="fair.remind_participants", target=found)
    transaction.on_commit(lambda: remind.enqueue(found.pk))
    return True


def remind_before_deadlines() -> int:
    """Remind the participants of every round whose requests or answers end within `WARNING`, once.

    Returns
    -------
    int
        How many rounds were reminded.
    """
    now = timezone.now()
    near = Q(ask_until__range=(now, now + WARNING)) | Q(answer_until__range=(now, now + WARNING))
    count = 0
    for found in Round.objects.filter(near, status=Round.Status.ASKING).order_by("pk"):
        with suppress(WrongMoment):  # closed since it was looked up; the others are reminded all the same
            count += remind_participants(actor=None, round_=found)
    return count


def send_reminders(*, round_id: int) -> int:
    """Write the mails of a reminder; run again, it writes to nobody twice.

    Returns
    -------
    int
        How many participants were written to.
    """
    found = Round.objects.select_related("fair").filter(pk=round_id).first()
    if found is None:
        return 0
    missing = list(_missing(found))
    return sum(_write_once(found, person, unanswered, has_asked=has_asked) for person, unanswered, has_asked in missing)


@transaction.atomic
def _write_once(found: Round, person: Participant, unanswered: int, *, has_asked: bool) -> bool:
    """Mark the participant, then write: a task that was killed and runs again writes to the others only."""
    now = lock(Participant.objects.filter(pk=person.pk)).get()
    if found.reminded_at and now.reminded_at and now.reminded_at >= found.reminded_at:
        return False
    now.reminded_at = timezone.now()
    now.save(update_fields=["reminded_at"])
    _write(found, person, unanswered, has_asked=has_asked)
    return True


def _missing(found: Round) -> Iterable[tuple[Participant, int, bool]]:
    """Yield participants with how many requests they have not answered, and whether they have asked anybody."""
    there = found.requests.filter(withdrawn_at__isnull=True)
    asked = set(there.values_list("asker", flat=True))
    waiting: dict[int, int] = {}
    for key in there.filter(answer=MeetingRequest.Answer.OPEN).values_list("asked", flat=True):
        waiting[key] = waiting.get(key, 0) + 1
    people = found.participants.exclude(status=Participant.Status.WITHDRAWN).select_related("firm")
    for person in people:
        unanswered = waiting.get(person.pk, 0) if found.takes_answers else 0
        if unanswered or (found.takes_requests and person.pk not in asked):
            yield person, unanswered, person.pk in asked or not found.takes_requests


def _write(found: Round, person: Participant, unanswered: int, *, has_asked: bool) -> None:
    link = settings.SITE_URL + reverse("fair:participation", args=[person.pk])
    members = FirmMember.objects.filter(firm=person.firm_id, ended_at__isnull=True, user__is_active=True)
    with translation.override(settings.LANGUAGE_CODE):
        words = {"round": found, "firm": person.firm, "unanswered": unanswered, "has_asked": has_asked, "link": link}
        text = render_to_string("fair/email/reminder.txt", words)
        subject = _("Gebyar: your meetings at %(fair)s") % {"fair": found.fair.name}
        for address in members.values_list("user__email", flat=True):
            send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [address])
