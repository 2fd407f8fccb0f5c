import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records.conftest import chained, summed

from gebyar.cli.files import verify
from gebyar.methods.meetings.problem import Meeting, Problem
from gebyar.methods.meetings.records import METHOD, VERSION, inputs_of, result_of, run
from gebyar.records.comparing import MISSING, Difference, differences
from gebyar.records.decision import GENESIS, canonical_text, record_hash, sealed, text_hash
from gebyar.records.verify import Outcome, verify_file

RECORD = canonical_text(summed()).encode()


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a file of a record, a list of records, or plain bytes."""

    def write(content):
        path = tmp_path / "record.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write


def resealed(record, **changes):
    """Return the record with other fields and a hash that fits them: a forgery, not an accident."""
    forged = {**record, **changes}
    return {**forged, "hash": record_hash(forged)}


def test_verify_of_an_untouched_record_says_that_it_was_recomputed(summing, written):
    found = verify_file(written(RECORD))
    assert found.outcome == Outcome.SAME
    assert found.differences == []
    assert found.words == [
        "Record 1, “Jumlah “tiga” angka”: the hash matches; the result is the same as that recomputed by test.sum 1."
    ]


def test_verify_of_a_record_laid_out_for_reading_is_the_same(summing, written):
    turned = dict(reversed(json.loads(RECORD).items()))
    assert verify_file(written(json.dumps(turned, indent=2).encode())).outcome == Outcome.SAME


def test_verify_of_a_changed_result_says_where(summing, written):
    record = summed()
    record["result"]["parts"][1]["number"] = 7
    found = verify_file(written(record))
    assert found.outcome == Outcome.DIFFERS
    assert found.differences == [
        Difference("/hash", record_hash(record), record["hash"]),
        Difference("/result/parts/1/number", 3, 7),
    ]
    assert "  /result/parts/1/number: expected 3, found 7" in found.words


def test_verify_of_a_forged_result_with_a_fitting_hash_says_where(summing, written):
    found = verify_file(written(resealed(summed(), result={"total": 10, "parts": [{"number": 2}]})))
    assert found.outcome == Outcome.DIFFERS
    assert found.differences == [
        Difference("/result/parts/1", {"number": 3}, MISSING),
        Difference("/result/total", 9, 10),
    ]


def test_verify_of_another_seed_differs(summing, written):
    assert verify_file(written(resealed(summed(), seed=5))).differences == [Difference("/result/total", 10, 9)]


def test_verify_of_inputs_the_method_does_not_take_differs(summing, written):
    found = verify_file(written(resealed(summed(), inputs={"numbers": ["two"]})))
    assert found.outcome == Outcome.DIFFERS
    assert [difference.pointer for difference in found.differences] == ["/inputs"]


def test_verify_of_a_run_the_clock_ended_says_that_it_was_checked(summing, written):
    record = resealed(summed(), inputs={"numbers": [2, 3], "timed": True})
    found = verify_file(written(record))
    assert found.outcome == Outcome.SAME
    assert "checked and not recomputed" in found.words[0]


def test_verify_of_a_run_the_clock_ended_that_breaks_a_rule_differs(summing, written):
    record = resealed(summed(), inputs={"numbers": [2, 3], "timed": True}, result={"total": 10})
    found = verify_file(written(record))
    assert found.outcome == Outcome.DIFFERS
    assert found.differences == [Difference("/result", words="The total is 10, more than 9.")]


@given(place=st.integers(0, len(RECORD) - 1), other=st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_verify_with_any_one_byte_changed_never_says_the_same(tmp_path_factory, place, other):
    changed = RECORD[:place] + bytes([other]) + RECORD[place + 1 :]
    if changed == RECORD:
        return
    path = tmp_path_factory.mktemp("byte") / "record.json"
    path.write_bytes(changed)
    assert verify_file(path).outcome in {Outcome.DIFFERS, Outcome.UNREADABLE}


@pytest.mark.parametrize("word", [b"tiga", b"programme", b"numbers", b"test.sum", b"total", b"2", b"hash", b"seed"])
def test_verify_with_one_letter_changed_differs(summing, written, word):
    changed = RECORD.replace(word, bytes([word[0] ^ 1]) + word[1:], 1)
    assert verify_file(written(changed)).outcome == Outcome.DIFFERS


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON"),
        (b"berita acara", "no JSON"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"[]", "something else than decision records"),
        (b'{"name": "Batik"}', "something else than decision records"),
        (b"[1, 2]", "something else than decision records"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (RECORD[:-20], "no JSON"),
    ],
)
def test_verify_of_something_else_is_unreadable(written, content, words):
    found = verify_file(written(content))
    assert found.outcome == Outcome.UNREADABLE
    assert words in found.words[0]


def test_verify_of_no_file_is_unreadable(tmp_path):
    assert verify_file(tmp_path / "missing.json").outcome == Outcome.UNREADABLE
    assert verify_file(tmp_path).outcome == Outcome.UNREADABLE


def test_verify_of_a_method_of_another_version_is_unreadable_and_says_which(written):
    found = verify_file(written(summed(version="99")))
    assert found.outcome == Outcome.UNREADABLE
    assert "test.sum" in found.words[0]
    assert "99" in found.words[0]
    assert "the hash matches" in found.words[0]


def test_verify_of_another_format_is_unreadable(written):
    assert verify_file(written(resealed(summed(), format="gebyar-record/9"))).outcome == Outcome.UNREADABLE


@pytest.mark.parametrize(
    ("field", "value"),
    [("sequence", True), ("inputs", []), ("method", {"name": "test.sum"}), ("previous", "00"), ("seed", "4")],
)
def test_verify_of_a_sealed_record_of_the_wrong_shape_is_unreadable(written, field, value):
    assert verify_file(written(resealed(summed(), **{field: value}))).outcome == Outcome.UNREADABLE


def test_verify_of_a_chain_says_that_each_follows(summing, written):
    found = verify_file(written(chained(3)))
    assert found.outcome == Outcome.SAME
    assert found.words[-1] == "Chain from record 1 to 3: each record follows the one before it."


def test_verify_of_a_chain_of_lines_is_the_same(summing, written):
    lines = "\n".join(canonical_text(record) for record in chained(3))
    found = verify_file(written(lines.encode()))
    assert found.outcome == Outcome.SAME
    assert len(found.words) == 4


def test_verify_of_a_chain_that_lost_a_record_says_where(summing, written):
    first, second, third = chained(3)
    found = verify_file(written([first, third]))
    assert found.outcome == Outcome.DIFFERS
    assert found.differences == [
        Difference("/1/sequence", 2, 3),
        Difference("/1/previous", first["hash"], second["hash"]),
    ]


def test_verify_of_a_chain_with_a_record_made_anew_says_where(summing, written):
    records = chained(3)
    records[1] = resealed(records[1], title="Lain")
    found = verify_file(written(records))
    assert [difference.pointer for difference in found.differences] == ["/2/previous"]


def test_verify_of_a_chain_with_a_false_beginning_differs(summing, written):
    records = chained(2)
    records[0] = resealed(records[0], previous="a" * 64)
    found = verify_file(written(records))
    assert Difference("/0/previous", GENESIS, "a" * 64) in found.differences


def test_verify_of_a_chain_with_one_changed_record_points_into_it(summing, written):
    records = chained(3)
    records[2]["result"]["total"] = 1
    assert "/2/result/total" in [found.pointer for found in verify_file(written(records)).differences]


@pytest.mark.parametrize(("content", "code"), [(RECORD, 0), (RECORD.replace(b"tiga", b"dua"), 1), (b"no record", 2)])
def test_the_command_ends_with_the_outcome(summing, written, content, code):
    ran = CliRunner().invoke(verify, [str(written(content))])
    assert ran.exit_code == code
    assert ran.output.strip()


@pytest.fixture(scope="module")
def plan():
    """A day of four participants, all pairs, made and sealed."""
    pairs = [(first, second) for first in range(1, 5) for second in range(first + 1, 5)]
    problem = Problem(
        participants=tuple(f"no. {number}" for number in range(1, 5)),
        meetings=tuple(Meeting(first, second) for first, second in pairs),
        slots=4,
        tables=2,
    )
    inputs = inputs_of(problem, 2)
    solved = run(inputs, seed=7, time_limit=60)
    return summed(method=METHOD, version=VERSION, inputs=inputs, seed=7, result=result_of(solved))


def test_verify_of_a_meeting_plan_recomputes_the_same_plan(plan, written):
    found = verify_file(written(plan))
    assert found.outcome == Outcome.SAME
    assert "recomputed by meetings.schedule 1" in found.words[0]


def test_verify_of_a_meeting_plan_with_a_moved_meeting_says_which(plan, written):
    moved = json.loads(canonical_text(plan))
    slot = moved["result"]["meetings"][0]["slot"]
    moved["result"]["meetings"][0]["slot"] = slot % 4 + 1
    found = verify_file(written(resealed(moved)))
    assert found.differences == [Difference("/result/meetings/0/slot", slot, slot % 4 + 1)]


def test_verify_of_an_unfinished_meeting_plan_checks_every_rule(plan, written):
    result = {**plan["result"], "status": "feasible", "cut_short": True}
    assert "checked and not recomputed" in verify_file(written(resealed(plan, result=result))).words[0]
    wrong = {**result, "idle": result["idle"] + 1}
    assert verify_file(written(resealed(plan, result=wrong))).outcome == Outcome.DIFFERS


def test_text_hash_of_the_canonical_text_is_the_hash_of_the_record():
    record = summed(title='a "hash":"' + "0" * 64 + '", in the title')
    text = canonical_text(record)
    assert text_hash(text, record["hash"]) == record["hash"]
    assert text_hash(text.replace("title", "tit1e", 1), record["hash"]) != record["hash"]
    assert text_hash(text, "f" * 64) != record["hash"]


def test_differences_keep_apart_what_json_keeps_apart():
    left = {"a/b": 1, "b": True, "c": [1, {"d": None}], "e": 1.0}
    right = {"a/b": 2, "b": 1, "c": [1], "e": 1}
    assert list(differences(left, right)) == [
        Difference("/a~1b", 1, 2),
        Difference("/b", True, 1),
        Difference("/c/1", {"d": None}, MISSING),
    ]


def test_sealed_holds_no_more_than_what_it_was_given():
    record = summed()
    assert sorted(record) == [
        "decided_at", "decided_by", "format", "hash", "inputs", "method", "previous", "result", "seed", "sequence", "title",
    ]  # fmt: skip
    assert record == {**record, "hash": record_hash(record)}
    assert sealed.__module__ == "gebyar.records.decision"
