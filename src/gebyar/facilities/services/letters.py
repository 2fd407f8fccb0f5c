"""Mails about applications; sent after the transaction, in the programme's language, to those who act for the firm."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gebyar.facilities.models import Application, FollowUp
from gebyar.facilities.queries.applications import deadline_of
from gebyar.facilities.wording import reason_words
from gebyar.registry.models import Firm


def write_receipt(application: Application) -> None:
    """Say that an application came in, with its number and the day by which it is judged."""
    with translation.override(settings.LANGUAGE_CODE):
        _write("receipt", _("Gebyar: application %(number)s received"), application, deadline=deadline_of(application))


def write_judgement(application: Application) -> None:
    """Say whether two officers found an application fit."""
    with translation.override(settings.LANGUAGE_CODE):
        notes = [one.note for one in application.judgements.all() if not one.is_fit]
        _write("judgement", _("Gebyar: application %(number)s was judged"), application, notes=notes)


def write_outcome(application: Application) -> None:
    """Say what an application was granted, or why not."""
    with translation.override(settings.LANGUAGE_CODE):
        reason = reason_words(application.code, application.parameters)
        _write("outcome", _("Gebyar: the decision on application %(number)s"), application, reason=reason)


def write_follow_up(follow_up: FollowUp) -> None:
    """Ask, a year after, what became of it."""
    with translation.override(settings.LANGUAGE_CODE):
        _write("follow_up", _("Gebyar: how are you a year after the help?"), follow_up.application, route="follow_up")


def _write(template: str, subject: str, application: Application, route: str = "application", **more: Any) -> None:
    link = str(settings.SITE_URL) + reverse(f"facilities:{route}", args=[application.pk])
    words = {"application": application, "call": application.call, "firm": application.firm, "link": link, **more}
    text = render_to_string(f"facilities/email/{template}.txt", words)
    title = " ".join((subject % {"number": application.number}).split())
    for address in speakers_of(application.firm):  # one mail each: nobody reads the addresses of the others
        send_mail(title, text, settings.DEFAULT_FROM_EMAIL, [address])


def speakers_of(firm: Firm) -> list[str]:
    """Return the addresses of those who act for a firm now."""
    members = firm.members.filter(ended_at__isnull=True, user__is_active=True)
    return list(members.order_by("user__email").values_list("user__email", flat=True))
