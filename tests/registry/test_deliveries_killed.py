"""An import that is ended by SIGKILL goes on where it stopped, and nobody can tell afterwards."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from tests.registry.lists import content, row, write_list

from gebyar.registry.models import Delivery, Firm

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
ROWS = 230
BUSY = "being worked on by another process"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Firms with and without NIB, some of them twice and in different chunks, and some rows with errors."""
    rows = [
        row("" if n % 41 == 7 else f"Batik {n % 170}", Alamat=f"Jl. Mawar {n % 170}", TK=str(n % 30),
            NIB=f"12345000{n % 170:05d}" if n % 3 == 0 else "", Tahun_Data=str(2022 + n % 2), Nama_Pemilik=f"Siti {n}",
            Nilai_Produksi="entah" if n % 37 == 5 else str(n * 1000), No_Sertifikat_Halal=f"ID33{n % 170:06d}")
        for n in range(ROWS)
    ]  # fmt: skip
    return write_list(rows, tmp_path_factory.mktemp("lists") / "list.csv")


def command(point, path, *more):
    settings = connection.settings_dict
    address = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}&port={settings['PORT']}"
    environment = os.environ | {
        "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }  # fmt: skip
    line = [sys.executable, "-m", "tests.registry.importing", point, "import", str(path), "--source", "Dinas Uji",
            "--as-of", "2024-12-31", *more]  # fmt: skip
    return subprocess.run(line, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def patiently(point, path, *more):
    """Run the command; the server needs a moment to notice that the process before is gone."""
    given_up = time.monotonic() + 20
    while True:
        done = command(point, path, *more)
        if BUSY not in done.stderr or time.monotonic() > given_up:
            return done
        time.sleep(0.3)


def empty():
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE registry_firm, registry_source, registry_delivery, registry_searchword, records_auditentry CASCADE"
        )


@pytest.fixture(scope="module")
def uninterrupted(path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        done = command("never", path)
        assert (done.returncode, done.stderr) == (0, "")
        found = content()
        empty()
    assert (len(found["firms"]), len(found["changes"])) == (168, 0)
    return found


@pytest.mark.parametrize("points", [["chunk 1"], ["chunk 3"], ["search"], ["end"], ["chunk 3", "chunk 1", "search"]])
def test_killed_import_ends_like_one_that_was_not(path, uninterrupted, points):
    for point in points:
        assert patiently(point, path).returncode == -signal.SIGKILL
    assert Delivery.objects.get().status != Delivery.Status.DONE

    done = patiently("never", path)

    assert (done.returncode, done.stderr) == (0, "")
    assert content() == uninterrupted


def test_import_killed_in_its_third_chunk_keeps_the_first_two(path):
    patiently("chunk 3", path)

    delivery = Delivery.objects.get()
    assert (delivery.cursor, delivery.rows_taken + delivery.rows_refused) == (101, 100)
    assert Firm.objects.exists()


def test_import_of_all_or_nothing_that_is_killed_leaves_nothing(path, tmp_path):
    whole = write_list([row(f"Batik {n}", TK="1") for n in range(ROWS)], tmp_path / "whole.csv")

    assert patiently("chunk 3", whole, "--all-or-nothing").returncode == -signal.SIGKILL
    assert Firm.objects.count() == 0

    assert patiently("never", whole, "--all-or-nothing").returncode == 0
    assert Firm.objects.count() == ROWS


# --- the command ------------------------------------------------------------------------------------------------


def test_command_tells_as_json_what_it_did(path):
    done = patiently("never", path, "--json")

    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert (told["status"], told["rows_taken"], told["rows_refused"], told["firms_new"]) == ("done", 224, 6, 168)
    again = json.loads(patiently("never", path, "--json").stdout)
    assert (again["changed"], again["firms_new"]) == (False, 168)


def test_command_checks_only_in_a_dry_run(path, tmp_path):
    sheet = tmp_path / "problems.csv"

    done = patiently("never", path, "--dry-run", "--problems", str(sheet))

    assert done.returncode == 0
    assert "224 rows are good, 6 have errors; nothing was taken in." in done.stdout
    assert "name_missing" not in sheet.read_text(encoding="utf-8-sig")
    assert len(sheet.read_text(encoding="utf-8-sig").splitlines()) == 1 + 6 + 7
    assert Firm.objects.count() == 0


def test_command_takes_back_the_mapping_it_wrote(path, tmp_path):
    mapping = tmp_path / "map.yaml"
    patiently("never", path, "--dry-run", "--save-map", str(mapping))
    mapping.write_text(mapping.read_text().replace("field: production_value", "field: sales"))

    done = patiently("never", path, "--map", str(mapping))

    assert (done.returncode, Firm.objects.filter(profiles__sales=3000).exists()) == (0, True)


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        ("%PDF-1.7", [], "is a document or picture, not a table"),
        ("Kolom\n1\n", [], "No column gives the name of the firm"),
        ("Nama Perusahaan\n\n\nA\n", ["--region", "99.99"], "99.99 is no region"),
        ("Nama Perusahaan\nA\n", ["--all-or-nothing"], "1 row has an error, so nothing was taken in"),
        ("Nama Perusahaan\nA\n", ["--as-of", "2999-01-01"], "lies in the future"),
    ],
)
def test_command_says_its_errors_in_words_and_ends_with_1(tmp_path, text, arguments, words):
    path = tmp_path / "list.csv"
    path.write_text(text)

    done = patiently("never", path, *arguments)

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert Firm.objects.count() == 0
