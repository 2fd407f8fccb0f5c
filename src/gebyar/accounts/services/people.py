"""What people do about themselves: name, consent, a copy of their data, closing the account."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone

from gebyar.accounts import personal_data
from gebyar.accounts.consents import PURPOSES
from gebyar.accounts.models import Consent, Invitation, Role, User
from gebyar.accounts.queries import forget_grants, open_grants
from gebyar.accounts.services.roles import close_grant, keep_an_administrator
from gebyar.records.locking import lock
from gebyar.records.services import record_audit


@transaction.atomic
def change_name(*, actor: User, name: str) -> None:
    actor.name = name.strip()
    actor.save(update_fields=["name"])
    # Names stay out of the trail, where they could not be erased; so does the person as a labelled target.
    record_audit(actor=actor, verb="accounts.change_name", before={}, after={"name": "changed"})


@transaction.atomic
def give_consent(*, actor: User, purpose: str) -> Consent:
    """Note that a person agrees to a purpose in its present wording; agreeing twice changes nothing."""
    version = PURPOSES[purpose].version
    existing = lock(Consent.objects.filter(user=actor, purpose=purpose, withdrawn_at__isnull=True)).first()
    if existing is not None and existing.wording_version == version:
        return existing
    if existing is not None:
        withdraw_consent(actor=actor, purpose=purpose)
    try:
        with transaction.atomic():
            consent = Consent.objects.create(user=actor, purpose=purpose, wording_version=version)
    except IntegrityError:
        return Consent.objects.get(user=actor, purpose=purpose, withdrawn_at__isnull=True)
    after = {"purpose": purpose, "wording": version}
    record_audit(actor=actor, verb="accounts.give_consent", target=consent, before={}, after=after)
    return consent


@transaction.atomic
def withdraw_consent(*, actor: User, purpose: str) -> None:
    """End an agreement from now on; what was agreed to before stays on record as proof."""
    for consent in lock(Consent.objects.filter(user=actor, purpose=purpose, withdrawn_at__isnull=True)):
        consent.withdrawn_at = timezone.now()
        consent.save(update_fields=["withdrawn_at"])
        record_audit(
            actor=actor,
            verb="accounts.withdraw_consent",
            target=consent,
            before={"purpose": purpose, "wording": consent.wording_version},
            after={"purpose": purpose, "withdrawn": consent.withdrawn_at.isoformat()},
        )


@transaction.atomic
def export_my_data(*, actor: User) -> dict[str, Any]:
    """Return everything stored on a person as plain values, and note that it was handed out."""
    record_audit(actor=actor, verb="accounts.export_my_data", before={}, after={"person": actor.pk})
    return {"account": _account_facts(actor), **personal_data.export(actor)}


def _account_facts(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "since": user.date_joined,
        "last_sign_in": user.last_login,
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "roles": list(user.grants.values("role", "region_code", "granted_at", "ended_at")),
        "consents": list(user.consents.values("purpose", "wording_version", "given_at", "withdrawn_at")),
        "invitations": list(
            Invitation.objects.filter(email=user.email).values("role", "region_code", "created_at", "accepted_at")
        ),
    }


@transaction.atomic
def erase_me(*, actor: User) -> None:
    """Close the account and erase who it was; what was done with it stays in the trail under the role alone.

    Raises
    ------
    LastAdministrator
        Nothing is changed then.
    """
    user = lock(User.objects.filter(pk=actor.pk)).get()
    if any(grant.role == Role.ADMINISTRATOR for grant in open_grants(user)):
        keep_an_administrator(without=user.pk)
    record_audit(actor=user, verb="accounts.erase_me", before={}, after={"person": user.pk})
    for grant in user.grants.filter(ended_at__isnull=True).order_by("pk"):
        close_grant(actor=user, grant=grant)
    personal_data.erase(user)
    _forget_identity(user)
    forget_grants(user)


def _forget_identity(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    nobody = f"erased-{user.pk}@erased.invalid"
    Invitation.objects.filter(email=user.email, accepted_at__isnull=True).delete()
    Invitation.objects.filter(email=user.email).update(email=nobody)
    user.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    user.email, user.name, user.is_active, user.erased_at = nobody, "", False, timezone.now()
    # Another password hash also ends every session of this person.
    user.set_unusable_password()
    user.save()
