"""The receipt of an entry as a sheet to keep."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gebyar.awards.models import Entry
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.stages import moment_words
from gebyar.awards.wording_rules import in_language
from gebyar.drawing.kawung import kawung
from gebyar.drawing.qr import qr_svg
from gebyar.drawing.typesetting import typeset

_TEMPLATE = Path(__file__).parent / "receipt.typ"
SOGA = "#8A4B1F"


def receipt_pdf(entry: Entry) -> bytes:
    """Return the receipt on A4, tagged for screen readers (PDF/UA-1)."""
    return typeset(_TEMPLATE, content=json.dumps(_content(entry)))


def _content(entry: Entry) -> dict[str, Any]:
    rules = rules_of(entry.edition)
    address = settings.SITE_URL + reverse("awards:receipt", args=[entry.pk])
    names = {ask.id: in_language(ask.names) for ask in rules.documents}
    return {
        "language": get_language() or "id",
        "title": _("Receipt"),
        "edition": entry.edition.title,
        "synthetic": _("Made-up data, for demonstration") if entry.edition.is_synthetic else "",
        "number": str(entry.number),
        "number-words": _("Number"),
        "entry": entry.title,
        "facts": [
            [_("Category"), in_language(rules.category(entry.category.key).names)],
            [_("Entrant"), entry.firm.name if entry.firm else _names(entry)],
            [_("Handed in"), moment_words(entry.submitted_at) if entry.submitted_at else ""],
            [_("Name for anonymous judging"), entry.code],
        ],
        "documents-title": _("Documents, with the hash of each (SHA-256)"),
        "documents": [[names.get(one.key, one.key), one.sha256] for one in entry.documents.all()],
        "hash-title": _("Hash of the receipt (SHA-256)"),
        "hash": entry.receipt_hash,
        "hash-words": _(
            "It belongs to the exact text of this entry, which you can download from the page of the receipt. If a"
            " single letter of it were changed, the hash would be another one."
        ),
        "kawung": kawung(64, colour=SOGA),
        "qr": qr_svg(address),
        "qr-alt": _("QR code"),
        "scan": _("Scan to open the page of this receipt."),
        "address": address,
    }


def _names(entry: Entry) -> str:
    return ", ".join(entry.members.values_list("name", flat=True))
