"""Rankings of a stage, for its organisers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.models import Stage
from gebyar.awards.queries.board import obstacles, progress_of
from gebyar.awards.queries.judging import judging_rules
from gebyar.awards.queries.rankings import RankedEntry, shown_ranking
from gebyar.awards.services import rankings
from gebyar.awards.views.judging_access import FORM, PER_PAGE, frame, ranking_of, stage_of
from gebyar.awards.wording_rankings import METHODS, rule_words
from gebyar.awards.wording_rules import in_language
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried


@never_cache
@require_http_methods(FORM)
def rankings_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the rankings of a stage, and make another."""
    stage = stage_of(pk)
    if request.method == "POST":
        try:
            made = rankings.make_ranking(actor=signed_in(request), stage=stage)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("awards:rankings", pk=pk)
        messages.success(request, _("The ranking is made."))
        return redirect("awards:ranking", pk=made.pk)
    rules = judging_rules(stage)
    names = {one.id: in_language(one.names) for one in rules.criteria}
    progress = progress_of(stage, rules.judges_per_entry)
    context = {
        **frame(stage, "awards:rankings", _("Ranking")),
        "versions": [
            (one, METHODS.get(one.method, one.method)) for one in stage.rankings.select_related("record", "made_by")
        ],
        "progress": progress,
        "method": METHODS[rules.ranking],
        "ties": [rule_words(rule, names) for rule in rules.ties],
        "obstacles": obstacles(stage) if progress.total else [],
        "can_make": stage.status == Stage.Status.CLOSED,
    }
    return render(request, "awards/judging/rankings.html", context)


@never_cache
@require_safe
def ranking(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one ranking: entries from first to last, and the audit view of the judges."""
    version = ranking_of(pk)
    shown = shown_ranking(version)
    view = "judges" if request.GET.get("view") == "judges" else "entries"
    rows: Any = shown.judges if view == "judges" else shown.entries
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    label = _("Ranking %(version)d") % {"version": version.version}
    context = {
        **frame(version.stage, "awards:rankings", label),
        "label": label,
        "version": version,
        "shown": shown,
        "view": view,
        "page": page,
        "picture_rows": _picture_rows(list(page)) if view == "entries" and shown.is_adjusted else [],
        "finding": shown.findings[0] if shown.findings else shown.method_words,
        "can_mark": version.stage.status == Stage.Status.CLOSED and not version.is_final,
        "views": [
            {"label": _("Entries"), "url": "?view=entries", "current": view == "entries", "count": len(shown.entries)},
            {"label": _("Judges"), "url": "?view=judges", "current": view == "judges", "count": len(shown.judges)},
        ],
    }
    return render(request, "awards/judging/ranking.html", context)


def _picture_rows(entries: list[RankedEntry]) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{one.row['rank']}. {one.row['entry']}",
            "value": one.row["adjusted"],
            "low": one.row["low"],
            "high": one.row["high"],
            "accent": one.is_in,
        }
        for one in entries
    ]


@require_POST
def ranking_final(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the gate of the stage go by this ranking."""
    version = ranking_of(pk)
    act = lambda: rankings.mark_final(actor=signed_in(request), ranking=version)  # noqa: E731
    tried(request, act, _("The stage is decided by this ranking."))
    return redirect("awards:ranking", pk=pk)
