"""Readiness in groups: for officers of their region, for everybody by province."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gebyar.readiness.models import InstrumentVersion
from gebyar.readiness.queries.figures import officer_figures, public_figures
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.services.instruments import built_in_versions
from gebyar.readiness.wording import said
from gebyar.registry.views.access import signed_in

USUAL = "indi40"


def _chosen(request: HttpRequest) -> tuple[InstrumentVersion, list[dict[str, object]]]:
    """Return the instrument that is looked at, and all of them as tabs."""
    versions = built_in_versions()
    key = request.GET.get("instrument", USUAL)
    chosen = versions.get(key) or versions[USUAL]
    tabs = [
        {"label": said(instrument_of(one).names), "url": f"?instrument={name}", "current": one == chosen}
        for name, one in versions.items()
    ]
    return chosen, tabs


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    version, tabs = _chosen(request)
    context = {
        "figures": officer_figures(signed_in(request), version.key), "tabs": tabs, "name": said(instrument_of(version).names)
    }  # fmt: skip
    return render(request, "readiness/figures.html", context)


@require_safe
def figures_public(request: HttpRequest) -> HttpResponse:
    version, tabs = _chosen(request)
    lines = public_figures(version.key)
    shown = [line for line in lines[:-1] if line.mean is not None]
    context = {
        "lines": lines[:-1], "total": lines[-1], "tabs": tabs, "name": said(instrument_of(version).names),
        "bars": [{"label": line.label, "value": line.mean} for line in sorted(shown, key=lambda line: -(line.mean or 0))],
        "highest": max(shown, key=lambda line: line.mean or 0).label if shown else "",
    }  # fmt: skip
    return render(request, "readiness/figures_public.html", context)
