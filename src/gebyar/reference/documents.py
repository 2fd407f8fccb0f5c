"""Reading documents that people write, YAML or JSON, so that their author sees every fault at once with its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

Text = Mapping[str, str]
"""The same words in each language: {"id": …, "en": …}."""

LANGUAGES = ("id", "en")


class DocumentReader:
    """Reads one document and collects what is wrong with it, so that its author sees everything at once."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def say(self, path: str, problem: str) -> None:
        self.problems.append(f"{path}: {problem}")

    def rows(self, source: Mapping[str, Any], name: str, path: str, *, needed: bool = True) -> list[dict[str, Any]]:
        found = source.get(name)
        where = f"{path}{name}"
        if found is None and not needed:
            return []
        if not isinstance(found, list) or (needed and not found):
            self.say(where, "must be a list with at least one entry" if needed else "must be a list")
            return []
        good = [row for row in found if isinstance(row, dict)]
        if len(good) < len(found):
            self.say(where, "every entry must be a block of names and values")
        return good

    def text(self, source: Mapping[str, Any], name: str, path: str, *, needed: bool = True) -> Text:
        found = source.get(name)
        if found is None and not needed:
            return dict.fromkeys(LANGUAGES, "")
        missing = [code for code in LANGUAGES if not isinstance(found, dict) or not str(found.get(code) or "").strip()]
        if missing:
            self.say(f"{path}{name}", f"needs words in: {', '.join(missing)}")
            return dict.fromkeys(LANGUAGES, "")
        return {code: str(cast("dict[str, Any]", found)[code]) for code in LANGUAGES}

    def number(self, source: Mapping[str, Any], name: str, path: str, otherwise: float | None = None) -> float:
        found = source.get(name, otherwise)
        if isinstance(found, bool) or not isinstance(found, int | float):
            self.say(f"{path}{name}", f"must be a number, not {found!r}")
            return 0.0
        return float(found)

    def name(self, source: Mapping[str, Any], path: str, taken: set[str]) -> str:
        found = str(source.get("id") or "")
        if not found or not found.replace("_", "").isalnum():
            self.say(f"{path}id", f"must be letters, digits and _; it is {found!r}")
        elif found in taken:
            self.say(f"{path}id", f"{found!r} stands twice; every id must be its own")
        taken.add(found)
        return found
