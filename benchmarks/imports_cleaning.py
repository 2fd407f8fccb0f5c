"""How fast lists are read and cleaned, and in how much memory: `python -m benchmarks.imports_cleaning`.

Each case runs in a process of its own with one Polars thread: rows per second are per second of one core's
time, and memory is that of the case alone. The database part of an import is measured elsewhere.
"""

import argparse
import csv
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter
from django.conf import settings

from gebyar.reference import regions
from gebyar.registry.imports import Cleaner, Options, open_table, suggest

COLUMNS = (
    "Nama Perusahaan", "NIB", "Pemilik", "No HP", "Alamat", "Desa", "Kecamatan", "Kab/Kota", "Provinsi",
    "KBLI", "Jenis Produk", "TK L", "TK P", "Nilai Investasi", "Nilai Produksi", "Tahun Data",
)  # fmt: skip
WORDS = "Sekar Melati Tunas Sumber Sinar Mekar Karya Cahaya Mitra Berkah Jaya Abadi Makmur Mandiri".split()  # noqa: SIM905
PRODUCTS = (("Keripik", "10794"), ("Batik", "13134"), ("Mebel", "31001"), ("Sepatu", "15201"))


def villages():
    names = dict(regions.frame().select("code", "name").iter_rows())
    codes = [code for code in names if regions.level_of(code) == regions.VILLAGE]
    return [(names[code], names[code[:8]], names[code[:5]], names[code[:2]]) for code in codes]


def clean_row(number, draw, places):
    product, kbli = draw.choice(PRODUCTS)
    return [
        f"CV {draw.choice(WORDS)} {draw.choice(WORDS)} {number}", f"{1_200_000_000_000 + number * 7919:013d}",
        f"{draw.choice(WORDS)} {number % 9973}", f"0812{number % 10**8:08d}",
        f"Jl. {draw.choice(WORDS)} {number % 300}",
        *draw.choice(places), kbli, product, number % 17, number % 13, (number % 900 + 5) * 1_000_000,
        (number % 4000 + 50) * 1_000_000, 2024,
    ]  # fmt: skip


def messy_row(number, draw, places):
    row = clean_row(number, draw, places)
    rupiah = f"{row[13]:,}".replace(",", ".")
    row[11] = f"{row[11]} orang"
    row[13] = (f"Rp {rupiah},-", f"{row[13] / 1e6:g} juta".replace(".", ","), "-")[number % 3]
    row[14] = f"Rp. {row[14]:,}".replace(",", ".") + ",00"
    row[4] = f'{row[4]}, RT {number % 9} "belakang pasar"'
    row[3] = f"0812-{number % 10**4:04d}-{number % 7919:04d}"
    row[7] = row[7].replace("Kabupaten", "KAB.")
    return row


def write_csv(path, rows, make):
    draw, places = random.Random(7), villages()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(make(number, draw, places) for number in range(rows))


def write_xlsx(path, rows):
    draw, places = random.Random(7), villages()
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, COLUMNS)
        for number in range(rows):
            page.write_row(number + 1, 0, clean_row(number, draw, places))


def measure(path):
    """Read and clean one file; seconds of processor time for each, rows and peak memory."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
    began = time.process_time()
    reader = open_table(path)
    cleaner = Cleaner(suggest(reader.headers), Options(data_year=2024, this_year=2026), reader.sample())
    reading, cleaning, rows, problems = time.process_time() - began, 0.0, 0, 0
    chunks = reader.chunks()
    while True:
        began = time.process_time()
        chunk = next(chunks, None)
        reading += time.process_time() - began
        if chunk is None:
            break
        began = time.process_time()
        cleaned = cleaner.clean(chunk)
        cleaning += time.process_time() - began
        rows, problems = rows + chunk.height, problems + cleaned.problems.height
    # Linux gives kibibytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return {"rows": rows, "reading": reading, "cleaning": cleaning, "peak": peak, "problems": problems}


def measure_apart(path):
    environment = os.environ | {"POLARS_MAX_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.imports_cleaning", "--measure", str(path)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def line(name, found):
    rows = found["rows"]
    both = found["reading"] + found["cleaning"]
    return (
        f"| {name} | {rows:,} | {rows / found['reading']:,.0f} | {rows / found['cleaning']:,.0f} "
        f"| {rows / both:,.0f} | {found['peak'] / 1e6:,.0f} MB | {found['problems']:,} |"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, one thread")
    print(f"`python -m benchmarks.imports_cleaning --rows {options.rows}`\n")
    print("| list of 16 columns | rows | read rows/s | clean rows/s | both rows/s | peak memory | problems |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        cases = (
            ("clean CSV", "clean.csv", lambda path: write_csv(path, options.rows, clean_row)),
            ("messy CSV", "messy.csv", lambda path: write_csv(path, options.rows // 5, messy_row)),
            ("XLSX", "clean.xlsx", lambda path: write_xlsx(path, options.rows // 10)),
        )
        for name, file_name, write in cases:
            path = Path(folder) / file_name
            write(path)
            print(line(name, measure_apart(path)), flush=True)
            path.unlink()


if __name__ == "__main__":
    main()
