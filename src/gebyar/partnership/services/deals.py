"""Two firms on the way to doing business: each side says for itself how far it is."""

import secrets
from calendar import monthrange
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.partnership.errors import (
    AlreadySaid,
    AlreadyWithdrawn,
    AmountNeeded,
    DateAhead,
    NotYourFirm,
    SameFirm,
    UnfitAmount,
    UnfitEvidence,
    UnfitListing,
)
from gebyar.partnership.facts import MOST_RUPIAH
from gebyar.partnership.models import Deal, DealStatement, Listing, Relation, Reminder
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.errors import UnfitFile
from gebyar.registry.models import Firm
from gebyar.registry.services.certificates import check_file

TERMS = (1, 3, 6, 12)
Side, Stage = DealStatement.Side, DealStatement.Stage
NEEDS_SUM = frozenset({Stage.ORDER, Stage.REALISED})


@transaction.atomic
def open_deal(
    *,
    actor: User | None,
    seller: Firm,
    buyer: Firm,
    relation: str,
    title: str,
    origin: str = "",
    origin_date: date,
    listing: Listing | None = None,
) -> Deal:
    """Begin to follow a deal; both sides are reminded 1, 3, 6 and 12 months after `origin_date`.

    Of the terms that are over already only the last is reminded of. Opened once more with the same facts it is the same
    deal, and nothing changes.

    Parameters
    ----------
    actor
        Somebody who acts for one of the firms, an officer of either's region, or None for the machine itself.
    relation
        A kind of `Relation`.
    origin
        In words where the two met, for example the round of a fair.

    Raises
    ------
    SameFirm, NotYourFirm, UnfitListing, DateAhead
        Nothing is stored then.
    """
    if seller.pk == buyer.pk:
        raise SameFirm
    if actor is not None and not any(actor.has_perm("partnership.see_fully", firm) for firm in (seller, buyer)):
        raise NotYourFirm
    if origin_date > timezone.localdate():
        raise DateAhead
    deal, is_new = Deal.objects.get_or_create(
        seller=seller, buyer=buyer, relation=_relation(relation), title=_title(title), listing=listing,
        origin=origin.strip()[:160], origin_date=origin_date,
        defaults={"opened_by": actor, "is_synthetic": seller.is_synthetic or buyer.is_synthetic},
    )  # fmt: skip
    if not is_new:
        return deal
    Reminder.objects.bulk_create(
        Reminder(deal=deal, side=side, months=months, due_on=due_on)
        for side in Side.values
        for months, due_on in _terms(origin_date, timezone.localdate())
    )
    after = {"seller": seller.pk, "buyer": buyer.pk, "relation": str(deal.relation), "origin": deal.origin}
    record_audit(actor=actor, verb="partnership.open_deal", target=deal, after=after)
    return deal


def _relation(relation: str) -> str:
    if relation not in Relation.values:
        raise UnfitListing(field="relation", problem=_("Choose one of the kinds."))
    return str(relation)


def _title(title: str) -> str:
    tidy = " ".join(title.split())[:120]
    if not tidy:
        raise UnfitListing(field="title", problem=_("Say in a few words what it is about."))
    return tidy


def _terms(origin_date: date, today: date) -> list[tuple[int, date]]:
    """Return months and days on which to ask; who follows an old deal is not asked four times in one night."""
    all_terms = [(months, months_later(origin_date, months)) for months in TERMS]
    over = sum(day <= today for _months, day in all_terms)
    return all_terms[max(0, over - 1) :]


def months_later(day: date, months: int) -> date:
    """Return the same day some months on, the last of the month where there is none: 31 January → 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@transaction.atomic
def state_deal(
    *,
    actor: User,
    deal: Deal,
    side: str,
    stage: str,
    on_date: date,
    amount: int | None = None,
    note: str = "",
    evidence: "File[bytes] | None" = None,
) -> DealStatement:
    """Say for one side how far a deal is. What the other side says stays as it is.

    Parameters
    ----------
    side
        "seller" or "buyer"; the actor must act for that firm.
    amount
        Whole rupiah of this step; needed for an order and for what was realised.
    evidence
        PDF, JPEG or PNG, told by its content.

    Raises
    ------
    NotYourFirm, AmountNeeded, UnfitAmount, DateAhead, AlreadySaid, UnfitEvidence
    gebyar.registry.errors.FileTooLarge
        Nothing is stored then.
    """
    locked = _locked(deal)
    _require_side(actor, locked, side)
    _require_sense(stage, amount, on_date)
    said = {"side": side, "stage": stage, "amount": amount, "on_date": on_date, "note": note.strip()}
    _require_news(locked, said)
    statement = DealStatement(deal=locked, said_by=actor, **said)
    if evidence is not None:
        statement.evidence = File(evidence, name=f"{secrets.token_hex(16)}.{_ending(evidence)}")
    statement.save()
    record_audit(actor=actor, verb="partnership.state_deal", target=locked, after=_facts(statement))
    return statement


def _require_side(actor: User, deal: Deal, side: str) -> None:
    firm = {"seller": deal.seller, "buyer": deal.buyer}.get(side)
    if firm is None or not actor.has_perm("partnership.speak_for", firm):
        raise NotYourFirm


def _require_sense(stage: str, amount: int | None, on_date: date) -> None:
    if stage not in Stage.values:
        raise UnfitListing(field="stage", problem=_("Choose one of the stages."))
    if stage in NEEDS_SUM and amount is None:
        raise AmountNeeded
    if amount is not None and not 0 <= amount <= MOST_RUPIAH:
        raise UnfitAmount
    if on_date > timezone.localdate():
        raise DateAhead


def _require_news(deal: Deal, said: dict[str, Any]) -> None:
    """Refuse the same once more: a form sent twice must not count a delivery twice."""
    if deal.statements.filter(withdrawn_at__isnull=True, **said).exists():
        raise AlreadySaid


def _ending(evidence: "File[bytes]") -> str:
    try:
        return check_file(evidence)
    except UnfitFile as error:
        raise UnfitEvidence from error


def _facts(statement: DealStatement) -> dict[str, Any]:
    """Return what the audit trail keeps: no sums, which belong to the two firms."""
    return {
        "statement": statement.pk, "side": statement.side, "stage": statement.stage,
        "on_date": statement.on_date.isoformat(), "has_evidence": bool(statement.evidence),
    }  # fmt: skip


@transaction.atomic
def withdraw_statement(*, actor: User, statement: DealStatement) -> DealStatement:
    """Take back what one's own side said; it stays readable as withdrawn and counts no more.

    Raises
    ------
    NotYourFirm, AlreadyWithdrawn
        Nothing is changed then.
    """
    deal = _locked(statement.deal)
    found: DealStatement = deal.statements.get(pk=statement.pk)
    _require_side(actor, deal, found.side)
    if found.withdrawn_at is not None:
        raise AlreadyWithdrawn
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    record_audit(actor=actor, verb="partnership.withdraw_statement", target=deal, before=_facts(found))
    return found


def _locked(deal: Deal) -> Deal:
    """Lock the deal, so that statements come one after the other."""
    return lock(Deal.objects.select_related("seller", "buyer").filter(pk=deal.pk)).get()
