"""The day: who came, how each meeting went, and the plan changed as little as possible when somebody does not come."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.fair.errors_floor import (
    AlreadyHere,
    AlreadyMissing,
    BackBeforeGone,
    NoSlotLeft,
    NotARepair,
    NothingPublished,
    NotInTheMeeting,
    NotInThePlan,
    WrongLateness,
)
from gebyar.fair.models import CheckIn, MeetingLog, MeetingRequest, Participant, Plan, Round, Slot
from gebyar.fair.planning import facts_of
from gebyar.fair.queries.floor import is_here, is_missing, next_slot, slots_of, working_day
from gebyar.fair.queries.times import clock_words
from gebyar.fair.services.plans import new_version, show
from gebyar.fair.services.storing import store_outcome
from gebyar.fair.services.turns import held_open
from gebyar.methods.rounds import moves, records
from gebyar.records.locking import lock
from gebyar.records.services import record_audit

# Beyond this the two would have had another meeting's time.
LONGEST_LATENESS = 240


@transaction.atomic
def check_in(*, actor: User | None, participant: Participant, at: datetime | None = None) -> CheckIn:
    """Note that a participant has come, or has come after all.

    Parameters
    ----------
    at
        When; now without it. The day is that of the fair's own zone.

    Raises
    ------
    AlreadyHere
        When another desk has noted it already.
    """
    at = at or timezone.now()
    participant = _held_participant(participant.pk)
    day = working_day(participant.round, slots_of(participant.round), at)
    row = CheckIn.objects.filter(participant=participant, date=day).first()
    if row is not None and row.came_at is not None and is_here(row):
        raise AlreadyHere(firm=participant.firm.name, time=clock_words(row.came_at, participant.round.zone))
    before = _as_facts(row)
    row = row or CheckIn(participant=participant, date=day)
    row.came_at, row.noted_by = at, actor
    if row.missing_since is not None and at <= row.missing_since:
        row.missing_since = None  # here before the slot from which they were given up
    row.save()
    record_audit(actor=actor, verb="fair.check_in", target=participant, before=before, after=_as_facts(row))
    return row


def _held_participant(pk: int) -> Participant:
    """Hold the participant, not the round: many desks check people in at the same time."""
    return lock(Participant.objects.filter(pk=pk)).select_related("round__fair", "firm").get()


def _as_facts(row: CheckIn | None) -> dict[str, str | None]:
    if row is None:
        return {}
    return {
        "date": row.date.isoformat(),
        "came_at": row.came_at.isoformat() if row.came_at else None,
        "missing_since": row.missing_since.isoformat() if row.missing_since else None,
        "expected_at": row.expected_at.isoformat() if row.expected_at else None,
    }


@transaction.atomic
def log_meeting(
    *,
    actor: User | None,
    request: MeetingRequest,
    state: MeetingLog.State,
    minutes_late: int | None = None,
    missing: Participant | None = None,
) -> MeetingLog:
    """Note how a meeting of the published plan went; saying it again replaces what was said.

    Raises
    ------
    NotInThePlan
        When the published plan does not hold the meeting.
    NotInTheMeeting
        When a no-show names nobody, or somebody else.
    WrongLateness
        When a late meeting has no minutes between 1 and `LONGEST_LATENESS`.
    """
    request = lock(MeetingRequest.objects.filter(pk=request.pk)).get()
    if not request.planned.filter(plan__published_at__isnull=False).exists():
        raise NotInThePlan
    if state == MeetingLog.State.NO_SHOW and (
        missing is None or missing.pk not in {request.asker_id, request.asked_id}
    ):
        raise NotInTheMeeting
    if state == MeetingLog.State.LATE and not 1 <= (minutes_late or 0) <= LONGEST_LATENESS:
        raise WrongLateness(most=LONGEST_LATENESS)
    before = _log_facts(MeetingLog.objects.filter(request=request).select_related("missing").first())
    log, _created = MeetingLog.objects.update_or_create(
        request=request,
        defaults={
            "state": state,
            "minutes_late": minutes_late if state == MeetingLog.State.LATE else None,
            "missing": missing if state == MeetingLog.State.NO_SHOW else None,
            "noted_by": actor,
            "noted_at": timezone.now(),
        },
    )
    record_audit(actor=actor, verb="fair.log_meeting", target=request, before=before, after=_log_facts(log))
    return log


def _log_facts(log: MeetingLog | None) -> dict[str, str | int | None]:
    if log is None:
        return {}
    missing = log.missing.number if log.missing else None
    return {"state": str(log.state), "minutes_late": log.minutes_late, "missing": missing}


# --- somebody does not come ---------------------------------------------------------------------------------------


@transaction.atomic
def repair(
    *,
    actor: User | None,
    round_: Round,
    participant: Participant,
    from_slot: Slot | None = None,
    until_slot: Slot | None = None,
) -> Plan:
    """Note that a participant is missing, plan anew from a slot on, and show it at once to those whom it touches.

    Whoever stands by, and requests without a place, fill what comes free; as few other meetings as possible move.

    Parameters
    ----------
    from_slot
        The first slot that may change; without it the first that has not begun.
    until_slot
        The slot with which a late participant arrives; without it they are missing for the rest of that day.

    Returns
    -------
    Plan
        The version that is shown now: a new one of kind "repair", or the present one when nothing had to change.

    Raises
    ------
    NothingPublished, NoSlotLeft, RoundEnded
    BackBeforeGone
        When `until_slot` is not after `from_slot`.
    AlreadyMissing
        When somebody else has noted it, and planned anew, before.
    """
    found = held_open(round_.pk)
    shown = _shown(found)
    start = _first_free(found, from_slot)
    if until_slot is not None and until_slot.starts_at <= start.starts_at:
        raise BackBeforeGone
    _note_missing(actor, participant, start, until_slot)
    return _plan_anew(actor, found, shown, start, participant)


@transaction.atomic
def plan_from_now(*, actor: User | None, round_: Round, from_slot: Slot | None = None) -> Plan:
    """Plan anew from a slot on with what is known now, such as that somebody has come after all.

    Raises
    ------
    NothingPublished, NoSlotLeft, RoundEnded
    """
    found = held_open(round_.pk)
    return _plan_anew(actor, found, _shown(found), _first_free(found, from_slot))


@transaction.atomic
def undo_repair(*, actor: User | None, round_: Round) -> Plan:
    """Show the version again from which the last repair started, and tell those whom that touches.

    Who was noted as missing stays so until the desk checks them in.

    Raises
    ------
    NothingPublished, NotARepair, RoundEnded
    """
    found = held_open(round_.pk)
    shown = _shown(found)
    if shown.kind != Plan.Kind.REPAIR or shown.based_on is None:
        raise NotARepair
    return show(actor=actor, round_=found, plan=shown.based_on)


def _shown(round_: Round) -> Plan:
    shown = round_.plans.filter(published_at__isnull=False).select_related("based_on__round__fair").first()
    if shown is None:
        raise NothingPublished
    return shown


def _first_free(round_: Round, wanted: Slot | None) -> Slot:
    slot = wanted or next_slot(slots_of(round_), timezone.now())
    if slot is None:
        raise NoSlotLeft
    return slot


def _note_missing(actor: User | None, participant: Participant, start: Slot, until: Slot | None) -> CheckIn:
    person = _held_participant(participant.pk)
    day = start.starts_at.astimezone(person.round.zone).date()
    row = CheckIn.objects.filter(participant=person, date=day).first()
    if row is not None and is_missing(row) and row.missing_since is not None and row.missing_since <= start.starts_at:
        raise AlreadyMissing(firm=person.firm.name)
    before = _as_facts(row)
    row = row or CheckIn(participant=person, date=day)
    row.missing_since, row.noted_by = start.starts_at, actor
    row.expected_at = until.starts_at if until else None
    row.save()
    record_audit(actor=actor, verb="fair.note_missing", target=person, before=before, after=_as_facts(row))
    return row


def _plan_anew(actor: User | None, round_: Round, shown: Plan, start: Slot, missing: Participant | None = None) -> Plan:
    facts = facts_of(round_, with_standby=True)
    places = facts.places_of(shown)
    locked = set(shown.meetings.filter(is_locked=True).values_list("request_id", flat=True))
    kept = [place for place in places if facts.requests[place.request - 1].pk in locked]
    position = [slot.pk for slot in facts.slots].index(start.pk) + 1
    inputs = records.repair_inputs_of(facts.round, places, from_slot=position, kept=kept)
    outcome = records.run_repair(inputs, seed=shown.seed)
    if not moves(places, outcome.places) and len(places) == shown.meetings.count():
        return shown
    plan = new_version(
        actor=actor, round_=round_, kind=Plan.Kind.REPAIR, seed=shown.seed, based_on=shown, status=Plan.Status.FEASIBLE
    )
    plan = store_outcome(
        plan=plan,
        facts=facts,
        outcome=outcome,
        method=(records.REPAIR_METHOD, records.REPAIR_VERSION),
        inputs=inputs,
        result=records.result_of(outcome),
        locked=locked,
    )
    after = {"version": plan.version, "from_slot": start.number, "missing": missing.number if missing else None}
    record_audit(actor=actor, verb="fair.repair", target=plan, before={"version": shown.version}, after=after)
    return show(actor=actor, round_=round_, plan=plan)
