"""Two messy lists of made-up firms, as two offices might hand them in; for the demonstration and for tests.

No firm, person or number in them is real: names are drawn from small word lists, NIBs begin with 99.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

XLSX_NAME = "Daftar IKM Kab. Bantul 2024.xlsx"
CSV_NAME = "Data IKM Kab. Sleman 2024.csv"
XLSX_ROWS = 200
CSV_ROWS = 200

_PRODUCTS = (
    ("Keripik tempe", "10794", "kg"), ("Bakpia", "10710", "dus"), ("Batik tulis", "13134", "lembar"),
    ("Kain tenun", "13121", "meter"), ("Tas kulit", "15121", "buah"), ("Sepatu kulit", "15201", "pasang"),
    ("Meja kursi kayu", "31001", "set"), ("Gerabah", "23932", "buah"),
    ("Kerajinan perak", "32112", "buah"), ("Gula semut", "10722", "kg"),
    ("Anyaman mendong", "16291", "buah"), ("Emping melinjo", "10794", "kg"),
)  # fmt: skip
_FIRST = (
    "Sekar", "Melati", "Tunas", "Sumber", "Sinar", "Mekar", "Karya", "Cahaya", "Mitra", "Berkah",
    "Rejeki", "Wahana", "Puspa", "Lestari",
)  # fmt: skip
_SECOND = (
    "Jaya", "Abadi", "Makmur", "Sejahtera", "Mandiri", "Barokah", "Utama", "Rasa", "Nusa", "Asri",
    "Indah", "Mulya",
)  # fmt: skip
_PEOPLE = (
    "Siti", "Budi", "Agus", "Sri", "Wahyu", "Dwi", "Tri", "Endang", "Joko", "Rina", "Hendra", "Yuni",
)  # fmt: skip
_FAMILIES = (
    "Lestari", "Santoso", "Wibowo", "Rahayu", "Nugroho", "Hartono", "Utami", "Prasetyo", "Suryani",
    "Kurniawan",
)  # fmt: skip
_STREETS = (
    "Parangtritis", "Kaliurang", "Godean", "Wonosari", "Imogiri", "Magelang", "Bantul", "Samas",
)  # fmt: skip
_BANTUL = {
    "Sewon": ("Panggungharjo", "Bangunharjo", "Timbulharjo", "Pendowoharjo"),
    "Kasihan": ("Bangunjiwo", "Tirtonirmolo", "Tamantirto", "Ngestiharjo"),
    "Imogiri": ("Wukirsari", "Girirejo", "Karangtengah"),
    "Pundong": ("Seloharjo", "Panjangrejo", "Srihardono"),
}
_SLEMAN = {
    "Moyudan": ("Sumberagung", "Sumberarum", "Sumberrahayu"),
    "Godean": ("Sidoagung", "Sidoarum", "Sidoluhur"),
    "Berbah": ("Jogotirto", "Kalitirto", "Tegaltirto"),
    "Prambanan": ("Bokoharjo", "Madurejo", "Sumberharjo"),
}


@dataclass(frozen=True, slots=True)
class MadeUpFirm:
    """What is true of one firm of a made-up list; money in whole rupiah."""

    name: str
    owner: str
    street: str
    village: str
    district: str
    phone: str
    nib: str
    kbli: str
    product: str
    unit: str
    male: int
    female: int
    investment: int
    capacity: int
    production: int
    materials: int
    exports: bool
    active: bool
    started: int


def made_up_firms(number: int, seed: int, places: Mapping[str, tuple[str, ...]] | None = None) -> list[MadeUpFirm]:
    """Firms without faults; the same seed gives the same firms."""
    draw = random.Random(seed)  # noqa: S311 - no secret hangs on it
    return [_firm(draw, position, places or _BANTUL) for position in range(number)]


def _firm(draw: random.Random, position: int, places: Mapping[str, tuple[str, ...]]) -> MadeUpFirm:
    product, kbli, unit = draw.choice(_PRODUCTS)
    district = draw.choice(sorted(places))
    form = draw.choice(("", "", "", "UD ", "CV ", "PT "))
    production = draw.randrange(24, 4_800) * 500_000
    return MadeUpFirm(
        name=f"{form}{draw.choice(_FIRST)} {draw.choice(_SECOND)} {position + 1}",
        owner=f"{draw.choice(_PEOPLE)} {draw.choice(_FAMILIES)}",
        street=f"Jl. {draw.choice(_STREETS)} No. {draw.randrange(1, 200)}",
        village=draw.choice(places[district]),
        district=district,
        phone=f"0812{draw.randrange(10_000_000, 99_999_999)}",
        nib=f"99{draw.randrange(10**9):09d}{position % 100:02d}",
        kbli=kbli,
        product=product,
        unit=unit,
        male=draw.randrange(1, 12),
        female=draw.randrange(0, 15),
        investment=draw.randrange(5, 900) * 1_000_000,
        capacity=draw.randrange(100, 20_000),
        production=production,
        materials=int(production * draw.uniform(0.3, 0.7)) // 1000 * 1000,
        exports=draw.random() < 0.1,
        active=draw.random() < 0.95,
        started=draw.randrange(1985, 2024),
    )


# --- the workbook of one office -----------------------------------------------------------------------------

_XLSX_HEADINGS = (
    ("No", ""), ("Nama Perusahaan", ""), ("Pemilik", ""), ("Alamat", "Jalan"), ("", "Desa/Kel"),
    ("", "Kecamatan"), ("Telp/HP", ""), ("NIB", ""), ("KBLI", ""), ("Jenis Produk", ""),
    ("Tenaga Kerja", "L"), ("", "P"), ("Nilai Investasi", "(Rp. 000)"), ("Kapasitas Produksi", "Jumlah"),
    ("", "Satuan"), ("Nilai Produksi", "(Rp. 000)"), ("Nilai BB/BP", "(Rp. 000)"), ("Ekspor",
    "(Ya/Tidak)"), ("Aktif/Tidak", ""), ("Tgl Izin", ""),
)  # fmt: skip
_XLSX_MERGED = ((3, 5, "Alamat"), (10, 11, "Tenaga Kerja"), (13, 14, "Kapasitas Produksi"))
_HEADING_ROW = 4
_INVESTMENT = 12


def _xlsx_cells(number: int, firm: MadeUpFirm) -> list[Any]:
    return [
        number, firm.name, firm.owner, firm.street, firm.village, firm.district, firm.phone, firm.nib,
        int(firm.kbli), firm.product, firm.male, firm.female, firm.investment // 1000, firm.capacity,
        firm.unit, firm.production // 1000, firm.materials // 1000, "Ya" if firm.exports else "Tidak",
        "Aktif" if firm.active else "Tidak Aktif", dt.date(max(firm.started, 2019), 3, 14),
    ]  # fmt: skip


# (which firm, which column, what the office wrote instead)
_XLSX_FAULTS: tuple[tuple[int, int, Any], ...] = (
    (5, 7, "9,91234E+12"),
    (12, 10, "10-12"),
    (20, 12, "Rp 1.250.000,-"),
    (27, 4, "Pangungharjo"),
    (27, 5, "Sewon"),
    (33, 8, "1079"),
    (41, 6, "belum ada"),
    (48, 1, None),
    (56, 15, "tidak tahu"),
    (63, 17, "Malaysia"),
    (70, 19, "3 Maret 2021"),
    (77, 10, "4 orang"),
    (84, 7, "1111111111111"),
    (91, 6, "0274 (kantor)"),
    (99, 12, "±250.000"),
    (104, 19, "31/02/2020"),
    (118, 18, "?"),
)


def _xlsx_rows() -> list[list[Any]]:
    firms = made_up_firms(XLSX_ROWS, seed=2024)
    # One firm stands in the list twice, the second time with another owner.
    firms[150] = replace(firms[149], owner="Pemilik Baru")
    rows = [_xlsx_cells(number, firm) for number, firm in enumerate(firms, start=1)]
    # As in real lists, some firms did not say what they have invested.
    for row in rows[1::8]:
        row[_INVESTMENT] = "-"
    for position, column, wrong in _XLSX_FAULTS:
        rows[position][column] = wrong
    return rows


def _write_headings(page: Any, bold: Any) -> None:
    page.write(0, 0, "DAFTAR INDUSTRI KECIL DAN MENENGAH (DATA REKAAN)", bold)
    page.write(1, 0, "KABUPATEN BANTUL TAHUN 2024", bold)
    for column, (upper, lower) in enumerate(_XLSX_HEADINGS):
        page.write(_HEADING_ROW, column, upper, bold)
        page.write(_HEADING_ROW + 1, column, lower, bold)
        page.write(_HEADING_ROW + 2, column, f"({column + 1})")
    for first, last, text in _XLSX_MERGED:
        page.merge_range(_HEADING_ROW, first, _HEADING_ROW, last, text, bold)


def _write_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        bold = book.add_format({"bold": True, "border": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet("Petunjuk").write(0, 0, "Isi lembar IKM. Data ini rekaan.")
        page = book.add_worksheet("IKM")
        _write_headings(page, bold)
        first = _HEADING_ROW + 3
        for offset, cells in enumerate(_xlsx_rows()):
            for column, cell in enumerate(cells):
                page.write(first + offset, column, cell, day if isinstance(cell, dt.date) else None)
        page.write(first + XLSX_ROWS, 1, "JUMLAH", bold)
        page.write(first + XLSX_ROWS, 10, 1234)


# --- the CSV of another office ------------------------------------------------------------------------------

_CSV_HEADINGS = (
    "Nama IKM", "Nama Pemilik", "Alamat", "Desa", "Kec.", "Kab/Kota", "Provinsi", "No. HP/WA", "NIB",
    "Kode KBLI 2020", "Komoditi", "TK L", "TK P", "Jumlah TK", "Investasi (Rp)", "Nilai Produksi",
    "Nilai Bahan Baku", "Negara Tujuan Ekspor", "Aktif", "Tahun Berdiri", "Tahun Data",
)  # fmt: skip


def _rupiah(amount: int) -> str:
    return f"Rp {amount:,},-".replace(",", ".").replace(".-", ",-")


def _csv_cells(firm: MadeUpFirm) -> list[str]:
    return [
        firm.name, firm.owner, firm.street, firm.village, firm.district, "Kab. Sleman", "D.I. Yogyakarta",
        firm.phone, firm.nib, firm.kbli, firm.product, str(firm.male), str(firm.female),
        str(firm.male + firm.female), _rupiah(firm.investment), _rupiah(firm.production),
        _rupiah(firm.materials), "Jepang" if firm.exports else "-", "v" if firm.active else "x",
        str(firm.started), "2024",
    ]  # fmt: skip


_CSV_FAULTS: tuple[tuple[int, int, str], ...] = (
    (3, 0, "Café Kopi Menoreh – é"),
    (9, 14, "1,25 juta"),
    (16, 14, "2.5 M"),
    (22, 13, "99"),
    (30, 5, "Slemann"),
    (37, 8, "12345"),
    (44, 20, "2031"),
    (51, 9, "KBLI 10794"),
    (58, 7, "62812345"),
    (66, 5, ""),
    (73, 15, "Rp 100.000,-"),
    (81, 12, "dua orang"),
    (88, 19, "sekitar 1998"),
    (95, 16, "Rp 5 juta/bulan"),
    (102, 3, "SUMBER AGUNG"),
    (102, 4, "Kec. Moyudan"),
)


def _csv_rows() -> list[list[str]]:
    rows = [_csv_cells(firm) for firm in made_up_firms(CSV_ROWS, seed=3404, places=_SLEMAN)]
    for position, column, wrong in _CSV_FAULTS:
        rows[position][column] = wrong
    # An office's list printed page by page: headings again, and a line that is empty.
    rows.insert(100, list(_CSV_HEADINGS))
    rows.insert(150, [""] * len(_CSV_HEADINGS))
    return rows


def _write_csv(path: Path) -> None:
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Data IKM Kabupaten Sleman (data rekaan)"])
        writer.writerow(_CSV_HEADINGS)
        writer.writerows(_csv_rows())


def write_samples(folder: Path) -> tuple[Path, Path]:
    """Write both lists into a folder.

    Returns
    -------
    tuple of Path
        The workbook (headings over two lines, numbers in thousands, 200 rows) and the CSV (Windows-1252,
        semicolons, 200 rows), each with some fifteen of the faults that offices' lists have.
    """
    workbook, table = folder / XLSX_NAME, folder / CSV_NAME
    _write_workbook(workbook)
    _write_csv(table)
    return workbook, table
