"""What every entrant is told in the end: their marks, where they stood, why, and what would help."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from django.utils.translation import gettext as _

from gebyar.awards.models import Entry, Passage, RankingVersion, Score, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.judging import counted
from gebyar.awards.wording import findings_words, names_of_items, passage_words
from gebyar.awards.wording_rules import in_language
from gebyar.reference.awards.rules import Criterion, EditionRules, StageRules

# With fewer who passed their mean would tell what single entries got.
LEAST_PASSED = 3
MOST_HINTS = 3


@dataclass(frozen=True)
class CriterionMarks:
    """One criterion: what the judges gave, lowest first, so that nobody can tell who gave what."""

    criterion: Criterion
    marks: list[float]
    not_applicable: int
    reasons: list[str]
    of_passed: float | None  # mean of those who passed

    @property
    def name(self) -> str:
        return in_language(self.criterion.names)

    @property
    def mean(self) -> float | None:
        return fmean(self.marks) if self.marks else None

    @property
    def behind(self) -> float:
        """How far this entry lies behind those who passed, in points of the scale 0–100."""
        if self.mean is None or self.of_passed is None:
            return 0.0
        return 100 * (self.of_passed - self.mean) / (self.criterion.high - self.criterion.low)


@dataclass(frozen=True)
class Standing:
    """A row of the final ranking: what the marks were, what was corrected for the judges drawn, and the place."""

    rank: int
    of: int
    raw: float
    correction: float | None
    adjusted: float
    low: float | None
    high: float | None
    marks: int
    is_adjusted: bool


@dataclass(frozen=True)
class StageFeedback:
    """A decided stage as its entrant reads it."""

    stage: Stage
    name: str
    passage: Passage
    words: str
    criteria: list[CriterionMarks] = field(default_factory=list)
    standing: Standing | None = None
    hints: list[str] = field(default_factory=list)


def feedback_of(entry: Entry) -> list[StageFeedback]:
    """Return the stages that are decided for an entry, in their order; nothing of a stage that still runs.

    Parameters
    ----------
    entry
        With ``edition__version`` and ``category`` at hand.
    """
    rules = rules_of(entry.edition)
    passages = Passage.objects.filter(entry=entry, stage__status=Stage.Status.DECIDED).select_related(
        "stage__category__edition__version", "stage__record"
    )
    return [_stage_feedback(entry, passage, rules) for passage in passages.order_by("stage__position")]


def _stage_feedback(entry: Entry, passage: Passage, rules: EditionRules) -> StageFeedback:
    stage, own = passage.stage, rules.stage(passage.stage.key)
    criteria = _criteria(entry, stage, own) if own.criteria else []
    return StageFeedback(
        stage=stage,
        name=in_language(own.names),
        passage=passage,
        words=passage_words(passage, rules),
        criteria=criteria,
        standing=_standing(entry, stage) if own.criteria else None,
        hints=_hints(passage, criteria, rules),
    )


# --- marks ------------------------------------------------------------------------------------------------------


def _criteria(entry: Entry, stage: Stage, rules: StageRules) -> list[CriterionMarks]:
    sent = counted(stage).filter(sent_at__isnull=False, entry=entry)
    scores: dict[str, list[Score]] = defaultdict(list)
    for score in Score.objects.filter(assignment__in=sent):
        scores[score.criterion].append(score)
    passed = _means_of_passed(stage)
    return [_marks(criterion, scores[criterion.id], passed.get(criterion.id)) for criterion in rules.criteria]


def _marks(criterion: Criterion, scores: Iterable[Score], of_passed: float | None) -> CriterionMarks:
    given = list(scores)
    return CriterionMarks(
        criterion,
        sorted(score.value for score in given if score.value is not None),
        sum(score.not_applicable for score in given),
        sorted(score.reason.strip() for score in given if score.reason.strip()),
        of_passed,
    )


def _means_of_passed(stage: Stage) -> dict[str, float]:
    """Return by criterion the mean of those who passed, each of them counted once."""
    passed = stage.passages.filter(outcome=Passage.Outcome.PASSED).values("entry")
    sent = counted(stage).filter(sent_at__isnull=False, entry__in=passed)
    rows = Score.objects.filter(assignment__in=sent, value__isnull=False)
    by_entry: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for criterion, entry, value in rows.values_list("criterion", "assignment__entry", "value"):
        by_entry[criterion][entry].append(float(value or 0))
    return {
        criterion: fmean(fmean(values) for values in entries.values())
        for criterion, entries in by_entry.items()
        if len(entries) >= LEAST_PASSED
    }


def _standing(entry: Entry, stage: Stage) -> Standing | None:
    ranking = RankingVersion.objects.filter(stage=stage, is_final=True).first()
    row = _row_of(ranking, entry.code) if ranking else None
    if ranking is None or row is None:
        return None
    return Standing(
        rank=int(row["rank"]),
        of=len(ranking.result["rows"]),
        raw=float(row.get("raw", row["adjusted"])),
        correction=row.get("correction"),
        adjusted=float(row["adjusted"]),
        low=row.get("low"),
        high=row.get("high"),
        marks=int(row.get("marks", 0)),
        is_adjusted=ranking.method != "raw" and row.get("correction") is not None,
    )


def _row_of(ranking: RankingVersion, code: str) -> Mapping[str, Any] | None:
    return next((row for row in ranking.result["rows"] if row["entry"] == code), None)


# --- what would help --------------------------------------------------------------------------------------------


def _hints(passage: Passage, criteria: Iterable[CriterionMarks], rules: EditionRules) -> list[str]:
    if passage.outcome == Passage.Outcome.PASSED:
        return []
    if passage.code == "not_in_order":
        return _paper_hints(passage, rules)
    behind = sorted((one for one in criteria if one.behind >= 1), key=lambda one: -one.behind)
    return [_behind_words(one) for one in behind[:MOST_HINTS]]


def _paper_hints(passage: Passage, rules: EditionRules) -> list[str]:
    findings, names = passage.parameters.get("findings", {}), names_of_items(rules)
    helps = {ask.id: in_language(ask.help) for ask in rules.documents}
    hints = []
    for key, note in findings.items():
        words = findings_words({key: note}, names)
        hints.append(f"{words}. {helps[key]}" if helps.get(key) else words)
    return hints


def _behind_words(marks: CriterionMarks) -> str:
    facts = {"criterion": marks.name, "own": f"{marks.mean:.0f}", "passed": f"{marks.of_passed:.0f}"}
    words = _("%(criterion)s: %(own)s on average; those who passed have %(passed)s.") % facts
    asked = in_language(marks.criterion.help)
    return f"{words} {_('What is looked at:')} {asked}" if asked else words
