"""Listings and deals as a request may reach them; whatever it may not is 404, so that nothing leaks."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.partnership.models import Deal, Listing
from gebyar.partnership.queries.deals import visible_deals
from gebyar.partnership.queries.listings import visible_listings


def seen_listing(request: HttpRequest, pk: int) -> Listing:
    """Return a listing whose page this reader may open."""
    return get_object_or_404(visible_listings(request.user), pk=pk)


def own_listing(request: HttpRequest, pk: int, permission: str = "partnership.write_listing") -> Listing:
    """Return a listing for whose firm this reader holds the permission."""
    listing = seen_listing(request, pk)
    if not request.user.has_perm(permission, listing.firm):
        raise Http404
    return listing


def seen_deal(request: HttpRequest, pk: int) -> Deal:
    return get_object_or_404(visible_deals(request.user), pk=pk)


def trail(*labels: str, listing: Listing | None = None) -> list[dict[str, str]]:
    """Return the breadcrumbs from the list over a listing to this page."""
    crumbs = [{"label": _("Needs and offers"), "url": reverse("partnership:listing_list")}]
    if listing is not None:
        crumbs.append({"label": listing.title, "url": reverse("partnership:listing", args=[listing.pk])})
    return [*crumbs, *({"label": label, "url": ""} for label in labels)]
