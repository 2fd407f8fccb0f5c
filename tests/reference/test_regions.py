from __future__ import annotations

import subprocess
import sys
from collections import Counter

import polars as pl
import pytest

from gebyar.reference import regions
from gebyar.reference.regions import DISTRICT, PROVINCE, REGENCY, VILLAGE, Region, UnknownRegion


def test_frame_holds_the_whole_current_list():
    table = regions.frame()
    assert dict(table["level"].value_counts().iter_rows()) == {1: 38, 2: 514, 3: 7285, 4: 83762}
    assert Counter(table.filter(pl.col("level") == 2)["kind"]) == {"regency": 416, "city": 98}
    assert table["code"].is_unique().all()
    orphans = table.filter(pl.col("level") > 1).join(table, left_on="parent_code", right_on="code", how="anti")
    assert orphans.is_empty()
    assert table.filter(pl.col("level") == 4)["postal_code"].null_count() == 0


def test_provinces_have_distinct_short_names_and_the_right_time_zone():
    provinces = regions.provinces()
    assert len({province.short for province in provinces}) == len(provinces) == 38
    assert Counter(province.time_zone for province in provinces) == {"WIB": 18, "WITA": 12, "WIT": 8}
    bali = regions.province("51.02.03.2001")
    assert (bali.name, bali.short, bali.iso, bali.island, bali.zone) == (
        "Bali", "BA", "ID-BA", "Bali dan Nusa Tenggara", "Asia/Makassar",
    )  # fmt: skip


def test_province_names_differ_from_the_package_only_where_people_say_them_shorter():
    official = regions._read_package_json("wilayah")
    shorter = {p.name: official[p.code] for p in regions.provinces() if p.name != official[p.code]}
    assert shorter == {
        "DKI Jakarta": "Daerah Khusus Ibukota Jakarta",
        "DI Yogyakarta": "Daerah Istimewa Yogyakarta",
    }


def test_one_region_knows_its_surroundings():
    assert regions.region("33.74") == Region("33.74", "Kota Semarang", 2, "city", "33")
    assert regions.ancestors("33.74.10.1001") == ["33", "33.74", "33.74.10"]
    assert regions.path("33.74.10") == ["Jawa Tengah", "Kota Semarang", "Tembalang"]
    assert regions.label("33.74.10") == "Tembalang, Kota Semarang, Jawa Tengah"
    assert regions.label("31") == "DKI Jakarta"
    assert regions.parent_of("33") is None


def test_children_are_one_level_down_in_code_order():
    assert [region.code for region in regions.children()] == [province.code for province in regions.provinces()]
    assert [region.code for region in regions.children("34")] == ["34.01", "34.02", "34.03", "34.04", "34.71"]
    assert regions.children("34.71.01.1001") == []
    assert [region.code for region in regions.regencies("34")] == [
        "34.01",
        "34.02",
        "34.03",
        "34.04",
        "34.71",
    ]
    assert len(regions.regencies()) == 514


def test_contains_compares_whole_parts_of_the_code():
    assert regions.contains("33", "33.74.10")
    assert regions.contains("33.74", "33.74")
    assert not regions.contains("33.7", "33.74")
    assert not regions.contains("33.74", "33")


@pytest.mark.parametrize("code", ["", "99", "3374", "33.99", "33.74.10.9999", "33.74.10.1001.1", "33."])
def test_unknown_code_is_invalid_and_refused_in_words(code):
    assert not regions.is_valid(code)
    with pytest.raises(UnknownRegion, match="is not a region code of the current list"):
        regions.name(code)


@pytest.mark.parametrize(
    ("text", "level", "parent", "code"),
    [
        ("JATENG", PROVINCE, "", "33"),
        ("Prov. Jawa Tengah", PROVINCE, "", "33"),
        ("D.K.I. JAKARTA", PROVINCE, "", "31"),
        ("DIY", PROVINCE, "", "34"),
        ("Kodya Semarang", REGENCY, "33", "33.74"),
        ("KAB. SEMARANG", REGENCY, "33", "33.22"),
        ("Semarang", REGENCY, "33", None),
        ("Cilacap", REGENCY, "33", "33.01"),
        ("Kota Adm. Jakarta Pusat", REGENCY, "31", "31.71"),
        ("Jakarta Pusat", REGENCY, "31", "31.71"),
        ("Fakfak", REGENCY, "92", "92.03"),
        ("TANJUNGPINANG", REGENCY, "21", "21.72"),
        ("Kec. Tembalang", DISTRICT, "33.74", "33.74.10"),
        ("Kel. Meteseh", VILLAGE, "33.74.10", "33.74.10.1001"),
        ("Meteseh", VILLAGE, "33.74.11", None),
    ],
)
def test_find_reads_names_as_offices_write_them(text, level, parent, code):
    assert regions.find(text, level, parent) == code


@pytest.mark.parametrize("level", [PROVINCE, REGENCY, DISTRICT, VILLAGE])
def test_name_key_is_the_same_in_python_and_polars_and_finds_every_name(level):
    table = regions.frame().filter(pl.col("level") == level)
    keys = table.select(regions.name_key_expression(pl.col("name"), level)).to_series().to_list()
    assert keys == [regions.name_key(name, level) for name in table["name"]]
    found = table.with_columns(key=pl.Series(keys), parent=pl.col("parent_code").fill_null("")).join(
        regions.lookup(level), left_on=["parent", "key"], right_on=["parent_code", "key"], how="left"
    )
    wrong = found.filter(pl.col("code") != pl.col("code_right"))
    assert wrong.is_empty()
    doubled = found.filter(pl.col("code_right").is_null())
    assert doubled.select("parent", "key").is_duplicated().all()
    assert doubled.height == (34 if level == VILLAGE else 0)


def test_regencies_of_old_papua_are_found_under_their_new_code():
    split = regions.split_provinces()
    assert dict(split.group_by("old_province_code").len().sort("old_province_code").iter_rows()) == {
        "91": 20,
        "92": 6,
    }
    assert Counter(split["province_code"]) == {"93": 4, "94": 8, "95": 8, "96": 6}
    assert regions.current_code("91.01") == "93.01"
    assert regions.find_regency("Kab. Merauke", "91") == "93.01"
    assert regions.find_regency("Kab. Jayapura", "91") == "91.03"
    assert regions.find_regency("Kab. Merauke", "33") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("91.03", "91.03"),
        ("91", "91"),
        ("91.01.01", "93.01.01"),
        ("91.01.99", "93.01"),
        ("33.74.10.1001", "33.74.10.1001"),
        ("99.01", None),
        ("33.99.01", None),
        ("99", None),
    ],
)
def test_current_code_follows_the_split_and_keeps_the_rest(old, new):
    assert regions.current_code(old) == new


def test_importing_the_module_reads_no_data():
    script = (
        "import gebyar.reference.regions as r;"
        "print(r._upper_names.cache_info().misses + r._village_names.cache_info().misses + r.provinces.cache_info().misses)"
    )
    path = str(next(p for p in sys.path if p.endswith("src")))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONPATH": path}
    )
    assert done.stdout.strip() == "0"
