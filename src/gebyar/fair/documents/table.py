"""The participants of a round as a table for spreadsheets."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gebyar.fair.queries.dashboard import Dashboard, Figures, Person
from gebyar.reference import regions
from gebyar.registry.services.exports import guarded

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Value = Callable[[Person, Figures], Any]
# Column → what it means, its type, its value. Potential, committed and realised stand apart on purpose.
COLUMNS: dict[str, tuple[str | Promise, type[pl.DataType], Value]] = {
    "number": (gettext_lazy("Number in the round"), pl.Int64, lambda who, _of: who.number),
    "firm": (gettext_lazy("Name"), pl.String, lambda who, _of: who.firm),
    "kind": (gettext_lazy("industry or partner"), pl.String, lambda who, _of: who.kind),
    "province": (
        gettext_lazy("Province"), pl.String, lambda who, _of: regions.province(who.region_code[:2]).name,
    ),
    "size": (gettext_lazy("Size class by the ministry's rule"), pl.String, lambda who, _of: who.size),
    "asked": (gettext_lazy("Requests made and received"), pl.Int64, lambda _who, of: of.asked),
    "accepted": (gettext_lazy("of these accepted"), pl.Int64, lambda _who, of: of.accepted),
    "granted": (gettext_lazy("of these in the plan"), pl.Int64, lambda _who, of: of.granted),
    "held": (gettext_lazy("of these held"), pl.Int64, lambda _who, of: of.held),
    "no_shows": (gettext_lazy("Meetings to which somebody did not come"), pl.Int64, lambda _who, of: of.no_shows),
    "go_on": (gettext_lazy("Meetings after which both want to go on"), pl.Int64, lambda _who, of: of.goes_on),
    "potential_low": (
        gettext_lazy("Potential a year, the lower guess of each meeting, in rupiah"), pl.Int64,
        lambda _who, of: of.potential_low,
    ),
    "potential_high": (
        gettext_lazy("Potential a year, the higher guess of each meeting, in rupiah"), pl.Int64,
        lambda _who, of: of.potential_high,
    ),
    "deals": (gettext_lazy("Deals opened"), pl.Int64, lambda _who, of: of.money.deals),
    "committed": (gettext_lazy("Committed, as both sides say, in rupiah"), pl.Int64, lambda _who, of: of.money.committed),
    "realised": (gettext_lazy("Realised, as both sides say, in rupiah"), pl.Int64, lambda _who, of: of.money.realised),
}  # fmt: skip


def participants_table(dashboard: Dashboard, kind: str) -> bytes:
    """Return a row for each participant, as "csv" or "xlsx"; text that a spreadsheet would run is disarmed."""
    of_each = dashboard.figures_of_each()
    rows = [
        [value(person, of_each[person.pk]) for _meaning, _type, value in COLUMNS.values()]
        for person in dashboard.people.values()
    ]
    schema = {name: column[1] for name, column in COLUMNS.items()}
    frame = guarded(pl.DataFrame(rows, schema=schema, orient="row"))
    return _xlsx(frame) if kind == "xlsx" else b"\xef\xbb\xbf" + frame.write_csv(line_terminator="\r\n").encode()


def _xlsx(frame: pl.DataFrame) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        frame.write_excel(book, _("Participants"), autofit=True, freeze_panes=(1, 2))
        sheet = book.add_worksheet(_("Columns"))
        for row, (name, (meaning, _type, _value)) in enumerate(COLUMNS.items()):
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, str(meaning))
    return file.getvalue()
