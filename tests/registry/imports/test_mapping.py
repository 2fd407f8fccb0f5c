import pytest
import yaml
from django.utils.translation import override

from gebyar.registry.imports import FIELDS, Mapping, WrongMapping, suggest
from gebyar.registry.imports.headings import Reason, heading_forms, kbli_version, multiplier, synonyms

KNOWN = {
    "Nama Perusahaan": "name", "Nama IKM": "name", "Nama Usaha": "name", "Pemilik": "owner_name", "Alamat": "address",
    "Desa/Kelurahan": "village", "Kecamatan": "district", "Kab/Kota": "regency", "Provinsi": "province",
    "Telp/HP": "phone", "No. WA": "phone", "KBLI": "kbli_code", "Jenis Produk": "products", "Komoditi": "products",
    "TK L": "workers_male", "Tenaga Kerja P": "workers_female", "Jumlah Tenaga Kerja (orang)": "workers",
    "Nilai Investasi (Rp. 000)": "investment", "Kapasitas Produksi": "capacity", "Satuan": "capacity_unit",
    "Nilai Produksi (Rp.000)": "production_value", "Nilai BB/BP": "raw_material_value",
    "Nilai Bahan Baku/Bahan Penolong": "raw_material_value", "Ekspor": "exports", "Negara Tujuan": "export_countries",
    "Aktif/Tidak": "is_active", "Tahun Data": "data_year", "Izin/NIB": "nib", "Lintang": "latitude", "Bujur": "longitude",
    "Omzet 2023 (juta rupiah)": "sales", "E-mail": "email", "Kode Wilayah": "region_code", "NPWP": "npwp", "NIK": "nik",
}  # fmt: skip


@pytest.mark.parametrize(("heading", "field"), KNOWN.items())
def test_a_usual_heading_is_known_for_sure(heading, field):
    [column] = suggest([heading]).columns
    assert (column.field, column.reason) == (field, Reason.SAME)
    assert column.confidence >= 0.98


@pytest.mark.parametrize(
    ("heading", "field", "reason"),
    [
        ("Alamt", "address", Reason.SIMILAR),
        ("Kecamtan", "district", Reason.SIMILAR),
        ("Identitas Nama Perusahaan", "name", Reason.ENDING),
        ("Nama Perusahaan sesuai NIB", "name", Reason.BEGINNING),
    ],
)
def test_a_less_usual_heading_is_suggested_with_its_reason(heading, field, reason):
    [column] = suggest([heading]).columns
    assert (column.field, column.reason) == (field, reason)
    assert 0.4 < column.confidence < 0.98


@pytest.mark.parametrize("heading", ["No", "Ket.", "Kolom 7", "Tanda tangan"])
def test_a_heading_that_says_nothing_is_left_out(heading):
    assert suggest([heading]).columns[0].field is None


def test_each_field_goes_to_the_heading_that_fits_best():
    mapping = suggest(["Nama", "Nama Perusahaan", "TK", "Tenaga Kerja L", "Tenaga Kerja P"])
    assert {column.heading: column.field for column in mapping.columns} == {
        "Nama": None, "Nama Perusahaan": "name", "TK": "workers", "Tenaga Kerja L": "workers_male",
        "Tenaga Kerja P": "workers_female",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "factor"),
    [
        ("Nilai Investasi (Rp. 000)", 1_000), ("Investasi (dalam ribuan)", 1_000), ("Omzet (Rp juta)", 1_000_000),
        ("Nilai Produksi (Rp 000.000)", 1_000_000), ("Modal (jutaan rupiah)", 1_000_000), ("Modal (miliar)", 1_000_000_000),
        ("Omzet x 1.000", 1_000), ("Investasi (Rp)", 1), ("Investasi 2000", 1),
    ],
)  # fmt: skip
def test_the_unit_in_a_heading_becomes_a_multiplier(heading, factor):
    assert multiplier(heading) == factor


def test_only_numbers_take_the_multiplier_of_their_heading():
    columns = suggest(["Nama Usaha (ribu)", "Omzet (ribu)"]).columns
    assert [(column.field, column.multiplier) for column in columns] == [("name", 1), ("sales", 1000)]


def test_the_heading_may_name_the_edition_of_kbli():
    assert (kbli_version("Kode KBLI 2025"), kbli_version("KBLI"), kbli_version("Tahun 2020")) == (
        2025,
        None,
        None,
    )


def test_every_synonym_belongs_to_a_field_and_is_written_in_its_plain_form():
    assert set(synonyms().values()) == {field.id for field in FIELDS}
    assert [wording for wording in synonyms() if heading_forms(wording)[:1] != (wording,)] == []


@pytest.mark.parametrize("name", ["mapping.yaml", "mapping.json"])
def test_a_mapping_comes_back_from_its_file(tmp_path, name):
    mapping = suggest(["Nama Perusahaan", "Nilai Investasi (Rp. 000)", "KBLI 2025", "Ket."])
    mapping.save(tmp_path / name)
    assert Mapping.load(tmp_path / name).to_dict() == mapping.to_dict()
    assert mapping.to_dict() == {
        "columns": {
            "Nama Perusahaan": {"field": "name"},
            "Nilai Investasi (Rp. 000)": {"field": "investment", "multiplier": 1000},
            "KBLI 2025": {"field": "kbli_code", "version": 2025},
            "Ket.": {"field": None},
        }
    }


def test_a_mapping_may_be_written_in_short():
    mapping = Mapping.from_dict(yaml.safe_load("columns: {Nama: name, Ket: null}"))
    assert [(column.heading, column.field) for column in mapping.columns] == [("Nama", "name"), ("Ket", None)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (["name"], "columns"),
        ({"columns": {}}, "columns"),
        ({"columns": {"Nama": "nama"}}, "nama.*name"),
        ({"columns": {"A": "name", "B": "name"}}, "“A”, “B”"),
        ({"columns": {"A": {"field": "name", "multiplier": 1000}}}, "A.*name"),
        ({"columns": {"A": {"field": "sales", "multiplier": 7}}}, "1000"),
        ({"columns": {"A": {"field": "kbli_code", "version": 2009}}}, "2015"),
    ],
)
def test_a_wrong_mapping_is_refused_with_what_is_wrong(data, words):
    with pytest.raises(WrongMapping, match=words):
        Mapping.from_dict(data)


def test_a_mapping_must_fit_the_file():
    mapping = Mapping.from_dict({"columns": {"Alamat": "address", "Nilai": "sales"}})
    with pytest.raises(WrongMapping) as caught:
        mapping.check(["Alamat", "Nilai Penjualan"])
    assert len(caught.value.faults) == 2
    assert "Nilai Penjualan" in caught.value.faults[0]


def test_an_unreadable_file_is_refused(tmp_path):
    (tmp_path / "map.yaml").write_text("columns: [unclosed")
    with pytest.raises(WrongMapping, match=r"map\.yaml"):
        Mapping.load(tmp_path / "map.yaml")


def test_a_correction_by_hand_takes_the_field_from_its_old_column():
    mapping = (
        suggest(["Nama", "Merek Usaha", "Nilai (Rp. 000)"])
        .assign("Merek Usaha", "name")
        .assign("Nilai (Rp. 000)", "sales")
    )
    assert [(column.field, column.multiplier, column.reason) for column in mapping.columns] == [
        (None, 1, Reason.SAME),
        ("name", 1, Reason.BY_HAND),
        ("sales", 1000, Reason.BY_HAND),
    ]
    assert all(column.explanation for column in mapping.columns)


# --- a sheet of problems that comes back --------------------------------------------------------------------------

ADDED = ["Baris / Row", "Akibat / Weight", "Yang perlu diperbaiki", "What to mend"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_columns_of_the_sheet_are_ours_and_the_others_keep_their_meaning(language):
    own = ["Nama Usaha", "TK", "Yang perlu diperbaiki *"]
    with override(language):
        mapping = suggest([*ADDED, *own])

    assert [(column.field, column.reason) for column in mapping.columns[:4]] == [(None, Reason.OURS)] * 4
    assert mapping.columns[4:6] == suggest(own[:2]).columns


def test_one_column_called_like_one_of_ours_is_the_offices_own():
    assert [column.reason for column in suggest(["Nama Usaha", "Yang perlu diperbaiki"]).columns] == [
        Reason.SAME,
        Reason.UNKNOWN,
    ]


@pytest.mark.parametrize("kept", [ADDED, ADDED[:2], ADDED[1:]])
def test_choices_by_hand_are_carried_over_to_the_sheet_and_back(kept):
    by_hand = (
        suggest(["Nama Usaha", "Entah", "Yang perlu diperbaiki"])
        .assign("Entah", "machines")
        .assign("Yang perlu diperbaiki", "finance")
    )

    on_sheet = by_hand.carried_over([*kept, "Nama Usaha", "Entah", "Yang perlu diperbaiki *"])

    assert {field: column.heading for field, column in on_sheet.fields.items()} == {
        "name": "Nama Usaha", "machines": "Entah", "finance": "Yang perlu diperbaiki *",
    }  # fmt: skip
    assert on_sheet.carried_over(["Entah", "Nama Usaha", "Yang perlu diperbaiki"]).fields == by_hand.fields


def test_choices_are_not_carried_over_to_other_headings():
    assert suggest(["Nama Usaha", "Entah"]).carried_over(["Nama Usaha", "Entah", "TK"]) is None
