"""Where two pieces of plain data differ, as JSON pointers (RFC 6901)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gebyar.records.canonical import escape


class Missing:
    """Stands where there is nothing, which is not the same as null."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = Missing()


@dataclass(frozen=True)
class Difference:
    """One place that is not as it should be.

    Attributes
    ----------
    pointer
        Where, as a JSON pointer from the top of the record.
    expected
        What the inputs lead to.
    found
        What the record says.
    words
        What is wrong, where that is more than one value instead of another.
    """

    pointer: str
    expected: Any = None
    found: Any = None
    words: str = ""

    def __str__(self) -> str:
        if self.words:
            return f"{self.pointer or '/'}: {self.words}"
        return f"{self.pointer or '/'}: expected {_shown(self.expected)}, found {_shown(self.found)}"


def _shown(value: Any, longest: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def differences(expected: Any, found: Any, where: str = "") -> Iterator[Difference]:
    """Compare two values part by part.

    1 and 1.0 are the same number in JSON; true and 1 are not the same.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        yield from _by_key(expected, found, where)
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _by_place(expected, found, where)
    elif isinstance(expected, bool) != isinstance(found, bool) or expected != found:
        yield Difference(where, expected, found)


def _by_key(expected: dict[str, Any], found: dict[str, Any], where: str) -> Iterator[Difference]:
    for key in sorted(expected.keys() | found.keys()):
        yield from differences(expected.get(key, MISSING), found.get(key, MISSING), f"{where}/{escape(key)}")


def _by_place(expected: list[Any], found: list[Any], where: str) -> Iterator[Difference]:
    for number in range(max(len(expected), len(found))):
        ours = expected[number] if number < len(expected) else MISSING
        theirs = found[number] if number < len(found) else MISSING
        yield from differences(ours, theirs, f"{where}/{number}")
