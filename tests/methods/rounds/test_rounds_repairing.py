"""Repairs on the day: what holds stays, and few others move."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.methods.rounds.drawn import drawn_round

from gebyar.methods.rounds import Guest, Place, Request, Round, Slot, check_round, moves, plan_round, repair_round

DAY = (Slot(1, True),) * 4


def absent(round_, guest, *slots):
    guests = list(round_.guests)
    guests[guest - 1] = replace(guests[guest - 1], absent=guests[guest - 1].absent.union(slots))
    return replace(round_, guests=tuple(guests))


def rounds(names, pairs, slots=DAY, tables=(None,) * 3, **more):
    return Round(tuple(Guest(name) for name in names), tuple(Request(*pair) for pair in pairs), slots, tables, **more)


@pytest.fixture(scope="module")
def planned():
    round_ = drawn_round(11, requests=260)
    return round_, plan_round(round_, time_limit=3.0).places


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_checker_accepts_every_repair(planned, data):
    round_, before = planned
    from_slot = data.draw(st.integers(1, 12))
    guest = data.draw(st.integers(1, len(round_.guests)))
    new = absent(round_, guest, *data.draw(st.frozensets(st.integers(from_slot, 12))))

    plan = repair_round(new, before, from_slot=from_slot)

    assert check_round(new, plan, from_slot=from_slot, kept=before) == ()
    assert {place for place in before if place.slot < from_slot} <= set(plan.places)


def test_nothing_moves_when_nothing_changed(planned):
    round_, before = planned

    assert moves(before, repair_round(round_, before).places) == ()


def test_a_no_show_moves_nobody_and_frees_the_places_for_others():
    round_ = rounds(["host", "a", "b", "standby"], [(2, 1), (3, 1), (4, 1)], DAY[:2])
    before = (Place(1, 1, 1), Place(2, 2, 1))

    plan = repair_round(absent(round_, 2, 1, 2), before)

    assert plan.places == (Place(2, 2, 1), Place(3, 1, 1))
    assert [(r.request, r.code) for r in plan.refusals] == [(1, "withdrawn")]


def test_a_late_arrival_moves_only_their_own_meeting_when_a_slot_is_free():
    round_ = rounds(["host", "a", "b"], [(2, 1), (3, 1)])
    before = (Place(1, 1, 1), Place(2, 2, 1))

    plan = repair_round(absent(round_, 2, 1), before)

    assert [(move.request, move.before.slot, move.after.slot) for move in moves(before, plan.places)] == [(1, 1, 3)]


def test_one_other_moves_when_that_is_the_only_way():
    # The host is busy in both slots; the one who is late needs the second, and the other can take the first.
    round_ = rounds(["host", "a", "b"], [(2, 1), (3, 1)], DAY[:2])
    before = (Place(1, 1, 1), Place(2, 2, 1))

    plan = repair_round(absent(round_, 2, 1), before)

    assert [(p.request, p.slot) for p in plan.places] == [(1, 2), (2, 1)]


def test_what_is_over_and_what_is_kept_stays():
    round_ = rounds(["host", "a", "b", "c"], [(2, 1), (3, 1), (4, 1)], DAY[:3])
    before = (Place(1, 1, 1), Place(2, 2, 1), Place(3, 3, 1))
    late = absent(round_, 3, 1, 2)

    free = repair_round(late, before, from_slot=2)
    held = repair_round(late, before, from_slot=2, kept=before[2:])

    assert [(p.request, p.slot) for p in free.places] == [(1, 1), (2, 3), (3, 2)]
    assert held.places == (before[0], before[2])
    assert [(r.request, r.code) for r in held.refusals] == [(2, "no_time")]


def test_a_meeting_that_is_over_stays_though_its_guest_has_left():
    round_ = rounds(["host", "a"], [(2, 1)])

    plan = repair_round(absent(round_, 2, 1, 2, 3, 4), (Place(1, 1, 1),), from_slot=2)

    assert plan.places == (Place(1, 1, 1),)


def test_a_new_request_of_the_organiser_gets_a_place_though_others_must_move():
    # Slot 1 is free for the host, slot 2 for the newcomer; the meeting of a and the host has to change.
    round_ = rounds(["host", "a", "new"], [(2, 1)], DAY[:2])
    before = (Place(1, 2, 1),)
    added = replace(
        absent(round_, 3, 1),
        requests=(*round_.requests, Request(3, 1, by_organiser=True)),
    )

    plan = repair_round(added, before)

    assert [(p.request, p.slot) for p in plan.places] == [(1, 1), (2, 2)]


def test_those_who_need_not_move_keep_their_tables():
    round_ = rounds(["h", "i", "a", "b"], [(3, 1), (4, 2)], DAY[:2], (None,) * 3)
    before = (Place(1, 1, 3), Place(2, 1, 2))

    plan = repair_round(absent(round_, 4, 1), before)

    assert plan.places[0] == Place(1, 1, 3)
    assert plan.places[1].slot == 2


def test_a_plan_of_another_round_is_refused_in_words():
    round_ = rounds(["host", "a", "b"], [(2, 1), (3, 1)])

    with pytest.raises(ValueError, match="places request 7, but the round has 2 requests"):
        repair_round(round_, [Place(7, 1, 1)])
    with pytest.raises(ValueError, match="share a participant and are both in slot 1"):
        repair_round(round_, [Place(1, 1, 1), Place(2, 1, 2)], from_slot=2)


def test_moves_name_what_was_added_dropped_and_changed():
    before = [Place(1, 1, 1), Place(2, 2, 1), Place(3, 3, 1)]
    after = [Place(1, 1, 1), Place(2, 2, 2), Place(4, 3, 1)]

    assert [(m.request, m.before, m.after) for m in moves(before, after)] == [
        (2, Place(2, 2, 1), Place(2, 2, 2)),
        (3, Place(3, 3, 1), None),
        (4, None, Place(4, 3, 1)),
    ]


def test_who_missed_slots_that_are_over_keeps_the_meetings_to_come():
    slots = (Slot(1, True),) * 6
    round_ = rounds(["host", *"abcdef"], [(number, 1) for number in range(2, 8)], slots)
    before = tuple(Place(number, number, 1) for number in range(1, 7))
    missed = absent(round_, 1, 1, 2, 3)

    plan = repair_round(missed, before, from_slot=4)

    assert plan.places == before
    assert check_round(missed, plan, from_slot=4, kept=before) == ()
