"""The rules of an award's edition as typed values: who may enter, what is asked, how it is judged.

They are data: they come from the files beside this one or from the editor on the screen, are stored as one document for
each version, and are read into these classes by `gebyar.reference.awards.reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Text = Mapping[str, str]
"""The same words in each language: {"id": …, "en": …}."""

Entrant = Literal["firm", "person", "group", "regency"]
"""Who enters: a firm of the register, a person, a group of people, or a regency that proposes a firm."""

ConditionKind = Literal[
    "size",
    "sector",
    "active",
    "nib",
    "certificate",
    "age",
    "members",
    "running_years",
    "workers",
    "declared",
    "officer",
]
QuestionKind = Literal["text", "long", "number", "money", "date", "choice", "yes_no", "url"]
StageKind = Literal["administrative", "curation", "coaching", "judging", "plenary", "decision"]
GateMethod = Literal["checked", "ranked", "threshold", "by_hand"]
Ranking = Literal["mixed", "robust", "raw"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold for an entry.

    ``parameters`` by kind: size {rule, classes}; sector {prefixes}; certificate {kinds}, any one of which does;
    age {least, most, on}, on the closing day of the call where ``on`` is not given; members {least, most};
    running_years {least, most}; workers {least, most}; the others none. "declared" is ticked by the entrant,
    "officer" is looked at by an officer. ``certain`` is False where no public source confirms it.
    """

    id: str
    kind: ConditionKind
    words: Text
    parameters: Mapping[str, object]
    source: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class DocumentAsk:
    """A document that is asked for.

    ``certificate`` names a kind of the register that answers it (once only), ``other_certificates`` those that do as
    well, such as a BPOM registration where a P-IRT is asked for.
    """

    id: str
    names: Text
    help: Text
    required: bool = True
    accepts: tuple[Literal["pdf", "picture"], ...] = ("pdf", "picture")
    most_megabytes: int = 5
    certificate: str | None = None
    identifies: bool = False  # hidden from judges where a stage is anonymised; certificates always are
    categories: tuple[str, ...] = ()  # empty: all
    other_certificates: tuple[str, ...] = ()

    @property
    def certificate_kinds(self) -> tuple[str, ...]:
        return (self.certificate, *self.other_certificates) if self.certificate else ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the entry's form. ``register`` names the fact that prefills it; ``identifies`` hides it from judges."""

    id: str
    names: Text
    help: Text
    kind: QuestionKind
    required: bool = True
    options: tuple[tuple[str, Text], ...] = ()
    most: int | None = None  # characters, or the largest number
    register: str | None = None
    identifies: bool = False
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """What judges give marks for. ``certain`` is False where no public source tells the weight."""

    id: str
    names: Text
    help: Text
    weight: float
    low: float = 0
    high: float = 100
    step: float = 1
    optional: bool = False  # "not applicable" may be chosen
    source: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Reserve:
    """At least or at most so many of a group ("province", "province:33", "women", "small", "first_time") pass a gate.

    A group without a value, such as "province", stands for each of its values.
    """

    group: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """Who passes a stage: all who were found in order, the first of a ranking, all above a threshold, or by hand."""

    method: GateMethod
    places: int | None = None
    places_in: Mapping[str, int] | None = None  # by category, where they differ
    threshold: float | None = None
    reserves: tuple[Reserve, ...] = ()

    def places_of(self, category: str) -> int | None:
        return (self.places_in or {}).get(category, self.places)


@dataclass(frozen=True, slots=True)
class StageRules:
    id: str
    kind: StageKind
    names: Text
    gate: Gate
    criteria: tuple[Criterion, ...] = ()
    judges_per_entry: int = 3
    anonymised: bool = False
    ranking: Ranking = "mixed"
    ties: tuple[str, ...] = ("adjusted", "raw", "lot")
    mixes: tuple[str, ...] = ()  # "gender", "region", "expertise": at least one judge of each kind on a panel
    objection_days: int = 0
    source: str = ""
    certain: bool = True  # False where no public source tells places, ties or days


@dataclass(frozen=True, slots=True)
class CategoryRules:
    id: str
    names: Text
    help: Text
    sectors: tuple[str, ...] = ()  # prefixes of KBLI codes that fit
    prizes: tuple[Text, ...] = ()  # first to last


@dataclass(frozen=True, slots=True)
class StarScheme:
    """From points (0–100) to stars: the greatest number whose threshold is reached.

    ``fosters`` tells who follows up: "centre", "province" or "regency", by number of stars.
    """

    id: str
    names: Text
    least_points: tuple[tuple[int, float], ...]  # (stars, points), rising
    fosters: Mapping[int, str]
    source: str
    certain: bool = False


@dataclass(frozen=True, slots=True)
class EditionRules:
    award: str
    names: Text
    summary: Text
    entrants: tuple[Entrant, ...]
    most_members: int
    conditions: tuple[Condition, ...]
    documents: tuple[DocumentAsk, ...]
    questions: tuple[Question, ...]
    categories: tuple[CategoryRules, ...]
    stages: tuple[StageRules, ...]
    sources: tuple[str, ...]
    star_schemes: tuple[StarScheme, ...] = ()
    star_scheme: str | None = None

    def stage(self, stage_id: str) -> StageRules:
        return next(stage for stage in self.stages if stage.id == stage_id)

    def category(self, category_id: str) -> CategoryRules:
        return next(category for category in self.categories if category.id == category_id)
