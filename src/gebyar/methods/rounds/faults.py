"""A fault of a plan: its words, and what they name, so that a caller can say it in another language."""

from __future__ import annotations

from typing import Self


class Fault(str):
    """The words of a fault.

    Attributes
    ----------
    code
        What kind it is.
    facts
        What the words name: numbers of the round (request, guest, slot, table), counts and limits.
    """

    __slots__ = ("code", "facts")

    code: str
    facts: dict[str, int]

    def __new__(cls, words: str, code: str, **facts: int) -> Self:
        """Take the words, the code and what the words name."""
        fault = super().__new__(cls, words)
        fault.code, fault.facts = code, facts
        return fault
