"""Rows of the stages as a request may reach them, and what frames their pages."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.awards.gates import stage_rules
from gebyar.awards.models import Edition, Entry, Stage
from gebyar.awards.queries.stages import entries_of
from gebyar.awards.wording_rules import in_language
from gebyar.registry.views.access import signed_in

PER_PAGE = 30
FORM = ["GET", "HEAD", "POST"]
Crumbs = list[dict[str, str]]


def edition_of(pk: int) -> Edition:
    """Return an edition whose stages exist: from its publication on."""
    found = Edition.objects.exclude(status=Edition.Status.DRAFT).select_related("version")
    return get_object_or_404(found, pk=pk)


def stage_of(pk: int) -> Stage:
    return get_object_or_404(Stage.objects.select_related("category__edition__version", "record"), pk=pk)


def own_entry(request: HttpRequest, pk: int) -> Entry:
    """Return an entry for which this reader speaks."""
    rows = entries_of(signed_in(request)).select_related("edition__version", "category", "firm")
    return get_object_or_404(rows, pk=pk)


def page_of(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def stage_name(stage: Stage) -> str:
    return in_language(stage_rules(stage).names)


def board_crumbs(edition: Edition, *labels: str) -> Crumbs:
    here = [
        {"label": _("Awards"), "url": reverse("awards:call_list")},
        {"label": _("Stages of awards"), "url": reverse("awards:boards")},
    ]
    here.append({"label": edition.title, "url": reverse("awards:board", args=[edition.pk])})
    return [*here, *({"label": label, "url": ""} for label in labels)]


def stage_crumbs(stage: Stage, *labels: str) -> Crumbs:
    here = board_crumbs(stage.category.edition)
    here.append({"label": stage_name(stage), "url": reverse("awards:stage", args=[stage.pk])})
    return [*here, *({"label": label, "url": ""} for label in labels)]


def sent(file: Any, *, name: str, inline: str = "") -> HttpResponseBase:
    """Send an uploaded file: a picture that we wrote ourselves within a page, everything else as a download."""
    if not file:
        raise Http404
    response = FileResponse(file.open("rb"), as_attachment=not inline, filename=name, content_type=inline or None)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
