"""A firm applies: begins, saves, hands in papers, hands the whole in, and may take it back."""

import secrets
from functools import partial
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.facilities.errors import (
    AlreadyPaid,
    CallClosed,
    Incomplete,
    NotADraftApplication,
    NotWithdrawable,
    NotYourFirm,
    UnfitApplication,
)
from gebyar.facilities.models import Application, ApplicationDocument, Call
from gebyar.facilities.queries.applications import missing_in
from gebyar.facilities.queries.rulebook import version_of
from gebyar.facilities.services.calls import MOST_RUPIAH, held
from gebyar.facilities.services.letters import write_receipt
from gebyar.facilities.services.promoting import promote_from
from gebyar.facilities.snapshots import snapshot_of
from gebyar.records.canonical import sha256
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.models import Firm
from gebyar.registry.services.certificates import check_file

Status = Application.Status
MEDIA = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
_WITHDRAWABLE = {Status.DRAFT, Status.SUBMITTED, Status.APPROVED, Status.WAITING, Status.ADMITTED}


@transaction.atomic
def begin_application(*, actor: User, call: Call, firm: Firm) -> Application:
    """Begin an application of a firm, or go on with the one that is there.

    Raises
    ------
    NotYourFirm, CallClosed
        Nothing is stored then.
    """
    if not actor.has_perm("facilities.apply", firm):
        raise NotYourFirm
    found = _open_one(call, firm)
    if found is not None:
        return found
    if not call.takes_applications:
        raise CallClosed
    made = Application(call=call, firm=firm, written_by=actor, is_synthetic=firm.is_synthetic)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # somebody else of the firm began at the same moment
        return Application.objects.exclude(status=Status.WITHDRAWN).get(call=call, firm=firm)
    record_audit(actor=actor, verb="facilities.begin_application", target=made, after={"firm": firm.pk})
    return made


def _open_one(call: Call, firm: Firm) -> Application | None:
    return Application.objects.filter(call=call, firm=firm).exclude(status=Status.WITHDRAWN).first()


@transaction.atomic
def save_application(
    *, actor: User, application: Application, said: dict[str, bool], choice: str = "", price: int | None = None
) -> Application:
    """Keep what was answered so far; the amount is computed at once.

    Raises
    ------
    NotYourFirm, NotADraftApplication, UnfitApplication
        Nothing is changed then.
    """
    draft = _draft(actor, application)
    version = version_of(draft.call)
    asked = {condition.id for condition in version.conditions if condition.kind == "asked"}
    if not set(said) <= asked:
        raise UnfitApplication(field=_("Conditions"), problem=_("There is no such condition."))
    if choice and choice not in version.benefit.shares:
        raise UnfitApplication(field=_("What is bought"), problem=_("Choose one of the list."))
    if price is not None and not 0 <= price <= MOST_RUPIAH:
        raise UnfitApplication(field=_("Price"), problem=_("A whole number of rupiah, at most 100 trillion."))
    draft.said, draft.choice, draft.price = {name: bool(value) for name, value in said.items()}, choice, price
    draft.amount = version.benefit.of(price, choice) if choice and price is not None else None
    draft.save(update_fields=["said", "choice", "price", "amount"])
    after = {"choice": choice, "price": price, "amount": draft.amount}
    record_audit(actor=actor, verb="facilities.save_application", target=draft, after=after)
    return draft


@transaction.atomic
def hand_in_document(*, actor: User, application: Application, key: str, file: "File[bytes]") -> ApplicationDocument:
    """Keep a paper of a draft, in place of one that is there; its kind is told by its content.

    Raises
    ------
    NotYourFirm, NotADraftApplication, UnfitApplication
    gebyar.registry.errors.UnfitFile, gebyar.registry.errors.FileTooLarge
        Nothing is stored then.
    """
    draft = _draft(actor, application)
    if key not in {ask.id for ask in version_of(draft.call).documents}:
        raise UnfitApplication(field=_("Document"), problem=_("This document is not asked for."))
    ending = check_file(file)
    content = file.read()
    file.seek(0)
    old = draft.documents.filter(key=key).first()
    if old is not None:
        _remove_file(old)
        old.delete()
    document = ApplicationDocument.objects.create(
        application=draft, key=key, sha256=sha256(content), media_type=MEDIA[ending],
        file=File(file, name=f"{secrets.token_hex(16)}.{ending}"),
    )  # fmt: skip
    after = {"key": key, "sha256": document.sha256}
    record_audit(actor=actor, verb="facilities.hand_in_document", target=draft, after=after)
    return document


def _remove_file(document: ApplicationDocument) -> None:
    transaction.on_commit(partial(document.file.storage.delete, document.file.name), robust=True)


def _draft(actor: User, application: Application) -> Application:
    locked = lock(Application.objects.select_related("firm", "call__rules").filter(pk=application.pk)).get()
    if not actor.has_perm("facilities.apply", locked.firm):
        raise NotYourFirm
    if locked.status != Status.DRAFT:
        raise NotADraftApplication
    return locked


@transaction.atomic
def submit_application(*, actor: User, application: Application) -> Application:
    """Hand an application in: it gets its number, and keeps what the register says of the firm today.

    Raises
    ------
    NotYourFirm, NotADraftApplication, CallClosed, Incomplete
        Nothing is changed then.
    """
    call = held(application.call)
    draft = _draft(actor, application)
    if not call.takes_applications:
        raise CallClosed
    missing = missing_in(draft)
    if missing:
        raise Incomplete(missing=", ".join(missing))
    draft.facts = snapshot_of(draft)
    _number(call, draft)
    after = {"number": draft.number, "amount": draft.amount}
    record_audit(actor=actor, verb="facilities.submit_application", target=draft, after=after)
    transaction.on_commit(lambda: write_receipt(draft), robust=True)
    return draft


def _number(call: Call, draft: Application) -> None:
    last = call.applications.aggregate(last=Max("number"))["last"] or 0
    draft.number, draft.submitted_at, draft.status = last + 1, timezone.now(), Status.SUBMITTED
    draft.save(update_fields=["facts", "number", "submitted_at", "status"])


@transaction.atomic
def withdraw_application(*, actor: User, application: Application) -> Application:
    """Take an application back; a place or sum that becomes free goes to whoever waits for it.

    Raises
    ------
    NotYourFirm, NotWithdrawable, AlreadyPaid
        Nothing is changed then.
    """
    call = held(application.call)
    locked = lock(Application.objects.select_related("firm").filter(pk=application.pk)).get()
    if not actor.has_perm("facilities.apply", locked.firm):
        raise NotYourFirm
    if locked.status not in _WITHDRAWABLE:
        raise NotWithdrawable
    if locked.disbursements.exists():
        raise AlreadyPaid
    before: dict[str, Any] = {"status": str(locked.status)}
    had_place = locked.status == Status.ADMITTED
    locked.status = Status.WITHDRAWN
    locked.save(update_fields=["status"])
    record_audit(actor=actor, verb="facilities.withdraw_application", target=locked, before=before)
    if had_place:
        promote_from(actor=actor, call=call, freed=locked)
    return locked
