"""Listings from a CSV file, suggestions into one."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from gebyar.methods.partners.entry import Entry, Suggestion, UnfitEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

NEEDED = ("id", "firm", "direction", "role", "title", "region")
_LISTS = ("kbli", "certificates", "regions", "routes")
_YES = {"1", "true", "yes", "ya", "y"}
_NO = {"", "0", "false", "no", "tidak", "n"}
_HEADINGS = ("listing", "rank", "suggested", "firm", "score", "reasons")


def read_entries(path: Path) -> list[Entry]:
    """Read listings.

    Needed columns: id, firm, direction, role, title, region. Others: description, kbli, certificates, regions, routes
    (lists with ; between), quantity_per_year, unit, lead_time_days, size, is_remote, has_cold_chain.

    Raises
    ------
    UnfitEntry
        Names the line and the field.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [name for name in NEEDED if name not in (reader.fieldnames or [])]
        if lacking:
            raise UnfitEntry(f"{path.name}: the column {', '.join(lacking)} is missing.")
        entries = [_entry(row, reader.line_num) for row in reader]
    _require_one_each(entries)
    return entries


def _require_one_each(entries: list[Entry]) -> None:
    seen: set[int] = set()
    for entry in entries:
        if entry.id in seen:
            raise UnfitEntry(f"id {entry.id} is there twice.")
        seen.add(entry.id)


def _entry(row: dict[str, Any], line: int) -> Entry:
    cells = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    try:
        lists: dict[str, Any] = {name: _parts(cells.get(name, "")) for name in _LISTS}
        return Entry(
            id=_read(cells, "id", int), firm=_read(cells, "firm", int), direction=cells["direction"], role=cells["role"],
            text=f"{cells['title']} {cells.get('description', '')}".strip(), region=cells["region"],
            quantity_per_year=_read(cells, "quantity_per_year", float) if cells.get("quantity_per_year") else None,
            unit=cells.get("unit", ""), size=cells.get("size") or "unknown",
            lead_time_days=_read(cells, "lead_time_days", int) if cells.get("lead_time_days") else None,
            is_remote=_read(cells, "is_remote", _yes), has_cold_chain=_read(cells, "has_cold_chain", _yes), **lists,
        )  # fmt: skip
    except UnfitEntry as error:
        raise UnfitEntry(f"line {line}: {error}") from error


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _read(cells: dict[str, str], name: str, kind: Callable[[str], Any]) -> Any:
    try:
        return kind(cells.get(name, ""))
    except ValueError as error:
        raise UnfitEntry(f"{name} is {cells.get(name, '')!r}, which cannot be read.") from error


def _yes(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError(text)
    return text.lower() in _YES


def write_suggestions(path: Path, rows: Iterable[tuple[int, int, Suggestion, int]]) -> int:
    """Write (listing, rank, suggestion, firm) rows; reasons as codes with their values.

    Returns
    -------
    int
        Number of rows.
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for listing, rank, suggestion, firm in rows:
            reasons = "; ".join(_reason(reason.code, dict(reason.parameters)) for reason in suggestion.reasons)
            writer.writerow([listing, rank, suggestion.id, firm, f"{suggestion.score:.4f}", reasons])
            count += 1
    return count


def _reason(code: str, parameters: dict[str, str | int]) -> str:
    return f"{code}({', '.join(str(value) for value in parameters.values())})" if parameters else code
