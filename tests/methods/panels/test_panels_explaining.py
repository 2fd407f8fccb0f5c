"""Reasons: every impossible task is explained by number, and what is said to help does help."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from tests.methods.panels.drawn_tasks import every_assignment, tiny_tasks

from gebyar.methods.panels import CODES, Finding, Mix, assign, make_task
from gebyar.methods.panels.needing import needs


def task_of(affinity=(4, 4), **more):
    given = {"coverage": 2, "most": 4, "connected": False, **more}
    barred = np.zeros(affinity, dtype=bool)
    for pair in given.pop("bars", ()):
        barred[pair] = True
    return make_task(np.ones(affinity), barred=barred, **given)


CASES = {
    "few judges open": (
        {"bars": [(2, 0), (2, 1), (2, 3)]},
        "Entry 2 may be judged by only 1 judges, but needs 2.",
        ["Ask for fewer judges at entries: 2 (−1).", "Lift the bars of pairs (entry–judge): 2–"],
    ),
    "loads too small": (
        {"most": 1},
        "The judges take at most 4 judgements in all, but the entries need 8.",
        ["Let judges take more entries: ", "Add 4 judges who each take 1 entries and have no conflicts."],
    ),
    "least too large": (
        {"least": 3},
        "The judges are to give at least 12 judgements in all, but the entries need only 8.",
        ["Ask judges for fewer entries: "],
    ),
    "a judge barred nearly everywhere": (
        {"least": [2, 0, 0, 0], "bars": [(0, 0), (1, 0), (2, 0)]},
        "Judge 0 is to judge at least 2 entries, but only 1 are open to them.",
        ["Lift the bars of pairs (entry–judge): ", "Ask judges for fewer entries: 0 (−1)."],
    ),
    "entries share too few judges": (
        {"bars": [(0, 2), (0, 3), (1, 2), (1, 3), (2, 2), (2, 3)], "most": [2, 2, 4, 4]},
        (
            "Entries 0, 1, 2 together need 6 judgements, but the judges open to them can give at most 4, since judges "
            "0, 1 have no more room."
        ),
        ["Let judges take more entries: "],
    ),
    "judges share too few entries": (
        {"least": [2, 2, 2, 0], "bars": [(e, j) for e in (2, 3) for j in (0, 1, 2)]},
        "Entry 2 may be judged by only 1 judges, but needs 2.",
        [],
    ),
    "mix without judges": (
        {"mixes": [Mix("women", frozenset({1}))], "bars": [(3, 1)]},
        "Entry 3 may be judged by only 0 judges of “women”, but needs 1.",
        ["Lift the bars of pairs (entry–judge): 3–1.", "Waive mixes at entries: 3 (“women”)."],
    ),
    "mix without room": (
        {"mixes": [Mix("women", frozenset({1}))], "most": [4, 3, 4, 4]},
        "Entries 0, 1, 2, 3 together need 4 judges of “women”, but these can give at most 3.",
        ["Let judges take more entries: 1 (+1).", "Waive mixes at entries: "],
    ),
    "mixes above coverage": (
        {"mixes": [Mix("women", frozenset({0, 1}), 2), Mix("east", frozenset({2}))]},
        "Entry 0 needs 3 judges for its mixes alone, but its panel holds only 2.",
        ["Waive mixes at entries: "],
    ),
    "fixed pair barred": (
        {"fixed": [(1, 1)], "bars": [(1, 1)]},
        "Entry 1 is fixed to judge 1, but this pair is barred or the judge takes no entries.",
        ["Lift the bars of pairs (entry–judge): 1–1."],
    ),
    "fixed above coverage": (
        {"fixed": [(1, 0), (1, 1), (1, 2)]},
        "Entry 1 has 3 fixed judges, but its panel holds only 2.",
        ["Release the fixed pairs (entry–judge): 1–"],
    ),
    "fixed above load": (
        {"fixed": [(0, 0), (1, 0)], "most": [1, 4, 4, 4]},
        "Judge 0 has 2 fixed entries, but takes at most 1.",
        ["Let judges take more entries: 0 (+1).", "Release the fixed pairs (entry–judge): "],
    ),
    "cap too low": (
        {"cap": 0.4},
        "With probabilities of at most 0.4 the 4 judges open to entry 0 make only 1.6 of the 2 it needs.",
        ["Raise the cap to 0.5."],
    ),
    "too few pairs to tie": (
        {"coverage": 1, "most": 1, "connected": True},
        "To tie 4 entries and the 4 judges they need together takes 7 pairs, but there are only 4.",
        ["Do not ask that panels hang together", "Ask for more judges per entry, 3 judgements more in all."],
    ),
    "nobody may judge across": (
        {
            "connected": True,
            "bars": [(e, j) for e in range(4) for j in range(4) if (e < 2) != (j < 2)],
        },
        "Panels cannot hang together: no judge may judge both one of entries 0, 1 and one of the others.",
        ["Do not ask that panels hang together"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_reason_names_what_is_wrong_and_what_helps(name):
    change, reason, helps = CASES[name]

    panels = assign(task_of(**change))

    assert (panels.status, panels.pairs, panels.reason) == ("infeasible", (), reason)
    assert [one for one in helps if not any(need.startswith(one) for need in panels.needs)] == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(task=tiny_tasks(coarse=True))
def test_lifting_what_is_named_makes_a_task_possible(task):
    task = replace(task, connected=False)
    if next(every_assignment(task), None) is not None:
        return
    for finding in needs(task):
        changed = lifted(task, finding)
        if changed is not None:
            assert next(every_assignment(changed), None) is not None, finding.words


def lifted(task, finding):
    """The task with a change that is spelled out in numbers; None for changes of another kind."""
    words = finding.words.split(": ", 1)[-1]
    amounts = [(int(number), int(amount)) for number, amount in re.findall(r"(\d+) \([+−](\d+)\)", words)]
    pairs = [(int(entry), int(judge)) for entry, judge in re.findall(r"(\d+)–(\d+)", words)]
    if finding.code == "raise_most":
        return replace(task, most=task.most + _at(task.judges, amounts))
    if finding.code == "lower_least":
        return replace(task, least=task.least - _at(task.judges, amounts))
    if finding.code == "lower_coverage":
        return replace(task, coverage=task.coverage - _at(task.entries, amounts))
    if finding.code == "lift_bars":
        barred = task.barred.copy()
        for pair in pairs:
            barred[pair] = False
        return replace(task, barred=barred)
    if finding.code == "release_fixed":
        return replace(task, fixed=tuple(pair for pair in task.fixed if pair not in pairs))
    return None


def _at(size, amounts):
    values = np.zeros(size, dtype=np.int64)
    for number, amount in amounts:
        values[number] = amount
    return values


def test_every_code_has_a_sentence_for_its_parameters():
    names = {code: re.findall(r"%\((\w+)\)s", words) for code, words in CODES.items()}

    assert [code for code in CODES if "%(" in Finding(code, dict.fromkeys(names[code], 1)).words] == []
