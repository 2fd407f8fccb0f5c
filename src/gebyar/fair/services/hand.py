"""Change a plan by hand. The published version never changes under its readers: a copy is changed instead.

Every change is held against the rules of the round twice: by the database (nobody in two places, one meeting a table)
and by the method's own check.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.fair.errors import CannotMove, NothingToPublish, PlanRunning, RequestGone
from gebyar.fair.models import MeetingRequest, Plan, PlannedMeeting, Refusal, Slot, Table
from gebyar.fair.planning import Facts, facts_of
from gebyar.fair.services.plans import new_version
from gebyar.fair.services.storing import write_meetings
from gebyar.fair.services.turns import held_open
from gebyar.fair.wording import fault_words, left_out_words
from gebyar.methods.rounds.checking import check_places, count_figures
from gebyar.methods.rounds.round import Place
from gebyar.records.services import record_audit

# Why a request has no place after a change by hand; said by `wording` beside the method's own reasons.
TAKEN_OUT, CHANGED_SINCE = "taken_out", "changed_since"
# Reasons that hold whatever else is moved.
LASTING = {"declined", "unanswered", "withdrawn", "absent", "same_meeting", "standby", "not_confirmed", TAKEN_OUT}


@transaction.atomic
def lock_meeting(*, actor: User | None, meeting: PlannedMeeting, locked: bool = True) -> PlannedMeeting:
    """Keep a meeting where it is in every later version, or set it free."""
    held_open(meeting.plan.round_id)
    found = PlannedMeeting.objects.select_related("plan__round__fair", "request").get(pk=meeting.pk)
    if found.is_locked != locked:
        found.is_locked = locked
        found.save(update_fields=["is_locked"])
        record_audit(
            actor=actor, verb="fair.lock_meeting", target=found.plan,
            before={"request": found.request.number, "locked": not locked},
            after={"request": found.request.number, "locked": locked},
        )  # fmt: skip
    return found


@transaction.atomic
def move_meeting(*, actor: User | None, meeting: PlannedMeeting, slot: Slot, table: Table) -> Plan:
    """Give a meeting another slot or table.

    Returns
    -------
    Plan
        The version that holds the change: a new one of kind "hand", or this one, if it is one that nobody saw yet.

    Raises
    ------
    CannotMove
        With the reason in words; nothing was changed.
    PlanRunning, RoundEnded
    """
    desk = _Desk(actor, meeting.plan)
    old = desk.place_of(meeting.request)
    others = [place for place in desk.places if place is not old]
    new = desk.fitting(meeting.request, slot, table, others)
    desk.refuse_new_faults([*others, new])
    said = {"request": meeting.request.number, "slot": old.slot, "table": old.table}
    return desk.write(
        [*others, new],
        meeting.request,
        verb="fair.move_meeting",
        before=said,
        after=_said(meeting.request, slot, table),
    )


@transaction.atomic
def place_request(*, actor: User | None, plan: Plan, request: MeetingRequest, slot: Slot, table: Table) -> Plan:
    """Place by hand what the plan did not; see `move_meeting`."""
    desk = _Desk(actor, plan)
    new = desk.fitting(request, slot, table, desk.places)
    desk.refuse_new_faults([*desk.places, new])
    return desk.write(
        [*desk.places, new], request, verb="fair.place_request", before={}, after=_said(request, slot, table)
    )


@transaction.atomic
def drop_meeting(*, actor: User | None, meeting: PlannedMeeting) -> Plan:
    """Take a meeting out; its request stays and can be placed again. See `move_meeting`."""
    desk = _Desk(actor, meeting.plan)
    old = desk.place_of(meeting.request)
    others = [place for place in desk.places if place is not old]
    said = {"request": meeting.request.number, "slot": old.slot, "table": old.table}
    return desk.write(others, meeting.request, verb="fair.drop_meeting", before=said, after={})


def _said(request: MeetingRequest, slot: Slot, table: Table) -> dict[str, int]:
    return {"request": request.number, "slot": slot.number, "table": table.number}


class _Desk:
    """A plan laid out to be changed, while the round is held."""

    def __init__(self, actor: User | None, plan: Plan) -> None:
        self.actor = actor
        self.round = held_open(plan.round_id)
        self.plan = Plan.objects.select_related("round__fair").get(pk=plan.pk)
        if self.plan.status == Plan.Status.RUNNING:
            raise PlanRunning
        if not self.plan.is_usable:
            raise NothingToPublish
        self.facts: Facts = facts_of(self.round, with_standby=True)
        self.places = self.facts.places_of(self.plan)
        self.position = {request.pk: number for number, request in enumerate(self.facts.requests, start=1)}

    def place_of(self, request: MeetingRequest) -> Place:
        number = self.position.get(request.pk)
        found = next((place for place in self.places if place.request == number), None)
        if found is None:
            raise RequestGone
        return found

    def fitting(self, request: MeetingRequest, slot: Slot, table: Table, others: list[Place]) -> Place:
        """Return the place with delegates who are free, or say who or what is in the way."""
        number, slot_number, table_number = self._numbers(request, slot, table)
        asked = self.facts.round.requests[number - 1]
        if any(place.slot == slot_number and place.table == table_number for place in others):
            raise CannotMove(why=_("the table is taken in this slot."))
        delegates = []
        for guest in (asked.asker, asked.asked):
            known, name = self.facts.round.guests[guest - 1], str(self.facts.participants[guest - 1].firm)
            if slot_number in known.absent:
                raise CannotMove(why=_("%(firm)s cannot meet in this slot.") % {"firm": name})
            busy = self._busy(guest, slot_number, others)
            free = next((delegate for delegate in range(1, known.delegates + 1) if delegate not in busy), None)
            if free is None:
                raise CannotMove(why=_("%(firm)s has another meeting in this slot.") % {"firm": name})
            delegates.append(free)
        return Place(number, slot_number, table_number, *delegates)

    def _numbers(self, request: MeetingRequest, slot: Slot, table: Table) -> tuple[int, int, int]:
        slots = {row.pk: number for number, row in enumerate(self.facts.slots, start=1)}
        tables = {row.pk: number for number, row in enumerate(self.facts.tables, start=1)}
        if request.pk in self.facts.left_out:
            raise CannotMove(why=left_out_words(self.facts.left_out[request.pk]))
        if request.pk not in self.position:
            raise RequestGone
        if slot.pk not in slots or table.pk not in tables:
            raise CannotMove(why=_("the slot or the table is none of this round."))
        return self.position[request.pk], slots[slot.pk], tables[table.pk]

    def _busy(self, guest: int, slot: int, places: list[Place]) -> set[int]:
        busy = set()
        for place in places:
            request = self.facts.round.requests[place.request - 1]
            if place.slot == slot and guest == request.asker:
                busy.add(place.asker_delegate)
            elif place.slot == slot and guest == request.asked:
                busy.add(place.asked_delegate)
        return busy

    def write(
        self, places: list[Place], changed: MeetingRequest, *, verb: str, before: dict[str, int], after: dict[str, int]
    ) -> Plan:
        idle, priority = count_figures(self.facts.round, places)
        locked = set(self.plan.meetings.filter(is_locked=True).values_list("request_id", flat=True))
        reasons = list(self.plan.refusals.select_related("request"))
        plan = self._version()
        plan.idle, plan.priority = idle, priority
        plan.priority_bound = max(plan.priority_bound or 0, priority)
        plan.save()
        write_meetings(plan, self.facts, places, locked)
        self._write_reasons(plan, places, reasons, changed)
        record_audit(actor=self.actor, verb=verb, target=plan, before=before, after={**after, "version": plan.version})
        return plan

    def _version(self) -> Plan:
        """Return the version to write into, empty: this one, if it was made by hand and never shown, else a copy."""
        plan = self.plan
        if plan.kind == Plan.Kind.HAND and plan.last_published_at is None:
            plan.meetings.all().delete()
            plan.refusals.all().delete()
            return plan
        return new_version(
            actor=self.actor, round_=self.round, kind=Plan.Kind.HAND, based_on=plan, seed=plan.seed,
            status=Plan.Status.FEASIBLE, priority_bound=plan.priority_bound,
        )  # fmt: skip

    def refuse_new_faults(self, places: list[Place]) -> None:
        """Hold what is placed against every rule; what was wrong before, because facts changed since, is no hindrance."""
        old = check_places(self.facts.round, self.places)
        fault = next((one for one in check_places(self.facts.round, places) if one not in old), None)
        if fault is not None:
            raise CannotMove(why=fault_words(fault, self.facts))

    def _write_reasons(self, plan: Plan, places: list[Place], reasons: list[Refusal], changed: MeetingRequest) -> None:
        """Keep the reasons that still hold; where the change may have made room, say so instead of something untrue."""
        placed = {self.facts.requests[place.request - 1].pk for place in places}
        numbers = {person.pk: person.number for person in self.facts.participants}
        touched = {changed.asker_id, changed.asked_id}
        named = {numbers[pk] for pk in touched}
        rows = []
        for reason in reasons:
            request = reason.request
            if request.pk in placed or request.withdrawn_at is not None:
                continue
            near = {request.asker_id, request.asked_id} & touched or named & set(reason.parameters.values())
            if reason.code not in LASTING and (near or reason.code == "room_full"):
                rows.append(Refusal(plan=plan, request=request, code=CHANGED_SINCE))
            else:
                rows.append(Refusal(plan=plan, request=request, code=reason.code, parameters=reason.parameters))
        if changed.pk not in placed:
            rows.append(Refusal(plan=plan, request=changed, code=TAKEN_OUT))
        said = {row.request_id for row in rows}
        # Whoever took part when the plan was made, and has to confirm again now.
        left_out = self.facts.left_out.items()
        rows += [Refusal(plan=plan, request_id=pk, code=code) for pk, code in left_out if pk not in said]
        Refusal.objects.bulk_create(rows)
