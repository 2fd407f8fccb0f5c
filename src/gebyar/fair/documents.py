"""A participant's agenda as a printed sheet and as a calendar."""

import json
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from gebyar.drawing.kawung import kawung
from gebyar.drawing.qr import qr_svg
from gebyar.fair.queries import Agenda

TEMPLATE = Path(__file__).parent / "agenda.typ"


def agenda_address(agenda: Agenda) -> str:
    return settings.SITE_URL + reverse("fair:agenda", args=[agenda.participant.agenda_token])


def agenda_pdf(agenda: Agenda) -> bytes:
    """Return the agenda as one A4 sheet with a QR code that opens the living page."""
    import typst  # noqa: PLC0415  its typesetter is large, and only sheets need it

    address = agenda_address(agenda)
    content = {
        "language": get_language() or "id",
        "title": _("Agenda"),
        "firm": agenda.participant.firm.name,
        "number": agenda.participant.number,
        "fair": agenda.day.fair.name,
        "venue": agenda.day.fair.venue,
        "date": agenda.date_words,
        "heads": [_("Time"), _("Table"), _("You meet")],
        "rows": [[line.time_words, str(line.table), line.with_firm.name] for line in agenda.lines],
        "empty": _("No meeting is planned for you on this day."),
        "address": address,
        "scan": _("Scan to see changes made since this was printed."),
        "synthetic": _("Made-up data, for demonstration") if agenda.day.fair.is_synthetic else "",
        "kawung": kawung(64, colour="#8A4B1F"),
        "qr": qr_svg(address),
    }
    return typst.compile(str(TEMPLATE), sys_inputs={"content": json.dumps(content)})


def agenda_ics(agenda: Agenda) -> bytes:
    """Return the agenda as an iCalendar file (RFC 5545); a meeting keeps its UID, so a new plan moves it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gebyar//agenda//ID")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{agenda.day.fair.name}: {agenda.participant.firm.name}")
    calendar.add("refresh-interval;value=duration", "PT15M")
    for line in agenda.lines:
        event = Event()
        event.add("uid", f"request-{line.request_id}-of-{agenda.participant.pk}@gebyar")
        event.add("dtstamp", agenda.plan.made_at if agenda.plan else datetime.now(UTC))
        event.add("sequence", agenda.plan.version if agenda.plan else 0)
        event.add("dtstart", line.starts_at)
        event.add("dtend", line.ends_at)
        event.add("summary", _("Meeting with %(firm)s") % {"firm": line.with_firm.name})
        event.add("location", _("%(venue)s, table %(table)d") % {"venue": agenda.day.fair.venue, "table": line.table})
        event.add("url", agenda_address(agenda))
        calendar.add_component(event)
    return calendar.to_ical()
