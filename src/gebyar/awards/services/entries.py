"""Entries: begun, saved step by step, handed in once with a number and a receipt, withdrawn."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.awards.answers import Unfit, read_answer
from gebyar.awards.errors_entering import (
    CallClosed,
    EditionNotOpen,
    EntryHandedIn,
    EntryIncomplete,
    EntryKnown,
    EntryWithdrawn,
    NotForYou,
    NotYourEntry,
    TooManyMembers,
    UnfitAnswer,
    UnknownQuestion,
)
from gebyar.awards.models import Category, Edition, Entry, EntryDocument, EntryMember
from gebyar.awards.models.entries import new_code
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.entries import PEOPLE, is_entrant, questions_of, state_of
from gebyar.awards.services.letters_entering import write_receipt
from gebyar.awards.services.proposals import refuse_without_agreement
from gebyar.awards.services.receipts import facts_of, receipt_hash
from gebyar.awards.services.stages import entry_withdrew
from gebyar.awards.wording_rules import in_language
from gebyar.records.locking import lock
from gebyar.records.sealing import seal
from gebyar.records.services import record_audit
from gebyar.reference import regions
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms


@dataclass(frozen=True)
class Member:
    """A person of a group, or the one person who enters alone."""

    name: str
    part: str = ""
    birth: date | None = None


@transaction.atomic
def begin_entry(
    *, actor: User, category: Category, kind: str, firm: Firm | None = None, region_code: str | None = None
) -> Entry:
    """Begin a draft for a firm, or for the person or group that somebody speaks for.

    Who withdrew an entry of this category goes on with what was written in it, but for the declarations.

    Raises
    ------
    CallClosed, NotForYou, NotYourEntry, EntryKnown
        Nothing is stored then.
    """
    edition = category.edition
    if not edition.takes_entries:
        raise CallClosed
    if kind not in rules_of(edition).entrants or kind == Entry.Kind.REGENCY:
        raise NotForYou(who=_who(kind))
    made = _draft(actor, category, kind, firm, region_code)
    _store(made)
    if not _taken_over(made) and kind in PEOPLE:
        EntryMember.objects.create(entry=made, position=1, name=actor.name or actor.email)
    record_audit(actor=actor, verb="awards.begin_entry", target=made, after={"category": category.key, "kind": kind})
    return made


def _store(made: Entry) -> None:
    """Store a draft; a code that somebody else drew by chance is drawn again."""
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        if "one_entry_per_code" not in str(error):
            raise EntryKnown from error
        made.code = new_code()
        _store(made)


def _who(kind: str) -> str:
    return str(Entry.Kind(kind).label) if kind in Entry.Kind.values else kind


def _draft(actor: User, category: Category, kind: str, firm: Firm | None, region_code: str | None) -> Entry:
    made = Entry(edition=category.edition, category=category, kind=kind, entrant=actor, code=new_code())
    if kind == Entry.Kind.FIRM:
        if firm is None or firm.pk not in open_firms(actor):
            raise NotYourEntry
        made.firm, made.region_code = firm, firm.region_code
    elif firm is not None or not regions.is_valid(region_code or ""):
        raise NotForYou(who=_who(kind))
    else:
        made.region_code = str(region_code)
    return made


def _taken_over(made: Entry) -> bool:
    """Copy answers, people and documents of the entry withdrawn last; False where there is none."""
    who = {"firm": made.firm} if made.firm_id else {"firm": None, "entrant": made.entrant, "kind": made.kind}
    gone = Entry.objects.filter(category=made.category, status=Entry.Status.WITHDRAWN, **who)
    last = gone.order_by("-withdrawn_at", "-pk").first()
    if last is None:
        return False
    made.title, made.answers = last.title, last.answers
    made.save(update_fields=["title", "answers"])
    for row in (*last.members.all(), *last.documents.exclude(verdict=EntryDocument.Verdict.RETURNED)):
        _copy(row, made)
    return True


def _copy(row: EntryMember | EntryDocument, made: Entry) -> None:
    if isinstance(row, EntryDocument):
        row.verdict, row.note, row.looked_at_by = EntryDocument.Verdict.OPEN, "", None
        if row.file.name:
            ending = row.file.name.rpartition(".")[2]
            row.file = ContentFile(row.file.read(), name=f"{secrets.token_hex(16)}.{ending}")
    row.pk, row.entry = None, made
    row.save()


def held(entry: Entry) -> Entry:
    """Return the entry as it is now, held until the transaction ends."""
    return lock(Entry.objects.filter(pk=entry.pk)).select_related("edition__version", "category", "firm").get()


def held_draft(actor: User, entry: Entry) -> Entry:
    """Return a draft of the actor's, held, in a call that takes entries.

    Raises
    ------
    NotYourEntry, EntryHandedIn, EntryWithdrawn, CallClosed
    """
    found = held(entry)
    if not is_entrant(actor, found):
        raise NotYourEntry
    refuse_ended(found)
    if found.status == Entry.Status.SUBMITTED:
        raise EntryHandedIn
    return found


def refuse_ended(found: Entry) -> None:
    """Refuse what is withdrawn, and what the call does not take any more."""
    if found.status == Entry.Status.WITHDRAWN:
        raise EntryWithdrawn
    if not found.edition.takes_entries:
        raise CallClosed


@transaction.atomic
def save_entry(
    *,
    actor: User,
    entry: Entry,
    title: str | None = None,
    answers: Mapping[str, Any] | None = None,
    declared: Mapping[str, bool] | None = None,
    members: Sequence[Member] | None = None,
) -> Entry:
    """Keep a part of a draft; what is not given stays as it is, and an empty answer is taken away.

    Raises
    ------
    NotYourEntry, EntryHandedIn, EntryWithdrawn, CallClosed, UnknownQuestion, UnfitAnswer, TooManyMembers
        Nothing is stored then.
    """
    found = held_draft(actor, entry)
    changed = []
    if title is not None:
        found.title = title.strip()[:160]
        changed.append("title")
    if answers is not None:
        found.answers = _answers(found, answers)
        changed.append("answers")
    if declared is not None:
        found.declared = _declared(found, declared)
        changed.append("declared")
    if members is not None:
        _replace_members(found, members)
    found.saved_at = timezone.now()
    found.save(update_fields=[*changed, "saved_at"])
    parts = [*changed, *(["members"] if members is not None else [])]
    record_audit(actor=actor, verb="awards.save_entry", target=found, after={"parts": parts})
    return found


def _answers(found: Entry, said: Mapping[str, Any]) -> dict[str, Any]:
    """Read what was said; an answer that only repeats the register is not kept a second time."""
    known = {question.id: question for question in questions_of(rules_of(found.edition), found.category.key)}
    answers = dict(found.answers)
    for name, value in said.items():
        if name not in known:
            raise UnknownQuestion(name=name)
        try:
            read = read_answer(known[name], value)
        except Unfit as error:
            raise UnfitAnswer(question=in_language(known[name].names), problem=str(error)) from error
        answers[name] = read
        if read is None:
            del answers[name]
    return answers


def _declared(found: Entry, said: Mapping[str, bool]) -> dict[str, bool]:
    known = {one.id for one in rules_of(found.edition).conditions if one.kind == "declared"}
    for name in said:
        if name not in known:
            raise UnknownQuestion(name=name)
    return {**found.declared, **{name: bool(value) for name, value in said.items()}}


def _replace_members(found: Entry, members: Sequence[Member]) -> None:
    if found.kind not in PEOPLE:
        raise NotForYou(who=_who(found.kind))
    most = rules_of(found.edition).most_members if found.kind == Entry.Kind.GROUP else 1
    if len(members) > most:
        raise TooManyMembers(most=most)
    found.members.all().delete()
    EntryMember.objects.bulk_create(
        EntryMember(
            entry=found, position=number, name=member.name.strip()[:150], part=member.part.strip()[:80],
            birth_sealed=seal(member.birth.isoformat()) if member.birth else None,
        )
        for number, member in enumerate(members, 1)
    )  # fmt: skip


# --- handed in --------------------------------------------------------------------------------------------------


@transaction.atomic
def submit_entry(*, actor: User, entry: Entry) -> Entry:
    """Hand a draft in: it gets the next number of its edition, and a receipt with the hash of all it holds.

    The edition is held first, so that numbers follow each other and nothing comes in after the call has closed.

    Raises
    ------
    NotYourEntry, EntryHandedIn, EntryWithdrawn, CallClosed, EntryIncomplete
        Nothing is changed then; EntryIncomplete names all that is missing.
    gebyar.awards.errors_stages.FirmHasNotAgreed
        When a regency proposes a firm that has not agreed.
    """
    edition = lock(Edition.objects.filter(pk=entry.edition_id)).get()
    found = held_draft(actor, entry)
    if not edition.takes_entries:
        raise CallClosed
    refuse_without_agreement(found)
    state = state_of(found)
    if state.missing:
        raise EntryIncomplete(state.missing)
    last = Entry.objects.filter(edition=edition).aggregate(last=Max("number"))["last"] or 0
    found.number, found.submitted_at = last + 1, timezone.now()
    found.status, found.saved_at = Entry.Status.SUBMITTED, found.submitted_at
    if found.firm is not None and found.kind == Entry.Kind.FIRM:
        found.region_code = found.firm.region_code
    found.facts = facts_of(state.subject)
    found.receipt_hash = receipt_hash(found)
    found.save()
    after = {"number": found.number, "receipt": found.receipt_hash}
    record_audit(actor=actor, verb="awards.submit_entry", target=found, after=after)
    transaction.on_commit(lambda: write_receipt(found), robust=True)
    return found


@transaction.atomic
def withdraw_entry(*, actor: User, entry: Entry) -> Entry:
    """Take an entry back, draft or handed in; its number is not given again, and its place in a stage becomes free.

    Raises
    ------
    NotYourEntry, EntryWithdrawn, EditionNotOpen
        Nothing is changed then.
    """
    # The category comes first, as in every write to its stages, which may be taking this entry in just now.
    lock(Category.objects.filter(pk=entry.category_id)).get()
    found = held(entry)
    if not is_entrant(actor, found):
        raise NotYourEntry
    if found.status == Entry.Status.WITHDRAWN:
        raise EntryWithdrawn
    if found.edition.status == Edition.Status.ENDED:
        raise EditionNotOpen(status=found.edition.get_status_display())
    before = found.status
    found.status, found.withdrawn_at = Entry.Status.WITHDRAWN, timezone.now()
    found.save(update_fields=["status", "withdrawn_at"])
    record_audit(actor=actor, verb="awards.withdraw_entry", target=found, before={"status": before})
    entry_withdrew(actor=actor, entry=found)
    return found
