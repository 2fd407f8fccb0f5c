"""The side navigation: what this person can open, in the order of their work."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gebyar.accounts.models import User
from gebyar.accounts.queries import open_grants
from gebyar.registry.rules import open_firms
from gebyar.web.permissions import PUBLIC, SIGNED_IN, permission_for


@dataclass(frozen=True)
class Link:
    """One line of the navigation; `current` marks the page that is open."""

    label: str | Promise
    url: str
    current: bool


PLACES: list[tuple[str | Promise, str]] = [
    (_("Home"), "web:home"),
    (_("Firms"), "registry:firm_list"),
    (_("My firm"), "registry:my_firms"),
    (_("Corrections to decide"), "registry:correction_list"),
    (_("Lists taken in"), "registry:delivery_list"),
    (_("Needs and offers"), "partnership:listing_list"),
    (_("My needs and offers"), "partnership:my_listings"),
    (_("Listings to decide"), "partnership:listings_waiting"),
    (_("My deals"), "partnership:deal_list"),
    (_("Deals of the region"), "partnership:deal_dashboard"),
    (_("Readiness"), "readiness:overview"),
    (_("Workshops"), "readiness:workshop_list"),
    (_("Visits"), "readiness:candidates"),
    (_("Facilities"), "facilities:facility_list"),
    (_("My applications"), "facilities:mine"),
    (_("Applications"), "facilities:desk"),
    (_("Fair"), "fair:round_list"),
    (_("Awards"), "awards:call_list"),
    (_("My entries"), "awards:my_entries"),
    (_("Completeness desk"), "awards:desk"),
    (_("Stages of awards"), "awards:boards"),
    (_("Entries to check"), "awards:checks"),
    (_("Winners to follow up"), "awards:prizes"),
    (_("What came of my meetings"), "fair:my_outcomes"),
    (_("My judging"), "awards:my_judging"),
    (_("Figures"), "statistics:headline"),
    (_("Claim check"), "statistics:claims"),
    (_("Decision records"), "records:record_list"),
    (_("People and roles"), "accounts:people"),
    (_("Audit trail"), "records:audit"),
]


# Pages of whoever acts for a firm.
OWN_PLACES = {
    "registry:my_firms",
    "partnership:my_listings",
    "partnership:deal_list",
    "fair:my_outcomes",
    "awards:my_entries",
    "readiness:overview",
    "facilities:mine",
}


def navigation_for(request: HttpRequest) -> list[Link]:
    match = request.resolver_match
    return list(_open_places(request, match.view_name if match else ""))


def _open_places(request: HttpRequest, current: str) -> Iterator[Link]:
    for label, route in PLACES:
        if _may_open(request, route):
            yield Link(label, reverse(route), current == route)


def _may_open(request: HttpRequest, route: str) -> bool:
    if route in OWN_PLACES and not _has_own_place(request):
        return False
    permission = permission_for(route)
    if permission == PUBLIC:
        return True
    user = getattr(request, "user", None)
    if permission is None or user is None or not user.is_authenticated:
        return False
    return permission == SIGNED_IN or bool(user.has_perm(permission))


def _has_own_place(request: HttpRequest) -> bool:
    """Say whether a person acts for a firm or may come to: whoever works for the programme has none to ask for."""
    user = getattr(request, "user", None)
    return isinstance(user, User) and (not open_grants(user) or bool(open_firms(user)))
