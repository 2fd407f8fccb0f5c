"""The completeness desk: which entries of an officer's region lack what, how far all have come, and who was helped."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gebyar.awards.models import DeskNote, Edition, Entry, Passage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.eligibility import gathered, with_facts
from gebyar.awards.queries.entries import Missing, desk_entries, unfinished
from gebyar.awards.wording_rules import in_language

NOT_COMPLETE, COMPLETE, HANDED_IN = "not_complete", "complete", "handed_in"
_AT_ONCE = 500


@dataclass(frozen=True)
class DeskLine:
    """One entry as the desk shows it."""

    entry: Entry
    category: str
    missing: list[Missing]
    days_left: int
    noted_at: Any

    @property
    def state(self) -> str:
        if self.entry.status == Entry.Status.SUBMITTED and not self.missing:
            return HANDED_IN
        return NOT_COMPLETE if self.missing else COMPLETE


@dataclass(frozen=True)
class Step:
    """How many entries came this far."""

    label: str
    count: int


@dataclass(frozen=True)
class Desk:
    """The whole desk of one edition, for one officer."""

    edition: Edition
    lines: list[DeskLine]
    funnel: list[Step]
    lacking: list[Step]  # what is missing most often

    @property
    def finding(self) -> str:
        """Say what the funnel shows, in one sentence."""
        begun, complete = self.funnel[0].count, self.funnel[1].count
        if not begun:
            return _("Nobody of your region has begun yet.")
        facts = {"complete": complete, "begun": begun}
        return _("%(complete)d of %(begun)d entries have everything that is asked for.") % facts

    @property
    def lacking_finding(self) -> str:
        """Say what is missing most often, in one sentence."""
        if not self.lacking:
            return ""
        first = self.lacking[0]
        return _("Most often missing: %(what)s, in %(count)d entries.") % {"what": first.label, "count": first.count}


def editions_at_desk() -> QuerySet[Edition]:
    """Return the editions that the desk works for, the one that closes next first."""
    return (
        Edition.objects.filter(status=Edition.Status.PUBLISHED)
        .order_by("closes_at", "pk")
        .select_related("version")
        .defer("version__document")
    )


def days_left(edition: Edition) -> int:
    """Return whole days until the call closes; 0 on the last day, below 0 after it."""
    return int((timezone.localdate(edition.closes_at) - timezone.localdate()).days)


def desk_of(user: Any, edition: Edition, *, region: str = "") -> Desk:
    """Gather an edition's desk; a fixed number of queries for any number of entries up to `_AT_ONCE`."""
    rules, left = rules_of(edition), days_left(edition)
    mine = desk_entries(user).filter(edition=edition).exclude(status=Entry.Status.WITHDRAWN)
    if region:
        mine = mine.filter(region_code__startswith=region)
    noted = mine.annotate(noted_at=Max("desk_notes__at")).order_by("pk")
    names = {category.id: in_language(category.names) for category in rules.categories}
    lines = [
        DeskLine(entry, names[entry.category.key], unfinished(gathered(entry, rules)), left, entry.noted_at)
        for entry in with_facts(noted).iterator(chunk_size=_AT_ONCE)
    ]
    return Desk(edition, sorted(lines, key=_urgency), _funnel(mine, lines), _lacking(lines))


def _urgency(line: DeskLine) -> tuple[bool, int, int]:
    """Put first what can still be saved with least work: drafts with few things missing, then those with more."""
    return line.state == HANDED_IN, len(line.missing), line.entry.pk


def _funnel(mine: QuerySet[Entry], lines: list[DeskLine]) -> list[Step]:
    in_order = Passage.objects.filter(
        entry=OuterRef("pk"), stage__kind="administrative", outcome=Passage.Outcome.PASSED
    )
    handed_in = sum(line.entry.status == Entry.Status.SUBMITTED for line in lines)
    return [
        Step(_("Begun"), len(lines)),
        Step(_("Complete"), sum(not line.missing for line in lines)),
        Step(_("Handed in"), handed_in),
        Step(_("Found in order"), mine.filter(Exists(in_order)).order_by().count()),
    ]


def _lacking(lines: list[DeskLine]) -> list[Step]:
    counted = Counter(one.words for line in lines for one in line.missing)
    return [Step(words, count) for words, count in counted.most_common(8)]


def notes_of(entry: Entry) -> QuerySet[DeskNote]:
    return entry.desk_notes.select_related("by").order_by("-at", "-pk")
