import datetime as dt
import json

import polars as pl
import pytest
from tests.registry.imports.messy import (
    HEADINGS,
    csv_text,
    decorated_rows,
    plain_cells,
    truth,
    write_workbook,
)

from gebyar.registry.imports import (
    GOOD_SCHEMA,
    PROBLEM_SCHEMA,
    REASONS,
    Cleaner,
    Options,
    clean,
    describe,
    identity_key,
    identity_keys,
    join_duplicates,
    open_table,
    suggest,
)
from gebyar.registry.imports.mapping import Mapping

OPTIONS = Options(data_year=2024, this_year=2026, default_region="34.02")


def cleaned(cells, options=OPTIONS, headings=None):
    """Clean rows given as dicts of field to text; the firm's name is filled in."""
    fields = list(dict.fromkeys(["name", *(field for row in cells for field in row)]))
    data = {field: [row.get(field, "Sekar Jaya" if field == "name" else None) for row in cells] for field in fields}
    chunk = pl.DataFrame(
        {"row": range(2, len(cells) + 2), **data},
        schema={"row": pl.Int64, **dict.fromkeys(fields, pl.String)},
    )
    mapping = Mapping.from_dict({"columns": {field: (headings or {}).get(field, field) for field in fields}})
    return clean(chunk, mapping, options)


def told(result):
    return [(row, field, reason, severity) for row, field, _, reason, _, severity in result.problems.rows()]


def only(result, *fields):
    return result.good.select(fields).rows()


# --- whole lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["plain csv", "windows csv", "decorated xlsx"])
def test_every_style_of_list_gives_the_same_firms(tmp_path, style):
    firms, facts = truth(30)
    if style == "decorated xlsx":
        path = tmp_path / "list.xlsx"
        write_workbook(path, decorated_rows(firms))
    else:
        path = tmp_path / "list.csv"
        text = csv_text(list(map(plain_cells, firms)), ";" if style == "windows csv" else ",")
        path.write_bytes(text.encode("cp1252" if style == "windows csv" else "utf-8"))
    reader = open_table(path)
    cleaner = Cleaner(suggest(reader.headers), OPTIONS, reader.sample())
    results = [cleaner.clean(chunk) for chunk in reader.chunks(8)]
    good = pl.concat([result.good for result in results])
    assert good.select("name", "nib", "workers_male", "workers_female", "investment").rows() == facts
    assert good["region_code"].str.starts_with("34.02.").all()
    assert sum(result.problems.height for result in results) == 0
    assert dict(good.schema) == {name: pl.Series(dtype=dtype).dtype for name, dtype in GOOD_SCHEMA.items()}


def test_a_row_is_good_or_refused_and_never_lost():
    places = [
        {"regency": "Bantul"},
        {"regency": "Bantul"},
        {"regency": "Bantul"},
        {"regency": "Bantulan"},
        {},
    ]
    facts = [{"nib": "9,1E+12"}, {"name": None}, {"nib": "9120012345671"}, {}, {}]
    cells = [place | fact for place, fact in zip(places, facts, strict=True)]
    result = cleaned(cells, Options(data_year=2024, this_year=2026, default_region="34"))
    assert result.good["row"].to_list() == [4]
    assert result.refused == 4
    assert told(result) == [
        (2, "nib", "nib_scientific", "error"),
        (3, "name", "name_missing", "error"),
        (5, "regency", "region_not_found", "error"),
        (6, "regency", "region_too_wide", "error"),
    ]


# --- single fields ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", ["-", "n/a", " – ", "tidak ada", "", "\u00a0", "NIHIL", None])
def test_a_cell_that_says_nothing_is_unknown_without_a_problem(nothing):
    result = cleaned(
        [{"workers": nothing, "investment": nothing, "phone": nothing, "address": nothing, "nib": nothing}]
    )
    assert only(result, "workers", "investment", "phone", "address", "nib") == [(None,) * 5]
    assert result.problems.height == 0


def test_texts_lose_control_characters_double_blanks_and_decomposed_accents():
    result = cleaned([{"name": "  Cafe\u0301 \x07 Jaya\t ", "address": "'Jl.  Mawar\n3"}])
    assert only(result, "name", "address") == [("Café Jaya", "Jl. Mawar 3")]


def test_a_text_that_is_too_long_is_cut_and_told():
    result = cleaned([{"name": "A" * 250}])
    assert only(result, "name") == [("A" * 200,)]
    assert told(result) == [(2, "name", "text_cut", "warning")]


@pytest.mark.parametrize(
    ("name", "cell", "form"),
    [
        ("PT. Maju Jaya", None, "PT"), ("Maju Jaya, CV", None, "CV"), ("Maju (UD)", None, "UD"), ("Koperasi Tani", None, "Koperasi"),
        ("Ptolemeus", None, None), ("Maju", "Perseorangan", "Perorangan"), ("Maju", "P.T.", "P.T."), ("Maju", "pt", "PT"),
        ("PD. Sinar", None, "PD"), ("KUB Mekar", None, "KUB"),
    ],
)  # fmt: skip
def test_the_legal_form_is_told_and_the_name_kept_as_written(name, cell, form):
    assert only(cleaned([{"name": name, "legal_form": cell}]), "name", "legal_form") == [(name, form)]


def test_products_of_one_cell_become_a_list():
    result = cleaned([{"products": "Keripik; emping/ rengginang, Keripik\nGula semut"}])
    assert only(result, "products") == [(["Keripik", "emping", "rengginang", "Gula semut"],)]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["Ya", "Tidak", "x"], [True, False, False]),
        (["v", "x", None], [True, False, None]),
        (["x", None], [True, None]),
        (["✓", "Aktif", "Tidak Aktif", "tutup"], [True, True, False, False]),
    ],
)
def test_yes_no_ticks_and_crosses_are_read_by_the_habit_of_the_column(answers, expected):
    result = cleaned([{"is_active": answer} for answer in answers])
    assert result.good["is_active"].to_list() == expected


def test_an_answer_that_is_neither_is_dropped_and_told():
    result = cleaned([{"is_active": "mungkin"}])
    assert told(result) == [(2, "is_active", "not_yes_no", "warning")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"exports": "Ya"}, (True, None)),
        ({"exports": "tidak ada"}, (False, None)),
        ({"exports": "Malaysia, Jepang"}, (True, "Malaysia, Jepang")),
        ({"exports": None, "export_countries": "Jepang"}, (True, "Jepang")),
    ],
)
def test_countries_in_the_export_column_mean_yes(row, expected):
    assert only(cleaned([row]), "exports", "export_countries") == [expected]


def test_the_unit_in_a_capacity_cell_fills_the_unit_column():
    rows = [{"capacity": "1.000 kg"}, {"capacity": "500 kg", "capacity_unit": "ton"}, {"capacity": "200"}]
    assert only(cleaned(rows), "capacity", "capacity_unit") == [(1000.0, "kg"), (500.0, "ton"), (200.0, None)]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("ada", ""), ("v", ""), ("belum", None), ("proses", None), ("ID34110000123", "ID34110000123")],
)
def test_a_certificate_may_be_there_without_a_number(cell, number):
    assert only(cleaned([{"halal_number": cell}]), "halal_number") == [(number,)]


@pytest.mark.parametrize(
    ("version", "option", "expected"), [(None, 2020, 2020), (2025, 2020, 2025), (None, 2025, 2025)]
)
def test_the_edition_of_kbli_is_that_of_the_heading_or_the_option(version, option, expected):
    options = Options(data_year=2024, this_year=2026, default_region="34.02", kbli_version=option)
    result = cleaned([{"kbli_code": "10794"}, {}], options, {"kbli_code": {"field": "kbli_code", "version": version}})
    assert only(result, "kbli_code", "kbli_version") == [("10794", expected), (None, None)]


def test_dates_years_and_email_are_typed_or_told():
    rows = [
        {"nib_issued_on": "3 Maret 2021", "started_year": "1998", "email": "A@Contoh.ID"},
        {"nib_issued_on": "31/02/2021", "started_year": "2030", "email": "bukan surel"},
    ]
    result = cleaned(rows)
    assert only(result, "nib_issued_on", "started_year", "email") == [
        (dt.date(2021, 3, 3), 1998, "a@contoh.id"),
        (None, None, None),
    ]
    assert sorted(told(result)) == [
        (3, "email", "email_form", "warning"),
        (3, "nib_issued_on", "date_impossible", "warning"),
        (3, "started_year", "year_in_future", "warning"),
    ]


def test_personal_numbers_are_masked_in_the_problems():
    result = cleaned([{"nik": "3402159905800001"}])
    assert result.problems["value"].to_list() == ["3402••••••••••••"]


# --- between fields -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "workers", "reasons"),
    [
        ({"workers_male": "3", "workers_female": "4"}, 7, []),
        ({"workers_male": "3", "workers_female": "4", "workers": "7"}, 7, []),
        ({"workers_male": "3", "workers_female": "4", "workers": "99"}, 7, ["workers_do_not_add_up"]),
        ({"workers_male": "3", "workers": "2"}, None, ["more_men_or_women_than_workers"]),
        ({"workers_male": "3", "workers": "5"}, 5, []),
    ],
)
def test_men_and_women_are_all_workers(row, workers, reasons):
    result = cleaned([row])
    assert (result.good["workers"].item(), result.problems["reason"].to_list()) == (workers, reasons)


def test_production_below_its_materials_is_told_and_kept():
    result = cleaned([{"production_value": "100", "raw_material_value": "200"}])
    assert only(result, "production_value", "raw_material_value") == [(100, 200)]
    assert told(result) == [(2, "production_value", "production_below_materials", "warning")]


def test_a_firm_that_starts_after_its_figures_is_told():
    assert told(cleaned([{"started_year": "2025"}])) == [(2, "started_year", "started_after_data", "warning")]


@pytest.mark.parametrize(
    ("row", "place", "reasons"),
    [
        ({"latitude": "-7.8", "longitude": "110.4"}, (-7.8, 110.4), []),
        ({"latitude": "110.4", "longitude": "-7.8"}, (-7.8, 110.4), ["coordinates_swapped"]),
        ({"latitude": "7.8", "longitude": "110.4"}, (None, None), ["outside_indonesia"]),
        ({"latitude": "-7.8", "longitude": None}, (None, None), ["coordinates_incomplete"]),
        ({"coordinates": "-7.8, 110.4"}, (-7.8, 110.4), []),
        ({"coordinates": "7°48'00\" LS, 110°24'00\" BT"}, (-7.8, 110.4), []),
        ({"coordinates": "lihat peta"}, (None, None), ["coordinate_form"]),
    ],
)
def test_coordinates_come_in_pairs_inside_indonesia(row, place, reasons):
    result = cleaned([row])
    assert only(result, "latitude", "longitude") == [pytest.approx(place) if place[0] else place]
    assert result.problems["reason"].to_list() == reasons


# --- places -------------------------------------------------------------------------------------------------


def test_a_wrong_village_is_a_warning_and_a_wrong_regency_an_error():
    rows = [{"district": "Sewon", "village": "Entah"}, {"regency": "Bandung", "province": "Jawa Barat"}]
    result = cleaned(rows)
    assert only(result, "row", "region_code") == [(2, "34.02.15")]
    assert told(result) == [
        (2, "village", "region_not_found", "warning"),
        (3, "regency", "region_ambiguous", "error"),
    ]
    candidates = json.loads(result.problems["parameters"][1])["candidates"]
    assert candidates == ["Kabupaten Bandung (32.04)", "Kota Bandung (32.73)"]


def test_how_deep_a_place_must_be_known_is_an_option():
    shallow = Options(data_year=2024, this_year=2026, required_level=1)
    deep = Options(data_year=2024, this_year=2026, required_level=3)
    assert only(cleaned([{"province": "Bali"}], shallow), "region_code") == [("51",)]
    assert told(cleaned([{"province": "Bali"}], deep)) == [(2, "regency", "region_too_wide", "error")]
    assert told(cleaned([{}], deep)) == [(2, "regency", "region_missing", "error")]


# --- duplicates ---------------------------------------------------------------------------------------------

NIB = "9120012345671"


def test_rows_with_the_same_nib_become_one_firm_whose_gaps_are_filled():
    rows = [
        {"nib": NIB, "phone": "081234567890"},
        {"nib": "9120012345672"},
        {"nib": NIB, "address": "Jl. Mawar"},
    ]
    result = cleaned(rows)
    assert only(result, "row", "rows", "nib", "phone", "address") == [
        (2, [2, 4], NIB, "+6281234567890", "Jl. Mawar"),
        (3, [3], "9120012345672", None, None),
    ]
    assert told(result) == [(4, "nib", "nib_joined", "warning")]
    assert json.loads(result.problems["parameters"][0]) == {"rows": [2, 4]}


def test_a_contradiction_names_both_rows_and_keeps_the_first():
    result = cleaned([{"nib": NIB, "address": "Jl. Mawar"}, {"nib": NIB, "address": "Jl. Melati"}])
    assert only(result, "address") == [("Jl. Mawar",)]
    assert told(result)[1] == (3, "address", "nib_contradicts", "warning")
    assert json.loads(result.problems["parameters"][1]) == {
        "rows": [2, 3],
        "first": "Jl. Mawar",
        "second": "Jl. Melati",
    }


def test_the_same_firm_in_two_years_stays_two_profiles():
    result = cleaned([{"nib": NIB, "data_year": "2023"}, {"nib": NIB, "data_year": "2024"}])
    assert only(result, "data_year") == [(2023,), (2024,)]
    assert result.problems.height == 0


def test_duplicates_of_different_chunks_are_joined_afterwards():
    first, second = (
        cleaned([{"nib": NIB, field: value}]).good for field, value in (("address", "Jl. A"), ("phone", "0274555123"))
    )
    second = second.with_columns(row=pl.lit(60_000, pl.Int64), rows=pl.concat_list(pl.lit(60_000, pl.Int64)))
    joined, problems = join_duplicates(pl.concat([first, second]))
    assert joined.select("row", "rows", "address", "phone").rows() == [(2, [2, 60_000], "Jl. A", "+62274555123")]
    assert problems["reason"].to_list() == ["nib_joined"]


# --- identity -----------------------------------------------------------------------------------------------


def test_the_identity_key_never_changes():
    # SELECT ('x' || encode(substr(sha256('sekarjaya|34.02|jlmawar3'), 1, 8), 'hex'))::bit(64)::bigint
    assert identity_key("CV. Sekar Jaya", "34.02.15", "Jalan Mawar No. 3") == 4354096969644214981


@pytest.mark.parametrize(
    ("name", "code", "address"),
    [
        ("SEKAR JAYA, CV", "34.02", "jln. mawar 3"),
        ("cv sekar-jaya", "34.02.15.2004", "Jl. Mawar Nomor 3"),
        ("CV. Sékar Jaya", "34.02.15", "JL MAWAR NO.3"),
    ],
)
def test_other_spellings_of_a_firm_have_the_same_key(name, code, address):
    assert identity_key(name, code, address) == identity_key("CV. Sekar Jaya", "34.02.15", "Jalan Mawar No. 3")


def test_other_firms_have_other_keys():
    frame = pl.DataFrame(
        {
            "name": ["Sekar Jaya", "Sekar Jaya", "Sekar Abadi", "Sekar Jaya"],
            "region_code": ["34.02", "34.04", "34.02", "34.02"],
            "address": ["Jl. A", "Jl. A", "Jl. A", None],
        }
    )
    assert identity_keys(frame).n_unique() == 4


# --- words --------------------------------------------------------------------------------------------------

SAMPLE_PARAMETERS = {
    "kept": "A", "candidates": ["A", "B"], "code": "A", "names": "B", "rows": [2, 3], "first": "A", "second": "B",
    "digits": 4, "version": 2020, "group": "109", "low": "1", "high": "2", "multiplier": 1000, "latest": 2026,
    "year": 2024, "longest": 200, "region": "A", "male": 1, "female": 2, "total": 4, "materials": 5,
}  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_and_a_remedy(reason):
    words, remedy = describe(reason, SAMPLE_PARAMETERS)
    assert words
    assert remedy
    assert "%(" not in words + remedy


def test_a_table_without_problems_keeps_its_columns():
    result = cleaned([{"workers": "3"}])
    assert result.problems.schema == pl.Schema(PROBLEM_SCHEMA)
    assert result.problems.height == 0


def test_shifted_rows_are_refused(tmp_path):
    path = tmp_path / "list.csv"
    rows = [plain_cells(firm) for firm in truth(5)[0]]
    rows[2].insert(1, "terselip")
    path.write_text(csv_text(rows))
    reader = open_table(path)
    result = Cleaner(suggest(HEADINGS), OPTIONS).clean(next(reader.chunks()))
    assert (4, "", "cells_shifted", "error") in told(result)
    assert 4 not in result.good["row"]
