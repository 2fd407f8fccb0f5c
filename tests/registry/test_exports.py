import csv
import io

import fastexcel
import polars as pl
import pytest
from tests.factories import person
from tests.registry.firms import make_firm, make_member, make_profile

from gebyar.accounts.models import Role
from gebyar.records.models import AuditEntry
from gebyar.registry.errors import NotYourRegion
from gebyar.registry.queries import exports
from gebyar.registry.services.exports import Format, export_firms

pytestmark = pytest.mark.django_db


@pytest.fixture
def firms():
    here = make_firm(name="=1+1", region_code="33.74.10", products=["tahu", "tempe"])
    make_profile(here, workers_male=None, workers_female=None, workers=12, investment=250_000_000, sales=None)
    bare = make_firm(name="Tanpa Angka", nib=None, region_code="33.26", kbli_code=None, kbli_version=None)
    there = make_firm(name="Di Surabaya", region_code="35.78.01")
    return here, bare, there


def read(path, kind):
    match kind:
        case Format.PARQUET:
            return pl.read_parquet(path).to_dicts()
        case Format.CSV:
            return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    return fastexcel.read_excel(path).load_sheet(1).to_polars().to_dicts()


@pytest.mark.parametrize("kind", list(Format))
def test_export_holds_the_firms_of_the_officer_s_region_only(firms, tmp_path, kind):
    path = tmp_path / "firms"

    count = export_firms(actor=person(Role.LOCAL_OFFICER, "33"), path=path, format=kind)

    rows = read(path, kind)
    assert count == 2
    assert [int(row["id"]) for row in rows] == [firms[0].pk, firms[1].pk]
    assert list(rows[0]) == [column.name for column in exports.columns()]


def test_export_keeps_facts_and_classes(firms, tmp_path):
    export_firms(actor=None, path=tmp_path / "f", format=Format.PARQUET)

    rows = read(tmp_path / "f", Format.PARQUET)
    known = {key: rows[0][key] for key in (
        "name", "nib", "province", "regency", "district", "products", "workers", "sales", "year", "source",
        "size_permenperin_64_2016", "size_bps_workers", "size_pp_7_2021_sales",
    )}  # fmt: skip
    assert known == {
        "name": "=1+1", "nib": firms[0].nib, "province": "Jawa Tengah", "regency": "Kota Semarang",
        "district": "Tembalang", "products": "tahu; tempe", "workers": 12, "sales": None, "year": 2023,
        "source": "Dinas Perindustrian Kota Semarang", "size_permenperin_64_2016": "small",
        "size_bps_workers": "small", "size_pp_7_2021_sales": "unknown: sales",
    }  # fmt: skip
    assert (rows[1]["year"], rows[1]["kbli_code"], rows[1]["size_bps_workers"]) == (None, None, "unknown: workers")
    assert len(rows) == 3


@pytest.mark.parametrize("kind", [Format.CSV, Format.XLSX])
@pytest.mark.parametrize("name", ["=1+1", "+62", "-5", "@SUM(A1)", "\tx"])
def test_export_guards_text_that_a_spreadsheet_would_run(tmp_path, kind, name):
    make_firm(name=name)

    export_firms(actor=None, path=tmp_path / "f", format=kind)

    assert read(tmp_path / "f", kind)[0]["name"] == f"'{name}"


def test_export_works_in_bounded_pieces(firms, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 2)
    told = []

    export_firms(
        actor=None, path=tmp_path / "f", format=Format.CSV, progress=lambda done, _total, _words: told.append(done)
    )

    assert told == [2, 3]
    assert len(read(tmp_path / "f", Format.CSV)) == 3


def test_export_fills_the_next_sheet_when_one_is_full(firms, tmp_path, monkeypatch):
    monkeypatch.setattr("gebyar.registry.services.exports._SHEET_ROWS", 2)

    export_firms(actor=None, path=tmp_path / "f", format=Format.XLSX)

    book = fastexcel.read_excel(tmp_path / "f")
    assert [book.load_sheet(number).to_polars().height for number in (1, 2)] == [2, 1]


def test_export_narrows_to_a_region(firms, tmp_path):
    assert export_firms(actor=None, path=tmp_path / "f", format=Format.CSV, region="33.74") == 1


def test_export_leaves_one_audit_entry(firms, tmp_path):
    officer = person(Role.LOCAL_OFFICER, "35")

    export_firms(actor=officer, path=tmp_path / "f", format=Format.CSV)

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.after) == (
        officer, "registry.export_firms", {"format": "csv", "region": "", "firms": 1},
    )  # fmt: skip


def test_export_refuses_who_is_no_officer(firms, tmp_path):
    for actor in (make_member(firms[0]), person(Role.JUDGE)):
        with pytest.raises(NotYourRegion):
            export_firms(actor=actor, path=tmp_path / "f", format=Format.CSV)
    assert not (tmp_path / "f").exists()


def test_every_column_says_what_it_means():
    assert all(str(column.meaning) for column in exports.columns())
