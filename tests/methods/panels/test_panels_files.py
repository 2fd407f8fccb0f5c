"""Files and records: what is read is what was meant, mistakes are named, and a record is recomputed from itself."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from tests.methods.panels.drawn_tasks import drawn_task, tiny_tasks

from gebyar.methods.panels import PanelError, assign
from gebyar.methods.panels.reading import read_pairs, read_task, write_panels
from gebyar.methods.panels.records import inputs_of, replay, result_of
from gebyar.methods.panels.storage import panels_from_json, panels_to_json, task_from_json, task_to_json

SCORES = "0.9,0.5,0.1\n0.2,0.8,0.3\n"


@pytest.fixture
def folder(tmp_path):
    for name, text in {
        "scores.csv": SCORES,
        "loads3.csv": "1\n2\n3\n",
        "loads2.csv": "2\n2\n",
        "coverage2.csv": "2,1\n",
        "coverage3.csv": "1\n1\n1\n",
        "pairs.csv": "entry,judge\n1,2\n",
        "marks.csv": "0,0,0\n0,0,1\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    np.save(tmp_path / "scores.npy", np.array([[0.9, 0.2], [0.5, 0.8], [0.1, 0.3]]))
    np.save(tmp_path / "coverage2.npy", np.array([2, 1]))
    return tmp_path


def read(folder, scores="scores.csv", loads="loads3.csv", coverage="coverage2.csv", **more):
    named = {
        name: text if text.isdigit() else str(folder / text)
        for name, text in (("loads", loads), ("coverage", coverage))
    }
    if "conflicts" in more:
        more["conflicts"] = folder / more["conflicts"]
    return read_task(folder / scores, **named, **more)


@pytest.mark.parametrize(
    ("scores", "loads", "coverage"),
    [
        ("scores.csv", "loads3.csv", "coverage2.csv"),
        ("scores.npy", "loads3.csv", "coverage2.npy"),
        ("scores.npy", "loads3.csv", "2"),
    ],
)
def test_rows_are_told_by_the_lengths_of_loads_and_coverage(folder, scores, loads, coverage):
    task = read(folder, scores, loads, coverage)

    assert task.affinity.tolist() == [[0.9, 0.5, 0.1], [0.2, 0.8, 0.3]]
    assert (task.most.tolist(), task.coverage[0]) == ([1, 2, 3], 2)


def test_rows_are_what_the_orientation_says(folder):
    both = [read(folder, loads="2", coverage="1", orientation=rows) for rows in ("entries", "judges")]

    assert [(task.entries, task.judges) for task in both] == [(2, 3), (3, 2)]


@pytest.mark.parametrize("conflicts", ["pairs.csv", "marks.csv"])
def test_conflicts_are_pairs_or_a_table_of_marks(folder, conflicts):
    assert np.argwhere(read(folder, conflicts=conflicts).barred).tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("files", "given", "words"),
    [
        ({}, {"loads": "2", "coverage": "1"}, "nothing tells whether rows are judges or entries; say --orientation"),
        ({}, {"coverage": "coverage3.csv"}, "neither fits 3 loads and 3 coverages"),
        ({}, {"loads": "loads2.csv", "orientation": "entries"}, "loads: has 2 numbers, but scores.csv has 3 judges"),
        ({}, {"coverage": "none.csv"}, "is neither a whole number nor a file"),
        ({"scores.csv": "1,2\n3\n"}, {}, "scores.csv: row 2: has 1 columns, the first has 2; give all as many"),
        ({"scores.csv": "1,2\n3,many\n"}, {}, "scores.csv: row 2, column 2: 'many' is no number"),
        ({"scores.csv": ""}, {}, "scores.csv: has the shape (0,); give a table"),
        ({"scores.npy": "no numbers"}, {"scores": "scores.npy"}, "scores.npy: is no table of numbers"),
        ({"pairs.csv": "entry,judge\n1,7\n"}, {"conflicts": "pairs.csv"}, "pairs.csv: pair 1–7 does not exist"),
        ({"pairs.csv": "entry,judge\n-1,0\n"}, {"conflicts": "pairs.csv"}, "pairs.csv: row 2: entry '-1' is no whole"),
        ({"pairs.csv": "entry,no\n1,0\n"}, {"conflicts": "pairs.csv"}, "pairs.csv: row 1: column judge is missing"),
        ({"loads3.csv": "1\n1.5\n2\n"}, {}, "most holds something that is no whole number"),
    ],
)
def test_a_mistake_is_named_with_its_place(folder, files, given, words):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")

    with pytest.raises(PanelError) as raised:
        read(folder, **given)

    assert words in str(raised.value)


def test_an_assignment_comes_back_from_its_file(folder):
    panels = assign(task := drawn_task(0))
    write_panels(folder / "out.csv", task, panels.pairs)

    rows = (folder / "out.csv").read_text().splitlines()

    assert read_pairs(folder / "out.csv") == panels.pairs
    assert rows[0] == "entry,judge,affinity"
    assert rows[1] == f"{panels.pairs[0][0]},{panels.pairs[0][1]},{task.affinity[panels.pairs[0]]:.6f}"


@settings(max_examples=40, deadline=None, derandomize=True)
@given(task=tiny_tasks())
def test_tasks_and_panels_come_back_from_json(task):
    plain = json.loads(json.dumps(task_to_json(task)))
    panels = json.loads(json.dumps(panels_to_json(assign(task))))

    assert task_to_json(task_from_json(plain)) == plain
    assert panels_to_json(panels_from_json(panels)) == panels


@pytest.mark.parametrize("cap", [None, 0.5])
def test_a_record_is_recomputed_from_itself(cap):
    inputs = json.loads(json.dumps(inputs_of(task := drawn_task(3, cap=cap))))
    result = json.loads(json.dumps(result_of(assign(task, seed=5))))

    assert replay(inputs, 5, result) == ("recomputed", result, ())


def test_another_choice_that_is_as_good_is_accepted_and_a_worse_one_is_not():
    task = drawn_task(3)
    recorded = assign(task, seed=5)
    swapped = {**result_of(recorded), "pairs": [list(pair) for pair in _exchanged(task, recorded.pairs)]}

    kind, _, faults = replay(inputs_of(task), 5, swapped)

    assert kind == "checked"
    assert any(fault.startswith("It says that total is") for fault in faults)
    assert replay(inputs_of(task), 6, {**result_of(recorded), "needs": ["x"]})[::2] == ("checked", ())


def _exchanged(task, pairs):
    """The same assignment with two judges swapped at a loss."""
    for entry, judge in pairs:
        for other, rival in pairs:
            new = {*pairs, (entry, rival), (other, judge)} - {(entry, judge), (other, rival)}
            if len(new) == len(pairs) and not task.barred[entry, rival] and not task.barred[other, judge]:
                return sorted(new)
    return ()


def test_other_pairs_than_the_seed_draws_are_found_out():
    task = drawn_task(3, cap=0.5)
    one, other = assign(task, seed=5), assign(task, seed=6)
    forged = replace(other, probabilities=one.probabilities, worst_bound=one.worst_bound, total_bound=one.total_bound)

    kind, _, faults = replay(inputs_of(task), 5, result_of(forged))

    assert (kind, faults) == (
        "checked",
        ("The draw from the recorded probabilities with the recorded seed gives other pairs.",),
    )


def test_a_record_that_the_clock_cut_short_is_held_against_every_rule():
    task = drawn_task(3)
    result = {**result_of(assign(task)), "cut_short": True}
    broken = {**result, "pairs": result["pairs"][1:]}
    entry = result["pairs"][0][0]

    assert replay(inputs_of(task), 0, result) == ("checked", result, ())
    assert f"Entry {entry} has 2 judges, needed are 3." in replay(inputs_of(task), 0, broken)[2]
