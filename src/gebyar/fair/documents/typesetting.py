"""From plain words to a PDF: every document of the fair comes from a typst template beside this file."""

import json
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gebyar.drawing.kawung import kawung
from gebyar.drawing.typesetting import typeset as compiled
from gebyar.fair.models import Round

FOLDER = Path(__file__).parent
SOGA = "#8A4B1F"


def typeset(template: str, round_: Round, content: dict[str, Any]) -> bytes:
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
        "fair": round_.fair.name,
        "round": round_.name,
        "venue": round_.fair.venue,
        "synthetic": _("Made-up data, for demonstration") if round_.fair.is_synthetic else "",
        "kawung": kawung(64, colour=SOGA),
        "qr-alt": _("QR code"),
    }
    return compiled(FOLDER / f"{template}.typ", content=json.dumps({**shared, **content}))
