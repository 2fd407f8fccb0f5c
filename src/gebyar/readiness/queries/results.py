"""An assessment's result as pages, the API and the sheet show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gebyar.methods.readiness.answers import value_of
from gebyar.methods.readiness.scoring import questions_of
from gebyar.readiness.models import Assessment, Scored
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.wording import level_words, said
from gebyar.reference.instruments import NOT_APPLICABLE, Instrument, Profile


@dataclass(frozen=True)
class Way:
    """The result by the official way, or by a profile."""

    name: str
    index: float | None
    low: float | None
    high: float | None
    level: str
    pillars: Mapping[str, float | None]
    summary: str = ""
    replaced: list[tuple[str, str]] = field(default_factory=list)  # official question, the one in its place
    left_out: list[str] = field(default_factory=list)  # what does not apply and so does not count


@dataclass(frozen=True)
class PillarLine:
    id: str
    name: str
    values: list[float | None]  # by each way, the official one first


@dataclass(frozen=True)
class Result:
    instrument: Instrument
    ways: list[Way]
    pillars: list[PillarLine]
    open_count: int
    high_end: float  # of the scale

    @property
    def official(self) -> Way:
        return self.ways[0]

    @property
    def bars(self) -> list[dict[str, Any]]:
        """Rows for the picture; the weakest pillar is the one the finding speaks of."""
        weakest = self.weakest
        return [{"label": line.name, "value": line.values[0], "accent": line.name == weakest} for line in self.pillars]

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, float | None]]]]:
        """Each pillar with its value by each way, named."""
        names = [way.name for way in self.ways]
        return [(line.name, list(zip(names, line.values, strict=True))) for line in self.pillars]

    @property
    def weakest(self) -> str:
        known = [line for line in self.pillars if line.values[0] is not None]
        return min(known, key=lambda line: line.values[0] or 0).name if known else ""

    @property
    def has_bars(self) -> bool:
        return bool(self.weakest)


def result_of(scored: Scored, instrument: Instrument) -> Result:
    """Gather a result from what was computed when it was answered; no query."""
    official = Way(
        said(instrument.names), scored.index, scored.index_low, scored.index_high, level_words(instrument, scored.level),
        scored.pillars,
    )  # fmt: skip
    ways = [official, *(_profile_way(scored, instrument, profile) for profile in instrument.profiles)]
    pillars = [
        PillarLine(one.id, said(one.names), [way.pillars.get(one.id) for way in ways]) for one in instrument.pillars
    ]
    open_count = len(instrument.questions) - scored.answered
    return Result(instrument, ways, pillars, open_count, instrument.scale[1])


def _profile_way(scored: Scored, instrument: Instrument, profile: Profile) -> Way:
    facts = scored.profiles.get(profile.id, {})
    replaced = [
        (said(instrument.question(old).text), said(instrument.question(new).text))
        for old, new in profile.replaces.items()
    ]
    left_out = [
        said(question.text)
        for question in questions_of(instrument, profile)
        if profile.skips_not_applicable and scored.answers.get(question.id) == NOT_APPLICABLE
    ]
    return Way(
        said(profile.names), facts.get("index"), facts.get("low"), facts.get("high"),
        level_words(instrument, facts.get("level")), facts.get("pillars", {}), said(profile.summary), replaced, left_out,
    )  # fmt: skip


def history_of(assessment: Assessment) -> list[Assessment]:
    """Return the finished assessments of the same firm by the same instrument, the first one first."""
    found = Assessment.objects.filter(
        firm=assessment.firm_id, instrument__key=assessment.instrument.key, status=Assessment.Status.FINISHED
    )
    return list(found.select_related("instrument").order_by("finished_at", "pk"))


@dataclass(frozen=True)
class HistoryLine:
    assessment: Assessment
    level: str
    change: float | None  # of the index since the one before


def history_lines(assessments: list[Assessment]) -> list[HistoryLine]:
    lines: list[HistoryLine] = []
    before: float | None = None
    for one in assessments:
        change = one.index - before if one.index is not None and before is not None else None
        lines.append(HistoryLine(one, level_words(instrument_of(one.instrument), one.level), change))
        before = one.index if one.index is not None else before
    return lines


def value_words(instrument: Instrument, question_id: str, answer: str | None) -> float | None:
    value = value_of(instrument.question(question_id), answer)
    return None if value is None or value != value else value  # noqa: PLR0124  NaN stands for "not applicable"
