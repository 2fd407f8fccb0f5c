"""Write decision records and audit entries. Both are called inside the transaction of the act they tell of."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction

from gebyar.records.canonical import plain
from gebyar.records.decision import GENESIS, DecisionBody, canonical_text, sealed
from gebyar.records.locking import take_turns
from gebyar.records.models import AuditEntry, DecisionRecord
from gebyar.records.queries import kind_of
from gebyar.records.requests import request_id

# Decisions queue here: each names the one before it, so two at once would fork the chain.
CHAIN_LOCK = 0x6765_6279_6172


def record_audit(
    *,
    actor: Any,
    verb: str,
    target: models.Model | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Note one act.

    Parameters
    ----------
    actor
        The person, or None for the machine itself.
    verb
        What was done, as ``app.service``.
    target
        What it was done to.
    before, after
        The facts that changed, without personal numbers: values that `gebyar.records.canonical.plain` takes.

    Raises
    ------
    gebyar.records.canonical.NotPlain
        If `before` or `after` hold something else.
    """
    return AuditEntry.objects.create(
        actor=actor if getattr(actor, "pk", None) else None,
        actor_label=_role_words(actor),
        verb=verb,
        request_id=request_id(),
        target_kind=kind_of(target) if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        target_label=_label_of(target),
        before=plain(before),
        after=plain(after),
    )


def _label_of(target: models.Model | None) -> str:
    """Name the target, unless it is a person: an entry cannot be changed, and people may ask to be forgotten."""
    return "" if target is None or isinstance(target, get_user_model()) else str(target)[:200]


def _role_words(actor: Any) -> str:
    """Name the roles, not the person: the entry outlives the account."""
    if actor is None:
        return "machine"
    grants = getattr(actor, "grants", None)
    roles = grants.filter(ended_at__isnull=True).values_list("role", "region_code") if grants and actor.pk else ()
    return ", ".join(f"{role} {region}".strip() for role, region in roles)[:120] or "person"


@transaction.atomic
def append_decision(
    *,
    actor: Any,
    method: str,
    version: str,
    title: str,
    inputs: dict[str, Any],
    seed: int | None,
    result: dict[str, Any],
) -> DecisionRecord:
    """Add a decision to the chain, in the transaction of the act, so that both stand or fall together.

    Call it late: until that transaction ends every other decision waits.

    Parameters
    ----------
    actor
        Who decided; the record names the role.
    method, version
        A method of `gebyar.records.replay.METHODS`.
    title
        What was decided, in words; at most 200 characters.
    inputs, seed, result
        What the method took and gave, without personal data.

    Raises
    ------
    gebyar.records.canonical.NotPlain
        If inputs, seed or result are no plain data.
    """
    take_turns(CHAIN_LOCK)
    last = DecisionRecord.objects.defer("body").order_by("-sequence").first()
    body = DecisionBody(
        sequence=last.sequence + 1 if last else 1,
        previous=last.hash if last else GENESIS,
        method=method,
        version=version,
        title=title[:200],
        decided_by=_role_words(actor),
        inputs=inputs,
        seed=seed,
        result=result,
    )
    record = sealed(body)
    return DecisionRecord.objects.create(
        sequence=body.sequence,
        hash=record["hash"],
        previous=body.previous,
        method=method,
        method_version=version,
        title=body.title,
        body=canonical_text(record),
        recorded_at=body.decided_at,
    )
