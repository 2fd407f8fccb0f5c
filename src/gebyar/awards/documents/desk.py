"""The desk's list as a sheet: for the telephone, and for a visit."""

import json
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gebyar.awards.queries.desk import HANDED_IN, Desk, DeskLine, days_left
from gebyar.awards.queries.stages import moment_words
from gebyar.drawing.kawung import kawung
from gebyar.drawing.typesetting import typeset
from gebyar.registry.queries.wording import place

_TEMPLATE = Path(__file__).parent / "desk.typ"
SOGA = "#8A4B1F"


def desk_pdf(desk: Desk) -> bytes:
    """Return the entries that lack something, on A4, tagged for screen readers (PDF/UA-1)."""
    return typeset(_TEMPLATE, content=json.dumps(_content(desk)))


def _content(desk: Desk) -> dict[str, Any]:
    edition, left = desk.edition, max(days_left(desk.edition), 0)
    words = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
    return {
        "language": get_language() or "id",
        "title": _("Completeness desk"),
        "edition": edition.title,
        "synthetic": _("Made-up data, for demonstration") if edition.is_synthetic else "",
        "closes": _("The call closes on %(moment)s.") % {"moment": moment_words(edition.closes_at)},
        "days": words,
        "finding": desk.finding,
        "kawung": kawung(64, colour=SOGA),
        "heads": [_("Entrant"), _("Still missing"), _("Telephone"), _("Notes")],
        "rows": [_row(line) for line in desk.lines if line.state != HANDED_IN],
        "empty": _("Nothing is missing in your region."),
    }


def _row(line: DeskLine) -> list[str]:
    entry = line.entry
    who = entry.firm.name if entry.firm else entry.title or _("Draft without a name")
    lacking = "; ".join(one.words for one in line.missing) or _("Only to be handed in")
    phone = next((one.phone for one in entry.firm.contacts.all() if one.phone), "") if entry.firm else ""
    return [f"{who}\n{place(entry.region_code[:5])}", lacking, phone, ""]
