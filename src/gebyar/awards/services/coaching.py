"""Coaching stages: sessions with mentors, who was there, what mentors noted, and prototypes with pictures."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction

from gebyar.accounts.models import User
from gebyar.awards.errors_stages import NoCoachingHere, NotInStage, StageNotActive, TooManyPrototypes
from gebyar.awards.models import Attendance, CoachingSession, Entry, Passage, Prototype, Stage
from gebyar.awards.queries.stages import is_entrant
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.stage_turns import held_running
from gebyar.records.errors import NotAllowed
from gebyar.records.services import record_audit
from gebyar.registry.services.photos import prepare

COACHING = "coaching"
MOST_PROTOTYPES = 12


def _held_coaching(stage_id: int) -> Stage:
    """Return a coaching stage that is not decided, held."""
    found = held_running(stage_id)
    if found.kind != COACHING:
        raise NoCoachingHere
    if found.status == Stage.Status.DECIDED:
        raise StageNotActive
    return found


@transaction.atomic
def add_session(
    *,
    actor: User | None,
    stage: Stage,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    mentor: str = "",
    place: str = "",
) -> CoachingSession:
    """Add a session to a coaching stage, also before it begins.

    Raises
    ------
    gebyar.records.errors.NotAllowed, NoCoachingHere, StageNotActive
    """
    may_organise(actor)
    found = _held_coaching(stage.pk)
    made = CoachingSession.objects.create(
        stage=found, title=title, mentor=mentor, starts_at=starts_at, ends_at=ends_at, place=place
    )
    record_audit(actor=actor, verb="awards.add_session", target=found, after=_facts(made))
    return made


@transaction.atomic
def change_session(*, actor: User | None, session: CoachingSession, **facts: Any) -> CoachingSession:
    """Change title, mentor, times or place of a session."""
    may_organise(actor)
    stage = _held_coaching(session.stage_id)
    found = CoachingSession.objects.get(pk=session.pk)
    before = _facts(found)
    for name, value in facts.items():
        setattr(found, name, value)
    found.save(update_fields=list(facts))
    record_audit(actor=actor, verb="awards.change_session", target=stage, before=before, after=_facts(found))
    return found


@transaction.atomic
def remove_session(*, actor: User | None, session: CoachingSession) -> None:
    """Take a session out, with what was noted about it."""
    may_organise(actor)
    stage = _held_coaching(session.stage_id)
    record_audit(actor=actor, verb="awards.remove_session", target=stage, before=_facts(session))
    CoachingSession.objects.filter(pk=session.pk).delete()


def _facts(session: CoachingSession) -> dict[str, str]:
    return {"title": session.title, "starts_at": session.starts_at.isoformat(), "ends_at": session.ends_at.isoformat()}


@transaction.atomic
def mark_attendance(
    *, actor: User | None, session: CoachingSession, there: Mapping[int, bool], notes: Mapping[int, str] | None = None
) -> int:
    """Note who was at a session and what the mentor says, by the entry's key; what was noted before is replaced.

    Returns
    -------
    int
        How many were there.

    Raises
    ------
    gebyar.records.errors.NotAllowed, NoCoachingHere, StageNotActive, NotInStage
        Nothing is stored then.
    """
    may_organise(actor)
    stage = _held_coaching(session.stage_id)
    known = set(stage.passages.exclude(outcome=Passage.Outcome.WITHDRAWN).values_list("entry_id", flat=True))
    if not set(there) <= known:
        raise NotInStage
    said = notes or {}
    rows = [
        Attendance(session=session, entry_id=entry, was_there=was_there, note=said.get(entry, "").strip())
        for entry, was_there in there.items()
    ]
    Attendance.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["session", "entry"], update_fields=["was_there", "note"]
    )
    count = sum(there.values())
    record_audit(
        actor=actor,
        verb="awards.mark_attendance",
        target=stage,
        after={"session": session.title, "there": count, "of": len(rows)},
    )
    return count


# --- prototypes -------------------------------------------------------------------------------------------------


@transaction.atomic
def add_prototype(
    *, actor: User, entry: Entry, stage: Stage, title: str, text: str = "", file: "File[bytes] | None" = None
) -> Prototype:
    """Show a step of what an entry has made; its picture is written anew, so that it holds pixels and nothing else.

    Raises
    ------
    gebyar.records.errors.NotAllowed, NoCoachingHere, StageNotActive, NotInStage, TooManyPrototypes, and those of
    `gebyar.registry.services.photos.prepare`
        Nothing is stored then.
    """
    if not is_entrant(actor, entry):
        raise NotAllowed
    picture = prepare(file).large if file is not None else None
    found = _held_active(stage, entry)
    if Prototype.objects.filter(entry=entry, stage=found).count() >= MOST_PROTOTYPES:
        raise TooManyPrototypes(most=MOST_PROTOTYPES)
    made = Prototype(entry=entry, stage=found, title=title, text=text)
    if picture is not None:
        made.file = ContentFile(picture, name=f"{secrets.token_hex(16)}.jpg")
    made.save()
    record_audit(actor=actor, verb="awards.add_prototype", target=entry, after={"title": title, "stage": found.key})
    return made


def _held_active(stage: Stage, entry: Entry) -> Stage:
    found = _held_coaching(stage.pk)
    if found.status != Stage.Status.ACTIVE:
        raise StageNotActive
    if not found.passages.filter(entry=entry, outcome=Passage.Outcome.IN).exists():
        raise NotInStage
    return found


@transaction.atomic
def remove_prototype(*, actor: User, prototype: Prototype) -> None:
    """Take a step out; its picture is deleted after the transaction.

    Raises
    ------
    gebyar.records.errors.NotAllowed, NoCoachingHere, StageNotActive, NotInStage
    """
    if not is_entrant(actor, prototype.entry):
        raise NotAllowed
    _held_active(prototype.stage, prototype.entry)
    file, entry, title = prototype.file, prototype.entry, prototype.title
    Prototype.objects.filter(pk=prototype.pk).delete()
    record_audit(actor=actor, verb="awards.remove_prototype", target=entry, before={"title": title})
    if file.name:
        transaction.on_commit(partial(file.storage.delete, file.name), robust=True)
