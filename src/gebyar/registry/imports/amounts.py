"""Numbers as people write them: "Rp 1.250.000,-", "1,25 juta", "12 orang", "±15", "1,250.00"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Literal

import polars as pl

from gebyar.registry.imports.cells import Cell, refused
from gebyar.registry.imports.fields import Kind

Style = Literal["id", "en"]

# No firm of the register employs ten million people or moves ten thousand trillion rupiah.
_LARGEST = {Kind.COUNT: Decimal(10) ** 7, Kind.MONEY: Decimal(10) ** 16, Kind.NUMBER: Decimal(10) ** 15}

_LEAD = re.compile(
    r"^(?:rp\b\.?|idr\b|±|\+/-|\+-|kurang lebih|lebih kurang|sekitar|kira-kira|ca\b\.?|kl\b\.?|[~≈=+:'’`])\s*"
)
_TRAIL = re.compile(r"\s*[,.]?\s*(?:-+|=+)\s*(?=$|/)")
_DIGITS = r"[0-9](?:[0-9.,'’\u00a0 ]*[0-9])?"
_NUMBER = re.compile(rf"^(\()?\s*([-−–]?)\s*(?:rp\.?\s*)?({_DIGITS})(e[+-]?[0-9]+)?\s*(\))?\s*(.*)$", re.DOTALL)
_RANGE = re.compile(
    rf"^({_DIGITS})\s*(?:[-–—~]|s\s*/\s*d|s\.?d\.?|sampai(?: dengan)?|hingga)"
    rf"\s*(?:rp\.?\s*)?({_DIGITS})\s*[^0-9]*$"
)
_SCALE_WORDS = {
    "ribuan": 3, "ribu": 3, "rb": 3, "jutaan": 6, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "milliar": 9,
    "milyard": 9, "triliun": 12, "trilyun": 12,
}  # fmt: skip
_MONEY_LETTERS = {"k": 3, "m": 9, "t": 12}
_WORD = re.compile(r"^([a-z]+)\.?\s*(.*)$", re.DOTALL)
_PER_YEAR = re.compile(r"^(?:(?:/|per\s?|se)?\s*(?:tahun|thn|th))\.?$")
_PER_SHORTER = re.compile(r"(?:/|per\s*|se)\s*(?:bulan|bln|minggu|mgg|hari|hr)\b")
_COUNTED = frozenset((
    "orang", "org", "or", "jiwa", "pekerja", "karyawan", "pegawai", "tenaga", "kerja", "tk", "unit", "buah",
    "bh", "set", "mesin", "alat", "pcs", "bj",
))  # fmt: skip
_CURRENCY = frozenset(("", "rupiah", "rp", "idr"))


@dataclass(frozen=True, slots=True)
class AmountRule:
    """How the numbers of one column are read.

    ``multiplier`` is the factor of the heading, ``style`` how the column separates thousands (None: not
    known), ``units`` the spellings of the one unit that the field is kept in (empty: any unit, which is then
    reported).
    """

    kind: Kind
    multiplier: int = 1
    style: Style | None = None
    units: frozenset[str] = frozenset()
    may_be_negative: bool = False


UNITS = {
    "m³": frozenset(("m3", "m³", "kubik", "meter kubik", "m kubik")),
    "liter": frozenset(("l", "ltr", "lt", "liter", "litre")),
    "kWh": frozenset(("kwh", "kw h")),
}


class _Grouping(ValueError):
    """Digits that are not grouped by threes."""


def _strip_lead(text: str) -> str:
    while match := _LEAD.match(text):
        text = text[match.end() :]
    return text


def _grouped(parts: list[str]) -> str:
    well_formed = 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])
    if not well_formed:
        raise _Grouping
    return "".join(parts)


def _with_decimals(digits: str, thousands: str, decimal: str) -> str:
    whole, _, rest = digits.partition(decimal)
    return f"{_grouped(whole.split(thousands)) if thousands in whole else whole}.{rest}"


def _resolve(digits: str, style: Style | None, *, whole: bool) -> tuple[str, bool]:
    """The digits with a decimal point and nothing else, and whether the separator's meaning was assumed."""
    if "." in digits and "," in digits:
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
        if digits.count(decimal) > 1:
            raise _Grouping
        return _with_decimals(digits, "," if decimal == "." else ".", decimal), False
    separator = "." if "." in digits else ","
    parts = digits.split(separator)
    if len(parts) == 1:
        return digits, False
    if len(parts) > 2:
        return _grouped(parts), False
    if len(parts[1]) != 3 or len(parts[0]) > 3 or parts[0].startswith("0"):
        return ".".join(parts), False
    if whole:
        return "".join(parts), False
    is_thousands = separator == ("," if style == "en" else ".")
    return "".join(parts) if is_thousands else ".".join(parts), style is None and not is_thousands


def _without_blanks(digits: str) -> str:
    """Blanks and apostrophes may group digits by threes too."""
    parts = re.split(r"['’\u00a0 ]", digits)
    if len(parts) == 1:
        return digits
    last = re.split(r"[.,]", parts[-1])[0]
    if not 1 <= len(parts[0]) <= 3 or any(len(part) != 3 for part in (*parts[1:-1], last)):
        raise _Grouping
    return "".join(parts)


def _scale_of(rest: str, kind: Kind) -> tuple[int, str]:
    """Power of ten that a word behind the number asks for, and what follows the word."""
    match = _WORD.match(rest)
    if match is None:
        return 0, rest
    word, after = match.groups()
    known = _SCALE_WORDS | (_MONEY_LETTERS if kind is Kind.MONEY else {})
    return (known[word], after) if word in known else (0, rest)


def _unit_fault(rest: str, rule: AmountRule) -> str | None:
    rest = rest.strip(" .,;")
    if rule.kind is Kind.NUMBER and not rule.units:
        return "not_a_number" if re.search(r"[0-9]{2}", rest) else None
    if _PER_SHORTER.search(rest):
        return "per_shorter_period"
    rest = re.sub(r"\s*(?:/|per\s?)\s*(?:tahun|thn|th)\.?$", "", rest)
    if not rest or _PER_YEAR.match(rest):
        return None
    if rule.kind is Kind.MONEY:
        return None if rest in _CURRENCY else "not_a_number"
    known = rule.units or _COUNTED
    return None if rest in known or all(word in known for word in rest.split()) else "not_a_number"


def parse_amount(text: str, rule: AmountRule) -> Cell:
    """Read one number.

    Returns
    -------
    Cell
        An int for counts and money (rounded half to even, in whole rupiah), a float otherwise. Reasons:
        not_a_number, number_range, bad_grouping, per_shorter_period, not_whole, negative, too_large,
        separator_assumed, unit_twice, scientific (the last three keep the value).
    """
    plain = _strip_lead(text.strip().lower())
    if found := _RANGE.match(plain):
        return refused("number_range", low=found[1], high=found[2])
    match = _NUMBER.match(_TRAIL.sub("", plain))
    if match is None:
        return refused("not_a_number")
    opening, sign, digits, exponent, closing, rest = match.groups()
    if bool(opening) != bool(closing):
        return refused("not_a_number")
    power, rest = _scale_of(rest, rule.kind)
    fault = _unit_fault(rest, rule)
    if fault:
        return refused(fault)
    factor = Decimal(10) ** power if power else Decimal(rule.multiplier)
    try:
        number, assumed = _resolve(
            _without_blanks(digits),
            rule.style,
            whole=rule.kind is Kind.COUNT or (rule.kind is Kind.MONEY and factor == 1),
        )
        value = Decimal(number + (exponent or "")) * factor
    except (_Grouping, InvalidOperation):
        return refused("bad_grouping")
    value = -value if sign or opening else value
    note = _note(text, rule, assumed=assumed, exponent=bool(exponent), has_word=bool(power))
    return _finish(value, rule, note, rest.strip(" .,;"))


def _note(text: str, rule: AmountRule, *, assumed: bool, exponent: bool, has_word: bool) -> str | None:
    if exponent:
        return "scientific"
    if rule.kind is Kind.MONEY and rule.multiplier > 1 and not has_word and "rp" in text.lower():
        return "unit_twice"
    return "separator_assumed" if assumed else None


def _finish(value: Decimal, rule: AmountRule, note: str | None, unit: str) -> Cell:
    if value < 0 and not rule.may_be_negative:
        return refused("negative")
    if abs(value) > _LARGEST[rule.kind]:
        return refused("too_large")
    if rule.kind is Kind.COUNT and value != value.to_integral_value():
        return refused("not_whole")
    parameters = {"multiplier": rule.multiplier} if note == "unit_twice" else {}
    if rule.kind is Kind.NUMBER:
        return Cell(float(value), note, parameters, "" if rule.units else unit)
    return Cell(int(value.to_integral_value(ROUND_HALF_EVEN)), note, parameters)


# --- whole columns ------------------------------------------------------------------------------------------

_INDONESIAN = r"[0-9]\.[0-9]{3}[.,][0-9]|[0-9],[0-9]{1,2}([^0-9]|$)"
_ENGLISH = r"[0-9],[0-9]{3}[.,][0-9]|[0-9]\.[0-9]{1,2}([^0-9]|$)"


def column_style(texts: pl.Series) -> Style | None:
    """How a column separates thousands, told by the values that leave no doubt; None if none or both do."""
    indonesian = int(texts.str.contains(_INDONESIAN).sum() or 0)
    english = int(texts.str.contains(_ENGLISH).sum() or 0)
    if indonesian == english:
        return None
    return "id" if indonesian > english else "en"


def quick_amount(text: pl.Expr, rule: AmountRule) -> pl.Expr:
    """The same numbers as :func:`parse_amount` for plain digits and "Rp 1.250.000,-", null for all else."""
    digits: pl.Expr = pl.when(text.str.contains(r"^[0-9]{1,15}$")).then(text)
    if rule.kind is Kind.MONEY and rule.multiplier == 1:
        grouped = text.str.extract(r"^(?:[Rr][Pp]\.?\s*)?([0-9]{1,3}(?:\.[0-9]{3})+)(?:,-|,00)?$")
        digits = digits.fill_null(grouped.str.replace_all(".", "", literal=True))
    number = digits.cast(pl.Int64, strict=False)
    largest = int(_LARGEST[rule.kind]) // rule.multiplier
    whole = pl.when(number <= largest).then(number) * rule.multiplier
    return whole.cast(pl.Float64) if rule.kind is Kind.NUMBER else whole
