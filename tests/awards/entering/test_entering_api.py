"""Entering by API: from the call to the receipt, and closed to everybody else."""

import json

import pytest
from django.urls import reverse
from tests.awards.entering.files import pdf, picture
from tests.awards.making import category, draft, edition, entry, fit_firm
from tests.factories import person
from tests.registry.firms import make_firm, make_member

from gebyar.awards.models import Entry
from gebyar.registry.models import Certificate

pytestmark = pytest.mark.django_db


def address(route, **parts):
    return reverse(f"api:{route}", kwargs=parts)


def send(client, method, url, data=None):
    return getattr(client, method)(url, json.dumps(data or {}), content_type="application/json")


def test_calls_are_public_and_drafts_are_not(client):
    call, hidden = edition(), draft()

    listed = client.get(address("list_calls")).json()
    told = client.get(address("get_call", slug=call.slug)).json()

    assert [one["slug"] for one in listed] == [call.slug]
    assert (told["state"], told["rules"]["award"], told["rules_sha256"]) == ("open", call.award, call.version.sha256)
    assert client.get(address("get_call", slug=hidden.slug)).status_code == 404


def test_firm_enters_by_api(sign_in_as):
    call, firm = edition(), fit_firm()
    certificate = Certificate.objects.create(firm=firm, kind="nib", number="1")
    client = sign_in_as(make_member(firm))

    begun = send(client, "post", address("begin_my_entry"), {"call": call.slug, "category": "food", "firm_id": firm.pk})
    made = begun.json()
    assert (begun.status_code, [one["key"] for one in made["missing"]]) == (
        201, ["title", "product", "story", "nib", "photo", "original"],
    )  # fmt: skip
    own = {"entry_id": made["id"]}
    change = {"title": "Keripik", "answers": {"product": "Keripik", "story": "Baru"}, "declared": {"original": True}}
    send(client, "patch", address("save_my_entry", **own), change)
    refused = send(client, "post", address("submit_my_entry", **own))
    send(client, "post", address("use_my_certificate", key="nib", **own), {"certificate_id": certificate.pk})
    client.post(address("hand_in_my_document", key="photo", **own), {"file": picture()})
    told = client.get(address("get_my_entry", **own)).json()
    done = send(client, "post", address("submit_my_entry", **own)).json()

    assert (refused.status_code, "Photo (id)" in refused.json()["detail"]) == (409, True)
    assert (told["missing"], [one["state"] for one in told["conditions"]]) == ([], ["met"] * 3)
    assert (done["status"], done["number"], len(done["receipt_hash"])) == ("submitted", 1, 64)
    assert [one["number"] for one in client.get(address("list_my_entries")).json()] == [1]
    assert send(client, "post", address("withdraw_my_entry", **own)).json()["status"] == "withdrawn"


def test_bad_file_is_refused_with_words(sign_in_as):
    made = entry(category(), submitted=False)
    client = sign_in_as(made.firm.members.get().user)

    answer = client.post(address("hand_in_my_document", entry_id=made.pk, key="nib"), {"file": pdf(password="x")})

    assert (answer.status_code, "kata sandi" in answer.json()["detail"]) == (409, True)


def test_document_is_taken_out(sign_in_as):
    made = entry(category(), submitted=False)
    client = sign_in_as(made.firm.members.get().user)

    told = client.delete(address("take_out_my_document", entry_id=made.pk, key="nib")).json()

    assert [one["key"] for one in told["missing"]] == ["nib"]


@pytest.mark.parametrize("who", ["anonymous", "visitor", "other member", "judge", "far"])
def test_entries_are_closed_to_others_and_nothing_changes(client, sign_in_as, who):
    made = entry(category(), submitted=False)
    people = {
        "visitor": person, "other member": lambda: make_member(make_firm()), "judge": lambda: person("judge"),
        "far": lambda: person("local_officer", "35"),
    }  # fmt: skip
    if who in people:
        sign_in_as(people[who]())
    own = {"entry_id": made.pk}
    sent = [
        client.get(address("get_my_entry", **own)),
        send(client, "patch", address("save_my_entry", **own), {"title": "Lain"}),
        send(client, "post", address("submit_my_entry", **own)),
        send(client, "post", address("withdraw_my_entry", **own)),
        client.post(address("hand_in_my_document", key="plan", **own), {"file": pdf()}),
        client.delete(address("take_out_my_document", key="nib", **own)),
        send(client, "post", address("use_my_certificate", key="nib", **own), {"certificate_id": 1}),
    ]

    assert [answer.status_code for answer in sent] == [404] * len(sent)
    stored = Entry.objects.get()
    assert (stored.title, stored.status, stored.documents.count()) == (made.title, "draft", 2)


def test_officer_of_the_region_reads_and_writes_nothing(sign_in_as):
    made = entry(category(), submitted=False)
    client = sign_in_as(person("local_officer", "33"))

    assert client.get(address("get_my_entry", entry_id=made.pk)).status_code == 200
    assert send(client, "patch", address("save_my_entry", entry_id=made.pk), {"title": "Lain"}).status_code == 404
    assert Entry.objects.get().title == made.title
