"""From plain words to a PDF: the results' documents come from typst templates beside this file."""

import json
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gebyar.awards.models import Edition
from gebyar.drawing.kawung import kawung, kawung_tile
from gebyar.drawing.typesetting import typeset as compiled

_FOLDER = Path(__file__).parent
SOGA, PALE, BAND = "#8A4B1F", "#F6F0E6", "#C79A6F"


def typeset(template: str, edition: Edition, content: dict[str, Any]) -> bytes:
    """Return the document, tagged for screen readers (PDF/UA-1).

    Parameters
    ----------
    template
        The name of a template, without its ending.
    content
        All its words, already translated; what every document says is added here.
    """
    shared = {
        "language": get_language() or "id",
        "house": _("Programme for small and medium industry"),
        "edition": edition.title,
        "synthetic": _("Made-up data, for demonstration") if edition.is_synthetic else "",
        "mark": kawung(64, colour=SOGA),
        "watermark": kawung(400, colour=PALE),
        "band": kawung_tile(40, colour=BAND),
        "qr-alt": _("QR code"),
    }
    return compiled(_FOLDER / f"{template}.typ", content=json.dumps({**shared, **content}))
