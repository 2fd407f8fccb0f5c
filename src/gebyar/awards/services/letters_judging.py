"""Mails to judges: that they are asked to judge, that entries wait for them, that marks are missing."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from gebyar.awards.models import Assignment, Judge, Stage

SUBJECTS = {
    "asked": gettext_lazy("Gebyar: you are asked to judge in %(edition)s"),
    "assigned": gettext_lazy("Gebyar: entries of %(edition)s wait for you"),
    "missing": gettext_lazy("Gebyar: marks are missing for %(edition)s"),
}


def write_to_judge(judge: Judge, kind: str, **facts: Any) -> None:
    """Send one mail; `kind` names its subject and its template."""
    with translation.override(settings.LANGUAGE_CODE):
        words = {
            "judge": judge,
            "edition": judge.edition,
            "link": settings.SITE_URL + reverse("awards:my_judging"),
            "site_url": settings.SITE_URL,
            **facts,
        }
        subject = str(SUBJECTS[kind]) % {"edition": judge.edition.title}
        text = render_to_string(f"awards/judging/email/{kind}.txt", words)
        send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [judge.user.email])


def write_to_judges(judges: Iterable[int], stage_id: int, kind: str) -> None:
    """Have these judges of a stage written to, behind the page."""
    from gebyar.awards.tasks import mail_judges  # noqa: PLC0415  the task calls back into this module

    keys = sorted(judges)
    if keys:
        mail_judges.enqueue(keys, stage_id, kind)


def write_all(judges: Iterable[int], stage_id: int, kind: str) -> int:
    """Write to judges of a stage with how much waits for them; whoever has nothing left to do gets no mail.

    Returns
    -------
    int
        How many were written to.
    """
    stage = Stage.objects.select_related("category__edition__version").filter(pk=stage_id).first()
    if stage is None:
        return 0
    count = 0
    for judge in Judge.objects.filter(pk__in=list(judges), user__is_active=True).select_related("user", "edition"):
        waiting = stage.assignments.filter(judge=judge, sent_at__isnull=True)
        left = waiting.exclude(status=Assignment.Status.DECLINED).count()
        if left:
            write_to_judge(judge, kind, stage=stage, left=left, deadline=stage.closes_at)
            count += 1
    return count
