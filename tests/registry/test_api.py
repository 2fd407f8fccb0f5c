import pytest
from django.test import Client
from tests.factories import person, sign_in
from tests.registry.firms import make_firm, make_member, make_profile

from gebyar.accounts.models import Role
from gebyar.registry.models import Correction, Firm
from gebyar.registry.services.corrections import propose_correction
from gebyar.registry.services.search import refresh_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    firm = make_firm(name="Batik Sekar")
    make_profile(firm)
    refresh_search()
    return firm


def test_list_answers_with_public_facts(client, firm):
    answer = client.get("/api/firms", {"q": "batick", "region": "33"}).json()

    assert answer == {
        "count": 1, "page": 1, "corrected": {"batick": "batik"},
        "firms": [{
            "id": firm.pk, "name": "Batik Sekar", "products": ["kain batik tulis"], "regency": "Kota Semarang, Jawa Tengah",
            "division": "Tekstil", "certificates": [], "is_active": True, "is_synthetic": False,
        }],
    }  # fmt: skip


@pytest.mark.parametrize(
    "query", [{"page": 99999}, {"page": -1}, {"region": "'; --"}, {"certificate": "\\"}, {"kbli": "1' | '2"}]
)
def test_list_takes_any_values(client, firm, query):
    assert client.get("/api/firms", query).status_code == 200


@pytest.mark.parametrize(
    "query", [{"size": "small"}, {"size": "large"}, {"exports": True}, {"exports": False}, {"size": "\\"}]
)
@pytest.mark.parametrize("who", ["anonymous", "visitor", "member", "far"])
def test_list_refuses_to_tell_a_figure_by_a_filter(client, sign_in_as, firm, who, query):
    people = {"visitor": person(), "member": make_member(firm), "far": person(Role.LOCAL_OFFICER, "35")}
    if who in people:
        sign_in_as(people[who])

    answer = client.get("/api/firms", {**query, "region": "33"})

    assert (answer.status_code, list(answer.json()), "Batik" in answer.content.decode()) == (409, ["detail"], False)


def test_list_narrows_by_figures_for_the_officers_of_the_region(client, sign_in_as, firm):
    sign_in_as(person(Role.LOCAL_OFFICER, "33.74"))

    answers = [client.get("/api/firms", {"region": "33.74", "size": size}).json() for size in ("small", "large")]

    assert [answer["count"] for answer in answers] == [1, 0]
    assert client.get("/api/firms", {"size": "small"}).status_code == 409


def test_list_leaves_out_closed_firms(client, firm):
    Firm.objects.update(is_active=False)
    refresh_search()

    assert client.get("/api/firms").json()["firms"] == []
    assert client.get(f"/api/firms/{firm.pk}").status_code == 404


@pytest.mark.parametrize(
    ("who", "sees"), [("anonymous", False), ("visitor", False), ("far", False), ("member", True), ("officer", True)]
)
def test_firm_gives_its_facts_to_the_entitled_only(client, sign_in_as, firm, who, sees):
    people = {
        "visitor": person(), "far": person(Role.LOCAL_OFFICER, "35"), "member": make_member(firm),
        "officer": person(Role.LOCAL_OFFICER, "33"),
    }  # fmt: skip
    if who in people:
        sign_in_as(people[who])

    response = client.get(f"/api/firms/{firm.pk}")

    assert ("1200000000" in response.content.decode(), "Rahasia" in response.content.decode()) == (sees, sees)
    assert (response.json()["facts"] is not None) == sees


def test_member_proposes_and_officer_decides(client, sign_in_as, firm):
    sign_in_as(make_member(firm))
    made = client.post(
        f"/api/firms/{firm.pk}/corrections", {"field": "sales", "value": "1,5 miliar", "year": 2023}, "application/json"
    )
    assert (made.status_code, made.json()["new"]) == (201, "1500000000")

    sign_in_as(person(Role.LOCAL_OFFICER, "33"))
    assert [line["id"] for line in client.get("/api/corrections").json()] == [made.json()["id"]]
    decided = client.post(f"/api/corrections/{made.json()['id']}/decision", {"approve": True}, "application/json")

    assert decided.json()["status"] == "approved"
    assert firm.profiles.get(is_current=True).sales == 1_500_000_000


def test_faults_come_in_words(sign_in_as, firm):
    answer = sign_in_as(make_member(firm)).post(
        f"/api/firms/{firm.pk}/corrections", {"field": "sales", "value": "banyak", "year": 2023}, "application/json"
    )

    assert (answer.status_code, bool(answer.json()["detail"])) == (409, True)
    assert not Correction.objects.exists()


@pytest.mark.parametrize("who", ["anonymous", "visitor", "far", "other member"])
def test_writes_are_404_for_everybody_else(client, sign_in_as, firm, who):
    correction = propose_correction(actor=make_member(firm), firm=firm, field="name", value="Nama Rahasia", reason="")
    people = {"visitor": person(), "far": person(Role.LOCAL_OFFICER, "35"), "other member": make_member(make_firm())}
    if who in people:
        sign_in_as(people[who])

    answers = [
        client.post(f"/api/firms/{firm.pk}/corrections", {"field": "name", "value": "X"}, "application/json"),
        client.post(f"/api/corrections/{correction.pk}/decision", {"approve": True}, "application/json"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Nama Rahasia" not in client.get("/api/corrections").content.decode()
    correction.refresh_from_db()
    assert (correction.status, Correction.objects.count()) == ("pending", 1)


def test_writes_need_the_csrf_token(firm):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, make_member(firm))

    answer = client.post(f"/api/firms/{firm.pk}/corrections", {"field": "name", "value": "X"}, "application/json")

    assert answer.status_code == 403
    assert not Correction.objects.exists()
