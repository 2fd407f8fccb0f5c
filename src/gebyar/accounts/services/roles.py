"""Roles are granted and ended, never changed, so that the past stays readable."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from gebyar.accounts.errors import (
    AccountClosed,
    AlreadyHolds,
    GrantEnded,
    LastAdministrator,
    RegionNeeded,
)
from gebyar.accounts.models import Role, RoleGrant, User
from gebyar.accounts.queries import forget_grants
from gebyar.records.errors import NotAllowed
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.reference import regions


def require_administrator(actor: User | None) -> None:
    """Refuse everybody but administrators; no actor means the command line of the machine itself."""
    if actor is not None and not actor.has_perm("accounts.administer"):
        raise NotAllowed


def require_fitting_region(role: str, region_code: str) -> None:
    is_local = role == Role.LOCAL_OFFICER
    if is_local != bool(region_code):
        raise RegionNeeded
    if is_local and (regions.level_of(region_code) > regions.REGENCY or not regions.is_valid(region_code)):
        raise RegionNeeded


@transaction.atomic
def grant_role(*, actor: User | None, user: User, role: str, region_code: str = "") -> RoleGrant:
    """Give a person a role.

    Raises
    ------
    NotAllowed, RegionNeeded, AccountClosed, AlreadyHolds
        Nothing is changed then.
    """
    require_administrator(actor)
    return open_grant(actor=actor, user=user, role=role, region_code=region_code)


def open_grant(*, actor: User | None, user: User, role: str, region_code: str) -> RoleGrant:
    """Open a grant without asking who may: an accepted invitation was decided by its sender."""
    require_fitting_region(role, region_code)
    # The row lock keeps an account from being closed between this look and the grant.
    if not lock(User.objects.filter(pk=user.pk, is_active=True)).exists():
        raise AccountClosed
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(user=user, role=role, region_code=region_code, granted_by=actor)
    except IntegrityError as error:
        raise AlreadyHolds from error
    forget_grants(user)
    record_audit(actor=actor, verb="accounts.grant_role", target=grant, before={}, after=grant_facts(grant))
    return grant


@transaction.atomic
def end_grant(*, actor: User | None, grant: RoleGrant) -> RoleGrant:
    """End a role today.

    Raises
    ------
    NotAllowed, GrantEnded, LastAdministrator
        Nothing is changed then.
    """
    require_administrator(actor)
    return close_grant(actor=actor, grant=grant)


def close_grant(*, actor: User | None, grant: RoleGrant) -> RoleGrant:
    """End a grant without asking who may: people also give their roles back when they close their account."""
    if grant.role == Role.ADMINISTRATOR:
        keep_an_administrator(without=grant.user_id)
    locked = lock(RoleGrant.objects.filter(pk=grant.pk, ended_at__isnull=True)).first()
    if locked is None:
        raise GrantEnded
    before = grant_facts(locked)
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    forget_grants(locked.user)
    record_audit(actor=actor, verb="accounts.end_grant", target=locked, before=before, after=grant_facts(locked))
    return locked


def keep_an_administrator(*, without: int) -> None:
    """Lock the grants of all administrators in key order and see that somebody else is among them.

    Two administrators who end each other's role wait here for one another; the second finds itself alone.
    """
    administrators = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, ended_at__isnull=True, user__is_active=True)
    holders = {grant.user_id for grant in lock(administrators.order_by("pk"))}
    if without in holders and holders == {without}:
        raise LastAdministrator


def grant_facts(grant: RoleGrant) -> dict[str, str | int | None]:
    return {
        "person": grant.user_id,
        "role": grant.role,
        "region": grant.region_code,
        "ended": grant.ended_at.isoformat() if grant.ended_at else None,
    }
