"""Partners for a listing, from an index of all shown listings that each process keeps and brings up to date."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gebyar.methods.partners import Entry, Exposure, Options, PartnerIndex, Reason, exposure
from gebyar.methods.size import classify
from gebyar.partnership.models import Listing
from gebyar.partnership.queries.listings import ListingCard, card, shown_listings
from gebyar.partnership.wording import certificate_names, place_name, route_name
from gebyar.reference import regions
from gebyar.registry.models import Profile

PER_YEAR = {"once": 1, "month": 12, "quarter": 4, "year": 1}
SIZE_RULE = "pp_7_2021_sales"
# Where most of the nation's industry, its buyers and its roads are; everything else is far from them.
CENTRE = "Jawa"
_AT_ONCE = 5000
# What an entry is made of; the other columns of a listing and its firm stay in the database.
_NEEDED = (
    "title", "description", "direction", "role", "kbli_codes", "certificates", "regions", "quantity", "unit", "period",
    "lead_time_days", "routes", "has_cold_chain", "firm__region_code",
)  # fmt: skip

REASON_WORDS: dict[str, str | Promise] = {
    "same_words": _("Both speak of %(words)s."),
    "alike_words": _("The words are alike."),
    "same_code": _("Same industry code %(code)s."),
    "near_code": _("Industry codes begin alike: %(code)s."),
    "certificates_covered": _("Holds what is asked for: %(certificates)s."),
    "certificates_missing": _("Does not say that it holds: %(certificates)s."),
    "same_regency": _("In the same regency or city."),
    "same_province": _("In the same province."),
    "same_island": _("In the same group of islands."),
    "both_served": _("Each serves the place of the other."),
    "not_served": _("One of the two does not name the place of the other: %(region)s."),
    "capacity_enough": _("The quantity is enough."),
    "capacity_short": _("Covers %(percent)s %% of the quantity."),
    "lead_time_fits": _("Delivers in time: %(days)s days."),
    "lead_time_long": _("Takes %(days)s days, %(asked)s are wanted."),
    "route_covered": _("Goes the whole way: %(route)s."),
    "cold_chain": _("Keeps goods cool from end to end."),
}


def reason_words(reason: Reason) -> str:
    """Say a reason in the reader's language, codes of places and certificates by their names."""
    said: dict[str, Any] = dict(reason.parameters)
    if "certificates" in said:
        said["certificates"] = ", ".join(certificate_names(str(said["certificates"]).split(", ")))
    if "region" in said:
        said["region"] = place_name(str(said["region"]))
    if "route" in said:
        said["route"] = route_name(str(said["route"]))
    return str(REASON_WORDS[reason.code]) % said


# --- the index ----------------------------------------------------------------------------------------------


@dataclass
class _Kept:
    """The index of this process, and which version of each listing it holds."""

    index: PartnerIndex = field(default_factory=PartnerIndex)
    versions: dict[int, datetime] = field(default_factory=dict)
    state: tuple[Any, ...] | None = None
    reports: dict[float, Exposure] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept = _Kept()


def forget_index() -> None:
    """Begin anew; for tests, whose listings vanish behind the index's back."""
    with _kept.lock:
        _kept.index, _kept.versions, _kept.state, _kept.reports = PartnerIndex(), {}, None, {}


def _state() -> tuple[Any, ...]:
    """Return what changes whenever a listing comes, changes or goes; one query, which an index answers.

    Firms are not looked at: what a firm that is closed has listed is left out when suggestions are shown.
    """
    approved = Listing.objects.filter(status=Listing.Status.APPROVED).order_by()
    found = approved.aggregate(Count("pk"), Max("changed_at"), Max("decided_at"))
    return (timezone.localdate(), *found.values())


def _refresh() -> PartnerIndex:
    """Bring the index up to date: only what came, changed or went is touched. Called under the lock."""
    state = _state()
    if state == _kept.state:
        return _kept.index
    now = dict(shown_listings().order_by().values_list("pk", "changed_at"))
    gone = [number for number, version in _kept.versions.items() if now.get(number) != version]
    _kept.index.remove(gone)
    fresh = [number for number, version in now.items() if _kept.versions.get(number) != version]
    # Read in pieces and added at once: each addition costs about as much as the index is large.
    _kept.index.add([entry for some in batched(fresh) for entry in _entries(some)])
    _kept.versions, _kept.state, _kept.reports = now, state, {}
    return _kept.index


def _entries(numbers: list[int]) -> list[Entry]:
    found = Listing.objects.filter(pk__in=numbers).order_by("pk").select_related("firm")
    return entries_of(found.only(*_NEEDED))


def batched(numbers: list[int]) -> Iterator[list[int]]:
    """Part a first filling into statements of a moderate length."""
    return (numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE))


def entries_of(listings: Iterable[Listing]) -> list[Entry]:
    """Return listings as the method takes them. Sizes serve the report of shares alone; no reason ever speaks of them."""
    found = list(listings)
    sizes = sizes_of({listing.firm_id for listing in found})
    return [_entry(listing, sizes.get(listing.firm_id, "unknown")) for listing in found]


def _entry(listing: Listing, size: str) -> Entry:
    quantity = listing.quantity * PER_YEAR[listing.period] if listing.quantity else None
    region = listing.firm.region_code
    return Entry(
        id=listing.pk, firm=listing.firm_id, direction=str(listing.direction), role=str(listing.role),
        text=f"{listing.title} {listing.description}", region=region, kbli=tuple(listing.kbli_codes),
        certificates=tuple(listing.certificates), regions=tuple(listing.regions), quantity_per_year=quantity,
        unit=listing.unit, lead_time_days=listing.lead_time_days, size=size, is_remote=is_remote(region),
        routes=tuple(listing.routes), has_cold_chain=listing.has_cold_chain,
    )  # fmt: skip


def is_remote(region_code: str) -> bool:
    known = regions.is_valid(region_code[:2])
    return known and regions.province(region_code).island != CENTRE


def sizes_of(firms: set[int] | QuerySet[Any]) -> dict[int, str]:
    """Return the class of each firm whose current figures say it; one query. Firms by their ids, or a query for these."""
    facts = ["firm_id", "workers", "investment", "capital", "sales", "net_worth"]
    rows = list(Profile.objects.filter(is_current=True, firm__in=firms).values_list(*facts))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(facts, pl.Int64), orient="row")
    classes = classify(frame.drop("firm_id"))[SIZE_RULE].cast(pl.String).to_list()
    return {
        firm: name if name in {"micro", "small", "medium", "large"} else "unknown"
        for firm, name in zip(frame["firm_id"].to_list(), classes, strict=True)
    }


# --- asking -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SuggestionLine:
    """A suggested listing with what anybody may know of it, and why it is suggested."""

    listing: Listing
    card: ListingCard
    score: float
    reasons: list[str]
    codes: list[str]


def suggestions_for(listing: Listing, options: Options | None = None, k: int = 10) -> list[SuggestionLine]:
    """Return partners for a listing, which itself need not be shown; a fixed number of queries."""
    asked = entries_of([listing])[0]
    with _kept.lock:
        found = _refresh().suggest(asked, k, options)
    # Looked up among those shown now, so that what was closed a moment ago is not shown either.
    shown = {one.pk: one for one in shown_listings().filter(pk__in=[s.id for s in found]).select_related("firm")}
    return [
        SuggestionLine(
            shown[one.id],
            card(shown[one.id]),
            one.score,
            [reason_words(reason) for reason in one.reasons],
            [reason.code for reason in one.reasons],
        )
        for one in found
        if one.id in shown
    ]


def share_report(*, floor: float = 0.0, most: int = 400) -> Exposure:
    """Compare the firms suggested to the shown listings with those that could be; at most `most` listings are asked for.

    Every listing gets its ten suggestions, as the pages would show them. Others may ask in between, so that nobody waits
    for the whole report; it is kept until a listing comes, changes or goes.
    """
    with _kept.lock:
        entries = sorted(_refresh().entries(), key=lambda entry: entry.id)
        state, known = _kept.state, _kept.reports.get(floor)
    if known is not None:
        return known
    options, shown = Options(floor=floor), []
    for asked in entries[:: max(1, -(-len(entries) // most))]:
        with _kept.lock:
            shown += [_kept.index.entry(one.id) for one in _kept.index.suggest(asked, 10, options)]
    report = exposure(entries, shown)
    with _kept.lock:
        if _kept.state == state:
            _kept.reports[floor] = report
    return report
