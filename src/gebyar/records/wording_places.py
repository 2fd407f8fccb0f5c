"""Allotments of places in the reader's words: the table of verdicts that a record's page and its minutes show."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

Words = str | Promise

OUTCOMES: dict[str, Words] = {
    "admitted": pgettext_lazy("allotment", "admitted"),
    "waiting": pgettext_lazy("allotment", "waiting list"),
    "refused": pgettext_lazy("allotment", "not admitted"),
}
# The sentences of `gebyar.methods.places.reasons`, here for the translators; a test holds them together.
REASONS: dict[str, Words] = {
    "admitted_rank": gettext_lazy("Number %(rank)s; a place was left at that turn."),
    "admitted_reserve": gettext_lazy("Number %(rank)s; admitted through a reserve: %(groups)s."),
    "admitted_partly": gettext_lazy("Number %(rank)s; %(granted)s of %(asked)s rupiah were left."),
    "promoted": gettext_lazy("Number %(rank)s; moved up from the waiting list into a place that became free."),
    "deviation_in": gettext_lazy("Admitted by decision of the meeting: %(reason)s"),
    "deviation_out": gettext_lazy("Not admitted by decision of the meeting: %(reason)s"),
    "gave_up": gettext_lazy("Had a place and gave it up."),
    "below_threshold": gettext_lazy("%(points)s points; at least %(threshold)s are needed."),
    "places_full": gettext_lazy(
        "Number %(rank)s; the %(places)s places went to others, the last of them number %(last_rank)s (%(last)s)."
    ),
    "tie": gettext_lazy("As many points as %(last)s, who was admitted last; the tie rule “%(rule)s” decided."),
    "reserved": gettext_lazy("Number %(rank)s; %(count)s places went to later numbers through reserves: %(groups)s."),
    "held": gettext_lazy(
        "Number %(rank)s; what was left was kept for reserves; without reserves it had not been enough either."
    ),
    "quota": gettext_lazy(
        "Number %(rank)s; at most %(most)s of %(group)s may be admitted, the last of them was number %(last_rank)s."
    ),
    "budget": gettext_lazy(
        "Number %(rank)s; at that turn %(left)s rupiah were left to give, and at least %(least)s were asked for."
    ),
}
GROUPS: dict[str, Words] = {
    "women": gettext_lazy("mostly women workers"),
    "small": gettext_lazy("small firms"),
    "first_time": gettext_lazy("first-time entrants"),
    "remote": gettext_lazy("firms outside Java"),
}


def places_table(result: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows: number, code, outcome, why."""
    columns = [_("No."), _("Code"), _("Outcome"), pgettext("allotment", "Reason")]
    return columns, [_row(row) for row in result["rows"]]


def _row(row: Mapping[str, Any]) -> list[str]:
    outcome = str(OUTCOMES.get(row["outcome"], row["outcome"]))
    return [str(row["rank"]), row["applicant"], outcome, verdict_words(row["code"], row.get("parameters", {}))]


def verdict_words(code: str, parameters: Mapping[str, Any]) -> str:
    """Say the reason of a verdict; the bare code where it is not known."""
    sentence = REASONS.get(code)
    if sentence is None:
        return code
    facts = dict(parameters)
    facts["groups"] = ", ".join(group_words(group) for group in parameters.get("groups", ()))
    facts["group"] = group_words(parameters.get("group", ""))
    try:
        return str(sentence) % facts
    except KeyError:  # of another version, with other parameters
        return code


def group_words(group: str) -> str:
    """Say a group: a province by its name, a value behind its kind."""
    from gebyar.reference import regions  # noqa: PLC0415  the list of regions is read at its first use

    kind, _colon, value = group.partition(":")
    if kind == "province" and value and regions.is_valid(value):
        return regions.name(value)
    return str(GROUPS.get(group, group))
