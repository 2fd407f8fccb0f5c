"""Officers see which firms of their region could use a facility and do not, and take the list along."""

import tempfile
from pathlib import Path

import polars as pl
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gebyar.facilities.forms import UnusedFilter
from gebyar.facilities.queries.unused import (
    PER_PAGE,
    Count,
    DayTable,
    Narrowing,
    counts,
    latest_table,
    lines,
    unused,
)
from gebyar.facilities.services.unused import FORMATS, ask_for_table, export_unused, work_going_on
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def unused_firms(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    table, work = latest_table(), work_going_on()
    context = {"table": table, "work": work, "is_of_today": bool(table and table.day == timezone.localdate())}
    if table is None:
        return render(request, "facilities/unused.html", context)
    found = counts(user, table)
    narrowing = _narrowing(request, found)
    if narrowing is not None:
        rows = unused(user, table, narrowing)
        total = int(rows.select(pl.len()).collect().item())
        page = Paginator(range(total), PER_PAGE).get_page(request.GET.get("page"))
        shown = rows.slice(max(page.start_index() - 1, 0), PER_PAGE).collect()
        context |= {"page": page, "lines": lines(shown), "total": total, "narrowing": narrowing}
    context |= {"counts": found, "form": _filter(request, found)}
    return render(request, "facilities/unused.html", context)


def _filter(request: HttpRequest, found: list[Count]) -> UnusedFilter:
    return UnusedFilter(request.GET or None, facilities=[(one.facility, one.name) for one in found])


def _narrowing(request: HttpRequest, found: list[Count]) -> Narrowing | None:
    known = {one.facility for one in found}
    if not known:
        return None
    asked = request.POST if request.method == "POST" else request.GET
    form = UnusedFilter(asked, facilities=[(one.facility, one.name) for one in found])
    form.is_valid()
    said = form.cleaned_data
    facility = said.get("facility") or found[0].facility
    return Narrowing(facility, said.get("region", ""), said.get("sector", ""), said.get("state") or "could")


@require_POST
def unused_make(request: HttpRequest) -> HttpResponse:
    try:
        ask_for_table(actor=signed_in(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The list is being made. You may leave this page and come back."))
    return redirect("facilities:unused")


@require_POST
def unused_export(request: HttpRequest) -> HttpResponseBase:
    """Write the file where it takes no memory, and send it in pieces; it is gone once it is sent."""
    user = signed_in(request)
    table = _table()
    narrowing = _narrowing(request, counts(user, table))
    if narrowing is None:
        raise Http404
    asked = request.POST.get("format", "")
    chosen = asked if asked in FORMATS else "xlsx"
    with tempfile.TemporaryDirectory(prefix="gebyar-export-") as folder:
        path = Path(folder) / f"firms.{chosen}"
        export_unused(actor=user, table=table, narrowing=narrowing, path=path, format=chosen)
        opened = path.open("rb")  # the open file outlives its name
    name = f"gebyar-{narrowing.facility}-{table.day:%Y-%m-%d}.{chosen}"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=_TYPES[chosen])
    response["Cache-Control"] = "private, no-store"
    return response


def _table() -> DayTable:
    found = latest_table()
    if found is None:
        raise Http404
    return found
