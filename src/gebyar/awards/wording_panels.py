"""What `gebyar.methods.panels` found, with codes of entries and numbers of judges, in the reader's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gebyar.reference import regions

if TYPE_CHECKING:
    from gebyar.awards.panelling import Bench
    from gebyar.methods.panels.task import Finding

Words = str | Promise

# Every code of `gebyar.methods.panels.reasons`.
FINDINGS: dict[str, Words] = {
    "fixed_barred": gettext_lazy("Entry %(entry)s was given to judge %(judge)s by hand, but this pair must not be."),
    "fixed_entry": gettext_lazy(
        "Entry %(entry)s has %(given)s judges by hand already, but its panel holds only %(needed)s."
    ),
    "fixed_judge": gettext_lazy("Judge %(judge)s has %(given)s entries by hand already, but takes at most %(needed)s."),
    "entry_short": gettext_lazy("Only %(given)s judges may judge entry %(entry)s, but it needs %(needed)s."),
    "judge_short": gettext_lazy("Judge %(judge)s wants at least %(needed)s entries, but may judge only %(given)s."),
    "loads_short": gettext_lazy(
        "All judges together take at most %(given)s judgements, but the entries need %(needed)s."
    ),
    "least_long": gettext_lazy(
        "All judges together want at least %(needed)s judgements, but the entries need only %(given)s."
    ),
    "entries_short": gettext_lazy(
        "Entries %(entries)s together need %(needed)s judgements, but the judges who may judge them can give at most "
        "%(given)s: judges %(judges)s have no more room."
    ),
    "judges_short": gettext_lazy(
        "Judges %(judges)s together want at least %(needed)s judgements, but the entries they may judge take at most "
        "%(given)s."
    ),
    "mix_entry": gettext_lazy(
        "Entry %(entry)s needs %(needed)s judges for “%(mix)s”, but only %(given)s of them may judge it."
    ),
    "mix_panel": gettext_lazy(
        "Entry %(entry)s needs %(needed)s judges for its mix alone, but its panel holds only %(given)s."
    ),
    "mix_short": gettext_lazy(
        "Entries %(entries)s together need %(needed)s judges for “%(mix)s”, but these can give at most %(given)s."
    ),
    "cap_entry": gettext_lazy(
        "With probabilities of at most %(cap)s the %(judges)s judges of entry %(entry)s make only %(given)s of the "
        "%(needed)s it needs."
    ),
    "cap_together": gettext_lazy("With probabilities of at most %(cap)s not everything can be kept."),
    "together": gettext_lazy(
        "Judges per entry, loads, ties, mixes and what was set by hand could each be kept, but not all at once."
    ),
    "few_pairs": gettext_lazy(
        "To tie %(entries)s entries and the %(judges)s judges they need together takes %(needed)s assignments, but "
        "there are only %(given)s."
    ),
    "apart": gettext_lazy(
        "Panels cannot hang together: no judge may judge both one of entries %(entries)s and one of the others."
    ),
    "never_tied": gettext_lazy("No assignment that keeps everything else makes all panels hang together."),
    "no_time": gettext_lazy("No assignment was found in the time given. Try again."),
    "draw_mended": gettext_lazy(
        "The draw did not keep all mixes, so that %(count)s of its pairs were exchanged for others."
    ),
    "raise_most": gettext_lazy("Let judges take more entries: %(judges)s."),
    "add_judges": gettext_lazy("Add %(count)s judges who each take %(load)s entries and have no ties."),
    "lower_coverage": gettext_lazy("Ask for fewer judges at entries: %(entries)s."),
    "lift_bars": gettext_lazy("Lift what stands between (entry–judge): %(pairs)s."),
    "lower_least": gettext_lazy("Ask less of judges: %(judges)s."),
    "waive_mixes": gettext_lazy("Do without the mix at entries: %(entries)s."),
    "release_fixed": gettext_lazy("Take out what was set by hand or accepted (entry–judge): %(pairs)s."),
    "raise_cap": gettext_lazy("Raise the greatest probability to %(cap)s."),
    "not_connected": gettext_lazy(
        "Without panels that hang together judges' severity cannot be compared, and plain means rank the entries."
    ),
    "raise_coverage": gettext_lazy("Ask for more judges per entry, %(count)s judgements more in all."),
}
# The findings that say what would help; the others say why there is no assignment.
REMEDIES = frozenset([
    "raise_most", "add_judges", "lower_coverage", "lift_bars", "lower_least", "waive_mixes", "release_fixed",
    "raise_cap", "not_connected", "raise_coverage",
])  # fmt: skip
_FIRST = re.compile(r"^(\d+)")
_PAIR = re.compile(r"^(\d+)–(\d+)")
_MORE = re.compile(r" and (\d+) more$")
_MIX = re.compile(r"“(?P<mix>[^”]*)”")


def named(finding: Finding, bench: Bench) -> dict[str, Any]:
    """Return a finding as it is stored: entries by code and judges by number instead of positions."""
    from gebyar.awards.panelling import public_mixes  # noqa: PLC0415  the page that says findings needs none of it

    mixes = {name: mix.name for name, mix in public_mixes(bench).items()}
    return {
        "code": finding.code,
        "parameters": {name: _named(name, value, bench, mixes) for name, value in finding.parameters.items()},
    }


def _named(name: str, value: object, bench: Bench, mixes: dict[str, str]) -> object:
    """Single numbers under `entry` and `judge`, and texts under the plurals, are positions; other numbers are counts."""
    if name == "mix":
        return mixes.get(str(value), value)
    if name == "entry":
        return bench.entries[int(str(value))].code
    if name == "judge":
        return bench.judges[int(str(value))].number
    if not isinstance(value, str) or name not in {"entries", "judges", "pairs"}:
        return value
    found = _MORE.search(value)
    items = _MORE.sub("", value).split(", ")
    shown = ", ".join(_item(name, item, bench) for item in items)
    shown = _MIX.sub(lambda mix: f"“{mixes.get(mix['mix'], mix['mix'])}”", shown)
    return f"{shown}{found[0]}" if found else shown


def _item(name: str, item: str, bench: Bench) -> str:
    if name == "pairs":
        return _PAIR.sub(lambda m: f"{bench.entries[int(m[1])].code}–{bench.judges[int(m[2])].number}", item)
    if name == "entries":
        return _FIRST.sub(lambda m: bench.entries[int(m[1])].code, item)
    return _FIRST.sub(lambda m: str(bench.judges[int(m[1])].number), item)


def finding_words(stored: dict[str, Any]) -> str:
    """Say a stored finding in the reader's language."""
    sentence = FINDINGS.get(stored["code"])
    if sentence is None:
        return str(stored["code"])
    return str(sentence) % {name: _shown(name, value) for name, value in stored["parameters"].items()}


def _shown(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if name == "mix":
        return mix_words(value)
    words = _MIX.sub(lambda found: f"“{mix_words(found['mix'])}”", value)
    return and_more(words)


def and_more(words: str) -> str:
    """Say the end of a cut list in the reader's language."""
    found = _MORE.search(words)
    return _MORE.sub(_(" and %(count)s more") % {"count": found[1]}, words) if found else words


def mix_words(name: str) -> str:
    """Say what a mix of `gebyar.awards.panelling` asks for."""
    kind, _space, value = name.partition(" ")
    if kind == "gender":
        return _("a woman") if value == "f" else _("a man")
    if kind == "region":
        return _("a judge from outside %(province)s") % {"province": regions.name(value)}
    return _("a judge who knows the subject")
