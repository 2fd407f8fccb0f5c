"""OVOP: a regency proposes a firm of its own, and the firm agrees before the entry is handed in."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from gebyar.accounts.models import Role, User
from gebyar.accounts.queries import open_grants
from gebyar.awards.errors_stages import (
    FirmHasNotAgreed,
    NoProposalsHere,
    NotYourRegency,
    ProposalAnswered,
    ProposalsClosed,
    ProposedAlready,
    ReasonNeeded,
)
from gebyar.awards.models import Category, Entry, Proposal
from gebyar.awards.queries.editions import rules_of
from gebyar.records.errors import NotAllowed
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.reference import regions
from gebyar.registry.models import Firm
from gebyar.registry.rules import is_member


@transaction.atomic
def propose(*, actor: User, category: Category, firm: Firm, reason: str) -> Proposal:
    """Propose a firm of the officer's own regency in a category, which is its group of commodities.

    Raises
    ------
    NoProposalsHere, ProposalsClosed, NotYourRegency, ReasonNeeded, ProposedAlready
        Nothing is stored then.
    """
    edition = category.edition
    if "regency" not in rules_of(edition).entrants:
        raise NoProposalsHere
    if not edition.takes_entries:
        raise ProposalsClosed
    regency = regency_of(actor, firm.region_code)
    if regency is None:
        raise NotYourRegency
    if not reason.strip():
        raise ReasonNeeded
    made = Proposal.objects.create(
        entry=_entry(actor, category, firm, regency), reason=reason.strip(), proposed_by=actor
    )
    record_audit(
        actor=actor, verb="awards.propose", target=made.entry, after={"category": category.key, "regency": regency}
    )
    _tell(made)
    return made


def regency_of(actor: User, region_code: str) -> str | None:
    """Return the regency for which an officer may propose firms of this region."""
    own = (grant.region_code for grant in open_grants(actor) if grant.role == Role.LOCAL_OFFICER)
    regencies = (code for code in own if regions.level_of(code) == regions.REGENCY)
    return next((code for code in regencies if regions.contains(code, region_code)), None)


def _entry(actor: User, category: Category, firm: Firm, regency: str) -> Entry:
    try:
        with transaction.atomic():
            return Entry.objects.create(
                edition=category.edition, category=category, kind=Entry.Kind.REGENCY, firm=firm, entrant=actor,
                region_code=regency, title=firm.name[:160],
            )  # fmt: skip
    except IntegrityError as error:
        raise ProposedAlready(firm=firm.name) from error


def _tell(proposal: Proposal) -> None:
    from gebyar.awards.tasks_stages import mail_proposal  # noqa: PLC0415  the task calls back into services

    transaction.on_commit(lambda: mail_proposal.enqueue(proposal.pk), robust=True)


@transaction.atomic
def answer_proposal(*, actor: User, proposal: Proposal, agrees: bool, reason: str = "") -> Proposal:
    """Say for the firm whether it takes part; where it does not, the entry is withdrawn.

    Raises
    ------
    gebyar.records.errors.NotAllowed, ProposalAnswered
        Nothing is changed then.
    """
    entry = lock(Entry.objects.filter(pk=proposal.entry_id)).select_related("firm").get()
    if not is_member(actor, entry.firm):
        raise NotAllowed
    found = Proposal.objects.get(pk=proposal.pk)
    if found.status != Proposal.Status.ASKED or entry.status != Entry.Status.DRAFT:
        raise ProposalAnswered
    found.status = Proposal.Status.AGREED if agrees else Proposal.Status.DECLINED
    found.answered_by, found.answered_at, found.decline_reason = (
        actor,
        timezone.now(),
        "" if agrees else reason.strip()[:300],
    )
    found.save(update_fields=["status", "answered_by", "answered_at", "decline_reason"])
    if not agrees:
        Entry.objects.filter(pk=entry.pk).update(status=Entry.Status.WITHDRAWN, withdrawn_at=timezone.now())
    record_audit(actor=actor, verb="awards.answer_proposal", target=entry, after={"agrees": agrees})
    return found


def refuse_without_agreement(entry: Entry) -> None:
    """Refuse to hand a proposal in to which the firm has not agreed; every other entry passes."""
    if entry.kind != Entry.Kind.REGENCY:
        return
    if not Proposal.objects.filter(entry=entry, status=Proposal.Status.AGREED).exists():
        raise FirmHasNotAgreed
