"""The independent checker: silent on a good plan, one sentence for each violation."""

from dataclasses import replace

import pytest

from gebyar.methods.meetings import Meeting, Problem, Session, check, idle_periods

PROBLEM = Problem(
    participants=("Sari", "Budi", "PT Maju", "PT Jaya"),
    meetings=(Meeting(1, 3, Session.MORNING), Meeting(2, 3), Meeting(1, 4, Session.ANY, 4), Meeting(2, 4)),
    slots=6,
    morning_slots=3,
    tables=2,
    forbidden=(frozenset({1}), frozenset(), frozenset(), frozenset()),
    precedences=((1, 2),),
)


def plan(*rows, idle=0, bound=0, status="optimal"):
    meetings = [{"meeting": n, "slot": slot, "table": table} for n, (slot, table) in enumerate(rows, 1)]
    return {"status": status, "idle": idle, "bound": bound, "reason": None, "meetings": meetings}


GOOD = ((3, 1), (4, 1), (4, 2), (3, 2))


def test_good_plan_has_no_violation():
    assert check(PROBLEM, plan(*GOOD)) == []


@pytest.mark.parametrize(
    ("rows", "facts", "words"),
    [
        (((4, 1), (5, 1), (4, 2), (6, 2)), {}, "meeting 1 (Sari with PT Maju) is in slot 4, but may only take place"),
        (
            ((1, 1), (2, 1), (4, 2), (3, 2)),
            {},
            "meeting 1 (Sari with PT Maju) is in slot 1, in which Sari cannot meet.",
        ),
        (((3, 1), (4, 1), (5, 2), (3, 2)), {}, "meeting 3 (Sari with PT Jaya) is in slot 5, but fixed to slot 4."),
        (((3, 1), (4, 1), (4, 2), (4, 2)), {}, "Budi has 2 meetings in slot 4: 2, 4."),
        (((3, 1), (4, 1), (4, 1), (3, 2)), {}, "Table 1 has 2 meetings in slot 4: 2, 3."),
        (
            ((3, 1), (2, 1), (4, 2), (3, 2)),
            {},
            "meeting 1 (Sari with PT Maju) in slot 3 does not come before meeting 2",
        ),
        (((2, 1), (4, 1), (4, 2), (3, 2)), {}, "The plan says 0 idle periods, counted are 2."),
        (GOOD, {"bound": 1}, "The bound is 1, which cannot be"),
        (((2, 1), (4, 1), (4, 2), (3, 2)), {"idle": 2, "bound": 0}, "The plan is called optimal, but its bound is 0"),
        ((*GOOD[:3], (3, 9)), {}, "meetings row 4: table is 9, allowed is 1 to 2."),
        (GOOD[:3], {}, "meeting 4 (Budi with PT Jaya) is not placed."),
    ],
)
def test_each_violation_is_named(rows, facts, words):
    found = check(PROBLEM, plan(*rows, **facts))
    assert any(sentence.startswith(words) for sentence in found), found


def test_meeting_outside_its_open_slots_is_named():
    meetings = (*PROBLEM.meetings[:3], replace(PROBLEM.meetings[3], open_slots=frozenset({2, 4})))
    assert check(replace(PROBLEM, meetings=meetings), plan(*GOOD)) == [
        "meeting 4 (Budi with PT Jaya) is in slot 3, which is not open to it.",
    ]


def test_too_many_meetings_in_a_row_are_named_per_day():
    tired = replace(PROBLEM, longest_run=1)
    assert check(tired, plan((3, 1), (5, 1), (4, 2), (3, 2), idle=2, bound=2)) == [
        "Sari has 2 meetings in a row (slots 3 to 4); at most 1 are allowed.",
        "PT Jaya has 2 meetings in a row (slots 3 to 4); at most 1 are allowed.",
    ]
    assert check(replace(tired, day_starts=(1, 4)), plan(*GOOD)) == []


def test_unfair_plan_is_refused_only_within_the_bound():
    uneven = plan((2, 1), (4, 1), (4, 2), (3, 2), idle=2, bound=2)
    assert check(PROBLEM, uneven, fairness=1) == []
    assert check(PROBLEM, uneven, fairness=None) == []
    assert check(PROBLEM, uneven, fairness=0) == [
        "Sari has 1 idle periods and Budi has 0; they may differ by at most 0.",
    ]


def test_meeting_placed_twice_is_named():
    twice = plan(*GOOD)
    twice["meetings"][3] = {"meeting": 3, "slot": 3, "table": 2}
    assert check(PROBLEM, twice) == [
        "meetings row 4: meeting 3 is placed twice.",
        "meeting 4 (Budi with PT Jaya) is not placed.",
    ]


def test_infeasible_needs_a_reason_and_no_meetings():
    assert check(PROBLEM, {"status": "infeasible", "reason": "why", "meetings": []}) == []
    assert len(check(PROBLEM, {"status": "infeasible", "reason": None, "meetings": [{}]})) == 2
    assert check(PROBLEM, {"meetings": []})[0].startswith("The file is no plan")


def test_idle_periods_end_with_the_day():
    assert idle_periods([1, 3, 5, 7], [1, 4, 6]) == 1


@pytest.mark.parametrize(("slots", "idle"), [([], 0), ([4], 0), ([1, 2, 3], 0), ([1, 3], 1), ([6, 1, 2, 4], 2)])
def test_idle_periods_are_blocks_minus_one(slots, idle):
    assert idle_periods(slots) == idle
