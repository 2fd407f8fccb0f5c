"""What `gebyar.methods.judging` says of a ranking, of judges and of a round, in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gebyar.awards.wording_panels import and_more

Words = str | Promise

# Every code of `gebyar.methods.judging.findings`.
FINDINGS: dict[str, Words] = {
    "no_marks": gettext_lazy("Nobody is to judge anything yet."),
    "few_judges": gettext_lazy(
        "%(count)s entries have fewer than %(least)s judges: %(listed)s. Give each of them another judge."
    ),
    "few_entries": gettext_lazy(
        "%(count)s judges have fewer than %(least)s entries: %(listed)s. Give each of them more entries."
    ),
    "apart": gettext_lazy(
        "Judges and entries fall into %(count)s groups that have nobody in common, so their levels cannot be compared: "
        "let judge %(judge)s also judge entry %(second_entry)s, and likewise until all are joined."
    ),
    "raw_instead": gettext_lazy("Plain means rank the entries instead of the method that the rules name."),
    "no_difference_nil": gettext_lazy(
        "No detectable difference between the entries: what differs comes from the judges and from chance alone."
    ),
    "no_difference_weak": gettext_lazy(
        "No detectable difference between the entries: differences as large as these come about by chance alone in "
        "%(count)s of 100 such rounds."
    ),
    "close_to_first": gettext_lazy(
        "Entry %(entry)s comes first, but its %(percent)s %% interval overlaps that of %(count)s others: %(listed)s."
    ),
    "alone_first": gettext_lazy("Entry %(entry)s comes first, and its %(percent)s %% interval overlaps no other."),
    "may_be_first": gettext_lazy(
        "The chances of being the best, in 100: %(entry)s %(chance)s; not to be ruled out are %(listed)s."
    ),
    "tie": gettext_lazy("%(listed)s are equal up to the rule “%(rule)s”, which decided."),
    "tie_shared": gettext_lazy("%(listed)s are equal by every rule and share a rank."),
    "outliers": gettext_lazy(
        "%(count)s scores are far from what entry and judge let expect; they are listed below. Ask these judges "
        "whether they meant them."
    ),
    "judge_scatter": gettext_lazy(
        "Judge %(judge)s strays from the expected scores %(ratio)s times as far as the judges do on average."
    ),
    "judge_flat": gettext_lazy(
        "Judge %(judge)s gave nearly the same score to all: a spread of %(spread)s, others %(usual)s."
    ),
    "judge_reversed": gettext_lazy("Judge %(judge)s tends to score low what the others score high."),
}
ALARMS: dict[str, Words] = {
    "judge_scatter": gettext_lazy("strays far"),
    "judge_flat": gettext_lazy("hardly differs"),
    "judge_reversed": gettext_lazy("against the others"),
}
METHODS: dict[str, Words] = {
    "mixed": gettext_lazy("adjusted for the severity of judges"),
    "robust": gettext_lazy("adjusted for the severity of judges, with wild scores weighing less"),
    "raw": gettext_lazy("plain means"),
}
RULES: dict[str, Words] = {
    "adjusted": gettext_lazy("adjusted score"),
    "raw": gettext_lazy("plain mean"),
    "lot": gettext_lazy("lot"),
    "shared": gettext_lazy("shared rank"),
}


def finding_words(code: str, parameters: Mapping[str, Any], criteria: Mapping[str, str] | None = None) -> str:
    """Say one finding.

    Parameters
    ----------
    criteria
        Names of criteria by id, for the rules of ties.
    """
    sentence = FINDINGS.get(code)
    if sentence is None:
        return code
    facts = {name: and_more(value) if isinstance(value, str) else value for name, value in parameters.items()}
    if "rule" in facts:
        facts["rule"] = ", ".join(rule_words(rule, criteria or {}) for rule in str(facts["rule"]).split(", "))
    return str(sentence) % facts


def rule_words(rule: str, criteria: Mapping[str, str]) -> str:
    """Say a rule of ties."""
    kind, _colon, criterion = rule.partition(":")
    if kind == "criterion":
        return _("mean of “%(criterion)s”") % {"criterion": criteria.get(criterion, criterion)}
    return str(RULES.get(rule, rule))
