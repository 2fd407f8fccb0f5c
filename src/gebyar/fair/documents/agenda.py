"""A participant's agenda as a printed sheet."""

from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.drawing.qr import qr_svg
from gebyar.fair.documents.typesetting import typeset
from gebyar.fair.models import Participant
from gebyar.fair.queries.agendas import Agenda, AgendaDay, AgendaLine


def agenda_address(participant: Participant) -> str:
    return str(settings.SITE_URL) + reverse("fair:agenda", args=[participant.agenda_token])


def check_in_address(participant: Participant) -> str:
    """Return what the desk scans; to everybody else it opens the agenda."""
    return str(settings.SITE_URL) + reverse("fair:check_in", args=[participant.agenda_token])


def check_in_code(participant: Participant) -> str:
    """Return the code of that address for a page, black on white in every colour scheme."""
    code = segno.make(check_in_address(participant), error="m", micro=False)
    return str(code.svg_data_uri(border=4, scale=5, light="white"))


def agenda_pdf(agenda: Agenda) -> bytes:
    """Return the agenda on A4, with a code that opens the living page and lets the desk check the firm in."""
    participant = agenda.participant
    return typeset(
        "agenda",
        agenda.round,
        {
            "title": _("Agenda"),
            "firm": participant.firm.name,
            "number": participant.number,
            "number-words": _("Your number"),
            "heads": _heads(agenda),
            "days": [_day(agenda, day) for day in agenda.days if day.lines],
            "empty": _("No meeting is planned for you on this day."),
            "refused-title": _("Not placed"),
            "refused": [[line.firm.name, line.words] for line in agenda.refused],
            "address": agenda_address(participant),
            "scan": _("Scan to see changes made since this was printed. At the entrance, show this code to the desk."),
            "qr": qr_svg(check_in_address(participant)),
        },
    )


def _heads(agenda: Agenda) -> list[str]:
    heads = [_("Time"), _("Table"), _("You meet")]
    return [*heads, _("Delegate")] if agenda.has_delegates else heads


def _day(agenda: Agenda, day: AgendaDay) -> dict[str, Any]:
    return {"date": day.words, "rows": [_row(line, delegates=agenda.has_delegates) for line in day.lines]}


def _row(line: AgendaLine, *, delegates: bool) -> list[str]:
    table = " · ".join(filter(None, [str(line.table or ""), line.area]))
    who = f"{line.with_number}. {line.title}" if line.request_id else line.title
    row = [line.time_words, table, f"{who} ({line.state_words})" if line.is_off else who]
    return [*row, str(line.delegate) if line.request_id else ""] if delegates else row
