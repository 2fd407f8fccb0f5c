from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.records.conftest import summed

from gebyar.drawing.qr import qr_svg
from gebyar.records.decision import canonical_text
from gebyar.records.minutes import minutes_pdf

MILLIMETRE = 72 / 25.4
COLUMNS = ["Nomor", "Usaha"]


def minutes(rows=(), language="id", **facts):
    record = summed(title="Pembagian stan", sequence=12, decided_at=datetime(2024, 11, 14, 3, tzinfo=UTC), **facts)
    address = f"https://gebyar.example/records/{record['hash']}/"
    pdf = minutes_pdf(record, address=address, columns=COLUMNS, rows=rows, language=language)
    return record, PdfReader(BytesIO(pdf))


def words(reader):
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def test_minutes_are_an_a4_sheet_with_title_language_and_tags():
    record, reader = minutes()
    width, height = (float(side) / MILLIMETRE for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)
    assert reader.metadata.title == "Berita acara, Nomor 12 Tahun 2024: Pembagian stan"
    assert record["hash"] in reader.metadata["/Keywords"]
    assert reader.trailer["/Root"]["/Lang"] == "id"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_minutes_in_indonesian_say_what_was_decided_when_by_whom_and_how():
    record, reader = minutes(rows=[["1", "Batik Giriloyo"], ["2", "Kopi Gayo"]])
    text = words(reader)
    for expected in (
        "BERITA ACARA",
        "Nomor 12 Tahun 2024",
        "Pada hari Kamis, 14 November 2024, pukul 10.00 WIB, telah diambil keputusan berikut",
        "Pembagian stan",
        "Diputuskan oleh petugas program",
        "Metode test.sum, versi 1",
        "Angka awal (seed) 4",
        "1 Batik Giriloyo",
        "2 Kopi Gayo",
        "Saksi",
        "halaman 1 dari 1",
    ):
        assert expected in text
    for start in range(0, 64, 8):
        assert record["hash"][start : start + 8] in text


def test_minutes_in_english_are_english_throughout():
    _record, reader = minutes(language="en", seed=None, result={"total": 5})
    text = words(reader)
    assert "On Thursday, 14 November 2024, at 10:00 WIB, the following was decided" in text
    assert "Seed none: nothing was drawn by lot" in text
    assert "page 1 of 1" in text
    assert "Berita" not in text
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_minutes_of_many_rows_repeat_the_heading_and_keep_every_row():
    _record, reader = minutes(rows=[[str(number), f"Usaha {number:03}"] for number in range(1, 121)])
    assert len(reader.pages) > 2
    pages = [page.extract_text() for page in reader.pages]
    with_rows = [text for text in pages if "Usaha 0" in text or "Usaha 1" in text]
    assert all("Nomor" in text for text in with_rows)
    assert [number for number in range(1, 121) if f"Usaha {number:03}" not in words(reader)] == []
    assert "Saksi" in pages[-1]


def test_minutes_carry_the_record_itself():
    record, reader = minutes()
    assert reader.attachments["record-12.json"] == [canonical_text(record).encode()]


def test_minutes_of_one_record_are_the_same_to_the_byte():
    record = summed()
    assert minutes_pdf(record, address="https://a.example/") == minutes_pdf(record, address="https://a.example/")


def test_minutes_asked_for_by_many_at_once_do_not_mix():
    records = [summed(title=f"Keputusan {number}", sequence=number) for number in range(1, 13)]
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda record: minutes_pdf(record, address="https://a.example/"), records))
    read = [words(PdfReader(BytesIO(pdf))) for pdf in made]
    assert [number for number in range(1, 13) if f"Keputusan {number} " not in read[number - 1]] == []


@pytest.mark.parametrize("title", ["#panic() [*tebal*] $x$ \\ <script>", "Tahun “2024” — “ñ” & 'é'"])
def test_minutes_print_words_as_they_are_and_run_none_of_them(title):
    record = summed(title=title)
    reader = PdfReader(BytesIO(minutes_pdf(record, address="https://a.example/", columns=["A"], rows=[["#1/0"]])))
    assert title.split()[0] in words(reader)
    assert "#1/0" in words(reader)


def test_qr_svg_is_a_drawing_without_style():
    drawing = qr_svg("https://gebyar.example/records/0/")
    assert drawing.startswith("<svg")
    assert "style=" not in drawing
