"""Pictures of figures drawn on the server as plain SVG: the tile map, bars, intervals.

Nothing here carries a style attribute, which the content security policy would drop. Colours come from the
classes of gebyar.css; presentation attributes beside them serve where that is missing (a saved file, a PDF).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gebyar.drawing.kawung import SOGA, SVG
from gebyar.reference.regions import province
from gebyar.web.templatetags.formatting import number

Words = str | Promise
Format = Callable[[float], str]

# --- pictures of figures ---


@dataclass(frozen=True)
class Picture:
    """A drawing with what a reader needs who cannot see it: the finding in words and the figures as rows."""

    title: str
    finding: str
    svg: SafeString
    columns: tuple[str, str]
    rows: list[tuple[str, str]]
    key: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Bar:
    """One bar; `accent` marks the one the finding speaks of, `href` makes a link of its name."""

    label: Words
    value: float | None
    accent: bool = False
    href: str = ""


@dataclass(frozen=True)
class Interval:
    """An estimate and the interval that holds it; both ends are None where nothing is known of it."""

    label: Words
    value: float
    low: float | None = None
    high: float | None = None
    accent: bool = False
    href: str = ""


# Column and row of each province: west to east and north to south as on the map, one tile each. Islands stand
# apart and keep their shape, so that readers find a province without looking for its code.
TILES: dict[str, tuple[int, int]] = {
    # Sumatra
    "11": (0, 0), "12": (0, 1), "14": (1, 1), "21": (2, 1), "13": (0, 2), "15": (1, 2),
    "17": (0, 3), "16": (1, 3), "19": (2, 3), "18": (1, 4),
    # Java
    "36": (1, 5), "31": (2, 5), "33": (3, 5), "35": (4, 5), "32": (2, 6), "34": (3, 6),
    # Bali and Nusa Tenggara
    "51": (5, 6), "52": (6, 6), "53": (7, 6),
    # Kalimantan
    "61": (3, 2), "62": (4, 2), "64": (5, 2), "65": (5, 1), "63": (5, 3),
    # Sulawesi
    "76": (7, 2), "72": (8, 2), "75": (8, 1), "71": (9, 0), "73": (7, 3), "74": (8, 3),
    # Maluku
    "82": (10, 1), "81": (10, 3),
    # Papua
    "96": (11, 2), "92": (12, 2), "91": (13, 2), "94": (12, 3), "95": (13, 3), "93": (13, 4),
}  # fmt: skip
TILE = 48
GAP = 3
LEVELS = 5
LEVEL_FILLS = ("#FBF8F2", "#F3E4D2", "#E3C29C", "#CB9A66", "#96592B", "#5F2F10")
LEVEL_TEXTS = ("#5C5446", "#211D17", "#211D17", "#211D17", "#FFFFFF", "#FFFFFF")


def level_bounds(values: Sequence[float]) -> list[float]:
    """Return where each of at most five classes starts, with as many provinces in each as ties allow."""
    ordered = sorted(values)
    starts = [ordered[len(ordered) * level // LEVELS] for level in range(LEVELS)] if ordered else []
    return sorted(set(starts))


def _level(value: float | None, bounds: Sequence[float]) -> int:
    """Return 1 to 5, the highest class for the highest values, or 0 where the value is not known."""
    if value is None:
        return 0
    return LEVELS - len(bounds) + sum(1 for bound in bounds if value >= bound)


def _linked(inner: str, href: str) -> str:
    return f"<a href={quoteattr(href)}>{inner}</a>" if href else inner


def _tile(code: str, level: int, label: str, *, shown: str, href: str) -> str:
    column, row = TILES[code]
    x, y, side = column * TILE, row * TILE, TILE - GAP
    middle = f'x="{x + side / 2:g}"'
    base = y + (24 if shown else 29)
    value = f'<tspan class="tile-value" {middle} dy="14" font-size="10.5">{escape(shown)}</tspan>' if shown else ""
    return _linked(
        f"<g><title>{escape(province(code).name)}: {escape(label)}</title>"
        f'<rect class="tile tile-{level}" x="{x}" y="{y}" width="{side}" height="{side}" rx="3" '
        f'fill="{LEVEL_FILLS[level]}"/><text class="tile-text tile-text-{level}" {middle} y="{base}" '
        f'text-anchor="middle" font-family="sans-serif" font-size="19" fill="{LEVEL_TEXTS[level]}">'
        f"{province(code).short}{value}</text></g>",
        href,
    )


def _key(bounds: Sequence[float], written: Format, *, gaps: bool) -> list[tuple[int, str]]:
    """Return the classes and where each starts; the page writes them, so that letters keep their size."""
    lowest = LEVELS - len(bounds) + 1
    key = [(lowest + place, f"≥\u00a0{written(bound)}") for place, bound in enumerate(bounds)]
    return [*key, (0, _("not known"))] if gaps else key


def _frame(body: str, *, title: str, finding: str, links: bool, attributes: str) -> SafeString:
    """Wrap a drawing in its svg element; one with links is a group, because an image hides what is in it."""
    role = "group" if links else "img"
    return mark_safe(  # noqa: S308  every word in `body` was escaped where it was put in
        f'{SVG} role="{role}" aria-label={quoteattr(f"{title}. {finding}")} '
        f"{attributes}><title>{escape(title)}</title><desc>{escape(finding)}</desc>{body}</svg>"
    )


def tile_map(
    values: Mapping[str, float | None],
    *,
    title: Words,
    finding: Words,
    unit: Words,
    written: Format = number,
    links: Mapping[str, str] | None = None,
    show_values: bool = False,
) -> Picture:
    """Draw the 38 provinces as tiles, shaded in five classes of equally many provinces.

    Parameters
    ----------
    values
        Value by Kemendagri code ("33"); a province that is missing or None is drawn empty.
    title
        What is shown, with its unit.
    finding
        What the map says, in one sentence; it is also the alternative text.
    unit
        Heading of the column of values in the table.
    written
        How a value is written.
    links
        Address by code; the tile leads there.
    show_values
        Write the value into each tile (hidden on a phone, where it could not be read).

    Returns
    -------
    Picture
        The map, and every province from the highest value to the lowest, unknown ones last.

    Raises
    ------
    gebyar.reference.regions.UnknownRegion
        For a code that is no province.
    """
    for code in values:
        province(code)
    known = [value for value in values.values() if value is not None]
    bounds = level_bounds(known)
    links = links or {}
    tiles = []
    for code in TILES:
        value = values.get(code)
        label = _written(value, written)
        shown = label if show_values and value is not None else ""
        tiles.append(_tile(code, _level(value, bounds), label, shown=shown, href=links.get(code, "")))
    key = _key(bounds, written, gaps=len(known) < len(TILES))
    size = f'class="tile-map" viewBox="-1 -1 {14 * TILE} {7 * TILE}"'
    svg = _frame("".join(tiles), title=str(title), finding=str(finding), links=bool(links), attributes=size)
    columns = (_("Province"), str(unit))
    return Picture(str(title), str(finding), svg, columns, _province_rows(values, written), key)


def _province_rows(values: Mapping[str, float | None], written: Format) -> list[tuple[str, str]]:
    def order(code: str) -> tuple[bool, float, str]:
        value = values.get(code)
        return (value is None, -(value or 0), code)

    return [(province(code).name, _written(values.get(code), written)) for code in sorted(TILES, key=order)]


BAR_STEP = 46
BAR_ROOM = 76  # per cent of the width for the longest bar; the rest holds its value


def bar_chart(
    rows: Sequence[Bar],
    *,
    title: Words,
    finding: Words,
    of: Words,
    unit: Words,
    written: Format = number,
) -> Picture:
    """Draw lying bars from zero, each with its name above and its value at its end.

    Parameters
    ----------
    rows
        From top to bottom; at least one. A value that is None gets no bar and says so.
    title
        What is shown, with its unit.
    finding
        What the bars say, in one sentence; it is also the alternative text.
    of, unit
        Headings of the table's two columns: what the bars stand for, and in what they are counted.
    written
        How a value is written.

    Returns
    -------
    Picture
        The bars and their table.

    Raises
    ------
    ValueError
        For a negative value, which a bar from zero cannot show, and for no rows at all.

    Notes
    -----
    Lengths are per cent of the picture's width and letters keep their size, to be readable on a phone.
    """
    if not rows:
        raise ValueError("A bar chart needs at least one row.")
    if any(row.value is not None and row.value < 0 for row in rows):
        raise ValueError("A bar from zero cannot show a negative value.")
    longest = max((row.value for row in rows if row.value is not None), default=0) or 1
    body = "".join(_bar(row, place * BAR_STEP, longest, written) for place, row in enumerate(rows))
    height = len(rows) * BAR_STEP - 6
    svg = _frame(
        body + f'<line class="bar-axis" x1="0" x2="0" y1="0" y2="{height}" stroke="#857A67"/>',
        title=str(title),
        finding=str(finding),
        links=any(row.href for row in rows),
        attributes=f'class="bars" width="100%" height="{height}"',
    )
    table = [(str(row.label), _written(row.value, written)) for row in rows]
    return Picture(str(title), str(finding), svg, (str(of), str(unit)), table)


def _written(value: float | None, written: Format) -> str:
    return _("not known") if value is None else written(value)


def _bar(row: Bar, y: int, longest: float, written: Format) -> str:
    length = BAR_ROOM * (row.value or 0) / longest
    accent, strong = (" bar-accent", " bar-strong") if row.accent else ("", "")
    fill = SOGA if row.accent else "#B9AE9B"
    text = 'font-family="sans-serif" font-size="15" fill="#211D17"'
    label = f'<text class="bar-label{strong}" x="8" y="{y + 15}" {text}>{escape(str(row.label))}</text>'
    bar = f'<rect class="bar{accent}" x="0" y="{y + 22}" width="{length:.2f}%" height="14" fill="{fill}"/>'
    value = (
        f'<text class="bar-value{strong}" x="{length:.2f}%" dx="8" y="{y + 34}" {text}>'
        f"{escape(_written(row.value, written))}</text>"
    )
    return _linked(label, row.href) + bar + value


SCALE_ROOM = 72  # per cent of the width from the lowest to the highest end; the rest holds the value


def interval_chart(
    rows: Sequence[Interval],
    *,
    title: Words,
    finding: Words,
    of: Words,
    unit: Words,
    written: Format = number,
) -> Picture:
    """Draw a dot for each estimate on the line of its interval, all on one scale from the lowest to the highest end.

    Parameters
    ----------
    rows
        From top to bottom; at least one.
    title
        What is shown, with its unit.
    finding
        What the picture says, in one sentence; it is also the alternative text.
    of, unit
        Headings of the table's two columns.
    written
        How a value is written.

    Returns
    -------
    Picture
        The dots and their table, with each interval behind its value.

    Raises
    ------
    ValueError
        For no rows at all.

    Notes
    -----
    The scale does not begin at zero: places are compared, not lengths. Its ends are written beneath.
    """
    if not rows:
        raise ValueError("An interval chart needs at least one row.")
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    low, high = min(ends), max(ends)
    place = lambda value: 2 + SCALE_ROOM * (value - low) / ((high - low) or 1)  # noqa: E731
    body = "".join(_interval(row, at * BAR_STEP, place, written) for at, row in enumerate(rows))
    height = len(rows) * BAR_STEP
    words = 'class="bar-label" font-family="sans-serif" font-size="15" fill="#211D17"'
    scale = (
        f'<line class="bar-axis" x1="2%" x2="{2 + SCALE_ROOM}%" y1="{height}" y2="{height}" stroke="#857A67"/>'
        f'<text {words} x="2%" y="{height + 18}">{escape(written(low))}</text>'
        f'<text {words} x="{2 + SCALE_ROOM}%" y="{height + 18}" text-anchor="end">{escape(written(high))}</text>'
    )
    svg = _frame(
        body + scale,
        title=str(title),
        finding=str(finding),
        links=any(row.href for row in rows),
        attributes=f'class="bars" width="100%" height="{height + 24}"',
    )
    table = [(str(row.label), _interval_words(row, written)) for row in rows]
    return Picture(str(title), str(finding), svg, (str(of), str(unit)), table)


def _interval_words(row: Interval, written: Format) -> str:
    if row.low is None or row.high is None:
        return written(row.value)
    return f"{written(row.value)} ({written(row.low)}–{written(row.high)})"


def _interval(row: Interval, y: int, place: Callable[[float], float], written: Format) -> str:
    accent, strong = (" bar-accent", " bar-strong") if row.accent else ("", "")
    fill = SOGA if row.accent else "#B9AE9B"
    text = 'font-family="sans-serif" font-size="15" fill="#211D17"'
    label = f'<text class="bar-label{strong}" x="8" y="{y + 15}" {text}>{escape(str(row.label))}</text>'
    line = ""
    if row.low is not None and row.high is not None:
        left, right = place(row.low), place(row.high)
        line = (
            f'<rect class="bar{accent}" x="{left:.2f}%" y="{y + 26}" width="{right - left:.2f}%" height="5" '
            f'fill="{fill}"/>'
        )
    dot = f'<circle class="interval-dot" cx="{place(row.value):.2f}%" cy="{y + 28.5}" r="5" fill="#211D17"/>'
    value = (
        f'<text class="bar-value{strong}" x="{2 + SCALE_ROOM}%" dx="12" y="{y + 34}" {text}>'
        f"{escape(written(row.value))}</text>"
    )
    return _linked(label, row.href) + line + dot + value
