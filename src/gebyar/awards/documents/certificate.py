"""The certificate of a prize: looks made, and can be checked by its code."""

from babel.dates import format_date
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gebyar.awards.documents.typesetting import typeset
from gebyar.awards.models import Prize
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.results import holder_names, in_reader_language, region_words
from gebyar.awards.wording_rules import in_language
from gebyar.drawing.qr import qr_svg
from gebyar.records.wording import grouped


def certificate_address(prize: Prize) -> str:
    """Return what the code of a certificate opens."""
    return str(settings.SITE_URL) + reverse("awards:certificate", args=[prize.code])


def certificate_pdf(prize: Prize) -> bytes:
    """Return the certificate on A4, lying, in the reader's language.

    Parameters
    ----------
    prize
        From `queries.results.prizes_with_all`.
    """
    entry, stage = prize.entry, prize.stage
    edition = stage.category.edition
    address = certificate_address(prize)
    category = in_language(rules_of(edition).category(stage.category.key).names)
    given = timezone.localtime(prize.given_at).date()
    return typeset(
        "certificate",
        edition,
        {
            "title": pgettext("document", "Certificate of award"),
            "given-to": _("is given to"),
            "holder": holder_names(entry),
            "place": region_words(entry.region_code),
            "for": _("for"),
            "entry": entry.title,
            "prize": in_reader_language(prize.name_id, prize.name_en),
            "category": _("Category: %(category)s") % {"category": category},
            "day": format_date(given, "d MMMM y", locale=get_language() or "id"),
            "signature": pgettext("certificate", "For the organiser"),
            "name": _("Name and position"),
            "check": _("Scan the code: the page says whether this certificate is valid."),
            "address": address,
            "qr": qr_svg(address),
            "hash-label": _("SHA-256 of the decision record"),
            "hash-groups": grouped(stage.record.hash).split() if stage.record else [],
        },
    )
