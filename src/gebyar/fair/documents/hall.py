"""What stands on tables and walls and hangs around necks: cards, badges, and who sits where in each slot."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.drawing.qr import qr_svg
from gebyar.fair.documents.agenda import check_in_address
from gebyar.fair.documents.typesetting import typeset
from gebyar.fair.models import Participant, Round, Slot, Table
from gebyar.fair.queries.floor import FloorLine, Hall, halls, slot_words
from gebyar.fair.queries.times import day_words


def tables_of(round_: Round, zone_id: int | None = None) -> list[Table]:
    tables = round_.tables.select_related("zone").order_by("number")
    return list(tables.filter(zone=zone_id) if zone_id else tables)


def table_address(round_: Round, number: int) -> str:
    return str(settings.SITE_URL) + reverse("fair:table", args=[round_.pk, number])


# --- table cards --------------------------------------------------------------------------------------------------


def cards_pdf(round_: Round, slots: Sequence[Slot], zone_id: int | None = None) -> bytes:
    """Return one A4 page for each table: who sits here in each slot, and a code that opens the table's check-in page."""
    at_table: dict[int, dict[int, FloorLine]] = defaultdict(dict)
    for hall in halls(round_, slots):
        for line in hall.lines:
            at_table[line.table][hall.slot.pk] = line
    return typeset(
        "cards",
        round_,
        {
            "title": _("Table cards"),
            "table": _("Table"),
            "free": _("free"),
            "scan": _("For the organiser's desk: who is here now."),
            "cards": [_card(round_, table, slots, at_table[table.number]) for table in tables_of(round_, zone_id)],
        },
    )


def _card(round_: Round, table: Table, slots: Sequence[Slot], lines: dict[int, FloorLine]) -> dict[str, Any]:
    return {
        "number": str(table.number),
        "zone": table.zone.name if table.zone else "",
        "days": list(_card_days(slots, lines)),
        "qr": qr_svg(table_address(round_, table.number)),
    }


def _card_days(slots: Sequence[Slot], lines: dict[int, FloorLine]) -> Iterator[dict[str, Any]]:
    by_day: dict[Any, list[list[str]]] = defaultdict(list)
    for slot in slots:
        line = lines.get(slot.pk)
        by_day[slot.local_start().date()].append([slot_words(slot), *(_names(line) if line else ["", ""])])
    return ({"date": day_words(day), "rows": rows} for day, rows in by_day.items())


def _names(line: FloorLine) -> list[str]:
    return [f"{side.participant.number}. {side.participant.firm.name}" for side in line.sides]


# --- badges -------------------------------------------------------------------------------------------------------


def badges_pdf(round_: Round, participants: Sequence[Participant]) -> bytes:
    """Return eight badges on each A4 page, one for each delegate of each participant."""
    badges = [_badge(one, delegate) for one in participants for delegate in range(1, one.delegates + 1)]
    return typeset("badges", round_, {"title": _("Badges"), "badges": badges})


def _badge(participant: Participant, delegate: int) -> dict[str, str]:
    several = _("Delegate %(number)d of %(count)d") % {"number": delegate, "count": participant.delegates}
    where = _("Table %(table)d") % {"table": participant.table.number} if participant.table else ""
    return {
        "number": str(participant.number),
        "firm": participant.firm.name,
        "lines": " · ".join(filter(None, [where, several if participant.delegates > 1 else ""])),
        "qr": qr_svg(check_in_address(participant)),
    }


# --- the hall, slot by slot ---------------------------------------------------------------------------------------


def hall_pdf(round_: Round, slots: Sequence[Slot], zone_id: int | None = None) -> bytes:
    """Return a plan of the hall for each slot: every table by zone, with the two who sit there."""
    tables = tables_of(round_, zone_id)
    pages = [_hall_page(hall, tables) for hall in halls(round_, slots)]
    content = {"title": _("Plan of the hall"), "table": _("Table"), "free": _("free"), "pages": pages}
    return typeset("hall", round_, content)


def _hall_page(hall: Hall, tables: Sequence[Table]) -> dict[str, Any]:
    at_table = {line.table: line for line in hall.lines}
    zones: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for table in tables:
        line = at_table.get(table.number)
        names = _names(line) if line else []
        zones[table.zone.name if table.zone else ""].append({"number": str(table.number), "names": names})
    return {
        "slot": hall.words,
        "date": hall.day_words,
        "zones": [{"name": name, "tables": some} for name, some in zones.items()],
    }
