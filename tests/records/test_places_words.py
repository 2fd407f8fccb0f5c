"""Allotments on a record's page and in its minutes."""

from django.utils.translation import override

from gebyar.methods.places import CODES, Applicant, Call, Kind, Reserve, allot, records
from gebyar.records.wording import result_table
from gebyar.records.wording_places import REASONS, verdict_words


def test_the_sentences_are_those_of_the_method():
    with override("en"):
        sentences = {code: str(words) for code, words in REASONS.items()}

    assert sentences == {code: CODES[code] for code in CODES if not code.startswith("reserve_")}


def test_a_record_shows_a_row_with_its_reason_for_everybody():
    applicants = [
        Applicant("K7", 90), Applicant("P3", 80), Applicant("X9", 70, groups=frozenset({"province:33"})),
    ]  # fmt: skip
    allotment = allot(Call((Kind("pass", 2),), reserves=(Reserve("province", least=1),)), applicants, seed=0)
    record = {"method": {"name": "places.allot"}, "inputs": {}, "result": records.result_of(allotment)}

    with override("id"):
        table = result_table(record)

    assert table.columns == ["No.", "Kode", "Hasil", "Alasan"]
    assert table.rows == [
        ["1", "K7", "mendapat tempat", "Nomor 1; pada gilirannya masih ada tempat."],
        ["2", "P3", "daftar tunggu",
         "Nomor 2; 1 tempat diberikan kepada nomor sesudahnya karena disediakan untuk: Jawa Tengah."],
        ["3", "X9", "mendapat tempat", "Nomor 3; masuk melalui tempat yang disediakan untuk: Jawa Tengah."],
    ]  # fmt: skip


def test_a_reason_of_another_version_is_shown_as_its_code():
    assert [verdict_words("weighed", {}), verdict_words("tie", {"last": "K7"})] == ["weighed", "tie"]
