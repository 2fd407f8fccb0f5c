"""The solver: right on what can be tried out by hand, honest about what has no plan."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

import gebyar
from gebyar.methods.meetings import (
    Meeting,
    Problem,
    ProblemError,
    Session,
    agendas,
    check,
    idle_by_participant,
    plan_to_json,
    problem_from_json,
    problem_to_json,
    slots_needed,
    solve,
    solving,
    tables_needed,
)

LIMIT = 60.0
SOURCE = Path(gebyar.__file__).parent


def fair(buyers=4, sellers=4, slots=5, tables=4, **more):
    """Every buyer meets every seller."""
    names = tuple(f"buyer {n}" for n in range(1, buyers + 1)) + tuple(f"seller {n}" for n in range(1, sellers + 1))
    pairs = product(range(1, buyers + 1), range(buyers + 1, buyers + sellers + 1))
    return Problem(names, tuple(Meeting(a, b) for a, b in pairs), slots, tables, **more)


def brute_force(problem, fairness):
    """Try every plan of a tiny problem: the least idle periods, None without a plan."""
    found = []
    for slots in product(range(1, problem.slots + 1), repeat=len(problem.meetings)):
        rows = [
            {"meeting": n, "slot": slot, "table": 1 + slots[: n - 1].count(slot)} for n, slot in enumerate(slots, 1)
        ]
        plan = {"status": "feasible", "bound": 0, "meetings": rows}
        plan["idle"] = sum(idle_by_participant(problem, plan))
        if not check(problem, plan, fairness):
            found.append(plan["idle"])
    return min(found, default=None)


def cp_sat(problem, fairness):
    """Status and optimum by a plain model in CP-SAT."""
    model = cp_model.CpModel()
    place = [[model.new_bool_var("") for _ in range(problem.slots)] for _ in problem.meetings]
    for meeting, row in zip(problem.meetings, place, strict=True):
        model.add_exactly_one(row)
        away = problem.forbidden[meeting.first - 1] | problem.forbidden[meeting.second - 1]
        for slot in range(1, problem.slots + 1):
            if slot in away or slot not in problem.session_slots(meeting.session):
                model.add(row[slot - 1] == 0)
    for column in zip(*place, strict=True):
        model.add(sum(column) <= problem.tables)
    for earlier, later in problem.precedences:
        first, second = (sum(t * x for t, x in enumerate(place[m - 1])) for m in (earlier, later))
        model.add(first < second)
    idle = [cp_idle(model, problem, place, person) for person in range(1, len(problem.participants) + 1)]
    if fairness is not None:
        least = model.new_int_var(0, problem.slots, "")
        for one in idle:
            model.add(least <= one)
            model.add(one <= least + fairness)
    model.minimize(sum(idle))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model) == cp_model.INFEASIBLE:
        return "infeasible", None
    return "optimal", round(solver.objective_value)


def cp_idle(model, problem, place, person):
    """Blocks of a participant less the days with meetings, and the rest after the longest run."""
    rows = [place[n] for n, meeting in enumerate(problem.meetings) if person in {meeting.first, meeting.second}]
    busy = [model.new_bool_var("") for _ in range(problem.slots)]
    for slot in range(problem.slots):
        model.add(sum(row[slot] for row in rows) == busy[slot])
    idle = 0
    for day in problem.days():
        present = model.new_bool_var("")
        model.add_max_equality(present, [busy[slot - 1] for slot in day])
        idle -= present
        for slot in day:
            begins = model.new_bool_var("")
            before = busy[slot - 2] if slot > day.start else 0
            model.add(begins >= busy[slot - 1] - before)
            model.add(begins <= busy[slot - 1])
            model.add(begins + before <= 1)
            idle += begins
        for first in range(day.start, day.stop - (problem.longest_run or problem.slots)):
            model.add(sum(busy[first - 1 : first + problem.longest_run]) <= problem.longest_run)
    return idle


@st.composite
def problems(draw):
    people = draw(st.integers(2, 4))
    slots = draw(st.integers(1, 4))
    pairs = [(a, b) for a in range(1, people + 1) for b in range(1, people + 1) if a != b]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=4))
    fixed = st.one_of(st.none(), st.none(), st.integers(1, slots))
    only = st.one_of(st.none(), st.none(), st.frozensets(st.integers(1, slots), min_size=1))
    meetings = tuple(Meeting(a, b, draw(st.sampled_from(Session)), draw(fixed), None, draw(only)) for a, b in chosen)
    numbers = list(range(1, len(meetings) + 1))
    order = st.lists(st.sampled_from([(a, b) for a in numbers for b in numbers if a != b] or [None]), max_size=2)
    absent = st.frozensets(st.integers(1, slots), max_size=1)
    return Problem(
        participants=tuple(f"p{n}" for n in range(1, people + 1)),
        meetings=meetings,
        slots=slots,
        tables=draw(st.integers(1, 2)),
        morning_slots=draw(st.integers(0, slots)),
        forbidden=tuple(draw(absent) for _ in range(people)),
        precedences=tuple(draw(order)) if len(numbers) > 1 else (),
        day_starts=(1, *sorted(draw(st.frozensets(st.integers(2, slots), max_size=2)) if slots > 1 else ())),
        longest_run=draw(st.sampled_from([None, None, 1, 2])),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(problem=problems(), fairness=st.sampled_from([None, 0, 1]))
def test_tiny_problems_agree_with_trying_every_plan(problem, fairness):
    plan = solve(problem, fairness=fairness, time_limit=LIMIT)
    best = brute_force(problem, fairness)
    assert check(problem, plan_to_json(plan), fairness) == []
    assert (plan.status.value, plan.idle) == (("infeasible", None) if best is None else ("optimal", best))


@settings(max_examples=6, deadline=None, derandomize=True)
@given(data=st.data())
def test_permuted_input_gives_the_same_objective(data):
    problem = fair(4, 3, 6, 2, forbidden=(frozenset({2}), *[frozenset[int]()] * 5, frozenset({4})))
    people = data.draw(st.permutations(range(1, 8)))
    meetings = data.draw(
        st.permutations([Meeting(people[m.first - 1], people[m.second - 1]) for m in problem.meetings])
    )
    forbidden = [frozenset[int]()] * 7
    for old, new in enumerate(people):
        forbidden[new - 1] = problem.forbidden[old]
    permuted = replace(problem, meetings=tuple(meetings), forbidden=tuple(forbidden))
    first, second = (solve(p, fairness=1, time_limit=LIMIT) for p in (problem, permuted))
    assert (first.status, first.idle) == (second.status, second.idle)


def test_same_seed_gives_the_same_plan():
    problem = fair(5, 5, 7, 4, precedences=((7, 2), (9, 20)), forbidden=(frozenset({3}), *[frozenset[int]()] * 9))
    first, second = (replace(solve(problem, time_limit=LIMIT, seed=3), seconds=0.0) for _ in range(2))
    assert first == second
    assert check(problem, plan_to_json(first)) == []


def test_large_problem_without_proof_gets_a_plan_and_an_honest_bound():
    pairs = [(a, 1 + (a + step) % 900) for a in range(1, 901) for step in (1, 7, 40)]
    problem = Problem(tuple(f"p{n}" for n in range(1, 901)), tuple(Meeting(a, b) for a, b in pairs), 30, 120)
    plan = solve(problem, fairness=None, time_limit=4.0)
    assert plan.status.value in {"feasible", "optimal"}
    assert check(problem, plan_to_json(plan), None) == []


@st.composite
def small_rounds(draw):
    """Up to 6 participants and 5 slots, with everything an organiser can demand."""
    people, slots = draw(st.integers(3, 6)), draw(st.integers(3, 5))
    pairs = [(a, b) for a in range(1, people + 1) for b in range(a + 1, people + 1)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=2, max_size=9))
    absent = st.frozensets(st.integers(1, slots), max_size=1)
    return Problem(
        participants=tuple(f"p{n}" for n in range(1, people + 1)),
        meetings=tuple(Meeting(a, b, draw(st.sampled_from([Session.ANY, *Session]))) for a, b in chosen),
        slots=slots,
        tables=draw(st.integers(1, 3)),
        morning_slots=draw(st.integers(2, slots)),
        forbidden=tuple(draw(absent) for _ in range(people)),
        precedences=draw(st.sampled_from([(), (), ((1, 2),)])),
        day_starts=draw(st.sampled_from([(1,), (1,), (1, 3)])),
        longest_run=draw(st.sampled_from([None, None, 2])),
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(problem=small_rounds(), fairness=st.sampled_from([None, 0, 1, 2]))
def test_small_rounds_have_the_optimum_of_constraint_programming(problem, fairness):
    plan = solve(problem, fairness=fairness, time_limit=LIMIT)
    assert check(problem, plan_to_json(plan), fairness) == []
    assert (plan.status.value, plan.idle) == cp_sat(problem, fairness)


def test_idle_periods_do_not_span_days():
    pairs = (Meeting(1, 2), Meeting(1, 3, fixed_slot=4))
    one_day = Problem(("Sari", "PT Maju", "PT Jaya"), pairs, 4, 1, forbidden=(frozenset({3}), *[frozenset[int]()] * 2))
    assert solve(one_day).idle == 1
    two_days = replace(one_day, day_starts=(1, 4))
    plan = solve(two_days)
    assert (plan.status.value, plan.idle) == ("optimal", 0)
    assert check(two_days, plan_to_json(plan)) == []


def test_nobody_meets_longer_in_a_row_than_allowed():
    tired = fair(2, 4, 6, 2, longest_run=2)
    plan = solve(tired, fairness=None, time_limit=LIMIT)
    assert (plan.status.value, plan.idle, check(tired, plan_to_json(plan), None)) == ("optimal", 2, [])
    two_days = fair(2, 4, 4, 2, longest_run=2, day_starts=(1, 3))
    plan = solve(two_days, fairness=None, time_limit=LIMIT)
    assert (plan.status.value, plan.idle, check(two_days, plan_to_json(plan), None)) == ("optimal", 0, [])


def test_search_alone_keeps_days_and_rests():
    pairs = [(a, 1 + (a + step) % 900) for a in range(1, 901) for step in (1, 7, 40)]
    names = tuple(f"p{n}" for n in range(1, 901))
    problem = Problem(names, tuple(Meeting(a, b) for a, b in pairs), 30, 120, day_starts=(1, 11, 21), longest_run=2)
    plan = solve(problem, fairness=None, time_limit=4.0)
    assert plan.status.value == "feasible"
    assert check(problem, plan_to_json(plan), None) == []


def test_solve_stops_when_asked_and_returns_the_best_so_far():
    problem = fair(20, 20, 30, 15)
    asked = []
    plan = solve(problem, time_limit=LIMIT, should_stop=lambda: bool(asked.append(1)) or len(asked) > 1)
    assert plan.cut_short
    assert plan.status.value in {"feasible", "optimal"}
    assert check(problem, plan_to_json(plan)) == []
    assert plan.seconds < LIMIT / 4


def test_solve_begins_from_a_known_plan():
    problem = fair(6, 6, 9, 4)
    known = [p.slot for p in solve(problem, time_limit=LIMIT).meetings]
    plan = solve(problem, time_limit=LIMIT, start=known, should_stop=lambda: True)
    assert [p.slot for p in plan.meetings] == known


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ([1, 2, 3], "start has 3 slots for 4 meetings"),
        ([1, 1, 2, 2], "start is no plan of this problem: buyer 1 has 2 meetings in slot 1"),
        ([1, 2, 2, 9], "start is no plan of this problem: meetings row 4: slot is 9"),
    ],
)
def test_start_that_is_no_plan_is_refused(start, words):
    with pytest.raises(ValueError, match=words):
        solve(fair(2, 2, 3, 2), start=start)


def test_progress_tells_best_and_bound():
    told = []
    solve(fair(4, 4, 6, 3), time_limit=LIMIT, progress=lambda done, total, words: told.append((done, total, words)))
    assert told[0] == (0, LIMIT, "preparing")
    assert all(0 <= done <= total == LIMIT and "bound" in words for done, total, words in told[1:])
    assert told[1:]


COMPILED = """
import json
from gebyar.methods.meetings import Meeting, Problem, solve
from gebyar.methods.meetings import searching
from gebyar.methods.meetings import annealing, chains

def compiled():
    functions = [*vars(annealing).values(), *vars(chains).values()]
    return sum(len(function.signatures) for function in functions if hasattr(function, "signatures"))

searching.prepare()
before = compiled()
people = tuple(f"p{number}" for number in range(1, 9))
pairs = [(first, second) for first in range(1, 5) for second in range(5, 9)]
problem = Problem(people, tuple(Meeting(*pair) for pair in pairs), 5, 4, forbidden=(frozenset({2}),) + (frozenset(),) * 7)
plan = solve(problem, time_limit=2)
print(json.dumps([plan.status.value, before, compiled()]))
"""


def test_solving_compiles_nothing_after_the_preparation():
    """In a process of its own: other tests have compiled already."""
    told = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True, check=True)
    status, before, after = json.loads(told.stdout)
    assert status == "optimal"
    assert before == after > 0


def test_preparation_is_not_counted_against_the_time_limit(monkeypatch):
    monkeypatch.setattr(solving, "prepare", lambda: time.sleep(1.5))
    plan = solve(fair(2, 2, 3, 2), time_limit=1.0)
    assert plan.status.value == "optimal"
    assert plan.seconds < 1.0


def test_search_compiles_where_numba_may_write_nothing(tmp_path):
    """A file bars the folder beside the package, where even root would write, and there is no home."""
    package = shutil.copytree(SOURCE, tmp_path / "src" / "gebyar", ignore=shutil.ignore_patterns("__pycache__"))
    (package / "methods" / "meetings" / "__pycache__").write_bytes(b"")
    kept = {name: value for name, value in os.environ.items() if name not in {"NUMBA_CACHE_DIR", "XDG_CACHE_HOME"}}
    environment = {**kept, "HOME": "/proc/nowhere", "PYTHONPATH": str(package.parent)}
    code = (
        "from gebyar.methods.meetings import searching, chains; import numpy as np; "
        "print(chains.__file__, chains.run_after(np.array([[-1, 0, 0, -1]], np.int32), 0, 1))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == [str(package / "methods" / "meetings" / "chains.py"), "1"]


THREE = ("Sari", "Budi", "PT Maju")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            Problem(THREE, (Meeting(1, 3), Meeting(2, 3)), 2, 1, forbidden=(frozenset(), frozenset(), frozenset({2}))),
            "PT Maju has 2 meetings (1, 2) that fit only into 1 slots (1). PT Maju cannot meet in slot 2.",
        ),
        (
            Problem(THREE, (Meeting(1, 3, Session.MORNING),), 3, 1, 1, (frozenset({1}), frozenset(), frozenset())),
            (
                "meeting 1 (Sari with PT Maju) has no possible slot: it may only take place in the morning; "
                "Sari cannot meet in slot 1."
            ),
        ),
        (
            Problem(THREE, (Meeting(1, 3, fixed_slot=1, open_slots=frozenset({2, 3})),), 3, 1),
            "meeting 1 (Sari with PT Maju) has no possible slot: it is fixed to slot 1; it may only take place in slots 2, 3.",
        ),
        (
            Problem(THREE, (Meeting(1, 3, fixed_slot=2), Meeting(2, 3, fixed_slot=2)), 3, 2),
            "PT Maju would be in two places in slot 2: meeting 1 (Sari with PT Maju) and meeting 2 (Budi with PT Maju)",
        ),
        (
            Problem((*THREE, "PT Jaya"), (Meeting(1, 3, fixed_slot=2), Meeting(2, 4, fixed_slot=2)), 3, 1),
            "2 meetings are fixed to slot 2, but there are 1 tables.",
        ),
        (fair(3, 3, 4, 2), "9 meetings must take place in all, but 4 slots × 2 tables give room for 8."),
        (
            Problem(THREE, (Meeting(1, 2), Meeting(1, 3), Meeting(2, 3)), 5, 1, precedences=((1, 2), (2, 3), (3, 1))),
            "The precedences run in a circle: meeting 1 before 2 before 3 before 1.",
        ),
        (
            Problem(THREE, (Meeting(1, 2), Meeting(1, 3)), 2, 1, longest_run=1),
            "Sari has 2 meetings, but with at most 1 in a row only 1 fit into the slots open to them.",
        ),
        (
            Problem(THREE, (Meeting(1, 2, fixed_slot=2), Meeting(1, 3, fixed_slot=3)), 9, 1, longest_run=1),
            "Sari has 2 meetings in a row that cannot move (slots 2 to 3), at most 1 are allowed.",
        ),
        (
            Problem(
                (*THREE, "PT Jaya"),
                (Meeting(1, 2, fixed_slot=2), Meeting(1, 3), Meeting(1, 4)),
                4,
                2,
                forbidden=(frozenset({4}), *[frozenset[int]()] * 3),
                longest_run=2,
                day_starts=(1, 4),
            ),
            "Sari has 3 meetings, but with at most 2 in a row only 2 fit",
        ),
        (
            Problem(
                (*THREE, "PT Jaya"), (Meeting(1, 2), Meeting(3, 4), Meeting(1, 4)), 2, 2, precedences=((1, 2), (2, 3))
            ),
            "meeting 3 (Sari with PT Jaya) has no slot left",
        ),
    ],
)
def test_impossible_problem_is_explained_by_counting(problem, words):
    plan = solve(problem)
    assert (plan.status.value, plan.idle, plan.meetings) == ("infeasible", None, ())
    assert plan.reason is not None
    assert plan.reason.startswith(words), plan.reason


def test_conflict_only_the_search_can_see_is_explained_by_its_demands():
    triangles = tuple(Meeting(a + n, b + n) for n in (0, 3) for a, b in ((1, 2), (2, 3), (1, 3)))
    problem = Problem(tuple(f"p{n}" for n in range(1, 8)), triangles, 3, 2, forbidden=(frozenset(),) * 7)
    assert solve(problem, fairness=None).status.value == "optimal"
    odd = replace(problem, meetings=(*triangles, Meeting(7, 1), Meeting(7, 4)), slots=3)
    plan = solve(
        replace(odd, tables=2, slots=4, forbidden=(frozenset({4}),) * 6 + (frozenset({1, 2, 3}),)), fairness=None
    )
    assert plan.status.value == "infeasible"
    assert plan.reason


def test_triangle_in_two_slots_names_the_people():
    problem = Problem(THREE, (Meeting(1, 2), Meeting(2, 3), Meeting(1, 3)), 2, 3)
    plan = solve(problem, fairness=None)
    assert plan.status.value == "infeasible"
    assert plan.reason == (
        "These demands cannot be met together: nobody in two places at once (Sari with 2 meetings, "
        "Budi with 2 meetings, PT Maju with 2 meetings). Loosen one of them."
    )


def test_fairness_that_no_plan_keeps_is_named_with_the_difference_that_works():
    meetings = (Meeting(1, 3, fixed_slot=1), Meeting(1, 2, fixed_slot=3))
    plan = solve(Problem(THREE, meetings, 3, 1), fairness=0)
    assert (plan.status.value, plan.reason) == (
        "infeasible",
        (
            "Plans exist, but in each of them the idle periods of some two participants differ by more than 0. "
            "Allow a difference of 1 or more."
        ),
    )


def test_agendas_list_everybodys_meetings_by_slot():
    problem = fair(2, 2, 2, 2)
    plan = solve(problem)
    lists = agendas(problem, plan)
    assert [[line.slot for line in own] for own in lists] == [[1, 2]] * 4
    assert {(own, line.partner) for own, lines in enumerate(lists, 1) for line in lines} == {
        (a, b) for a, b in product(range(1, 5), repeat=2) if (a <= 2) != (b <= 2)
    }


def test_calculator_gives_slots_and_tables_needed():
    pairs = [("A", "X"), ("A", "Y"), ("B", "X"), ("B", "Y"), ("C", "X")]
    assert (slots_needed(pairs, 1), slots_needed(pairs, 2), slots_needed(pairs, 9)) == (5, 3, 3)
    assert (tables_needed(pairs, 3), slots_needed([], 2)) == (2, 0)
    with pytest.raises(ProblemError, match="tables is 0"):
        slots_needed(pairs, 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tables": -1}, "tables is -1"),
        ({"slots": 0}, "slots is 0"),
        ({"morning_slots": 9}, "morning_slots is 9"),
        ({"meetings": (Meeting(1, 4),)}, "meeting 1: participant is 4"),
        ({"meetings": (Meeting(1, 1),)}, "meeting 1: Sari would meet themselves"),
        ({"meetings": (Meeting(1, 2, Session.ANY, 8),)}, "meeting 1: fixed slot is 8"),
        ({"forbidden": (frozenset({7}),) * 3}, "forbidden slot of participant 1 is 7"),
        ({"forbidden": (frozenset({1}),)}, "forbidden: 1 sets for 3 participants"),
        ({"precedences": ((1, 2),)}, "precedences: meeting is 2"),
        ({"day_starts": (2,)}, "day_starts do not begin with 1"),
        ({"day_starts": ()}, "day_starts do not begin with 1"),
        ({"day_starts": (1, 3, 3)}, "day_starts: slot is 3"),
        ({"day_starts": (1, 4)}, "day_starts: slot is 4"),
        ({"longest_run": 0}, "longest_run is 0"),
        ({"meetings": (Meeting(1, 2, open_slots=frozenset({4})),)}, "meeting 1: open slot is 4"),
    ],
)
def test_problem_with_numbers_out_of_range_is_refused(changes, words):
    with pytest.raises(ProblemError) as error:
        Problem(**({"participants": THREE, "meetings": (Meeting(1, 2),), "slots": 3, "tables": 1} | changes))
    assert str(error.value).startswith(words)


def test_options_out_of_range_are_refused():
    with pytest.raises(ValueError, match="fairness is -1"):
        solve(fair(), fairness=-1)
    with pytest.raises(ValueError, match="time_limit is 0"):
        solve(fair(), time_limit=0)


def test_problem_as_json_comes_back_the_same():
    problem = fair(2, 2, 4, 2, precedences=((1, 4),), forbidden=(frozenset({2}), *[frozenset[int]()] * 3))
    assert problem_from_json(problem_to_json(problem)) == problem
    assert "day_starts" not in problem_to_json(problem)
    assert "longest_run" not in problem_to_json(problem)
    assert {len(row) for row in problem_to_json(problem)["meetings"]} == {5}
    only = (Meeting(1, 3, Session.ANY, None, 2, frozenset({4, 1})), *problem.meetings[1:])
    longer = replace(problem, meetings=only, day_starts=(1, 3), longest_run=2)
    assert problem_from_json(problem_to_json(longer)) == longer
