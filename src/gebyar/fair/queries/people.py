"""Participants as organisers see them, and as they see each other."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gebyar.fair.models import MeetingRequest, Participant, Round, Slot
from gebyar.fair.queries.words import by_words
from gebyar.partnership.models import Listing
from gebyar.partnership.queries.listings import shown_listings
from gebyar.partnership.queries.suggestions import suggestions_for
from gebyar.registry.models import Firm
from gebyar.registry.queries.wording import place


def participants_of(found: Round, *, words: str = "", status: str = "") -> QuerySet[Participant]:
    """Return the participants with what they ask and are asked; `words` are of the name, or the number."""
    people = (
        found.participants.filter(by_words(words, ""))
        .select_related("firm", "zone", "table")
        .annotate(made_count=_requests("asker"), received_count=_requests("asked"))
    )
    if status == "standby":
        people = people.filter(is_standby=True)
    elif status:
        people = people.filter(status=status)
    return people.order_by("number")


def _requests(end: str) -> Coalesce:
    """Count by itself: two joined counts would multiply what somebody asks by what they are asked."""
    there = MeetingRequest.objects.filter(withdrawn_at__isnull=True, **{end: OuterRef("pk")}).order_by()
    return Coalesce(Subquery(there.values(end).annotate(count=Count("pk")).values("count")), 0)


def open_listings() -> QuerySet[Listing]:
    """Return the listings anybody may see, without their prices."""
    return shown_listings().defer("price_low", "price_high")


@dataclass(frozen=True)
class Other:
    """Somebody else in the round, as one participant sees them."""

    participant: Participant
    place: str
    listings: list[Listing] = field(default_factory=list)
    made: MeetingRequest | None = None  # what this participant asked of them
    received: MeetingRequest | None = None  # what they asked of this participant
    reasons: list[str] = field(default_factory=list)  # why they are suggested


def others_in_round(participant: Participant, *, words: str = "", role: str = "") -> QuerySet[Participant]:
    """Return whom a participant could meet, by words of name, product or listing, and by what they list."""
    people = (
        Participant.objects.filter(round=participant.round_id)
        .exclude(pk=participant.pk)
        .exclude(status=Participant.Status.WITHDRAWN)
        .select_related("firm")
        .order_by("number")
    )
    listed = open_listings()
    if role:
        people = people.filter(firm__in=listed.filter(role=role).values("firm"))
    for word in words.split()[:8]:
        with_word = listed.filter(Q(title__icontains=word) | Q(description__icontains=word))
        people = people.filter(
            Q(firm__name__icontains=word) | Q(firm__products__icontains=word) | Q(firm__in=with_word.values("firm"))
        )
    return people


def others_with_requests(participant: Participant, people: Iterable[Participant]) -> list[Other]:
    """Return people of one page with their listings and what was asked between them; two queries, however many."""
    shown = list(people)
    listings: dict[int, list[Listing]] = {}
    for listing in open_listings().filter(firm__in=[person.firm_id for person in shown]).order_by("pk"):
        listings.setdefault(listing.firm_id, []).append(listing)
    asked = MeetingRequest.objects.filter(
        Q(asker=participant, asked__in=shown) | Q(asked=participant, asker__in=shown), withdrawn_at__isnull=True
    )
    made = {request.asked_id: request for request in asked if request.asker_id == participant.pk}
    received = {request.asker_id: request for request in asked if request.asked_id == participant.pk}
    return [
        Other(
            person, place(person.firm.region_code[:5]), listings.get(person.firm_id, []), made.get(person.pk),
            received.get(person.pk),
        )
        for person in shown
    ]  # fmt: skip


MOST_SUGGESTED = 5
MOST_LISTINGS = 20  # of the firm's own, the newest, so that a page costs a bounded number of queries
_LOOKED_AT = 60  # suggestions of one listing, of whom some take part


def suggested_others(participant: Participant) -> list[Other]:
    """Return whom the firm's listings suggest among the others of the round, best first, with the reasons."""
    people = {person.firm_id: person for person in others_in_round(participant)}
    best: dict[int, tuple[float, list[str]]] = {}
    for listing in (
        open_listings().filter(firm=participant.firm_id).select_related("firm").order_by("-pk")[:MOST_LISTINGS]
    ):
        for line in suggestions_for(listing, k=_LOOKED_AT):
            firm = line.card.firm_id
            if firm in people and line.score > best.get(firm, (0.0, []))[0]:
                best[firm] = (line.score, line.reasons)
    chosen = sorted(best, key=lambda firm: (-best[firm][0], people[firm].number))[:MOST_SUGGESTED]
    found = others_with_requests(participant, [people[firm] for firm in chosen])
    return [replace(other, reasons=best[other.participant.firm_id][1]) for other in found]


@dataclass(frozen=True)
class GridDay:
    """The slots of one day, each with whether the participant is away."""

    starts: Slot
    slots: list[tuple[Slot, bool]]


def availability(participant: Participant) -> list[GridDay]:
    """Return the slots day by day for the grid on which a participant says when they cannot."""
    away = set(participant.absent_slots.values_list("pk", flat=True))
    days: dict[object, list[tuple[Slot, bool]]] = {}
    zone = participant.round.zone
    for slot in participant.round.slots.all():
        days.setdefault(slot.starts_at.astimezone(zone).date(), []).append((slot, slot.pk in away))
    return [GridDay(slots[0][0], slots) for slots in days.values()]


def addable_firms(found: Round, firms: Iterable[int]) -> list[Firm]:
    """Return firms of a search that do not take part yet, in the order of the search."""
    chosen = list(firms)
    taking_part = found.participants.values("firm")
    by_key = {firm.pk: firm for firm in Firm.objects.filter(pk__in=chosen, is_active=True).exclude(pk__in=taking_part)}
    return [by_key[key] for key in chosen if key in by_key]
