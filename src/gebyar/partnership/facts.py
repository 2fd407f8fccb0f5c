"""What a firm says in a listing, checked before it is kept: the same for pages and the API."""

import math
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from gebyar.partnership.errors import UnfitListing
from gebyar.partnership.models import Listing, Relation
from gebyar.reference import kbli, regions
from gebyar.registry.models import Certificate

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_RUPIAH = 100_000_000_000_000
MOST_QUANTITY = 1e12
MOST_DAYS = 1095
MOST_CODES, MOST_ROUTES, MOST_REGIONS = 5, 20, 60


@dataclass(frozen=True)
class ListingFacts:
    """All a firm writes in one listing; money in whole rupiah for one unit.

    `regions` are province or regency codes, `routes` pairs of them as ``"35.78>33.74"``.
    """

    direction: str
    role: str
    title: str
    relation: str = Relation.ORDER
    description: str = ""
    kbli_codes: tuple[str, ...] = ()
    quantity: float | None = None
    unit: str = ""
    period: str = Listing.Period.MONTH
    price_low: int | None = None
    price_high: int | None = None
    certificates: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    lead_time_days: int | None = None
    routes: tuple[str, ...] = ()
    vehicles: str = ""
    has_cold_chain: bool = False
    valid_until: date | None = None

    def changed(self, **facts: Any) -> "ListingFacts":
        """Return these facts with some of them said anew."""
        return replace(self, **{name: tuple(v) if isinstance(v, list) else v for name, v in facts.items()})


NAMES = tuple(field.name for field in fields(ListingFacts))
PRIVATE = ("price_low", "price_high")
_LISTS = ("kbli_codes", "certificates", "regions", "routes")


def facts_of(listing: Listing) -> ListingFacts:
    said = {name: getattr(listing, name) for name in NAMES}
    return ListingFacts(**{name: tuple(v) if name in _LISTS else v for name, v in said.items()})


def write_into(listing: Listing, said: ListingFacts) -> None:
    for name in NAMES:
        value = getattr(said, name)
        setattr(listing, name, list(value) if name in _LISTS else value)


def public(listing: Listing) -> dict[str, Any]:
    """Return what the audit trail may keep: everything but prices and free text."""
    skipped = {*PRIVATE, "description", "vehicles", "valid_until"}
    said = {name: getattr(listing, name) for name in NAMES if name not in skipped}
    return {**said, "status": str(listing.status)}


def checked(said: ListingFacts) -> ListingFacts:
    """Return the facts tidied.

    Raises
    ------
    UnfitListing
        Names the field and what is wrong with it.
    """
    tidy = replace(
        said, title=" ".join(said.title.split()), description=said.description.strip(), unit=said.unit.strip(),
        vehicles=said.vehicles.strip(), **{name: tuple(dict.fromkeys(getattr(said, name))) for name in _LISTS},
    )  # fmt: skip
    for field, problem in _faults(tidy):
        raise UnfitListing(field=field, problem=problem)
    return tidy


def _faults(said: ListingFacts) -> list[tuple[str, str]]:
    checks: list[tuple[str, bool, Callable[[], str]]] = [
        ("title", bool(said.title) and len(said.title) <= 120, lambda: _("Say in a few words what it is about.")),
        ("description", len(said.description) <= 2000, lambda: _("At most 2,000 characters.")),
        ("direction", said.direction in Listing.Direction.values, lambda: _("Choose need or offer.")),
        ("role", said.role in Listing.Role.values, lambda: _("Choose one of the roles.")),
        ("relation", said.relation in Relation.values, lambda: _("Choose one of the kinds.")),
        ("period", said.period in Listing.Period.values, lambda: _("Choose one of the periods.")),
        ("quantity", _fits(said.quantity), lambda: _("A number above 0.")),
        ("unit", len(said.unit) <= 30 and (said.quantity is None or bool(said.unit)), lambda: _("Say of which unit, for example kg or pieces.")),
        ("price_low", _is_money(said.price_low), lambda: _("A whole number of rupiah.")),
        ("price_high", _is_money(said.price_high), lambda: _("A whole number of rupiah.")),
        ("price_high", _in_order(said), lambda: _("The highest price is below the lowest one.")),
        ("lead_time_days", said.lead_time_days is None or 0 <= said.lead_time_days <= MOST_DAYS, lambda: _("A number of days up to %(most)s.") % {"most": MOST_DAYS}),
        ("vehicles", len(said.vehicles) <= 200, lambda: _("At most 200 characters.")),
        ("certificates", set(said.certificates) <= set(Certificate.Kind.values), lambda: _("This kind of certificate is not known.")),
    ]  # fmt: skip
    faults = [(field, words()) for field, is_right, words in checks if not is_right]
    faults += [("kbli_codes", problem) for problem in _code_faults(said.kbli_codes)]
    return faults + _place_faults(said)


def _fits(quantity: float | None) -> bool:
    return quantity is None or (math.isfinite(quantity) and 0 < quantity <= MOST_QUANTITY)


def _is_money(amount: int | None) -> bool:
    return amount is None or 0 <= amount <= MOST_RUPIAH


def _in_order(said: ListingFacts) -> bool:
    return said.price_low is None or said.price_high is None or said.price_low <= said.price_high


def _code_faults(codes: tuple[str, ...]) -> list[str]:
    if len(codes) > MOST_CODES:
        return [_("At most %(count)s.") % {"count": MOST_CODES}]
    return [
        _("%(code)s is not a KBLI code of five digits.") % {"code": code} for code in codes if not kbli.has_form(code)
    ]


def _place_faults(said: ListingFacts) -> list[tuple[str, str]]:
    faults = [("regions", _not_known(code)) for code in said.regions if not is_place(code)]
    for route in said.routes:
        ends = route.split(">")
        if len(ends) != 2 or not all(map(is_place, ends)):
            faults.append(("routes", _not_known(route)))
    if len(said.regions) > MOST_REGIONS:
        faults.append(("regions", _("At most %(count)s.") % {"count": MOST_REGIONS}))
    if len(said.routes) > MOST_ROUTES:
        faults.append(("routes", _("At most %(count)s.") % {"count": MOST_ROUTES}))
    return faults


def _not_known(code: str) -> str:
    return _("“%(code)s” is not the code of a province, regency or city.") % {"code": code[:60]}


def is_place(code: str) -> bool:
    return regions.is_valid(code) and regions.level_of(code) <= regions.REGENCY
