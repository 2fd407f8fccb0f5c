"""What officers do for entrants of their region at the completeness desk: note a call, send a reminder."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.awards.errors_entering import (
    CallClosed,
    EntryHandedIn,
    NobodyToWriteTo,
    NoteNeeded,
    NothingMissing,
    NotYourRegion,
    RemindedAlready,
)
from gebyar.awards.models import DeskNote, Entry
from gebyar.awards.queries.entries import missing
from gebyar.awards.services.documents import may_help
from gebyar.awards.services.entries import held
from gebyar.awards.services.letters_entering import addresses_of, write_reminder
from gebyar.records.services import record_audit

PAUSE = timedelta(hours=20)  # so that two presses, or two officers, write once a day


@transaction.atomic
def note(*, actor: User, entry: Entry, channel: str, text: str) -> DeskNote:
    """Note that somebody was called, visited or written to, and what came of it.

    Raises
    ------
    NotYourRegion, NoteNeeded
        Nothing is stored then.
    """
    if not may_help(actor, entry):
        raise NotYourRegion
    if not text.strip():
        raise NoteNeeded
    made = DeskNote.objects.create(entry=entry, channel=channel, text=text.strip()[:500], by=actor)
    record_audit(actor=actor, verb="awards.note_at_desk", target=entry, after={"channel": channel})
    return made


@transaction.atomic
def remind(*, actor: User, entry: Entry) -> DeskNote:
    """Send whoever acts for a draft what is missing and what to do, at most once in `PAUSE`.

    Raises
    ------
    NotYourRegion, CallClosed, EntryHandedIn, NothingMissing, RemindedAlready, NobodyToWriteTo
        Nothing is sent then.
    """
    if not may_help(actor, entry):
        raise NotYourRegion
    found = held(entry)
    if not found.edition.takes_entries:
        raise CallClosed
    if found.status != Entry.Status.DRAFT:
        raise EntryHandedIn
    lacking = missing(found)
    if not lacking:
        raise NothingMissing
    if found.desk_notes.filter(is_reminder=True, at__gt=timezone.now() - PAUSE).exists():
        raise RemindedAlready
    if not addresses_of(found):
        raise NobodyToWriteTo
    text = _("Reminder sent: %(names)s") % {"names": "; ".join(one.words for one in lacking)}
    made = DeskNote.objects.create(
        entry=found, channel=DeskNote.Channel.MESSAGE, text=text[:500], is_reminder=True, by=actor
    )
    record_audit(actor=actor, verb="awards.remind_entrant", target=found, after={"missing": len(lacking)})
    transaction.on_commit(lambda: write_reminder(found), robust=True)
    return made
