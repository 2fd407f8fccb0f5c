"""Office lists in several styles, made from firms whose truth is known."""

import csv
import io

import xlsxwriter

from gebyar.registry.imports.samples import made_up_firms

HEADINGS = [
    "Nama Perusahaan",
    "NIB",
    "Desa",
    "Kecamatan",
    "Kab/Kota",
    "Provinsi",
    "TK L",
    "TK P",
    "Nilai Investasi",
]


def truth(number, seed=1):
    """Firms of Bantul, and what the register should know of each after a faultless import."""
    firms = made_up_firms(number, seed)
    facts = [(firm.name, firm.nib, firm.male, firm.female, firm.investment) for firm in firms]
    return firms, facts


def plain_cells(firm):
    return [
        firm.name, firm.nib, firm.village, firm.district, "Kab. Bantul", "DI Yogyakarta", str(firm.male),
        str(firm.female), str(firm.investment),
    ]  # fmt: skip


def csv_text(rows, separator=",", headings=HEADINGS):
    target = io.StringIO()
    csv.writer(target, delimiter=separator, lineterminator="\r\n").writerows([headings, *rows])
    return target.getvalue()


def decorated_rows(firms):
    """The list as a printed page: title, merged headings, numbering, subtotal, headings again, total."""
    upper = [
        "No",
        "Nama Perusahaan",
        "NIB",
        "Lokasi",
        "",
        "",
        "",
        "Tenaga Kerja",
        "",
        "Nilai Investasi (Rp. 000)",
    ]
    lower = ["", "", "", "Desa", "Kecamatan", "Kab/Kota", "Provinsi", "L", "P", ""]
    numbering = [f"({number})" for number in range(1, 11)]
    data = [
        [str(number), *plain_cells(firm)[:8], str(firm.investment // 1000)]
        for number, firm in enumerate(firms, start=1)
    ]
    half = len(data) // 2
    blank = [""] * 10
    subtotal = ["", "Jumlah Kec. Sewon", "", "", "", "", "", "9", "9", ""]
    return [
        ["DAFTAR IKM KABUPATEN BANTUL", *blank[1:]], ["TAHUN 2024", *blank[1:]], blank, upper, lower, numbering,
        *data[:half], subtotal, blank, upper, lower, numbering, *data[half:], ["JUMLAH", *blank[1:7], "99", "99", "1"],
    ]  # fmt: skip


def write_workbook(path, rows, first_sheet=("Petunjuk", [["Cara mengisi"]])):
    with xlsxwriter.Workbook(path) as book:
        for name, cells in (first_sheet, ("Data", rows)):
            page = book.add_worksheet(name)
            for number, row in enumerate(cells):
                for column, cell in enumerate(row):
                    if cell != "":
                        page.write(number, column, cell)
