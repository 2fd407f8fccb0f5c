"""Pages of entering: the call, the form in short steps, documents, the receipt; who sees which."""

import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader
from tests.awards.entering.files import pdf, picture
from tests.awards.making import category, draft, edition, entry, fit_firm, organiser
from tests.factories import person
from tests.registry.firms import make_firm, make_member
from tests.security.html import inline_parts

from gebyar.awards.models import Entry
from gebyar.records.canonical import sha256
from gebyar.registry.models import Certificate

pytestmark = pytest.mark.django_db


def page(route, *args):
    return reverse(f"awards:{route}", args=args)


def text_of(response):
    assert response.status_code == 200
    text = response.content.decode()
    assert inline_parts(text) == []
    return text


@pytest.fixture
def call():
    return edition(title="Anugerah Pangan")


@pytest.fixture
def food(call):
    return category(call)


# --- calls ------------------------------------------------------------------------------------------------------


def test_list_shows_published_calls_to_everybody_and_drafts_to_organisers(client, sign_in_as, call):
    hidden = draft(title="Konsep Rahasia")

    public = text_of(client.get(page("call_list")))
    own = text_of(sign_in_as(organiser()).get(page("call_list")))

    assert (call.title in public, hidden.title in public, hidden.title in own) == (True, False, True)
    client.logout()
    assert client.get(page("call", hidden.slug)).status_code == 404


def test_list_of_calls_asks_the_same_number_of_questions_for_one_and_three(client, django_assert_num_queries, call):
    client.get(page("call_list"))
    with django_assert_num_queries(2):
        client.get(page("call_list"))
    for number in range(2):
        edition(title=f"Lain {number}")
    client.get(page("call_list"))
    with django_assert_num_queries(2):
        client.get(page("call_list"))


def test_call_tells_conditions_with_sources_criteria_with_weights_ties_and_seed(client, call):
    text = text_of(client.get(page("call", call.slug)))

    for words in (
        "Permenperin 64/2016",
        "60",
        "Juri tidak melihat",
        str(call.seed),
        call.version.sha256,
        "tidak dapat",
    ):
        assert words in text, words
    # what no public source confirms is marked, what one confirms is not
    assert text.count("dapat diatur, tidak dapat dipastikan") == 1 + 1


def test_call_says_at_once_how_a_firm_stands(sign_in_as, call):
    firm = make_firm(is_active=False)
    text = text_of(sign_in_as(make_member(firm)).get(page("call", call.slug)))

    assert firm.name in text
    assert "tidak terpenuhi" in text
    assert reverse("registry:fact", args=[firm.pk, "is_active"]) in text
    assert reverse("registry:fact", args=[firm.pk, "workers"]) in text


# --- begin, write, hand in --------------------------------------------------------------------------------------


def test_firm_goes_from_the_call_to_its_receipt_without_javascript(sign_in_as, call):
    firm = fit_firm()
    certificate = Certificate.objects.create(firm=firm, kind="nib", number="9120")
    client = sign_in_as(make_member(firm))
    text_of(client.get(page("enter", call.slug)))

    begun = client.post(page("enter", call.slug), {"category": "food", "who": f"firm-{firm.pk}"})
    made = Entry.objects.get()
    assert begun["Location"] == page("entry_part", made.pk, "firm")
    assert "Batik Uji" in text_of(client.get(begun["Location"]))

    said = {"title": "Keripik Pisang", "q-product": "Keripik", "q-story": "Renyah", "q-material": "local"}
    went = client.post(page("entry_part", made.pk, "answers"), said)
    assert went["Location"] == page("entry_part", made.pk, "documents")
    assert "kurang" in text_of(client.get(went["Location"]))
    client.post(page("document_certificate", made.pk, "nib"), {"certificate": certificate.pk})
    text_of(client.get(page("entry_document", made.pk, "photo")))
    client.post(page("entry_document", made.pk, "photo"), {"file": picture()})
    client.post(page("entry_part", made.pk, "declarations"), {"d-original": "on"})
    text_of(client.get(page("entry_part", made.pk, "declarations")))
    text_of(client.get(page("entry_part", made.pk, "check")))

    sent = client.post(page("entry_submit", made.pk))

    made.refresh_from_db()
    assert (sent["Location"], made.status) == (page("receipt", made.pk), "submitted")
    assert made.receipt_hash in text_of(client.get(sent["Location"]))
    text_of(client.get(page("entry", made.pk)))
    exact = client.get(page("receipt_text", made.pk)).content
    assert (sha256(exact), json.loads(exact)["title"]) == (made.receipt_hash, "Keripik Pisang")
    sheet = client.get(page("receipt_sheet", made.pk))
    assert (sheet["Content-Type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")
    assert made.receipt_hash[:20] in PdfReader(io.BytesIO(sheet.content)).pages[0].extract_text()


def test_group_writes_down_its_people(sign_in_as, call):
    speaker = person(name="Sari")
    client = sign_in_as(speaker)
    client.post(page("enter", call.slug), {"category": "craft", "who": "group", "region": "33.74"})
    made = Entry.objects.get()
    text_of(client.get(page("entry_part", made.pk, "members")))
    people = {
        "0-name": "Sari", "0-part": "perancang", "0-birth": "1999-05-01", "1-name": "Tono", "1-birth": "2001-01-01",
        "more": "1",
    }  # fmt: skip

    went = client.post(page("entry_part", made.pk, "members"), people)

    assert went["Location"].endswith("?more=1")
    assert [one.name for one in made.members.all()] == ["Sari", "Tono"]
    shown = text_of(client.get(went["Location"]))
    assert ("1999-05-01" in shown, "2-name" in shown) == (True, True)


def test_what_cannot_be_read_is_said_and_the_rest_is_kept(sign_in_as, food):
    made = entry(food, submitted=False, answers={})
    client = sign_in_as(made.firm.members.get().user)

    answer = client.post(
        page("entry_part", made.pk, "answers"), {"title": "Baru", "q-product": "x" * 200, "q-story": "Ya"}
    )

    made.refresh_from_db()
    assert (made.title, made.answers) == ("Baru", {"story": "Ya"})
    assert "x" * 200 in text_of(answer)


def test_damaged_file_is_refused_with_words_at_its_field(sign_in_as, food):
    made = entry(food, submitted=False)
    made.documents.all().delete()
    client = sign_in_as(made.firm.members.get().user)

    answer = client.post(page("entry_document", made.pk, "nib"), {"file": pdf(password="x")})

    assert "kata sandi" in text_of(answer)
    assert not made.documents.exists()


def test_file_is_sent_as_a_download_to_those_who_may_see_it(sign_in_as, food):
    made = entry(food)
    address = page("document_file", made.pk, "nib")
    seen = {
        "member": made.firm.members.get().user, "visitor": person(), "judge": person("judge"),
        "local": person("local_officer", "33"), "far": person("local_officer", "35"), "programme": organiser(),
    }  # fmt: skip

    found = {name: sign_in_as(user).get(address) for name, user in seen.items()}

    assert {name: answer.status_code for name, answer in found.items()} == {
        "member": 200, "visitor": 404, "judge": 404, "local": 200, "far": 404, "programme": 200,
    }  # fmt: skip
    assert found["member"]["Content-Disposition"].startswith("attachment")
    assert found["member"]["X-Content-Type-Options"] == "nosniff"


def test_pages_of_an_entry_are_closed_to_others_and_nothing_changes(sign_in_as, food):
    made = entry(food, submitted=False)
    client = sign_in_as(make_member(make_firm()))
    posts = [
        ("entry_part", (made.pk, "answers"), {"title": "Lain"}), ("entry_submit", (made.pk,), {}),
        ("entry_withdraw", (made.pk,), {}), ("entry_document", (made.pk, "photo"), {"file": picture()}),
        ("document_remove", (made.pk, "nib"), {}), ("document_certificate", (made.pk, "nib"), {"certificate": 1}),
    ]  # fmt: skip

    assert [client.post(page(route, *args), data).status_code for route, args, data in posts] == [404] * len(posts)
    assert client.get(page("entry", made.pk)).status_code == 404
    before = made.title
    made.refresh_from_db()
    assert (made.title, made.status, made.documents.count()) == (before, "draft", 2)


def test_entry_is_withdrawn_after_a_second_question(sign_in_as, food):
    made = entry(food)
    client = sign_in_as(made.firm.members.get().user)
    text_of(client.get(page("entry_withdraw", made.pk)))

    client.post(page("entry_withdraw", made.pk))

    made.refresh_from_db()
    assert made.status == "withdrawn"
    assert made.title in text_of(client.get(page("my_entries")))


def test_closed_call_keeps_the_draft_and_says_so(sign_in_as):
    food = category(edition(opens_in=timedelta(days=-9), closes_in=timedelta(days=-1)))
    made = entry(food, submitted=False)
    client = sign_in_as(made.firm.members.get().user)

    client.post(page("entry_part", made.pk, "answers"), {"title": "Lain"})

    assert "tidak menerima" in text_of(client.get(page("entry", made.pk)))
    made.refresh_from_db()
    assert made.title != "Lain"


def test_own_entries_are_listed_with_the_same_number_of_questions(sign_in_as, food, django_assert_num_queries):
    made = entry(food)
    client = sign_in_as(made.firm.members.get().user)
    client.get(page("my_entries"))
    with django_assert_num_queries(6):
        assert made.title in text_of(client.get(page("my_entries")))
    for key in ("craft",):
        entry(category(food.edition, key=key), firm=made.firm, entrant=made.entrant)
    with django_assert_num_queries(6):
        text_of(client.get(page("my_entries")))
