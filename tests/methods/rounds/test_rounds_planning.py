"""Whole plans: the checker holds them against every rule and every stated reason."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.methods.rounds.drawn import drawn_round, tiny_rounds

from gebyar.methods.meetings import Session
from gebyar.methods.rounds import Answer, Guest, Place, Request, Round, Slot, check_round, packing, plan_round

DAY = (Slot(1, True),) * 2 + (Slot(1, False),) * 2
NO_TABLES = (None,) * 3


def rounds(guests, requests, slots=DAY, tables=NO_TABLES, **more):
    return Round(tuple(guests), tuple(requests), tuple(slots), tuple(tables), **more)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(round_=tiny_rounds())
def test_checker_accepts_every_plan(round_):
    plan = plan_round(round_, time_limit=20.0)

    assert check_round(round_, plan) == ()


@pytest.mark.parametrize("more", [{}, {"absence": 0.4}, {"rest_after": 3}, {"requests": 400, "tables": 9}])
def test_checker_accepts_plans_of_larger_rounds(more):
    round_ = drawn_round(7, **more)

    assert check_round(round_, plan_round(round_, time_limit=4.0)) == ()


@settings(max_examples=6, deadline=None, derandomize=True)
@given(data=st.data())
def test_permuted_requests_give_the_same_objective(data):
    round_ = drawn_round(3, askers=10, asked=6, requests=36, slots=8, tables=6, absence=0.0, fairness=None)
    permuted = replace(round_, requests=tuple(data.draw(st.permutations(round_.requests))))

    first, second = (plan_round(one, time_limit=60.0) for one in (round_, permuted))

    assert (first.status, second.status) == ("optimal", "optimal")
    assert (first.priority, first.idle, len(first.places)) == (second.priority, second.idle, len(second.places))


def test_same_seed_gives_the_same_plan():
    round_ = drawn_round(5, askers=12, asked=6, requests=50, slots=8, tables=6)

    first, second = (plan_round(round_, seed=4, time_limit=60.0) for _ in range(2))

    assert not first.cut_short
    assert replace(first, seconds=0.0) == replace(second, seconds=0.0)


def test_a_stopped_plan_is_the_best_so_far_and_says_so():
    round_ = drawn_round(6, requests=300)

    plan = plan_round(round_, should_stop=lambda: True)

    assert plan.cut_short
    assert plan.places
    assert check_round(round_, plan) == ()


def test_every_way_not_to_be_granted_has_its_reason():
    guests = [
        Guest("popular", most=1),
        Guest("asker"),
        Guest("other"),
        Guest("gone", absent=frozenset({1, 2, 3, 4})),
        Guest("early", absent=frozenset({3, 4})),
        Guest("late", absent=frozenset({1, 2})),
    ]
    requests = [
        Request(2, 1, answer=Answer.ACCEPTED),
        Request(3, 1),
        Request(2, 3, answer=Answer.DECLINED),
        Request(3, 4),
        Request(5, 6, answer=Answer.ACCEPTED),
        Request(1, 2),
    ]
    plan = plan_round(rounds(guests, requests), time_limit=20.0)
    strict = plan_round(rounds(guests, requests[1:2], grants_unanswered=False), time_limit=20.0)

    assert [(r.request, r.code, r.parameters) for r in plan.refusals] == [
        (2, "lower_priority", {"participant": 1, "count": 1}),
        (3, "declined", {}),
        (4, "withdrawn", {"participant": 4}),
        (5, "no_time", {"first": 5, "second": 6}),
        (6, "same_meeting", {"other": 1}),
    ]
    assert [(r.code, r.parameters) for r in strict.refusals] == [("unanswered", {"participant": 1})]


def test_a_full_room_a_draw_and_the_least_served_are_told_apart():
    one_slot = (Slot(1, True),)
    room = rounds([Guest(n) for n in "abcd"], [Request(1, 2), Request(3, 4)], one_slot, (None,))
    draw = rounds([Guest("a"), Guest("b"), Guest("h", most=1)], [Request(1, 3), Request(2, 3)])
    served = rounds(
        [Guest("a"), Guest("b"), Guest("h", most=1), Guest("i")],
        [Request(1, 3, rank=1), Request(1, 4), Request(2, 3)],
    )

    codes = [[r.code for r in plan_round(one, time_limit=20.0).refusals] for one in (room, draw, served)]

    assert codes == [["room_full"], ["draw"], ["least_first"]]


@pytest.mark.parametrize("most_choices", [packing.MOST_CHOICES, 0], ids=["packed exactly", "too large to pack"])
def test_meetings_that_cannot_all_be_scheduled_are_dropped_one_by_one(monkeypatch, most_choices):
    monkeypatch.setattr(packing, "MOST_CHOICES", most_choices)
    # A triangle needs three slots; in two of them one of its meetings finds no time, and it is the least wanted.
    guests = [Guest(n, most=2) for n in "abc"]
    requests = [
        Request(1, 2, answer=Answer.ACCEPTED, rank=1),
        Request(2, 3, answer=Answer.ACCEPTED),
        Request(3, 1, answer=Answer.ACCEPTED, rank=2),
    ]
    plan = plan_round(rounds(guests, requests, DAY[:2]), time_limit=20.0)

    assert [place.request for place in plan.places] == [1, 3]
    assert [(r.request, r.code) for r in plan.refusals] == [(2, "no_time")]
    assert check_round(rounds(guests, requests, DAY[:2]), plan) == ()


@pytest.mark.parametrize(("slots", "tables"), [(8, 8), (16, 4)])
def test_a_hall_with_not_one_place_to_spare_is_filled(slots, tables):
    guests = [Guest(f"g{n}") for n in range(16)]
    requests = [Request(asker, host) for asker in range(1, 9) for host in range(9, 17)]
    round_ = rounds(guests, requests, (Slot(1, True),) * slots, (None,) * tables, fairness=None)

    plan = plan_round(round_, time_limit=3.0)

    assert len(plan.places) == 64
    assert check_round(round_, plan) == ()


def test_organisers_requests_come_first_even_beyond_a_limit():
    guests = [Guest("a"), Guest("b"), Guest("host", most=1)]
    requests = [
        Request(1, 3, by_organiser=True, answer=Answer.DECLINED),
        Request(2, 3, by_organiser=True, fixed_slot=4, fixed_table=2),
    ]
    plan = plan_round(rounds(guests, requests), time_limit=20.0)

    assert [place.request for place in plan.places] == [1, 2]
    assert (plan.places[1].slot, plan.places[1].table) == (4, 2)


def test_kept_places_stay_and_only_the_unplaced_are_planned():
    round_ = drawn_round(8, requests=160)
    before = plan_round(round_, time_limit=3.0)
    kept = before.places[::2]

    after = plan_round(round_, kept=kept, seed=9, time_limit=3.0)
    all_kept = plan_round(round_, kept=before.places, time_limit=3.0)

    assert set(kept) <= set(after.places)
    assert check_round(round_, after) == ()
    assert set(before.places) <= set(all_kept.places)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ([Place(1, 1, 1), Place(2, 1, 2)], "a would be in two places in slot 1"),
        ([Place(1, 1, 1), Place(3, 1, 1)], "Table 1 would have two meetings in slot 1"),
        ([Place(1, 9, 1)], "kept in slot 9, but the round has 4 slots"),
        ([Place(1, 1, 9)], "kept at table 9, but the round has 3 tables"),
        ([Place(99, 1, 1)], "request 99, but the round has 9 requests"),
        ([Place(4, 1, 1)], "in which away cannot meet"),
        ([Place(1, 1, 1, asker_delegate=2)], "delegate 2 of a, who has 1"),
        ([Place(1, 1, 1), Place(1, 2, 1)], "is kept 2 times"),
        ([Place(1, 1, 1), Place(2, 2, 1), Place(5, 3, 1)], "a would meet in 3 slots in a row by what is kept"),
        ([Place(6, 1, 1)], "but it may only be in the afternoon"),
        ([Place(7, 1, 1)], "but it is fixed to slot 2"),
        ([Place(8, 1, 1)], "but the request was declined"),
        ([Place(1, 1, 1), Place(9, 2, 1)], "are kept, but the two meet once"),
    ],
)
def test_kept_places_that_contradict_each_other_are_explained(kept, words):
    guests = [*(Guest(n) for n in "abcd"), Guest("away", absent=frozenset({1}))]
    requests = [
        *(Request(1, 2), Request(1, 3), Request(3, 4), Request(1, 5), Request(1, 4)),
        Request(2, 3, session=Session.AFTERNOON),
        Request(2, 4, fixed_slot=2),
        Request(4, 5, answer=Answer.DECLINED),
        Request(2, 1),
    ]
    round_ = rounds(guests, requests, rest_after=2)

    plan = plan_round(round_, kept=kept)

    assert (plan.status, plan.places) == ("infeasible", ())
    assert words in plan.reason
    assert check_round(round_, plan) == ()


def test_delegates_share_the_meetings_of_their_guest_evenly():
    guests = [Guest("host", delegates=2), *(Guest(f"g{n}") for n in range(8))]
    plan = plan_round(rounds(guests, [Request(n, 1) for n in range(2, 10)]), time_limit=20.0)

    assert len(plan.places) == 8
    assert Counter(place.asked_delegate for place in plan.places) == {1: 4, 2: 4}


def test_zones_and_tables_of_guests_are_kept_and_people_change_tables_seldom():
    guests = [Guest("host", table=3), Guest("food", zone="A"), *(Guest(f"g{n}") for n in range(4))]
    requests = [Request(n, host) for n in range(3, 7) for host in (1, 2)]
    round_ = rounds(guests, requests, tables=("A", None, None))

    plan = plan_round(round_, time_limit=20.0)

    assert {p.table for p in plan.places if requests[p.request - 1].asked == 1} == {3}
    assert {p.table for p in plan.places if requests[p.request - 1].asked == 2} == {1}
    assert check_round(round_, plan) == ()


def test_days_and_rest_are_respected():
    slots = [Slot(day, is_morning) for day in (1, 2) for is_morning in (True, True, False)]
    guests = [Guest("host"), *(Guest(f"g{n}") for n in range(6))]
    round_ = rounds(guests, [Request(n, 1) for n in range(2, 8)], slots, rest_after=2)

    plan = plan_round(round_, time_limit=20.0)

    assert len(plan.places) == 4, "each day has three slots, and after two meetings the host rests"
    assert check_round(round_, plan) == ()


def test_a_fairness_that_nobody_can_keep_is_said_and_the_plan_made_without():
    away = frozenset({2, 4, 6})
    slots = (Slot(1, True),) * 7
    guests = [Guest("scattered", absent=away), *(Guest(f"g{n}") for n in range(4))]
    round_ = rounds(guests, [Request(n, 1) for n in range(2, 6)], slots, fairness=1)

    plan = plan_round(round_, time_limit=20.0)

    assert len(plan.places) == 4
    assert plan.reason.startswith("The idle periods of some two participants differ by more")
    assert check_round(round_, plan) == ()


def test_progress_tells_what_is_done():
    told = []
    plan_round(drawn_round(1, requests=60), time_limit=5.0, progress=lambda *what: told.append(what))

    assert [words for _, _, words in told][:2] == ["choosing", "placing"]
    assert all(0 <= done <= total for done, total, _ in told)


def test_a_time_limit_of_nothing_is_refused():
    with pytest.raises(ValueError, match="time_limit is 0"):
        plan_round(drawn_round(1, requests=10), time_limit=0)


def test_a_round_without_requests_is_planned_already():
    plan = plan_round(rounds([Guest("a")], []))

    assert (plan.status, plan.places, plan.idle, plan.bound) == ("optimal", (), 0, 0)
