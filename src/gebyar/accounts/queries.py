"""Reads about people that are more than a filter."""

import hashlib

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from gebyar.accounts.errors import InvitationExpired, InvitationUnknown, InvitationUsed
from gebyar.accounts.models import Invitation, Role, RoleGrant, User

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def open_grants(user: User) -> list[RoleGrant]:
    """Return the roles a person holds now."""
    return user.open_grants


def forget_grants(user: User) -> None:
    """Read the roles anew the next time they are asked for; called after they changed."""
    user.__dict__.pop("open_grants", None)


def roles_of(user: User | AnonymousUser) -> set[str]:
    return {grant.role for grant in open_grants(user)} if isinstance(user, User) else set()


def region_filter(user: User | AnonymousUser, field: str = "region_code") -> Q:
    """Return the filter for what an officer may see: the whole country, their regions, or nothing.

    A region code is a prefix of the codes within it, followed by a dot, so "33" holds "33" and "33.74.10".
    """
    grants = open_grants(user) if isinstance(user, User) and user.is_active else []
    if any(grant.role in {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER} for grant in grants):
        return Q()
    regions = [grant.region_code for grant in grants if grant.role == Role.LOCAL_OFFICER]
    return within_any(regions, field)


def within_any(regions: list[str], field: str = "region_code") -> Q:
    seen = Q(pk__in=[])
    for code in regions:
        # A range instead of LIKE: it uses the plain index under every collation.
        seen |= Q(**{field: code}) | Q(**{f"{field}__gte": f"{code}.", f"{field}__lt": f"{code}/"})
    return seen


def people(*, words: str = "", role: str = "") -> QuerySet[User]:
    """Return people that were not erased, by name, with open roles and whether a second factor is set up."""
    second_factor = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    grants = RoleGrant.objects.filter(ended_at__isnull=True).order_by("id")
    found = (
        User.objects.filter(erased_at__isnull=True)
        .annotate(has_second_factor=Exists(second_factor))
        .prefetch_related(Prefetch("grants", grants, to_attr="open_grants"))
        .order_by("name", "email", "pk")
    )
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if role:
        found = found.filter(Exists(grants.filter(user=OuterRef("pk"), role=role).order_by()))
    return found


def open_invitations() -> QuerySet[Invitation]:
    """Return invitations nobody has taken up yet, the newest first; an expired one can be sent again."""
    return Invitation.objects.filter(accepted_at__isnull=True).order_by("-created_at", "pk")


def invitation_of(token: str) -> Invitation:
    """Return the invitation a link belongs to, for showing it; taking it up looks again, under a lock.

    Raises
    ------
    InvitationUnknown, InvitationUsed, InvitationExpired
    """
    invitation = Invitation.objects.filter(token_hash=hash_of(token)).first()
    return still_open(invitation)


def still_open(invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise InvitationUnknown
    if invitation.accepted_at is not None:
        raise InvitationUsed
    if not invitation.is_open:
        raise InvitationExpired
    return invitation


def hash_of(token: str) -> str:
    """Return the stored form of a token; SHA-256 without salt is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
