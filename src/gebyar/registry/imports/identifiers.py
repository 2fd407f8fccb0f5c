"""Numbers that stand for somebody or something: NIB, NPWP, NIK, KBLI, telephone, postal code, coordinates."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl
from lokal import parse_nik, parse_npwp, parse_phone

from gebyar.reference import kbli
from gebyar.registry.imports.cells import Cell, refused

# "8,12E+12", "8.12012E+12", "8E+12": a spreadsheet has thrown the last digits away.
_SCIENTIFIC = re.compile(r"^\s*[0-9](?:[.,][0-9]+)?\s*e\s*\+?\s*[0-9]{1,2}\s*$", re.IGNORECASE)
_THIRTEEN = re.compile(r"(?<![0-9])[0-9]{13}(?![0-9])")
_NOT_DIGITS = re.compile(r"[^0-9]")

# Fillers typed to get past a form: one digit repeated, or counting up or down.
_FILLERS = tuple(
    [digit * 13 for digit in "0123456789"]
    + ["".join(str((start + step * place) % 10) for place in range(13)) for start in range(10) for step in (1, -1)]
)


def parse_nib(text: str) -> Cell:
    """The 13 digits of a NIB; reasons: nib_scientific, nib_filler, nib_zero_lost, nib_form."""
    if _SCIENTIFIC.match(text):
        return refused("nib_scientific")
    joined = re.sub(r"[\s.\-'’`]", "", text)
    runs = set(_THIRTEEN.findall(joined))
    if len(runs) != 1:
        lost = len(_NOT_DIGITS.sub("", joined)) == 12 and joined.isdigit()
        return refused("nib_zero_lost" if lost else "nib_form", digits=len(_NOT_DIGITS.sub("", joined)))
    nib = runs.pop()
    return refused("nib_filler") if nib in _FILLERS else Cell(nib)


def quick_nib(text: pl.Expr) -> pl.Expr:
    """The NIBs that are written as 13 digits and are no filler."""
    return pl.when(text.str.contains(r"^[0-9]{13}$") & ~text.is_in(list(_FILLERS))).then(text)


def parse_tax_number(text: str) -> Cell:
    """The 16 digits of an NPWP (PMK 112/2022), from the 15 of the old form too.

    Reasons: npwp_scientific, npwp_form.
    """
    if _SCIENTIFIC.match(text):
        return refused("npwp_scientific")
    found = parse_npwp(re.sub(r"['’`]", "", text))
    is_filler = not (found.npwp16 or "").strip("0")
    return Cell(found.npwp16) if found.valid and not is_filler else refused("npwp_form")


def parse_person_number(text: str, year: int) -> Cell:
    """The 16 digits of a NIK whose parts can exist; ``year`` is the year of today.

    Reasons: nik_scientific, nik_form.
    """
    if _SCIENTIFIC.match(text):
        return refused("nik_scientific")
    found = parse_nik(re.sub(r"['’`]", "", text), reference_date=dt.date(year, 12, 31))
    return Cell(found.nik) if found.valid else refused("nik_form")


_SEVERAL_PHONES = re.compile(r"\s*(?:[/;,|&\n]|\bdan\b|\batau\b)\s*")


def parse_telephone(text: str) -> Cell:
    """The first valid number in E.164 (+62…); reasons: phone_several (kept), phone_scientific, phone_form."""
    if _SCIENTIFIC.match(text):
        return refused("phone_scientific")
    plain = re.sub(r"(?i)['’`]|\b(?:hp|telp|tlp|wa|no)\b\.?\s*:?", "", text)
    whole = parse_phone(plain)
    if whole.e164:
        return Cell(whole.e164)
    numbers = [found.e164 for part in _SEVERAL_PHONES.split(plain) if (found := parse_phone(part)).e164]
    if not numbers:
        return refused("phone_form")
    return Cell(
        numbers[0],
        "phone_several" if len(numbers) > 1 else None,
        {"kept": numbers[0]} if len(numbers) > 1 else {},
    )


def quick_telephone(text: pl.Expr) -> pl.Expr:
    """Mobile numbers as :func:`lokal.parse_phone` reads them, null for all else."""
    digits = text.str.replace_all(r"[\s().\-]", "")
    rest = digits.str.extract(r"^(?:\+62|62|0)?(8[0-9]{8,11})$")
    return pl.when(rest.is_not_null()).then(pl.lit("+62") + rest)


_KBLI_DIGITS = re.compile(r"(?<![0-9])([0-9]{2}\.?[0-9]{3}|[0-9]{2}\.?[0-9]{2}|[0-9]{1,4})(?![0-9])")
_SINGLE_DIVISIONS = frozenset("12356789")


def parse_kbli(text: str, version: int, *, industry_only: bool = True) -> Cell:
    """The five digits of a KBLI code.

    A code of four digits is a class ("1079") if its first three are a group of section C, otherwise a code of
    agriculture or mining (divisions 01–09) that lost its leading zero ("1463" → "01463").
    Reasons: kbli_form, kbli_short, kbli_no_such_group (dropped); kbli_zero_added, kbli_several,
    kbli_not_manufacturing (kept).
    """
    codes = [code.replace(".", "") for code in _KBLI_DIGITS.findall(re.sub(r"(?i)kbli\s*(2015|2020|2025)", " ", text))]
    codes = [code for code in codes if len(code) >= 4] or codes
    if not codes:
        return refused("kbli_form")
    if len(codes[0]) != 5:
        return _short_kbli(codes[0])
    code = codes[0]
    if kbli.fault(code, version) and version == 2020:
        return refused("kbli_no_such_group", group=code[:3], version=version)
    if len(set(codes)) > 1:
        return Cell(code, "kbli_several", {"kept": code})
    outside = industry_only and not kbli.is_manufacturing(code)
    return Cell(code, "kbli_not_manufacturing" if outside else None)


def _short_kbli(code: str) -> Cell:
    is_class = any(group.code == code[:3] for group in kbli.groups()) or len(code) < 4
    if is_class or code[0] not in _SINGLE_DIVISIONS:
        return refused("kbli_short", digits=len(code))
    return Cell(f"0{code}", "kbli_zero_added", {"kept": f"0{code}"})


def quick_kbli(text: pl.Expr, version: int) -> pl.Expr:
    """Codes of section C written as five digits whose group exists, null for all else."""
    known = [group.code for group in kbli.groups()] if version == 2020 else None
    is_known = (
        text.str.slice(0, 3).is_in(known)
        if known
        else text.str.slice(0, 2).is_in([division.code for division in kbli.divisions()])
    )
    return pl.when(text.str.contains(r"^[0-9]{5}$") & is_known).then(text)


def parse_postal_code(text: str) -> Cell:
    """Five digits; reason: postal_code_form."""
    digits = re.sub(r"[\s.'’`]", "", text)
    return Cell(digits) if re.fullmatch(r"[1-9][0-9]{4}", digits) else refused("postal_code_form")


def quick_postal_code(text: pl.Expr) -> pl.Expr:
    """Those written as five digits, null for all else."""
    return pl.when(text.str.contains(r"^[1-9][0-9]{4}$")).then(text)


_DECIMAL = re.compile(r"^([+-]?[0-9]{1,3}(?:[.,][0-9]+)?)\s*°?\s*([nsewlubt]{0,2})$")
_SEXAGESIMAL = re.compile(
    r"^([+-]?)([0-9]{1,3})\s*[°º:d ]\s*([0-9]{1,2})\s*"
    r"(?:['’′:m ]\s*(?:([0-9]{1,2}(?:[.,][0-9]+)?)\s*(?:\"|”|″|''|s)?)?)?"
    r"\s*([nsewlubt]{0,2})$"
)
_SOUTH_OR_WEST = frozenset(("s", "ls", "w", "bb"))


def parse_coordinate(text: str) -> Cell:
    r"""Degrees from "-7,8012", "7°48'05\\" LS" or "110.36 BT"; reason: coordinate_form."""
    plain = text.strip().lower().replace("−", "-")
    if match := _DECIMAL.match(plain):
        degrees = float(match[1].replace(",", "."))
        return Cell(-abs(degrees) if match[2] in _SOUTH_OR_WEST else degrees)
    match = _SEXAGESIMAL.match(plain)
    if match is None or int(match[3]) >= 60:
        return refused("coordinate_form")
    degrees = int(match[2]) + int(match[3]) / 60 + float((match[4] or "0").replace(",", ".")) / 3600
    return Cell(-degrees if match[1] == "-" or match[5] in _SOUTH_OR_WEST else degrees)


def quick_coordinate(text: pl.Expr) -> pl.Expr:
    """Plain decimal degrees, null for all else."""
    return pl.when(text.str.contains(r"^-?[0-9]{1,3}(\.[0-9]+)?$")).then(text).cast(pl.Float64, strict=False)
