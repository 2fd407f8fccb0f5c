"""An independent check of a round's plan: it shares only the round's data, the points and the codes with the planner."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from gebyar.methods.meetings.problem import Session
from gebyar.methods.rounds.faults import Fault
from gebyar.methods.rounds.points import request_points, tier_points
from gebyar.methods.rounds.reasons import CODES
from gebyar.methods.rounds.round import Answer, Place, Request, RoundPlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gebyar.methods.rounds.round import Refusal, Round

PersonKey = tuple[int, int]  # guest and delegate
_NAMED = re.compile(r"%\((\w+)\)s")


def check_round(round_: Round, plan: RoundPlan, *, from_slot: int = 1, kept: Sequence[Place] = ()) -> tuple[str, ...]:
    """Find everything that is wrong with a plan.

    Parameters
    ----------
    round_
        The round.
    plan
        A plan of it.
    from_slot
        Of a repaired plan: earlier places were over when the facts came, so they are not held against absences.
    kept
        Places that had to stay, for a repair those of the plan before: they are not held against zones and limits.

    Returns
    -------
    tuple
        One sentence per fault; empty when the plan keeps every rule, its figures are counted right, and every stated
        reason is true.
    """
    if plan.status in {"infeasible", "unknown"}:
        return tuple(_no_plan_faults(plan))
    faults = tuple(_row_faults(round_, plan))
    return faults or tuple(_Checker(round_, plan, from_slot, kept).faults())


def check_places(round_: Round, places: Sequence[Place]) -> tuple[str, ...]:
    """Find the rules that places break, whatever becomes of the requests without one.

    Parameters
    ----------
    round_
        The round.
    places
        Where people put meetings.

    Returns
    -------
    tuple
        One sentence per fault, most of them a `Fault`.
    """
    wrong = {number: tuple(_place_faults(round_, place)) for number, place in enumerate(places, 1)}
    rows = [f"places row {number}: {fault}" for number, faults in wrong.items() for fault in faults]
    good = tuple(place for number, place in enumerate(places, 1) if not wrong[number])
    return (*rows, *_Checker(round_, RoundPlan("feasible", good), 1, ()).rule_faults())


def count_figures(round_: Round, places: Sequence[Place]) -> tuple[int, int]:
    """Return the idle periods and the points of places."""
    return _Checker(round_, RoundPlan("feasible", tuple(places)), 1, ()).figures()


def _no_plan_faults(plan: RoundPlan) -> Iterator[str]:
    if plan.places:
        yield f"The status is {plan.status}, yet meetings are placed."
    if not plan.reason:
        yield f"The status is {plan.status}, but no reason is given."


def _row_faults(round_: Round, plan: RoundPlan) -> Iterator[str]:
    """Numbers outside the round, and requests named never or twice."""
    if plan.status not in {"optimal", "feasible"}:
        yield f"The status is {plan.status!r}; known are optimal, feasible, infeasible, unknown."
    named: dict[int, int] = defaultdict(int)
    for number, place in enumerate(plan.places, 1):
        named[place.request] += 1
        yield from (f"places row {number}: {fault}" for fault in _place_faults(round_, place))
    for number, refusal in enumerate(plan.refusals, 1):
        named[refusal.request] += 1
        if refusal.code not in CODES:
            yield f"refusals row {number}: the code {refusal.code!r} is unknown."
        else:
            yield from (f"refusals row {number}: {fault}" for fault in _parameter_faults(round_, refusal))
    for request in sorted({*named, *range(1, len(round_.requests) + 1)}):
        if not 1 <= request <= len(round_.requests):
            yield f"Request {request} is not in the round."
        elif named[request] != 1:
            count = named[request]
            yield f"{round_.describe(request)} has {count} places and reasons together; it needs exactly one."


def _place_faults(round_: Round, place: Place) -> Iterator[str]:
    limits = {"slot": len(round_.slots), "table": len(round_.tables)}
    if 1 <= place.request <= len(round_.requests):
        request = round_.requests[place.request - 1]
        limits["asker_delegate"] = round_.guests[request.asker - 1].delegates
        limits["asked_delegate"] = round_.guests[request.asked - 1].delegates
    for field, high in limits.items():
        value = getattr(place, field)
        if not 1 <= value <= high:
            yield f"{field} is {value}, allowed is 1 to {high}."


def _parameter_faults(round_: Round, refusal: Refusal) -> Iterator[str]:
    """What the sentence of the code names must be there, and be a guest or request of the round."""
    for name in _NAMED.findall(CODES[refusal.code]):
        value = refusal.parameters.get(name)
        high = {"other": len(round_.requests)} if refusal.code == "same_meeting" else {"most": None, "count": None}
        if type(value) is not int:
            yield f"{name} is {value!r}; {refusal.code} needs a whole number."
        elif (most := high.get(name, len(round_.guests))) is not None and not 1 <= value <= most:
            yield f"{name} is {value}, allowed is 1 to {most}."


class _Checker:
    def __init__(self, round_: Round, plan: RoundPlan, from_slot: int, kept: Sequence[Place]) -> None:
        self.round = round_
        self.starts = round_.day_starts
        self.kept = {(place.request, place.slot, place.table) for place in kept}
        self.plan = plan
        self.from_slot = from_slot
        self.places = sorted(plan.places, key=lambda place: place.request)
        self.busy: dict[PersonKey, list[Place]] = defaultdict(list)
        self.tables: dict[tuple[int, int], list[Place]] = defaultdict(list)
        self.load: dict[int, int] = defaultdict(int)
        self.of_guest: dict[int, list[Place]] = defaultdict(list)
        self.slots_of: dict[PersonKey, set[int]] = defaultdict(set)
        self.placed = {place.request for place in self.places}
        self.full: dict[int, bool] = {}
        self.requests_of: dict[frozenset[int], list[Request]] = defaultdict(list)
        for request in round_.requests:
            self.requests_of[frozenset((request.asker, request.asked))].append(request)
        for place in self.places:
            self.load[place.slot] += 1
            self.tables[place.slot, place.table].append(place)
            for person in self.people(place):
                self.busy[person].append(place)
                self.slots_of[person].add(place.slot)
                self.of_guest[person[0]].append(place)

    def request(self, place: Place) -> Request:
        return self.round.requests[place.request - 1]

    def people(self, place: Place) -> tuple[PersonKey, PersonKey]:
        request = self.request(place)
        return (request.asker, place.asker_delegate), (request.asked, place.asked_delegate)

    def siblings(self, request: Request) -> list[Request]:
        """The request and one back, if there is one that was not declined."""
        both = self.requests_of[frozenset((request.asker, request.asked))]
        return [one for one in both if one is request or one.answer is not Answer.DECLINED or one.by_organiser]

    def rule_faults(self) -> Iterator[str]:
        yield from self._clashes()
        for place in self.places:
            yield from self._slot_faults(place)
        yield from self._guest_faults()
        yield from self._table_faults()

    def faults(self) -> Iterator[str]:
        yield from self.rule_faults()
        yield from self._figure_faults()
        for refusal in self.plan.refusals:
            if not self._is_true(refusal):
                yield (
                    f"{self.round.describe(refusal.request)} was refused with the code {refusal.code} "
                    f"{refusal.parameters}, which is not true of the plan."
                )

    def _clashes(self) -> Iterator[str]:
        for (guest, delegate), places in self.busy.items():
            slots = [place.slot for place in places]
            for slot in sorted({slot for slot in slots if slots.count(slot) > 1}):
                words = f"Delegate {delegate} of {self.round.name(guest)} is in two places in slot {slot}."
                yield Fault(words, "two_places", guest=guest, slot=slot)
            rest = self.round.rest_after
            if rest is not None and (longest := self._longest_run(slots)) > rest:
                words = (
                    f"Delegate {delegate} of {self.round.name(guest)} meets in {longest} slots in a row, over {rest}."
                )
                yield Fault(words, "rest", guest=guest, longest=longest, rest=rest)
        for (slot, table), here in self.tables.items():
            if len(here) > 1:
                yield Fault(f"Table {table} has {len(here)} meetings in slot {slot}.", "table", table=table, slot=slot)
        pairs: dict[frozenset[int], int] = {}
        for place in self.places:
            request = self.request(place)
            other = pairs.setdefault(frozenset((request.asker, request.asked)), place.request)
            if other != place.request:
                words = f"{self.round.describe(place.request)}: the two meet already by request {other}."
                yield Fault(words, "pair", request=place.request, other=other)

    def _longest_run(self, slots: list[int]) -> int:
        longest = run = 1 if slots else 0
        for before, slot in pairwise(sorted(set(slots))):
            run = run + 1 if slot == before + 1 and slot not in self.starts else 1
            longest = max(longest, run)
        return longest

    def _slot_faults(self, place: Place) -> Iterator[str]:
        what = self.round.describe(place.request)
        if place.slot < self.from_slot:
            return
        for request in self.siblings(self.request(place)):
            if not self._in_session(request, place.slot):
                words = f"{what} is in slot {place.slot}, but may only take place in the {request.session.value}."
                yield Fault(words, f"{request.session.value}_only", request=place.request)
            if request.fixed_slot is not None and request.fixed_slot != place.slot:
                words = f"{what} is in slot {place.slot}, but fixed to slot {request.fixed_slot}."
                yield Fault(words, "fixed", request=place.request, slot=request.fixed_slot)
        for guest, _ in self.people(place):
            if place.slot in self.round.guests[guest - 1].absent:
                words = f"{what} is in slot {place.slot}, in which {self.round.name(guest)} cannot meet."
                yield Fault(words, "absent", guest=guest, slot=place.slot)
        if self.request(place).answer is Answer.DECLINED and not self.request(place).by_organiser:
            yield Fault(f"{what} was declined, yet it has a place.", "declined", request=place.request)

    def _in_session(self, request: Request, slot: int) -> bool:
        return request.session is Session.ANY or self.round.slots[slot - 1].is_morning == (
            request.session is Session.MORNING
        )

    def _guest_faults(self) -> Iterator[str]:
        for number, guest in enumerate(self.round.guests, 1):
            count = len(self.of_guest[number])
            free = sum(not self._is_forced(place) for place in self.of_guest[number])
            if guest.most is not None and count > guest.most and free:
                words = f"{guest.name} has {count} meetings, but wants at most {guest.most}."
                yield Fault(words, "most", guest=number, count=count, most=guest.most)

    def _is_forced(self, place: Place) -> bool:
        if place.slot < self.from_slot or (place.request, place.slot, place.table) in self.kept:
            return True
        return any(one.by_organiser for one in self.siblings(self.request(place)))

    def _table_faults(self) -> Iterator[str]:
        free = {slot: {*range(1, len(self.round.tables) + 1)} for slot in self.load}
        for place in self.places:
            free[place.slot].discard(place.table)
        for place in self.places:
            if (place.request, place.slot, place.table) in self.kept:
                continue
            zones = {self.round.guests[guest - 1].zone for guest, _ in self.people(place)} - {None}
            if zones and self.round.tables[place.table - 1] not in zones and not self._wanted_tables(place):
                better = sorted(table for table in free[place.slot] if self.round.tables[table - 1] in zones)
                if better:
                    words = (
                        f"{self.round.describe(place.request)} sits outside its zone at table {place.table} in slot "
                        f"{place.slot}, though table {better[0]} of the zone is free."
                    )
                    yield Fault(words, "zone", request=place.request, table=better[0])

    def _wanted_tables(self, place: Place) -> set[int]:
        wanted = {one.fixed_table for one in self.siblings(self.request(place))}
        wanted |= {self.round.guests[guest - 1].table for guest, _ in self.people(place)}
        return {table for table in wanted if table is not None}

    def figures(self) -> tuple[int, int]:
        """Idle periods and points of what is placed."""
        idle = sum(self._idle(places) for places in self.busy.values())
        return idle, sum(self.claim(self.request(place))[2] for place in self.places)

    def _figure_faults(self) -> Iterator[str]:
        idle, points = self.figures()
        if self.plan.idle != idle:
            yield f"The plan says {self.plan.idle} idle periods, counted are {idle}."
        if self.plan.bound is not None and self.plan.bound > idle:
            yield f"The bound is {self.plan.bound}, which cannot be: the plan has {idle} idle periods."
        if self.plan.status == "optimal" and self.plan.bound != idle:
            yield f"The plan is called optimal, but its bound is {self.plan.bound} and it has {idle} idle periods."
        if self.plan.priority != points:
            yield f"The plan says {self.plan.priority} points, counted are {points}."
        if self.plan.priority_bound < points:
            yield f"The bound of the points is {self.plan.priority_bound}, but the plan has {points}."
        yield from self._fairness_faults()

    def _fairness_faults(self) -> Iterator[str]:
        idle = [self._idle(places) for places in self.busy.values()]
        fairness = self.round.fairness
        stated = self.plan.reason is not None or self.plan.bound is None  # said so, or a repair
        if fairness is not None and idle and max(idle) - min(idle) > fairness and not stated:
            yield f"Idle periods differ by {max(idle) - min(idle)}; this round allows {fairness}, or says why not."

    def _idle(self, places: list[Place]) -> int:
        slots = sorted({place.slot for place in places})
        gaps = ((before, slot) for before, slot in pairwise(slots) if slot > before + 1)
        return sum(not any(before < start <= slot for start in self.starts) for before, slot in gaps)

    def claim(self, request: Request) -> tuple[bool, bool, int]:
        """Organiser's, wanted by both, points."""
        both = self.siblings(request)
        points = sum(map(request_points, both))
        points += sum(tier_points(self.round.guests[guest - 1]) for guest in (request.asker, request.asked))
        accepted = len(both) > 1 or request.answer is Answer.ACCEPTED
        return any(one.by_organiser for one in both), accepted, points

    # --- reasons ---------------------------------------------------------------------------------------------

    def _is_true(self, refusal: Refusal) -> bool:
        request = self.round.requests[refusal.request - 1]
        check = getattr(self, f"_true_{refusal.code}")
        return bool(check(request, refusal.parameters))

    def _true_declined(self, request: Request, _parameters: dict[str, int]) -> bool:
        return request.answer is Answer.DECLINED and not request.by_organiser

    def _true_unanswered(self, request: Request, _parameters: dict[str, int]) -> bool:
        return not self.round.grants_unanswered and not any(self.claim(request)[:2])

    def _true_withdrawn(self, request: Request, parameters: dict[str, int]) -> bool:
        guest = parameters["participant"]
        absent = self.round.guests[guest - 1].absent
        return guest in {request.asker, request.asked} and len(absent) == len(self.round.slots)

    def _true_same_meeting(self, request: Request, parameters: dict[str, int]) -> bool:
        other = self.round.requests[parameters["other"] - 1]
        return parameters["other"] in self.placed and (other.asker, other.asked) == (request.asked, request.asker)

    def _true_guest_full(self, request: Request, parameters: dict[str, int]) -> bool:
        guest, most = parameters["participant"], parameters["most"]
        served = len(self.of_guest[guest])
        return guest in {request.asker, request.asked} and self.round.guests[guest - 1].most == most <= served

    def _true_no_time(self, request: Request, _parameters: dict[str, int]) -> bool:
        return not self._common_slots(request)

    def _true_room_full(self, request: Request, _parameters: dict[str, int]) -> bool:
        common = self._common_slots(request)
        return bool(common) and all(self.load[slot] >= len(self.round.tables) for slot in common)

    def _true_lower_priority(self, request: Request, parameters: dict[str, int]) -> bool:
        guest, own = parameters["participant"], self.claim(request)
        others = [self.claim(self.request(place)) for place in self.of_guest[guest]]
        return self._is_full(guest, request) and len(others) == parameters["count"] and min(others) > own

    def _true_least_first(self, request: Request, parameters: dict[str, int]) -> bool:
        rival = self._rival(request, parameters)
        own = self.claim(request)
        waiting = len(self.of_guest[_partner(request, parameters["participant"])])
        would_have = len(self.of_guest[parameters["other"]]) - 1
        return rival is not None and self.claim(rival)[:2] >= own[:2] and would_have < waiting

    def _true_draw(self, request: Request, parameters: dict[str, int]) -> bool:
        rival = self._rival(request, parameters)
        waiting = len(self.of_guest[_partner(request, parameters["participant"])])
        would_have = len(self.of_guest[parameters["other"]]) - 1
        return rival is not None and self.claim(rival) == self.claim(request) and would_have == waiting

    def _rival(self, request: Request, parameters: dict[str, int]) -> Request | None:
        """The placed request of the full guest with the other one."""
        guest, other = parameters["participant"], parameters["other"]
        if not self._is_full(guest, request):
            return None
        met = (self.request(place) for place in self.of_guest[guest])
        return next((one for one in met if other in {one.asker, one.asked}), None)

    def _is_full(self, guest: int, request: Request) -> bool:
        """Whether a guest of the request can have no further meeting: by their limit or for want of a slot."""
        if guest not in self.full:
            self.full[guest] = self._has_no_room(guest)
        return self.full[guest] and guest in {request.asker, request.asked}

    def _has_no_room(self, guest: int) -> bool:
        known = self.round.guests[guest - 1]
        if known.most is not None and len(self.of_guest[guest]) >= known.most:
            return True
        return not any(
            self._is_free((guest, delegate), slot)
            for delegate in range(1, known.delegates + 1)
            for slot in range(self.from_slot, len(self.round.slots) + 1)
            if slot not in known.absent
        )

    def _is_free(self, person: PersonKey, slot: int) -> bool:
        slots = self.slots_of[person]
        rest = self.round.rest_after
        return slot not in slots and (rest is None or self._longest_run([*slots, slot]) <= rest)

    def _common_slots(self, request: Request) -> list[int]:
        """The slots in which the two could still meet, tables aside."""
        one, other = (self.round.guests[guest - 1] for guest in (request.asker, request.asked))
        return [
            slot
            for slot in range(self.from_slot, len(self.round.slots) + 1)
            if slot not in one.absent | other.absent
            and all(self._in_session(each, slot) for each in self.siblings(request))
            and all(each.fixed_slot in {None, slot} for each in self.siblings(request))
            and any(self._is_free((request.asker, delegate), slot) for delegate in range(1, one.delegates + 1))
            and any(self._is_free((request.asked, delegate), slot) for delegate in range(1, other.delegates + 1))
        ]


def _partner(request: Request, guest: int) -> int:
    return request.asked if request.asker == guest else request.asker
