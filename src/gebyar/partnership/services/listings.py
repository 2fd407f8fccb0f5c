"""A firm writes a need or an offer; an officer of its region has it shown."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.partnership.errors import (
    ChangedSince,
    ListingClosed,
    ListingNotReady,
    NoteNeeded,
    NotWaiting,
    NotYourFirm,
    NotYourRegion,
    OwnListing,
)
from gebyar.partnership.facts import ListingFacts, checked, facts_of, public, write_into
from gebyar.partnership.models import Listing
from gebyar.partnership.services.letters import write_listing_decision
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms

Status = Listing.Status
# What becomes of a listing when its words change: shown again only after somebody looked at it.
AFTER_A_CHANGE = {
    Status.DRAFT: Status.DRAFT,
    Status.REJECTED: Status.DRAFT,
    Status.WAITING: Status.WAITING,
    Status.APPROVED: Status.WAITING,
}


@transaction.atomic
def write_listing(*, actor: User, firm: Firm, facts: ListingFacts) -> Listing:
    """Begin a listing as a draft, which only the firm sees.

    Raises
    ------
    NotYourFirm, UnfitListing
        Nothing is stored then.
    """
    if not actor.has_perm("partnership.write_listing", firm):
        raise NotYourFirm
    listing = Listing(firm=firm, created_by=actor, is_synthetic=firm.is_synthetic)
    write_into(listing, checked(facts))
    listing.save()
    record_audit(actor=actor, verb="partnership.write_listing", target=listing, after=public(listing))
    return listing


@transaction.atomic
def change_listing(*, actor: User, listing: Listing, **facts: Any) -> Listing:
    """Say some facts of a listing anew; one that is shown waits for approval again.

    Saying the same again changes nothing.

    Raises
    ------
    NotYourFirm, ListingClosed, UnfitListing
        Nothing is changed then.
    """
    locked = _locked(listing)
    if not actor.has_perm("partnership.write_listing", locked.firm):
        raise NotYourFirm
    if locked.status == Status.CLOSED:
        raise ListingClosed
    known = facts_of(locked)
    said = checked(known.changed(**facts))
    if said == known:
        return locked
    before = public(locked)
    write_into(locked, said)
    touch(locked)
    record_audit(actor=actor, verb="partnership.change_listing", target=locked, before=before, after=public(locked))
    return locked


def touch(listing: Listing) -> None:
    """Note that what the listing shows has changed, so that nothing unseen is public."""
    listing.status = AFTER_A_CHANGE[Status(listing.status)]
    listing.changed_at = timezone.now()
    listing.save()


@transaction.atomic
def send_listing(*, actor: User, listing: Listing) -> Listing:
    """Hand a draft in for approval.

    Raises
    ------
    NotYourFirm, ListingNotReady, UnfitListing
        Nothing is changed then.
    """
    locked = _locked(listing)
    if not actor.has_perm("partnership.write_listing", locked.firm):
        raise NotYourFirm
    if locked.status not in {Status.DRAFT, Status.REJECTED}:
        raise ListingNotReady
    checked(facts_of(locked))
    locked.status, locked.changed_at = Status.WAITING, timezone.now()
    locked.save()
    record_audit(actor=actor, verb="partnership.send_listing", target=locked, after={"status": str(locked.status)})
    return locked


@transaction.atomic
def decide_listing(
    *, actor: User, listing: Listing, approve: bool, note: str = "", seen: datetime | None = None
) -> Listing:
    """Show a listing to everybody, or send it back with a reason; those who act for the firm get a mail.

    Parameters
    ----------
    seen
        `changed_at` of the version the officer read; left out, any version is meant.

    Raises
    ------
    NotYourRegion, OwnListing, NotWaiting, ChangedSince, NoteNeeded
        Nothing is changed then.
    """
    locked = _locked(listing)
    _require_decidable(actor, locked, seen)
    if not approve and not note.strip():
        raise NoteNeeded
    _close(locked, actor, Status.APPROVED if approve else Status.REJECTED, note.strip())
    verb = "partnership.approve_listing" if approve else "partnership.return_listing"
    record_audit(actor=actor, verb=verb, target=locked, after={"status": str(locked.status)})
    transaction.on_commit(lambda: write_listing_decision(locked), robust=True)
    return locked


def _require_decidable(actor: User, listing: Listing, seen: datetime | None) -> None:
    if not actor.has_perm("partnership.approve", listing.firm):
        raise NotYourRegion
    if listing.firm_id in open_firms(actor):
        raise OwnListing
    if listing.status != Status.WAITING:
        raise NotWaiting
    if seen is not None and seen != listing.changed_at:
        raise ChangedSince


def _close(listing: Listing, actor: User, status: Status, note: str) -> None:
    listing.status = status
    listing.decided_by, listing.decided_at, listing.decision_note = actor, timezone.now(), note
    listing.save()


@transaction.atomic
def close_listing(*, actor: User, listing: Listing) -> Listing:
    """End a listing for good, by the firm or its officer.

    Raises
    ------
    NotYourFirm, ListingClosed
        Nothing is changed then.
    """
    locked = _locked(listing)
    if not actor.has_perm("partnership.see_fully", locked.firm):
        raise NotYourFirm
    if locked.status == Status.CLOSED:
        raise ListingClosed
    before = {"status": str(locked.status)}
    locked.status, locked.changed_at = Status.CLOSED, timezone.now()
    locked.save()
    record_audit(actor=actor, verb="partnership.close_listing", target=locked, before=before)
    return locked


def _locked(listing: Listing) -> Listing:
    """Lock the listing, so that a change and a decision come one after the other."""
    return lock(Listing.objects.select_related("firm").filter(pk=listing.pk)).get()
