"""Documents of entries: handed in, answered by a certificate of the register, taken out, looked at."""

import secrets
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.accounts.queries import region_filter
from gebyar.awards.errors_entering import (
    ConsentNeeded,
    EntryHandedIn,
    NoSuchDocument,
    NoteNeeded,
    NotYourEntry,
    UnfitCertificate,
)
from gebyar.awards.models import DeskNote, Entry, EntryDocument
from gebyar.awards.papers import Prepared, prepare
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.eligibility import subject_of
from gebyar.awards.queries.entries import documents_of, is_entrant, usable_certificates
from gebyar.awards.services.entries import held, refuse_ended
from gebyar.awards.services.receipts import receipt_hash
from gebyar.records.canonical import canonical_bytes, sha256
from gebyar.records.services import record_audit
from gebyar.reference.awards.rules import DocumentAsk
from gebyar.registry.models import Certificate
from gebyar.registry.services.files import delete_afterwards

if TYPE_CHECKING:
    from django.core.files.base import File


def hand_in(*, actor: User, entry: Entry, key: str, file: "File[bytes]", consent: str = "") -> EntryDocument:
    """Hand a document in, in the place of an earlier one.

    Parameters
    ----------
    key
        The document's id in the rules.
    consent
        For an officer of the region who hands in for the entrant: who agreed, and how. It is kept as a note.

    Raises
    ------
    NotYourEntry, ConsentNeeded, EntryHandedIn, EntryWithdrawn, CallClosed, NoSuchDocument
    gebyar.awards.errors_entering.EmptyFile, DocumentTooLarge, UnfitDocument, DamagedDocument, LockedDocument, \
EmptyDocument, TooManyPages, BlurredPicture
        Nothing is stored then.
    """
    _may_hand_in(actor, entry, consent)
    ready = prepare(file, ask_of(entry, key))
    with transaction.atomic():
        found = _changeable(entry, key)
        paper = _stored(found, key, actor, _file_columns(ready))
        if not is_entrant(actor, found):
            DeskNote.objects.create(entry=found, channel=DeskNote.Channel.OTHER, text=consent.strip()[:500], by=actor)
        before, after = {"receipt": found.receipt_hash}, _saved(found, paper)
        record_audit(actor=actor, verb="awards.hand_in_document", target=found, before=before, after=after)
    return paper


def _may_hand_in(actor: User, entry: Entry, consent: str) -> None:
    if is_entrant(actor, entry):
        return
    if not may_help(actor, entry):
        raise NotYourEntry
    if not consent.strip():
        raise ConsentNeeded


def may_help(actor: User, entry: Entry) -> bool:
    """Say whether a person helps entrants of this entry's region at the completeness desk."""
    return actor.has_perm("awards.desk") and Entry.objects.filter(region_filter(actor), pk=entry.pk).exists()


def ask_of(entry: Entry, key: str) -> DocumentAsk:
    """Return what the rules say of a document.

    Raises
    ------
    NoSuchDocument
    """
    asked = documents_of(rules_of(entry.edition), entry.category.key)
    found = next((ask for ask in asked if ask.id == key), None)
    if found is None:
        raise NoSuchDocument
    return found


def _changeable(entry: Entry, key: str) -> Entry:
    """Return the entry, held, if this document may change: of a draft, or sent back to be handed in again."""
    found = held(entry)
    refuse_ended(found)
    returned = found.documents.filter(key=key, verdict=EntryDocument.Verdict.RETURNED)
    if found.status == Entry.Status.SUBMITTED and not returned.exists():
        raise EntryHandedIn
    return found


def _file_columns(ready: Prepared) -> dict[str, Any]:
    return {
        "file": ContentFile(ready.content, name=f"{secrets.token_hex(16)}.{ready.ending}"),
        "sha256": sha256(ready.content), "media_type": ready.media_type, "size": len(ready.content), "pages": ready.pages,
    }  # fmt: skip


def _stored(found: Entry, key: str, actor: User, columns: dict[str, Any]) -> EntryDocument:
    """Put the document in the place of an earlier one, whose file goes away after the transaction."""
    before = found.documents.filter(key=key).first()
    if before is not None:
        before.delete()
        delete_afterwards(before.file)
    return EntryDocument.objects.create(entry=found, key=key, handed_in_by=actor, **columns)


def _saved(found: Entry, paper: EntryDocument) -> dict[str, Any]:
    """Note when; where the entry is handed in already, its receipt follows, with the number it had."""
    found.saved_at = timezone.now()
    if found.status == Entry.Status.SUBMITTED:
        found.receipt_hash = receipt_hash(found)
    found.save(update_fields=["saved_at", "receipt_hash"])
    return {"key": paper.key, "sha256": paper.sha256, "receipt": found.receipt_hash}


@transaction.atomic
def use_certificate(*, actor: User, entry: Entry, key: str, certificate: Certificate) -> EntryDocument:
    """Answer a document by a certificate that the register has already (once only).

    Raises
    ------
    NotYourEntry, EntryHandedIn, EntryWithdrawn, CallClosed, NoSuchDocument, UnfitCertificate
        Nothing is stored then.
    """
    if not is_entrant(actor, entry) and not may_help(actor, entry):
        raise NotYourEntry
    ask = ask_of(entry, key)
    found = _changeable(entry, key)
    if certificate.pk not in {one.pk for one in usable_certificates(ask, subject_of(found, rules_of(found.edition)))}:
        raise UnfitCertificate
    paper = _stored(found, key, actor, _certificate_columns(certificate))
    before, after = {"receipt": found.receipt_hash}, _saved(found, paper)
    record_audit(actor=actor, verb="awards.use_certificate", target=found, before=before, after=after)
    return paper


def _certificate_columns(certificate: Certificate) -> dict[str, Any]:
    until = certificate.valid_until
    said = {
        "kind": certificate.kind, "number": certificate.number, "valid_until": until.isoformat() if until else None,
    }  # fmt: skip
    words = " · ".join(filter(None, [str(certificate), until.isoformat() if until else ""]))
    return {"certificate": certificate, "certificate_words": words[:200], "sha256": sha256(canonical_bytes(said))}


@transaction.atomic
def take_out(*, actor: User, entry: Entry, key: str) -> None:
    """Take a document of a draft out again; its file is deleted after the transaction.

    Raises
    ------
    NotYourEntry, EntryHandedIn, EntryWithdrawn, CallClosed
        Nothing is changed then.
    """
    if not is_entrant(actor, entry):
        raise NotYourEntry
    found = held(entry)
    refuse_ended(found)
    if found.status == Entry.Status.SUBMITTED:
        raise EntryHandedIn
    paper = found.documents.filter(key=key).first()
    if paper is None:  # somebody was faster
        return
    before = {"key": paper.key, "sha256": paper.sha256}
    paper.delete()
    delete_afterwards(paper.file)
    record_audit(actor=actor, verb="awards.take_out_document", target=found, before=before)


@transaction.atomic
def look_at(*, actor: User, document: EntryDocument, verdict: str, note: str = "") -> EntryDocument:
    """Say of a document whether it is in order, or send it back with what is to be done.

    Raises
    ------
    NotYourEntry, NoteNeeded, CallClosed
        Nothing is changed then. A document can be sent back only while it can be handed in again.
    """
    found = held(document.entry)
    if not may_help(actor, found):
        raise NotYourEntry
    if verdict == EntryDocument.Verdict.RETURNED:
        refuse_ended(found)
        if not note.strip():
            raise NoteNeeded
    paper = found.documents.get(pk=document.pk)
    before = {"key": paper.key, "verdict": paper.verdict}
    paper.verdict, paper.note, paper.looked_at_by = verdict, note.strip()[:300], actor
    paper.save(update_fields=["verdict", "note", "looked_at_by"])
    record_audit(
        actor=actor, verb="awards.look_at_document", target=found, before=before, after={"verdict": paper.verdict}
    )
    return paper
