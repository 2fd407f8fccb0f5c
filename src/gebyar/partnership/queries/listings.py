"""Listings as lists and pages show them. What anybody reads is a `ListingCard`, which has no prices at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from gebyar.accounts.queries import region_filter, within_any
from gebyar.partnership.models import Listing
from gebyar.partnership.wording import certificate_names, place_names, route_names
from gebyar.registry.queries.firms import division_name
from gebyar.registry.queries.search import CAP, Found
from gebyar.registry.queries.wording import place
from gebyar.registry.rules import open_firms

_MOST_WORDS = 8


@dataclass(frozen=True)
class ListingFilters:
    """What the public list is narrowed to; an empty value does not narrow.

    `kbli` is a code of 2 to 5 digits, `region` a code of any level in which the firm lies.
    """

    words: str = ""
    direction: str = ""
    role: str = ""
    kbli: str = ""
    region: str = ""
    certificate: str = ""


@dataclass(frozen=True)
class ListingCard:
    """What anybody may know of a listing."""

    id: int
    title: str
    description: str
    direction: str
    direction_name: str
    role: str
    role_name: str
    relation: str
    relation_name: str
    firm_id: int
    firm: str
    place: str
    kbli_codes: list[str]
    industries: list[str]
    quantity: float | None
    unit: str
    period: str
    period_name: str
    certificates: list[str]
    regions: list[str]
    routes: list[str]
    vehicles: str
    has_cold_chain: bool
    lead_time_days: int | None
    valid_until: date | None
    is_synthetic: bool


def shown_listings() -> QuerySet[Listing]:
    """Return what everybody may read: approved, not past its date, of a firm that is shown itself."""
    is_valid = Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate())
    return Listing.objects.filter(is_valid, status=Listing.Status.APPROVED, firm__is_active=True)


def visible_listings(user: Any) -> QuerySet[Listing]:
    """Return the listings whose page this reader may open: shown ones, their firms', and those handed in within their region."""
    own = Q(firm__in=open_firms(user))
    region = region_filter(user, "firm__region_code")
    seen = Q(pk__in=shown_listings()) | own | (~Q(status=Listing.Status.DRAFT) & region)
    return Listing.objects.filter(seen).select_related("firm")


def own_listings(user: Any) -> QuerySet[Listing]:
    """Return the listings of the firms a person acts for, the last changed first."""
    return Listing.objects.filter(firm__in=open_firms(user)).select_related("firm").order_by("-changed_at", "-pk")


def listings_to_decide(user: Any) -> QuerySet[Listing]:
    """Return what waits for this officer, the oldest first; not that of firms they act for themselves."""
    waiting = Listing.objects.filter(region_filter(user, "firm__region_code"), status=Listing.Status.WAITING)
    return waiting.exclude(firm__in=open_firms(user)).select_related("firm").order_by("changed_at", "pk")


def search_listings(filters: ListingFilters) -> QuerySet[Listing]:
    """Return shown listings that fit, the newest first; every word must stand in title, description or name of the firm."""
    found = shown_listings()
    for name in ("direction", "role"):
        if value := getattr(filters, name):
            found = found.filter(**{name: value})
    if filters.certificate:
        found = found.filter(certificates__contains=[filters.certificate])
    if filters.region:
        found = found.filter(within_any([filters.region], "firm__region_code"))
    if filters.kbli:
        # A code that begins so: the array is written as text, each code after a comma.
        found = found.extra(
            where=["strpos(',' || array_to_string(partnership_listing.kbli_codes, ','), %s) > 0"],
            params=[f",{filters.kbli[:5]}"],
        )
    for word in filters.words.split()[:_MOST_WORDS]:
        found = found.filter(words__icontains=word)
    return found.order_by("-decided_at", "-pk")


def find_listings(filters: ListingFilters) -> Found:
    """Return the ids of the newest hits, at most `CAP`; beyond it a list is narrowed, not paged."""
    ids = list(search_listings(filters).values_list("pk", flat=True)[: CAP + 1])
    return Found(ids[:CAP], more=len(ids) > CAP)


def listings_of(ids: Iterable[int]) -> list[Listing]:
    """Return listings in the order of these ids, each with its firm; one that is gone is left out."""
    wanted = list(ids)
    known = Listing.objects.select_related("firm").in_bulk(wanted)
    return [known[number] for number in wanted if number in known]


def cards(listings: Iterable[Listing]) -> list[ListingCard]:
    return [card(listing) for listing in listings]


def card(listing: Listing) -> ListingCard:
    """Return the public facts; the firm must have come along with the listing."""
    firm = listing.firm
    return ListingCard(
        id=listing.pk, title=listing.title, description=listing.description,
        direction=str(listing.direction), direction_name=listing.get_direction_display(),
        role=str(listing.role), role_name=listing.get_role_display(),
        relation=str(listing.relation), relation_name=listing.get_relation_display(),
        firm_id=firm.pk, firm=firm.name, place=place(firm.region_code[:5]),
        kbli_codes=listing.kbli_codes, industries=_industries(listing.kbli_codes),
        quantity=listing.quantity, unit=listing.unit, period=str(listing.period), period_name=listing.get_period_display(),
        certificates=certificate_names(listing.certificates), regions=place_names(listing.regions),
        routes=route_names(listing.routes), vehicles=listing.vehicles, has_cold_chain=listing.has_cold_chain,
        lead_time_days=listing.lead_time_days, valid_until=listing.valid_until, is_synthetic=listing.is_synthetic,
    )  # fmt: skip


def _industries(codes: list[str]) -> list[str]:
    return list(dict.fromkeys(name for code in codes if (name := division_name(code))))
