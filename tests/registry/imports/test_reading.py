import csv
import datetime as dt
import io

import pytest
import xlsxwriter
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.registry.imports.messy import (
    HEADINGS,
    csv_text,
    decorated_rows,
    plain_cells,
    truth,
    write_workbook,
)

from gebyar.registry.imports import UnreadableTable, open_table, reading
from gebyar.registry.imports.layout import find_layout, is_numbering
from gebyar.registry.imports.reading import EXTRA, CsvReader

ROWS = [["Café Ménoreh", "1"], ["Toko B", "2"]]


def read_all(path, rows=50_000, **options):
    return [row for chunk in open_table(path, **options).chunks(rows) for row in chunk.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_is_read_in_every_dialect(tmp_path, encoding, separator):
    path = tmp_path / "list.csv"
    rows = [["Café Ménoreh", "1", "Jl. Mawar"], *([f"Toko {n}", str(n), "Jl. Melati"] for n in range(40))]
    path.write_bytes(csv_text(rows, separator, ["Nama Perusahaan", "TK", "Alamat"]).encode(encoding))
    reader = open_table(path)
    assert reader.headers == ("Nama Perusahaan", "TK", "Alamat")
    assert read_all(path) == [(number, *row) for number, row in enumerate(rows, start=2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("end", [True, False])
@pytest.mark.parametrize("above", [[], ["sep=,"], ["Daftar IKM", "Tahun 2024"]])
def test_rows_of_a_csv_are_counted_without_the_headings(tmp_path, encoding, newline, end, above):
    path = tmp_path / "list.csv"
    lines = [*above, "Nama Perusahaan,TK", *(f"Toko {n},{n}" for n in range(1, 8))]
    path.write_bytes((newline.join(lines) + newline * end).encode(encoding))
    reader = open_table(path)
    assert (reader.headers, reader.estimated_rows) == (("Nama Perusahaan", "TK"), 7)


def test_an_accent_far_behind_the_start_still_tells_the_encoding(tmp_path):
    path = tmp_path / "list.csv"
    rows = [[f"Toko {number}", "1"] for number in range(300_000)] + [["Café", "1"]]
    path.write_bytes(csv_text(rows, ";", ["Nama Usaha", "TK"]).encode("cp1252"))
    assert read_all(path)[-1] == (300_002, "Café", "1")


def test_the_separator_line_of_spreadsheets_is_not_counted_as_a_row(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("sep=;\nNama Usaha;TK\nA;1\n")
    assert read_all(path) == [(2, "A", "1")]


def test_line_breaks_and_stray_quotes_keep_rows_apart(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text('Nama Usaha,Alamat,TK\n"A","Jl. 1\nlantai 2",1\nB,pipa 5" besar,2\nC,"kata ""dalam"" petik",3\n')
    assert read_all(path) == [
        (2, "A", "Jl. 1\nlantai 2", "1"),
        (3, "B", 'pipa 5" besar', "2"),
        (4, "C", 'kata "dalam" petik', "3"),
    ]


def reader_of(*headings):
    """A reader of comma-separated text without a file."""
    reader = CsvReader.__new__(CsvReader)
    reader.dialect = reading.Dialect("utf-8", ",", 0)
    reader.layout = find_layout([headings])
    return reader


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.text(alphabet='ab,;"\n é', max_size=6)] * 3), min_size=1, max_size=6),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_cells_quoted_by_the_rules_are_read_in_blocks(rows, quoting):
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator="\n").writerows(rows)
    block = text.getvalue().encode()

    assert reading._is_regular(block, ",")
    found = reader_of("A", "B", "C")._regular_frame(block).drop(EXTRA).rows()
    assert [tuple(cell or "" for cell in row) for row in found] == rows


@settings(max_examples=500, deadline=None)
@given(text=st.text(alphabet='ab,"\n', min_size=1, max_size=24))
def test_blocks_count_as_regular_only_where_readers_agree(text):
    def filled(rows):
        padded = [[*("" if cell is None else cell for cell in row), *[""] * 5][:5] for row in rows]
        return [row for row in padded if any(row)]

    if reading._is_regular(text.encode(), ","):
        expected = filled(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert filled(reader_of("A", "B", "C", "D")._regular_frame(text.encode()).rows()) == expected


def test_quotes_that_begin_late_change_nothing_before_or_after(tmp_path):
    plain = [[f"Toko {number}", "Jl. Mawar", "1"] for number in range(400_000)]
    rows = [*plain, ["A, B", "dua\r\nbaris", "2"], *plain[:10]]
    path = tmp_path / "list.csv"
    path.write_text(csv_text(rows, ",", ["Nama Usaha", "Alamat", "TK"]), newline="")
    assert read_all(path) == [(number, *row) for number, row in enumerate(rows, start=2)]


cells = st.text(alphabet='ab ",;\n5', max_size=6)


@given(
    st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=30),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_blocks_of_any_size_read_what_a_record_by_record_reader_reads(tmp_path, monkeypatch, records, quoting):
    path = tmp_path / "list.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file, quoting=quoting)
        writer.writerows([["Nama Perusahaan", "Alamat", "Kecamatan"], *records])
    # Cells full of semicolons can look more like a table than the commas do; blocks are what is tested here.
    assume(CsvReader(path).dialect.separator == ",")
    with path.open(newline="") as file:
        expected = [row for row in list(csv.reader(file))[1:] if row]
    for characters in (1, 7, 1000):
        monkeypatch.setattr(reading, "_BLOCK_CHARACTERS", characters)
        frames = CsvReader(path)._frames()
        found = [list(row[:3]) for frame in frames for row in frame.rows()]
        assert [[cell or "" for cell in row] for row in found] == expected


def test_chunks_bound_rows_and_keep_row_numbers(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(csv_text([[f"Toko {number}", "1"] for number in range(25)], headings=["Nama Usaha", "TK"]))
    chunks = list(open_table(path).chunks(10))
    assert [chunk.height for chunk in chunks] == [10, 10, 5]
    assert [chunk["row"][0] for chunk in chunks] == [2, 12, 22]


def test_short_rows_are_filled_and_long_rows_show_their_extra_cell(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Nama Usaha;Alamat;TK\nA;Jl. 1\nB;Jl. 2; No. 3;4\n")
    [chunk] = open_table(path).chunks()
    assert chunk.columns == ["row", "Nama Usaha", "Alamat", "TK", EXTRA]
    assert chunk.rows() == [(2, "A", "Jl. 1", None, None), (3, "B", "Jl. 2", " No. 3", "4")]


def decorated_expectation(firms):
    """Rows stand behind 6 lines at the top; subtotal, blank, headings and numbering stand in the middle."""
    half = len(firms) // 2
    return [
        (number + 6 + (0 if number <= half else 5), firm.name, firm.nib) for number, firm in enumerate(firms, start=1)
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_titles_merged_headings_totals_and_repeats_are_told_from_data(tmp_path, kind):
    firms, _facts = truth(12)
    rows = decorated_rows(firms)
    path = tmp_path / f"list.{kind}"
    if kind == "csv":
        path.write_text(csv_text(rows[1:], ";", rows[0]))
    else:
        write_workbook(path, rows)
    reader = open_table(path)
    assert reader.headers == (
        "No", "Nama Perusahaan", "NIB", "Lokasi Desa", "Lokasi Kecamatan", "Lokasi Kab/Kota", "Lokasi Provinsi",
        "Tenaga Kerja L", "Tenaga Kerja P", "Nilai Investasi (Rp. 000)",
    )  # fmt: skip
    assert reader.titles == ("DAFTAR IKM KABUPATEN BANTUL", "TAHUN 2024")
    [chunk] = reader.chunks()
    assert chunk.select("row", "Nama Perusahaan", "NIB").rows() == decorated_expectation(firms)


def test_the_sheet_with_the_data_is_chosen_or_named(tmp_path):
    path = tmp_path / "list.xlsx"
    firms, _facts = truth(3)
    write_workbook(path, [HEADINGS, *map(plain_cells, firms)])
    reader = open_table(path)
    assert (reader.sheets, reader.sheet, reader.estimated_rows) == (("Petunjuk", "Data"), "Data", 3)
    assert open_table(path, sheet="Petunjuk").sheet == "Petunjuk"
    with pytest.raises(UnreadableTable, match="Lembar"):
        open_table(path, sheet="Lembar")


def test_cells_of_a_workbook_come_as_a_person_reads_them(tmp_path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(2, 0, ["Nama Usaha", "NIB", "TK", "Tgl Izin", "Omzet"])
        page.write_row(3, 0, ["A", 9120012345678, 12.0])
        page.write_datetime(3, 3, dt.date(2021, 3, 3), book.add_format({"num_format": "d/m/yy"}))
        page.write_formula(3, 4, "=1/0", None, "#DIV/0!")
    assert read_all(path) == [(4, "A", "9120012345678", "12", "2021-03-03 00:00:00", None)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong|empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "kosong|empty|no rows|baris"),
        (b"<html><table><tr><td>Nama</td></tr></table></html>", "web"),
        (b"%PDF-1.7 ...", "dokumen|document"),
        (b"PK\x03\x04 not really a workbook", "XLSX"),
        (b";;;\n;;;\n", "kosong|empty"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_plain_words(tmp_path, content, words):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableTable, match=words):
        open_table(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnreadableTable):
        open_table(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["(1)", "(2)", "(3)"], True),
        (["1", "2", "3", None], True),
        (["1", "CV A", "3"], False),
        (["1", "2"], False),
        (["5", "9", "7"], False),
    ],
)
def test_a_numbering_row_counts_the_columns(row, expected):
    assert is_numbering(row) is expected


def test_a_firm_whose_name_begins_like_a_total_stays_a_firm(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Nama Usaha;Alamat;TK;Omzet\nTotal Jaya;;;\nJumlah Desa Sewon;;;9\nTOTAL;;;9\n")
    assert [row[:2] for row in read_all(path)] == [(2, "Total Jaya")]


def test_unknown_headings_are_taken_from_the_first_full_row():
    layout = find_layout([["Laporan", None, None], ["aa", "bb", "cc"], ["1", "2", "3"]])
    assert (layout.headers, layout.first, layout.last) == (("aa", "bb", "cc"), 1, 1)


def test_nameless_and_repeated_headings_become_distinct():
    layout = find_layout([["Nama Usaha", None, "TK", "TK"], ["A", "x", "1", "2"]])
    assert layout.headers == ("Nama Usaha", "Kolom 2", "TK", "TK (2)")


def test_a_table_may_be_read_twice(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(csv_text(ROWS, headings=["Nama Usaha", "TK"]), encoding="utf-8")
    reader = open_table(path)
    first, second = (io.StringIO(str([chunk.rows() for chunk in reader.chunks()])).getvalue() for _ in range(2))
    assert first == second
    assert reader.sample(1).rows() == [(2, "Café Ménoreh", "1")]
