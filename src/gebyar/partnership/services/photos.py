"""Photos of a listing, written anew so that they hold pixels and nothing else."""

from typing import TYPE_CHECKING

from django.db import transaction

from gebyar.accounts.models import User
from gebyar.partnership.errors import ListingClosed, NotYourFirm, TooManyListingPhotos
from gebyar.partnership.models import Listing, ListingPhoto
from gebyar.partnership.services.listings import touch
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.services.files import delete_afterwards
from gebyar.registry.services.photos import Prepared, prepare

if TYPE_CHECKING:
    from django.core.files.base import File

MOST_PHOTOS = 4


def add_listing_photo(*, actor: User, listing: Listing, file: "File[bytes]", alternative: str) -> ListingPhoto:
    """Add a photo; a listing that is shown waits for approval again.

    Raises
    ------
    NotYourFirm, ListingClosed, TooManyListingPhotos
    gebyar.registry.errors.FileTooLarge, TooManyPixels, UnfitPhoto
        Nothing is stored then.
    """
    if not actor.has_perm("partnership.write_listing", listing.firm):
        raise NotYourFirm
    ready = prepare(file)
    with transaction.atomic():
        locked = _open(listing)
        if locked.photos.count() >= MOST_PHOTOS:
            raise TooManyListingPhotos(count=MOST_PHOTOS)
        photo = _stored(locked, ready, alternative, actor)
        touch(locked)
        record_audit(actor=actor, verb="partnership.add_listing_photo", target=locked, after={"photo": photo.pk})
    return photo


def _open(listing: Listing) -> Listing:
    locked = lock(Listing.objects.filter(pk=listing.pk)).get()
    if locked.status == Listing.Status.CLOSED:
        raise ListingClosed
    return locked


def _stored(listing: Listing, ready: Prepared, alternative: str, actor: User) -> ListingPhoto:
    return ListingPhoto.objects.create(
        listing=listing, alternative=alternative.strip(), added_by=actor, **ready.columns()
    )


@transaction.atomic
def remove_listing_photo(*, actor: User, photo: ListingPhoto) -> None:
    """Take a photo out, which is a change like any other; its files are deleted after the transaction.

    Raises
    ------
    NotYourFirm, ListingClosed
        Nothing is changed then.
    """
    if not actor.has_perm("partnership.write_listing", photo.listing.firm):
        raise NotYourFirm
    locked = _open(photo.listing)
    before = {"photo": photo.pk}
    if not photo.delete()[0]:  # somebody was faster
        return
    touch(locked)
    record_audit(actor=actor, verb="partnership.remove_listing_photo", target=locked, before=before)
    delete_afterwards(photo.file, photo.thumbnail)
