"""A new firm, registered by its owner, and the people to speak to."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.records.locking import lock
from gebyar.records.sealing import keyed_hash, seal
from gebyar.records.services import record_audit
from gebyar.registry.errors import NibTaken, NotYourFirm
from gebyar.registry.imports.identity import identity_key
from gebyar.registry.models import Contact, Correction, Firm, FirmMember
from gebyar.registry.services.search import refresh_search
from gebyar.registry.services.statements import own_delivery


@transaction.atomic
def register_firm(
    *,
    actor: User,
    name: str,
    region_code: str,
    nib: str | None = None,
    legal_form: str = "",
    address: str = "",
    postal_code: str = "",
    kbli_code: str | None = None,
    kbli_version: int | None = None,
    products: Sequence[str] = (),
    phone: str = "",
) -> Firm:
    """Take up a firm on its owner's word.

    It is shown to nobody else until an officer of its region has approved it, which is a correction like any other:
    "active" from no to yes.

    Raises
    ------
    NibTaken
        If a firm with this NIB is in the register; nothing is stored then.
    """
    delivery = own_delivery(firm=Firm(name=name, region_code=region_code), year=timezone.localdate().year, actor=actor)
    firm = Firm(
        name=name, legal_form=legal_form, nib=nib, region_code=region_code, address=address, postal_code=postal_code,
        kbli_code=kbli_code, kbli_version=kbli_version, products=list(products), is_active=False, delivery=delivery,
        identity_key=identity_key(name, region_code, address),
    )  # fmt: skip
    _save_new(firm)
    FirmMember.objects.create(firm=firm, user=actor)
    Contact.objects.create(firm=firm, name=actor.name, phone=phone, email=actor.email, delivery=delivery)
    request = Correction.objects.create(
        firm=firm, field="is_active", old_value="false", new_value="true", proposed_by=actor
    )
    refresh_search(firm_ids=[firm.pk])
    record_audit(
        actor=actor, verb="registry.register_firm", target=firm,
        after={"nib": nib, "region_code": region_code, "request": request.pk},
    )  # fmt: skip
    return firm


def _save_new(firm: Firm) -> None:
    """Store the firm; whether its NIB is free only the database can say, with two owners at once."""
    try:
        with transaction.atomic():
            firm.save()
    except IntegrityError as error:
        if firm.nib and Firm.objects.filter(nib=firm.nib).exists():
            raise NibTaken from error
        raise


@transaction.atomic
def set_contact(
    *, actor: User, firm: Firm, role: str, name: str, phone: str = "", email: str = "", nik: str | None = None
) -> Contact:
    """Say whom to speak to. The firm's own business, so nobody has to approve it; the NIK is kept sealed.

    Parameters
    ----------
    role
        `Contact.Role`; there is one contact per role.
    nik
        16 digits, "" to forget it, None to leave it as it is.

    Raises
    ------
    NotYourFirm
        Nothing is changed then.
    """
    locked = lock(Firm.objects.filter(pk=firm.pk)).get()
    if not actor.has_perm("registry.manage_members", locked):
        raise NotYourFirm
    contact, created = Contact.objects.update_or_create(
        firm=locked, role=role, defaults={"name": name, "phone": phone, "email": email, **_sealed_nik(nik)}
    )
    # Personal data are not copied into the audit trail, where they could not be erased.
    verb = "registry.add_contact" if created else "registry.change_contact"
    record_audit(actor=actor, verb=verb, target=locked, after={"role": role})
    return contact


def _sealed_nik(nik: str | None) -> dict[str, Any]:
    if nik is None:
        return {}
    if not nik:
        return {"nik_sealed": None, "nik_hash": None}
    return {"nik_sealed": seal(nik), "nik_hash": keyed_hash(nik)}
