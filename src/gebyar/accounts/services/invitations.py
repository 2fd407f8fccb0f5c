"""Letters to future officers, judges and administrators. The link in a letter is its token's only copy."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from gebyar.accounts.errors import AccountExists, InvitationForSomebodyElse, InvitationUsed
from gebyar.accounts.models import Invitation, RoleGrant, User
from gebyar.accounts.queries import hash_of, still_open
from gebyar.accounts.services.roles import open_grant, require_administrator, require_fitting_region
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.reference import regions

VALID_FOR = timedelta(days=14)
TOKEN_BYTES = 32


@dataclass(frozen=True)
class InvitationLetter:
    """What was sent; the link is not stored anywhere and cannot be shown a second time."""

    invitation: Invitation
    link: str


@transaction.atomic
def invite(*, actor: User | None, email: str, role: str, region_code: str = "") -> InvitationLetter:
    """Invite somebody to a role and mail them the link, valid for 14 days and once.

    Inviting the same person to the same role again sends a new link; the one before stops working.

    Raises
    ------
    NotAllowed, RegionNeeded
        Nothing is sent then.
    """
    require_administrator(actor)
    require_fitting_region(role, region_code)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = timezone.now()
    fresh = {
        "token_hash": hash_of(token),
        "invited_by": actor,
        "created_at": now,
        "expires_at": now + VALID_FOR,
    }
    invitation, _created = Invitation.objects.update_or_create(
        email=email.strip().lower(), role=role, region_code=region_code, accepted_at=None, defaults=fresh
    )
    record_audit(actor=actor, verb="accounts.invite", target=invitation, before={}, after=invitation_facts(invitation))
    letter = InvitationLetter(invitation, _link(token))
    transaction.on_commit(lambda: _send(letter), robust=True)
    return letter


@transaction.atomic
def withdraw_invitation(*, actor: User | None, invitation: Invitation) -> None:
    """Take an open invitation back; its link stops working.

    Raises
    ------
    NotAllowed, InvitationUsed
        Nothing is changed then.
    """
    require_administrator(actor)
    locked = lock(Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True)).first()
    if locked is None:
        raise InvitationUsed
    record_audit(
        actor=actor,
        verb="accounts.withdraw_invitation",
        target=locked,
        before=invitation_facts(locked),
        after={},
    )
    locked.delete()


@transaction.atomic
def accept_invitation(*, actor: User, token: str) -> RoleGrant:
    """Take the role up, once, as the person it was sent to.

    Raises
    ------
    InvitationUnknown, InvitationUsed, InvitationExpired, InvitationForSomebodyElse, AlreadyHolds
        Nothing is changed then.
    """
    return _accept(actor, _open_invitation(token))


@transaction.atomic
def join_by_invitation(*, token: str, name: str, password: str) -> User:
    """Open an account for somebody who followed the link of their letter, which proves the address is theirs.

    Raises
    ------
    InvitationUnknown, InvitationUsed, InvitationExpired, AccountExists
        Nothing is changed then.
    """
    invitation = _open_invitation(token)
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password, name=name.strip())
    except IntegrityError as error:
        raise AccountExists from error
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record_audit(actor=user, verb="accounts.join", before={}, after={"person": user.pk})
    _accept(user, invitation)
    return user


def _open_invitation(token: str) -> Invitation:
    return still_open(lock(Invitation.objects.filter(token_hash=hash_of(token))).first())


def _accept(user: User, invitation: Invitation) -> RoleGrant:
    if user.email.lower() != invitation.email:
        raise InvitationForSomebodyElse
    grant = open_grant(actor=invitation.invited_by, user=user, role=invitation.role, region_code=invitation.region_code)
    before = invitation_facts(invitation)
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record_audit(
        actor=user,
        verb="accounts.accept_invitation",
        target=invitation,
        before=before,
        after=invitation_facts(invitation),
    )
    return grant


def _link(token: str) -> str:
    return settings.SITE_URL + reverse("accounts:accept_invitation", kwargs={"token": token})


def _send(letter: InvitationLetter) -> None:
    invitation = letter.invitation
    region = regions.label(invitation.region_code) if invitation.region_code else ""
    words = {"invitation": invitation, "region": region, "link": letter.link, "site_url": settings.SITE_URL}
    # Nobody knows the reader's language yet; the sender's, or the command line's, says nothing about it.
    with override(settings.LANGUAGE_CODE):
        send_mail(
            _("Gebyar: you are invited as %(role)s") % {"role": invitation.get_role_display()},
            render_to_string("accounts/email/invitation.txt", words),
            settings.DEFAULT_FROM_EMAIL,
            [invitation.email],
        )


def invitation_facts(invitation: Invitation) -> dict[str, str | int | None]:
    """Return what the audit trail keeps. The address is not part of it: it could not be erased there."""
    return {
        "role": invitation.role,
        "region": invitation.region_code,
        "expires": invitation.expires_at.isoformat(),
        "accepted_by": invitation.accepted_by_id,
    }
