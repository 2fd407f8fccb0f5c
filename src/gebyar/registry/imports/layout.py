"""Where the table begins in a list made for people: titles, headings of several lines, numbering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gebyar.registry.imports.headings import known_guesses

Row = Sequence[str | None]

DEEPEST_HEADING = 3
ROWS_SEARCHED = 40
_NUMBERING = re.compile(r"^[(\[]?\s*([0-9]{1,3})\s*[)\]]?\.?$")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where headings stand; rows are counted from 0.

    ``headers`` has one text per column, all different; ``first`` and ``last`` bound the rows they were built
    from; ``titles`` are the texts above; ``understood`` adds up how well the headings are known.
    """

    headers: tuple[str, ...]
    first: int
    last: int
    titles: tuple[str, ...]
    understood: float


def _text(cell: str | None) -> str:
    return " ".join((cell or "").split())


def join_headings(levels: Sequence[Row], width: int) -> list[str]:
    """Headings of several lines as one text per column.

    An upper heading reaches over the empty cells at its right as long as a lower line has a heading there, as
    merged cells do: "Tenaga Kerja" over "L" and "P" gives "Tenaga Kerja L" and "Tenaga Kerja P".
    """
    texts = [[_text(level[column]) if column < len(level) else "" for column in range(width)] for level in levels]
    for depth, level in enumerate(texts[:-1]):
        for column in range(1, width):
            below = any(lower[column] for lower in texts[depth + 1 :])
            if not level[column] and below:
                level[column] = level[column - 1]
    return [" ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*texts, strict=True)]


def _understood(headers: Sequence[str]) -> float:
    best: dict[str, float] = {}
    for header in headers:
        found = known_guesses(header)
        if found:
            best[found[0].field] = max(best.get(found[0].field, 0.0), found[0].confidence)
    return sum(best.values())


def unique_headers(headers: Sequence[str]) -> tuple[str, ...]:
    """The headings with a name for nameless columns and a number behind repeated ones."""
    seen: dict[str, int] = {}
    result = []
    for position, header in enumerate(headers, start=1):
        base = header or f"Kolom {position}"
        seen[base] = seen.get(base, 0) + 1
        result.append(base if seen[base] == 1 else f"{base} ({seen[base]})")
    return tuple(result)


def is_numbering(row: Row) -> bool:
    """Whether the row only counts the columns: (1) (2) (3)."""
    cells = [text for cell in row if (text := _text(cell))]
    numbers = [int(match[1]) for cell in cells if (match := _NUMBERING.match(cell))]
    return len(numbers) == len(cells) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _last_filled(row: Row) -> int:
    return max((column + 1 for column, cell in enumerate(row) if _text(cell)), default=0)


def _usual_width(rows: Sequence[Row]) -> int:
    """How far the rows of data usually reach; one row pushed to the right does not widen the table."""
    reaches = [reach for row in rows if (reach := _last_filled(row))]
    return max(set(reaches), key=reaches.count) if len(reaches) > 2 else 0


def _best_rows(rows: Sequence[Row], width: int) -> tuple[float, int, int]:
    """(understood, first, last) of the rows under which most columns are understood; fewest rows on a tie."""
    spans = [
        (first, first + depth)
        for first in range(min(len(rows), ROWS_SEARCHED))
        for depth in range(DEEPEST_HEADING)
        if first + depth < len(rows)
    ]
    scored = [
        (round(_understood(join_headings(rows[first : last + 1], width)), 6), first - last, -first)
        for first, last in spans
    ]
    score, size, start = max(scored)
    return score, -start, -start - size


def _fallback_row(rows: Sequence[Row], width: int) -> int:
    """The first row that fills most columns, for a list whose headings are all unknown."""
    filled = [sum(bool(_text(cell)) for cell in row) for row in rows]
    return next((index for index, count in enumerate(filled) if count >= 0.6 * width), filled.index(max(filled)))


def find_layout(rows: Sequence[Row]) -> Layout:
    """Find the headings among the first rows of a list.

    Raises
    ------
    ValueError
        If all rows are empty.
    """
    width = max((_last_filled(row) for row in rows), default=0)
    if not width:
        raise ValueError("all rows are empty")
    understood, first, last = _best_rows(rows, width)
    if understood < 1:
        first = last = _fallback_row(rows, width)
    width = max(map(_last_filled, rows[first : last + 1]), default=0)
    width = max(width, _usual_width(rows[last + 1 :]))
    headers = unique_headers(join_headings(rows[first : last + 1], width))
    titles = tuple(text for row in rows[:first] if (text := _text(" ".join(cell or "" for cell in row))))
    return Layout(headers=headers, first=first, last=last, titles=titles, understood=understood)
