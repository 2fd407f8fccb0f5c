from collections.abc import Sequence

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gebyar.reference.size_rules import SizeRule, size_rules
from gebyar.statistics import open_data
from gebyar.statistics.claim_check import checked_claims, published_totals
from gebyar.statistics.indicators import INDICATORS
from gebyar.statistics.models import Snapshot
from gebyar.statistics.queries import ProvinceLine, by_province, chosen_rule, headline, latest_snapshot
from gebyar.statistics.services import note_download, snapshot_folder
from gebyar.statistics.tasks import make_snapshot

BY_ID = {indicator.id: indicator for indicator in INDICATORS}


@require_safe
def headline_page(request: HttpRequest) -> HttpResponse:
    """Show units, workers, output and the small classes' share, by one size rule, for nation and provinces."""
    rule = chosen_rule(request.GET.get("rule", ""))
    measure = BY_ID.get(request.GET.get("measure", ""), INDICATORS[0])
    snapshot = latest_snapshot()
    context = {"rules": _tabs(rule, measure.id), "rule": rule, "snapshot": snapshot, "measure": measure}
    if snapshot:
        lines = by_province(snapshot, rule)
        context |= {
            "headline": headline(snapshot, rule),
            "provinces": lines,
            "indicators": INDICATORS,
            "measures": _measures(rule, measure.id),
            "map_values": {line.code: _number(getattr(line.total, measure.id)) for line in lines},
            "finding": _finding(lines, measure.id),
        }
    return render(request, "statistics/headline.html", context)


def _tabs(chosen: SizeRule, measure: str) -> list[dict[str, object]]:
    language = get_language() or "id"
    return [
        {
            "label": rule.labels[language],
            "url": f"?rule={rule.id}&measure={measure}",
            "current": rule.id == chosen.id,
        }
        for rule in size_rules()
    ]


def _measures(rule: SizeRule, chosen: str) -> list[dict[str, object]]:
    return [
        {"label": i.name, "url": f"?rule={rule.id}&measure={i.id}#provinces", "current": i.id == chosen}
        for i in INDICATORS
    ]


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _finding(lines: Sequence[ProvinceLine], measure: str) -> str:
    """Say in words what the map shows: which three provinces lead, and how much of what is shown lies in them."""
    known = [(value, line.name) for line in lines if (value := getattr(line.total, measure)) is not None]
    total = sum(value for value, _name in known)
    if not total:
        return _("No province has a figure that can be shown.")
    leading = sorted(known, reverse=True)[:3]
    share = float(sum(value for value, _name in leading)) / float(total) * 100
    return _("%(provinces)s together hold %(share)d of every 100.") % {
        "provinces": ", ".join(name for _value, name in leading),
        "share": round(share),
    }


@require_safe
def claims_page(request: HttpRequest) -> HttpResponse:
    """Put what was said beside its source, beside this register, and beside what else was published."""
    snapshot = latest_snapshot()
    national = headline(snapshot, chosen_rule("")) if snapshot else None
    context = {"claims": checked_claims(national), "snapshot": snapshot, "published": published_totals()}
    return render(request, "statistics/claims.html", context)


# --- open data ----------------------------------------------------------------------------------------------------


@require_safe
def open_data_page(request: HttpRequest) -> HttpResponse:
    snapshot = latest_snapshot()
    context = {"snapshot": snapshot, "indicators": INDICATORS}
    if snapshot:
        context["classifications"] = open_data.metadata(snapshot)["classifications"]
    return render(request, "statistics/open_data.html", context)


@require_safe
def figures_csv(_request: HttpRequest) -> HttpResponse:
    return _download(HttpResponse(open_data.as_csv(_shown_snapshot()), content_type="text/csv; charset=utf-8"), "csv")


@require_safe
def figures_json(_request: HttpRequest) -> HttpResponse:
    snapshot = _shown_snapshot()
    data = {"metadata": open_data.metadata(snapshot), "figures": open_data.rows(snapshot)}
    return _download(JsonResponse(data, json_dumps_params={"ensure_ascii": False}), "json")


def _shown_snapshot() -> Snapshot:
    snapshot = latest_snapshot()
    if snapshot is None:
        raise Http404
    return snapshot


def _download(response: HttpResponse, ending: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="gebyar-figures.{ending}"'
    return response


@require_safe
def snapshot_file(request: HttpRequest, pk: int) -> FileResponse:
    """Hand the facts behind the figures to an officer; they tell about single firms, so each download is noted."""
    snapshot = get_object_or_404(Snapshot, pk=pk)
    path = snapshot_folder() / snapshot.file
    if not path.is_file():
        raise Http404
    note_download(actor=request.user, snapshot=snapshot)
    return FileResponse(path.open("rb"), as_attachment=True, filename=snapshot.file)


@require_POST
def snapshot(request: HttpRequest) -> HttpResponse:
    make_snapshot.enqueue(request.user.pk)
    messages.success(
        request, _("The figures are being computed from the register. This page shows them when they are ready.")
    )
    return redirect("statistics:headline")
