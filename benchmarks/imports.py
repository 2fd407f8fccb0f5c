"""Taking a list of firms into the register, as `gebyar import` does: `python -m benchmarks.imports [--rows N]`.

Makes a clean CSV of 22 columns from synthetic firms, takes it into an empty register on a database of its own, then a
second list of the same firms with a later date. Bars: 25,000 rows a second on 2 cores with validation and provenance,
and 1,000,000 rows in less than 1 GB. In the same run: saving some thousand of the rows one by one with the ORM, which
is the obvious way, and a bare COPY of the file, which is the bound.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import polars as pl

SEED = 2024
PEER_ROWS = 3_000
XLSX_ROWS = 100_000
HEADINGS = (
    "Nama Perusahaan", "Badan Usaha", "NIB", "Nama Pemilik", "No HP", "Alamat", "Desa", "Kecamatan", "Kab/Kota",
    "Provinsi", "Kode Pos", "KBLI", "Jenis Produk", "TK L", "TK P", "Nilai Investasi", "Omzet", "Nilai Produksi",
    "Nilai Bahan Baku", "Kapasitas Produksi", "Satuan", "Tahun Data",
)  # fmt: skip


# --- the list ---------------------------------------------------------------------------------------------------


def frames(rows):
    """Tables of texts as an office would write them; every second firm has a NIB."""
    from gebyar.methods.synthetic import synthesize
    from gebyar.reference import regions

    places = regions.frame().select("code", "name")
    for chunk in synthesize(rows, SEED, 50_000):
        firms = chunk.firms.join(chunk.profiles, left_on="id", right_on="firm_id")
        firms = firms.join(chunk.contacts.select("firm_id", owner="name"), left_on="id", right_on="firm_id", how="left")
        for level, length in (("desa", 13), ("kecamatan", 8), ("kota", 5), ("provinsi", 2)):
            named = places.rename({"code": level, "name": f"nama_{level}"})
            firms = firms.with_columns(pl.col("region_code").str.slice(0, length).alias(level)).join(
                named, on=level, how="left", maintain_order="left"
            )
        number = pl.col("id")
        texts = [
            pl.col("name"),
            pl.col("legal_form"),
            pl.when(number % 2 == 0).then((1_200_000_000_000 + number * 7919).cast(pl.String)),
            pl.col("owner"),
            pl.concat_str(pl.lit("0812"), (10_000_000 + number % 80_000_000).cast(pl.String)),
            pl.col("address"),
            *(pl.col(f"nama_{level}") for level in ("desa", "kecamatan", "kota", "provinsi")),
            pl.col("postal_code"),
            pl.col("kbli_code"),
            pl.col("products").list.join("; "),
            *(pl.col(c) for c in ("workers_male", "workers_female", "investment", "sales", "production_value")),
            pl.col("raw_material_value"),
            pl.col("capacity").round().cast(pl.Int64),
            *(pl.col(c) for c in ("capacity_unit", "year")),
        ]
        yield firms.select(text.alias(heading) for text, heading in zip(texts, HEADINGS, strict=True))


def write_csv(path, rows):
    with path.open("wb") as file:
        for number, frame in enumerate(frames(rows)):
            frame.write_csv(file, include_header=number == 0)


def write_xlsx(path, rows):
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        line = 1
        for frame in frames(rows):
            for cells in frame.iter_rows():
                page.write_row(line, 0, ["" if cell is None else cell for cell in cells])
                line += 1


# --- measuring --------------------------------------------------------------------------------------------------


def set_up():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gebyar.web.settings")
    django.setup()


def peak_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def backend_memory(pid):
    """Memory that a process holds for itself, without the buffers that all of PostgreSQL share; 0 where unknown."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Anonymous:"))


def processor_time(pid):
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(path, as_of):
    """Take a list in as the command does and say how long its parts took."""
    set_up()
    from django.db import connection

    from gebyar.registry.models import Delivery
    from gebyar.registry.services.deliveries import receive, take_in

    connection.ensure_connection()
    pid, highest, over = connection.connection.info.backend_pid, [0], threading.Event()

    def watch():
        while not over.wait(0.5):
            highest[0] = max(highest[0], backend_memory(pid))

    threading.Thread(target=watch, daemon=True).start()
    moments = {"begin": time.perf_counter()}
    processor, spent = time.process_time(), {}
    delivery = receive(actor=None, path=path, file_name=path.name, source_name="Bangku uji", as_of=as_of)
    moments["received"] = time.perf_counter()

    def progress(_done, _total, words):
        moments[words] = time.perf_counter()
        spent[words] = time.process_time() - processor, processor_time(pid)

    take_in(actor=None, delivery=delivery, progress=progress)
    end = time.perf_counter()
    python, server = spent["taking in"]
    over.set()
    assert delivery.status == Delivery.Status.DONE
    return {
        "rows": delivery.rows_total, "taken": delivery.rows_taken, "counts": delivery.counts,
        "receiving": moments["received"] - moments["begin"], "taking": moments["taking in"] - moments["received"],
        "search": end - moments["taking in"], "python": python, "server": server,
        "memory": peak_memory(), "server_memory": highest[0], "problems": delivery.problems.count(),
    }  # fmt: skip


def measure_rows_one_by_one(path):
    """Save the first rows with the ORM, one after the other, as an import is first written."""
    set_up()
    from django.db import transaction

    from gebyar.registry.imports import Cleaner, Options, open_table, suggest
    from gebyar.registry.models import Contact, Delivery, Firm, Profile, Source
    from gebyar.registry.services.deliveries.columns import IDENTITY, YEARLY

    table = open_table(path)
    good = Cleaner(suggest(table.headers), Options(2024, 2026), table.sample()).clean(table.sample(PEER_ROWS)).good
    source, _ = Source.objects.get_or_create(name="Bangku uji, satu per satu")
    delivery = Delivery.objects.create(source=source, as_of=date(2024, 12, 31), data_year=2024)
    began = time.perf_counter()
    for line in good.iter_rows(named=True):
        with transaction.atomic():
            said = {name: line[name] for name in IDENTITY if line[name] is not None}
            firm = Firm.objects.filter(nib=line["nib"]).first() if line["nib"] else None
            if firm is None:
                firm = Firm.objects.filter(identity_key=line["identity_key"]).first()
            if firm is None:
                firm = Firm.objects.create(**said, identity_key=line["identity_key"], delivery=delivery)
            figures = {name: line[name] for name in YEARLY if line[name] is not None}
            firm.profiles.filter(is_current=True).update(is_current=False)
            Profile.objects.create(
                firm=firm, delivery=delivery, year=line["data_year"], as_of=delivery.as_of, is_current=True, **figures
            )
            Contact.objects.get_or_create(firm=firm, role="owner", defaults={"name": line["owner_name"] or ""})
    return {"rows": good.height, "seconds": time.perf_counter() - began}


def measure_copy(path):
    """Bring the bare texts of the file into one table without keys."""
    set_up()
    from django.db import connection

    columns = ", ".join(f"c{number} text" for number in range(len(HEADINGS)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare ({columns})")
        began = time.perf_counter()
        with cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy, path.open("rb") as file:
            while block := file.read(1 << 20):
                copy.write(block)
        seconds = time.perf_counter() - began
        cursor.execute("SELECT count(*) FROM bare")
        rows = cursor.fetchone()[0]
        cursor.execute("DROP TABLE bare")
    return {"rows": rows, "seconds": seconds}


MEASURES = {
    "import": lambda path: measure(path, date(2024, 12, 31)),
    "again": lambda path: measure(path, date(2025, 12, 31)),
    "one by one": measure_rows_one_by_one,
    "copy": measure_copy,
}


def measured(name, path):
    command = [sys.executable, "-m", "benchmarks.imports", "--measure", name, str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


# --- the report -------------------------------------------------------------------------------------------------


def line(name, found):
    rows, seconds = found["rows"], found["receiving"] + found["taking"]
    print(
        f"| {name} | {rows:,} | {seconds:.1f} | **{rows / seconds:,.0f}** | {found['search']:.1f} "
        f"| {found['python']:.0f} / {found['server']:.0f} | {found['memory'] / 1e6:,.0f} MB "
        f"| {found['server_memory'] / 1e6:,.0f} MB | {found['problems']:,} |",
        flush=True,
    )


def report(rows, folder, stack):
    from gebyar.web import database

    path = folder / "list.csv"
    write_csv(path, rows)
    stack.enter_context(database.running(folder / "home"))
    set_up()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    bound = measured("copy", path)
    print(
        "| list | rows | seconds | rows/s | search after it, s | processor s, Python / PostgreSQL | Python at most "
        "| PostgreSQL at most | problems |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    )
    line("CSV, all firms new", measured("import", path))
    line("the same firms a year later", measured("again", path))
    if rows >= XLSX_ROWS:
        book = folder / "list.xlsx"
        write_xlsx(book, XLSX_ROWS)
        line("XLSX, a year later", measured("again", book))
    peer = measured("one by one", path)
    speed = peer["rows"] / peer["seconds"]
    print(
        f"\nSaved one by one with the ORM: {speed:,.0f} rows/s over {peer['rows']:,} rows of the same list, "
        f"so {rows:,} would take {rows / speed / 60:,.0f} minutes (extrapolated).\n"
        f"Bare COPY of the file as text, the bound: {bound['rows'] / bound['seconds']:,.0f} rows/s."
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        name, path = options.measure
        print(json.dumps(MEASURES[name](Path(path))))
        return
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Command: python -m benchmarks.imports --rows {options.rows}\n")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gi-", dir="/tmp")))
        os.environ["GEBYAR_HOME"] = str(folder / "home")
        (folder / "home").mkdir()
        report(options.rows, folder, stack)


if __name__ == "__main__":
    main()
