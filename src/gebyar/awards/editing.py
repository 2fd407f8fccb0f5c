"""Between the rules as a document and the flat rows that forms show: one pair of functions for each part of the rules."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gebyar.reference.awards.checking import MIXES
from gebyar.reference.awards.rules import Entrant

Row = dict[str, Any]
ENTRANTS: tuple[Entrant, ...] = ("firm", "person", "group", "regency")
# What a condition of each kind asks for, so that a form with all fields gives only those.
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "size": ("rule", "classes"), "sector": ("prefixes",), "certificate": ("kinds",), "age": ("least", "most", "on"),
    "members": ("least", "most"), "running_years": ("least", "most"), "workers": ("least", "most"),
}  # fmt: skip
NEW_CRITERION: Row = {
    "id": "quality", "names": {"id": "Mutu", "en": "Quality"}, "help": {"id": "", "en": ""}, "weight": 100.0,
}  # fmt: skip


def words_row(name: str, text: Mapping[str, str] | None) -> Row:
    return {f"{name}_{language}": (text or {}).get(language, "") for language in ("id", "en")}


def words_of(row: Mapping[str, Any], name: str) -> dict[str, str]:
    return {language: str(row.get(f"{name}_{language}") or "").strip() for language in ("id", "en")}


def listed(text: Any) -> list[str]:
    """Read "10, 11" and lines as a list."""
    parts = str(text or "").replace("\n", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


def joined(items: Iterable[Any] | None) -> str:
    return ", ".join(str(item) for item in items or ())


def lines_of(text: Any) -> list[str]:
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def two_languages(line: str) -> dict[str, str]:
    """Read "Juara 1 | First prize"; one without a bar stands for both languages."""
    first, bar, second = line.partition("|")
    return {"id": first.strip(), "en": second.strip() if bar else first.strip()}


def in_one_line(text: Mapping[str, str]) -> str:
    return f"{text.get('id', '')} | {text.get('en', '')}"


# --- conditions -------------------------------------------------------------------------------------------------


def condition_row(condition: Mapping[str, Any]) -> Row:
    said = dict(condition["parameters"])
    for name in ("classes", "prefixes", "kinds"):
        said[name] = joined(said.get(name))
    plain = {name: condition[name] for name in ("id", "kind", "source", "certain")}
    return plain | words_row("words", condition["words"]) | said


def condition_of(row: Mapping[str, Any]) -> Row:
    parameters: Row = {}
    for name in PARAMETERS.get(row["kind"], ()):
        value = row.get(name)
        if name in {"classes", "prefixes", "kinds"}:
            value = listed(value)
        elif name == "on" and value is not None:
            value = value.isoformat()
        if value not in (None, "", []):
            parameters[name] = value
    plain = {name: row[name] for name in ("id", "kind", "source", "certain")}
    return plain | {"words": words_of(row, "words"), "parameters": parameters}


# --- documents, questions, categories ---------------------------------------------------------------------------


def document_row(ask: Mapping[str, Any]) -> Row:
    return dict(ask) | words_row("names", ask["names"]) | words_row("help", ask["help"]) | {
        "other_certificates": joined(ask["other_certificates"]), "categories": joined(ask["categories"]),
    }  # fmt: skip


def document_ask_of(row: Mapping[str, Any]) -> Row:
    names = ("id", "required", "most_megabytes", "identifies")
    return {name: row[name] for name in names} | {
        "names": words_of(row, "names"), "help": words_of(row, "help"), "accepts": list(row["accepts"]),
        "certificate": row["certificate"] or None, "other_certificates": listed(row["other_certificates"]),
        "categories": listed(row["categories"]),
    }  # fmt: skip


def question_row(question: Mapping[str, Any]) -> Row:
    options = "\n".join(f"{option} = {in_one_line(words)}" for option, words in question["options"])
    return dict(question) | words_row("names", question["names"]) | words_row("help", question["help"]) | {
        "options": options, "categories": joined(question["categories"]), "register": question["register"] or "",
    }  # fmt: skip


def question_of(row: Mapping[str, Any]) -> Row:
    names = ("id", "kind", "required", "most", "identifies")
    return {name: row[name] for name in names} | {
        "names": words_of(row, "names"), "help": words_of(row, "help"), "register": row["register"] or None,
        "options": [_option(line) for line in lines_of(row["options"])], "categories": listed(row["categories"]),
    }  # fmt: skip


def _option(line: str) -> list[Any]:
    option, _sign, words = line.partition("=")
    return [option.strip(), two_languages(words)]


def category_row(category: Mapping[str, Any]) -> Row:
    return {"id": category["id"], "sectors": joined(category["sectors"])} | words_row("names", category["names"]) | (
        words_row("help", category["help"]) | {"prizes": "\n".join(map(in_one_line, category["prizes"]))}
    )  # fmt: skip


def category_of(row: Mapping[str, Any]) -> Row:
    return {
        "id": row["id"], "names": words_of(row, "names"), "help": words_of(row, "help"),
        "sectors": listed(row["sectors"]), "prizes": [two_languages(line) for line in lines_of(row["prizes"])],
    }  # fmt: skip


# --- stages -----------------------------------------------------------------------------------------------------


def stage_row(stage: Mapping[str, Any]) -> Row:
    """Return a stage as the list of stages shows it; the rest of it is on its own page."""
    return {"id": stage["id"], "was": stage["id"], "kind": stage["kind"]} | words_row("names", stage["names"])


def stage_of(row: Mapping[str, Any], before: Mapping[str, Row]) -> Row:
    """Return a stage with what it had; a new one, or one of another kind, begins with what its kind needs."""
    known = before.get(row.get("was") or "")
    heading = {"id": row["id"], "kind": row["kind"], "names": words_of(row, "names")}
    if known is not None and known["kind"] == row["kind"]:
        return dict(known) | heading
    return heading | new_stage(row["kind"])


def new_stage(kind: str) -> Row:
    """Return what a stage of a kind begins with."""
    gates: dict[str, Row] = {
        "judging": {"method": "ranked", "places": 10}, "plenary": {"method": "ranked", "places": 10},
        "decision": {"method": "ranked", "places": 3},
    }  # fmt: skip
    criteria = [dict(NEW_CRITERION)] if kind == "judging" else []
    return {"gate": gates.get(kind, {"method": "checked"}), "criteria": criteria}


def stage_settings(stage: Mapping[str, Any]) -> Row:
    """Return everything of a stage but its criteria and reserves, for the form of its page."""
    gate = stage["gate"]
    places = gate["places_in"] or {}
    plain = ("judges_per_entry", "anonymised", "ranking", "objection_days", "source", "certain")
    return {name: stage[name] for name in plain} | {
        "method": gate["method"], "places": gate["places"], "threshold": gate["threshold"],
        "places_in": "\n".join(f"{key} = {count}" for key, count in places.items()),
        "ties": joined(stage["ties"]), "mixes": [mix for mix in MIXES if mix in stage["mixes"]],
    }  # fmt: skip


def stage_with(stage: Mapping[str, Any], row: Mapping[str, Any], criteria: list[Row], reserves: list[Row]) -> Row:
    """Put the settings of a stage's page back into the stage."""
    places = dict(_count(line) for line in lines_of(row["places_in"])) or None
    gate = {
        "method": row["method"], "places": row["places"], "places_in": places, "threshold": row["threshold"],
        "reserves": reserves,
    }  # fmt: skip
    plain = ("judges_per_entry", "anonymised", "ranking", "objection_days", "source", "certain")
    return dict(stage) | {name: row[name] for name in plain} | {
        "gate": gate, "criteria": criteria, "ties": listed(row["ties"]), "mixes": list(row["mixes"]),
    }  # fmt: skip


def _count(line: str) -> tuple[str, Any]:
    key, _sign, count = line.partition("=")
    return key.strip(), int(count) if count.strip().isdigit() else count.strip()


def criterion_row(criterion: Mapping[str, Any]) -> Row:
    return dict(criterion) | words_row("names", criterion["names"]) | words_row("help", criterion["help"])


def criterion_of(row: Mapping[str, Any]) -> Row:
    plain = ("id", "weight", "low", "high", "step", "optional", "source", "certain")
    return {name: row[name] for name in plain} | {"names": words_of(row, "names"), "help": words_of(row, "help")}


def reserve_row(reserve: Mapping[str, Any]) -> Row:
    return dict(reserve)


def reserve_of(row: Mapping[str, Any]) -> Row:
    return {"group": row["group"], "least": row["least"], "most": row["most"]}


# --- stars ------------------------------------------------------------------------------------------------------


def scheme_row(scheme: Mapping[str, Any]) -> Row:
    fosters = {int(stars): level for stars, level in scheme["fosters"].items()}
    lines = "\n".join(
        f"{stars} = {points:g} {fosters.get(stars, '')}".rstrip() for stars, points in scheme["least_points"]
    )
    plain = {name: scheme[name] for name in ("id", "source", "certain")}
    return plain | words_row("names", scheme["names"]) | {"lines": lines}


def scheme_of(row: Mapping[str, Any]) -> Row:
    read = [_stars(line) for line in lines_of(row["lines"])]
    return {name: row[name] for name in ("id", "source", "certain")} | {
        "names": words_of(row, "names"), "least_points": [[stars, points] for stars, points, _level in read],
        "fosters": {str(stars): level for stars, _points, level in read if level},
    }  # fmt: skip


def _stars(line: str) -> tuple[Any, Any, str]:
    """Read "3 = 90 centre"."""
    stars, _sign, rest = line.partition("=")
    points, _space, level = rest.strip().partition(" ")
    return _number(stars.strip()), _number(points.replace(",", ".")), level.strip()


def _number(text: str) -> Any:
    try:
        return int(text) if text.isdigit() else float(text)
    except ValueError:
        return text


@dataclass(frozen=True)
class Part:
    """A part of the rules that is a list of rows."""

    name: str
    to_row: Callable[[Mapping[str, Any]], Row]
    from_row: Callable[[Mapping[str, Any]], Row]


PARTS = {
    part.name: part
    for part in (
        Part("conditions", condition_row, condition_of),
        Part("documents", document_row, document_ask_of),
        Part("questions", question_row, question_of),
        Part("categories", category_row, category_of),
        Part("star_schemes", scheme_row, scheme_of),
    )
}


# --- differences ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One place in which two versions of the rules differ; None where one of them has nothing there."""

    path: str
    old: Any
    new: Any


def differences(old: Any, new: Any, path: str = "") -> list[Difference]:
    """Compare two documents; rows of a list are told apart by their ids, so that a moved row is no change of each."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        names = [*old, *(name for name in new if name not in old)]
        return [
            one
            for name in names
            for one in differences(old.get(name), new.get(name), f"{path}.{name}".removeprefix("."))
        ]
    if isinstance(old, list) and isinstance(new, list) and _have_ids([*old, *new]):
        return _row_differences(old, new, path)
    return [] if old == new else [Difference(path, old, new)]


def _have_ids(rows: list[Any]) -> bool:
    return bool(rows) and all(isinstance(row, Mapping) and "id" in row for row in rows)


def _row_differences(old: list[Row], new: list[Row], path: str) -> list[Difference]:
    before, after = {row["id"]: row for row in old}, {row["id"]: row for row in new}
    found = [
        one
        for key in dict.fromkeys([*before, *after])
        for one in differences(before.get(key), after.get(key), f"{path}[{key}]")
    ]
    kept_before, kept_after = [key for key in before if key in after], [key for key in after if key in before]
    if kept_before != kept_after:
        found.append(Difference(f"{path} (order)", kept_before, kept_after))
    return found
