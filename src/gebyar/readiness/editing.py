"""A document of an instrument as plain fields of a page, and back: each field's name is the path of its value."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from gebyar.readiness.errors import FaultyInstrument

PARTS = (
    ("words", _("Name and summary")),
    ("pillars", _("Pillars and weights")),
    ("levels", _("Levels")),
    ("questions", _("Questions and options")),
)
_NUMBERS = {"weight", "least", "value", "effort", "most", "minutes", "verify_from"}


@dataclass(frozen=True)
class Cell:
    """One value that can be changed: its path in the document, what it is, and what stands there now."""

    path: str
    label: str
    value: str
    is_long: bool = False
    heading: str = ""  # opens a new group


def part_rows(document: Mapping[str, Any], part: str, typed: Mapping[str, str] | None = None) -> list[Cell]:
    """Return the fields of one part, with what was typed where it was sent."""
    if part not in dict(PARTS):
        raise Http404
    cells = list(_cells(document, part))
    if typed is None:
        return cells
    return [Cell(one.path, one.label, typed.get(one.path, one.value), one.is_long, one.heading) for one in cells]


def _cells(document: Mapping[str, Any], part: str) -> list[Cell]:
    if part == "words":
        found = [*_text(document, "names", ""), *_text(document, "summary", "", is_long=True)]
        return [
            *found,
            _plain(document, "source", ""),
            _plain(document, "minutes", ""),
            _plain(document, "verify_from", ""),
        ]
    found = []
    for place, row in enumerate(document[part]):
        path = f"{part}.{place}."
        if part == "questions":
            found += _question(row, path)
            continue
        names = _text(row, "names", path)
        found += [Cell(names[0].path, names[0].label, names[0].value, heading=str(row["id"])), *names[1:]]
        found.append(_plain(row, "weight" if part == "pillars" else "least", path))
    return found


def _question(row: Mapping[str, Any], path: str) -> list[Cell]:
    text = _text(row, "text", path, is_long=True)
    found = [Cell(text[0].path, text[0].label, text[0].value, is_long=True, heading=str(row["id"])), *text[1:]]
    found += _text(row, "help", path, is_long=True)
    found.append(_plain(row, "effort", path))
    for place, option in enumerate(row["options"]):
        here = f"{path}options.{place}."
        found += _text(option, "text", here, of=f" ({option['id']})")
        if "value" in option:
            found.append(_plain(option, "value", here, of=f" ({option['id']})"))
    return found


def _text(row: Mapping[str, Any], name: str, path: str, *, is_long: bool = False, of: str = "") -> list[Cell]:
    words = row.get(name) or {}
    return [
        Cell(f"{path}{name}.{code}", f"{name}{of}, {code}", str(words.get(code, "")), is_long) for code in ("id", "en")
    ]


def _plain(row: Mapping[str, Any], name: str, path: str, *, of: str = "") -> Cell:
    value = row.get(name)
    return Cell(f"{path}{name}", f"{name}{of}", "" if value is None else str(value))


def edited(document: Mapping[str, Any], part: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return a copy of the document with what was typed; only the fields of the part are taken."""
    changed = deepcopy(dict(document))
    for cell in part_rows(document, part):
        if cell.path in typed:
            _put(changed, cell.path.split("."), typed[cell.path].strip())
    return changed


def _put(target: Any, path: list[str], text: str) -> None:
    for name in path[:-1]:
        target = target[int(name)] if isinstance(target, list) else target.setdefault(name, {})
    target[path[-1]] = _value(path[-1], text)


def _value(name: str, text: str) -> Any:
    """Return a number where one is meant; what is none stays as it is, so that the check can say so."""
    if name not in _NUMBERS:
        return text
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def problem_lines(error: FaultyInstrument) -> list[str]:
    found = error.facts.get("list", ())
    return [str(line) for line in found] if isinstance(found, list | tuple) else []
