"""Minutes (*berita acara*) of a decision: an A4 document that carries the record's hash, its QR code and the record.

The document is tagged for screen readers (PDF/UA-1). The record itself lies in it as an attached file, so that a
printed copy leads to the record by its code and a digital copy can be verified without any network.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from gebyar.drawing.kawung import kawung, kawung_tile
from gebyar.drawing.qr import qr_svg
from gebyar.drawing.typesetting import typeset
from gebyar.records.decision import canonical_text
from gebyar.records.wording import grouped, method_words, result_facts, role_words, title_words

TEMPLATE = Path(__file__).parent / "minutes.typ"
SOGA, PALE, BAND = "#8A4B1F", "#F6F0E6", "#C79A6F"
ZONE = ZoneInfo("Asia/Jakarta")
WIDE_CELL = 14  # characters from which a column shares the width that is left


def minutes_pdf(
    record: dict[str, Any],
    *,
    address: str,
    columns: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    paragraphs: Sequence[str] = (),
    language: str = "id",
) -> bytes:
    """Write the minutes of one decision record.

    Parameters
    ----------
    record
        The record as it is verified.
    address
        Where the record can be looked up; stands in the QR code.
    columns, rows
        The decision as a table; long ones run over several pages with the heading repeated.
    paragraphs
        What was decided, in sentences.
    language
        "id" or "en".

    Returns
    -------
    bytes
        A PDF, A4, with the record attached as ``record-N.json``.
    """
    with override(language):
        content = {
            **_words(record, language),
            "paragraphs": list(paragraphs),
            "table": _table(columns, rows),
            "address": address,
            "qr": qr_svg(address),
            "mark": kawung(64, colour=SOGA),
            "watermark": kawung(400, colour=PALE),
            "band": kawung_tile(40, colour=BAND),
        }
    decided = datetime.fromisoformat(record["decided_at"])
    return typeset(TEMPLATE, timestamp=decided, content=json.dumps(content), record=canonical_text(record))


def _words(record: dict[str, Any], language: str) -> dict[str, Any]:
    decided = datetime.fromisoformat(record["decided_at"]).astimezone(ZONE)
    numbers = {"number": record["sequence"], "year": decided.year}
    return {
        "language": language,
        "title": title_words(record["title"]),
        "house": _("Programme for small and medium industry"),
        "heading": pgettext("document", "Minutes"),
        "number": _("Number %(number)d of %(year)d") % numbers,
        "opening": _(
            "On %(day)s, at %(time)s WIB, the following was decided and entered into the chain of decision records:"
        )
        % {"day": _day(decided, language), "time": _clock(decided, language)},
        "facts": _facts(record),
        "closing": _(
            "These minutes were drawn up so that anybody can check the decision. "
            "The record decides, should the two differ."
        ),
        "place": _("Decided on %(day)s") % {"day": format_date(decided, "d MMMM y", locale=language)},
        "signatures": [_("For the organiser"), _("Witness")],
        "name": _("Name and position"),
        "hash": record["hash"],
        "hash-label": _("SHA-256 of the decision record"),
        "hash-groups": grouped(record["hash"]).split(),
        "how": _(
            "Scan the code and compare these digits, or run “gebyar verify” on the record: it is attached to the "
            "digital copy of this document. The decision is then made again from the record alone."
        ),
        "qr-alt": _("QR code of the record's address"),
        "page": pgettext("of a document", "page"),
        "of": pgettext("page 1 of 3", "of"),
        "file": f"record-{record['sequence']}.json",
    }


def _day(decided: datetime, language: str) -> str:
    return format_date(decided, "EEEE, d MMMM y", locale=language)


def _clock(decided: datetime, language: str) -> str:
    return format_time(decided, "HH.mm" if language == "id" else "HH:mm", locale=language)


def _facts(record: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Decided by"), role_words(record["decided_by"])),
        (_("Method"), method_words(record["method"])),
        (_("Seed"), _("none: nothing was drawn by lot") if record["seed"] is None else str(record["seed"])),
        *result_facts(record["result"]),
    ]


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Give long words the width that is left, and set figures to the right so that their digits stand in line."""
    cells = [[str(row[place]) for row in rows] for place in range(len(columns))]
    return {
        "columns": list(columns),
        "rows": [[str(value) for value in row] for row in rows],
        "wide": [any(len(cell) >= WIDE_CELL for cell in column) for column in cells],
        "figures": [all(cell.replace(".", "").isdecimal() for cell in column) for column in cells],
    }
