"""Read what a person typed into canonical text, with the readers that take in the offices' lists."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.records.errors import DomainError
from gebyar.reference import regions
from gebyar.registry.facts import Fact
from gebyar.registry.imports.amounts import AmountRule, parse_amount
from gebyar.registry.imports.cells import Cell
from gebyar.registry.imports.fields import NUMERIC_KINDS, Kind
from gebyar.registry.imports.identifiers import (
    parse_coordinate,
    parse_kbli,
    parse_nib,
    parse_person_number,
    parse_postal_code,
    parse_tax_number,
    parse_telephone,
)
from gebyar.registry.imports.reasons import describe
from gebyar.registry.imports.texts import parse_yes_no

KBLI_VERSIONS = (2025, 2020)
_IN_INDONESIA = ((-11.5, 6.5), (94.5, 141.5))


class Unreadable(DomainError):
    """What was typed is no value of this fact; the words say why and what to write."""


def read(some: Fact, typed: str, *, kbli_version: int | None = None) -> str | None:
    """Return the canonical text of what was typed, None where nothing was.

    Raises
    ------
    Unreadable
        If it is no value of the fact, or the fact may not be left open.
    """
    plain = typed.strip()
    if not plain:
        if some.required:
            raise Unreadable(_("Fill this in."))
        return None
    if some.kind in NUMERIC_KINDS:
        return _number(some, plain)
    reader = _READERS.get(some.kind)
    if some.kind is Kind.KBLI:
        return _kbli(plain, kbli_version)
    return reader(plain) if reader else _text(some, plain)


def _text(some: Fact, plain: str) -> str:
    one_line = " ".join(plain.split())
    if some.longest and len(one_line) > some.longest:
        raise Unreadable(_("Write at most %(count)s characters.") % {"count": some.longest})
    return one_line


def _value(cell: Cell) -> str:
    if cell.value is None:
        raise Unreadable(" ".join(describe(cell.reason or "", cell.parameters)))
    return str(cell.value)


def _number(some: Fact, plain: str) -> str:
    cell = parse_amount(plain, AmountRule(some.kind, style="id", may_be_negative=some.field == "net_worth"))
    text = _value(cell)
    return text.removesuffix(".0") if some.kind is Kind.NUMBER else text


def _kbli(plain: str, version: int | None) -> str:
    code, _slash, written_version = plain.partition("/")
    chosen = int(written_version) if written_version.isdigit() else version or KBLI_VERSIONS[0]
    if chosen not in KBLI_VERSIONS:
        raise Unreadable(_("Say whether the code is of KBLI 2020 or KBLI 2025."))
    return f"{_value(parse_kbli(code, chosen))}/{chosen}"


def _yes_no(plain: str) -> str:
    return "true" if _value(parse_yes_no(plain, cross=True)) == "True" else "false"


def _products(plain: str) -> str:
    lines = [" ".join(line.split()) for line in plain.replace(";", "\n").splitlines()]
    products = list(dict.fromkeys(line for line in lines if line))
    if any(len(product) > 200 for product in products):
        raise Unreadable(_("Write each product on a line of its own, at most 200 characters."))
    return "\n".join(products)


def _region(plain: str) -> str:
    if not regions.is_valid(plain) or regions.level_of(plain) < regions.REGENCY:
        raise Unreadable(_("Choose at least the regency or city."))
    return plain


def _coordinates(plain: str) -> str:
    separator = ";" if ";" in plain else ", " if ", " in plain else ","
    parts = plain.split(separator)
    if len(parts) != 2:
        raise Unreadable(_("Write latitude and longitude with a comma between them: -7.8013, 110.3647."))
    degrees = [float(_value(parse_coordinate(part.strip()))) for part in parts]
    for value, (low, high) in zip(degrees, _IN_INDONESIA, strict=True):
        if not low <= value <= high:
            raise Unreadable(" ".join(describe("outside_indonesia", {})))
    return f"{degrees[0]},{degrees[1]}"


_READERS: dict[Kind, Callable[[str], str]] = {
    Kind.NIB: lambda plain: _value(parse_nib(plain)),
    Kind.NPWP: lambda plain: _value(parse_tax_number(plain)),
    Kind.POSTAL_CODE: lambda plain: _value(parse_postal_code(plain)),
    Kind.BOOLEAN: _yes_no,
    Kind.EXPORTS: _yes_no,
    Kind.PRODUCTS: _products,
    Kind.REGION: _region,
    Kind.COORDINATES: _coordinates,
}


def read_telephone(typed: str) -> str:
    """Return a telephone number in E.164, "" where nothing was typed; raises Unreadable."""
    return _value(parse_telephone(typed)) if typed.strip() else ""


def read_person_number(typed: str) -> str:
    """Return the 16 digits of a NIK, "" where nothing was typed; raises Unreadable."""
    return _value(parse_person_number(typed, timezone.localdate().year)) if typed.strip() else ""
