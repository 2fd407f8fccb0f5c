"""Who acts for a firm: invitations, requests, and the end of it."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.accounts.queries import hash_of
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.errors import (
    AlreadyMember,
    AlreadyProposed,
    InvitationExpired,
    InvitationForSomebodyElse,
    InvitationUnknown,
    InvitationUsed,
    LastMember,
    MembershipEnded,
    NotYourFirm,
)
from gebyar.registry.models import Correction, Firm, FirmInvitation, FirmMember
from gebyar.registry.services.letters import write_invitation

VALID_FOR = timedelta(days=14)
# A request to act for a firm waits in the same queue as corrections, as the "fact" of this name and the
# person's id.
MEMBERSHIP = "membership:"


@transaction.atomic
def invite_member(*, actor: User, firm: Firm, email: str) -> FirmInvitation:
    """Send somebody the link by which they can act for the firm, once and within 14 days.

    Inviting the same person again sends a new link; the one before stops working.

    Raises
    ------
    NotYourFirm, AlreadyMember
        Nothing is sent then.
    """
    if not actor.has_perm("registry.manage_members", firm):
        raise NotYourFirm
    address = email.strip().lower()
    if firm.members.filter(user__email=address, ended_at__isnull=True).exists():
        raise AlreadyMember
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    fresh = {"token_hash": hash_of(token), "invited_by": actor, "created_at": now, "expires_at": now + VALID_FOR}
    invitation, _created = FirmInvitation.objects.update_or_create(
        firm=firm, email=address, accepted_at=None, defaults=fresh
    )
    # The address is not kept in the audit trail: it could not be erased there.
    record_audit(actor=actor, verb="registry.invite_member", target=firm, after={"invitation": invitation.pk})
    transaction.on_commit(lambda: write_invitation(invitation, token), robust=True)
    return invitation


@transaction.atomic
def accept_invitation(*, actor: User, token: str) -> FirmMember:
    """Begin to act for a firm, once, as the person the invitation was sent to.

    Raises
    ------
    InvitationUnknown, InvitationUsed, InvitationExpired, InvitationForSomebodyElse, AlreadyMember
        Nothing is changed then.
    """
    invitation = still_open(lock(FirmInvitation.objects.filter(token_hash=hash_of(token))).first())
    if actor.email.lower() != invitation.email:
        raise InvitationForSomebodyElse
    member = _add_member(invitation.firm, actor)
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = actor
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record_audit(
        actor=actor,
        verb="registry.accept_invitation",
        target=invitation.firm,
        after={"invitation": invitation.pk},
    )
    return member


@transaction.atomic
def ask_membership(*, actor: User, firm: Firm, reason: str) -> Correction:
    """Ask the officers of the region to let the person act for a firm that is in the register already.

    Raises
    ------
    AlreadyMember, AlreadyProposed
        Nothing is stored then.
    """
    if firm.members.filter(user=actor, ended_at__isnull=True).exists():
        raise AlreadyMember
    request = Correction(firm=firm, field=f"{MEMBERSHIP}{actor.pk}", reason=reason.strip(), proposed_by=actor)
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as error:
        raise AlreadyProposed from error
    record_audit(actor=actor, verb="registry.ask_membership", target=firm, after={"request": request.pk})
    return request


@transaction.atomic
def end_membership(*, actor: User, member: FirmMember) -> FirmMember:
    """Let somebody act for a firm no longer. The last one can only be taken out by an officer.

    Raises
    ------
    NotYourFirm, MembershipEnded, LastMember
        Nothing is changed then.
    """
    firm = lock(Firm.objects.filter(pk=member.firm_id)).get()
    if not actor.has_perm("registry.manage_members", firm):
        raise NotYourFirm
    locked = lock(firm.members.filter(pk=member.pk, ended_at__isnull=True)).first()
    if locked is None:
        raise MembershipEnded
    others = firm.members.filter(ended_at__isnull=True).exclude(pk=locked.pk).exists()
    if not others and not actor.has_perm("registry.change_firm", firm):
        raise LastMember
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    record_audit(actor=actor, verb="registry.end_membership", target=firm, before={"person": locked.user_id})
    return locked


def add_requested_member(request: Correction) -> FirmMember:
    """Let the person who asked act for the firm; called when their request is approved."""
    user = User.objects.get(pk=int(request.field.removeprefix(MEMBERSHIP)))
    return _add_member(request.firm, user)


def _add_member(firm: Firm, user: User) -> FirmMember:
    try:
        with transaction.atomic():
            return FirmMember.objects.create(firm=firm, user=user)
    except IntegrityError as error:
        raise AlreadyMember from error


def still_open(invitation: FirmInvitation | None) -> FirmInvitation:
    if invitation is None:
        raise InvitationUnknown
    if invitation.accepted_at is not None:
        raise InvitationUsed
    if invitation.expires_at <= timezone.now():
        raise InvitationExpired
    return invitation
