"""The stages for other programs: the same services, the same refusals."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.awards.making import organiser
from tests.awards.making_stages import begun, check_all, checked_stage, full_edition, local_officer, outcomes, stage_of
from tests.factories import person, sign_in

from gebyar.accounts.models import Role
from gebyar.awards.models import Check, Objection

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(sign_in_as):
    return sign_in_as(organiser())


def post(client, address, **said):
    return client.post(f"/api/awards/{address}", said, content_type="application/json")


def get(client, address):
    return client.get(f"/api/awards/{address}")


def test_stage_runs_from_begin_to_decision(boss):
    made = full_edition(2)
    stage = stage_of(made, "papers")
    moment = (timezone.now() + timedelta(days=2)).isoformat()
    assert post(boss, f"stages/{stage.pk}/begin", closes_at=moment).json() == {"status": "active"}
    check_all(stage, refused={2})
    assert post(boss, f"stages/{stage.pk}/close").json() == {"status": "closed"}
    assert post(boss, f"stages/{stage.pk}/deadline", closes_at=moment).json() == {"status": "active"}
    post(boss, f"stages/{stage.pk}/close")
    preview = get(boss, f"stages/{stage.pk}/preview").json()
    assert (preview["ready"], preview["passed"], preview["failed"]) == (True, 1, 1)

    decided = post(boss, f"stages/{stage.pk}/decision").json()

    assert (decided["status"], decided["passed"], len(decided["record"])) == ("decided", 1, 64)
    rows = get(boss, f"stages/{stage.pk}/entries").json()
    assert [row["outcome"] for row in rows] == ["passed", "failed"]
    board = get(boss, f"editions/{made.pk}/stages").json()
    assert [row["stage"] for row in board if row["category"] == "food"] == ["papers", "judging", "prizes"]


def test_refusal_of_the_domain_comes_back_in_words(boss):
    stage = begun(full_edition(1), "papers")

    response = post(boss, f"stages/{stage.pk}/decision")

    assert response.status_code == 409
    assert "belum ditutup" in response.json()["detail"]
    assert outcomes(stage) == {1: "in"}


def test_officer_checks_and_others_do_not(boss, client):
    passage = begun(full_edition(1), "papers").passages.get()
    assert [row["look"] for row in get(boss, "checks").json()] == [1]
    said = {"verdict": "not_in_order", "findings": {"photo": "Buram"}}
    made = post(boss, f"checks/{passage.pk}", **said)
    assert (made.status_code, made.json()) == (201, {"place": 1, "verdict": "not_in_order"})
    assert post(boss, f"checks/{passage.pk}", **said).status_code == 404

    for user in (local_officer("33"), person(Role.JUDGE), passage.entry.entrant):
        client.logout()
        sign_in(client, user)
        assert post(client, f"checks/{passage.pk}", **said).status_code in {404, 403}
    assert Check.objects.count() == 1


def test_entrant_follows_the_own_entry_and_objects(client):
    papers = checked_stage(full_edition(2), refused={1, 2})
    one, two = papers.passages.select_related("entry").order_by("entry__number")
    sign_in(client, one.entry.entrant)
    steps = get(client, f"entries/{one.entry_id}/progress").json()
    assert [step["state"] for step in steps] == ["done", "todo", "todo"]
    assert "NIB milik usaha lain" in steps[0]["reason"]

    assert post(client, f"outcomes/{one.pk}/objections", text="Keliru").status_code == 201
    assert post(client, f"outcomes/{two.pk}/objections", text="Keliru").status_code == 404
    assert get(client, f"entries/{two.entry_id}/progress").status_code == 404

    made = Objection.objects.get()
    client.logout()
    sign_in(client, organiser())
    answer = post(client, f"objections/{made.pk}/answer", upheld=True, answer="Benar").json()
    assert answer == {"id": made.pk, "status": "upheld", "answer": "Benar"}
    assert outcomes(papers) == {1: "passed", 2: "failed"}
