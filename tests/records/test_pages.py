import json
import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.factories import person
from tests.records.conftest import summed

from gebyar.accounts.models import Role
from gebyar.records import views
from gebyar.records.decision import canonical_text
from gebyar.records.models import DecisionRecord
from gebyar.records.requests import one_request
from gebyar.records.services import append_decision, record_audit
from gebyar.records.wording import ResultTable, method_words, result_facts, result_table, role_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided():
    """Two decisions, the second a meeting plan of two meetings."""
    append_decision(
        actor=None, method="test.sum", version="1", title="Undian stan", inputs={}, seed=3, result={"total": 3}
    )
    problem = {"participants": ["no. 7", "no. 8", "no. 9"], "meetings": [[1, 2, "any", None], [2, 3, "any", None]]}
    placed = [{"meeting": 1, "slot": 2, "table": 1}, {"meeting": 2, "slot": 1, "table": 1}]
    append_decision(
        actor=None,
        method="meetings.schedule",
        version="1",
        title="Temu bisnis",
        inputs={"problem": problem, "fairness": 2},
        seed=5,
        result={"status": "optimal", "idle": 0, "bound": 0, "reason": None, "meetings": placed},
    )
    return list(DecisionRecord.objects.order_by("sequence"))


def test_record_list_shows_everybody_the_newest_first(client, decided):
    page = client.get("/records/").content.decode()
    assert page.index("Temu bisnis") < page.index("Undian stan")
    assert f"/records/{decided[0].hash}/" in page
    assert "Buka jejak audit" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_record_list_asks_the_database_no_more_for_more_records(client, count, django_assert_max_num_queries):
    for number in range(count):
        append_decision(
            actor=None, method="test.sum", version="1", title=f"Ke-{number}", inputs={}, seed=None, result={}
        )
    client.get("/records/")
    with django_assert_max_num_queries(3):
        assert client.get("/records/").content.decode().count("Ke-") == count


def test_record_list_finds_a_hash_and_says_when_there_is_none(client, decided):
    found = client.get("/records/", {"q": decided[0].hash[:8]}).content.decode()
    assert "Undian stan" in found
    assert "Temu bisnis" not in found
    assert "Keputusan tidak ditemukan" in client.get("/records/", {"q": "lokakarya"}).content.decode()


def test_record_list_without_records_says_what_will_be_here(client):
    assert "Belum ada keputusan" in client.get("/records/").content.decode()


def test_record_shows_what_was_decided_and_that_its_hash_matches(client, decided):
    page = client.get(f"/records/{decided[1].hash}/").content.decode()
    for expected in ("Hash cocok", "penjadwalan temu bisnis", "terbaik, sudah terbukti", "no. 9", "gebyar verify"):
        assert expected in page
    assert f"/records/{decided[0].hash}/" in page


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("id", ["Gebyar 2024: 2024-11-12, versi 2", "Dihentikan oleh batas waktu", ">tidak<"]),
        ("en", ["Gebyar 2024: 2024-11-12, version 2", "Stopped by the time limit", ">no<"]),
    ],
)
def test_record_says_title_and_result_in_the_language_of_its_reader(client, language, expected):
    title = "Gebyar 2024: 2024-11-12, version 2"
    made = append_decision(
        actor=None, method="test.sum", version="1", title=title, inputs={}, seed=1, result={"cut_short": False}
    )
    client.cookies["django_language"] = language
    page = client.get(f"/records/{made.hash}/").content.decode()
    assert [words for words in expected if words not in page] == []
    assert "cut_short" not in page
    assert expected[0] in client.get("/records/", {"q": expected[0]}).content.decode()
    sheet = PdfReader(BytesIO(client.get(f"/records/{made.hash}/minutes.pdf").content)).pages[0].extract_text()
    assert expected[0].rpartition(", ")[2] in sheet
    assert made.document["title"] == title


def test_record_in_english_is_english(client, decided):
    page = client.get(f"/records/{decided[1].hash}/", headers={"cookie": "django_language=en"}).content.decode()
    assert "Hash matches" in page
    assert "best possible, proven" in page


def test_record_of_an_unknown_hash_is_not_found(client, decided):
    assert client.get(f"/records/{'0' * 64}/").status_code == 404


def test_record_file_is_the_text_whose_hash_it_carries(client, decided):
    response = client.get(f"/records/{decided[1].hash}/record.json")
    assert response.headers["Content-Type"] == "application/json"
    assert response.content.decode() == decided[1].body == canonical_text(json.loads(response.content))


def test_chain_gives_every_record_in_order(client, decided):
    lines = b"".join(client.get("/records/chain.jsonl").streaming_content).decode().splitlines()
    assert lines == [record.body for record in decided]


@pytest.mark.parametrize(("language", "title"), [("id", b"Berita acara"), ("en", b"Minutes"), ("xx", b"Berita acara")])
def test_record_minutes_are_a_pdf_in_the_language_asked_for(client, decided, language, title):
    response = client.get(f"/records/{decided[1].hash}/minutes.pdf", {"language": language})
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert title in response.content


def test_record_minutes_of_more_rows_than_a_sheet_should_hold_say_so(client, monkeypatch):
    monkeypatch.setattr(views, "PRINTED_ROWS", 2)
    rows = [{"stan": name} for name in ("Batik", "Kopi", "Tenun")]
    made = append_decision(
        actor=None, method="test.sum", version="1", title="Stan", inputs={}, seed=None, result={"places": rows}
    )
    reader = PdfReader(BytesIO(client.get(f"/records/{made.hash}/minutes.pdf").content))
    printed = " ".join(page.extract_text() for page in reader.pages)
    assert "Tabel ini memuat 2 baris pertama dari 3" in printed
    assert "Kopi" in printed
    assert "Tenun" not in printed


def test_api_lists_records_and_gives_each_as_it_is_hashed(client, decided):
    listed = client.get("/api/records").json()
    assert [record["hash"] for record in listed] == [record.hash for record in reversed(decided)]
    assert [record["sequence"] for record in client.get("/api/records", {"before": 2}).json()] == [1]
    assert client.get(f"/api/records/{decided[0].hash}").content.decode() == decided[0].body
    assert client.get(f"/api/records/{'0' * 64}").status_code == 404


def test_audit_shows_an_administrator_who_did_what(sign_in_as):
    officer = person(Role.LOCAL_OFFICER, "33.74", name="Sri Wahyuni")
    record_audit(
        actor=officer, verb="registry.approve_correction", before={"workers": 12}, after={"workers": 14, "on": None}
    )
    record_audit(actor=None, verb="fair.finish_plan")
    client = sign_in_as(person(Role.ADMINISTRATOR))
    page = client.get("/records/audit/").content.decode()
    for expected in (
        "Menyetujui koreksi",
        "Sri Wahyuni (petugas dinas 33.74)",
        "workers",
        "sistem ini sendiri",
    ):
        assert expected in page
    narrowed = client.get("/records/audit/", {"verb": "fair."}).content.decode()
    assert "<strong>Menyelesaikan rencana temu bisnis</strong>" in narrowed
    assert "<strong>Menyetujui koreksi</strong>" not in narrowed
    assert "Catatan tidak ditemukan" in client.get("/records/audit/", {"verb": "fair.publish_plan"}).content.decode()


def test_audit_shows_together_what_one_request_did(sign_in_as):
    with one_request() as together:
        for verb in ("fair.create_fair", "fair.create_round"):
            record_audit(actor=None, verb=verb)
    record_audit(actor=None, verb="fair.publish_plan")
    client = sign_in_as(person(Role.ADMINISTRATOR))
    client.cookies["django_language"] = "en"
    page = client.get("/records/audit/", {"request": str(together)}).content.decode()
    assert re.findall(r"<strong>(.*?)</strong>", page) == ["Created a round of meetings", "Created a fair"]
    assert page.count(f"request {str(together)[:8]}") == 2


@pytest.mark.parametrize("role", [None, Role.LOCAL_OFFICER, Role.JUDGE, Role.PROGRAMME_OFFICER])
def test_audit_is_not_found_for_anybody_else(sign_in_as, role):
    record_audit(actor=None, verb="registry.approve_correction")
    client = sign_in_as(person(role, "33" if role == Role.LOCAL_OFFICER else ""))
    response = client.get("/records/audit/")
    assert response.status_code == 404
    assert "approve_correction" not in response.content.decode()


def test_audit_asks_a_visitor_to_sign_in(client):
    assert client.get("/records/audit/").status_code == 302


def test_words_of_roles_methods_and_results_are_the_readers():
    assert role_words("local_officer 33.74, judge") == "petugas dinas 33.74, juri"
    assert role_words("machine") == "sistem ini sendiri"
    assert method_words({"name": "test.sum", "version": "1"}) == "test.sum, versi 1"
    assert result_facts({"bound": 1, "status": "feasible", "reason": None, "meetings": [], "extra": "x"}) == [
        ("Hasil", "memenuhi semua aturan; belum terbukti apakah ada yang lebih baik"),
        ("Jeda kosong yang tidak terhindarkan", "1"),
        ("extra", "x"),
    ]


def test_result_table_of_any_method_is_the_first_list_of_its_result():
    record = summed(result={"total": 5, "places": [{"stan": "A1", "table": 3}, {"stan": "A2"}]})
    assert result_table(record) == ResultTable(["stan", "Meja"], [["A1", "3"], ["A2", ""]])
    assert result_table(summed(result={"total": 5})) == ResultTable()


def test_result_table_of_meetings_is_ordered_by_slot_and_names_who_meets(decided):
    assert result_table(decided[1].document) == ResultTable(
        ["Sesi", "Meja", "Pertemuan", "Peserta", "Bertemu dengan"],
        [["1", "1", "2", "no. 8", "no. 9"], ["2", "1", "1", "no. 7", "no. 8"]],
    )
