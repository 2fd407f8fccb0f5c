"""Reading the rules of an edition from a document, with every fault of it named at once.

A document is what JSON and YAML hold; its names are those of the classes in `gebyar.reference.awards.rules`. Two passes:
the form (pydantic holds it against the classes), then the sense (`gebyar.reference.awards.checking`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import TypeAdapter, ValidationError

from gebyar.reference.awards.checking import faults_of
from gebyar.reference.awards.faults import BadRules, Fault
from gebyar.reference.awards.rules import EditionRules

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MOST_CHARACTERS = 400_000
"""Of a whole document; the four programmes need a tenth of it."""

_CODES = {
    "missing": "missing",
    "string_type": "text",
    "int_type": "whole_number",
    "int_from_float": "whole_number",
    "int_parsing": "whole_number",
    "float_type": "number",
    "finite_number": "number",
    "bool_type": "yes_no",
    "tuple_type": "list",
    "list_type": "list",
    "mapping_type": "group",
    "dict_type": "group",
    "dataclass_type": "group",
    "dataclass_exact_type": "group",
}
_adapter = TypeAdapter(EditionRules)


def read_rules(document: Mapping[str, Any]) -> EditionRules:
    """Turn a document into typed rules.

    Parameters
    ----------
    document
        Plain data: texts, numbers, booleans, None, lists and mappings with text keys.

    Returns
    -------
    EditionRules
        Rules that make sense: every id stands once, every gate fits its stage, and so on.

    Raises
    ------
    BadRules
        With all faults of the form, or, where the form is right, all faults of the sense; each names its place, such
        as ``stages[2].criteria[0].weight``, and what to do.
    """
    text = _as_json(document)
    try:
        rules = _adapter.validate_json(text, strict=True)
    except ValidationError as error:
        raise BadRules(tuple(_faults_of_form(error.errors(include_url=False, include_input=True)))) from None
    faults = (*_unknown_names(document, document_of(rules), ""), *faults_of(rules))
    if faults:
        raise BadRules(faults)
    return rules


def read_yaml_rules(text: str) -> dict[str, Any]:
    """Read a document from YAML (or JSON, which is YAML too); days become texts.

    Raises
    ------
    BadRules
        When the text is no YAML, too long, or holds something else than names and values.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadRules((Fault("", "too_long", {"count": len(text), "most": MOST_CHARACTERS}),))
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadRules((Fault(_line_of(error), "unfit", {"words": _first_line(error)}),)) from None
    if not isinstance(document, dict):
        raise BadRules((Fault("", "no_document"),))
    return dict(json.loads(_as_json(document)))


def write_yaml_rules(document: Mapping[str, Any]) -> str:
    """Write a document as YAML, in the order of its names, for people to read and change."""
    written: str = yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=110)
    return written


def document_of(rules: EditionRules) -> dict[str, Any]:
    """Write rules as a complete document: every name is there, and `read_rules` gives the same rules back."""
    return dict(_adapter.dump_python(rules, mode="json"))


# --- the form -----------------------------------------------------------------------------------------------


def _as_json(document: Mapping[str, Any]) -> str:
    if not isinstance(document, Mapping):
        raise BadRules((Fault("", "no_document"),))
    try:
        return json.dumps(document, default=_as_text, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadRules((Fault("", "unfit", {"words": _first_line(error)}),)) from None


def _as_text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} stands in it")


def _faults_of_form(errors: Sequence[ErrorDetails]) -> Iterator[Fault]:
    for error in errors:
        path = path_of(part for part in error["loc"] if part != "[key]")
        if error["type"] == "literal_error":
            known = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
            yield Fault(path, "choice", {"value": error["input"], "known": known})
        elif error["type"] in _CODES:
            yield Fault(path, _CODES[error["type"]])
        else:
            yield Fault(path, "unfit", {"words": error["msg"]})


def path_of(parts: Iterator[str | int]) -> str:
    """Write a place: names with dots between them, positions in brackets, counted from 0."""
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".")


def _unknown_names(given: Any, read: Any, path: str) -> Iterator[Fault]:
    """Find the names that no class has; pydantic passes over them."""
    if isinstance(given, Mapping) and isinstance(read, Mapping):
        for name, value in given.items():
            here = f"{path}.{name}" if path else str(name)
            if str(name) not in read:
                yield Fault(here, "unknown", {"name": name})
            else:
                yield from _unknown_names(value, read[str(name)], here)
    elif isinstance(given, list | tuple) and isinstance(read, list):
        for number, (value, item) in enumerate(zip(given, read, strict=False)):
            yield from _unknown_names(value, item, f"{path}[{number}]")


def _line_of(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _first_line(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).partition("\n")[0][:200]
