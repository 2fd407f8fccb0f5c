"""Listings, suggestions and deals for other programs: the same queries, services and permissions as the pages."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth

from gebyar.accounts.models import User
from gebyar.methods.partners import Options
from gebyar.partnership.facts import MOST_RUPIAH, ListingFacts
from gebyar.partnership.models import Deal, Listing
from gebyar.partnership.queries.deals import standing, visible_deals, with_statements
from gebyar.partnership.queries.listings import (
    ListingFilters,
    find_listings,
    listings_of,
    shown_listings,
    visible_listings,
)
from gebyar.partnership.queries.suggestions import suggestions_for
from gebyar.partnership.services.deals import open_deal, state_deal
from gebyar.partnership.services.listings import decide_listing, send_listing, write_listing
from gebyar.registry.models import Firm
from gebyar.registry.queries.search import CAP, PAGE_SIZE
from gebyar.registry.queries.wording import place

router = Router(tags=["partnership"])
_LAST_PAGE = 5000

Direction = Literal["need", "offer"]
Role = Literal["supplier", "distributor", "logistics", "buyer"]
RelationName = Literal["purchase", "order", "subcontract", "distribution", "franchise", "service"]
Stage = Literal["interest", "sample", "quotation", "mou", "order", "realised", "ended"]
SideName = Literal["seller", "buyer"]
Rupiah = Annotated[int, Field(ge=0, le=MOST_RUPIAH)]
# PostgreSQL stores no zero characters.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Code = Annotated[str, Field(max_length=13, pattern=r"^[^\x00]*$")]
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]


class ListingOut(Schema):
    """What anybody may know of a listing, in the codes in which it is written. There are no prices in the API."""

    id: int
    title: str
    description: str
    direction: str
    role: str
    relation: str
    firm_id: int
    firm: str = Field(alias="firm.name")
    place: str
    kbli_codes: list[str]
    quantity: float | None
    unit: str
    period: str
    certificates: list[str]
    regions: list[str]
    routes: list[str]
    vehicles: str
    has_cold_chain: bool
    lead_time_days: int | None
    valid_until: date | None
    is_synthetic: bool

    @staticmethod
    def resolve_place(listing: Listing) -> str:
        return place(listing.firm.region_code[:5])


class ListingPageOut(Schema):
    """One page of hits; `count` is null when there are more than 1,000."""

    count: int | None
    page: int
    listings: list[ListingOut]


class ListingStateOut(ListingOut):
    """A listing with where it stands; `decision_note` only for the firm and its officers."""

    status: str
    changed_at: datetime
    decision_note: str | None

    @staticmethod
    def resolve_decision_note(listing: Listing, context: dict[str, Any]) -> str | None:
        sees_fully = context["request"].user.has_perm("partnership.see_fully", listing.firm)
        return listing.decision_note if sees_fully else None


class ListingQuery(Schema):
    q: Text = ""
    direction: Text = ""
    role: Text = ""
    kbli: Text = ""
    region: Text = ""
    certificate: Text = ""
    page: int = 1


class ListingIn(Schema):
    """A listing of one's own firm; prices are kept for the firm and its officers and never given back here."""

    firm_id: Key
    direction: Direction
    role: Role
    title: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
    relation: RelationName = "order"
    description: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    kbli_codes: Annotated[list[Code], Field(max_length=5)] = []
    quantity: float | None = None
    unit: Annotated[str, Field(max_length=30, pattern=r"^[^\x00]*$")] = ""
    period: Literal["once", "month", "quarter", "year"] = "month"
    price_low: Rupiah | None = None
    price_high: Rupiah | None = None
    certificates: Annotated[list[Code], Field(max_length=10)] = []
    regions: Annotated[list[Code], Field(max_length=60)] = []
    lead_time_days: Annotated[int, Field(ge=0, le=1095)] | None = None
    routes: Annotated[list[Code], Field(max_length=20)] = []
    vehicles: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    has_cold_chain: bool = False
    valid_until: date | None = None


class DecisionIn(Schema):
    approve: bool
    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    seen: datetime | None = None


class SuggestionOut(Schema):
    listing: ListingOut
    score: float
    reasons: list[str]
    codes: list[str]


class SuggestionQuery(Schema):
    requires_certificates: bool = False
    region: Text = ""
    floor: Annotated[float, Field(ge=0, le=1)] = 0.0


class SideOut(Schema):
    """What one side says; sums in whole rupiah."""

    has_spoken: bool
    stage: str
    committed: int
    realised: int


class DealOut(Schema):
    """A deal as both sides tell it; committed and realised are never one figure."""

    id: int
    title: str
    relation: str
    seller_id: int
    seller: str
    buyer_id: int
    buyer: str
    origin: str
    origin_date: date
    stage: str
    by_seller: SideOut
    by_buyer: SideOut
    sides_differ: bool
    committed_by_both: int
    realised_by_both: int


class DealIn(Schema):
    """A deal with the firm of a listing that is shown; `firm_id` is one's own firm."""

    listing_id: Key
    firm_id: Key
    is_seller: bool
    title: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
    relation: RelationName
    origin_date: date


class StatementIn(Schema):
    side: SideName
    stage: Stage
    on_date: date
    amount: Rupiah | None = None
    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""


def _person(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]  # django_auth lets nobody else in
    return user


def _own_firm(user: User, firm_id: int) -> Firm:
    firm = get_object_or_404(Firm, pk=firm_id)
    if not user.has_perm("partnership.write_listing", firm):
        raise HttpError(404, "Not Found")
    return firm


# --- listings -----------------------------------------------------------------------------------------------


@router.get("/listings", response=ListingPageOut, auth=None)
def list_listings(request: HttpRequest, query: Query[ListingQuery]) -> dict[str, Any]:
    """Search the needs and offers that are shown."""
    filters = ListingFilters(
        words=query.q[:120], direction=query.direction, role=query.role, kbli=query.kbli[:5], region=query.region[:13],
        certificate=query.certificate[:10],
    )  # fmt: skip
    found = find_listings(filters)
    page = min(max(query.page, 1), CAP // PAGE_SIZE)
    return {"count": found.count, "page": page, "listings": listings_of(found.page(page))}


@router.get("/listings/{listing_id}", response=ListingStateOut, auth=None)
def get_listing(request: HttpRequest, listing_id: Key) -> Listing:
    """Return one listing: a shown one for everybody, others for the firm and its officers."""
    return get_object_or_404(visible_listings(request.user), pk=listing_id)


@router.post("/listings", response={201: ListingStateOut}, auth=django_auth)
def create_listing(request: HttpRequest, said: ListingIn) -> Status[Listing]:
    """Begin a listing of one's own firm as a draft."""
    user = _person(request)
    firm = _own_firm(user, said.firm_id)
    facts = {name: tuple(v) if isinstance(v, list) else v for name, v in said.dict().items() if name != "firm_id"}
    return Status(201, write_listing(actor=user, firm=firm, facts=ListingFacts(**facts)))


def _own_listing(user: User, listing_id: int, permission: str) -> Listing:
    listing: Listing = get_object_or_404(visible_listings(user), pk=listing_id)
    if not user.has_perm(permission, listing.firm):
        raise HttpError(404, "Not Found")
    return listing


@router.post("/listings/{listing_id}/sending", response=ListingStateOut, auth=django_auth)
def hand_in_listing(request: HttpRequest, listing_id: Key) -> Listing:
    """Hand a draft in for approval."""
    listing = _own_listing(_person(request), listing_id, "partnership.write_listing")
    return send_listing(actor=_person(request), listing=listing)


@router.post("/listings/{listing_id}/decision", response=ListingStateOut, auth=django_auth)
def decide_on_listing(request: HttpRequest, listing_id: Key, said: DecisionIn) -> Listing:
    """Show a listing of one's region to everybody, or send it back with a reason."""
    user = _person(request)
    listing = _own_listing(user, listing_id, "partnership.approve")
    return decide_listing(actor=user, listing=listing, approve=said.approve, note=said.note, seen=said.seen)


@router.get("/listings/{listing_id}/suggestions", response=list[SuggestionOut], auth=django_auth)
def list_suggestions(request: HttpRequest, listing_id: Key, query: Query[SuggestionQuery]) -> list[dict[str, Any]]:
    """Return partners for a listing of one's firm or region, with reasons in words and codes."""
    listing = _own_listing(_person(request), listing_id, "partnership.see_fully")
    options = Options(requires_certificates=query.requires_certificates, region=query.region[:13], floor=query.floor)
    return [
        {"listing": line.listing, "score": line.score, "reasons": line.reasons, "codes": line.codes}
        for line in suggestions_for(listing, options)
    ]


# --- deals --------------------------------------------------------------------------------------------------


@router.get("/deals", response=list[DealOut], auth=django_auth)
def list_deals(request: HttpRequest, page: int = 1) -> list[dict[str, Any]]:
    """Return the deals of one's firms and region, the newest first, twenty at a time."""
    start = (min(max(page, 1), _LAST_PAGE) - 1) * PAGE_SIZE
    found = with_statements(visible_deals(_person(request))).order_by("-opened_at", "-pk")
    return [_deal(deal) for deal in found[start : start + PAGE_SIZE]]


@router.get("/deals/{deal_id}", response=DealOut, auth=django_auth)
def get_deal(request: HttpRequest, deal_id: Key) -> dict[str, Any]:
    return _deal(get_object_or_404(visible_deals(_person(request)), pk=deal_id))


@router.post("/deals", response={201: DealOut}, auth=django_auth)
def create_deal(request: HttpRequest, said: DealIn) -> Status[dict[str, Any]]:
    """Begin to follow a deal of one's own firm with the firm of a listing."""
    user = _person(request)
    mine = _own_firm(user, said.firm_id)
    listing = get_object_or_404(shown_listings().select_related("firm"), pk=said.listing_id)
    seller, buyer = (mine, listing.firm) if said.is_seller else (listing.firm, mine)
    made = open_deal(
        actor=user, seller=seller, buyer=buyer, relation=said.relation, title=said.title, origin_date=said.origin_date,
        listing=listing,
    )  # fmt: skip
    return Status(201, _deal(made))


@router.post("/deals/{deal_id}/statements", response={201: DealOut}, auth=django_auth)
def create_statement(request: HttpRequest, deal_id: Key, said: StatementIn) -> Status[dict[str, Any]]:
    """Say for one's own side how far a deal is."""
    user = _person(request)
    deal: Deal = get_object_or_404(visible_deals(user), pk=deal_id)
    firm = deal.seller if said.side == "seller" else deal.buyer
    if not user.has_perm("partnership.speak_for", firm):
        raise HttpError(404, "Not Found")
    state_deal(actor=user, deal=deal, **said.dict())
    return Status(201, _deal(deal))


def _deal(deal: Deal) -> dict[str, Any]:
    where = standing(deal)
    return {
        "id": deal.pk, "title": deal.title, "relation": str(deal.relation), "seller_id": deal.seller_id,
        "seller": deal.seller.name, "buyer_id": deal.buyer_id, "buyer": deal.buyer.name, "origin": deal.origin,
        "origin_date": deal.origin_date, "stage": where.stage, "by_seller": asdict(where.seller),
        "by_buyer": asdict(where.buyer), "sides_differ": where.differs,
        "committed_by_both": where.committed_by_both, "realised_by_both": where.realised_by_both,
    }  # fmt: skip
