"""How a gate would fall if it were decided now, and what came of it with prizes and stars."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from gebyar.awards.gates import Before, Outcome, Standing, before_gate, fall, reason_of, scored_stage, stars_of
from gebyar.awards.models import Passage, RankingVersion, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.wording import group_words, passage_words
from gebyar.methods.places.allotment import ReserveFigure
from gebyar.methods.places.call import Deviation, PlacesError
from gebyar.reference.awards.rules import EditionRules, StarScheme


@dataclass(frozen=True)
class PreviewLine:
    """An entry as the gate would leave it; `by_ranking` is what the ranking alone would give."""

    standing: Standing
    outcome: str
    words: str
    by_ranking: str = ""

    @property
    def entry(self) -> object:
        return self.standing.passage.entry

    @property
    def departs(self) -> bool:
        return bool(self.by_ranking) and self.by_ranking != self.outcome


@dataclass(frozen=True)
class ReserveLine:
    """A reserve or quota in words, with how many of the group would pass."""

    name: str
    least: int | None
    most: int | None
    applied: int
    admitted: int
    is_met: bool


@dataclass(frozen=True)
class Preview:
    """Who would pass, who would be the last of them, which reserves are met; `fault` says why it cannot be."""

    before: Before
    lines: list[PreviewLine] = field(default_factory=list)
    reserves: list[ReserveLine] = field(default_factory=list)
    last: PreviewLine | None = None
    fault: str = ""

    def count(self, outcome: str) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def passed(self) -> int:
        return self.count("admitted")

    @property
    def waiting(self) -> int:
        return self.count("waiting")

    @property
    def failed(self) -> int:
        return self.count("refused")

    @property
    def obstacles(self) -> tuple[str, ...]:
        return self.before.obstacles


def preview_of(stage: Stage, deviations: Sequence[Deviation] = ()) -> Preview:
    """Let a gate fall without deciding it, for those whose points are known.

    Parameters
    ----------
    deviations
        Of a plenary; what the ranking alone would give is then shown beside.
    """
    before = before_gate(stage)
    try:
        plain = fall(before)
        outcome = fall(before, deviations) if deviations else plain
    except PlacesError as error:
        return Preview(before, fault=_("The rules of this gate cannot be kept: %(why)s") % {"why": error})
    rules = rules_of(stage.category.edition)
    lines = [_line(row.applicant, outcome, plain, rules) for row in outcome.allotment.rows]
    admitted = [line for line in lines if line.outcome == "admitted"]
    reserves = [_reserve(figure) for figure in outcome.allotment.reserves]
    return Preview(before, lines, reserves, admitted[-1] if admitted else None)


def _line(code: str, outcome: Outcome, plain: Outcome, rules: EditionRules) -> PreviewLine:
    standing, verdict = outcome.before.by_code[code], outcome.verdicts[code]
    reason, parameters = reason_of(outcome.before, standing, verdict)
    told = Passage(code=reason, parameters=parameters, reason=standing.passage.reason)
    return PreviewLine(standing, verdict.outcome, passage_words(told, rules), plain.verdicts[code].outcome)


def _reserve(figure: ReserveFigure) -> ReserveLine:
    return ReserveLine(
        group_words(figure.group), figure.least, figure.most, figure.applied, figure.admitted, figure.missing == 0
    )


# --- stars ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StarLine:
    """An entry with its points, and its stars by each scheme."""

    passage: Passage
    points: float
    stars: list[int]


@dataclass(frozen=True)
class Stars:
    """Both schemes side by side; `chosen` is the one by which stars are given."""

    schemes: list[StarScheme]
    chosen: str | None
    lines: list[StarLine]

    @property
    def totals(self) -> list[list[tuple[int, int]]]:
        """Return by scheme how many entries reach each number of stars, the most stars first."""
        found = []
        for index, scheme in enumerate(self.schemes):
            numbers = sorted((stars for stars, _least in scheme.least_points), reverse=True)
            found.append([(stars, sum(line.stars[index] == stars for line in self.lines)) for stars in numbers])
        return found


def stars_side_by_side(stage: Stage) -> Stars:
    """Return the stars that the points of the ranking give by every scheme of the edition, the most points first."""
    rules = rules_of(stage.category.edition)
    schemes = list(rules.star_schemes)
    ranking = RankingVersion.objects.filter(stage=scored_stage(stage), is_final=True).first()
    points = {row["entry"]: float(row["adjusted"]) for row in ranking.result["rows"]} if ranking else {}
    rows = stage.passages.exclude(outcome=Passage.Outcome.WITHDRAWN).select_related("entry__firm")
    lines = [
        StarLine(passage, own, [stars_of(scheme, own) for scheme in schemes])
        for passage in rows
        if (own := points.get(passage.entry.code)) is not None
    ]
    lines.sort(key=lambda line: (-line.points, line.passage.entry.number or 0))
    return Stars(schemes, rules.star_scheme, lines)
