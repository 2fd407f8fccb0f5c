"""Readers: the traps of the public format, and errors that name file, row, field and remedy."""

import pytest

from gebyar.methods.meetings import Meeting, Problem, ProblemError, Session, read_case

SMALL = """% four people
int: nBusiness = 4; nMeetings = 3; nTables = 2;
nTotalSlots = 6; /* two
in the afternoon */ nMorningSlots = 4;
requested = [|1, 2,1, |3, 4,2,
|1, 2,3, |];
meetingsxBusiness = [{1,2,4},{1,2,4},{1,3},{1,3}];
nMeetingsBusiness = [2,2,1,1];
forbidden = [{0}, {}, 2..3, {0,5,6}];
"""


def write(folder, text, name="case.dzn"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def expected(**changes):
    values = {
        "participants": tuple(f"participant {n}" for n in range(1, 5)),
        "meetings": (Meeting(1, 2, Session.MORNING), Meeting(3, 4, Session.AFTERNOON), Meeting(1, 2)),
        "slots": 6,
        "tables": 2,
        "morning_slots": 4,
        "forbidden": (frozenset(), frozenset(), frozenset({2, 3}), frozenset({5, 6})),
    }
    return Problem(**(values | changes))


def test_case_without_fixed_and_precedences_is_read_with_comments_ranges_and_duplicate_pair(tmp_path):
    assert read_case(write(tmp_path, SMALL)) == expected()


def test_case_with_fixed_and_precedences_keeps_meeting_numbers(tmp_path):
    text = SMALL + "fixed = [0, 5, 0];\nprecedences = [{3}, {}, {0}];\n"
    meetings = (Meeting(1, 2, Session.MORNING), Meeting(3, 4, Session.AFTERNOON, 5), Meeting(1, 2))
    assert read_case(write(tmp_path, text)) == expected(meetings=meetings, precedences=((3, 1),))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("|3, 4,2", "|3, 9,2", "case.dzn: requested row 2: unknown participant 9; use 1 to 4"),
        ("|3, 4,2", "|3, 3,2", "case.dzn: requested row 2: participant 3 would meet themselves"),
        ("|3, 4,2", "|3, 4,7", "case.dzn: requested row 2: session 7 is unknown"),
        ("|3, 4,2", "|3, 4", "case.dzn: requested row 2: has 2 values"),
        ("|3, 4,2", "|3, x,2", "case.dzn: requested row 2: 'x' is not a whole number"),
        ("nTables = 2", "nTables = -1", "case.dzn: nTables: is -1; give at least 1"),
        ("nTables = 2;", "", "case.dzn: nTables: is missing"),
        ("nMeetings = 3", "nMeetings = 4", "case.dzn: requested: has 3 rows, nMeetings says 4"),
        ("nMorningSlots = 4", "nMorningSlots = 7", "case.dzn: nMorningSlots: is 7, but there are 6 slots"),
        ("{0,5,6}", "{0,5,8}", "case.dzn: forbidden row 4: 8 is out of range; use 1 to 6"),
        ("{0,5,6}]", "{0,5,6}, {}]", "case.dzn: forbidden: has 5 sets, expected 4"),
        ("forbidden = [", "forbidden = [x, ", "case.dzn: forbidden: 'x' is not a set"),
        ("nMeetingsBusiness = [2,2,1,1]", "fixed = [0,7,0]", "case.dzn: fixed row 2: slot 7 is outside the round"),
        ("nMeetingsBusiness = [2,2,1,1]", "fixed = [0,7]", "case.dzn: fixed: has 2 values for 3 meetings"),
        ("nMeetingsBusiness = [2,2,1,1]", "stray", "case.dzn: stray: is not of the form name = value"),
    ],
)
def test_case_with_bad_input_names_file_row_and_remedy(tmp_path, old, new, words):
    with pytest.raises(ProblemError) as error:
        read_case(write(tmp_path, SMALL.replace(old, new)))
    assert str(error.value).startswith(words)


def folder_of(tmp_path, **files):
    base = {
        "event": "slots,tables,morning_slots\n6,2,4\n",
        "requests": "participant_a,participant_b,session,fixed_slot,priority\nSari,PT Maju,morning,,1\nBudi,PT Maju,,5,\n",
    }
    for name, text in (base | files).items():
        if text is not None:
            write(tmp_path, text, f"{name}.csv")
    return tmp_path


def test_folder_with_all_files_is_read(tmp_path):
    folder = folder_of(
        tmp_path,
        participants="name\nPT Maju\nSari\nBudi\n",
        absences="participant;slot\nSari;2\nSari;3\n",
        precedences="earlier,later\n1,2\n",
    )
    assert read_case(folder) == Problem(
        participants=("PT Maju", "Sari", "Budi"),
        meetings=(Meeting(2, 1, Session.MORNING, None, 1), Meeting(3, 1, Session.ANY, 5)),
        slots=6,
        tables=2,
        morning_slots=4,
        forbidden=(frozenset(), frozenset({2, 3}), frozenset()),
        precedences=((1, 2),),
    )


def test_event_with_days_and_rests_is_read(tmp_path):
    folder = folder_of(tmp_path, event="slots,tables,day_starts,longest_run\n6,2,1 4,2\n")
    problem = read_case(folder)
    assert (problem.day_starts, problem.longest_run) == ((1, 4), 2)


def test_single_file_takes_slots_and_tables_as_options(tmp_path):
    path = write(tmp_path, "﻿participant_a,participant_b\nSari,PT Maju\n", "requests.csv")
    assert read_case(path, slots=3, tables=1) == Problem(("Sari", "PT Maju"), (Meeting(1, 2),), 3, 1)


REQUESTS = "participant_a,participant_b,session,fixed_slot,priority\n"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"event": None}, "event.csv: row 2: slots: is missing; give it there or as an option"),
        ({"event": "slots,tables\n6,-1\n"}, "event.csv: row 2: tables: is -1; give a whole number of at least 1"),
        (
            {"event": "slots,tables,day_starts\n6,2,1 4 4\n"},
            "event.csv: row 2: day_starts: '4' cannot start a day there; name later and later slots up to 6",
        ),
        (
            {"event": "slots,tables,day_starts\n6,2,2 4\n"},
            "event.csv: row 2: day_starts: '2' cannot start a day there; begin with slot 1",
        ),
        (
            {"event": "slots,tables,longest_run\n6,2,0\n"},
            "event.csv: row 2: longest_run: is 0; give a whole number of at least 1",
        ),
        ({"event": "slots\n6\n"}, "event.csv: row 1: column tables is missing"),
        ({"requests": "a,b\n"}, "requests.csv: row 1: column participant_a is missing"),
        (
            {"requests": REQUESTS + "A,B,,,\nB,A,,,\n"},
            "requests.csv: row 3: participant_b: the pair is already in row 2",
        ),
        (
            {"requests": REQUESTS + "A,A,,,\n"},
            "requests.csv: row 2: participant_b: the participant would meet themselves",
        ),
        ({"requests": REQUESTS + "A,,,,\n"}, "requests.csv: row 2: participant_b: is empty"),
        ({"requests": REQUESTS + "A,B,noon,,\n"}, "requests.csv: row 2: session: 'noon' is unknown"),
        ({"requests": REQUESTS + "A,B,,7,\n"}, "requests.csv: row 2: fixed_slot: is 7; give a number from 1 to 6"),
        ({"requests": REQUESTS + "A,B,,x,\n"}, "requests.csv: row 2: fixed_slot: 'x' is not a whole number"),
        ({"participants": "name\nSari\n"}, "requests.csv: row 2: participant_b: unknown participant 'PT Maju'"),
        ({"participants": "name\nSari\nSari\n"}, "participants.csv: row 3: name: 'Sari' is empty or listed twice"),
        ({"absences": "participant,slot\nJoko,1\n"}, "absences.csv: row 2: participant: unknown participant 'Joko'"),
        ({"absences": "participant,slot\nSari,9\n"}, "absences.csv: row 2: slot: is 9; give a number from 1 to 6"),
        (
            {"precedences": "earlier,later\n1,2\n2,1\n"},
            "precedences.csv: row 2: later: the precedences run in a circle",
        ),
        ({"precedences": "earlier,later\n1,1\n"}, "precedences.csv: row 2: later: meeting 1 would come before itself"),
        ({"precedences": "earlier,later\n1,3\n"}, "precedences.csv: row 2: later: is 3; give a number from 1 to 2"),
    ],
)
def test_folder_with_bad_input_names_file_row_field_and_remedy(tmp_path, files, words):
    with pytest.raises(ProblemError) as error:
        read_case(folder_of(tmp_path, **files))
    assert str(error.value).startswith(words)


def test_missing_and_unknown_files_are_refused(tmp_path):
    with pytest.raises(ProblemError, match="does not exist"):
        read_case(tmp_path / "none.dzn")
    with pytest.raises(ProblemError, match="unknown kind of file"):
        read_case(write(tmp_path, "", "case.txt"))
