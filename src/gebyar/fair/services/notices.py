"""Tell participants what changed for them, and nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gebyar.fair.models import MeetingLog, Notice, Participant, Plan, PlannedMeeting
from gebyar.fair.queries.notices import ADDED, DROPPED, MOVED, TABLE, notice_words
from gebyar.records.locking import lock
from gebyar.registry.models import FirmMember


@dataclass(frozen=True)
class _Change:
    code: str
    meeting: PlannedMeeting
    parameters: dict[str, Any]


def note_changes(*, before: Plan | None, after: Plan) -> list[Notice]:
    """Write a notice to both sides of each meeting that moved, came or went, and mail them on commit.

    Call it inside the transaction that publishes `after` instead of `before`. The first publication changes nothing
    for anybody, so it writes none.
    """
    if before is None or before.pk == after.pk:
        return []
    changes = list(_changes(before, after))
    _forget_outdated_logs(after, [one.meeting.request_id for one in changes if one.code in {MOVED, ADDED}])
    notices = Notice.objects.bulk_create(notice for change in changes for notice in _to_both(change))
    if notices:
        people = sorted({notice.participant_id for notice in notices})
        transaction.on_commit(lambda: _enqueue(people), robust=True)
    return notices


def _forget_outdated_logs(shown: Plan, requests: list[int]) -> None:
    """Forget that somebody did not come to a meeting which now lies ahead again; the audit trail keeps it."""
    MeetingLog.objects.filter(
        state=MeetingLog.State.NO_SHOW,
        request__in=requests,
        request__planned__plan=shown,
        request__planned__slot__starts_at__gt=F("noted_at"),
    ).delete()


def _enqueue(participants: list[int]) -> None:
    from gebyar.fair.tasks_floor import mail_notices  # noqa: PLC0415  the task calls back into this module

    mail_notices.enqueue(participants)


def _meetings(plan: Plan) -> dict[int, PlannedMeeting]:
    rows = plan.meetings.select_related("slot", "request__asker__firm", "request__asked__firm")
    return {meeting.request_id: meeting for meeting in rows.order_by("request__number")}


def _changes(before: Plan, after: Plan) -> Iterator[_Change]:
    old, new = _meetings(before), _meetings(after)
    for request_id in sorted({*old, *new}):
        was, now = old.get(request_id), new.get(request_id)
        if code := _code(was, now):
            parameters = {"request": request_id, **_where("old", was), **_where("new", now)}
            yield _Change(code, now or was, parameters)  # type: ignore[arg-type]  one of the two is there


def _code(was: PlannedMeeting | None, now: PlannedMeeting | None) -> str:
    if was is None or now is None:
        return ADDED if was is None else DROPPED
    if was.slot_id != now.slot_id:
        return MOVED
    return TABLE if was.table != now.table else ""


def _where(when: str, meeting: PlannedMeeting | None) -> dict[str, Any]:
    if meeting is None:
        return {}
    return {f"{when}_time": meeting.slot.starts_at.isoformat(), f"{when}_table": meeting.table}


def _to_both(change: _Change) -> Iterator[Notice]:
    request = change.meeting.request
    for reader, other in ((request.asker, request.asked), (request.asked, request.asker)):
        parameters = {**change.parameters, "firm": other.firm.name}
        yield Notice(participant=reader, code=change.code, parameters=parameters)


def mail_waiting_notices(*, participant: Participant) -> int:
    """Send the members of a firm one mail with all notices not yet mailed; return how many notices it held.

    Twice at once it sends once: the notices are locked until they are marked.
    """
    with transaction.atomic():
        waiting = list(lock(Notice.objects.filter(participant=participant, mailed_at__isnull=True)).order_by("pk"))
        if waiting:
            Notice.objects.filter(pk__in=[notice.pk for notice in waiting]).update(mailed_at=timezone.now())
            _write(participant, waiting)
    return len(waiting)


def _write(participant: Participant, notices: list[Notice]) -> None:
    members = FirmMember.objects.filter(firm=participant.firm, ended_at__isnull=True, user__is_active=True)
    with translation.override(settings.LANGUAGE_CODE):
        words = {
            "participant": participant,
            "notices": [notice_words(notice, participant.round.zone) for notice in notices],
            "link": settings.SITE_URL + reverse("fair:agenda", args=[participant.agenda_token]),
            "site_url": settings.SITE_URL,
        }
        subject = _("Gebyar: your agenda changed, %(firm)s") % {"firm": participant.firm.name}
        text = render_to_string("fair/email/changes.txt", words)
        for address in members.order_by("pk").values_list("user__email", flat=True):
            send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [address])
