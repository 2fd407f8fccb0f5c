"""Reads of the chain and the audit trail."""

from collections.abc import Iterator
from uuid import UUID

from django.db import models

from gebyar.records.decision import GENESIS, text_hash
from gebyar.records.models import AuditEntry, DecisionRecord

SHORTEST_HASH = 8  # what a reader copies from a page or a sheet


def kind_of(target: models.Model) -> str:
    """Return how the audit trail names what sort of thing a target is, such as "registry.firm"."""
    return target._meta.label_lower  # noqa: SLF001  Django documents _meta as its public API


def audit_of(target: models.Model) -> models.QuerySet[AuditEntry]:
    """Return what was done to one object, newest first."""
    return audit_trail(kind=kind_of(target), target_id=str(target.pk))


def audit_trail(
    *, verb: str = "", kind: str = "", target_id: str = "", request_id: UUID | None = None
) -> models.QuerySet[AuditEntry]:
    """Return all entries, newest first, or those of an app or verb, of one kind of target, of one target or request."""
    chosen = {"verb__startswith": verb, "target_kind": kind, "target_id": target_id, "request_id": request_id}
    wanted = {name: value for name, value in chosen.items() if value}
    return AuditEntry.objects.filter(**wanted).select_related("actor")


def records(words: str = "") -> models.QuerySet[DecisionRecord]:
    """Return the records without their bodies, newest first; all words must stand in the title, or a hash begin so."""
    found = DecisionRecord.objects.defer("body")
    if len(digest := words.replace(" ", "").lower()) >= SHORTEST_HASH and set(digest) <= set("0123456789abcdef"):
        return found.filter(hash__startswith=digest)
    for word in words.split():
        found = found.filter(title__icontains=word)
    return found


def chain_lines() -> Iterator[str]:
    """Yield the whole chain from its beginning, one canonical record a line, as `gebyar verify` takes it."""
    bodies = DecisionRecord.objects.order_by("sequence").values_list("body", flat=True)
    for body in bodies.iterator(chunk_size=50):
        yield body + "\n"


def is_intact(record: DecisionRecord) -> bool:
    """Tell whether the text of a record still gives its hash."""
    return text_hash(record.body, record.hash) == record.hash


def broken_links() -> list[str]:
    """Sweep the whole chain and say in words where it is broken; an empty list is a whole chain."""
    faults, previous, expected = [], GENESIS, 1
    for record in DecisionRecord.objects.order_by("sequence").iterator(chunk_size=50):
        if record.sequence != expected or record.previous != previous:
            faults.append(f"No. {record.sequence} does not follow no. {expected - 1}.")
        if not is_intact(record):
            faults.append(f"No. {record.sequence} was changed: its hash does not fit.")
        elif wrong := _wrong_columns(record):
            faults.append(f"No. {record.sequence} says otherwise than its columns: {', '.join(wrong)}.")
        previous, expected = record.hash, record.sequence + 1
    return faults


def _wrong_columns(record: DecisionRecord) -> list[str]:
    """Name the columns, which lists and searches read, that do not say what the record itself says."""
    document = record.document
    says = {
        "sequence": document["sequence"],
        "hash": document["hash"],
        "previous": document["previous"],
        "method": document["method"]["name"],
        "method_version": document["method"]["version"],
        "title": document["title"],
    }
    return [column for column, value in says.items() if getattr(record, column) != value]
