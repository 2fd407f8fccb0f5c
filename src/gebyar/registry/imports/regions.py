"""From the names or codes of places in a list to one Kemendagri code, as deep as it is sure."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from dataclasses import field as with_default
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from gebyar.reference import regions as reference
from gebyar.reference.regions import DISTRICT, PROVINCE, REGENCY, VILLAGE, Level
from gebyar.registry.imports.columns import as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COLUMNS = ("province", "regency", "district", "village", "region_code")
# A list of a million misspelt villages must not fill the memory.
_MOST_REMEMBERED = 100_000
_AROUND = ("province", "regency", "district")
_LEVEL_FIELDS: dict[Level, str] = {
    PROVINCE: "province",
    REGENCY: "regency",
    DISTRICT: "district",
    VILLAGE: "village",
}

# Regencies renamed by government regulation; lists still carry the old name.
_RENAMED = {
    "Kabupaten Toba Samosir": "12.12",  # PP 14/2020: Toba
    "Kabupaten Sawahlunto Sijunjung": "13.03",  # PP 25/2008: Sijunjung
    "Kabupaten Pontianak": "61.02",  # PP 58/2014: Mempawah
    "Kabupaten Selayar": "73.01",  # PP 59/2008: Kepulauan Selayar
    "Kota Ujung Pandang": "73.71",  # PP 86/1999: Makassar
    "Kabupaten Polewali Mamasa": "76.04",  # PP 74/2005: Polewali Mandar
    "Kabupaten Mamuju Utara": "76.01",  # PP 61/2017: Pasangkayu
    "Kabupaten Maluku Tenggara Barat": "81.03",  # PP 2/2019: Kepulauan Tanimbar
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one named place."""

    field: str
    value: str
    reason: str
    parameters: dict[str, Any] = with_default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The code found, None if not even the province is sure, and what was odd on the way."""

    code: str | None
    faults: tuple[Fault, ...] = ()


@cache
def _index() -> dict[tuple[str, str], tuple[str, ...]]:
    """Codes by (code of a surrounding region, key of a name); "" surrounds all.

    Regencies stand under their province, the province before the Papua split and "", with and without the
    word Kabupaten or Kota. Villages stand elsewhere: most lists need few of the 83,000 here.
    """
    index: dict[tuple[str, str], set[str]] = {}
    for level in (PROVINCE, REGENCY, DISTRICT):
        for code, keys in _keys_of(level):
            for parent in _parents(code, level):
                for key in keys:
                    index.setdefault((parent, key), set()).add(code)
    return {entry: tuple(sorted(codes)) for entry, codes in index.items()}


@cache
def _keyed_villages() -> pl.DataFrame:
    villages = reference.frame().filter(pl.col("level") == VILLAGE)
    return villages.select("parent_code", "code", key=reference.name_key_expression(pl.col("name"), VILLAGE))


@cache
def _villages_around() -> dict[str, tuple[list[str], list[str]]]:
    """Keys and codes of villages, by the code of their district and by that of their regency."""
    around = [_keyed_villages().with_columns(around=pl.col("code").str.slice(0, length)) for length in (8, 5)]
    grouped = pl.concat(around).group_by("around").agg("key", "code")
    return {code: (keys, codes) for code, keys, codes in grouped.iter_rows()}


@lru_cache(maxsize=1000)
def _villages_of(parent: str) -> dict[str, tuple[str, ...]]:
    """Codes of the villages of a district or regency by the key of their name."""
    found: dict[str, tuple[str, ...]] = {}
    for code, key in sorted((code, key) for key, code in zip(*_villages_around().get(parent, ([], [])), strict=True)):
        found[key] = (*found.get(key, ()), code)
    return found


@cache
def _village_table() -> pl.DataFrame:
    """Villages by district: parent_code, key, code; without keys that stand twice in one district."""
    return _keyed_villages().filter(pl.struct("parent_code", "key").is_unique())


@cache
def _former_provinces() -> dict[str, str]:
    split = reference.split_provinces()
    return dict(zip(split["code"], split["old_province_code"], strict=True))


def _parents(code: str, level: Level) -> list[str]:
    if level == PROVINCE:
        return [""]
    if level == REGENCY:
        former = _former_provinces().get(code)
        return ["", code[:2], *([former] if former else [])]
    return [code[:5]]


def _keys_of(level: Level) -> Iterable[tuple[str, list[str]]]:
    table = reference.frame().filter(pl.col("level") == level)
    keyed = table.select("code", "kind", key=reference.name_key_expression(pl.col("name"), level))
    renamed = {code: reference.name_key(name, REGENCY) for name, code in _RENAMED.items()}
    for code, kind, key in keyed.iter_rows():
        if level == REGENCY:
            own = _regency_keys(key, kind)
            yield code, [*own, *(_regency_keys(renamed[code], kind) if code in renamed else [])]
        elif level == PROVINCE:
            yield (
                code,
                [key, *(reference.name_key(alias, PROVINCE) for alias in reference.province(code).aliases)],
            )
        else:
            yield code, [key]


def _regency_keys(key: str, kind: str) -> list[str]:
    word = "kota" if kind == "city" else "kabupaten"
    bare = key.removeprefix(word).removeprefix("administrasi")
    return [f"{word}{bare}", bare]


@lru_cache(maxsize=100_000)
def _key(text: str, level: Level) -> str:
    return reference.name_key(text, level)


def _find(parent: str, text: str, level: Level) -> tuple[str, ...]:
    key = _key(text, level)
    if level == VILLAGE:
        return _villages_of(parent).get(key, ())
    found = _index().get((parent, key), ())
    return tuple(code for code in found if reference.level_of(code) == level)


def _near(parent: str, text: str, level: Level) -> list[str]:
    key = reference.name_key(text, level)
    names = (
        _villages_of(parent)
        if level == VILLAGE
        else {known: codes for (around, known), codes in _index().items() if around == parent}
    )
    siblings = {known: codes[0] for known, codes in names.items() if len(codes) == 1}
    same_level = [known for known, code in siblings.items() if reference.level_of(code) == level]
    return [_label(siblings[known]) for known in difflib.get_close_matches(key, same_level, n=3, cutoff=0.7)]


def _label(code: str) -> str:
    return f"{reference.name(code)} ({code})"


def _ambiguous_or_unknown(level: Level, text: str, parent: str, found: Sequence[str]) -> Fault:
    if found:
        return Fault(_LEVEL_FIELDS[level], text, "region_ambiguous", {"candidates": [_label(code) for code in found]})
    return Fault(_LEVEL_FIELDS[level], text, "region_not_found", {"candidates": _near(parent, text, level)})


def _inherited(code: str, default: str, level: Level) -> str:
    """The default's region of this level if it lies in the region found so far, otherwise that region."""
    if reference.level_of(default) < level:
        return code
    deeper = ".".join(default.split(".")[:level])
    return deeper if deeper.startswith(code) else code


def _candidates(code: str, level: Level, names: dict[Level, str | None]) -> tuple[str, ...]:
    text = names[level] or ""
    found = _find(code, text, level)
    # A list about one regency may hold a firm from across the border, without naming the province.
    if not found and level == REGENCY and names[PROVINCE] is None:
        return _find("", text, level)
    return found


def _is_reachable(code: str, level: Level) -> bool:
    """Whether names of this level are told apart below the region found so far."""
    depth = reference.level_of(code) if code else 0
    return level <= REGENCY or depth == level - 1 or (level == VILLAGE and depth == REGENCY)


def _by_names(names: dict[Level, str | None], default: str) -> Answer:
    """Walk down from the province; a level that is not named is taken from the default or skipped."""
    code = ""
    faults: list[Fault] = []
    for level in (PROVINCE, REGENCY, DISTRICT, VILLAGE):
        text = names[level]
        if text is None:
            code = _inherited(code, default, level) if default else code
            continue
        if not _is_reachable(code, level):
            break
        found = _candidates(code, level, names)
        if len(found) == 1:
            code = found[0]
            continue
        faults.append(_ambiguous_or_unknown(level, text, code, found))
        # A misspelt province does not hinder a regency whose name exists once in the country.
        if level != PROVINCE:
            break
    return Answer(code or None, tuple(faults))


def dotted(text: str) -> str | None:
    """A region code with dots, whatever it was written with; None if its length is that of no level."""
    digits = "".join(character for character in text if character.isdigit())
    lengths = {2: (2,), 4: (2, 4), 6: (2, 4, 6), 10: (2, 4, 6, 10)}.get(len(digits))
    if lengths is None or any(not (character.isdigit() or character in ". '-") for character in text):
        return None
    return ".".join(digits[start:end] for start, end in zip((0, *lengths[:-1]), lengths, strict=True))


def _by_code(text: str) -> Answer:
    code = dotted(text)
    if code is None:
        # BPS numbers districts with seven digits (2+2+3), Kemendagri with six.
        reason = "region_code_bps" if len("".join(filter(str.isdigit, text))) == 7 else "region_code_form"
        return Answer(None, (Fault("region_code", text, reason),))
    current = reference.current_code(code)
    if current is None:
        return Answer(None, (Fault("region_code", text, "region_code_unknown"),))
    lost = reference.level_of(current) < reference.level_of(code)
    return Answer(
        current,
        (Fault("region_code", text, "region_code_shortened", {"kept": _label(current)}),) if lost else (),
    )


def resolve(
    province: str | None,
    regency: str | None,
    district: str | None,
    village: str | None,
    region_code: str | None,
    *,
    default: str = "",
) -> Answer:
    """Find one region from what a row says of it.

    Names win over a code that says something else: four digits may be a code of BPS, whose numbers stand for
    other regencies in many provinces.

    Parameters
    ----------
    province, regency, district, village
        Names in any spelling, None where the list says nothing.
    region_code
        Kemendagri code with or without dots, of today or before the Papua split.
    default
        Code of the region that the list is about; fills levels that are not named.
    """
    names: dict[Level, str | None] = {
        PROVINCE: province,
        REGENCY: regency,
        DISTRICT: district,
        VILLAGE: village,
    }
    if region_code is None:
        return _by_names(names, default)
    by_code = _by_code(region_code)
    if not any(names.values()):
        return by_code
    by_names = _by_names(names, default)
    return _reconcile(by_code, by_names, region_code, names)


def _reconcile(by_code: Answer, by_names: Answer, text: str, names: dict[Level, str | None]) -> Answer:
    if by_code.code is None:
        return Answer(by_names.code, (*by_code.faults, *by_names.faults)) if by_names.code else by_code
    if by_names.code is None:
        return by_code
    if reference.contains(by_names.code, by_code.code):
        return by_code
    if reference.contains(by_code.code, by_names.code):
        return by_names
    if names[REGENCY] and reference.level_of(by_names.code) >= REGENCY:
        told = {"code": _label(by_code.code), "names": _label(by_names.code)}
        return Answer(by_names.code, (Fault("region_code", text, "region_code_disagrees", told), *by_names.faults))
    return by_code


class Resolver:
    """:func:`resolve` with a memory: a list names the same few thousand places again and again."""

    def __init__(self, default: str = "") -> None:
        self.default = default
        self._known: dict[tuple[str | None, ...], Answer] = {}

    def answer(self, places: tuple[str | None, ...]) -> Answer:
        """The answer for (province, regency, district, village, region_code)."""
        if places not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[places] = resolve(*places, default=self.default)
        return self._known[places]

    def table(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Answers for a table with the columns COLUMNS.

        Returns
        -------
        codes, faults : polars.DataFrame
            ``codes``: COLUMNS and ``code``, one row per different place. ``faults``: COLUMNS, field, value,
            reason, parameters (JSON text), one row per fault.
        """
        places = frame.select(COLUMNS).unique()
        villages = self._villages(places)
        rest = places.join(villages, on=COLUMNS, how="anti", nulls_equal=True)
        answers = [(row, self.answer(row)) for row in rest.iter_rows()]
        found = [(*row, answer.code) for row, answer in answers]
        codes = pl.DataFrame(found, schema=dict.fromkeys([*COLUMNS, "code"], pl.String), orient="row")
        faults = [
            (*row, fault.field, fault.value, fault.reason, as_json(fault.parameters))
            for row, answer in answers
            for fault in answer.faults
        ]
        schema = dict.fromkeys([*COLUMNS, "field", "value", "reason", "parameters"], pl.String)
        return pl.concat([villages, codes]), pl.DataFrame(faults, schema=schema, orient="row")

    def _villages(self, places: pl.DataFrame) -> pl.DataFrame:
        """COLUMNS and code of the places whose village is plainly one of a district that is plainly known.

        A national list names 80,000 villages but only 7,000 districts: those are looked up one by one, the
        villages in one join.
        """
        named = places.filter(pl.col("village").is_not_null() & pl.col("region_code").is_null())
        around = named.select(_AROUND).unique()
        answers = [(row, self.answer((*row, None, None))) for row in around.iter_rows()]
        sure = [(*row, answer.code) for row, answer in answers if not answer.faults]
        districts = pl.DataFrame(sure, schema=dict.fromkeys([*_AROUND, "parent_code"], pl.String), orient="row")
        key = reference.name_key_expression(pl.col("village"), VILLAGE)
        return (
            named.with_columns(key=key)
            .join(districts, on=_AROUND, nulls_equal=True)
            .join(_village_table(), on=["parent_code", "key"])
            .select([*COLUMNS, "code"])
        )
