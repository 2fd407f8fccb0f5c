"""What was said after the meetings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.fair.models import MeetingLog, MeetingRequest, Outcome, Participant, PlannedMeeting
from gebyar.fair.queries.times import moment_words
from gebyar.partnership.models import Listing
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms


def goes_on(said: Iterable[Outcome]) -> bool:
    """Say whether a deal follows: both sides spoke, one says yes, and the other yes or perhaps later."""
    interests = [outcome.interest for outcome in said]
    both = len(interests) == 2
    return both and Outcome.Interest.YES in interests and Outcome.Interest.NONE not in interests


def sides_of(request: MeetingRequest) -> tuple[Firm, Firm]:
    """Return who would deliver and who would pay, as far as the request tells.

    A listing says it: an offer of a supplier or carrier is the seller's, as is a need for a buyer or distributor.
    Without one a firm of the small-industry register sells to a partner; between two of a kind the asker sells.
    """
    asker, asked = request.asker.firm, request.asked.firm
    if request.listing is not None:
        lister = request.listing.firm_id
        own, other = (asked, asker) if asked.pk == lister else (asker, asked)
        return (own, other) if _lister_sells(request.listing) else (other, own)
    if asker.kind != asked.kind:
        return (asked, asker) if asker.kind == Firm.Kind.PARTNER else (asker, asked)
    return asker, asked


def _lister_sells(listing: Listing) -> bool:
    is_offer = listing.direction == Listing.Direction.OFFER
    role_sells = listing.role in {Listing.Role.SUPPLIER, Listing.Role.LOGISTICS}
    return is_offer == role_sells


@dataclass(frozen=True)
class MeetingSide:
    """One meeting as a member of one of its two firms sees it."""

    request: MeetingRequest
    participant: Participant
    other: Participant
    meeting: PlannedMeeting
    said: Outcome | None

    @property
    def when_words(self) -> str:
        return moment_words(self.meeting.slot.starts_at, self.request.round.zone)

    @property
    def has_begun(self) -> bool:
        return self.log_state in _HELD or self.meeting.slot.starts_at <= timezone.now()

    @property
    def log_state(self) -> str:
        log: MeetingLog | None = getattr(self.request, "log", None)
        return log.state if log else ""


_HELD = {MeetingLog.State.HELD, MeetingLog.State.LATE}
_NOT_HELD = {MeetingLog.State.NO_SHOW, MeetingLog.State.CANCELLED}


def _own_requests(user: User) -> QuerySet[MeetingRequest]:
    """Return the meetings in which this person's firms have a side."""
    firms = open_firms(user)
    own = Q(asker__firm__in=firms) | Q(asked__firm__in=firms)
    return MeetingRequest.objects.filter(own).select_related(
        "round__fair", "asker__firm", "asked__firm", "listing", "log"
    )


def meeting_side(user: User, request_id: int, *, number: int | None = None) -> MeetingSide | None:
    """Return a meeting of this person's firm in a published plan, or None.

    Who acts for both firms says by its number which side they speak for; without that it is the asker's.
    """
    request = _own_requests(user).filter(pk=request_id).first()
    meeting = _published(request) if request else None
    if request is None or meeting is None:
        return None
    firms = open_firms(user)
    own = [one for one in (request.asker, request.asked) if one.firm_id in firms]
    participant = next((one for one in own if one.number == number), own[0])
    other = request.asked if participant.pk == request.asker_id else request.asker
    said = request.outcomes.filter(participant=participant).select_related("deal").first()
    return MeetingSide(request, participant, other, meeting, said)


def _published(request: MeetingRequest) -> PlannedMeeting | None:
    return request.planned.filter(plan__published_at__isnull=False).select_related("slot").first()


def own_side_lines(user: User, now: datetime | None = None) -> list[MeetingSide]:
    """Return the meetings of this person's firms that have begun and were not missed; those not spoken about first.

    Two queries, however many there are. A meeting between two of their own firms stands there twice.
    """
    firms = open_firms(user)
    meetings = (
        _begun(firms, now)
        .select_related("slot", "request__asker__firm", "request__asked__firm", "request__round__fair", "request__log")
        .prefetch_related(Prefetch("request__outcomes", Outcome.objects.select_related("deal")))
        .order_by("slot__starts_at", "table")
    )
    lines = [side for meeting in meetings for side in _own_sides(meeting, firms)]
    return sorted(lines, key=lambda line: line.said is not None)


def _begun(firms: set[int], now: datetime | None = None) -> QuerySet[PlannedMeeting]:
    """Return the meetings of some firms that have begun and were not missed."""
    own = Q(request__asker__firm__in=firms) | Q(request__asked__firm__in=firms)
    begun = Q(slot__starts_at__lte=now or timezone.now()) | Q(request__log__state__in=_HELD)
    shown = PlannedMeeting.objects.filter(own & begun, plan__published_at__isnull=False)
    return shown.exclude(request__log__state__in=_NOT_HELD)


def unsaid_count(user: User) -> int:
    """Count the meetings of this person's firms about which none of them has said anything yet."""
    firms = open_firms(user)
    said = Outcome.objects.filter(request=OuterRef("request"), participant__firm__in=firms)
    return _begun(firms).exclude(Exists(said)).count() if firms else 0


def _own_sides(meeting: PlannedMeeting, firms: set[int]) -> Iterable[MeetingSide]:
    request = meeting.request
    for own, other in ((request.asker, request.asked), (request.asked, request.asker)):
        if own.firm_id in firms:
            said = next((one for one in request.outcomes.all() if one.participant_id == own.pk), None)
            yield MeetingSide(request, own, other, meeting, said)
