"""Codes of records in the reader's words: roles, methods, results."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gebyar.records.wording_places import places_table

Words = str | Promise
# How plans end their titles; the rest of a title is names and dates.
VERSION = re.compile(r"(?P<what>.+), version (?P<number>\d+)")

ROLES: dict[str, Words] = {
    "administrator": gettext_lazy("administrator"),
    "programme_officer": gettext_lazy("programme officer"),
    "local_officer": gettext_lazy("local officer"),
    "judge": gettext_lazy("judge"),
    "machine": gettext_lazy("the system itself"),
    "person": gettext_lazy("a person without a role"),
}
METHODS: dict[str, Words] = {
    "meetings.schedule": gettext_lazy("scheduling of business meetings"),
    "meetings.round": gettext_lazy("choosing and placing of business meetings"),
    "meetings.repair": gettext_lazy("change of a plan on the day"),
    "places.allot": gettext_lazy("allotment of places"),
    "places.promote": gettext_lazy("moving up from the waiting list"),
    "meetings.hand": gettext_lazy("change of a plan by hand; what follows from it is counted"),
}
# All of them hold a round and the places of its requests.
_OF_ROUNDS = ("meetings.round", "meetings.repair", "meetings.hand")
LABELS: dict[str, Words] = {
    "status": gettext_lazy("Outcome"),
    "idle": gettext_lazy("Idle periods"),
    "bound": gettext_lazy("Unavoidable idle periods"),
    "priority": gettext_lazy("Weight of the requests granted"),
    "priority_bound": gettext_lazy("Greatest weight that can be granted"),
    "cut_short": gettext_lazy("Stopped by the time limit"),
    "granted": gettext_lazy("Rupiah granted"),
    "missing": gettext_lazy("Places that reserves lack"),
    "reason": gettext_lazy("Reason"),
    "meeting": gettext_lazy("Meeting"),
    "slot": gettext_lazy("Slot"),
    "table": pgettext_lazy("furniture", "Table"),
}
STATUSES: dict[str, Words] = {
    "optimal": gettext_lazy("best possible, proven"),
    "feasible": gettext_lazy("keeps every rule; whether a better one exists is not proven"),
    "infeasible": gettext_lazy("no plan can keep every rule"),
    "unknown": gettext_lazy("no plan was found in the time given"),
}


@dataclass(frozen=True)
class ResultTable:
    """What was decided, row by row, as words."""

    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def title_words(title: str) -> str:
    """Say a title, which its record holds in one language for ever, in the reader's language as far as that is known."""
    found = VERSION.fullmatch(title)
    return _("%(what)s, version %(number)s") % found.groupdict() if found else title


def role_words(label: str) -> str:
    """Say who decided or acted: "local_officer 33.74" is "local officer 33.74" in the reader's language."""
    return ", ".join(_one_role(part) for part in label.split(", "))


def _one_role(part: str) -> str:
    role, _space, region = part.partition(" ")
    return f"{ROLES.get(role, role)} {region}".strip()


def method_words(method: dict[str, str]) -> str:
    """Name a method so that a reader understands it and a program finds it."""
    code = _("%(name)s, version %(version)s") % method
    known = METHODS.get(method["name"])
    return f"{known} ({code})" if known else code


def result_facts(result: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what the result says in single values, named in words."""
    order = [*(name for name in LABELS if name in result), *(name for name in result if name not in LABELS)]
    simple = ((name, result[name]) for name in order if isinstance(result[name], str | int | float))
    return [(str(LABELS.get(name, name)), _value_words(name, value)) for name, value in simple]


def _value_words(name: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(STATUSES.get(str(value), value) if name == "status" else value)


def result_table(record: dict[str, Any]) -> ResultTable:
    """Return the decision as a table: for meetings by slot and table with who meets, else the result's first list."""
    if record["method"]["name"] == "meetings.schedule":
        return _meetings_table(record["inputs"]["problem"], record["result"]["meetings"])
    if record["method"]["name"] in _OF_ROUNDS:
        return _round_table(record["inputs"]["round"], record["result"]["places"])
    if record["method"]["name"] in {"places.allot", "places.promote"}:
        return ResultTable(*places_table(record["result"]))
    lists = (value for value in record["result"].values() if isinstance(value, list) and value)
    rows: list[Any] = next((value for value in lists if isinstance(value[0], dict)), [])
    names = list(rows[0]) if rows else []
    return ResultTable(_labels(names), [[str(row.get(name, "")) for name in names] for row in rows])


def _meetings_table(problem: dict[str, Any], placed: Sequence[dict[str, int]]) -> ResultTable:
    columns = [*_labels(["slot", "table", "meeting"]), _("Participant"), _("Meets")]
    ordered = sorted(placed, key=lambda place: (place["slot"], place["table"]))
    return ResultTable(columns, [_meeting_row(problem, place) for place in ordered])


def _meeting_row(problem: dict[str, Any], place: dict[str, int]) -> list[str]:
    first, second = problem["meetings"][place["meeting"] - 1][:2]
    names = problem["participants"]
    return [str(place["slot"]), str(place["table"]), str(place["meeting"]), names[first - 1], names[second - 1]]


def _round_table(round_: dict[str, Any], places: Sequence[dict[str, int]]) -> ResultTable:
    columns = [*_labels(["slot", "table"]), _("Request"), _("Participant"), _("Meets")]
    ordered = sorted(places, key=lambda place: (place["slot"], place["table"]))
    return ResultTable(columns, [_round_row(round_, place) for place in ordered])


def _round_row(round_: dict[str, Any], place: dict[str, int]) -> list[str]:
    request = round_["requests"][place["request"] - 1]
    names = (round_["guests"][request[side] - 1]["name"] for side in ("asker", "asked"))
    return [str(place["slot"]), str(place["table"]), str(place["request"]), *names]


def _labels(names: Iterable[str]) -> list[str]:
    return [str(LABELS.get(name, name)) for name in names]


def grouped(digest: str) -> str:
    """Write a hash in groups of eight, as people compare them."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
