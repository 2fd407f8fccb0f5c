"""Read places and routes that a person typed: names of provinces, regencies and cities of the whole country, or codes."""

import re
from functools import cache

from django.utils.translation import gettext as _

from gebyar.partnership.errors import UnfitListing
from gebyar.partnership.facts import is_place
from gebyar.reference import regions

_BETWEEN = re.compile(r"\s*(?:->|→|>|–|—| - |\bke\b|\bto\b)\s*")


@cache
def _places() -> dict[str, str]:
    """Return spelling → code, without the spellings that mean two places of the same level."""
    found: dict[str, set[str]] = {}
    for level in (regions.REGENCY, regions.PROVINCE):
        for _parent, key, code in regions.lookup(level).iter_rows():
            found.setdefault(f"{level}:{key}", set()).add(code)
    return {key: next(iter(codes)) for key, codes in found.items() if len(codes) == 1}


def place_code(typed: str) -> str | None:
    """Return the code of a place, None where the name is not known or stands for two."""
    text = typed.strip()
    if is_place(text):
        return text
    for level in (regions.PROVINCE, regions.REGENCY):
        if code := _places().get(f"{level}:{regions.name_key(text, level)}"):
            return code
    return None


def read_routes(typed: str) -> tuple[str, ...]:
    """Read routes, one on each line: "Kota Surabaya > Kota Semarang".

    Raises
    ------
    UnfitListing
        Names the line that could not be read.
    """
    return tuple(_route(line) for line in typed.splitlines() if line.strip())


def _route(line: str) -> str:
    ends = _BETWEEN.split(line.strip())
    if len(ends) != 2:
        problem = _("“%(line)s”: write from where to where with a > between.")
        raise UnfitListing(field="routes", problem=problem % {"line": line[:80]})
    codes = []
    for end in ends:
        code = place_code(end)
        if code is None:
            problem = _(
                "“%(place)s” is not a province, regency or city, or there are two of that name: write Kota or Kabupaten before it."
            )
            raise UnfitListing(field="routes", problem=problem % {"place": end[:60]})
        codes.append(code)
    return ">".join(codes)


def write_routes(routes: list[str]) -> str:
    """Write routes as a person would type them, so that reading them again gives the same."""
    return "\n".join(" > ".join(_name(code) for code in route.split(">")) for route in routes)


def _name(code: str) -> str:
    name = regions.name(code) if regions.is_valid(code) else code
    return name if place_code(name) == code else code
