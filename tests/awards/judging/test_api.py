"""Judging by API: a judge's list and marks; panels, progress and rankings for organisers."""

import pytest
from tests.awards import making
from tests.awards.making_judging import REASON, assign, close, full_round, judging, send
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards.models import Assignment, PanelPlan
from gebyar.awards.services import panels

pytestmark = pytest.mark.django_db


def post(client, address, **said):
    return client.post(f"/api/awards/{address}", said, content_type="application/json")


def get(client, address):
    return client.get(f"/api/awards/{address}")


def mark(criterion, value=None, **facts):
    return {"criterion": criterion, "value": value, "reason": REASON, **facts}


def test_judge_lists_reads_accepts_and_marks_an_entry(sign_in_as):
    stage, entries, people = judging(2, 2)
    row = assign(stage, entries[0], people[0], status="proposed")
    send(assign(stage, entries[0], people[1]), 50, 50)
    assign(stage, entries[1], people[1])
    client = sign_in_as(people[0].user)

    listed = get(client, "assignments").json()
    assert [(one["id"], one["entry"], one["title"], one["status"], one["is_open"]) for one in listed] == [
        (row.pk, entries[0].code, entries[0].code, "proposed", True)
    ]
    assert post(client, f"assignments/{row.pk}/marks", marks=[mark("idea", 80)]).status_code == 409
    assert post(client, f"assignments/{row.pk}/answer", accept=True).json()["status"] == "accepted"
    draft = post(client, f"assignments/{row.pk}/marks", marks=[mark("idea", 80)]).json()
    assert (draft["sent_at"], draft["others"], draft["firm"], draft["documents"]) == (None, None, "", ["photo"])
    assert draft["answers"] == {"story": "Renyah dan baru."}
    assert post(client, f"assignments/{row.pk}/marks", marks=[], send=True).status_code == 409
    complete = [mark("idea", 80), mark("market", not_applicable=True)]
    sent = [post(client, f"assignments/{row.pk}/marks", marks=complete, send=True).json() for _ in range(2)]
    assert sent[0]["others"] == {"points": [50.0], "waiting": 0}
    assert sent[1]["sent_at"] == sent[0]["sent_at"]
    assert row.changes.count() == 2


@pytest.mark.parametrize("said", [{"criterion": "idea", "value": 101}, {"criterion": "taste", "value": 1}])
def test_marks_that_the_rules_do_not_allow_are_refused_in_words(sign_in_as, said):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])

    answer = post(sign_in_as(people[0].user), f"assignments/{row.pk}/marks", marks=[said])

    assert answer.status_code == 409
    assert answer.json()["detail"]
    assert row.scores.count() == 0


def test_organiser_makes_panels_puts_them_in_force_and_assigns_by_hand(sign_in_as):
    stage, entries, people = judging(4, 4)
    client = sign_in_as(making.organiser())

    started = post(client, f"stages/{stage.pk}/panels", seed=3)
    assert started.status_code == 202
    panels.run_panels(plan=PanelPlan.objects.get(pk=started.json()["id"]))
    made = get(client, f"panels/{started.json()['id']}").json()
    assert (made["status"], made["connected"], len(made["pairs"])) == ("optimal", True, 8)
    assert {pair["entry"] for pair in made["pairs"]} == {entry.code for entry in entries}
    assert post(client, f"panels/{made['id']}/force").json()["in_force_since"] is not None
    taken = {(pair["entry"], pair["judge"]) for pair in made["pairs"]}
    free = next((e.code, j.number) for e in entries for j in people if (e.code, j.number) not in taken)
    assert post(client, f"stages/{stage.pk}/assignments", entry=free[0], judge=free[1]).status_code == 201
    progress = get(client, f"stages/{stage.pk}/progress").json()

    assert (progress["proposed"], progress["short"], progress["is_open"]) == (9, 0, True)
    assert progress["obstacles"]
    assert Assignment.objects.filter(by_hand=True).count() == 1
    assert [one["version"] for one in get(client, f"stages/{stage.pk}/panels").json()] == [1]


def test_organiser_ranks_a_closed_stage(sign_in_as):
    stage, entries, _people = full_round(9, 3)
    client = sign_in_as(making.organiser())
    assert post(client, f"stages/{stage.pk}/rankings").status_code == 409
    close(stage)

    made = post(client, f"stages/{stage.pk}/rankings").json()

    assert made["result"]["rows"][0]["entry"] == entries[0].code
    assert get(client, f"rankings/{made['id']}").json() == made
    assert [one["record"] for one in get(client, f"stages/{stage.pk}/rankings").json()] == [made["record"]]


def test_stage_without_marks_is_not_there(sign_in_as):
    stage, _, _ = judging(1, 1)
    decision = stage.category.stages.get(key="prizes")

    assert get(sign_in_as(person(Role.ADMINISTRATOR)), f"stages/{decision.pk}/progress").status_code == 404
