"""Rounds from files, as JSON and as decision records; and the calculator."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.methods.rounds.drawn import drawn_round, tiny_rounds

from gebyar.methods.meetings import Session
from gebyar.methods.rounds import (
    CODES,
    Answer,
    Guest,
    Needs,
    Place,
    Request,
    Round,
    RoundError,
    RoundPlan,
    Slot,
    Wish,
    calculate,
    meetings_that_fit,
    plan_round,
    reason_words,
    records,
)
from gebyar.methods.rounds.checking import count_figures
from gebyar.methods.rounds.reading import read_round
from gebyar.methods.rounds.storage import (
    places_from_json,
    plan_from_json,
    plan_to_json,
    round_from_json,
    round_to_json,
)
from gebyar.records.replay import replay

FILES = {
    "guests.csv": "name,least,most,delegates,tier,absent,zone,table\nToko A,1,9,2,1,,food,2\nSari,,,,2,1-2 4,,\n",
    "requests.csv": (
        "asker;asked;wish;rank;answer;answer_wish;session;by_organiser;fixed_slot;fixed_table\n"
        "Sari;Toko A;must;1;accepted;fine;afternoon;yes;3;1\n"
    ),
    "slots.csv": "day,part\n1,morning\n1,morning\n1,afternoon\n2,morning\n",
    "tables.csv": "zone,note\nfood,\n,by the window\n",
    "round.csv": "fairness,rest_after,grants_unanswered\n,3,no\n",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_is_read_field_by_field(folder):
    assert read_round(folder) == Round(
        guests=(
            Guest("Toko A", least=1, most=9, delegates=2, zone="food", table=2),
            Guest("Sari", tier=2, absent=frozenset({1, 2, 4})),
        ),
        requests=(
            Request(2, 1, Wish.MUST, 1, Answer.ACCEPTED, Wish.FINE, Session.AFTERNOON, True, 3, 1),
        ),
        slots=(Slot(1, True), Slot(1, True), Slot(1, False), Slot(2, True)),
        tables=("food", None),
        fairness=None,
        rest_after=3,
        grants_unanswered=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("requests.csv", "asker,asked\nSari,Toko X\n", "requests.csv: row 2: asked: unknown participant 'Toko X'"),
        ("requests.csv", "asker,asked\nSari,Sari\n", "requests.csv: row 2: asked: the guest would meet themselves"),
        ("requests.csv", "asker,asked\nSari,Toko A\nSari,Toko A\n", "row 3: asked: the pair is already in row 2"),
        ("requests.csv", "asker,asked,fixed_slot\nSari,Toko A,9\n", "row 2: fixed_slot: is 9; give a number from 1 to 4"),
        ("requests.csv", "asker,asked,fixed_table\nSari,Toko A,-1\n", "row 2: fixed_table: is -1; give a number from 1"),
        ("requests.csv", "asker,asked,wish\nSari,Toko A,maybe\n", "row 2: wish: 'maybe' is unknown; write one of must"),
        ("requests.csv", "asker,asked,rank\nSari,Toko A,x\n", "row 2: rank: 'x' is not a whole number"),
        ("requests.csv", "asker\nSari\n", "requests.csv: row 1: column asked is missing"),
        ("guests.csv", "name\nSari\nSari\n", "guests.csv: row 3: name: 'Sari' is empty or listed twice"),
        ("guests.csv", "name,absent\nSari,2-9\n", "guests.csv: row 2: absent: 2-9 is outside the round; use slots from 1 to 4"),
        ("guests.csv", "name,absent\nSari,noon\n", "row 2: absent: 'noon' is no slot"),
        ("guests.csv", "name,table\nToko A,-1\n", "guests.csv: row 2: table: is -1; give a number from 1 to 2"),
        ("guests.csv", "name,table\nToko A,1\nSari,1\n", "row 3: table: 1 is kept by row 2 already"),
        ("guests.csv", "name,least,most\nToko A,3,2\n", "row 2: most: is 2; give a whole number of at least 3"),
        ("slots.csv", "day\n2\n1\n", "slots.csv: row 3: day: is 1; give a whole number of at least 2"),
        ("slots.csv", "day\n", "slots.csv: has no rows"),
        ("tables.csv", "zone\n", "tables.csv: has no rows"),
        ("round.csv", "rest_after\n0\n", "round.csv: row 2: rest_after: is 0"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_file_row_and_field(folder, name, text, words):
    (folder / name).write_text(text, encoding="utf-8")

    with pytest.raises(RoundError) as caught:
        read_round(folder)

    assert words in str(caught.value)


def test_a_missing_file_and_a_file_that_is_no_text_are_refused(folder):
    (folder / "guests.csv").write_bytes(b"name\n\xff\xfe\n")
    with pytest.raises(RoundError, match=r"guests\.csv: cannot be read"):
        read_round(folder)
    (folder / "guests.csv").unlink()
    with pytest.raises(RoundError, match=r"guests\.csv: cannot be read"):
        read_round(folder)


def test_a_million_requests_are_refused_before_they_are_all_read(folder):
    with (folder / "requests.csv").open("w", encoding="utf-8") as file:
        file.write("asker,asked\n")
        file.writelines("Sari,Toko A\n" for _ in range(1_000_000))

    with pytest.raises(RoundError, match=r"requests.csv: row 200002: more than 200,000 rows; divide the round"):
        read_round(folder)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"slots": ()}, "slots is 0"),
        ({"tables": ()}, "tables is 0"),
        ({"slots": (Slot(2, True), Slot(1, True))}, "slot 2: day is 1, but days count from 1 and in order"),
        ({"fairness": -1}, "fairness is -1"),
        ({"rest_after": 0}, "rest_after is 0"),
        ({"guests": (Guest("a", least=2, most=1), Guest("b"))}, "guest 1 (a): most is 1, allowed is at least 2"),
        ({"guests": (Guest("a", delegates=0), Guest("b"))}, "guest 1 (a): delegates is 0"),
        ({"guests": (Guest("a", tier=0), Guest("b"))}, "guest 1 (a): tier is 0"),
        ({"guests": (Guest("a"), Guest("b", absent=frozenset({5})))}, "guest 2 (b): absent slot is 5"),
        ({"guests": (Guest("a", table=1), Guest("b", table=1))}, "table 1 is kept by several guests (a, b)"),
        ({"guests": (Guest("a", table=4), Guest("b"))}, "guest 1 (a): table is 4, allowed is 1 to 1"),
        ({"requests": (Request(1, 3),)}, "request 1: asked is 3, allowed is 1 to 2"),
        ({"requests": (Request(1, 1),)}, "guest 1 would meet themselves"),
        ({"requests": (Request(1, 2), Request(1, 2))}, "request 2: the pair was already asked in request 1"),
        ({"requests": (Request(1, 2, fixed_slot=9),)}, "request 1: fixed slot is 9"),
        ({"requests": (Request(1, 2, fixed_table=9),)}, "request 1: fixed table is 9"),
        ({"requests": (Request(1, 2, rank=0),)}, "request 1: rank is 0"),
    ],
)
def test_a_round_that_cannot_be_says_where(changes, words):
    good = {"guests": (Guest("a"), Guest("b")), "requests": (), "slots": (Slot(1, True),) * 2, "tables": (None,)}
    with pytest.raises(RoundError) as caught:
        Round(**{**good, **changes})

    assert words in str(caught.value)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(round_=tiny_rounds())
def test_a_round_comes_back_from_json(round_):
    assert round_from_json(json.loads(json.dumps(round_to_json(round_)))) == round_


def test_a_plan_comes_back_from_json():
    plan = plan_round(drawn_round(2, requests=40), time_limit=3.0)
    back = plan_from_json(json.loads(json.dumps(plan_to_json(plan))))

    assert replace(back, seconds=plan.seconds) == plan


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (round_from_json, {"guests": []}),
        (round_from_json, {**round_to_json(drawn_round(2, requests=4)), "guests": [{"nome": "a"}]}),
        (plan_from_json, []),
        (plan_from_json, {"status": "feasible", "places": [], "refusals": [{}]}),
        (places_from_json, [{"request": 1}]),
        (places_from_json, [{"request": 1, "slot": "2", "table": 1}]),
    ],
)
def test_what_is_no_round_plan_or_place_is_refused(read, data):
    with pytest.raises(RoundError):
        read(data)


def recorded(round_, kept=(), **limits):
    inputs = records.inputs_of(round_, kept)
    return inputs, records.run(inputs, seed=3, **limits)


def test_a_finished_plan_is_recomputed_from_its_record():
    inputs, plan = recorded(drawn_round(5, askers=10, asked=5, requests=30, slots=8, tables=5), time_limit=60.0)

    again = replay("meetings.round", "1", inputs, 3, records.result_of(plan))

    assert not plan.cut_short
    assert (again.kind, again.result, again.faults) == ("recomputed", records.result_of(plan), ())


def test_a_plan_cut_short_is_checked_and_a_changed_one_found():
    round_ = drawn_round(5, requests=80)
    kept = plan_round(round_, time_limit=2.0).places[:1]
    inputs, plan = recorded(round_, kept, time_limit=30.0, should_stop=lambda: True)
    result = records.result_of(plan)
    changed = {**result, "places": [row for row in result["places"] if row["request"] != kept[0].request]}

    good = replay("meetings.round", "1", inputs, 3, result)
    bad = replay("meetings.round", "1", inputs, 3, changed)

    assert (good.kind, good.faults) == ("checked", ())
    assert f"The kept place of request {kept[0].request} is not in the plan." in bad.faults


def test_a_repair_is_recomputed_from_its_record():
    round_ = drawn_round(5, requests=80)
    before = plan_round(round_, time_limit=2.0).places
    away = replace(round_.guests[41], absent=frozenset(range(3, 13)))
    new = replace(round_, guests=(*round_.guests[:41], away, *round_.guests[42:]))
    inputs = json.loads(json.dumps(records.repair_inputs_of(new, before, from_slot=3)))
    result = records.result_of(records.run_repair(inputs))

    again = replay("meetings.repair", "1", inputs, None, result)

    assert (again.kind, again.result) == ("recomputed", result)


def test_what_follows_from_a_change_by_hand_is_counted_again_from_its_record():
    round_ = drawn_round(5, askers=10, asked=5, requests=30, slots=8, tables=5)
    before = plan_round(round_, time_limit=20.0).places
    gone, *others = before
    beside = next(place for place in others if place.slot != gone.slot)
    chosen = [replace(beside, slot=gone.slot, table=gone.table), *(place for place in others if place != beside)]
    inputs = json.loads(json.dumps(records.hand_inputs_of(round_, before, chosen, base="0" * 64)))
    result = records.hand_result_of(inputs)

    again = replay("meetings.hand", "1", inputs, None, result)

    assert (again.kind, again.result, again.faults) == ("recomputed", result, ())
    assert (result["moved"], result["added"], result["dropped"]) == ([beside.request], [], [gone.request])
    assert (result["idle"], result["priority"]) == count_figures(round_, chosen)


def test_a_record_of_a_change_by_hand_names_what_the_places_break():
    round_ = drawn_round(5, askers=10, asked=5, requests=30, slots=8, tables=5)
    before = plan_round(round_, time_limit=20.0).places
    first, second, *_ = before
    chosen = [first, replace(second, slot=first.slot, table=first.table)]

    faults = records.hand_result_of(records.hand_inputs_of(round_, before, chosen))["faults"]

    assert f"Table {first.table} has 2 meetings in slot {first.slot}." in faults


def test_a_record_holds_no_names():
    text = json.dumps(records.inputs_of(drawn_round(1, requests=5), [Place(1, 1, 1)]))

    assert "asker 1" not in text
    assert '"no. 1"' in text


def test_every_code_has_a_sentence_with_its_parameters():
    values = {"participant": "A", "first": "A", "second": "B", "other": "C", "most": 3, "count": 4}

    sentences = {code: reason_words(code) % values for code in CODES}

    assert all(words.endswith(".") and "%" not in words for words in sentences.values())
    assert sentences["guest_full"] == "A has reached the limit of 3 meetings."


@pytest.mark.parametrize(
    ("given_", "needs"),
    [
        ({"guests": 140, "meetings": 6, "tables": 40, "hosts": 55}, Needs(840, 21, 40, 18, 2)),
        ({"guests": 140, "meetings": 6, "hosts": 35}, Needs(840, 24, 35, 18, 2)),
        ({"guests": 140, "meetings": 6, "tables": 40, "hosts": 35, "minutes": 30, "hours": 4}, Needs(840, 24, 35, 8, 3)),
        ({"guests": 10, "meetings": 9}, Needs(45, 9, 5, 18, 1)),
        ({"guests": 9, "meetings": 8}, Needs(36, 9, 4, 18, 1)),
    ],
)  # fmt: skip
def test_calculator_names_what_a_round_needs(given_, needs):
    assert calculate(**given_) == needs


@given(guests=st.integers(2, 60), hosts=st.integers(1, 60), meetings=st.integers(1, 20), tables=st.integers(1, 30))
def test_calculator_and_its_inverse_agree(guests, hosts, meetings, tables):
    if meetings > hosts:
        with pytest.raises(ValueError, match=f"each guest can meet only {hosts} others"):
            calculate(guests, meetings, tables, hosts=hosts)
        return
    slots = calculate(guests, meetings, tables, hosts=hosts).slots

    assert meetings_that_fit(guests, slots, tables, hosts=hosts) >= meetings
    assert slots == 1 or meetings_that_fit(guests, slots - 1, tables, hosts=hosts) < meetings


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"guests": 0, "meetings": 1}, "guests is 0"),
        ({"guests": 5, "meetings": 1, "tables": -1}, "tables is -1"),
        (
            {"guests": 5, "meetings": 1, "minutes": 90, "hours": 1.0},
            "a meeting of 90 minutes does not fit into 1 hours",
        ),
    ],
)
def test_calculator_refuses_what_cannot_be(given_, words):
    with pytest.raises(ValueError, match=words):
        calculate(**given_)


@pytest.mark.parametrize(
    "changes",
    [
        {"guests": [["a"]]},
        {"guests": [{"name": "a"}, {"name": "b"}], "requests": [{"asker": 1, "asked": 2, "wish": 99}]},
        {"guests": [{"name": "a"}, {"name": "b"}], "requests": [{"asker": 1, "asked": 2, "answer": "perhaps"}]},
        {"guests": [{"name": "a", "delegates": 10**9}]},
    ],
)
def test_a_record_that_holds_no_round_is_refused_in_words(changes):
    data = {
        "guests": [], "requests": [], "slots": [{"day": 1, "is_morning": True}], "tables": [None], "fairness": None,
        "rest_after": None, "grants_unanswered": True,
    }  # fmt: skip

    with pytest.raises(RoundError):
        round_from_json(data | changes)


@pytest.mark.parametrize("refusal", [{"request": "1"}, {"parameters": 5}, {"parameters": ["participant"]}])
def test_a_record_that_holds_no_refusal_is_refused_in_words(refusal):
    usual = {"request": 1, "code": "declined", "parameters": {}}
    plan = plan_to_json(RoundPlan("feasible")) | {"refusals": [usual | refusal]}

    with pytest.raises(RoundError):
        plan_from_json(plan)
