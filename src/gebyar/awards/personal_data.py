"""What the awards hold on a person who enters without a firm, and how it goes away (UU 27/2022)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.awards.models import Entry, EntryMember
from gebyar.records.sealing import open_sealed
from gebyar.registry.services.files import delete_afterwards


def _own(user: User) -> QuerySet[Entry]:
    return Entry.objects.filter(entrant=user, firm__isnull=True).order_by("pk")


def export_entries(user: User) -> list[dict[str, Any]]:
    """Return the entries that a person began for themselves or their group."""
    found = _own(user).select_related("edition", "category").prefetch_related("members", "documents")
    return [
        {
            "edition": entry.edition.slug, "category": entry.category.key, "status": entry.status, "title": entry.title,
            "number": entry.number, "answers": entry.answers, "declared": entry.declared,
            "members": [_member(member) for member in entry.members.all()],
            "documents": [{"key": one.key, "sha256": one.sha256, "size": one.size} for one in entry.documents.all()],
        }
        for entry in found
    ]  # fmt: skip


def _member(member: EntryMember) -> dict[str, Any]:
    birth = open_sealed(bytes(member.birth_sealed)) if member.birth_sealed else None
    return {"name": member.name, "part": member.part, "birth": birth}


def erase_entries(user: User) -> None:
    """Take people and documents out of a person's entries, and a draft's answers too.

    What was handed in and judged stays by its code: other people's places depend on it.
    """
    for entry in _own(user):
        entry.members.all().delete()
        for paper in entry.documents.all():
            paper.delete()
            delete_afterwards(paper.file)
        if entry.status == Entry.Status.DRAFT:
            entry.title, entry.answers, entry.declared = "", {}, {}
            entry.status, entry.withdrawn_at = Entry.Status.WITHDRAWN, timezone.now()
            entry.save(update_fields=["title", "answers", "declared", "status", "withdrawn_at"])
