"""Codes of the stages in the reader's words: how an entry left a stage, and why."""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from gebyar.awards.models import Passage
from gebyar.awards.wording_rules import in_language
from gebyar.reference.awards.rules import EditionRules

Words = str | Promise

# Codes of `gebyar.methods.places.reasons`, as far as a gate gives them, and those of the stages themselves.
REASONS: dict[str, Words] = {
    "admitted_rank": gettext_lazy("Number %(rank)s of the ranking; %(places)s could pass."),
    "admitted_reserve": gettext_lazy(
        "Number %(rank)s of the ranking; passes through places kept by the rules for: %(groups)s."
    ),
    "promoted": gettext_lazy("Number %(rank)s of the waiting list order; a place became free."),
    "deviation_in": gettext_lazy("The plenary decided so against the ranking: %(reason)s"),
    "deviation_out": gettext_lazy("The plenary decided so against the ranking: %(reason)s"),
    "below_threshold": gettext_lazy("%(points)s points; at least %(threshold)s are needed."),
    "places_full": gettext_lazy(
        "Number %(rank)s of the ranking; %(places)s could pass, the last of them was number %(last_rank)s."
    ),
    "tie": gettext_lazy("As many points as the last one who passed; the published rule for equals decided."),
    "reserved": gettext_lazy(
        "Number %(rank)s of the ranking; %(count)s places went to later numbers, kept by the rules for: %(groups)s."
    ),
    "held": gettext_lazy("Number %(rank)s of the ranking; the places that were left are kept by the rules for others."),
    "quota": gettext_lazy(
        "Number %(rank)s of the ranking; at most %(most)s may pass of: %(group)s. The last of them was number %(last_rank)s."
    ),
    "in_order": gettext_lazy("Two officers found documents and conditions in order."),
    "not_in_order": gettext_lazy("Not in order, as two officers found: %(findings)s"),
    "chosen": gettext_lazy("Chosen: %(reason)s"),
    "not_chosen": gettext_lazy("Not chosen: %(reason)s"),
    "above_threshold": gettext_lazy("%(points)s points; at least %(threshold)s are needed."),
    "objection_upheld": gettext_lazy("Passes after an objection: %(reason)s"),
    "withdrawn": gettext_lazy("The entry was withdrawn."),
}
GROUPS: dict[str, Words] = {
    "women": gettext_lazy("firms whose workers are mostly women"),
    "small": gettext_lazy("small firms"),
    "first_time": gettext_lazy("first-time entrants"),
    "province": gettext_lazy("each province"),
}


def group_words(group: str) -> str:
    """Say a group of reserves: a province by its name."""
    from gebyar.reference import regions  # noqa: PLC0415  the list of regions is read at its first use

    kind, _colon, value = group.partition(":")
    if kind == "province" and value and regions.is_valid(value):
        return regions.name(value)
    return str(GROUPS.get(kind, group))


def passage_words(passage: Passage, rules: EditionRules, names: Mapping[str, str] | None = None) -> str:
    """Say why an entry passed a stage or did not; empty while it is in it.

    Parameters
    ----------
    rules
        Of its edition, for the names of documents and conditions.
    names
        What findings speak of, by id, where they are at hand already.
    """
    sentence = REASONS.get(passage.code)
    if sentence is None:
        return passage.reason or passage.code
    facts = {name: _figure(value) for name, value in passage.parameters.items()}
    facts |= {"reason": passage.parameters.get("reason") or passage.reason}
    facts["findings"] = findings_words(passage.parameters.get("findings", {}), names or names_of_items(rules))
    facts["groups"] = ", ".join(group_words(group) for group in passage.parameters.get("groups", []))
    facts["group"] = group_words(str(passage.parameters.get("group", "")))
    try:
        return str(sentence) % facts
    except KeyError:  # a record of another version, with other parameters
        return passage.reason or passage.code


def _figure(value: object) -> object:
    """Write points as the reader writes them: with two decimals at most, none where there are none."""
    if not isinstance(value, float):
        return value
    return number_format(round(value, 2), force_grouping=False) if value % 1 else str(int(value))


def names_of_items(rules: EditionRules) -> dict[str, str]:
    """Return what a check looks at: documents and conditions, by id."""
    documents = {ask.id: in_language(ask.names) for ask in rules.documents}
    return {condition.id: in_language(condition.words) for condition in rules.conditions} | documents


def findings_words(findings: Mapping[str, str], names: Mapping[str, str]) -> str:
    return "; ".join(f"{names.get(key, key)}: {note}" if key else note for key, note in findings.items())
