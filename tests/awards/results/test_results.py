"""Decisions, winners, certificates and the press table, as everybody sees them."""

import io

import polars as pl
import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader
from tests.awards import making
from tests.awards.making_results import decided, prizes
from tests.awards.making_stages import full_edition
from tests.factories import person, sign_in

from gebyar.accounts.models import Role
from gebyar.awards.errors_results import StoryTooLong
from gebyar.awards.models import WinnerStory
from gebyar.awards.services.prizes import revoke_prize
from gebyar.awards.services.stories import write_story
from gebyar.records.errors import NotAllowed
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db


def page(client, name, *arguments, status=200):
    answer = client.get(reverse(f"awards:{name}", args=arguments))
    assert answer.status_code == status
    return answer.content.decode()


def text_of(answer):
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def test_results_list_every_decision_with_its_record_and_minutes(client):
    edition = decided()
    stages = list(edition.categories.get(key="food").stages.order_by("position"))

    html = page(client, "results", edition.slug)

    for stage in stages:
        assert reverse("awards:decision", args=[stage.pk]) in html
        assert reverse("awards:decision_minutes", args=[stage.pk]) in html
        assert reverse("records:record", args=[stage.record.hash]) in html


def test_results_of_a_draft_are_not_there(client):
    page(client, "results", making.draft().slug, status=404)


def test_a_decision_names_entries_by_code_alone(client):
    edition = decided()
    stage = edition.categories.get(key="food").stages.get(key="judging")
    entries = list(edition.entries.select_related("firm"))

    html = page(client, "decision", stage.pk)

    assert all(one.code in html for one in entries)
    assert not any(one.firm.name in html or one.title in html for one in entries)


def test_findings_of_a_check_are_not_public(client):
    edition = decided(refused=[2])
    stage = edition.categories.get(key="food").stages.get(key="papers")

    html = page(client, "decision", stage.pk)

    assert edition.entries.get(number=2).code in html
    assert "milik usaha lain" not in html


def test_a_stage_that_is_not_decided_has_no_page(client):
    edition = full_edition()
    stage = edition.categories.get(key="food").stages.first()

    page(client, "decision", stage.pk, status=404)
    page(client, "decision_minutes", stage.pk, status=404)


def test_minutes_hold_the_ranking_and_the_record(client):
    edition = decided()
    stage = edition.categories.get(key="food").stages.get(key="judging")

    answer = client.get(reverse("awards:decision_minutes", args=[stage.pk]), {"language": "en"})

    words = text_of(answer)
    assert "Of 4 entries 3 passed" in words
    assert all(one.code in words for one in edition.entries.all())
    assert stage.record.hash[:8] in words
    assert f"record-{stage.record.sequence}.json" in PdfReader(io.BytesIO(answer.content)).attachments


def test_winners_stand_with_firm_prize_place_and_story(client):
    edition = decided()
    first = prizes(edition)[0]
    write_story(actor=None, prize=first, text_id="Dari singkong kampung.", text_en="From village cassava.")

    html = page(client, "winners", edition.slug)
    category = page(client, "winners_of_category", edition.slug, "food")

    for prize in prizes(edition):
        assert prize.name_id in html
        assert prize.entry.firm.name in html
    assert "Dari singkong kampung." in html
    assert "Dari singkong kampung." in category
    page(client, "winners_of_category", edition.slug, "craft", status=404)


@pytest.mark.parametrize("agrees", [True, False])
def test_people_are_named_only_where_they_agree(client, agrees):
    edition = decided(entries=1)
    prize = prizes(edition)[0]
    entry = prize.entry
    entry.members.create(position=1, name="Siti Rahayu")
    entry.kind, entry.firm = "person", None
    entry.save()
    write_story(actor=None, prize=prize, text_id="", names_people=agrees)

    pages = [page(client, "winners", edition.slug), page(client, "certificate", prize.code),
             page(client, "press", edition.slug)]  # fmt: skip

    assert ["Siti Rahayu" in html for html in pages] == [agrees] * 3


def test_a_page_of_winners_asks_the_same_number_of_questions_for_one_and_for_three(
    client, django_assert_max_num_queries
):
    one, three = decided(entries=1), decided(entries=3)
    counts = []
    for edition in (one, three):
        page(client, "winners", edition.slug)
        with django_assert_max_num_queries(40) as asked:
            page(client, "winners", edition.slug)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_story_is_written_by_organisers_alone():
    prize = prizes(decided(entries=1))[0]

    with pytest.raises(NotAllowed):
        write_story(actor=person(Role.JUDGE), prize=prize, text_id="Saya juara.")

    assert not WinnerStory.objects.exists()
    assert not AuditEntry.objects.filter(verb="awards.write_story").exists()


def test_a_story_that_is_too_long_is_not_kept():
    prize = prizes(decided(entries=1))[0]

    with pytest.raises(StoryTooLong):
        write_story(actor=None, prize=prize, text_id="a" * 2001)

    assert not WinnerStory.objects.exists()


def test_a_story_is_written_on_its_page(client):
    prize = prizes(decided(entries=1))[0]
    sign_in(client, person(Role.PROGRAMME_OFFICER))

    answer = client.post(
        reverse("awards:story", args=[prize.pk]), {"text_id": "Juara kita.", "text_en": ""}, follow=True
    )

    assert "Juara kita." in answer.content.decode()
    assert AuditEntry.objects.filter(verb="awards.write_story").count() == 1


# --- certificates -----------------------------------------------------------------------------------------------


def test_a_certificate_says_that_it_is_valid(client):
    edition = decided()
    prize = prizes(edition)[0]

    with translation.override("en"):
        html = page(client, "certificate", prize.code)

    assert "Piagam ini berlaku." in html or "This certificate is valid." in html
    assert prize.entry.firm.name in html
    assert prize.stage.record.hash in html


def test_a_certificate_that_was_taken_back_says_so(client):
    prize = prizes(decided())[0]
    revoke_prize(actor=None, prize=prize, reason="Izin edar sudah habis.")

    html = page(client, "certificate", prize.code)

    assert "Izin edar sudah habis." in html
    assert "This certificate is valid." not in html
    assert "Piagam ini berlaku." not in html


def test_a_code_that_belongs_to_no_certificate_is_told_so(client):
    html = page(client, "certificate", "tidak-ada", status=404)

    assert "tidak berlaku" in html or "not valid" in html


def test_the_sheet_of_a_certificate_holds_winner_code_and_record(client):
    prize = prizes(decided())[0]
    sign_in(client, prize.entry.entrant)

    answer = client.get(reverse("awards:certificate_sheet", args=[prize.pk]))

    words = text_of(answer)
    assert prize.entry.firm.name in words
    assert prize.entry.title in words
    assert f"/awards/certificates/{prize.code}/" in words.replace(" ", "")
    assert prize.stage.record.hash[:8] in words
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1


def test_the_sheet_of_a_certificate_is_for_its_winner(client):
    first, second, _third = prizes(decided())
    sign_in(client, second.entry.entrant)

    page(client, "certificate_sheet", first.pk, status=404)


def test_a_certificate_that_was_taken_back_is_not_printed(client):
    prize = prizes(decided())[0]
    revoke_prize(actor=None, prize=prize, reason="Izin habis.")
    sign_in(client, prize.entry.entrant)

    page(client, "certificate_sheet", prize.pk, status=404)


# --- the press table --------------------------------------------------------------------------------------------


def test_the_press_table_as_a_file_is_that_of_the_page(client):
    edition = decided()

    html = page(client, "press", edition.slug)
    csv = client.get(reverse("awards:press_file", args=[edition.slug, "csv"]))
    xlsx = client.get(reverse("awards:press_file", args=[edition.slug, "xlsx"]))

    rows = pl.read_csv(b"".join(csv.streaming_content))
    assert rows["winner"].to_list() == [prize.entry.firm.name for prize in prizes(edition)]
    assert pl.read_excel(io.BytesIO(b"".join(xlsx.streaming_content)))["winner"].to_list() == rows["winner"].to_list()
    assert all(name in html for name in rows["winner"])


def test_a_press_table_in_another_form_is_not_there(client):
    page(client, "press_file", decided(entries=1).slug, "exe", status=404)


# --- the way there ----------------------------------------------------------------------------------------------


def test_call_and_progress_lead_to_results(client):
    edition = decided()
    prize = prizes(edition)[0]

    call = page(client, "call", edition.slug)
    sign_in(client, prize.entry.entrant)
    progress = page(client, "progress", prize.entry_id)

    assert reverse("awards:results", args=[edition.slug]) in call
    assert reverse("awards:feedback", args=[prize.entry_id]) in progress
    assert reverse("awards:certificate_sheet", args=[prize.pk]) in progress
