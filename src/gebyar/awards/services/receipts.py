"""The receipt of an entry: the exact text whose hash it carries, and the facts of the register as they were."""

from typing import Any

from django.db.models import Q

from gebyar.awards.models import Entry
from gebyar.awards.queries.eligibility import Subject, size_answer
from gebyar.awards.queries.entries import questions_of, register_value
from gebyar.records.canonical import canonical_bytes, sha256
from gebyar.registry.queries.search import MINISTRY_RULE


def receipt_of(entry: Entry) -> dict[str, Any]:
    """Return what a receipt vouches for, as plain data: everything handed in, each document by its hash."""
    edition = entry.edition
    version = edition.version
    return {
        "edition": edition.slug,
        "rules": version.sha256 if version else "",
        "category": entry.category.key,
        "number": entry.number,
        "kind": entry.kind,
        "firm": entry.firm_id,
        "title": entry.title,
        "answers": entry.answers,
        "declared": sorted(key for key, value in entry.declared.items() if value),
        "facts": entry.facts,
        "members": list(entry.members.values_list("name", flat=True)),
        "documents": dict(entry.documents.values_list("key", "sha256")),
        "submitted_at": entry.submitted_at.isoformat() if entry.submitted_at else None,
    }


def receipt_text(entry: Entry) -> bytes:
    """Return the canonical text (RFC 8785) of the receipt; its SHA-256 is the hash printed on it."""
    return canonical_bytes(receipt_of(entry))


def receipt_hash(entry: Entry) -> str:
    return sha256(receipt_text(entry))


def facts_of(subject: Subject) -> dict[str, Any]:
    """Return what the register says now: of the firm, for prefilled questions, and the groups that reserves go by."""
    firm, entry = subject.firm, subject.entry
    told = {
        question.id: {"value": value, **_source(subject)}
        for question in questions_of(subject.rules, entry.category.key)
        if question.register and (value := register_value(subject, question.register)) is not None
    }
    facts: dict[str, Any] = {"groups": groups_of(subject), "register": told}
    if firm is not None:
        facts["firm"] = {
            "name": firm.name, "nib": firm.nib, "region": firm.region_code, "kbli": firm.kbli_code,
            "kbli_version": firm.kbli_version, "size": size_answer(subject.profile, MINISTRY_RULE),
        }  # fmt: skip
    return facts


def _source(subject: Subject) -> dict[str, Any]:
    profile = subject.profile
    if profile is None:
        return {"source": "", "as_of": None}
    return {"source": profile.delivery.source.label, "as_of": profile.as_of.isoformat()}


def groups_of(subject: Subject) -> list[str]:
    """Return the groups an entry belongs to: its province, small, women (more than half of the workers), first time."""
    groups = [f"province:{subject.entry.region_code[:2]}"]
    profile = subject.profile
    if subject.firm is not None and size_answer(profile, MINISTRY_RULE) == "small":
        groups.append("small")
    if profile is not None and profile.workers and 2 * (profile.workers_female or 0) > profile.workers:
        groups.append("women")
    if not _entered_before(subject.entry):
        groups.append("first_time")
    return groups


def _entered_before(entry: Entry) -> bool:
    """Say whether the same firm or person handed something in for an earlier edition of this award."""
    who = Q(firm=entry.firm_id) if entry.firm_id is not None else Q(entrant=entry.entrant_id, firm__isnull=True)
    edition = entry.edition
    return Entry.objects.filter(
        who, edition__award=edition.award, edition__year__lt=edition.year, submitted_at__isnull=False
    ).exists()
