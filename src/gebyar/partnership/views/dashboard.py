"""Figures of deals: everything for officers in their region, protected sums for everybody."""

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gebyar.partnership.queries.dashboard import dashboard, shown_figures
from gebyar.partnership.queries.deals import deals_in_region
from gebyar.partnership.services.exports import FORMATS, export_deals
from gebyar.registry.views.access import signed_in

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def deal_dashboard(request: HttpRequest) -> HttpResponse:
    board = dashboard(deals_in_region(signed_in(request)))
    tables = [
        (_("By province of the seller"), board.by_region),
        (_("By size of the seller"), board.by_size),
        (_("By kind of business"), board.by_relation),
        (_("By partner"), board.by_partner),
    ]
    return render(request, "partnership/dashboard.html", {"board": board, "tables": tables})


@require_safe
def deal_figures(request: HttpRequest) -> HttpResponse:
    return render(request, "partnership/figures.html", {"figures": shown_figures()})


@require_POST
def deal_export(request: HttpRequest) -> HttpResponseBase:
    """Write the file where it takes no memory, and send it in pieces; it is gone once it is sent."""
    chosen = request.POST.get("format", "")
    chosen = chosen if chosen in FORMATS else "xlsx"
    with tempfile.TemporaryDirectory(prefix="gebyar-export-") as folder:
        path = Path(folder) / f"deals.{chosen}"
        export_deals(actor=signed_in(request), path=path, format=chosen)
        opened = path.open("rb")  # the open file outlives its name
    name = f"gebyar-deals-{timezone.localdate():%Y-%m-%d}.{chosen}"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=_TYPES[chosen])
    response["Cache-Control"] = "private, no-store"
    return response
