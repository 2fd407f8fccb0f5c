"""Mails of the register; sent after the transaction, in the programme's language."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gebyar.registry.models import Correction, FirmInvitation
from gebyar.registry.queries.wording import label_of


def write_decision(correction: Correction) -> None:
    """Tell the person who proposed a correction what became of it."""
    proposer = correction.proposed_by
    if proposer is None or not proposer.is_active:
        return
    with translation.override(settings.LANGUAGE_CODE):
        words = {
            "correction": correction,
            "label": label_of(correction),
            "link": _absolute("registry:correction", pk=correction.pk),
        }
        subject = _("Gebyar: your correction for %(firm)s") % {"firm": correction.firm.name}
        _send(subject, "decision", words, proposer.email)


def write_invitation(invitation: FirmInvitation, token: str) -> None:
    """Send the link that lets somebody act for a firm; it is the only copy of the token."""
    with translation.override(settings.LANGUAGE_CODE):
        words = {"invitation": invitation, "link": _absolute("registry:accept_invitation", token=token)}
        subject = _("Gebyar: act for %(firm)s") % {"firm": invitation.firm.name}
        _send(subject, "invitation", words, invitation.email)


def _absolute(route: str, **parts: Any) -> str:
    return str(settings.SITE_URL) + reverse(route, kwargs=parts)


def _send(subject: str, template: str, words: dict[str, Any], address: str) -> None:
    # A firm's name may hold a line end, which would end the subject line of the mail as well.
    text = render_to_string(f"registry/email/{template}.txt", {**words, "site_url": settings.SITE_URL})
    send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [address])
