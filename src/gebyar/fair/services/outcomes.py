"""What each side says right after a meeting. When both want to go on, a deal is opened: once."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.fair.errors_floor import DidNotTakePlace, NotHeldYet, NotYourMeeting
from gebyar.fair.models import MeetingLog, MeetingRequest, Outcome, Participant, PlannedMeeting
from gebyar.fair.queries.outcomes import goes_on, sides_of
from gebyar.partnership import services as partnership
from gebyar.partnership.models import Deal, Relation
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.rules import open_firms

_NOT_HELD = {MeetingLog.State.NO_SHOW, MeetingLog.State.CANCELLED}


@transaction.atomic
def record_outcome(
    *,
    actor: User | None,
    request: MeetingRequest,
    participant: Participant,
    interest: Outcome.Interest,
    next_step: str = "",
    potential: int | None = None,
) -> Outcome:
    """Record what one side of a meeting says; said again, it replaces what this side said before.

    Parameters
    ----------
    actor
        A member of the participant's firm; None for the machine's own command line.
    potential
        Rupiah a year, as this side guesses. It is never a result and is kept apart from what was realised.

    Raises
    ------
    NotYourMeeting
        When the person does not act for this side.
    NotHeldYet, DidNotTakePlace
        When the published plan has the meeting later, or it was not held.
    """
    request = _held_request(request.pk)
    if not _may_speak(actor, request, participant):
        raise NotYourMeeting
    meeting = _meeting_of(request)
    outcome = _said_by(actor, request, participant, interest=interest, next_step=next_step, potential=potential)
    deal = _open_deal_once(actor, request, meeting)
    if deal is not None:
        outcome.refresh_from_db(fields=["deal"])
    after = {"interest": str(interest), "potential": potential, "deal": deal.pk if deal else None}
    record_audit(actor=actor, verb="fair.record_outcome", target=request, after=after)
    return outcome


def _said_by(actor: User | None, request: MeetingRequest, participant: Participant, **said: Any) -> Outcome:
    outcome, _created = Outcome.objects.update_or_create(
        request=request, participant=participant, defaults={**said, "said_by": actor, "said_at": timezone.now()}
    )
    return outcome


def _held_request(pk: int) -> MeetingRequest:
    """Hold the request: of two sides that speak at once the second sees what the first said."""
    rows = lock(MeetingRequest.objects.filter(pk=pk))
    return rows.select_related("asker__firm", "asked__firm", "listing", "round__fair", "log").get()


def _may_speak(actor: User | None, request: MeetingRequest, participant: Participant) -> bool:
    one_of_two = participant.pk in {request.asker_id, request.asked_id}
    return one_of_two and (actor is None or participant.firm_id in open_firms(actor))


def _meeting_of(request: MeetingRequest) -> PlannedMeeting:
    """Return the meeting as it was planned; one that somebody logged as held counts as begun."""
    log: MeetingLog | None = getattr(request, "log", None)
    if log is not None and log.state in _NOT_HELD:
        raise DidNotTakePlace
    meeting = request.planned.filter(plan__published_at__isnull=False).select_related("slot").first()
    if meeting is None or (log is None and meeting.slot.starts_at > timezone.now()):
        raise NotHeldYet
    return meeting


def _open_deal_once(actor: User | None, request: MeetingRequest, meeting: PlannedMeeting) -> Deal | None:
    """Open a deal when both sides want to go on and none was opened for this meeting."""
    said = list(request.outcomes.all())
    if not goes_on(said) or any(outcome.deal_id for outcome in said):
        return None
    seller, buyer = sides_of(request)
    listing = request.listing
    deal = partnership.open_deal(
        actor=actor,
        seller=seller,
        buyer=buyer,
        relation=listing.relation if listing else Relation.ORDER,
        title=(listing.title if listing else f"{seller.name} – {buyer.name}")[:120],
        origin=f"{request.round.fair.name}: {request.round.name}"[:160],
        origin_date=meeting.slot.starts_at.astimezone(request.round.zone).date(),
        listing=listing,
    )
    request.outcomes.update(deal=deal)
    return deal
