"""Small helpers to write numbers into sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LISTED = 12
NOT_SHORTER = "The search has tried every plan: none keeps all demands at once. No shorter explanation was found."


def listed(items: Sequence[object], most: int = MOST_LISTED) -> str:
    """Items divided by commas; a long list is cut with the number left out."""
    shown = ", ".join(str(item) for item in items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most} more"


def plural(noun: str, items: Sequence[object]) -> str:
    """``slot 3`` or ``slots 3, 4``."""
    return f"{noun} {listed(items)}" if len(items) == 1 else f"{noun}s {listed(items)}"
