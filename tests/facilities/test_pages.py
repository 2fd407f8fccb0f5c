"""What pages and the API show to whom, and that they keep what was typed."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from tests.facilities.making import (
    MACHINES,
    PDF,
    again,
    applicant,
    approved,
    closed,
    draft,
    judges,
    member_of,
    officer,
    open_call,
    submitted,
)

from gebyar.facilities.models import Application, Call
from gebyar.facilities.services.allotting import allot_call
from gebyar.facilities.services.applications import begin_application
from gebyar.facilities.services.judging import judge_application

pytestmark = pytest.mark.django_db


def page(client, route, *args):
    return client.get(reverse(f"facilities:{route}", args=args)).content.decode()


def test_answers_are_kept_although_one_paper_is_none(sign_in_as):
    call, firm = open_call(), applicant()
    made = begin_application(actor=member_of(firm), call=call, firm=firm)
    client = sign_in_as(member_of(firm))
    form = {
        "said_mesin_baru": "yes", "choice": "imported", "price": "Rp 200.000.000",
        "file_faktur": ContentFile(b"MZ program", name="faktur.pdf"),
        "file_foto_mesin": ContentFile(PDF, name="foto.pdf"),
    }  # fmt: skip
    response = client.post(reverse("facilities:application_form", args=[made.pk]), form)

    assert response.status_code == 200
    assert "field-error" in response.content.decode()
    kept = again(made)
    assert (kept.said, kept.choice, kept.price, kept.amount) == (
        {"mesin_baru": True}, "imported", 200_000_000, 50_000_000,
    )  # fmt: skip
    assert list(kept.documents.values_list("key", flat=True)) == ["foto_mesin"]


def test_the_second_officer_reads_nothing_of_the_first_ones_word(sign_in_as):
    one = submitted()
    first, second = judges()
    judge_application(actor=first, application=one, is_fit=False, note="Mesin ternyata bekas")
    client = sign_in_as(second)
    shown = page(client, "application", one.pk) + page(client, "judge", one.pk) + page(client, "desk")
    assert "Mesin ternyata bekas" not in shown
    assert "Mesin ternyata bekas" in page(sign_in_as(first), "application", one.pk)
    assert "Mesin ternyata bekas" not in page(sign_in_as(member_of(one.firm)), "application", one.pk)


def test_the_outcome_is_public_by_numbers_and_without_names(client):
    call = open_call()
    one = approved(call, applicant(name="Usaha Rahasia Sekali"))
    closed(call)
    allot_call(actor=officer(), call=call)
    shown = page(client, "call", call.pk) + client.get(f"/api/calls/{call.pk}").content.decode()
    assert f"{call.pk}-{one.number}" in shown
    assert "Usaha Rahasia Sekali" not in shown
    minutes = client.get(reverse("records:record_minutes", args=[Call.objects.get().record.hash]))
    assert b"".join(minutes).startswith(b"%PDF") if minutes.streaming else minutes.content.startswith(b"%PDF")
    assert client.get(reverse("records:record", args=[Call.objects.get().record.hash])).status_code == 200


def test_a_draft_call_is_seen_by_national_officers_only(client, sign_in_as):
    call = open_call()
    hidden = Call.objects.create(
        rules=call.rules, version=call.version, name="Belum terbit", opens_at=call.opens_at, closes_at=call.closes_at
    )
    assert client.get(reverse("facilities:call", args=[hidden.pk])).status_code == 404
    assert client.get(f"/api/calls/{hidden.pk}").status_code == 404
    assert "Belum terbit" not in client.get("/api/calls").content.decode()
    assert "Belum terbit" in page(sign_in_as(officer()), "call", hidden.pk)


def test_a_call_is_prepared_published_and_prolonged_on_screen(sign_in_as):
    client = sign_in_as(officer())
    form = {
        "name": "Mesin baru", "opens_at": "2026-11-01T09:00", "closes_at": "2040-01-01T09:00", "budget": "5.000.000",
        "method": "ranked", "points_readiness": "50", "points_remote": "12,5", "reserve_remote": "1",
        "most_province": "3", "seed": "9",
    }  # fmt: skip
    client.post(reverse("facilities:call_new", args=[MACHINES]), form)
    call = Call.objects.get()
    assert (call.points, call.reserves, call.budget, call.seed, call.version) == (
        {"readiness": 50.0, "remote": 12.5}, [{"group": "remote", "least": 1}, {"group": "province", "most": 3}],
        5_000_000, 9, "2018",
    )  # fmt: skip
    assert call.closes_at.isoformat() == "2040-01-01T02:00:00+00:00"
    client.post(reverse("facilities:call_publish", args=[call.pk]))
    client.post(reverse("facilities:call_extend", args=[call.pk]), {"closes_at": "2041-01-01T09:00"})
    call.refresh_from_db()
    assert (call.status, call.closes_at.year) == ("open", 2041)


def test_a_firm_applies_and_officers_judge_through_the_api(sign_in_as):
    made = draft()
    first, second = judges()
    client = sign_in_as(member_of(made.firm))
    said = {"said": {"mesin_baru": True}, "choice": "domestic", "price": 50_000_000}
    answered = client.put(f"/api/applications/{made.pk}", said, content_type="application/json")
    assert answered.json()["amount"] == 15_000_000
    assert client.post(f"/api/applications/{made.pk}/submission").json()["number"] == 1
    found = client.get(f"/api/firms/{made.firm_id}/facilities").json()
    assert {one["id"]: one["status"] for one in found}["sentra"] == "could"
    states = []
    for one in (first, second):
        word = {"is_fit": True}
        answer = sign_in_as(one).post(f"/api/applications/{made.pk}/judgements", word, content_type="application/json")
        states.append(answer.json())
    assert states == [{"place": 1, "status": "submitted"}, {"place": 2, "status": "approved"}]
    assert Application.objects.get().status == "approved"


def test_preview_and_follow_up_pages_show_what_will_be_and_what_was(sign_in_as):
    call = open_call()
    one = approved(call)
    closed(call)
    client = sign_in_as(officer())
    assert one.firm.name in page(client, "allot", call.pk)
    allot_call(actor=officer(), call=call)
    assert "SP2D" not in page(client, "application", one.pk)
    payment = {"amount": "10.000.000", "paid_on": "2024-11-01", "reference": "SP2D 77"}
    client.post(reverse("facilities:pay", args=[one.pk]), payment)
    assert "SP2D 77" in page(client, "application", one.pk)
    member = sign_in_as(member_of(one.firm))
    member.post(reverse("facilities:follow_up", args=[one.pk]), {"workers": "21", "sales": "", "production_value": ""})
    shown = page(member, "follow_up", one.pk)
    assert "12" in shown
    assert "21" in shown
