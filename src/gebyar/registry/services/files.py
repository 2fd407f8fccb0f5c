"""What holds for every uploaded file: how large it may be, and how it goes away."""

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.fields.files import FieldFile

from gebyar.registry.errors import FileTooLarge

if TYPE_CHECKING:
    from django.core.files.base import File

MOST_MEGABYTES = 5


def require_light(file: "File[bytes]") -> None:
    """Refuse a file that is too large; raises FileTooLarge."""
    if file.size > MOST_MEGABYTES * 1024 * 1024:
        raise FileTooLarge(megabytes=MOST_MEGABYTES)


def delete_afterwards(*stored: FieldFile) -> None:
    """Delete files once the transaction that took them out of the register holds."""
    for file in stored:
        if file.name:
            transaction.on_commit(partial(file.storage.delete, file.name), robust=True)
