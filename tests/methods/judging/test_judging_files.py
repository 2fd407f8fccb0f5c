"""Marks from files; rankings as JSON and as decision records."""

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.methods.judging.drawn import rounds, worked_marks

from gebyar.methods.judging import Criterion, JudgingError, Mark, Options, rank, records, unscaled
from gebyar.methods.judging.reading import read_marks, read_weights, write_judges, write_rows
from gebyar.methods.judging.storage import (
    criteria_from_json,
    marks_from_json,
    options_from_json,
    ranking_from_json,
    ranking_to_json,
)
from gebyar.records.canonical import plain
from gebyar.records.replay import replay


def written(tmp_path, text, name="scores.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_marks_are_read_with_criteria_and_weights(tmp_path):
    path = written(
        tmp_path, "\ufeffJudge,Entry,criterion,score,weight\nJ1,E1,taste,7.5,2\nJ1,E1,look,n/a,1\n\nJ2,E1,taste,,2\n"
    )

    marks = (Mark("E1", "J1", 7.5, "taste"), Mark("E1", "J1", None, "look"), Mark("E1", "J2", None, "taste"))
    assert read_marks(path) == (marks, (unscaled("taste", 2), unscaled("look", 1)))


def test_semicolons_go_with_decimal_commas(tmp_path):
    assert read_marks(written(tmp_path, "entry;judge;score\nE1;J1;7,5\n")) == ((Mark("E1", "J1", 7.5),), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("entry,score\nE1,5\n", "scores.csv: row 1: the column judge is missing"),
        ("", "row 1: the column entry is missing"),
        ("entry,judge,score\n", "there is no row with a score"),
        ("entry,judge,score\nE1,J1,5\n,J1,5\n", "row 3: entry: is empty; name the entry"),
        ("entry,judge,score\nE1,J1,good\n", "row 2: score: 'good' is no number"),
        ("entry,judge,score\nE1,J1,5\nE1,J1,6\n", "row 3: score: judge J1 scored entry E1, criterion total, in row 2"),
        ("entry,judge,score,weight\nE1,J1,5,0\n", "row 2: weight: is 0; give a number above 0"),
        ("entry,judge,score,weight\nE1,J1,5,1\nE1,J2,5,2\n", "row 3: weight: is 2, but 1 in row 2"),
    ],
)
def test_a_fault_is_named_by_file_row_and_column(tmp_path, text, words):
    with pytest.raises(JudgingError, match=words):
        read_marks(written(tmp_path, text))


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(JudgingError, match="cannot be read"):
        read_marks(path)


def test_weights_are_read_from_words_and_from_a_file(tmp_path):
    path = written(tmp_path, "criterion,weight,low,high\ntaste,2,1,5\nlook,1,,\n", "weights.csv")

    assert read_weights("taste=2, look=1") == (unscaled("taste", 2), unscaled("look", 1))
    assert read_weights(str(path)) == (Criterion("taste", 2, 1, 5), unscaled("look", 1))


@pytest.mark.parametrize(
    ("text", "words"), [("taste=x", "'taste=x' is no weight"), ("none.csv", "there is no such file")]
)
def test_weights_that_cannot_be_read_are_refused(text, words):
    with pytest.raises(JudgingError, match=words):
        read_weights(text)


def test_a_ranking_is_written_with_empty_cells_for_what_is_not_known():
    ranking = rank(worked_marks(), options=Options(method="raw"))
    rows, judges = io.StringIO(), io.StringIO()
    write_rows(rows, ranking.rows)
    write_judges(judges, rank(worked_marks()[:3]).judges)

    assert rows.getvalue().splitlines()[:2] == [
        "rank,entry,raw,correction,adjusted,low,high,p_top,marks,tie_rule",
        "1,E1,67.0,0.0,67.0,,,,3,",
    ]
    assert judges.getvalue().splitlines() == [
        "judge,marks,severity,low,high,spread,fit,alarm",
        "J1,1,,,,,,",
        "J2,1,,,,,,",
        "J3,1,,,,,,",
    ]


@settings(max_examples=15, deadline=None)
@given(rounds())
def test_a_ranking_comes_back_from_json(marks):
    ranking = rank(marks, options=Options(top=2, draws=100))

    assert ranking_from_json(json.loads(json.dumps(ranking_to_json(ranking)))) == ranking


CRITERIA = (Criterion("total", 1.0),)
OPTIONS = Options(top=3, draws=500)


def record(seed=4):
    inputs = records.inputs_of(worked_marks(), CRITERIA, OPTIONS)
    ranking = rank(worked_marks(), criteria=CRITERIA, options=OPTIONS, seed=seed)
    return plain(inputs), plain(records.result_of(ranking))


def test_a_record_is_recomputed_from_itself():
    inputs, result = (json.loads(json.dumps(part)) for part in record())
    replayed = replay(records.METHOD, records.VERSION, inputs, 4, result)

    assert (replayed.kind, replayed.result, replayed.faults) == ("recomputed", result, ())


def test_last_digits_of_another_machine_are_the_same_ranking():
    inputs, result = record()
    result["rows"][0]["adjusted"] += 5e-6

    assert replay(records.METHOD, records.VERSION, inputs, 4, result).result is result


@pytest.mark.parametrize(
    "forge",
    [
        lambda result: result["rows"][0].update(adjusted=result["rows"][0]["adjusted"] + 0.001),
        lambda result: result["rows"][0].update(rank=2),
        lambda result: result["rows"][0].update(entry="E2"),
        lambda result: result["rows"].pop(),
        lambda result: result.update(no_difference=1),
        lambda result: result["variances"].update(entry="22"),
        lambda result: result.update(variances=None),
    ],
)
def test_a_forged_result_is_not_what_the_inputs_lead_to(forge):
    inputs, result = record()
    forge(result)

    assert replay(records.METHOD, records.VERSION, inputs, 4, result).result == record()[1]


def test_the_order_of_marks_is_no_fact_of_a_record():
    assert records.inputs_of(worked_marks()[::-1]) == records.inputs_of(worked_marks())


@pytest.mark.parametrize(
    ("read", "data", "words"),
    [
        (marks_from_json, [["E1", "J1", 5]], "marks row 1 is"),
        (marks_from_json, [["E1", "J1", "total", "5"]], "marks row 1: the score is '5'"),
        (options_from_json, {"method": "mixed"}, "no options of a ranking"),
        (criteria_from_json, [{"name": "taste"}], "no rubric"),
        (ranking_from_json, {}, "no ranking"),
    ],
)
def test_data_that_are_something_else_are_refused(read, data, words):
    with pytest.raises(JudgingError, match=words):
        read(data)


def test_a_record_needs_only_its_json(tmp_path):
    inputs = records.inputs_of([replace(mark, score=int(mark.score)) for mark in worked_marks()], (), OPTIONS)

    assert records.run(json.loads(json.dumps(inputs)), seed=1) == rank(worked_marks(), options=OPTIONS, seed=1)
