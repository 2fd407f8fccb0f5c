"""A participant's agenda as a calendar that phones subscribe to (RFC 5545)."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from gebyar.fair.documents.agenda import agenda_address
from gebyar.fair.models import MeetingLog, Participant
from gebyar.fair.queries.agendas import Agenda, AgendaLine, Dropped


def agenda_ics(agenda: Agenda) -> bytes:
    """Return the calendar.

    A meeting keeps its UID through every version of the plan, its SEQUENCE counts the changes that its participant was
    told of, and one that was taken off stays as cancelled, so that calendars remove it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Gebyar//agenda//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{agenda.round.fair.name}: {agenda.participant.firm.name}")
    calendar.add("x-wr-timezone", agenda.round.zone.key)
    calendar.add("refresh-interval;value=duration", "PT15M")
    calendar.add("x-published-ttl", "PT15M")
    for line in agenda.meetings:
        calendar.add_component(_meeting(agenda, line))
    for dropped in agenda.dropped:
        calendar.add_component(_cancelled(agenda, dropped))
    for line in agenda.lines:
        if line.session:
            calendar.add_component(_session(agenda, line))
    return calendar.to_ical()


def _uid(participant: Participant, request_id: int) -> str:
    return f"request-{request_id}-of-{participant.pk}@gebyar"


def _stamped(agenda: Agenda) -> Event:
    event = Event()
    stamp = (agenda.plan and agenda.plan.published_at) or datetime.now(UTC)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("url", agenda_address(agenda.participant))
    return event


def _meeting(agenda: Agenda, line: AgendaLine) -> Event:
    event = _stamped(agenda)
    event.add("uid", _uid(agenda.participant, line.request_id or 0))
    event.add("sequence", line.changes)
    event.add("dtstart", line.starts_at.astimezone(UTC))
    event.add("dtend", line.ends_at.astimezone(UTC))
    event.add("summary", _("Meeting with %(firm)s") % {"firm": line.title})
    event.add("location", _place(agenda, line.table or 0))
    event.add("status", "CANCELLED" if line.state == MeetingLog.State.CANCELLED else "CONFIRMED")
    return event


def _cancelled(agenda: Agenda, dropped: Dropped) -> Event:
    event = _stamped(agenda)
    event.add("uid", _uid(agenda.participant, dropped.request_id))
    event.add("sequence", dropped.changes)
    event.add("dtstart", dropped.starts_at.astimezone(UTC))
    event.add("summary", _("Meeting with %(firm)s") % {"firm": dropped.firm})
    event.add("location", _place(agenda, dropped.table))
    event.add("status", "CANCELLED")
    return event


def _session(agenda: Agenda, line: AgendaLine) -> Event:
    event = _stamped(agenda)
    moment = line.starts_at.astimezone(UTC)
    event.add("uid", f"session-{line.session_id}-of-{agenda.participant.pk}@gebyar")
    event.add("dtstart", moment)
    event.add("dtend", line.ends_at.astimezone(UTC))
    event.add("summary", line.session)
    event.add("location", agenda.round.fair.venue)
    return event


def _place(agenda: Agenda, table: int) -> str:
    return _("%(venue)s, table %(table)d") % {"venue": agenda.round.fair.venue, "table": table}
