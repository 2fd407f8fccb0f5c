"""What reading one cell gives."""

from __future__ import annotations

from typing import Any, NamedTuple


class Cell(NamedTuple):
    """The value of a cell, or why there is none; both when the value was kept but needs a look.

    ``reason`` is a code of :mod:`gebyar.registry.imports.reasons`, ``parameters`` fill its words. ``unit``
    is a unit that stood in the cell behind a number.
    """

    value: Any = None
    reason: str | None = None
    parameters: dict[str, Any] = {}
    unit: str = ""


def refused(reason: str, **parameters: Any) -> Cell:
    """A cell that gives no value."""
    return Cell(None, reason, parameters)
