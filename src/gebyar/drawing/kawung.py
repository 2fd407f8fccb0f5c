"""The mark: kawung, drawn from geometry, for pages and documents alike.

Nothing carries a style attribute, which the content security policy would drop; colours are presentation attributes.
"""

from xml.sax.saxutils import quoteattr

SOGA = "#8A4B1F"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"'

# Kawung is one of the oldest batik patterns: its ovals are halved palm fruits, four around a point, each with
# its seed.


def _ellipse(rx: float, ry: float, at: float) -> str:
    """Draw an upright ellipse around (0, -at) as two arcs of a path."""
    top, bottom = -at - ry, -at + ry
    return f"M0 {top:g}A{rx:g} {ry:g} 0 1 1 0 {bottom:g}A{rx:g} {ry:g} 0 1 1 0 {top:g}Z"


def _petals(reach: float, *, width: float, length: float, seed: bool) -> str:
    """Draw four ovals along the diagonals, out to `reach`; width and length are shares of an oval's room."""
    half = reach / 2
    oval = _ellipse(half * width, half * length, half)
    if seed:
        oval += _ellipse(half * 0.14, half * 0.48, half)
    ovals = (f'<path d="{oval}" transform="rotate({45 + 90 * quarter})"/>' for quarter in range(4))
    return f'<g fill-rule="evenodd">{"".join(ovals)}</g>'


def _rosette(reach: float, *, seed: bool) -> str:
    return _petals(reach, width=0.58, length=0.93, seed=seed)


def _cell() -> str:
    """Draw one cell of the running pattern, 100 wide: ovals to its corners, a dot on each edge."""
    dots = "".join(f'<path d="M{x - 5} {y}l5-5 5 5-5 5z"/>' for x, y in ((0, -50), (50, 0), (0, 50), (-50, 0)))
    return _petals(50 * 2**0.5, width=0.5, length=0.86, seed=True) + dots


def kawung(
    size: int = 32,
    *,
    seed: bool = True,
    ring: bool = True,
    colour: str = "currentColor",
    css_class: str = "",
) -> str:
    """Draw the mark: four ovals in a ring.

    Parameters
    ----------
    size
        Width and height in pixels.
    seed
        Leave the slit of the seed open in each oval; below about 20 pixels it only blurs.
    ring
        Draw the circle around the ovals.
    colour
        Any CSS colour; "currentColor" takes that of the text around the mark.
    css_class
        Value of the class attribute.

    Returns
    -------
    str
        An ``svg`` element hidden from screen readers; the words beside it name the house.
    """
    circle = f'<circle r="48" fill="none" stroke="{colour}" stroke-width="4"/>' if ring else ""
    reach = 45 if ring else 50
    attribute = f" class={quoteattr(css_class)}" if css_class else ""
    return (
        f'{SVG}{attribute} width="{size}" height="{size}" viewBox="-50 -50 100 100" '
        f'fill="{colour}" aria-hidden="true" focusable="false">{circle}{_rosette(reach, seed=seed)}</svg>'
    )


def kawung_tile(cell: int = 56, colour: str = "#000") -> str:
    """Draw one cell of the running pattern; tiles join without a seam."""
    return f'{SVG} width="{cell}" height="{cell}" viewBox="-50 -50 100 100" fill="{colour}">{_cell()}</svg>'


def favicon() -> str:
    """Draw the mark for a browser tab: light ovals on a soga disc, without what blurs at 16 pixels."""
    return (
        f'{SVG} viewBox="-50 -50 100 100">'
        f'<circle r="50" fill="{SOGA}"/><g fill="#FBF8F2">{_rosette(48, seed=False)}</g></svg>'
    )


def watermark(width: int, height: int, cell: int = 60, colour: str = "#EFE6D8") -> str:
    """Draw the running pattern over a whole sheet, for certificates and minutes.

    Parameters
    ----------
    width, height
        Size of the sheet in the same unit as `cell`, points for a PDF.
    cell
        Distance from one rosette to the next.
    colour
        A pale colour; the default keeps black text above 15:1.

    Returns
    -------
    str
        An ``svg`` element of that size.
    """
    scale = cell / 100
    return (
        f'{SVG} width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<defs><pattern id="kawung" width="100" height="100" patternUnits="userSpaceOnUse" '
        f'patternTransform="scale({scale:g})"><g fill="{colour}" transform="translate(50 50)">'
        f"{_cell()}</g></pattern></defs>"
        f'<rect width="{width}" height="{height}" fill="url(#kawung)"/></svg>'
    )
