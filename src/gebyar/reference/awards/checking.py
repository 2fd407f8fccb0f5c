"""Whether rules make sense: what the types of `gebyar.reference.awards.rules` cannot say."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from gebyar.reference import kbli, regions
from gebyar.reference.awards.faults import Fault
from gebyar.reference.size_rules import size_rules

if TYPE_CHECKING:
    from gebyar.reference.awards.rules import (
        CategoryRules,
        Condition,
        Criterion,
        DocumentAsk,
        EditionRules,
        Gate,
        Question,
        Reserve,
        StageRules,
        StarScheme,
        Text,
    )

LANGUAGES = ("id", "en")
CERTIFICATES = ("halal", "pirt", "bpom", "sni", "trademark", "tkdn", "nib")
"""Kinds of certificates that the register keeps."""

FACTS = (
    "name", "legal_form", "nib", "kbli_code", "products", "region_code", "address", "postal_code", "started_year",
    "workers_male", "workers_female", "workers", "sales", "production_value", "raw_material_value", "investment",
    "capital", "production_quantity", "capacity", "installed_capacity", "capacity_unit", "raw_materials", "machines",
    "exports", "export_countries",
)  # fmt: skip
"""Facts of the register that may prefill a question."""

GROUPS = ("province", "women", "small", "first_time")
MIXES = ("gender", "region", "expertise")
TIES = ("adjusted", "raw", "lot")
LEVELS = ("centre", "province", "regency")
GATES: Mapping[str, tuple[str, ...]] = {
    "administrative": ("checked",),
    "curation": ("by_hand", "checked", "ranked", "threshold"),
    "coaching": ("by_hand", "checked"),
    "judging": ("ranked", "threshold"),
    "plenary": ("ranked", "threshold"),
    "decision": ("ranked", "threshold", "by_hand"),
}
MOST_MARKS = 1000
MOST_MEGABYTES = 25
_LONG, _SHORT = 2000, 300
_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_AWARD = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
Faults = Iterator[Fault]


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def faults_of(rules: EditionRules) -> tuple[Fault, ...]:
    """Everything in the rules that makes no sense, in the order of the document."""
    categories = [category.id for category in rules.categories]
    return (
        *_heading(rules),
        *_each("conditions", rules.conditions, lambda item, path: _condition(item, path, rules)),
        *_each("documents", rules.documents, lambda item, path: _document(item, path, categories)),
        *_each("questions", rules.questions, lambda item, path: _question(item, path, categories)),
        *_each("categories", rules.categories, _category),
        *_each("stages", rules.stages, lambda item, path: _stage(item, path, rules)),
        *_stage_order(rules),
        *_each("star_schemes", rules.star_schemes, _scheme),
        *_known("star_scheme", rules.star_scheme, [scheme.id for scheme in rules.star_schemes], "no_scheme"),
    )


def _heading(rules: EditionRules) -> Faults:
    if not _AWARD.fullmatch(rules.award):
        yield Fault("award", "id_form", {"value": rules.award})
    yield from _text(rules.names, "names", _SHORT)
    yield from _text(rules.summary, "summary", _LONG)
    yield from _some(rules.entrants, "entrants")
    yield from _once(rules.entrants, "entrants")
    yield from _between(rules.most_members, "most_members", 1, 50)
    if "group" in rules.entrants and rules.most_members < 2:
        yield Fault("most_members", "group_too_small")
    for name in ("categories", "stages", "sources"):
        yield from _some(getattr(rules, name), name)
    for number, source in enumerate(rules.sources):
        yield from _source(source, f"sources[{number}]")


def _each(name: str, items: Sequence[Any], check: Callable[[Any, str], Faults]) -> Faults:
    if len(items) > 100:
        yield Fault(name, "too_many", {"count": len(items), "most": 100})
    yield from _ids(name, items)
    for number, item in enumerate(items):
        yield from check(item, f"{name}[{number}]")


def _ids(name: str, items: Sequence[_Named]) -> Faults:
    seen: set[str] = set()
    for number, item in enumerate(items):
        if not _ID.fullmatch(item.id):
            yield Fault(f"{name}[{number}].id", "id_form", {"value": item.id})
        elif item.id in seen:
            yield Fault(f"{name}[{number}].id", "id_twice", {"value": item.id})
        seen.add(item.id)


# --- words and bounds ---------------------------------------------------------------------------------------


def _text(words: Text, path: str, most: int, *, may_be_empty: bool = False) -> Faults:
    for language in words:
        if language not in LANGUAGES:
            yield Fault(f"{path}.{language}", "unknown", {"name": language})
    if may_be_empty and not any(words.get(language, "").strip() for language in LANGUAGES):
        return
    for language in LANGUAGES:
        said = words.get(language, "")
        if not said.strip():
            yield Fault(f"{path}.{language}", "language", {"language": language})
        elif len(said) > most:
            yield Fault(f"{path}.{language}", "too_long", {"count": len(said), "most": most})


def _source(source: str, path: str) -> Faults:
    if not source.strip():
        yield Fault(path, "no_source")
    elif len(source) > _LONG:
        yield Fault(path, "too_long", {"count": len(source), "most": _LONG})


def _some(items: Collection[object], path: str) -> Faults:
    if not items:
        yield Fault(path, "empty")


def _once(items: Iterable[str], path: str) -> Faults:
    seen: set[str] = set()
    for number, item in enumerate(items):
        if item in seen:
            yield Fault(f"{path}[{number}]", "twice", {"value": item})
        seen.add(item)


def _known(path: str, value: str | None, known: Collection[str], code: str) -> Faults:
    if value is not None and value not in known:
        yield Fault(path, code, {"value": value, "known": ", ".join(known) or "–"})


def _between(value: float, path: str, least: float | None, most: float | None) -> Faults:
    if least is not None and value < least:
        yield Fault(path, "below", {"least": f"{least:g}"})
    if most is not None and value > most:
        yield Fault(path, "above", {"most": f"{most:g}"})


def _categories(chosen: Sequence[str], path: str, categories: Sequence[str]) -> Faults:
    yield from _once(chosen, f"{path}.categories")
    for number, category in enumerate(chosen):
        yield from _known(f"{path}.categories[{number}]", category, categories, "no_category")


# --- conditions ---------------------------------------------------------------------------------------------

_PEOPLE, _FIRMS = ("person", "group"), ("firm", "regency")
# What a condition looks at, and so who has to be able to enter for it to mean anything.
_HOLDS_FOR: Mapping[str, tuple[str, ...]] = {
    "size": _FIRMS, "sector": _FIRMS, "active": _FIRMS, "nib": _FIRMS, "certificate": _FIRMS,
    "running_years": _FIRMS, "workers": _FIRMS, "age": _PEOPLE, "members": ("group",),
}  # fmt: skip
_TAKES: Mapping[str, tuple[str, ...]] = {
    "size": ("rule", "classes"), "sector": ("prefixes",), "certificate": ("kinds",), "age": ("least", "most", "on"),
    "members": ("least", "most"), "running_years": ("least", "most"), "workers": ("least", "most"),
}  # fmt: skip


def _condition(condition: Condition, path: str, rules: EditionRules) -> Faults:
    yield from _text(condition.words, f"{path}.words", _LONG)
    yield from _source(condition.source, f"{path}.source")
    who = _HOLDS_FOR.get(condition.kind, ())
    if who and not set(who) & set(rules.entrants):
        yield Fault(f"{path}.kind", "no_such_entrant", {"entrants": ", ".join(who)})
    takes = _TAKES.get(condition.kind, ())
    for name in condition.parameters:
        if name not in takes:
            yield Fault(f"{path}.parameters.{name}", "no_parameter", {"kind": condition.kind, "name": name})
    check = {"size": _size, "sector": _sector, "certificate": _certificates}.get(condition.kind)
    if check is None and takes:
        check = _bounds
    if check is not None:
        yield from check(condition.parameters, f"{path}.parameters", condition.kind)


def _size(parameters: Mapping[str, object], path: str, kind: str) -> Faults:
    known = {rule.id: rule.class_names for rule in size_rules()}
    rule, classes = parameters.get("rule"), parameters.get("classes")
    if not isinstance(rule, str) or not _is_texts(classes):
        yield Fault(path, "needs_parameter", {"kind": kind, "names": "rule, classes"})
        return
    yield from _known(f"{path}.rule", rule, tuple(known), "no_rule")
    for number, name in enumerate(_texts(classes)):
        yield from _known(f"{path}.classes[{number}]", name, known.get(rule, (name,)), "choice")


def _sector(parameters: Mapping[str, object], path: str, kind: str) -> Faults:
    prefixes = parameters.get("prefixes")
    if not _is_texts(prefixes):
        yield Fault(path, "needs_parameter", {"kind": kind, "names": "prefixes"})
        return
    yield from _sectors(_texts(prefixes), f"{path}.prefixes")


def _sectors(prefixes: Iterable[str], path: str) -> Faults:
    for number, prefix in enumerate(prefixes):
        if not re.fullmatch(r"[0-9]{2,5}", prefix) or kbli.category(prefix) is None:
            yield Fault(f"{path}[{number}]", "no_sector", {"value": prefix})


def _certificates(parameters: Mapping[str, object], path: str, kind: str) -> Faults:
    kinds = parameters.get("kinds")
    if not _is_texts(kinds):
        yield Fault(path, "needs_parameter", {"kind": kind, "names": "kinds"})
        return
    for number, name in enumerate(_texts(kinds)):
        yield from _known(f"{path}.kinds[{number}]", name, CERTIFICATES, "no_certificate")


def _bounds(parameters: Mapping[str, object], path: str, kind: str) -> Faults:
    bounds = {name: parameters.get(name) for name in ("least", "most")}
    given = {name: value for name, value in bounds.items() if value is not None}
    if not given:
        yield Fault(path, "needs_parameter", {"kind": kind, "names": "least / most"})
    whole = {name: value for name, value in given.items() if isinstance(value, int) and not isinstance(value, bool)}
    for name in given.keys() - whole.keys():
        yield Fault(f"{path}.{name}", "whole_number")
    for name, value in whole.items():
        yield from _between(value, f"{path}.{name}", 0, None)
    if len(whole) == 2 and whole["least"] > whole["most"]:
        yield Fault(path, "least_above_most", whole)
    if "on" in parameters and not _is_day(parameters["on"]):
        yield Fault(f"{path}.on", "no_day", {"value": parameters["on"]})


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, str) for item in value)


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


# --- what is asked ------------------------------------------------------------------------------------------


def _document(document: DocumentAsk, path: str, categories: Sequence[str]) -> Faults:
    yield from _text(document.names, f"{path}.names", _SHORT)
    yield from _text(document.help, f"{path}.help", _LONG, may_be_empty=True)
    yield from _some(document.accepts, f"{path}.accepts")
    yield from _once(document.accepts, f"{path}.accepts")
    yield from _between(document.most_megabytes, f"{path}.most_megabytes", 1, MOST_MEGABYTES)
    yield from _known(f"{path}.certificate", document.certificate, CERTIFICATES, "no_certificate")
    for number, kind in enumerate(document.other_certificates):
        yield from _known(f"{path}.other_certificates[{number}]", kind, CERTIFICATES, "no_certificate")
    if document.other_certificates and document.certificate is None:
        yield Fault(f"{path}.certificate", "missing")
    yield from _categories(document.categories, path, categories)


def _question(question: Question, path: str, categories: Sequence[str]) -> Faults:
    yield from _text(question.names, f"{path}.names", _SHORT)
    yield from _text(question.help, f"{path}.help", _LONG, may_be_empty=True)
    if question.most is not None:
        yield from _between(question.most, f"{path}.most", 1, None)
    yield from _known(f"{path}.register", question.register, FACTS, "no_fact")
    yield from _options(question, path)
    yield from _categories(question.categories, path, categories)


def _options(question: Question, path: str) -> Faults:
    if question.kind != "choice":
        if question.options:
            yield Fault(f"{path}.options", "no_options")
        return
    if len(question.options) < 2:
        yield Fault(f"{path}.options", "too_few_options")
    seen: set[str] = set()
    for number, (option, words) in enumerate(question.options):
        here = f"{path}.options[{number}]"
        if not _AWARD.fullmatch(option):
            yield Fault(f"{here}[0]", "id_form", {"value": option})
        elif option in seen:
            yield Fault(f"{here}[0]", "id_twice", {"value": option})
        seen.add(option)
        yield from _text(words, f"{here}[1]", _SHORT)


def _category(category: CategoryRules, path: str) -> Faults:
    yield from _text(category.names, f"{path}.names", _SHORT)
    yield from _text(category.help, f"{path}.help", _LONG, may_be_empty=True)
    yield from _sectors(category.sectors, f"{path}.sectors")
    for number, prize in enumerate(category.prizes):
        yield from _text(prize, f"{path}.prizes[{number}]", 120)


# --- stages -------------------------------------------------------------------------------------------------


def _stage(stage: StageRules, path: str, rules: EditionRules) -> Faults:
    yield from _text(stage.names, f"{path}.names", _SHORT)
    yield from _between(stage.judges_per_entry, f"{path}.judges_per_entry", 1, 50)
    yield from _between(stage.objection_days, f"{path}.objection_days", 0, 365)
    yield from _gate(stage.gate, f"{path}.gate", stage, [category.id for category in rules.categories])
    yield from _marks(stage, path)
    yield from _ties(stage, path)
    yield from _once(stage.mixes, f"{path}.mixes")
    for number, mix in enumerate(stage.mixes):
        yield from _known(f"{path}.mixes[{number}]", mix, MIXES, "choice")


def _marks(stage: StageRules, path: str) -> Faults:
    if stage.kind == "judging" and not stage.criteria:
        yield Fault(f"{path}.criteria", "no_criteria")
    if stage.kind not in {"judging", "curation"} and stage.criteria:
        yield Fault(f"{path}.criteria", "needless_criteria", {"kind": stage.kind})
    yield from _each(f"{path}.criteria", stage.criteria, _criterion)


def _criterion(criterion: Criterion, path: str) -> Faults:
    yield from _text(criterion.names, f"{path}.names", _SHORT)
    yield from _text(criterion.help, f"{path}.help", _LONG, may_be_empty=True)
    for name in ("weight", "low", "high", "step"):
        if not math.isfinite(getattr(criterion, name)):
            yield Fault(f"{path}.{name}", "number")
    for name in ("weight", "step"):
        if getattr(criterion, name) <= 0:
            yield Fault(f"{path}.{name}", "not_above", {"least": 0})
    for name in ("weight", "low", "high"):
        yield from _between(getattr(criterion, name), f"{path}.{name}", None, MOST_MARKS)
    if criterion.low >= criterion.high:
        yield Fault(f"{path}.low", "low_not_below_high", {"low": f"{criterion.low:g}", "high": f"{criterion.high:g}"})


def _ties(stage: StageRules, path: str) -> Faults:
    known = {*TIES, *(f"criterion:{criterion.id}" for criterion in stage.criteria)}
    yield from _once(stage.ties, f"{path}.ties")
    for number, tie in enumerate(stage.ties):
        if tie not in known:
            yield Fault(f"{path}.ties[{number}]", "no_tie_rule", {"value": tie, "known": ", ".join(TIES)})
    if not stage.ties or stage.ties[-1] != "lot":
        yield Fault(f"{path}.ties", "ties_end_with_lot")


def _gate(gate: Gate, path: str, stage: StageRules, categories: Sequence[str]) -> Faults:
    allowed = GATES[stage.kind]
    if gate.method not in allowed:
        facts = {"kind": stage.kind, "method": gate.method, "known": ", ".join(allowed)}
        yield Fault(f"{path}.method", "gate_of_kind", facts)
    yield from _places(gate, path, categories)
    yield from _threshold(gate, path)
    if gate.reserves and gate.method not in {"ranked", "threshold"}:
        yield Fault(f"{path}.reserves", "needless", {"method": gate.method, "name": "reserves"})
    for number, reserve in enumerate(gate.reserves):
        yield from _reserve(reserve, f"{path}.reserves[{number}]")
    least = sum(reserve.least or 0 for reserve in gate.reserves if reserve.group != "province")
    if gate.places is not None and least > gate.places:
        yield Fault(f"{path}.reserves", "reserves_above_places", {"least": least, "places": gate.places})


def _places(gate: Gate, path: str, categories: Sequence[str]) -> Faults:
    if gate.places is not None:
        yield from _between(gate.places, f"{path}.places", 1, 100_000)
    for category, places in (gate.places_in or {}).items():
        yield from _known(f"{path}.places_in.{category}", category, categories, "no_category")
        yield from _between(places, f"{path}.places_in.{category}", 1, 100_000)
    lacking = [category for category in categories if gate.places_of(category) is None]
    if gate.method == "ranked" and lacking:
        yield Fault(f"{path}.places", "no_places", {"names": ", ".join(lacking)})


def _threshold(gate: Gate, path: str) -> Faults:
    if gate.threshold is None:
        if gate.method == "threshold":
            yield Fault(f"{path}.threshold", "no_threshold")
    elif gate.method not in {"threshold", "ranked"}:
        yield Fault(f"{path}.threshold", "needless", {"method": gate.method, "name": "threshold"})
    elif not math.isfinite(gate.threshold):
        yield Fault(f"{path}.threshold", "number")
    else:
        yield from _between(gate.threshold, f"{path}.threshold", 0, 100)


def _reserve(reserve: Reserve, path: str) -> Faults:
    group, _colon, value = reserve.group.partition(":")
    if group not in GROUPS or (value and group != "province"):
        yield Fault(f"{path}.group", "no_group", {"value": reserve.group, "known": ", ".join(GROUPS)})
    elif value and value not in {province.code for province in regions.provinces()}:
        yield Fault(f"{path}.group", "no_province", {"value": value})
    if reserve.least is None and reserve.most is None:
        yield Fault(path, "no_bound")
    for name in ("least", "most"):
        if (bound := getattr(reserve, name)) is not None:
            yield from _between(bound, f"{path}.{name}", 0, 100_000)
    if reserve.least is not None and reserve.most is not None and reserve.least > reserve.most:
        yield Fault(path, "least_above_most", {"least": reserve.least, "most": reserve.most})


def _stage_order(rules: EditionRules) -> Faults:
    """Check that the last stage decides, and that whatever needs a ranking comes after judges."""
    last, ranked = len(rules.stages) - 1, False
    for number, stage in enumerate(rules.stages):
        if (stage.kind == "decision") != (number == last):
            yield Fault(f"stages[{number}].kind", "last_is_decision")
        ranked = ranked or bool(stage.criteria)
        if stage.gate.method in {"ranked", "threshold"} and not ranked:
            code = "no_criteria" if stage.kind == "curation" else "no_ranking"
            yield Fault(f"stages[{number}].gate.method", code)


# --- stars --------------------------------------------------------------------------------------------------


def _scheme(scheme: StarScheme, path: str) -> Faults:
    yield from _text(scheme.names, f"{path}.names", _SHORT)
    yield from _source(scheme.source, f"{path}.source")
    yield from _some(scheme.least_points, f"{path}.least_points")
    lines = scheme.least_points
    for number, (stars, points) in enumerate(lines):
        yield from _between(stars, f"{path}.least_points[{number}][0]", 1, 10)
        yield from _between(points, f"{path}.least_points[{number}][1]", 0, 100)
        if number and not (stars > lines[number - 1][0] and points > lines[number - 1][1]):
            yield Fault(f"{path}.least_points[{number}]", "not_rising")
    for stars, level in scheme.fosters.items():
        yield from _known(f"{path}.fosters.{stars}", level, LEVELS, "choice")
        if stars not in {line[0] for line in lines}:
            yield Fault(f"{path}.fosters.{stars}", "no_star", {"value": stars})
