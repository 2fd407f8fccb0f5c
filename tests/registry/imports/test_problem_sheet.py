import io

import fastexcel
import polars as pl
import pytest
from django.utils.translation import override

from gebyar.registry.imports import Cleaner, Options, describe, open_table, problem_sheet, rows_of, suggest
from gebyar.registry.imports.problems import as_bytes, counts
from gebyar.registry.imports.samples import CSV_NAME, XLSX_NAME, write_samples


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"))


def work_through(path, region):
    reader = open_table(path)
    mapping = suggest(reader.headers)
    mapping.check(reader.headers)
    options = Options(data_year=2024, this_year=2026, default_region=region)
    [chunk] = reader.chunks()
    return reader, mapping, Cleaner(mapping, options, reader.sample()).clean(chunk)


def found(result):
    return [(row, field, reason) for row, field, _, reason, *_ in result.problems.rows()]


def test_the_workbook_of_bantul_has_its_faults_and_no_others(samples):
    workbook, _ = samples
    _, _, result = work_through(workbook, "34.02")
    assert workbook.name == XLSX_NAME
    assert (result.good.height, result.refused) == (197, 2)
    assert found(result) == [
        (13, "nib", "nib_scientific"), (20, "workers_male", "number_range"), (28, "investment", "unit_twice"),
        (35, "village", "region_not_found"), (41, "kbli_code", "kbli_short"), (56, "name", "name_missing"),
        (92, "nib", "nib_filler"), (99, "phone", "phone_form"), (112, "nib_issued_on", "date_impossible"),
        (158, "nib", "nib_joined"), (158, "owner_name", "nib_contradicts"),
    ]  # fmt: skip


def test_the_csv_of_sleman_has_its_faults_and_no_others(samples):
    _, table = samples
    _, _, result = work_through(table, "34.04")
    assert table.name == CSV_NAME
    assert (result.good.height, result.refused) == (199, 1)
    assert found(result) == [
        (25, "workers", "workers_do_not_add_up"), (33, "regency", "region_not_found"), (40, "nib", "nib_form"),
        (47, "data_year", "year_in_future"), (61, "phone", "phone_form"),
        (76, "production_value", "production_below_materials"), (84, "workers_female", "not_a_number"),
        (98, "raw_material_value", "per_shorter_period"),
    ]  # fmt: skip
    by_row = result.good.select("row", "name", "investment").rows_by_key("row", unique=True)
    assert by_row[6][0] == "Café Kopi Menoreh – é"
    assert (by_row[12][1], by_row[19][1]) == (1_250_000, 2_500_000_000)


def test_the_sheet_puts_each_problem_beside_the_original_row(samples):
    reader, mapping, result = work_through(samples[1], "34.04")
    originals = rows_of(reader, result.problems["row"])
    sheet = problem_sheet(result.problems, originals, mapping)
    assert sheet.columns[4:] == list(reader.headers)
    row = sheet.row(1)
    assert row[:2] == (33, "baris tidak diambil / row left out")
    assert row[3] == (
        "Kab/Kota “Slemann”: No region of this name is there. Correct the spelling. Nearest: Kabupaten Sleman (34.04)."
    )
    assert row[4 + reader.headers.index("Kab/Kota")] == "Slemann"


def test_a_row_with_several_problems_stands_in_the_sheet_once_what_keeps_it_out_first(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Nama Usaha,Kab/Kota,Telepon,NIB\nBatik,Bantul,12,123\n,Bantul,34,\nTenun,Bantul,0274123456,\n")
    reader, mapping, result = work_through(path, "34.02")

    sheet = problem_sheet(result.problems, rows_of(reader, result.problems["row"]), mapping)

    told = {
        row[0]: (row[1].split(" / ")[1], [line.partition(":")[0] for line in row[3].split("\n")])
        for row in sheet.rows()
    }
    assert told == {
        2: ("please check", ["Telepon “12”", "NIB “123”"]),
        3: ("row left out", ["Nama Usaha", "Telepon “34”"]),
    }


def test_the_sheet_is_the_same_in_whatever_language_it_is_asked_for(samples):
    reader, mapping, result = work_through(samples[1], "34.04")
    originals = rows_of(reader, result.problems["row"])
    sheets = []
    for language in ("id", "en"):
        with override(language):
            sheets.append(problem_sheet(result.problems, originals, mapping))
    assert sheets[0].equals(sheets[1])


def test_the_sheet_comes_back_from_workbook_and_csv(samples):
    reader, mapping, result = work_through(samples[1], "34.04")
    sheet = problem_sheet(result.problems, rows_of(reader, result.problems["row"]), mapping)
    texts = sheet.with_columns(pl.all().cast(pl.String))
    book = fastexcel.read_excel(as_bytes(sheet, "xlsx")).load_sheet(0, dtypes="string").to_polars()
    table = pl.read_csv(io.BytesIO(as_bytes(sheet, "csv")), separator=";", infer_schema=False)
    assert book.columns == table.columns == texts.columns
    assert book.rows() == table.rows() == texts.rows()


def test_a_formula_in_a_list_is_disarmed(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text('Nama Usaha,TK L\n"=HYPERLINK(""http://a.id"")",-5\n')
    reader, mapping, result = work_through(path, "34.02")
    sheet = problem_sheet(result.problems, rows_of(reader, [2]), mapping)
    assert b"'=HYPERLINK" in as_bytes(sheet, "csv")
    assert b";-5" in as_bytes(sheet, "csv")
    book = fastexcel.read_excel(as_bytes(sheet, "xlsx")).load_sheet(0, dtypes="string").to_polars()
    assert book["Nama Usaha"].to_list() == ['=HYPERLINK("http://a.id")']


def test_problems_are_counted_by_reason(samples):
    _, _, result = work_through(samples[0], "34.02")
    counted = list(counts(result.problems))
    assert sum(number for _, _, number in counted) == result.problems.height
    assert ("nib_scientific", "error", 1) in counted


@pytest.mark.parametrize(("language", "amount"), [("id", "Rp 259.694.000"), ("en", "Rp 259,694,000")])
def test_amounts_in_the_words_are_written_as_the_language_does(language, amount):
    with override(language):
        words, _remedy = describe("production_below_materials", '{"materials": 259694000}')

    assert f"({amount})" in words


def test_years_in_the_words_are_not_grouped():
    with override("id"):
        words, _remedy = describe("year_in_future", {"latest": 2026})

    assert "2026" in words
