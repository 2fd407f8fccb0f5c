"""A round in figures, for organisers, and for local officers as far as their region takes part."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gebyar.fair.documents.table import CONTENT_TYPES, participants_table
from gebyar.fair.forms_floor import DashboardExportForm
from gebyar.fair.queries.dashboard import dashboard_of, rounds_in_figures, sees_all
from gebyar.fair.services.exports import note_export
from gebyar.fair.views.floor import floor_tabs
from gebyar.registry.views.access import signed_in

MOST_PARTNERS = 50


@require_safe
def dashboard(request: HttpRequest, round_id: int) -> HttpResponse:
    user = signed_in(request)
    round_ = get_object_or_404(rounds_in_figures(user), pk=round_id)
    figures = dashboard_of(round_, user)
    everything = sees_all(user)
    context = {
        "round": round_,
        "dashboard": figures,
        "figures": figures.figures,
        "equity": figures.equity,
        "sees_all": everything,
        "tabs": floor_tabs(round_, "fair:dashboard") if everything else [],
        "tables": [
            (_("By province"), _("Province"), figures.by_region),
            (_("By size class"), _("Size class"), figures.by_size),
            (_("By partner"), _("Partner"), figures.by_partner[:MOST_PARTNERS]),
        ],
        "partners_left": max(len(figures.by_partner) - MOST_PARTNERS, 0),
    }
    return render(request, "fair/dashboard.html", context)


@require_safe
def dashboard_export(request: HttpRequest, round_id: int) -> HttpResponse:
    """Give the participants of a round, with how far their requests came, as a file."""
    user = signed_in(request)
    round_ = get_object_or_404(rounds_in_figures(user), pk=round_id)
    form = DashboardExportForm({"format": "csv", **request.GET.dict()})
    if not form.is_valid():
        raise Http404
    kind = form.cleaned_data["format"]
    figures = dashboard_of(round_, user)
    response = HttpResponse(participants_table(figures, kind), content_type=CONTENT_TYPES[kind])
    note_export(actor=user, round_=round_, kind=kind, rows=len(figures.people))
    response["Content-Disposition"] = f'attachment; filename="meetings-{round_.pk}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response
