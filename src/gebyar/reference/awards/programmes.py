"""The four programmes of Gebyar IKMA as rules to begin an edition with, as they were announced year by year.

Each file of ``data/`` holds the rules of the newest edition that is publicly known, and under ``earlier`` what was
different before, so that an edition of an earlier year begins with the rules of its year.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib import resources
from typing import Any

import yaml

PROGRAMMES = ("ifi", "ifca", "startup4industry", "ovop")


@cache
def _file(award_id: str) -> dict[str, Any]:
    if award_id not in PROGRAMMES:
        raise KeyError(award_id)
    text = resources.files("gebyar.reference.awards").joinpath("data", f"{award_id}.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def template(award_id: str, year: int | None = None) -> dict[str, Any]:
    """Return the rules of a programme as a document for `gebyar.reference.awards.reading.read_rules`.

    Parameters
    ----------
    award_id
        One of `PROGRAMMES`.
    year
        Of the edition; without it, or after the newest rules, the newest hold.

    Raises
    ------
    KeyError
        For an award that is none of the programmes.
    """
    file = deepcopy(_file(award_id))
    document: dict[str, Any] = file["rules"]
    for change in file.get("earlier", ()) if year is not None else ():
        if change["from"] <= (year or 0) <= change["until"]:
            document |= change.get("set", {})
            _change_conditions(document, change.get("conditions", {}))
    return document


def _change_conditions(document: dict[str, Any], changes: dict[str, dict[str, Any]]) -> None:
    for condition in document["conditions"]:
        condition.update(changes.get(condition["id"], {}))


def names_of(award_id: str) -> dict[str, str]:
    """Return a programme's name in each language."""
    names: dict[str, str] = _file(award_id)["rules"]["names"]
    return dict(names)
