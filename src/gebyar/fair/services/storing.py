"""Store what a method found: meetings, seats and reasons, with the decision record, in the transaction of the caller."""

from collections.abc import Set as AbstractSet
from typing import Any

from gebyar.accounts.models import User
from gebyar.fair.models import Participant, Plan, PlannedMeeting, Refusal, Seat
from gebyar.fair.planning import Facts, facts_of
from gebyar.methods.rounds.round import Place, RoundPlan
from gebyar.methods.rounds.round import Refusal as Reason
from gebyar.records.models import DecisionRecord
from gebyar.records.services import append_decision, record_audit

# Parameters of a reason that are numbers of guests; stored as the participants' numbers in the round.
GUESTS = ("participant", "first", "second", "other")
# For the method whoever can meet in no slot has withdrawn; the app knows who did, and who is only absent.
WITHDRAWN, ABSENT = "withdrawn", "absent"


def store_outcome(
    *,
    plan: Plan,
    facts: Facts,
    outcome: RoundPlan,
    method: tuple[str, str],
    inputs: dict[str, Any],
    result: dict[str, Any],
    locked: AbstractSet[int] = frozenset(),
) -> Plan:
    """Fill an open version with its outcome. Call it once, while the round is held.

    Parameters
    ----------
    facts
        What was planned, whose positions the outcome speaks of.
    method, inputs, result
        Name and version, and both sides of the decision record.
    locked
        Keys of requests whose meetings stay locked.
    """
    plan.status, plan.reason = outcome.status, outcome.reason or ""
    plan.idle, plan.bound, plan.seconds = outcome.idle, outcome.bound, outcome.seconds
    plan.priority, plan.priority_bound = outcome.priority, outcome.priority_bound
    if plan.is_usable:
        write_meetings(plan, facts, outcome.places, locked)
        _write_refusals(plan, facts, outcome)
    name, version = method
    plan.record = append_decision(
        actor=plan.made_by,
        method=name,
        version=version,
        title=_title(plan),
        inputs=inputs,
        seed=plan.seed,
        result=result,
    )
    plan.save()
    record_audit(
        actor=plan.made_by,
        verb="fair.finish_plan",
        target=plan,
        after={"status": plan.status, "idle": plan.idle, "bound": plan.bound, "record": plan.record.hash},
    )
    return plan


def record_by_hand(*, actor: User | None, plan: Plan) -> DecisionRecord:
    """Record what people changed by hand, with what follows from it. Call it while the round is held, and late."""
    from gebyar.methods.rounds import records  # noqa: PLC0415  the solvers take a second to load

    facts = facts_of(plan.round, with_standby=True)
    base, places = plan.based_on, facts.places_of(plan)
    inputs = records.hand_inputs_of(
        facts.round,
        facts.places_of(base) if base else [],
        places,
        base=base.record.hash if base and base.record else None,
        called_off=plan.meetings.count() - len(places),
    )
    return append_decision(
        actor=actor,
        method=records.HAND_METHOD,
        version=records.HAND_VERSION,
        title=_title(plan),
        inputs=inputs,
        seed=None,
        result=records.hand_result_of(inputs),
    )


def _title(plan: Plan) -> str:
    return f"{plan.round.fair.name}: {plan.round.name}, version {plan.version}"


def write_meetings(plan: Plan, facts: Facts, places: tuple[Place, ...] | list[Place], locked: AbstractSet[int]) -> None:
    """Write meetings and the seats of both sides."""
    rows = [
        PlannedMeeting(
            plan=plan, request=(request := facts.requests[place.request - 1]), slot=facts.slots[place.slot - 1],
            table=facts.tables[place.table - 1].number, is_locked=request.pk in locked,
        )
        for place in places
    ]  # fmt: skip
    meetings = PlannedMeeting.objects.bulk_create(rows, batch_size=5000)
    seats = [
        Seat(plan=plan, slot_id=meeting.slot_id, participant_id=participant, delegate=delegate, meeting=meeting)
        for meeting, place in zip(meetings, places, strict=True)
        for participant, delegate in (
            (meeting.request.asker_id, place.asker_delegate),
            (meeting.request.asked_id, place.asked_delegate),
        )
    ]
    Seat.objects.bulk_create(seats, batch_size=5000)


def _write_refusals(plan: Plan, facts: Facts, outcome: RoundPlan) -> None:
    rows = [
        Refusal(
            plan=plan, request=facts.requests[refusal.request - 1], code=_code(refusal, facts),
            parameters=_named(refusal.code, refusal.parameters, facts),
        )
        for refusal in outcome.refusals
    ]  # fmt: skip
    rows += [Refusal(plan=plan, request_id=request, code=code) for request, code in facts.left_out.items()]
    Refusal.objects.bulk_create(rows, batch_size=5000)


def _code(refusal: Reason, facts: Facts) -> str:
    if refusal.code != WITHDRAWN:
        return refusal.code
    status = facts.participants[int(refusal.parameters["participant"]) - 1].status
    return WITHDRAWN if status == Participant.Status.WITHDRAWN else ABSENT


def _named(code: str, parameters: dict[str, int | str], facts: Facts) -> dict[str, int | str]:
    """Replace positions by numbers that stay: of participants, and of the request that makes the two meet."""
    if code == "same_meeting":
        return {"request": facts.requests[int(parameters["other"]) - 1].number}
    return {
        name: facts.participants[int(value) - 1].number if name in GUESTS else value
        for name, value in parameters.items()
    }
