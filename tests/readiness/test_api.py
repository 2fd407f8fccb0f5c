"""Readiness for other programs: the same rules as on the pages."""

import json

import pytest
from tests.factories import person, sign_in
from tests.readiness.made import answers, finished, sheets, version, workshop
from tests.registry.firms import make_firm, make_member

from gebyar.readiness.models import Assessment

pytestmark = pytest.mark.django_db


def post(client, address, said):
    return client.post(address, json.dumps(said), content_type="application/json")


def test_program_assesses_a_firm_from_the_first_question_to_the_plan(client):
    firm = make_firm()
    sign_in(client, make_member(firm))
    asked = client.get("/api/readiness/instruments/indi40").json()
    assert len(asked["questions"]) == 24

    made = post(client, f"/api/firms/{firm.pk}/readiness", {"instrument": "indi40"})
    address = f"/api/readiness/assessments/{made.json()['id']}"
    first = post(client, f"{address}/answers", {"answers": {"keamanan": "b"}}).json()
    assert (made.status_code, first["answered"], first["index"]) == (201, 1, None)
    assert first["index_low"] < first["index_high"]
    assert post(client, f"{address}/answers", {"answers": {"keamanan": "z"}}).status_code == 409
    assert post(client, f"{address}/finish", {}).status_code == 409
    post(client, f"{address}/answers", {"answers": answers(2)})
    done = post(client, f"{address}/finish", {}).json()
    assert (done["status"], done["index"], done["version"]) == ("finished", 2.0, version().number)

    gaps = client.get(f"{address}/gaps").json()
    step = post(client, f"/api/firms/{firm.pk}/plan", {"question": gaps[0]["question"]})
    assert step.status_code == 201
    assert client.get(f"/api/firms/{firm.pk}/plan").json() == [step.json()]
    assert [one["id"] for one in client.get(f"/api/firms/{firm.pk}/readiness").json()] == [done["id"]]


def test_stranger_and_officer_of_another_region_get_nothing(client):
    made, _member = finished(3, layanan_data="c")
    for other in (make_member(make_firm()), person("local_officer", "35")):
        sign_in(client, other)
        for address in (
            f"/api/readiness/assessments/{made.pk}", f"/api/firms/{made.firm_id}/readiness",
            f"/api/firms/{made.firm_id}/plan", f"/api/readiness/assessments/{made.pk}/gaps",
        ):  # fmt: skip
            assert client.get(address).status_code == 404, address
        assert post(client, f"/api/firms/{made.firm_id}/readiness", {"instrument": "indi40"}).status_code == 404
    assert client.get("/api/readiness/candidates").json() == []
    assert Assessment.objects.count() == 1


def test_officer_reads_candidates_workshops_and_figures(client):
    officer = person("local_officer", "33.74")
    made, _member = finished(3, layanan_data="c")
    held = workshop(officer)
    sheets(held, [2] * 3)
    sign_in(client, officer)

    assert [one["id"] for one in client.get("/api/readiness/candidates").json()] == [made.pk]
    [line] = client.get("/api/readiness/workshops").json()
    assert (line["joined"], line["finished"]) == (3, 3)
    assert client.get(f"/api/readiness/workshops/{held.pk}").json()["group"] is None
    sheets(held, [2] * 7)
    assert client.get(f"/api/readiness/workshops/{held.pk}").json()["group"]["count"] == 10
    figures = client.get("/api/readiness/figures/region").json()
    assert figures["total"] == {"label": "Semua", "count": None, "mean": None}
    assert client.get("/api/readiness/figures").json()[-1]["count"] is None
