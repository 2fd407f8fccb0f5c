"""Editions of an award: begun, their rules changed in versions, published and then frozen, ended."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from gebyar.accounts.models import User
from gebyar.awards.errors_entering import (
    ClosesBeforeItOpens,
    EditionFrozen,
    EditionKnown,
    EditionNotOpen,
    OnlyLater,
    RulesFaulty,
    RulesUnchanged,
    UnknownAward,
)
from gebyar.awards.models import Category, Edition, RulesVersion, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.records.canonical import canonical_bytes, sha256
from gebyar.records.errors import NotAllowed
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.reference.awards.faults import BadRules
from gebyar.reference.awards.programmes import PROGRAMMES, template
from gebyar.reference.awards.reading import document_of, read_rules
from gebyar.reference.awards.rules import EditionRules

_LARGEST_SEED = 2**31


def may_organise(actor: User | None) -> None:
    """Let officers of the whole programme pass, and the machine itself (None).

    Raises
    ------
    NotAllowed
    """
    if actor is not None and not actor.has_perm("awards.organise"):
        raise NotAllowed


def held(edition: Edition) -> Edition:
    """Return the edition as it is now, held until the transaction ends."""
    return lock(Edition.objects.filter(pk=edition.pk)).get()


@transaction.atomic
def create_edition(
    *,
    actor: User | None,
    award: str,
    year: int,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    document: Mapping[str, Any] | None = None,
    is_synthetic: bool = False,
) -> Edition:
    """Begin an edition as a draft.

    Parameters
    ----------
    award
        A programme's id, or an id of one's own when the rules are given.
    document
        The rules to begin with; without them those of the programme for this year.

    Raises
    ------
    NotAllowed, UnknownAward, RulesFaulty, EditionKnown, ClosesBeforeItOpens
        Nothing is stored then.
    """
    may_organise(actor)
    if closes_at <= opens_at:
        raise ClosesBeforeItOpens
    rules = _checked(_beginning(award, year) if document is None else {**document, "award": award})
    edition = Edition(
        award=award, year=year, title=title.strip(), slug=slugify(f"{award}-{year}"), opens_at=opens_at,
        closes_at=closes_at, seed=secrets.randbelow(_LARGEST_SEED), is_synthetic=is_synthetic, made_by=actor,
    )  # fmt: skip
    try:
        with transaction.atomic():
            edition.save()
    except IntegrityError as error:
        raise EditionKnown(year=year) from error
    _add_version(edition, rules, actor, note="")
    record_audit(actor=actor, verb="awards.create_edition", target=edition, after={"award": award, "year": year})
    return edition


def _beginning(award: str, year: int) -> dict[str, Any]:
    if award not in PROGRAMMES:
        raise UnknownAward(award=award)
    return template(award, year)


def _checked(document: Mapping[str, Any]) -> EditionRules:
    try:
        return read_rules(document)
    except BadRules as error:
        raise RulesFaulty(error.faults) from error


def _add_version(edition: Edition, rules: EditionRules, actor: User | None, note: str) -> RulesVersion:
    document = document_of(rules)
    last = edition.versions.aggregate(last=Max("number"))["last"] or 0
    version = RulesVersion.objects.create(
        edition=edition, number=last + 1, document=document, sha256=hash_of(document), note=note.strip(),
        made_by=actor,
    )  # fmt: skip
    edition.version = version
    edition.save(update_fields=["version"])
    return version


def hash_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document's canonical text."""
    return sha256(canonical_bytes(document))


@transaction.atomic
def save_rules(*, actor: User | None, edition: Edition, document: Mapping[str, Any], note: str = "") -> RulesVersion:
    """Give a draft new rules, as the next version; those before it stay readable.

    Raises
    ------
    NotAllowed, EditionFrozen, RulesFaulty, RulesUnchanged
        Nothing is stored then.
    """
    may_organise(actor)
    found = held(edition)
    if found.status != Edition.Status.DRAFT:
        raise EditionFrozen
    rules = _checked({**document, "award": found.award})
    before = found.version
    if before is not None and before.sha256 == hash_of(document_of(rules)):
        raise RulesUnchanged
    version = _add_version(found, rules, actor, note)
    record_audit(
        actor=actor, verb="awards.save_rules", target=found, before={"version": before.number if before else None},
        after={"version": version.number, "sha256": version.sha256},
    )  # fmt: skip
    edition.version = version
    return version


@transaction.atomic
def change_edition(
    *, actor: User | None, edition: Edition, title: str, opens_at: datetime, closes_at: datetime
) -> Edition:
    """Change a draft's title and days. Of a published call only the title changes, and it may close later.

    Raises
    ------
    NotAllowed, ClosesBeforeItOpens, EditionFrozen, OnlyLater
        Nothing is changed then.
    """
    may_organise(actor)
    if closes_at <= opens_at:
        raise ClosesBeforeItOpens
    found = held(edition)
    before = _said(found)
    if found.status != Edition.Status.DRAFT:
        _refuse_earlier(found, opens_at, closes_at)
    found.title, found.opens_at, found.closes_at = title.strip(), opens_at, closes_at
    found.save(update_fields=["title", "opens_at", "closes_at"])
    record_audit(actor=actor, verb="awards.change_edition", target=found, before=before, after=_said(found))
    return found


def _refuse_earlier(found: Edition, opens_at: datetime, closes_at: datetime) -> None:
    if found.status == Edition.Status.ENDED or opens_at != found.opens_at:
        raise EditionFrozen
    if closes_at < found.closes_at:
        raise OnlyLater


def _said(edition: Edition) -> dict[str, Any]:
    days = {"opens_at": edition.opens_at.isoformat(), "closes_at": edition.closes_at.isoformat()}
    return {"title": edition.title, **days}


@transaction.atomic
def publish_edition(*, actor: User | None, edition: Edition) -> Edition:
    """Publish an edition: from now on its rules stand still, and its categories and stages exist.

    Raises
    ------
    NotAllowed, EditionFrozen
        Nothing is changed then.
    """
    may_organise(actor)
    found = held(edition)
    if found.status != Edition.Status.DRAFT:
        raise EditionFrozen
    rules = rules_of(found)
    _make_stages(found, rules)
    found.status, found.published_at = Edition.Status.PUBLISHED, timezone.now()
    found.save(update_fields=["status", "published_at"])
    version = found.version
    record_audit(
        actor=actor, verb="awards.publish_edition", target=found,
        after={"version": version.number, "sha256": version.sha256, "seed": found.seed} if version else None,
    )  # fmt: skip
    return found


def _make_stages(edition: Edition, rules: EditionRules) -> None:
    categories = Category.objects.bulk_create(
        Category(edition=edition, key=category.id, position=number)
        for number, category in enumerate(rules.categories, 1)
    )
    Stage.objects.bulk_create(
        Stage(category=category, key=stage.id, kind=stage.kind, position=number)
        for category in categories
        for number, stage in enumerate(rules.stages, 1)
    )


@transaction.atomic
def end_edition(*, actor: User | None, edition: Edition) -> Edition:
    """End a published edition: nothing in it changes any more but prizes that are lost.

    Raises
    ------
    NotAllowed, EditionNotOpen
        Nothing is changed then.
    """
    may_organise(actor)
    found = held(edition)
    if found.status != Edition.Status.PUBLISHED:
        raise EditionNotOpen(status=found.get_status_display())
    found.status = Edition.Status.ENDED
    found.save(update_fields=["status"])
    record_audit(actor=actor, verb="awards.end_edition", target=found)
    return found
