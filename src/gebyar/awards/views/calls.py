"""The list of calls, a call's public page, and what one has entered oneself."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gebyar.awards.queries.calls import call_of, shown_editions, standings_of_firms
from gebyar.awards.queries.entries import entries_of
from gebyar.awards.views.access_entering import crumbs, shown_edition
from gebyar.registry.views.access import signed_in

PER_PAGE = 20


@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """Show the calls to everybody, those that close last first."""
    page = Paginator(shown_editions(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "calls": [call_of(edition) for edition in page],
        "organises": request.user.has_perm("awards.organise"),
    }
    return render(request, "awards/entering/call_list.html", context)


@require_safe
def call(request: HttpRequest, slug: str) -> HttpResponse:
    edition = shown_edition(request, slug)
    found = call_of(edition)
    people = {"person", "group"} & set(found.rules.entrants)
    firms = standings_of_firms(request.user, edition)
    context = {
        "call": found,
        "edition": edition,
        "firms": firms,
        "may_enter": edition.takes_entries and ("firm" in found.rules.entrants or bool(people)),
        "organises": request.user.has_perm("awards.organise"),
        "crumbs": crumbs(edition.title),
    }
    return render(request, "awards/entering/call.html", context)


@require_safe
def my_entries(request: HttpRequest) -> HttpResponse:
    page = Paginator(entries_of(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "awards/entering/my_entries.html", {"page": page, "crumbs": crumbs(_("My entries"))})
