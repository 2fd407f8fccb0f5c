"""The completeness desk: what an officer of the region sees, and what helping does."""

import io
from datetime import timedelta

import polars as pl
import pytest
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader
from tests.awards.entering.files import pdf
from tests.awards.making import category, edition, entry, organiser
from tests.factories import person
from tests.registry.firms import make_firm
from tests.security.html import inline_parts

from gebyar.awards.errors_entering import (
    CallClosed,
    EntryHandedIn,
    NobodyToWriteTo,
    NoteNeeded,
    NothingMissing,
    NotYourRegion,
    RemindedAlready,
)
from gebyar.awards.models import DeskNote
from gebyar.awards.queries.desk import desk_of
from gebyar.awards.services import desk
from gebyar.awards.services.exports_entering import export_entries
from gebyar.records.errors import NotAllowed
from gebyar.registry.models import Contact

pytestmark = pytest.mark.django_db


def page(route, *args):
    return reverse(f"awards:{route}", args=args)


def text_of(response):
    assert response.status_code == 200
    text = response.content.decode()
    assert inline_parts(text) == []
    return text


@pytest.fixture
def food():
    return category(edition(title="Anugerah Pangan"))


@pytest.fixture
def officer():
    return person("local_officer", "33.74")


def lacking(food, *papers, **facts):
    made = entry(food, submitted=False, **facts)
    made.documents.filter(key__in=papers).delete()
    return made


# --- what is seen -----------------------------------------------------------------------------------------------


def test_desk_shows_own_region_and_what_can_be_saved_with_least_work_first(food, officer):
    two, one = lacking(food, "nib", "photo"), lacking(food, "photo")
    ready, done = lacking(food), entry(food)
    lacking(food, "nib", firm=make_firm(region_code="35.78.10"))

    found = desk_of(officer, food.edition)

    assert [(line.entry.pk, line.state, len(line.missing)) for line in found.lines] == [
        (ready.pk, "complete", 0), (one.pk, "not_complete", 1), (two.pk, "not_complete", 2), (done.pk, "handed_in", 0),
    ]  # fmt: skip
    assert [step.count for step in found.funnel] == [4, 2, 1, 0]
    assert [(step.label, step.count) for step in found.lacking] == [("Photo (id)", 2), ("NIB (id)", 1)]


def test_desk_of_the_whole_country_and_of_nobody(food):
    lacking(food, "nib")

    assert [len(desk_of(user, food.edition).lines) for user in (organiser(), person(), person("judge"))] == [1, 0, 0]


def test_desk_asks_the_same_number_of_questions_for_one_entry_and_three(food, officer, django_assert_num_queries):
    lacking(food, "nib")
    desk_of(officer, food.edition)  # the rules are read once in a process
    with django_assert_num_queries(7):
        desk_of(officer, food.edition)
    lacking(food, "photo")
    entry(food, kind="group", submitted=False)
    with django_assert_num_queries(7):
        desk_of(officer, food.edition)


def test_page_shows_funnel_list_and_filters(sign_in_as, food, officer):
    made = lacking(food, "photo")
    done = entry(food)
    client = sign_in_as(officer)

    text = text_of(client.get(page("desk")))
    only = text_of(client.get(page("desk"), {"edition": food.edition.pk, "state": "not_complete"}))

    assert (made.firm.name in text, done.firm.name in text, "<svg" in text) == (True, True, True)
    assert (made.firm.name in only, done.firm.name in only) == (True, False)
    assert "1 dari 2 pendaftaran sudah memuat semua" in text


def test_empty_desk_says_what_will_stand_there(sign_in_as, officer):
    assert "Tidak ada pendaftaran yang dibuka" in text_of(sign_in_as(officer).get(page("desk")))


def test_list_to_print_names_who_lacks_what_with_the_telephone(sign_in_as, food, officer):
    made = lacking(food, "photo")
    Contact.objects.create(firm=made.firm, name="Siti", phone="+6281234567")

    sheet = sign_in_as(officer).get(page("desk_sheet"))

    words = PdfReader(io.BytesIO(sheet.content)).pages[0].extract_text()
    assert (made.firm.name in words, "Photo" in words, "+6281234567" in words) == (True, True, True)


@pytest.mark.parametrize("role", [None, "judge", "far"])
def test_desk_is_closed_to_others(sign_in_as, food, role):
    made = lacking(food, "photo")
    user = person("local_officer", "35") if role == "far" else person(role)
    client = sign_in_as(user)
    status = 200 if role == "far" else 404

    assert client.get(page("desk")).status_code == status
    assert client.get(page("desk_entry", made.pk)).status_code == 404
    assert client.post(page("desk_note", made.pk), {"channel": "call", "text": "x"}).status_code == 404
    assert client.post(page("desk_remind", made.pk)).status_code == 404
    assert client.post(page("desk_document", made.pk, "plan"), {"file": pdf(), "consent": "x"}).status_code == 404
    assert not DeskNote.objects.exists()
    assert made.documents.count() == 1


# --- helping ----------------------------------------------------------------------------------------------------


def test_call_is_noted(food, officer):
    made = lacking(food, "photo")

    with pytest.raises(NoteNeeded):
        desk.note(actor=officer, entry=made, channel="call", text=" ")
    with pytest.raises(NotYourRegion):
        desk.note(actor=person("local_officer", "35"), entry=made, channel="call", text="x")
    desk.note(actor=officer, entry=made, channel="call", text="Memotret besok")

    assert [(one.channel, one.text, one.by) for one in made.desk_notes.all()] == [("call", "Memotret besok", officer)]
    assert desk_of(officer, food.edition).lines[0].noted_at is not None


def test_reminder_names_what_is_missing_and_goes_once_a_day(food, officer, django_capture_on_commit_callbacks):
    made = lacking(food, "photo")

    with django_capture_on_commit_callbacks(execute=True):
        desk.remind(actor=officer, entry=made)
        with pytest.raises(RemindedAlready):
            desk.remind(actor=organiser(), entry=made)

    assert [(one.to, "Photo (id)" in one.body) for one in mail.outbox] == [([made.firm.members.get().user.email], True)]
    DeskNote.objects.update(at=DeskNote.objects.get().at - timedelta(hours=21))
    desk.remind(actor=officer, entry=made)
    assert DeskNote.objects.count() == 2


def test_nothing_is_sent_where_there_is_nothing_to_remind_of(food, officer):
    complete, done, alone = lacking(food), entry(food), lacking(food, "photo")
    alone.firm.members.all().delete()
    closed = entry(category(edition(opens_in=timedelta(days=-9), closes_in=timedelta(days=-1))), submitted=False)

    for made, error in (
        (complete, NothingMissing),
        (done, EntryHandedIn),
        (alone, NobodyToWriteTo),
        (closed, CallClosed),
    ):
        with pytest.raises(error):
            desk.remind(actor=officer, entry=made)
    assert not DeskNote.objects.exists()


def test_officer_helps_on_the_pages(sign_in_as, food, officer):
    made = lacking(food, "nib")
    client = sign_in_as(officer)
    text_of(client.get(page("desk_entry", made.pk)))
    text_of(client.get(page("desk_document", made.pk, "nib")))

    client.post(page("desk_note", made.pk), {"channel": "visit", "text": "Berkunjung"})
    refused = client.post(page("desk_document", made.pk, "nib"), {"file": pdf()})
    client.post(page("desk_document", made.pk, "nib"), {"file": pdf(), "consent": "Bu Siti, di rumahnya"})
    client.post(page("desk_look", made.pk, "nib"), {"verdict": "accepted"})

    assert refused.status_code == 200
    assert (made.documents.get(key="nib").verdict, made.desk_notes.count()) == ("accepted", 2)
    assert "Bu Siti" in text_of(client.get(page("desk_entry", made.pk)))


# --- taken along ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_holds_the_officers_region_with_answers_and_runs_no_formula(food, officer, tmp_path, kind):
    made = entry(food, title="=1+1")
    entry(food, firm=make_firm(region_code="35.78.10"))
    path = tmp_path / f"a.{kind}"

    assert export_entries(actor=officer, edition=food.edition, path=path, format=kind) == 1

    frame = pl.read_csv(path) if kind == "csv" else pl.read_excel(path)
    row = frame.row(0, named=True)
    assert (row["number"], row["firm"], row["answer_story"]) == (made.number, made.firm.name, "Renyah dan baru.")
    assert not row["title"].startswith("=")


def test_export_is_for_officers(food, tmp_path, sign_in_as):
    with pytest.raises(NotAllowed):
        export_entries(actor=person(), edition=food.edition, path=tmp_path / "a.csv", format="csv")
    entry(food)
    answer = sign_in_as(organiser()).post(page("edition_export", food.edition.pk), {"format": "csv"})
    assert answer["Content-Disposition"].endswith('.csv"')
    assert "Keripik Uji" in b"".join(answer.streaming_content).decode()
