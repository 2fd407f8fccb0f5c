"""The list of needs and offers, the page of one, and an officer's decision."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gebyar.partnership.forms import ListingDecisionForm, ListingFilter
from gebyar.partnership.models import Listing, ListingPhoto
from gebyar.partnership.queries.listings import (
    card,
    cards,
    find_listings,
    listings_of,
    listings_to_decide,
    own_listings,
)
from gebyar.partnership.services.listings import close_listing, decide_listing
from gebyar.partnership.views.access import own_listing, seen_listing, trail
from gebyar.records.errors import DomainError
from gebyar.registry.queries.search import CAP
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import signed_in
from gebyar.registry.views.files import picture

PER_PAGE = 20
# Filters that stay folded away until one is used, so that on a phone the hits begin on the first screen.
FOLDED = ("province", "division", "certificate")
NEVER = datetime.min.replace(tzinfo=UTC)


@require_safe
def listing_list(request: HttpRequest) -> HttpResponse:
    form = ListingFilter(request.GET)
    found = find_listings(form.filters())
    page = Paginator(found.ids, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "found": found, "page": page, "cap": CAP, "cards": cards(listings_of(page.object_list)), "may_write": bool(open_firms(request.user)),
        "narrowed": any(request.GET.get(name) for name in FOLDED),
    }  # fmt: skip
    return render(request, "partnership/listing_list.html", context)


@require_safe
def my_listings(request: HttpRequest) -> HttpResponse:
    page = Paginator(own_listings(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "has_firm": bool(open_firms(request.user))}
    return render(request, "partnership/my_listings.html", context)


@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_listing(request, pk)
    return _show(request, found, ListingDecisionForm(initial={"seen": found.changed_at.isoformat()}))


def _show(request: HttpRequest, found: Listing, form: ListingDecisionForm) -> HttpResponse:
    user, firm = request.user, found.firm
    sees_fully = user.has_perm("partnership.see_fully", firm)
    is_own = firm.pk in open_firms(user)
    context: dict[str, Any] = {
        "listing": found, "card": card(found), "form": form, "sees_fully": sees_fully, "is_own": is_own,
        "photos": list(found.photos.all()), "crumbs": trail(found.title),
        "prices": _prices(found) if sees_fully else None,
        "may_decide": found.status == Listing.Status.WAITING and not is_own and user.has_perm("partnership.approve", firm),
        "may_open_deal": found.is_open and bool(open_firms(user) - {firm.pk}),
    }  # fmt: skip
    return render(request, "partnership/listing.html", context)


def _prices(found: Listing) -> tuple[int | None, int | None] | None:
    known = found.price_low, found.price_high
    return None if known == (None, None) else known


@require_safe
def listings_waiting(request: HttpRequest) -> HttpResponse:
    page = Paginator(listings_to_decide(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "partnership/listings_waiting.html", {"page": page, "cards": cards(page.object_list)})


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_listing(request, pk, "partnership.approve")
    form = ListingDecisionForm(request.POST)
    approve = request.POST.get("decision") == "approve"
    if not form.is_valid():
        return _show(request, found, form)
    said = form.cleaned_data
    try:
        decide_listing(
            actor=signed_in(request), listing=found, approve=approve, note=said["note"], seen=_moment(said["seen"])
        )
    except DomainError as error:
        again = seen_listing(request, pk)
        form = ListingDecisionForm({**form.data.dict(), "seen": again.changed_at.isoformat()})
        form.is_valid()
        form.add_error(None, str(error))
        return _show(request, again, form)
    messages.success(
        request, _("Approved. Everybody can read it.") if approve else _("Sent back. The firm gets your note.")
    )
    return redirect("partnership:listings_waiting")


def _moment(text: str) -> datetime | None:
    """Return when the version was written that the officer read; what nonsense stands for was never written."""
    if not text:
        return None
    try:
        return parse_datetime(text) or NEVER
    except ValueError:
        return NEVER


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_listing(request, pk, "partnership.see_fully")
    try:
        close_listing(actor=signed_in(request), listing=found)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The listing is closed and not shown any more."))
    return redirect("partnership:listing", pk=pk)


# --- photos -------------------------------------------------------------------------------------------------


@require_safe
def photo(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    return picture(_photo(request, pk, number).file)


@require_safe
def photo_small(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    return picture(_photo(request, pk, number).thumbnail)


def _photo(request: HttpRequest, pk: int, number: int) -> ListingPhoto:
    return get_object_or_404(seen_listing(request, pk).photos, pk=number)
