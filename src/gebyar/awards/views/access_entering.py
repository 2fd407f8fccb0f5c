"""Editions and entries as a request may reach them; whatever it may not is 404."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.awards.models import Edition, Entry
from gebyar.awards.queries.calls import shown_editions
from gebyar.awards.queries.entries import desk_entries, is_entrant, visible_to

FORM = ["GET", "HEAD", "POST"]


def shown_edition(request: HttpRequest, slug: str) -> Edition:
    return get_object_or_404(shown_editions(request.user), slug=slug)


def edition_of(pk: int) -> Edition:
    """Return an edition for whoever organises; the table of routes lets nobody else come here."""
    return get_object_or_404(Edition.objects.select_related("version"), pk=pk)


def readable_entry(request: HttpRequest, pk: int) -> Entry:
    return get_object_or_404(visible_to(request.user), pk=pk)


def own_entry(request: HttpRequest, pk: int) -> Entry:
    """Return an entry that this reader acts for."""
    found = readable_entry(request, pk)
    if not is_entrant(request.user, found):
        raise Http404
    return found


def desk_entry_of(request: HttpRequest, pk: int) -> Entry:
    return get_object_or_404(desk_entries(request.user), pk=pk)


def crumbs(*labels: str, edition: Edition | None = None, entry: Entry | None = None) -> list[dict[str, str]]:
    """Return the breadcrumbs from the list of calls to this page."""
    here: list[dict[str, Any]] = [{"label": _("Awards"), "url": reverse("awards:call_list")}]
    if entry is not None:
        edition = entry.edition
    if edition is not None:
        here.append({"label": edition.title, "url": reverse("awards:call", args=[edition.slug])})
    if entry is not None:
        here.append({"label": entry.title or _("Your entry"), "url": reverse("awards:entry", args=[entry.pk])})
    return [*here, *({"label": label, "url": ""} for label in labels)]


def workshop_crumbs(edition: Edition, *labels: str) -> list[dict[str, str]]:
    """Return the breadcrumbs of an organiser's pages of an edition."""
    here = [{"label": _("Awards"), "url": reverse("awards:call_list")}]
    here.append({"label": edition.title, "url": reverse("awards:edition", args=[edition.pk])})
    return [*here, *({"label": label, "url": ""} for label in labels)]
