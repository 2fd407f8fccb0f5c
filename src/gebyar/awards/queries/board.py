"""How far judging is: by judge, by entry, and what stands in the way of a ranking that corrects for severity.

Nothing here tells how anybody judged: severity and scores are shown once the stage is closed.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from gebyar.awards.models import Assignment, Entry, Judge, Score, Stage
from gebyar.awards.queries.judging import counted, entries_of_stage
from gebyar.awards.wording_rankings import finding_words
from gebyar.methods.judging import conditions

STATES = ("sent", "draft", "none", "proposed", "declined")


@dataclass(frozen=True)
class Progress:
    """A stage in numbers of assignments."""

    sent: int
    draft: int
    none: int
    proposed: int
    declined: int
    short: int  # entries with fewer judges than the rules say

    @property
    def total(self) -> int:
        return self.sent + self.draft + self.none + self.proposed

    @property
    def left(self) -> int:
        return self.total - self.sent


def has_draft() -> Exists:
    return Exists(Score.objects.filter(assignment=OuterRef("pk")))


def _state_filters(prefix: str = "") -> dict[str, Q]:
    """Return the condition of each state for rows annotated with `drafted`."""

    def said(**facts: object) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in facts.items()})

    open_ones = said(status=Assignment.Status.ACCEPTED, sent_at__isnull=True)
    return {
        "sent": said(sent_at__isnull=False),
        "draft": open_ones & said(drafted=True),
        "none": open_ones & said(drafted=False),
        "proposed": said(status=Assignment.Status.PROPOSED),
    }


def progress_of(stage: Stage, per_entry: int) -> Progress:
    """Count the assignments of a stage by state.

    Parameters
    ----------
    per_entry
        Judges of each entry by the rules.
    """
    filters = {name: Count("pk", filter=condition) for name, condition in _state_filters().items()}
    counts = counted(stage).annotate(drafted=has_draft()).aggregate(**filters)
    declined = stage.assignments.filter(status=Assignment.Status.DECLINED).count()
    return Progress(**counts, declined=declined, short=short_entries(stage, per_entry).count())


def short_entries(stage: Stage, per_entry: int) -> QuerySet[Entry]:
    """Return the entries with fewer judges than the rules ask for."""
    panels = counted(stage).filter(entry=OuterRef("pk")).order_by().values("entry").annotate(n=Count("pk")).values("n")
    rows = entries_of_stage(stage).annotate(panel=Subquery(panels))
    return rows.filter(Q(panel__isnull=True) | Q(panel__lt=per_entry))


@dataclass(frozen=True)
class JudgeLine:
    judge: Judge
    counts: dict[str, int]
    last_saved: object

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def judge_lines(stage: Stage, judges: list[Judge]) -> list[JudgeLine]:
    """Return how far each of these judges is."""
    rows = counted(stage).filter(judge__in=judges).annotate(drafted=has_draft()).order_by()
    filters = {name: Count("pk", filter=condition) for name, condition in _state_filters().items()}
    found = {row.pop("judge"): row for row in rows.values("judge").annotate(**filters)}
    saved = Score.objects.filter(assignment__stage=stage, assignment__judge__in=judges).order_by()
    last = dict(saved.values_list("assignment__judge").annotate(last=Max("saved_at")))
    nothing = dict.fromkeys(filters, 0)
    return [JudgeLine(judge, found.get(judge.pk, nothing), last.get(judge.pk)) for judge in judges]


def judges_of_stage(stage: Stage) -> QuerySet[Judge]:
    """Return who has an entry in the stage, by number."""
    return (
        Judge.objects.filter(Exists(Assignment.objects.filter(stage=stage, judge=OuterRef("pk"))))
        .select_related("user")
        .order_by("number")
    )


@dataclass(frozen=True)
class PanelLine:
    """An entry with its panel: (assignment, state), in the order of judges' numbers."""

    entry: Entry
    panel: list[tuple[Assignment, str]]

    @property
    def standing(self) -> list[tuple[Assignment, str]]:
        return [pair for pair in self.panel if pair[1] != "declined"]

    @property
    def sent(self) -> int:
        return sum(state == "sent" for _assignment, state in self.panel)


def panel_lines(stage: Stage, entries: list[Entry]) -> list[PanelLine]:
    """Return the panels of these entries."""
    standing = set(counted(stage).filter(entry__in=entries).values_list("pk", flat=True))
    rows = stage.assignments.filter(entry__in=entries).annotate(drafted=has_draft())
    panels: dict[int, list[tuple[Assignment, str]]] = {entry.pk: [] for entry in entries}
    for row in rows.select_related("judge__user").order_by("judge__number"):
        panels[row.entry_id].append((row, _state(row, standing)))
    return [PanelLine(entry, panels[entry.pk]) for entry in entries]


def _state(row: Assignment, standing: set[int]) -> str:
    if row.pk not in standing:
        return "declined"
    if row.sent_at:
        return "sent"
    if row.status == Assignment.Status.PROPOSED:
        return "proposed"
    return "draft" if row.drafted else "none"  # type: ignore[attr-defined]  annotated


def obstacles(stage: Stage) -> list[str]:
    """Say what keeps judges' severity from being corrected: panels apart, too few judges or entries.

    While anything stands here, the ranking is made of plain means, and says so.
    """
    pairs = [(entry, str(judge)) for entry, judge in counted(stage).values_list("entry__code", "judge__number")]
    entries = entries_of_stage(stage).values_list("code", flat=True)
    findings = conditions(pairs, entries, {judge for _entry, judge in pairs})
    return [finding_words(finding.code, finding.parameters) for finding in findings]
