"""Allotting places: what holds for every call, and what is said about it."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.methods.places.drawing import best_by_trying, calls

from gebyar.methods.places import (
    CODES,
    Applicant,
    Call,
    Deviation,
    Kind,
    PlacesError,
    Reserve,
    allot,
    check_allotment,
    promote,
    promoted,
    sentence,
)


def people(*points, groups=()):
    """Applicants a, b, c, … with these points and, where given, groups."""
    marks = dict(enumerate(groups))
    return tuple(
        Applicant("abcdefghij"[number], points=value, groups=frozenset(marks.get(number, "").split()))
        for number, value in enumerate(points)
    )


def told(allotment):
    return [(row.applicant, row.outcome, row.code) for row in allotment.rows]


def given_to(allotment):
    return {row.applicant: row.kind for row in allotment.admitted}


# --- every call -------------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(calls(), st.integers(0, 9))
def test_allotment_is_the_best_by_rank_of_all_that_lack_least(drawn, seed):
    call, applicants = drawn

    allotment = allot(call, applicants, seed=seed)

    assert (allotment.missing, given_to(allotment)) == best_by_trying(call, applicants, seed)
    assert check_allotment(call, applicants, allotment) == ()


@settings(max_examples=60, deadline=None)
@given(calls(most=6, several=True), st.integers(0, 9))
def test_allotment_of_several_kinds_is_the_best_by_rank_and_wish(drawn, seed):
    call, applicants = drawn

    allotment = allot(call, applicants, seed=seed)

    assert (allotment.missing, given_to(allotment)) == best_by_trying(call, applicants, seed)
    assert check_allotment(call, applicants, allotment) == ()


@settings(max_examples=60, deadline=None)
@given(calls(most=7, money=True), st.integers(0, 9))
def test_allotment_of_money_keeps_budget_and_is_checked(drawn, seed):
    call, applicants = drawn

    allotment = allot(call, applicants, seed=seed)

    assert allotment.granted <= call.budget
    assert check_allotment(call, applicants, allotment) == ()
    if not call.partial:
        assert (allotment.missing, given_to(allotment)) == best_by_trying(call, applicants, seed)


@settings(max_examples=100, deadline=None)
@given(calls(several=True, money=True), st.integers(0, 9), st.randoms())
def test_order_of_the_list_changes_nothing(drawn, seed, random):
    call, applicants = drawn
    mixed = list(applicants)
    random.shuffle(mixed)

    assert allot(call, mixed, seed=seed) == allot(call, applicants, seed=seed)


@settings(max_examples=60, deadline=None)
@given(calls(several=True), st.data())
def test_as_many_move_up_as_places_became_free(drawn, data):
    call, applicants = drawn
    before = allot(call, applicants, seed=1)
    had = [row.applicant for row in before.admitted]
    freed = data.draw(st.sets(st.sampled_from(had)) if had else st.just(set()))

    after = promote(call, applicants, before, freed)

    stayed = {row.applicant: (row.kind, row.place) for row in before.admitted if row.applicant not in freed}
    assert {row.applicant: (row.kind, row.place) for row in after.admitted if row.applicant in stayed} == stayed
    assert {row.applicant for row in promoted(before, after)} <= {row.applicant for row in before.waiting}
    assert check_allotment(call, applicants, after) == ()
    if not call.reserves:
        wanting = [one for one in before.waiting if _could_use(call, applicants, one, before, freed)]
        assert bool(promoted(before, after)) == bool(wanting)


def _could_use(call, applicants, row, before, freed):
    wants = next(one.wants for one in applicants if one.id == row.applicant)
    return any(one.kind in wants for one in before.admitted if one.applicant in freed)


# --- ranked -----------------------------------------------------------------------------------------------------


def test_everybody_gets_the_reason_with_what_it_depends_on():
    applicants = people(90, 80, 70, 60, 50, groups=["", "", "", "women", "women"])
    call = Call((Kind("x", 3),), reserves=(Reserve("women", least=1),), threshold=55)

    allotment = allot(call, applicants, seed=0)

    assert [sentence(row.code, row.parameters) for row in allotment.rows] == [
        "Number 1; a place was left at that turn.",
        "Number 2; a place was left at that turn.",
        "Number 3; 1 places went to later numbers through reserves: women.",
        "Number 4; admitted through a reserve: women.",
        "50 points; at least 55 are needed.",
    ]
    assert [row.outcome for row in allotment.rows] == ["admitted", "admitted", "waiting", "admitted", "refused"]


def test_full_places_name_the_last_admitted():
    allotment = allot(Call((Kind("x", 2),)), people(9, 8, 7), seed=0)

    assert allotment.rows[2].parameters == {"rank": 3, "places": 2, "last": "b", "last_rank": 2}


def test_equal_points_name_the_rule_that_decided():
    call = Call((Kind("x", 1),), ties=("group:women", "lot"))

    allotment = allot(call, people(9, 9, groups=["", "women"]), seed=0)

    assert told(allotment) == [("b", "admitted", "admitted_rank"), ("a", "waiting", "tie")]
    assert allotment.rows[1].parameters == {"last": "b", "rule": "group:women"}


def test_a_group_without_value_reserves_for_each_of_its_values():
    applicants = people(9, 8, 7, 6, groups=["province:31", "province:31", "province:31", "province:32"])

    allotment = allot(Call((Kind("x", 2),), reserves=(Reserve("province", least=1),)), applicants, seed=0)

    assert given_to(allotment) == {"a": "x", "d": "x"}
    assert [(figure.group, figure.admitted) for figure in allotment.reserves] == [
        ("province:31", 1),
        ("province:32", 1),
    ]


def test_a_quota_keeps_the_next_of_its_group_out():
    applicants = people(9, 8, 7, groups=["province:31", "province:31", "province:32"])

    allotment = allot(Call((Kind("x", 2),), reserves=(Reserve("province", most=1),)), applicants, seed=0)

    assert told(allotment)[1] == ("b", "waiting", "quota")
    assert allotment.rows[1].parameters == {
        "rank": 2, "group": "province:31", "most": 1, "last": "a", "last_rank": 1,
    }  # fmt: skip


def test_one_person_serves_two_reserves_where_groups_overlap():
    groups = ["", "", "women", "small", "women small"]
    call = Call((Kind("x", 2),), reserves=(Reserve("women", least=1), Reserve("small", least=1)))

    allotment = allot(call, people(9, 8, 7, 6, 5, groups=groups), seed=0)

    assert given_to(allotment) == {"a": "x", "e": "x"}


@pytest.mark.parametrize(
    ("reserve", "code", "parameters"),
    [
        (Reserve("women", least=2), "reserve_few", {"group": "women", "least": 2, "applied": 1}),
        (Reserve("small", least=3), "reserve_room", {"group": "small", "least": 3, "applied": 3}),
    ],
)
def test_a_reserve_that_is_not_met_says_why(reserve, code, parameters):
    applicants = people(9, 8, 7, groups=["small", "small women", "small"])

    (figure,) = allot(Call((Kind("x", 2),), reserves=(reserve,)), applicants, seed=0).reserves

    assert (figure.missing, figure.code, figure.parameters) == (1, code, parameters)


def test_a_decision_of_the_meeting_goes_before_the_ranking():
    deviations = (Deviation("c", True, "The only one of its craft."), Deviation("a", False, "Not its own work."))

    allotment = allot(Call((Kind("x", 2),), deviations=deviations), people(9, 8, 7, 6), seed=0)

    assert told(allotment) == [
        ("a", "refused", "deviation_out"),
        ("b", "admitted", "admitted_rank"),
        ("c", "admitted", "deviation_in"),
        ("d", "waiting", "places_full"),
    ]


def test_a_decision_that_breaks_a_quota_is_refused_with_a_remedy():
    deviations = (Deviation("a", True, "one"), Deviation("b", True, "two"))
    call = Call((Kind("x", 3),), reserves=(Reserve("women", most=1),), deviations=deviations)

    with pytest.raises(PlacesError, match="the deviation for b cannot be carried out: a quota is full; take another"):
        allot(call, people(9, 8, groups=["women", "women"]), seed=0)


# --- lottery, first come, kinds, money ----------------------------------------------------------------------------


def test_a_lot_is_the_hash_of_seed_and_id():
    allotment = allot(Call((Kind("x", 1),), method="lottery"), people(1, 2, 3), seed=2024)

    lots = {name: hashlib.sha256(f"2024:{name}".encode()).hexdigest() for name in "abc"}
    assert [row.applicant for row in allotment.rows] == sorted("abc", key=lots.__getitem__)


def test_first_come_goes_by_arrival_whatever_the_points():
    applicants = (Applicant("late", 9, arrived=2), Applicant("early", 1, arrived=1))

    allotment = allot(Call((Kind("x", 1),), method="first_come"), applicants, seed=0)

    assert given_to(allotment) == {"early": "x"}


def test_places_are_numbered_by_rank_and_zones_filled_in_turn():
    kinds = (Kind("large", 1), Kind("small", 3, zones=(("A", 1), ("B", 2))))
    applicants = tuple(replace(one, wants=("large", "small")) for one in people(9, 8, 7, 6))

    allotment = allot(Call(kinds), applicants, seed=0)

    assert [(row.kind, row.place, row.zone) for row in allotment.rows] == [
        ("large", 1, None), ("small", 1, "A"), ("small", 2, "B"), ("small", 3, "B"),
    ]  # fmt: skip


def test_the_last_one_gets_what_is_left_if_it_would_still_help():
    applicants = (
        Applicant("a", 9, amount=60, least_amount=60),
        Applicant("b", 8, amount=80, least_amount=50),
        Applicant("c", 7, amount=70, least_amount=30),
        Applicant("d", 6, amount=5),
    )

    allotment = allot(Call((Kind("x", 9),), budget=100, partial=True), applicants, seed=0)

    assert [(row.applicant, row.amount, row.code) for row in allotment.rows] == [
        ("a", 60, "admitted_rank"), ("b", None, "budget"), ("c", 40, "admitted_partly"), ("d", None, "budget"),
    ]  # fmt: skip
    assert allotment.rows[1].parameters == {"rank": 2, "left": 40, "least": 50}


def test_money_for_a_reserve_is_held_back():
    applicants = (
        Applicant("a", 9, amount=90, least_amount=50),
        Applicant("b", 8, amount=40, groups=frozenset({"women"})),
    )
    call = Call((Kind("x", 9),), budget=100, partial=True, reserves=(Reserve("women", least=1),))

    allotment = allot(call, applicants, seed=0)

    assert {row.applicant: row.amount for row in allotment.admitted} == {"a": 60, "b": 40}


def test_a_place_freed_in_a_reserve_goes_to_the_next_of_it():
    applicants = people(9, 8, 7, 6, 5, groups=["", "", "", "women", "women"])
    call = Call((Kind("x", 2),), reserves=(Reserve("women", least=1),))
    before = allot(call, applicants, seed=0)

    after = promote(call, applicants, before, ["d"])

    assert [(row.applicant, row.place, row.code) for row in promoted(before, after)] == [("e", 2, "promoted")]
    assert told(after)[3] == ("d", "refused", "gave_up")


def test_a_waiting_list_is_as_long_as_the_call_says():
    allotment = allot(Call((Kind("x", 1),), waiting=1), people(9, 8, 7), seed=0)

    assert [row.outcome for row in allotment.rows] == ["admitted", "waiting", "refused"]


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kinds": ()}, "the call has no kind of place; name at least one"),
        ({"kinds": (Kind("x", 1), Kind("x", 2))}, "kind x stands there 2 times"),
        ({"kinds": (Kind("x", -1),)}, "places of kind x is -1; give a whole number"),
        ({"kinds": (Kind("x", 3, zones=(("A", 1),)),)}, "the zones of kind x hold 1 places, the kind 3"),
        ({"method": "beauty"}, "the method 'beauty' is unknown; choose one of ranked, lottery, first_come"),
        ({"reserves": (Reserve("women"),)}, "the reserve for women says neither least nor most"),
        ({"reserves": (Reserve("women", 3, 2),)}, "the reserve for women asks for at least 3 and at most 2"),
        ({"reserves": (Reserve("women", 1, kind="y"),)}, "in kind y names an unknown kind"),
        ({"ties": ("age",)}, "the tie rule 'age' is unknown"),
        ({"threshold": float("nan")}, "the threshold is no number"),
        ({"deviations": (Deviation("a", True, " "),)}, "the deviation for applicant a has no reason"),
    ],
)
def test_a_call_that_cannot_be_says_what_to_do(changes, words):
    with pytest.raises(PlacesError) as caught:
        Call(**{"kinds": (Kind("x", 1),), **changes})

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("applicant", "words"),
    [
        (Applicant("b", points=float("inf")), "applicant b: points: is no number"),
        (Applicant("b", wants=("z",)), "applicant b: wants: 'z' is no kind of the call; use one of x"),
        (Applicant("b"), "applicant b: amount: is missing"),
        (Applicant("b", amount=5, least_amount=6), "applicant b: least_amount: 6 is more than the amount of 5"),
        (Applicant("a", amount=1), "applicant a stands there 2 times"),
    ],
)
def test_an_applicant_that_cannot_be_is_named(applicant, words):
    with pytest.raises(PlacesError) as caught:
        allot(Call((Kind("x", 1),), budget=10), [Applicant("a", amount=1), applicant], seed=0)

    assert words in str(caught.value)


def test_the_checker_sees_each_kind_of_fault():
    applicants = people(9, 8, 7, 6, groups=["", "women", "women", "women"])
    call = Call((Kind("x", 3),), reserves=(Reserve("women", most=1),))
    good = allot(call, applicants, seed=0)
    first, second, third, _last = good.rows

    def faults(*rows):
        return check_allotment(call, applicants, replace(good, rows=(*rows, *good.rows[len(rows) :])))

    assert "verdicts are not one for each" in faults(second)[0]
    assert "has a place or money" in faults(first, second, replace(third, kind="x"))[0]
    assert any("at most 1 may be" in fault for fault in faults(first, second, replace(second, applicant="c", rank=3)))
    assert any("the reason 'quota' is not true" in fault for fault in check_allotment(
        replace(call, reserves=(Reserve("women", most=2),)), applicants, good))  # fmt: skip
    swapped = (replace(first, outcome="waiting", kind=None, place=None), second)
    assert any("could have had a place of kind x that is free" in fault for fault in faults(*swapped))


def test_every_sentence_takes_its_parameters():
    values = dict.fromkeys(
        [
            "rank",
            "granted",
            "asked",
            "reason",
            "points",
            "threshold",
            "places",
            "last",
            "last_rank",
            "rule",
            "count",
            "groups",
            "most",
            "group",
            "left",
            "least",
            "applied",
        ],
        7,
    )

    assert all(sentence(code, values) for code in CODES)


def test_a_kind_that_was_impossible_for_one_who_got_another_may_be_possible_for_the_next():
    rows = [
        ("a1", 9, ("y", "x"), "province:31"), ("a2", 8, ("y", "x"), "province:32"), ("a0", 7, ("y",), "province:31"),
        ("a3", 6, ("y",), "province:33"), ("a5", 5, ("y",), "province:32"), ("a4", 4, ("x", "y"), "province:33"),
    ]  # fmt: skip
    applicants = [Applicant(name, points, wants, frozenset({group})) for name, points, wants, group in rows]
    call = Call((Kind("x", 3), Kind("y", 2)), reserves=(Reserve("province", 3, 4), Reserve("province", 1, kind="y")))

    allotment = allot(call, applicants, seed=1)

    assert (allotment.missing, given_to(allotment)) == best_by_trying(call, applicants, 1)
    assert check_allotment(call, applicants, allotment) == ()
