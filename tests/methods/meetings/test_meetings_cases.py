"""The quick ones of the public cases, against their published optima."""

import csv
from pathlib import Path

import pytest

from gebyar.methods.meetings import check, plan_to_json, read_case, solve

CASES = Path(__file__).parents[4] / "shared" / "cases" / "b2b"
QUICK = ("tic-12.original", "tic-12.forb0003", "tic-13.original", "forumt-14.original", "forum-14.forb0007")
pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="the public cases are not beside the project (../shared/cases)"
)


def rows():
    if not CASES.is_dir():
        return []
    with (CASES / "published.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["instance"] in QUICK and row["fairness_d"] in {"0", "2"}]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['instance']}-{row['fairness_d']}")
def test_public_case_reaches_its_published_optimum(row):
    problem = read_case(CASES / f"{row['instance']}.dzn")
    fairness = int(row["fairness_d"])
    plan = solve(problem, fairness=fairness)
    expected = ("infeasible", "UNSAT") if row["published_optimum"] == "UNSAT" else ("optimal", row["published_optimum"])
    assert (plan.status.value, "UNSAT" if plan.idle is None else str(plan.idle)) == expected
    assert check(problem, plan_to_json(plan), fairness) == []
