"""Judges of an edition, their ties, and the entrants to whom they may have one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from gebyar.accounts.models import Role, User
from gebyar.awards.models import Assignment, Conflict, Edition, Entry, EntryMember, Judge


def judges_of(edition: Edition) -> QuerySet[Judge]:
    """Return the judges with how many open ties and standing entries each has."""
    standing = ~Q(assignments__status=Assignment.Status.DECLINED)
    return (
        edition.judges.select_related("user")
        .annotate(
            tie_count=Count("conflicts", filter=Q(conflicts__lifted_at__isnull=True), distinct=True),
            entry_count=Count("assignments", filter=standing, distinct=True),
        )
        .order_by("number")
    )


def addable(edition: Edition) -> QuerySet[User]:
    """Return people who hold the role of a judge and do not judge in this edition yet."""
    holders = User.objects.filter(is_active=True, grants__role=Role.JUDGE, grants__ended_at__isnull=True)
    return holders.exclude(judgeships__edition=edition).distinct().order_by("name", "email")


def conflicts_of(judge: Judge) -> QuerySet[Conflict]:
    """Return a judge's ties, the open ones first."""
    rows = judge.conflicts.select_related("entry__firm", "entry__category", "firm")
    return rows.order_by(F("lifted_at").desc(nulls_first=True), "-at", "pk")


@dataclass(frozen=True)
class Entrant:
    """Who enters with an entry, by name alone: nothing of what is in the entry."""

    entry: Entry
    name: str
    ties: list[Conflict]


def entrants_of(judge: Judge, words: str = "") -> QuerySet[Entry]:
    """Return the entries of a judge's edition whose entrants they may be tied to, in the order of names."""
    rows = judge.edition.entries.filter(status=Entry.Status.SUBMITTED)
    for word in words.split():
        rows = rows.filter(
            Q(firm__name__icontains=word)
            | Q(firm__isnull=True, entrant__name__icontains=word)
            | Q(pk__in=EntryMember.objects.filter(name__icontains=word).values("entry"))
        )
    own = Conflict.objects.filter(judge=judge, lifted_at__isnull=True)
    return (
        rows.select_related("firm", "entrant", "category")
        .prefetch_related("members", Prefetch("conflicts", own, to_attr="own_ties"))
        .order_by("firm__name", "entrant__name", "pk")
    )


def entrant_lines(entries: Any) -> list[Entrant]:
    return [Entrant(entry, entrant_name(entry), entry.own_ties) for entry in entries]


def entrant_name(entry: Entry) -> str:
    """Return who enters: the firm, or the people."""
    if entry.firm is not None:
        return entry.firm.name
    members = [member.name for member in entry.members.all()]
    return ", ".join(members) or (entry.entrant.name if entry.entrant else "")
