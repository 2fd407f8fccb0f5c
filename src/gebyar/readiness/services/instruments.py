"""Versions of instruments: begun from a document, changed while drafts, put into use once and for good."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.readiness.errors import FaultyInstrument, KeyChanged, VersionFixed
from gebyar.readiness.models import InstrumentVersion
from gebyar.records.canonical import canonical_bytes, sha256
from gebyar.records.locking import lock, take_turns
from gebyar.records.services import record_audit
from gebyar.reference.instruments import BUILT_IN, BadInstrument, built_in_document, read_instrument

Status = InstrumentVersion.Status
# Numbers of versions are given one after the other.
VERSIONS_LOCK = 0x7265_6164_6976


def built_in_versions() -> dict[str, InstrumentVersion]:
    """Return the versions in use, after the instruments that come with the software were taken in."""
    known = {version.key: version for version in InstrumentVersion.objects.filter(status=Status.PUBLISHED)}
    if not set(BUILT_IN) <= set(InstrumentVersion.objects.values_list("key", flat=True)):
        take_in_built_in(actor=None)
        return built_in_versions()
    return known


@transaction.atomic
def take_in_built_in(*, actor: User | None) -> list[InstrumentVersion]:
    """Put the instruments that come with the software into use, where there is no version of theirs yet.

    Returns
    -------
    list of InstrumentVersion
        Those that were new; none the second time.
    """
    take_turns(VERSIONS_LOCK)
    known = set(InstrumentVersion.objects.values_list("key", flat=True))
    new = [_made(actor, built_in_document(key), Status.PUBLISHED) for key in BUILT_IN if key not in known]
    for version in new:
        record_audit(actor=actor, verb="readiness.take_in_built_in", target=version, after=_facts(version))
    return new


def _made(actor: User | None, document: dict[str, Any], status: str) -> InstrumentVersion:
    last = InstrumentVersion.objects.filter(key=document["id"]).order_by("-number").first()
    return InstrumentVersion.objects.create(
        key=document["id"], number=last.number + 1 if last else 1, document=document, sha256=_hash(document),
        status=status, made_by=actor, published_at=timezone.now() if status == Status.PUBLISHED else None,
    )  # fmt: skip


def _hash(document: dict[str, Any]) -> str:
    return sha256(canonical_bytes(document))


def _facts(version: InstrumentVersion) -> dict[str, Any]:
    return {"key": version.key, "number": version.number, "sha256": version.sha256}


@transaction.atomic
def begin_version(*, actor: User, document: dict[str, Any], note: str = "") -> InstrumentVersion:
    """Begin a version as a draft; the first of its id makes a new instrument.

    Raises
    ------
    FaultyInstrument
        With every fault and its place. Nothing is stored then.
    """
    checked(document)
    take_turns(VERSIONS_LOCK)
    version = _made(actor, document, Status.DRAFT)
    version.note = note.strip()[:200]
    version.save(update_fields=["note"])
    record_audit(actor=actor, verb="readiness.begin_version", target=version, after=_facts(version))
    return version


def checked(document: Any) -> None:
    """Refuse a document that is no instrument, naming every fault and its place.

    Raises
    ------
    FaultyInstrument
    """
    try:
        read_instrument(document)
        canonical_bytes(document)
    except BadInstrument as error:
        raise FaultyInstrument(problems="; ".join(error.problems), list=error.problems) from error
    except ValueError as error:
        raise FaultyInstrument(problems=str(error), list=(str(error),)) from error


@transaction.atomic
def change_version(*, actor: User, version: InstrumentVersion, document: dict[str, Any]) -> InstrumentVersion:
    """Give a draft another document.

    Raises
    ------
    VersionFixed, KeyChanged, FaultyInstrument
        Nothing is changed then.
    """
    checked(document)
    found = lock(InstrumentVersion.objects.filter(pk=version.pk)).get()
    if found.status != Status.DRAFT:
        raise VersionFixed
    if document["id"] != found.key:
        raise KeyChanged(key=found.key)
    before = _facts(found)
    found.document, found.sha256 = document, _hash(document)
    found.save(update_fields=["document", "sha256"])
    record_audit(actor=actor, verb="readiness.change_version", target=found, before=before, after=_facts(found))
    return found


@transaction.atomic
def publish_version(*, actor: User, version: InstrumentVersion) -> InstrumentVersion:
    """Put a draft into use in place of the version before it, which stays readable; from now on it never changes.

    Raises
    ------
    VersionFixed, FaultyInstrument
    """
    take_turns(VERSIONS_LOCK)
    found = lock(InstrumentVersion.objects.filter(pk=version.pk)).get()
    if found.status != Status.DRAFT:
        raise VersionFixed
    checked(found.document)
    InstrumentVersion.objects.filter(key=found.key, status=Status.PUBLISHED).update(status=Status.RETIRED)
    found.status, found.published_at = Status.PUBLISHED, timezone.now()
    found.save(update_fields=["status", "published_at"])
    record_audit(actor=actor, verb="readiness.publish_version", target=found, after=_facts(found))
    return found


@transaction.atomic
def discard_version(*, actor: User, version: InstrumentVersion) -> None:
    """Throw a draft away.

    Raises
    ------
    VersionFixed
    """
    found = lock(InstrumentVersion.objects.filter(pk=version.pk)).get()
    if found.status != Status.DRAFT:
        raise VersionFixed
    record_audit(actor=actor, verb="readiness.discard_version", target=found, before=_facts(found))
    found.delete()
