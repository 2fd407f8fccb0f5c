"""What a judge may see and has to do, and which ranking a stage goes by."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.awards.models import (
    Assignment,
    Conflict,
    Entry,
    EntryDocument,
    Judge,
    Passage,
    RankingVersion,
    Score,
    Stage,
)
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.wording_rules import in_language
from gebyar.reference.awards.rules import Criterion, EditionRules, Question, StageRules


def judging_rules(stage: Stage) -> StageRules:
    return rules_of(stage.category.edition).stage(stage.key)


def final_ranking(stage: Stage) -> RankingVersion | None:
    """Return the ranking that the stage's gate goes by."""
    return stage.rankings.filter(is_final=True).first()


def entries_of_stage(stage: Stage) -> QuerySet[Entry]:
    """Return the entries that a stage deals with; before it begins, those that will come into it.

    The first stage takes every entry that was handed in, each later one those that passed the stage before.
    """
    there = Entry.objects.filter(category=stage.category_id, status=Entry.Status.SUBMITTED)
    own = stage.passages.exclude(outcome=Passage.Outcome.WITHDRAWN)
    if stage.status != Stage.Status.WAITING:
        return there.filter(passages__in=own)
    before = Stage.objects.filter(category=stage.category_id, position__lt=stage.position).order_by("-position").first()
    if before is None:
        return there
    passed = Passage.objects.filter(stage=before, outcome=Passage.Outcome.PASSED)
    return there.filter(passages__in=passed)


def open_conflict(judge: str = "judge", entry: str = "entry") -> Exists:
    """Return the condition that a tie which nobody lifted stands between the judge and the entry of a row."""
    ties = Conflict.objects.filter(judge=OuterRef(judge), entry=OuterRef(entry), lifted_at__isnull=True)
    return Exists(ties)


def counted(stage: Stage) -> QuerySet[Assignment]:
    """Return the assignments that stand: not declined, without a tie, of entries that were not withdrawn.

    What a judge sent before they left stands too.
    """
    rows = stage.assignments.exclude(status=Assignment.Status.DECLINED).filter(entry__status=Entry.Status.SUBMITTED)
    rows = rows.filter(Q(judge__status=Judge.Status.ACCEPTED) | Q(sent_at__isnull=False))
    gone = Passage.objects.filter(stage=stage, entry=OuterRef("entry"), outcome=Passage.Outcome.WITHDRAWN)
    return rows.filter(~open_conflict(), ~Exists(gone))


# --- what a judge sees ------------------------------------------------------------------------------------------


def judgeships_of(user: User | AnonymousUser) -> QuerySet[Judge]:
    if not isinstance(user, User) or not user.has_perm("awards.judge"):
        return Judge.objects.none()
    return Judge.objects.filter(user=user).select_related("edition__version", "user").order_by("-edition__year", "pk")


def assigned_to(user: User | AnonymousUser) -> QuerySet[Assignment]:
    """Return what a judge may open: own assignments of stages that have begun, without a tie to the entrant.

    Everything else about entries is hidden from judges, whatever address they try.
    """
    if not isinstance(user, User) or not user.has_perm("awards.judge"):
        return Assignment.objects.none()
    rows = Assignment.objects.filter(
        judge__user=user, judge__status=Judge.Status.ACCEPTED, entry__status=Entry.Status.SUBMITTED
    ).exclude(Q(status=Assignment.Status.DECLINED) | Q(stage__status=Stage.Status.WAITING))
    return rows.filter(~open_conflict()).select_related(
        "stage__category__edition__version", "entry__firm", "judge__user"
    )


def takes_scores(stage: Stage, *, now: datetime | None = None) -> bool:
    """Say whether marks are taken at this moment; the service looks again, under a lock, and the database too."""
    moment = now or timezone.now()
    return stage.status == Stage.Status.ACTIVE and (stage.closes_at is None or moment < stage.closes_at)


@dataclass(frozen=True)
class WorkLine:
    """One line of a judge's list."""

    assignment: Assignment
    title: str
    given: int
    of: int
    is_open: bool

    @property
    def state(self) -> str:
        if self.assignment.sent_at:
            return "sent"
        if self.assignment.status == Assignment.Status.PROPOSED:
            return "proposed"
        return "complete" if self.given >= self.of else "draft" if self.given else "none"


@dataclass(frozen=True)
class WorkStage:
    """What a judge has to do in one stage."""

    stage: Stage
    rules: StageRules
    judge: Judge
    lines: list[WorkLine]

    @property
    def name(self) -> str:
        edition = self.stage.category.edition
        category = rules_of(edition).category(self.stage.category.key)
        return f"{edition.title}, {in_language(category.names)}: {in_language(self.rules.names)}"

    @property
    def is_open(self) -> bool:
        return takes_scores(self.stage)

    @property
    def total(self) -> int:
        return len(self.lines)

    def count(self, *states: str) -> int:
        return sum(line.state in states for line in self.lines)

    @property
    def proposed(self) -> int:
        return self.count("proposed")

    @property
    def sent(self) -> int:
        return self.count("sent")

    @property
    def complete(self) -> int:
        return self.count("complete")


def work_of(user: User | AnonymousUser) -> list[WorkStage]:
    """Return what a judge has to do, stage by stage, the open ones first."""
    given = Count("scores", filter=Q(scores__value__isnull=False) | Q(scores__not_applicable=True), distinct=True)
    rows = assigned_to(user).annotate(given=given).order_by("-stage__opened_at", "stage", "entry__code")
    stages: dict[int, WorkStage] = {}
    for row in rows:
        work = stages.get(row.stage_id)
        if work is None:
            work = stages[row.stage_id] = WorkStage(row.stage, judging_rules(row.stage), row.judge, [])
        work.lines.append(
            WorkLine(row, shown_title(row.entry, work.rules), row.given, len(work.rules.criteria), work.is_open)
        )
    return sorted(stages.values(), key=lambda work: not work.is_open)


def shown_title(entry: Entry, rules: StageRules) -> str:
    """Return what a judge calls an entry: its code alone where the round is anonymised."""
    return entry.code if rules.anonymised else f"{entry.code} · {entry.title}" if entry.title else entry.code


# --- an entry as a judge sees it --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownAnswer:
    question: Question
    value: object


@dataclass(frozen=True)
class ShownDocument:
    key: str
    names: dict[str, str]
    document: EntryDocument


@dataclass(frozen=True)
class ShownEntry:
    """An entry with what the rules let a judge see; where the round is anonymised nothing in it names the entrant."""

    entry: Entry
    title: str
    firm: str
    province: str
    answers: list[ShownAnswer]
    documents: list[ShownDocument]
    hidden: int  # answers and documents that are not shown, because they name the entrant


def shown_entry(entry: Entry, stage: Stage) -> ShownEntry:
    """Return what a judge sees of an entry.

    Parameters
    ----------
    entry
        With ``firm`` at hand.
    stage
        With ``category__edition__version`` at hand.
    """
    rules = rules_of(stage.category.edition)
    hides = rules.stage(stage.key).anonymised
    questions = [one for one in rules.questions if _belongs(one.categories, stage) and _given(entry, one.id)]
    documents = list(entry.documents.exclude(verdict=EntryDocument.Verdict.RETURNED).select_related("certificate"))
    names = {one.id: dict(one.names) for one in rules.documents}
    seen = [one for one in documents if not hides or not names_entrant(one, rules)]
    answers = [ShownAnswer(one, entry.answers[one.id]) for one in questions if not hides or not one.identifies]
    return ShownEntry(
        entry=entry,
        title=shown_title(entry, rules.stage(stage.key)),
        firm="" if hides or entry.firm is None else entry.firm.name,
        province=entry.region_code[:2],
        answers=answers,
        documents=[ShownDocument(one.key, names.get(one.key, {}), one) for one in seen],
        hidden=len(questions) - len(answers) + len(documents) - len(seen),
    )


def _belongs(categories: tuple[str, ...], stage: Stage) -> bool:
    return not categories or stage.category.key in categories


def _given(entry: Entry, question: str) -> bool:
    return entry.answers.get(question) not in (None, "", [])


def names_entrant(document: EntryDocument, rules: EditionRules) -> bool:
    """Say whether a document gives away who enters: a certificate always does, others where the rules say so."""
    ask = next((one for one in rules.documents if one.id == document.key), None)
    if ask is None or document.certificate_id or ask.certificate:
        return True
    return ask.identifies


def document_for(assignment: Assignment, key: str) -> EntryDocument | None:
    """Return a document that the judge of an assignment may open."""
    shown = shown_entry(assignment.entry, assignment.stage)
    return next((one.document for one in shown.documents if one.key == key), None)


# --- marks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Marked:
    """A criterion with what the judge has given for it so far."""

    criterion: Criterion
    score: Score | None

    @property
    def is_done(self) -> bool:
        return self.score is not None and (self.score.value is not None or self.score.not_applicable)


def marks_of(assignment: Assignment, rules: StageRules) -> list[Marked]:
    given = {score.criterion: score for score in assignment.scores.all()}
    return [Marked(criterion, given.get(criterion.id)) for criterion in rules.criteria]


def weighted(rules: StageRules, scores: dict[str, float | None]) -> float | None:
    """Return the points of one judge for one entry, 0–100: weights are shared among what was answered.

    Parameters
    ----------
    scores
        By criterion; None and missing ones are not applicable.
    """
    answered = [one for one in rules.criteria if scores.get(one.id) is not None]
    weight = sum(one.weight for one in answered)
    if not weight:
        return None
    return (
        sum(one.weight * 100 * (float(scores[one.id] or 0) - one.low) / (one.high - one.low) for one in answered)
        / weight
    )


@dataclass(frozen=True)
class OthersMarks:
    """What the rest of a panel gave, without names: only for whoever has sent the own marks."""

    points: list[float]
    waiting: int

    @property
    def low(self) -> float | None:
        return min(self.points, default=None)

    @property
    def high(self) -> float | None:
        return max(self.points, default=None)

    @property
    def mean(self) -> float | None:
        return sum(self.points) / len(self.points) if self.points else None


def others_marks(assignment: Assignment, rules: StageRules) -> OthersMarks | None:
    """Return how the rest of the panel judged; None until the own marks are sent."""
    if assignment.sent_at is None:
        return None
    others = counted(assignment.stage).filter(entry=assignment.entry_id).exclude(pk=assignment.pk)
    rows = list(others.prefetch_related("scores"))
    points = [
        weighted(rules, {score.criterion: score.value for score in row.scores.all()}) for row in rows if row.sent_at
    ]
    known = sorted(point for point in points if point is not None)
    return OthersMarks(known, sum(row.sent_at is None for row in rows))
