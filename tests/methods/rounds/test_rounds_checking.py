"""The checker: it finds what somebody broke in a good plan."""

from dataclasses import replace

import pytest

from gebyar.methods.meetings import Session
from gebyar.methods.rounds import (
    Answer,
    Guest,
    Place,
    Refusal,
    Request,
    Round,
    RoundPlan,
    Slot,
    check_round,
    plan_round,
)

GUESTS = (
    Guest("Toko A", most=2, zone="food"),
    Guest("Toko B", absent=frozenset({4})),
    Guest("Sari"),
    Guest("Budi", most=1),
    Guest("Tini"),
)
REQUESTS = (
    Request(3, 1, answer=Answer.ACCEPTED),
    Request(3, 2, session=Session.MORNING),
    Request(4, 1, fixed_slot=1, by_organiser=True),
    Request(5, 1),
    Request(4, 2, answer=Answer.DECLINED),
)
SLOTS = (Slot(1, True), Slot(1, True), Slot(1, False), Slot(1, False))
ROUND = Round(GUESTS, REQUESTS, SLOTS, ("food", None), rest_after=3)


@pytest.fixture(scope="module")
def plan():
    found = plan_round(ROUND, time_limit=20.0)
    assert check_round(ROUND, found) == ()
    assert [refusal.code for refusal in found.refusals] == ["lower_priority", "declined"]
    return found


def moved(plan, request, **changes):
    places = tuple(replace(p, **changes) if p.request == request else p for p in plan.places)
    return replace(plan, places=places)


@pytest.mark.parametrize(
    ("request_", "changes", "words"),
    [
        (1, {"slot": 1}, "Delegate 1 of Toko A is in two places in slot 1"),
        (2, {"slot": 4}, "in which Toko B cannot meet"),
        (2, {"slot": 3}, "may only take place in the morning"),
        (3, {"slot": 2}, "but fixed to slot 1"),
        (3, {"table": 2}, "sits outside its zone at table 2"),
        (2, {"slot": 9}, "slot is 9, allowed is 1 to 4"),
        (2, {"table": 3}, "table is 3, allowed is 1 to 2"),
        (2, {"asked_delegate": 2}, "asked_delegate is 2, allowed is 1 to 1"),
    ],
)
def test_a_place_that_breaks_a_rule_is_named(plan, request_, changes, words):
    assert words in " ".join(check_round(ROUND, moved(plan, request_, **changes)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"idle": 9}, "says 9 idle periods"),
        ({"idle": 0, "bound": 5}, "The bound is 5, which cannot be"),
        ({"priority": 1}, "says 1 points"),
        ({"priority_bound": 1}, "The bound of the points is 1"),
        ({"status": "superb"}, "The status is 'superb'"),
        ({"status": "infeasible"}, "yet meetings are placed"),
    ],
)
def test_a_figure_that_is_not_so_is_named(plan, changes, words):
    assert words in " ".join(check_round(ROUND, replace(plan, **changes)))


@pytest.mark.parametrize(
    ("code", "parameters"),
    [
        ("guest_full", {"participant": 3, "most": 2}),
        ("guest_full", {"participant": 1, "most": 9}),
        ("no_time", {"first": 5, "second": 1}),
        ("room_full", {"first": 5, "second": 1}),
        ("lower_priority", {"participant": 5, "count": 0}),
        ("least_first", {"participant": 1, "other": 2}),
        ("draw", {"participant": 1, "other": 3}),
        ("declined", {}),
        ("unanswered", {"participant": 1}),
        ("withdrawn", {"participant": 1}),
        ("same_meeting", {"other": 1}),
    ],
)
def test_a_reason_that_is_not_true_is_named(plan, code, parameters):
    lie = Refusal(4, code, parameters)
    told = replace(plan, refusals=(lie, *plan.refusals[1:]))

    assert [fault for fault in check_round(ROUND, told) if "which is not true of the plan" in fault and code in fault]


def test_a_request_without_place_and_reason_is_named(plan):
    silent = replace(plan, refusals=plan.refusals[:1])
    unknown = replace(plan, refusals=(Refusal(4, "because", {}), plan.refusals[1]))

    words = "request 5 (Budi with Toko B) has 0 places and reasons together; it needs exactly one."
    assert check_round(ROUND, silent) == (words,)
    assert "the code 'because' is unknown" in " ".join(check_round(ROUND, unknown))


def test_limits_rest_and_second_meetings_of_a_pair_are_counted():
    guests = (Guest("a", most=1), *(Guest(n) for n in "bcde"))
    requests = (Request(1, 2), Request(1, 3), Request(1, 4), Request(2, 1))
    round_ = Round(guests, requests, SLOTS, (None,), rest_after=2)
    plan = RoundPlan("feasible", tuple(Place(number, number, 1) for number in range(1, 5)), idle=0, priority=0)

    faults = " ".join(check_round(round_, plan))

    assert "a has 4 meetings, but wants at most 1" in faults
    assert "meets in 4 slots in a row, over 2" in faults
    assert "request 4 (b with a): the two meet already by request 1" in faults


def test_a_plan_that_is_none_needs_a_reason():
    assert check_round(ROUND, RoundPlan("unknown")) == ("The status is unknown, but no reason is given.",)
    assert check_round(ROUND, RoundPlan("infeasible", reason="Two are kept in one place.")) == ()


@pytest.mark.parametrize(
    ("code", "parameters", "words"),
    [
        ("guest_full", {}, "participant is None; guest_full needs a whole number."),
        ("lower_priority", {"participant": 0, "count": 1}, "participant is 0, allowed is 1 to"),
        ("draw", {"participant": 1, "other": 99}, "other is 99, allowed is 1 to"),
        ("same_meeting", {"other": 99}, "other is 99, allowed is 1 to"),
        ("withdrawn", {"participant": "1"}, "participant is '1'; withdrawn needs a whole number."),
    ],
)
def test_a_reason_without_what_its_sentence_names_is_a_fault_and_no_crash(plan, code, parameters, words):
    refusals = (replace(plan.refusals[0], code=code, parameters=parameters), *plan.refusals[1:])

    faults = check_round(ROUND, replace(plan, refusals=refusals))

    assert any(words in fault for fault in faults)
