"""QR codes as SVG."""

from io import BytesIO

import segno


def qr_svg(text: str) -> str:
    """Return a QR code with error correction M (15 % may be damaged) and the quiet zone that readers need."""
    buffer = BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", border=4, xmldecl=False, svgns=True)
    return buffer.getvalue().decode()
