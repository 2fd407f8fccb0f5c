"""Mails to entrants: the receipt, and a reminder of what is missing. Sent after the transaction, in Indonesian."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gebyar.awards.models import Entry
from gebyar.awards.queries.entries import Missing, missing
from gebyar.registry.models import FirmMember


def addresses_of(entry: Entry) -> list[str]:
    """Return where whoever acts for an entry is written to."""
    if entry.firm_id is not None:
        members = FirmMember.objects.filter(firm=entry.firm_id, ended_at__isnull=True, user__is_active=True)
        return list(members.order_by("pk").values_list("user__email", flat=True))
    entrant = entry.entrant
    return [entrant.email] if entrant is not None and entrant.is_active else []


def write_receipt(entry: Entry) -> None:
    """Send the receipt to whoever acts for the entry."""
    with translation.override(settings.LANGUAGE_CODE):
        words = {"entry": entry, "link": _address("awards:receipt", entry)}
        subject = _("Gebyar: receipt no. %(number)d, %(edition)s") % {
            "number": entry.number, "edition": entry.edition.title,
        }  # fmt: skip
        _send(subject, "receipt", words, addresses_of(entry))


def write_reminder(entry: Entry) -> None:
    """Send what is missing, with what to do about each thing."""
    with translation.override(settings.LANGUAGE_CODE):
        lacking: Sequence[Missing] = missing(entry)
        words = {"entry": entry, "missing": lacking, "link": _address("awards:entry", entry)}
        subject = _("Gebyar: your entry for %(edition)s is not complete yet") % {"edition": entry.edition.title}
        _send(subject, "reminder", words, addresses_of(entry))


def _address(route: str, entry: Entry) -> str:
    return str(settings.SITE_URL) + reverse(route, args=[entry.pk])


def _send(subject: str, template: str, words: dict[str, Any], addresses: Sequence[str]) -> None:
    text = render_to_string(f"awards/entering/email/{template}.txt", {**words, "site_url": settings.SITE_URL})
    for address in addresses:
        # A name may hold a line end, which would end the subject line as well.
        send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [address])
