"""Officers keep the rules: written as a draft, put in force, followed by the next, and never changed afterwards."""

from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.facilities.errors import BadRules, NotADraft, NotNational, OtherFacility, SameRules
from gebyar.facilities.models import FacilityRules
from gebyar.facilities.queries.rulebook import built_in
from gebyar.records.canonical import canonical_bytes, sha256
from gebyar.records.locking import take_turns
from gebyar.records.services import record_audit
from gebyar.reference.facilities import BUILT_IN, BadFacility, Facility, read_facility

Status = FacilityRules.Status
RULES_LOCK = 0x6765_6279_6661
MOST_BYTES = 200_000


@transaction.atomic
def take_in_built_in() -> list[FacilityRules]:
    """Put the rules that come with the programme in force, each where nobody has written any; again it does nothing."""
    take_turns(RULES_LOCK)
    there = set(FacilityRules.objects.values_list("key", flat=True))
    now = timezone.now()
    missing = [(key, built_in(key)) for key in BUILT_IN if key not in there]
    return FacilityRules.objects.bulk_create(
        FacilityRules(
            key=key, number=1, document=document, sha256=digest(document), status=Status.PUBLISHED, published_at=now
        )
        for key, document in missing
    )  # fmt: skip


def digest(document: dict[str, Any]) -> str:
    return sha256(canonical_bytes(document))


def read_document(text: bytes) -> dict[str, Any]:
    """Read YAML that somebody wrote.

    Raises
    ------
    BadRules
        It is no YAML, or no facility; the words name every place.
    """
    if len(text) > MOST_BYTES:
        raise BadRules(problems=f"> {MOST_BYTES} B")
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadRules(problems=" ".join(str(error).split())[:300]) from error
    checked(found)
    return _plain(found)  # type: ignore[no-any-return]


def checked(document: Any) -> Facility:
    """Return the facility that a document describes.

    Raises
    ------
    BadRules
    """
    try:
        return read_facility(document)
    except BadFacility as error:
        raise BadRules(problems="; ".join(error.problems)) from error
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise BadRules(problems=str(error)[:300]) from error


def _plain(value: Any) -> Any:
    """Write dates as text, and names as text, so that JSON keeps the document."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


@transaction.atomic
def save_rules(*, actor: User, key: str, document: dict[str, Any], note: str = "") -> FacilityRules:
    """Keep a document as the facility's draft, in place of a draft that is there.

    Raises
    ------
    NotNational, BadRules, OtherFacility, SameRules
        Nothing is stored then.
    """
    _require_keeper(actor)
    facility = checked(document)
    if facility.id != key:
        raise OtherFacility(found=facility.id, wanted=key)
    take_in_built_in()
    rows = FacilityRules.objects.filter(key=key)
    last = rows.order_by("-number").first()
    if last is not None and last.sha256 == digest(document):
        raise SameRules
    draft = rows.filter(status=Status.DRAFT).first()
    draft = draft or FacilityRules(key=key, number=last.number + 1 if last else 1)
    draft.document, draft.sha256, draft.note, draft.made_by = document, digest(document), note[:200], actor
    draft.made_at = timezone.now()
    draft.save()
    after = {"number": draft.number, "sha256": draft.sha256}
    record_audit(actor=actor, verb="facilities.save_rules", target=draft, after=after)
    return draft


@transaction.atomic
def publish_rules(*, actor: User, rules: FacilityRules) -> FacilityRules:
    """Put a draft in force; the one before it is kept, for what was decided by it.

    Raises
    ------
    NotNational, NotADraft, BadRules
        Nothing is changed then.
    """
    _require_keeper(actor)
    take_turns(RULES_LOCK)
    draft = FacilityRules.objects.get(pk=rules.pk)
    if draft.status != Status.DRAFT:
        raise NotADraft
    checked(draft.document)
    FacilityRules.objects.filter(key=draft.key, status=Status.PUBLISHED).update(status=Status.RETIRED)
    draft.status, draft.published_at = Status.PUBLISHED, timezone.now()
    draft.save(update_fields=["status", "published_at"])
    record_audit(actor=actor, verb="facilities.publish_rules", target=draft, after={"sha256": draft.sha256})
    return draft


def _require_keeper(actor: User) -> None:
    if not actor.has_perm("facilities.keep_rules"):
        raise NotNational
