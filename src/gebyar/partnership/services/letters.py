"""Mails about listings and deals; sent after the transaction, in the programme's language."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gebyar.partnership.models import Listing, Reminder
from gebyar.registry.models import Firm


def write_listing_decision(listing: Listing) -> None:
    """Tell those who act for the firm what became of their listing."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Gebyar: your listing “%(title)s”") % {"title": listing.title}
        words = {"listing": listing, "link": _absolute("partnership:listing", pk=listing.pk)}
        _send(subject, "decision", words, speakers_of(listing.firm))


def write_reminder(reminder: Reminder) -> None:
    """Ask one side of a deal how it stands."""
    deal = reminder.deal
    firm, other = (deal.seller, deal.buyer) if reminder.side == "seller" else (deal.buyer, deal.seller)
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Gebyar: how does “%(title)s” stand?") % {"title": deal.title}
        words = {
            "deal": deal, "firm": firm, "other": other, "months": reminder.months,
            "link": _absolute("partnership:deal", pk=deal.pk),
        }  # fmt: skip
        _send(subject, "reminder", words, speakers_of(firm))


def speakers_of(firm: Firm) -> list[str]:
    """Return the addresses of those who act for a firm now."""
    members = firm.members.filter(ended_at__isnull=True, user__is_active=True)
    return list(members.order_by("user__email").values_list("user__email", flat=True))


def _absolute(route: str, **parts: Any) -> str:
    return str(settings.SITE_URL) + reverse(route, kwargs=parts)


def _send(subject: str, template: str, words: dict[str, Any], addresses: list[str]) -> None:
    text = render_to_string(f"partnership/email/{template}.txt", words)
    for address in addresses:  # one mail each: nobody reads the addresses of the others
        send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [address])
