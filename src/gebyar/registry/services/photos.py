"""Photos of a firm's products, made fit for its public page.

A phone writes into a photograph where and when it was taken and by which device. None of that is kept: only the pixels
are written into a new file, small enough for a page that is read over a mobile network.
"""

import io
import secrets
import warnings
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from PIL import Image, ImageOps

from gebyar.accounts.models import User
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.errors import NotYourFirm, TooManyPhotos, TooManyPixels, UnfitPhoto
from gebyar.registry.models import Firm, Photo
from gebyar.registry.services.files import MOST_MEGABYTES, delete_afterwards, require_light

__all__ = ["MOST_MEGABYTES", "MOST_PHOTOS", "Prepared", "add_photo", "prepare", "remove_photo"]

MOST_MEGAPIXELS = 50
MOST_PHOTOS = 6
LONGEST_SIDE, THUMBNAIL_SIDE = 1600, 320
THUMBNAIL_BYTES = 30 * 1024
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITIES = (78, 65, 50, 35, 20)
# What Pillow raises for files that are damaged or made to break it.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, Image.DecompressionBombError)


@dataclass(frozen=True)
class Prepared:
    """A photograph as it is stored: JPEG without metadata, and its thumbnail with its size in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int

    def columns(self) -> dict[str, Any]:
        """Return what a model of photos stores, under names that tell nothing."""
        name = secrets.token_hex(16)
        return {
            "file": ContentFile(self.large, name=f"{name}.jpg"), "width": self.width,
            "thumbnail": ContentFile(self.small, name=f"{name}-s.jpg"), "height": self.height,
        }  # fmt: skip


def add_photo(*, actor: User, firm: Firm, file: "File[bytes]", alt: str) -> Photo:
    """Show a product on the firm's page, on the word of the firm or its officer.

    Parameters
    ----------
    file
        JPEG, PNG or WebP, told by its content.
    alt
        What can be seen, for those who cannot see it.

    Raises
    ------
    NotYourFirm, FileTooLarge, TooManyPixels, UnfitPhoto, TooManyPhotos
        Nothing is stored then.
    """
    if not actor.has_perm("registry.manage_members", firm):
        raise NotYourFirm
    ready = prepare(file)
    with transaction.atomic():
        lock(Firm.objects.filter(pk=firm.pk)).get()
        if firm.photos.count() >= MOST_PHOTOS:
            raise TooManyPhotos(count=MOST_PHOTOS)
        photo = _stored(firm, ready, alt)
        record_audit(actor=actor, verb="registry.add_photo", target=firm, after={"photo": photo.pk, "alt": alt})
    return photo


def _stored(firm: Firm, ready: Prepared, alt: str) -> Photo:
    return Photo.objects.create(firm=firm, alt=alt, **ready.columns())


@transaction.atomic
def remove_photo(*, actor: User, photo: Photo) -> None:
    """Take a photo off the page; its files are deleted after the transaction.

    Raises
    ------
    NotYourFirm
        Nothing is changed then.
    """
    firm = photo.firm
    if not actor.has_perm("registry.manage_members", firm):
        raise NotYourFirm
    before = {"photo": photo.pk, "alt": photo.alt}
    if not photo.delete()[0]:  # somebody was faster
        return
    record_audit(actor=actor, verb="registry.remove_photo", target=firm, before=before)
    delete_afterwards(photo.file, photo.thumbnail)


def prepare(file: "File[bytes]") -> Prepared:
    """Write a picture anew, large and small.

    Raises
    ------
    FileTooLarge, TooManyPixels, UnfitPhoto
    """
    require_light(file)
    picture = _pixels(file)
    thumbnail = picture.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Prepared(_jpeg(picture, _QUALITIES[0]), _small_jpeg(thumbnail), *thumbnail.size)


def _pixels(file: "File[bytes]") -> Image.Image:
    """Return the pixels alone, upright and at most as large as they are shown; the header is looked at first."""
    try:
        with warnings.catch_warnings(), Image.open(file, formats=_FORMATS) as picture:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            if picture.width * picture.height > MOST_MEGAPIXELS * 1_000_000:
                raise TooManyPixels(megapixels=MOST_MEGAPIXELS)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return on_white(upright)
    except _DAMAGED as error:
        raise UnfitPhoto from error


def on_white(picture: Image.Image) -> Image.Image:
    """Copy the pixels into a picture that knows nothing else."""
    clean = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        clean.paste(layer, mask=layer.getchannel("A"))
    else:
        clean.paste(picture.convert("RGB"))
    return clean


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
    return target.getvalue()


def _small_jpeg(picture: Image.Image) -> bytes:
    """Lower the quality until a thumbnail is light enough; at the last one even noise is."""
    written = b""
    for quality in _QUALITIES:
        written = _jpeg(picture, quality)
        if len(written) <= THUMBNAIL_BYTES:
            break
    return written
