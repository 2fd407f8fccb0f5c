"""Rounds: their times and tables, their deadlines and limits, and the sessions that keep people from meeting."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.fair.errors import ElsewhereRound, NameTaken, RoundNotReady, TimetableFixed, TooLarge, WrongMoment
from gebyar.fair.models import Fair, Participant, Round, Session, SessionSeat, Slot, Table, Zone
from gebyar.fair.services.turns import held, held_open
from gebyar.fair.timetable import MOST_SLOTS, MOST_TABLES, SlotTimes, ZoneTables
from gebyar.records.services import record_audit

# What an organiser may set besides times and tables.
SETTINGS = (
    "name", "ask_until", "answer_until", "most_requests", "least_meetings", "most_meetings", "fairness", "rest_after",
    "grants_unanswered",
)  # fmt: skip


@transaction.atomic
def create_round(
    *,
    actor: User | None,
    fair: Fair,
    name: str,
    slots: Sequence[SlotTimes],
    tables: Sequence[ZoneTables],
    **settings: Any,
) -> Round:
    """Create a round with its slots and tables, which are numbered from 1.

    Parameters
    ----------
    slots
        In time order, in any time zone.
    tables
        Per zone; the numbers run through all zones.
    settings
        Any of `SETTINGS`.

    Raises
    ------
    NameTaken
        When the fair has a round of this name.
    TooLarge
        When the method could not plan so many slots or tables.
    """
    try:
        with transaction.atomic():
            created = Round.objects.create(fair=fair, name=name, **settings)
    except IntegrityError as error:
        raise NameTaken(name=name) from error
    _write_timetable(created, slots, tables)
    record_audit(
        actor=actor,
        verb="fair.create_round",
        target=created,
        after={"name": name, "slots": len(slots), "tables": sum(zone.count for zone in tables), **_said(settings)},
    )
    return created


@transaction.atomic
def set_timetable(
    *, actor: User | None, round_: Round, slots: Sequence[SlotTimes], tables: Sequence[ZoneTables]
) -> Round:
    """Give the round other slots and tables; what people said about the old slots is forgotten.

    Raises
    ------
    TimetableFixed
        When a plan stands on the present ones.
    """
    found = held_open(round_.pk)
    if found.plans.exists():
        raise TimetableFixed
    for rows in (found.slots, found.tables, found.zones):
        rows.all().delete()
    _write_timetable(found, slots, tables)
    record_audit(
        actor=actor,
        verb="fair.set_timetable",
        target=found,
        after={"slots": len(slots), "tables": sum(zone.count for zone in tables)},
    )
    return found


def _write_timetable(round_: Round, slots: Sequence[SlotTimes], tables: Sequence[ZoneTables]) -> None:
    count = sum(zone.count for zone in tables)
    if len(slots) > MOST_SLOTS:
        raise TooLarge(most=MOST_SLOTS, what=_("slots"), count=len(slots))
    if count > MOST_TABLES:
        raise TooLarge(most=MOST_TABLES, what=_("tables"), count=count)
    Slot.objects.bulk_create(Slot(round=round_, number=n, **asdict(slot)) for n, slot in enumerate(slots, start=1))
    number = 0
    for part in tables:
        zone = Zone.objects.get_or_create(round=round_, name=part.name)[0] if part.name else None
        Table.objects.bulk_create(Table(round=round_, number=number + n, zone=zone) for n in range(1, part.count + 1))
        number += part.count


@transaction.atomic
def change_round(*, actor: User | None, round_: Round, **settings: Any) -> Round:
    """Change deadlines and limits of a round.

    Raises
    ------
    NameTaken, RoundEnded
    """
    found = held_open(round_.pk)
    before = {name: getattr(found, name) for name in settings}
    if before == settings:
        return found
    for name, value in settings.items():
        setattr(found, name, value)
    try:
        with transaction.atomic():
            found.save(update_fields=list(settings))
    except IntegrityError as error:
        raise NameTaken(name=found.name) from error
    record_audit(actor=actor, verb="fair.change_round", target=found, before=_said(before), after=_said(settings))
    return found


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


# --- from one state to the next ---------------------------------------------------------------------------------


@transaction.atomic
def open_requests(*, actor: User | None, round_: Round) -> Round:
    """Let participants ask and answer; also again, after requests were closed.

    Raises
    ------
    WrongMoment
        When a plan is published, or the round is over.
    RoundNotReady
        When nobody could meet in it.
    """
    found = held(round_.pk)
    if found.status == Round.Status.ASKING:
        return found
    _refuse_unless(found, Round.Status.DRAFT, Round.Status.PLANNING)
    enough = found.slots.exists() and found.tables.exists() and found.participants.count() >= 2
    if not enough:
        raise RoundNotReady
    return _enter(actor, found, Round.Status.ASKING, verb="fair.open_requests")


@transaction.atomic
def close_requests(*, actor: User | None, round_: Round) -> Round:
    """Take no more requests and answers of participants; organisers still add and fix."""
    found = held(round_.pk)
    if found.status == Round.Status.PLANNING:
        return found
    _refuse_unless(found, Round.Status.DRAFT, Round.Status.ASKING)
    return _enter(actor, found, Round.Status.PLANNING, verb="fair.close_requests")


@transaction.atomic
def end_round(*, actor: User | None, round_: Round) -> Round:
    """Close the round for good; what came of it is still recorded."""
    found = held(round_.pk)
    if found.status == Round.Status.ENDED:
        return found
    return _enter(actor, found, Round.Status.ENDED, verb="fair.end_round")


def _refuse_unless(found: Round, *allowed: str) -> None:
    if found.status not in allowed:
        raise WrongMoment(status=found.get_status_display())


def _enter(actor: User | None, found: Round, status: Round.Status, *, verb: str) -> Round:
    before, found.status = found.status, status
    found.save(update_fields=["status"])
    record_audit(actor=actor, verb=verb, target=found, before={"status": before}, after={"status": str(status)})
    return found


# --- sessions ---------------------------------------------------------------------------------------------------


@transaction.atomic
def add_session(
    *,
    actor: User | None,
    round_: Round,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    participants: Iterable[Participant],
) -> Session:
    """Add a workshop or speech; its participants do not meet in the slots that it touches."""
    found = held_open(round_.pk)
    seated = _of_round(found, participants)
    session = Session.objects.create(round=found, name=name, starts_at=starts_at, ends_at=ends_at)
    SessionSeat.objects.bulk_create(SessionSeat(session=session, participant=person) for person in seated)
    record_audit(
        actor=actor,
        verb="fair.add_session",
        target=found,
        after={"name": name, "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "seats": len(seated)},
    )
    return session


@transaction.atomic
def remove_session(*, actor: User | None, session: Session) -> None:
    found = held_open(session.round_id)
    record_audit(actor=actor, verb="fair.remove_session", target=found, before={"name": session.name})
    Session.objects.filter(pk=session.pk).delete()


def _of_round(round_: Round, people: Iterable[Participant]) -> list[Participant]:
    found = list(people)
    for person in found:
        if person.round_id != round_.pk:
            raise ElsewhereRound(what=str(person))
    return found
