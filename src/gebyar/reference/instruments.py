"""Instruments that measure readiness, as data: questions, options, fields, pillars, weights, levels, profiles.

An instrument is a document of ``data/instruments`` or one written on the screen; `read_instrument` turns it into typed
values and names every fault with its path and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, cast

from gebyar.reference.documents import DocumentReader, Text
from gebyar.reference.files import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

Rule = Literal["mean", "lowest", "weighted"]
Kind = Literal["single", "count"]

NOT_APPLICABLE = "na"
BUILT_IN = ("indi40", "tangga_enam")


class BadInstrument(ValueError):
    """A document that is no instrument; `problems` names every fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Option:
    """An answer. Of a "count" question each option gives one point, but for the exclusive one, which gives none."""

    id: str
    text: Text
    value: float
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question of one field.

    ``most`` caps the points of a "count" question; ``optional`` says that "not applicable" may be answered; ``effort``
    (1–5) is what one step up costs, for gap plans.
    """

    id: str
    field: str
    kind: Kind
    text: Text
    help: Text
    options: tuple[Option, ...]
    most: float
    effort: float = 1
    optional: bool = False

    @property
    def lowest(self) -> float:
        return 0.0 if self.kind == "count" else min(option.value for option in self.options)

    @property
    def highest(self) -> float:
        return self.most if self.kind == "count" else max(option.value for option in self.options)

    def option(self, option_id: str) -> Option:
        return next(option for option in self.options if option.id == option_id)


@dataclass(frozen=True, slots=True)
class Field:
    id: str
    pillar: str
    names: Text
    help_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pillar:
    id: str
    names: Text
    weight: float


@dataclass(frozen=True, slots=True)
class Level:
    """From ``least`` on, up to the next level's."""

    id: str
    least: float
    names: Text


@dataclass(frozen=True, slots=True)
class Profile:
    """Another way to score the same answers.

    ``replaces`` names questions that give way to others; with ``skips_not_applicable`` what does not apply is left out of
    its field, and a field or pillar of which nothing is left out of its mean.
    """

    id: str
    names: Text
    summary: Text
    replaces: Mapping[str, str]
    skips_not_applicable: bool


@dataclass(frozen=True, slots=True)
class Instrument:
    id: str
    version: str
    names: Text
    summary: Text
    source: str
    minutes: int
    scale: tuple[float, float]
    index_rule: Rule
    pillar_rule: Rule
    field_rule: Rule
    levels: tuple[Level, ...]
    verify_from: float | None
    occasions: tuple[str, ...]
    pillars: tuple[Pillar, ...]
    fields: tuple[Field, ...]
    questions: tuple[Question, ...]  # of the official score, in the order in which they are asked
    extra: tuple[Question, ...]  # asked for a profile only
    profiles: tuple[Profile, ...]

    @property
    def all_questions(self) -> tuple[Question, ...]:
        return (*self.questions, *self.extra)

    def question(self, question_id: str) -> Question:
        return next(question for question in self.all_questions if question.id == question_id)

    def fields_of(self, pillar: str) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.pillar == pillar)

    def level_of(self, index: float) -> Level:
        """The last level that the index reaches; the levels rise and begin at the lowest value of the scale."""
        return [level for level in self.levels if index >= level.least][-1]


# --- reading ------------------------------------------------------------------------------------------------


def _rule(reader: DocumentReader, source: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> Rule:
    found = source.get(name, "mean")
    if found not in allowed:
        reader.say(name, f"must be one of {', '.join(allowed)}, not {found!r}")
        return "mean"
    return cast("Rule", found)


def read_instrument(document: Mapping[str, Any]) -> Instrument:
    """Read and check an instrument.

    Parameters
    ----------
    document
        Plain values, as from YAML or JSON.

    Raises
    ------
    BadInstrument
        With one line for each fault: its path, what is wrong, what is wanted.
    """
    reader = DocumentReader()
    if not isinstance(document, dict):
        raise BadInstrument(["the document must be a block of names and values"])
    instrument = _instrument(reader, document)
    _check(reader, instrument)
    if reader.problems:
        raise BadInstrument(reader.problems)
    return instrument


def _instrument(reader: DocumentReader, document: Mapping[str, Any]) -> Instrument:
    scale = document.get("scale")
    if not (isinstance(scale, list) and len(scale) == 2 and all(isinstance(end, int | float) for end in scale)):
        reader.say("scale", "must be two numbers, the lowest and the highest value: [0, 4]")
        scale = [0, 4]
    taken: set[str] = set()
    profiles = reader.rows(document, "profiles", "", needed=False)
    extra = [
        question
        for place, row in enumerate(profiles)
        for question in _questions(reader, row, f"profiles[{place}].", taken, needed=False)
    ]
    index = document.get("index")
    return Instrument(
        id=reader.name(document, "", set()),
        version=str(document.get("version") or "1"),
        names=reader.text(document, "names", ""),
        summary=reader.text(document, "summary", ""),
        source=str(document.get("source") or ""),
        minutes=int(reader.number(document, "minutes", "", 15)),
        scale=(float(scale[0]), float(scale[1])),
        index_rule=_rule(reader, index if isinstance(index, dict) else {}, "rule", ("mean", "lowest", "weighted")),
        pillar_rule=_rule(reader, document, "pillar_rule", ("mean", "lowest")),
        field_rule=_rule(reader, document, "field_rule", ("mean", "lowest")),
        levels=_levels(reader, document),
        verify_from=document.get("verify_from"),
        occasions=tuple(str(name) for name in document.get("occasions") or ()),
        pillars=_pillars(reader, document),
        fields=_fields(reader, document),
        questions=_questions(reader, document, "", taken),
        extra=tuple(extra),
        profiles=_profiles(reader, profiles),
    )


def _levels(reader: DocumentReader, document: Mapping[str, Any]) -> tuple[Level, ...]:
    taken: set[str] = set()
    return tuple(
        Level(
            reader.name(row, path := f"levels[{place}].", taken),
            reader.number(row, "least", path),
            reader.text(row, "names", path),
        )
        for place, row in enumerate(reader.rows(document, "levels", ""))
    )


def _pillars(reader: DocumentReader, document: Mapping[str, Any]) -> tuple[Pillar, ...]:
    taken: set[str] = set()
    return tuple(
        Pillar(
            reader.name(row, path := f"pillars[{place}].", taken),
            reader.text(row, "names", path),
            reader.number(row, "weight", path, 1),
        )
        for place, row in enumerate(reader.rows(document, "pillars", ""))
    )


def _fields(reader: DocumentReader, document: Mapping[str, Any]) -> tuple[Field, ...]:
    taken: set[str] = set()
    return tuple(
        Field(
            reader.name(row, path := f"fields[{place}].", taken),
            str(row.get("pillar") or ""),
            reader.text(row, "names", path),
            tuple(str(help_) for help_ in row.get("help_by") or ()),
        )
        for place, row in enumerate(reader.rows(document, "fields", ""))
    )


def _questions(
    reader: DocumentReader, source: Mapping[str, Any], before: str, taken: set[str], *, needed: bool = True
) -> tuple[Question, ...]:
    found = []
    for place, row in enumerate(reader.rows(source, "questions", before, needed=needed)):
        path = f"{before}questions[{place}]."
        kind = row.get("kind", "single")
        if kind not in {"single", "count"}:
            reader.say(f"{path}kind", f"must be single or count, not {kind!r}")
            kind = "single"
        options = _options(reader, row, path, kind)
        found.append(
            Question(
                id=reader.name(row, path, taken),
                field=str(row.get("field") or ""),
                kind=kind,
                text=reader.text(row, "text", path),
                help=reader.text(row, "help", path, needed=False),
                options=options,
                most=reader.number(row, "most", path, len(options) - 1) if kind == "count" else 0.0,
                effort=reader.number(row, "effort", path, 1),
                optional=bool(row.get("optional", False)),
            )
        )
    return tuple(found)


def _options(reader: DocumentReader, row: Mapping[str, Any], path: str, kind: str) -> tuple[Option, ...]:
    taken: set[str] = set()
    return tuple(
        Option(
            id=reader.name(option, where := f"{path}options[{place}].", taken),
            text=reader.text(option, "text", where),
            value=reader.number(option, "value", where) if kind == "single" else 0.0,
            exclusive=bool(option.get("exclusive", False)),
        )
        for place, option in enumerate(reader.rows(row, "options", path))
    )


def _profiles(reader: DocumentReader, rows: list[dict[str, Any]]) -> tuple[Profile, ...]:
    taken: set[str] = set()
    return tuple(
        Profile(
            id=reader.name(row, path := f"profiles[{place}].", taken),
            names=reader.text(row, "names", path),
            summary=reader.text(row, "summary", path),
            replaces={str(old): str(new) for old, new in (row.get("replaces") or {}).items()},
            skips_not_applicable=bool(row.get("skips_not_applicable", False)),
        )
        for place, row in enumerate(rows)
    )


# --- what must hold between the parts -----------------------------------------------------------------------


def _check(reader: DocumentReader, instrument: Instrument) -> None:
    low, high = instrument.scale
    if low >= high:
        reader.say("scale", f"the lowest value {low:g} must be below the highest {high:g}")
    _check_weights(reader, instrument)
    _check_levels(reader, instrument)
    _check_parts(reader, instrument)
    for question in instrument.all_questions:
        _check_question(reader, instrument, question)
    known = {question.id for question in instrument.all_questions}
    for profile in instrument.profiles:
        for name in (*profile.replaces, *profile.replaces.values()):
            if name not in known:
                reader.say(f"profiles.{profile.id}.replaces", f"there is no question {name!r}")


def _check_weights(reader: DocumentReader, instrument: Instrument) -> None:
    for pillar in instrument.pillars:
        if pillar.weight <= 0:
            reader.say(f"pillars.{pillar.id}.weight", f"must be above 0, not {pillar.weight:g}")
    total = sum(pillar.weight for pillar in instrument.pillars)
    if instrument.index_rule == "weighted" and abs(total - 1) > 1e-9:
        reader.say("pillars", f"the weights add up to {total:g}; they must add up to 1")


def _check_levels(reader: DocumentReader, instrument: Instrument) -> None:
    low, high = instrument.scale
    leasts = [level.least for level in instrument.levels]
    if leasts and leasts[0] != low:
        reader.say("levels[0].least", f"the first level must begin at {low:g}, the lowest value of the scale")
    if leasts != sorted(set(leasts)):
        reader.say("levels", "the values `least` must rise from level to level")
    for place, least in enumerate(leasts):
        if least > high:
            reader.say(f"levels[{place}].least", f"no index reaches {least:g}: the scale ends at {high:g}")
    if instrument.verify_from is not None and not low <= instrument.verify_from <= high:
        reader.say("verify_from", f"must lie on the scale, from {low:g} to {high:g}")


def _check_parts(reader: DocumentReader, instrument: Instrument) -> None:
    pillars, fields = {one.id for one in instrument.pillars}, {one.id for one in instrument.fields}
    for field in instrument.fields:
        if field.pillar not in pillars:
            reader.say(f"fields.{field.id}.pillar", f"there is no pillar {field.pillar!r}")
        if not any(question.field == field.id for question in instrument.questions):
            reader.say(f"fields.{field.id}", "no question asks about it; add one or take the field out")
    for pillar in instrument.pillars:
        if not instrument.fields_of(pillar.id):
            reader.say(f"pillars.{pillar.id}", "it has no field; add one or take the pillar out")
    for question in instrument.all_questions:
        if question.field not in fields:
            reader.say(f"questions.{question.id}.field", f"there is no field {question.field!r}")


def _check_question(reader: DocumentReader, instrument: Instrument, question: Question) -> None:
    path = f"questions.{question.id}"
    low, high = instrument.scale
    exclusive = [option for option in question.options if option.exclusive]
    if question.kind == "count" and len(exclusive) != 1:
        reader.say(f"{path}.options", f"exactly one option must be exclusive (“none of these”), not {len(exclusive)}")
    if question.kind == "count" and not 0 < question.most <= len(question.options) - 1:
        reader.say(f"{path}.most", f"must be from 1 to {len(question.options) - 1}, the number of options that count")
    if any(option.id == NOT_APPLICABLE for option in question.options):
        reader.say(f"{path}.options", f"{NOT_APPLICABLE!r} stands for “not applicable”; give the option another id")
    if question.kind == "single" and len(question.options) < 2:
        reader.say(f"{path}.options", "needs at least two options")
    if question.options and not (low <= question.lowest and question.highest <= high):
        reader.say(path, f"its values must lie on the scale, from {low:g} to {high:g}")
    if not 1 <= question.effort <= 5:
        reader.say(f"{path}.effort", f"must be from 1 (easy) to 5 (hard), not {question.effort:g}")


# --- those that travel inside the package -------------------------------------------------------------------


@cache
def built_in(instrument_id: str) -> Instrument:
    """An instrument of ``data/instruments``.

    Raises
    ------
    KeyError
        When there is none of that id.
    """
    return read_instrument(built_in_document(instrument_id))


def built_in_document(instrument_id: str) -> dict[str, Any]:
    """Its document, as an editor begins with it."""
    if instrument_id not in BUILT_IN:
        raise KeyError(f"There is no instrument {instrument_id!r}; there are {', '.join(BUILT_IN)}.")
    return cast("dict[str, Any]", read_yaml(f"instruments/{instrument_id}.yaml"))


def built_in_text(instrument_id: str) -> str:
    """Its file, as it is."""
    place = resources.files("gebyar.reference").joinpath("data", "instruments", f"{instrument_id}.yaml")
    return place.read_text(encoding="utf-8")
