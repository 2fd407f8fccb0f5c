"""Workshops: whoever has the code takes part, nobody can be recognised, paper counts too, and results can go home."""

import io

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse
from tests.factories import person, sign_in
from tests.readiness.made import answers, instrument, sheets, workshop
from tests.registry.firms import make_firm, make_member

from gebyar.readiness.errors import (
    AlreadyFinished,
    AlreadyTakenHome,
    NotFinished,
    NotYourFirm,
    NotYourWorkshop,
    PaperFaults,
    UnreadablePaper,
    WorkshopClosed,
    WorkshopFull,
)
from gebyar.readiness.models import Assessment, WorkshopSheet
from gebyar.readiness.paper import paper_template, read_paper
from gebyar.readiness.queries.workshops import group_result, progress_of, sheet_by_token
from gebyar.readiness.services import workshops as services

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return person("local_officer", "33.74")


# --- joining ----------------------------------------------------------------------------------------------------


def test_token_alone_leads_to_a_sheet_and_is_not_stored():
    found, other = workshop(), workshop(name="Lain")
    sheet, token = services.join_workshop(workshop=found)

    assert sheet_by_token(found, token) == sheet
    assert sheet_by_token(other, token) is None
    assert sheet_by_token(found, "") is None
    assert token not in str(WorkshopSheet.objects.values_list("token_hash"))


def test_closed_workshop_takes_no_participants_and_no_answers(officer):
    found = workshop(officer)
    sheet, _token = services.join_workshop(workshop=found)
    services.close_workshop(actor=officer, workshop=found)

    with pytest.raises(WorkshopClosed):
        services.join_workshop(workshop=found)
    with pytest.raises(WorkshopClosed):
        services.answer_sheet(sheet=sheet, answers={"keamanan": "a"})
    with pytest.raises(WorkshopClosed):
        services.finish_sheet(sheet=sheet)
    with pytest.raises(WorkshopClosed):
        services.close_workshop(actor=officer, workshop=found)
    assert found.sheets.count() == 1


def test_full_workshop_takes_nobody_more(monkeypatch):
    monkeypatch.setattr(services, "MOST_SHEETS", 2)
    found = workshop()
    sheets(found, [1, 2])

    with pytest.raises(WorkshopFull):
        services.join_workshop(workshop=found)


def test_finished_sheet_never_changes():
    found = workshop()
    [token] = sheets(found, [2])
    sheet = sheet_by_token(found, token)

    for act in (
        lambda: services.answer_sheet(sheet=sheet, answers={"keamanan": "a"}),
        lambda: services.finish_sheet(sheet=sheet),
    ):
        with pytest.raises(AlreadyFinished):
            act()


def test_workshop_is_run_by_its_officer_and_those_of_its_region(officer):
    found = workshop(officer, region_code="33.74")

    for other in (person("local_officer", "35"), make_member(make_firm())):
        with pytest.raises(NotYourWorkshop):
            services.close_workshop(actor=other, workshop=found)
    found.refresh_from_db()
    assert found.status == "open"
    services.show_results(actor=person("local_officer", "33"), workshop=found, shown=True)
    services.close_workshop(actor=person("programme_officer"), workshop=found)


# --- the group --------------------------------------------------------------------------------------------------


def test_group_is_shown_from_ten_complete_sheets_on_and_grows_by_five():
    found = workshop()
    sheets(found, [2] * 9)
    sheet, _token = services.join_workshop(workshop=found)
    services.finish_sheet(sheet=sheet)  # answered nothing: not in the group's figures
    assert group_result(found).figures is None

    sheets(found, [2])
    ten = group_result(found).figures
    sheets(found, [4] * 4)
    fourteen = group_result(found).figures
    sheets(found, [4])
    fifteen = group_result(found).figures

    assert (ten.count, fourteen.count, fifteen.count) == (10, 10, 15)
    assert ten == fourteen
    assert fifteen.mean > ten.mean


def test_facilitator_sees_counts_and_nothing_of_anybody(officer, client):
    found = workshop(officer)
    sheets(found, [0, 4])
    services.join_workshop(workshop=found)
    sign_in(client, officer)

    progress = progress_of(found)
    page = client.get(reverse("readiness:workshop", args=[found.pk])).content.decode()

    assert (progress.joined, progress.finished, progress.complete) == (3, 2, 2)
    assert {count for _number, _question, count in progress.questions} == {2}
    assert found.join_code in page
    assert "4,00" not in page  # the index of one of them


def test_facilitators_page_asks_the_database_as_often_for_many(officer, client, django_assert_num_queries):
    sign_in(client, officer)
    for count in (1, 12):
        found = workshop(officer)
        sheets(found, [1] * count)
        with django_assert_num_queries(8):
            client.get(reverse("readiness:workshop", args=[found.pk]))


# --- pages of a participant -------------------------------------------------------------------------------------


def go(client, route, *args):
    return client.get(reverse(f"readiness:{route}", args=args))


def test_participant_joins_answers_and_sees_the_result_without_an_account(client):
    found = workshop()
    code = found.join_code
    said, asked = answers(2), []

    assert client.post(reverse("readiness:join_code"), {"code": code.lower()})["Location"].endswith(f"/{code}/")
    here = client.post(reverse("readiness:join", args=[code]))["Location"]
    cookie = client.cookies[f"lokakarya-{found.pk}"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    while "/questions/" in here:
        question = client.get(here).context["question"]
        asked.append(question.id)
        chosen = said[question.id]
        data = {"answer": chosen.split(";") if question.kind == "count" else chosen}
        here = client.post(here, data)["Location"]
    assert "/finish/" in here
    client.post(here)
    page = go(client, "sheet_result", code).content.decode()

    assert len(set(asked)) == len(asked) == 24  # the 23 of the official score and the profile's own
    assert found.sheets.get().index == pytest.approx(2)
    assert "2,00" in page


def test_joining_again_on_the_same_phone_goes_on_with_the_same_sheet(client):
    found = workshop()
    for _time in range(2):
        client.post(reverse("readiness:join", args=[found.join_code]))
    assert found.sheets.count() == 1

    client.cookies[f"lokakarya-{found.pk}"] = "palsu:1:abc"
    assert go(client, "sheet_result", found.join_code)["Location"].endswith(f"/{found.join_code}/")


def test_sheet_is_closed_to_every_other_browser():
    found = workshop()
    Client().post(reverse("readiness:join", args=[found.join_code]))
    stranger = Client()

    for route, args in (("sheet_question", [1]), ("sheet_finish", []), ("sheet_result", [])):
        response = go(stranger, route, found.join_code, *args)
        assert response["Location"] == reverse("readiness:join", args=[found.join_code])


def test_group_page_is_silent_until_the_facilitator_shows_it(officer, client):
    found = workshop(officer)
    sheets(found, [2] * 10)

    assert "2,00" not in go(client, "group", found.join_code).content.decode()
    services.show_results(actor=officer, workshop=found, shown=True)
    assert "2,00" in go(client, "group", found.join_code).content.decode()


# --- taking home ------------------------------------------------------------------------------------------------


def test_result_goes_home_once_and_only_to_ones_own_firm():
    found = workshop()
    [token] = sheets(found, [3])
    sheet = sheet_by_token(found, token)
    firm, other = make_firm(), make_firm()
    member = make_member(firm)

    with pytest.raises(NotYourFirm):
        services.take_home(actor=member, sheet=sheet, firm=other)
    made = services.take_home(actor=member, sheet=sheet, firm=firm)
    with pytest.raises(AlreadyTakenHome):
        services.take_home(actor=member, sheet=sheet, firm=firm)

    assert (made.firm, made.status, made.workshop, made.index) == (firm, "finished", found, sheet.index)
    assert Assessment.objects.count() == 1


def test_unfinished_result_does_not_go_home():
    sheet, _token = services.join_workshop(workshop=workshop())
    firm = make_firm()

    with pytest.raises(NotFinished):
        services.take_home(actor=make_member(firm), sheet=sheet, firm=firm)
    assert Assessment.objects.count() == 0


def test_page_takes_the_result_home(client):
    found = workshop()
    client.post(reverse("readiness:join", args=[found.join_code]))
    sheet = found.sheets.get()
    services.answer_sheet(sheet=sheet, answers=answers(2))
    services.finish_sheet(sheet=sheet)
    firm = make_firm()
    sign_in(client, make_member(firm))

    response = client.post(reverse("readiness:take_home", args=[found.join_code]), {"firm": firm.pk})

    made = Assessment.objects.get()
    assert response["Location"] == reverse("readiness:result", args=[made.pk])
    assert made.firm == firm


# --- paper ------------------------------------------------------------------------------------------------------


def paper(*rows, heading=("number", "keamanan", "mesin_cerdas")):
    return "\n".join(",".join(row) for row in (heading, *rows)).encode()


def test_paper_answers_are_entered_and_sent_again_take_the_place_of_the_first(officer):
    found = workshop(officer)
    for last in ("b", "c"):
        rows = read_paper(instrument(), paper(["1", "a", "jaringan;ai"], ["2", "", "na"], ["3", last, ""]))
        services.enter_paper(actor=officer, workshop=found, rows=rows)

    entered = found.sheets.order_by("row").values_list("row", "answers")
    assert list(entered) == [
        (2, {"keamanan": "a", "mesin_cerdas": "jaringan;ai"}), (3, {"mesin_cerdas": "na"}), (4, {"keamanan": "c"}),
    ]  # fmt: skip
    assert found.sheets.filter(finished_at=None).count() == 0


def test_faults_on_paper_name_row_and_column_and_nothing_is_entered(officer, client):
    found = workshop(officer)
    content = paper(["1", "z", ""], ["2", "a", "robot"])
    with pytest.raises(PaperFaults) as raised:
        read_paper(instrument(), content)
    assert [(fault.row, fault.column) for fault in raised.value.facts["list"]] == [(2, "keamanan"), (3, "mesin_cerdas")]

    sign_in(client, officer)
    file = io.BytesIO(content)
    file.name = "jawaban.csv"
    page = client.post(reverse("readiness:paper", args=[found.pk]), {"file": file})
    assert page.status_code == 200
    assert "mesin_cerdas" in page.content.decode()
    assert found.sheets.count() == 0


def test_workbook_is_read_like_a_csv():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for row, cells in enumerate([["keamanan", "mesin_cerdas"], ["a", "jaringan;ai"], ["b", ""]]):
        sheet.write_row(row, 0, cells)
    book.close()

    rows = read_paper(instrument(), target.getvalue())

    assert [(row.number, row.answers) for row in rows] == [
        (2, {"keamanan": "a", "mesin_cerdas": "jaringan;ai"}), (3, {"keamanan": "b"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"nama,umur\nAni,3\n", b"\xff\xfe\x00", b"PK\x03\x04 kein Buch", b"keamanan,keamanan\na,b\n"]
)
def test_unreadable_paper_is_refused(content):
    with pytest.raises(UnreadablePaper):
        read_paper(instrument(), content)


def test_empty_table_has_a_column_for_every_question():
    heading = paper_template(instrument()).strip().split(",")

    assert heading == ["number", *(question.id for question in instrument().all_questions)]
