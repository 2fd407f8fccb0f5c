"""The firm says what is wrong about it; an officer decides; the fact changes with its history."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.errors import (
    AlreadyDecided,
    AlreadyProposed,
    NibTaken,
    NoteNeeded,
    NothingChanged,
    NotYourFirm,
    NotYourRegion,
    OwnProposal,
    SumDoesNotFit,
    YearNeeded,
)
from gebyar.registry.facts import Fact, fact, history_text, same, sealed, text_of
from gebyar.registry.models import Correction, Firm, Profile
from gebyar.registry.services.letters import write_decision
from gebyar.registry.services.members import MEMBERSHIP, add_requested_member
from gebyar.registry.services.search import refresh_search
from gebyar.registry.services.statements import state_identity_fact, state_yearly_fact

Status = Correction.Status


@transaction.atomic
def propose_correction(
    *, actor: User, firm: Firm, field: str, value: str | None, reason: str = "", year: int | None = None
) -> Correction:
    """Ask that a fact be corrected.

    Parameters
    ----------
    actor
        Somebody who acts for the firm.
    field
        A fact of `gebyar.registry.facts`.
    value
        Its right value as canonical text (`gebyar.registry.typed.read` makes it), None for "not known".
    year
        The year a yearly figure is about; left out for the others.

    Raises
    ------
    NotYourFirm, UnknownFact, YearNeeded, NothingChanged, AlreadyProposed, SumDoesNotFit
        Nothing is stored then.
    """
    if not actor.has_perm("registry.propose_correction", firm):
        raise NotYourFirm
    correction = _draft(actor, firm, fact(field), value=value, reason=reason, year=year)
    _open(correction)
    record_audit(actor=actor, verb="registry.propose_correction", target=correction, after=_facts(correction))
    return correction


@transaction.atomic
def withdraw_correction(*, actor: User, correction: Correction) -> Correction:
    """Take back a correction that waits; anybody who acts for the firm may.

    Raises
    ------
    NotYourFirm, AlreadyDecided
        Nothing is changed then.
    """
    locked = _locked(correction)
    if locked.proposed_by_id != actor.pk and not actor.has_perm("registry.propose_correction", locked.firm):
        raise NotYourFirm
    _close(locked, actor, Status.WITHDRAWN, "")
    record_audit(actor=actor, verb="registry.withdraw_correction", target=locked, after={"status": locked.status})
    return locked


@transaction.atomic
def decide_correction(*, actor: User, correction: Correction, approve: bool, note: str = "") -> Correction:
    """Approve a correction, which changes the fact at once, or refuse it; the proposer gets a mail.

    Raises
    ------
    NotYourRegion, OwnProposal, AlreadyDecided, NoteNeeded, NibTaken, SumDoesNotFit
        Nothing is changed then.
    """
    locked = _locked(correction)
    if not actor.has_perm("registry.decide_corrections", locked.firm):
        raise NotYourRegion
    if locked.proposed_by_id == actor.pk:
        raise OwnProposal
    if not approve and not note.strip():
        raise NoteNeeded
    _close(locked, actor, Status.APPROVED if approve else Status.REJECTED, note.strip())
    before = _apply(locked, actor) if approve else None
    verb = "registry.approve_correction" if approve else "registry.reject_correction"
    record_audit(actor=actor, verb=verb, target=locked, before=before, after=_facts(locked))
    transaction.on_commit(lambda: write_decision(locked), robust=True)
    return locked


@transaction.atomic
def change_fact(
    *, actor: User, firm: Firm, field: str, value: str | None, reason: str, year: int | None = None
) -> Correction:
    """Change a fact of a firm of the officer's region at once, with the history of a correction.

    Raises
    ------
    NotYourRegion, UnknownFact, YearNeeded, NothingChanged, NibTaken, SumDoesNotFit
        Nothing is changed then.
    """
    if not actor.has_perm("registry.change_firm", firm):
        raise NotYourRegion
    locked = lock(Firm.objects.filter(pk=firm.pk)).get()
    correction = _draft(actor, locked, fact(field), value=value, reason=reason, year=year)
    _close(correction, actor, Status.APPROVED, "")
    before = _apply(correction, actor)
    record_audit(actor=actor, verb="registry.change_fact", target=correction, before=before, after=_facts(correction))
    return correction


# --- steps --------------------------------------------------------------------------------------------------


def _draft(actor: User, firm: Firm, some: Fact, *, value: str | None, reason: str, year: int | None) -> Correction:
    if some.yearly and year is None:
        raise YearNeeded
    record = firm if year is None or not some.yearly else statement_about(firm, year)
    old, new = text_of(some, record), sealed(some, value)
    if same(some, old, new):
        raise NothingChanged
    _require_sum(some, record, value)
    return Correction(
        firm=firm, field=some.field, year=year if some.yearly else None, old_value=old, new_value=new,
        reason=reason.strip(), proposed_by=actor,
    )  # fmt: skip


def statement_about(firm: Firm, year: int) -> Profile | None:
    """Return what is held to be true of the firm in a year: the latest statement about it."""
    return firm.profiles.filter(year=year).order_by("-as_of", "-pk").first()


def _require_sum(some: Fact, record: Firm | Profile | None, value: str | None) -> None:
    """Refuse a number of workers that contradicts the men and women it consists of."""
    if some.field != "workers" or not isinstance(record, Profile):
        return
    men, women = record.workers_male, record.workers_female
    if men is not None and women is not None and value is not None and int(value) != men + women:
        raise SumDoesNotFit


def _open(correction: Correction) -> None:
    """Store a proposal; the database allows one open proposal per fact."""
    try:
        with transaction.atomic():
            correction.save()
    except IntegrityError as error:
        raise AlreadyProposed from error


def _locked(correction: Correction) -> Correction:
    """Lock the firm, then its correction, so that two decisions come one after the other.

    Raises
    ------
    AlreadyDecided
        If somebody was faster.
    """
    firm = lock(Firm.objects.filter(pk=correction.firm_id)).get()
    locked = lock(Correction.objects.filter(pk=correction.pk)).get()
    locked.firm = firm
    if locked.status != Status.PENDING:
        raise AlreadyDecided
    return locked


def _close(correction: Correction, actor: User, status: Status, note: str) -> None:
    correction.status = status
    correction.decided_by = actor
    correction.decided_at = timezone.now()
    correction.decision_note = note
    correction.save()


def _apply(correction: Correction, actor: User) -> dict[str, Any]:
    """Make the register say what was approved; return what it said before."""
    if correction.field.startswith(MEMBERSHIP):
        add_requested_member(correction)
        return {}
    some = fact(correction.field)
    before = history_text(some, correction.old_value)
    if some.yearly:
        record = statement_about(correction.firm, int(correction.year or 0))
        _require_sum(some, record, correction.new_value)
        state_yearly_fact(correction=correction, some=some, base=record, actor=actor)
    else:
        _state_identity(correction, some)
    refresh_search(firm_ids=[correction.firm_id])
    return {correction.field: before}


def _state_identity(correction: Correction, some: Fact) -> None:
    """Whether a NIB is free only the database can say, with two firms at once."""
    try:
        with transaction.atomic():
            state_identity_fact(correction=correction, some=some)
    except IntegrityError as error:
        if (
            some.field == "nib"
            and Firm.objects.filter(nib=correction.new_value).exclude(pk=correction.firm_id).exists()
        ):
            raise NibTaken from error
        raise


def _facts(correction: Correction) -> dict[str, Any]:
    """Return what the audit trail keeps: no personal numbers, and no reasons, which may name people."""
    if correction.field.startswith(MEMBERSHIP):
        return {"field": "membership", "status": correction.status}
    some = fact(correction.field)
    value = history_text(some, correction.new_value)
    return {"field": correction.field, "year": correction.year, "value": value, "status": correction.status}
