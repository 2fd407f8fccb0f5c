"""Industrial classification KBLI, section C (manufacturing): divisions, groups and the form of codes.

Divisions and groups are those of ISIC Rev. 4, on which KBLI 2020 is built. The detailed list of 2025 and
its correspondence with 2020 are not public as data [K]: codes of the two versions are never converted into
each other, and a code means nothing without its version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import polars as pl

from gebyar.reference.files import read_csv

VERSIONS = (2020, 2025)
CORRESPONDENCE_AVAILABLE = False
_CODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True)
class Category:
    """A division (two digits) or group (three digits) with its name in Indonesian and English."""

    code: str
    id: str
    en: str


@cache
def _categories() -> dict[str, Category]:
    return {row["code"]: Category(row["code"], row["id"], row["en"]) for row in read_csv("kbli_groups.csv")}


@cache
def divisions() -> tuple[Category, ...]:
    """The 24 divisions 10–33 of section C."""
    return tuple(category for category in _categories().values() if len(category.code) == 2)


@cache
def groups(division: str | None = None) -> tuple[Category, ...]:
    """The three-digit groups of section C, or those of one division."""
    three_digit = (category for category in _categories().values() if len(category.code) == 3)
    return tuple(category for category in three_digit if division in (None, category.code[:2]))


def category(code: str) -> Category | None:
    """The narrowest known category that a code of any length lies in, None outside section C."""
    return _categories().get(code[:3]) or _categories().get(code[:2])


@cache
def frame() -> pl.DataFrame:
    """Divisions and groups as a table: code, id, en, level (2 or 3)."""
    rows = [(item.code, item.id, item.en, len(item.code)) for item in _categories().values()]
    return pl.DataFrame(rows, schema=["code", "id", "en", "level"], orient="row")


def has_form(code: str) -> bool:
    """Whether the text is five digits."""
    return _CODE.fullmatch(code) is not None


def is_manufacturing(code: str) -> bool:
    """Whether the code lies in section C (divisions 10–33)."""
    return code[:2] in _categories()


def fault(code: str, version: int) -> str | None:
    """What is wrong with a code in plain words, None if its form is right.

    Only the form and, within section C of 2020, the group are checked: the full lists are not at hand.
    """
    if version not in VERSIONS:
        return f"KBLI {version} is not known here. Use 2020 or 2025."
    if not has_form(code):
        return f"{code!r} is not a KBLI code. It has five digits, a leading zero included (01111, 10710)."
    if version == 2020 and is_manufacturing(code) and code[:3] not in _categories():
        return f"{code!r}: KBLI 2020 has no group {code[:3]}."
    return None
