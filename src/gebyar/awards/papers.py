"""Documents as they come in: looked at by their content, and made fit to be kept.

A picture is written anew, so that it holds pixels and nothing else; a PDF has to open, without a password, and to have
pages. What a file calls itself counts for nothing.
"""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import filetype
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from gebyar.awards.errors_entering import (
    BlurredPicture,
    DamagedDocument,
    DocumentTooLarge,
    EmptyDocument,
    EmptyFile,
    LockedDocument,
    TooManyPages,
    UnfitDocument,
)
from gebyar.reference.awards.rules import DocumentAsk
from gebyar.registry.services.photos import on_white

if TYPE_CHECKING:
    from django.core.files.base import File

PDF, JPEG = "application/pdf", "image/jpeg"
_PICTURES = {"image/jpeg", "image/png", "image/webp"}
_FORMATS = ("JPEG", "PNG", "WEBP")
# A sheet of A4 of this many dots can be read to its smallest print; a smaller one than the least cannot.
LONGEST_SIDE, LEAST_SIDE = 2200, 500
MOST_MEGAPIXELS = 60
MOST_PAGES = 200
_QUALITY = 80
_HEAD = 8192
KINDS: dict[str, str | Promise] = {"pdf": _("PDF"), "picture": _("picture (JPG, PNG or WebP)")}
# What Pillow and pypdf raise for files that are damaged or made to break them.
_BAD_PICTURE = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, ArithmeticError, TypeError, struct.error, zlib.error,
    Image.DecompressionBombError,
)  # fmt: skip
_BAD_PDF = (
    OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, AssertionError, ArithmeticError,
    struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """A document as it is kept."""

    content: bytes
    media_type: str
    ending: str
    pages: int


def prepare(file: "File[bytes]", ask: DocumentAsk) -> Prepared:
    """Look at an uploaded file and make it fit to be kept.

    Raises
    ------
    EmptyFile, DocumentTooLarge, UnfitDocument, DamagedDocument, LockedDocument, EmptyDocument, TooManyPages,
    BlurredPicture
        With what to do about it.
    """
    if not file.size:
        raise EmptyFile
    if file.size > ask.most_megabytes * 1024 * 1024:
        raise DocumentTooLarge(megabytes=ask.most_megabytes)
    file.seek(0)
    kind = filetype.guess_mime(file.read(_HEAD)) or ""
    file.seek(0)
    if kind == PDF and "pdf" in ask.accepts:
        return _pdf(file.read())
    if kind in _PICTURES and "picture" in ask.accepts:
        return _picture(file)
    raise UnfitDocument(kinds=", ".join(str(KINDS[name]) for name in ask.accepts))


def _pdf(content: bytes) -> Prepared:
    from pypdf import PdfReader  # noqa: PLC0415  it is large, and only uploads need it
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise LockedDocument
        pages = len(reader.pages)
        if pages:
            reader.pages[0].mediabox  # noqa: B018  the first page has to be there
    except (PyPdfError, *_BAD_PDF) as error:
        raise DamagedDocument from error
    if pages == 0:
        raise EmptyDocument
    if pages > MOST_PAGES:
        raise TooManyPages(count=pages, most=MOST_PAGES)
    return Prepared(content, PDF, "pdf", pages)


def _picture(file: "File[bytes]") -> Prepared:
    try:
        with warnings.catch_warnings(), Image.open(file, formats=_FORMATS) as picture:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            if picture.width * picture.height > MOST_MEGAPIXELS * 1_000_000:
                raise DamagedDocument
            if max(picture.size) < LEAST_SIDE:
                raise BlurredPicture(width=picture.width, height=picture.height)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            clean = on_white(upright)
    except _BAD_PICTURE as error:
        raise DamagedDocument from error
    target = io.BytesIO()
    clean.save(target, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Prepared(target.getvalue(), JPEG, "jpg", 1)
