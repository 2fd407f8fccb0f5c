"""From a template and its words to a PDF for everybody: one way for all documents."""

from datetime import datetime
from pathlib import Path
from typing import cast


def typeset(template: Path, *, timestamp: datetime | None = None, **inputs: str) -> bytes:
    """Return the document, tagged for screen readers (PDF/UA-1).

    Parameters
    ----------
    template
        A typst file.
    timestamp
        What the file says it was made at; without fractions of seconds, which the typesetter does not know.
    inputs
        Texts that the template reads by these names.
    """
    import typst  # noqa: PLC0415  its typesetter is large, and only documents need it

    # A compiler of its own, for two threads cannot share one; only the fonts that come with typst, for the same
    # document on every machine.
    compiler = typst.Compiler(str(template), ignore_system_fonts=True, sys_inputs=inputs)
    moment = timestamp.replace(microsecond=0) if timestamp else None
    return cast("bytes", compiler.compile(pdf_standards="ua-1", timestamp=moment))  # one document, no output file named
