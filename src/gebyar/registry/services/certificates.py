"""Certificates of a firm and the scans that prove them."""

import secrets
from datetime import date
from typing import Any

import filetype
from django.core.files.base import File
from django.db import IntegrityError, transaction

from gebyar.accounts.models import User
from gebyar.records.services import record_audit
from gebyar.registry.errors import CertificateKnown, NotYourFirm, UnfitFile
from gebyar.registry.models import Certificate, Firm
from gebyar.registry.services.files import MOST_MEGABYTES, delete_afterwards, require_light
from gebyar.registry.services.search import refresh_search

__all__ = ["MOST_MEGABYTES", "add_certificate", "check_file", "remove_certificate"]

# Kinds are told by the file's content, not by the name it was given.
KINDS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_HEAD = 8192


@transaction.atomic
def add_certificate(
    *,
    actor: User,
    firm: Firm,
    kind: str,
    number: str,
    issued_on: date | None = None,
    valid_until: date | None = None,
    file: "File[bytes] | None" = None,
) -> Certificate:
    """Add a certificate on the firm's or its officer's word, with the scan that proves it.

    Raises
    ------
    NotYourFirm, UnfitFile, FileTooLarge, CertificateKnown
        Nothing is stored then.
    """
    if not actor.has_perm("registry.manage_members", firm):
        raise NotYourFirm
    certificate = Certificate(firm=firm, kind=kind, number=number.strip(), issued_on=issued_on, valid_until=valid_until)
    if file is not None:
        certificate.file = File(file, name=f"{secrets.token_hex(16)}.{check_file(file)}")
    try:
        with transaction.atomic():
            certificate.save()
    except IntegrityError as error:
        raise CertificateKnown from error
    refresh_search(firm_ids=[firm.pk])
    record_audit(actor=actor, verb="registry.add_certificate", target=firm, after=_facts(certificate))
    return certificate


@transaction.atomic
def remove_certificate(*, actor: User, certificate: Certificate) -> None:
    """Take a certificate out; its scan is deleted after the transaction.

    Raises
    ------
    NotYourFirm
        Nothing is changed then.
    """
    firm = certificate.firm
    if not actor.has_perm("registry.manage_members", firm):
        raise NotYourFirm
    facts, file = _facts(certificate), certificate.file
    if not certificate.delete()[0]:  # somebody was faster
        return
    refresh_search(firm_ids=[firm.pk])
    record_audit(actor=actor, verb="registry.remove_certificate", target=firm, before=facts)
    delete_afterwards(file)


def check_file(file: "File[bytes]") -> str:
    """Return the ending that fits the file's content.

    Raises
    ------
    UnfitFile, FileTooLarge
    """
    require_light(file)
    head = file.read(_HEAD)
    file.seek(0)
    ending = KINDS.get(filetype.guess_mime(head) or "")
    if ending is None:
        raise UnfitFile
    return ending


def _facts(certificate: Certificate) -> dict[str, Any]:
    until = certificate.valid_until
    return {
        "kind": certificate.kind,
        "number": certificate.number,
        "valid_until": until.isoformat() if until else None,
    }
