"""A result as a sheet of A4, with its words in the reader's language."""

import json
from pathlib import Path
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gebyar.drawing.kawung import kawung
from gebyar.drawing.qr import qr_svg
from gebyar.drawing.typesetting import typeset
from gebyar.readiness.models import Assessment
from gebyar.readiness.queries.comparing import Comparison
from gebyar.readiness.queries.results import HistoryLine, Result, Way

TEMPLATE = Path(__file__).parent / "result.typ"
SOGA = "#8A4B1F"


def result_pdf(assessment: Assessment, result: Result, comparison: Comparison, history: list[HistoryLine]) -> bytes:
    """Return the sheet, tagged for screen readers (PDF/UA-1)."""
    content = json.dumps(_content(assessment, result, comparison, history))
    return typeset(TEMPLATE, timestamp=assessment.finished_at, content=content)


def _content(
    assessment: Assessment, result: Result, comparison: Comparison, history: list[HistoryLine]
) -> dict[str, Any]:
    address = str(settings.SITE_URL) + reverse("readiness:result", args=[assessment.pk])
    return {
        "language": get_language() or "id",
        "mark": kawung(64, colour=SOGA),
        "title": _("Readiness"),
        "firm": assessment.firm.name,
        "instrument": result.official.name,
        "date": _day(assessment),
        "occasion": assessment.occasion,
        "index": _index(result.official),
        "level": result.official.level,
        "end": result.high_end,
        "heads": [_("Pillar"), *(way.name for way in result.ways)],
        "pillars": [
            {"name": line.name, "value": line.values[0], "cells": [_number(value) for value in line.values]}
            for line in result.pillars
        ],
        "total": [_("Index"), *(_index(way) for way in result.ways)],
        "explained": _explained(result),
        "compared": _compared(comparison),
        "history-title": _("History"),
        "history": [
            [_day(one.assessment), one.assessment.occasion, _number(one.assessment.index), one.level]
            for one in history
        ],
        "source": _("Source: %(source)s") % {"source": result.instrument.source},
        "scan": _("This page in the programme, for those who act for the firm:"),
        "address": address,
        "qr": qr_svg(address),
        "qr-alt": _("QR code"),
        "synthetic": _("Made-up data, for demonstration") if assessment.is_synthetic else "",
    }  # fmt: skip


def _day(assessment: Assessment) -> str:
    if assessment.finished_at is None:
        return ""
    return format_date(localtime(assessment.finished_at), "d MMMM y", locale=get_language() or "id")


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    text = f"{value:.2f}"
    return text if (get_language() or "id").startswith("en") else text.replace(".", ",")


def _index(way: Way) -> str:
    if way.index is not None:
        return _number(way.index)
    return f"{_number(way.low)}–{_number(way.high)}"


def _explained(result: Result) -> list[str]:
    lines = []
    if result.open_count:
        lines.append(_("Not all questions are answered, so there is no index, only its bounds."))
    for way in result.ways[1:]:
        lines.append(f"{way.name}: {way.summary}")
        lines += [_("Not counted, since it does not apply: %(question)s") % {"question": text} for text in way.left_out]
    return lines


def _compared(comparison: Comparison) -> str:
    if comparison.count is None:
        return _("Too few firms like this one have a result to compare with.")
    said = {"count": comparison.count, "mean": _number(comparison.mean), "group": comparison.words}
    return _("%(group)s: mean %(mean)s (%(count)d firms)") % said
