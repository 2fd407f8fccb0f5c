"""Why there is no assignment, and what would make one possible: the codes, and what each of them claims.

Lists of numbers stand in the parameters as they are to be read ("3, 7 and 12 more"); a caller may put names in their
place, since `entry` and `judge` alone are single numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_LISTED = 12

CODES: dict[str, str] = {
    # why not
    "fixed_barred": "Entry %(entry)s is fixed to judge %(judge)s, but this pair is barred or the judge takes no entries.",
    "fixed_entry": "Entry %(entry)s has %(given)s fixed judges, but its panel holds only %(needed)s.",
    "fixed_judge": "Judge %(judge)s has %(given)s fixed entries, but takes at most %(needed)s.",
    "entry_short": "Entry %(entry)s may be judged by only %(given)s judges, but needs %(needed)s.",
    "judge_short": "Judge %(judge)s is to judge at least %(needed)s entries, but only %(given)s are open to them.",
    "loads_short": "The judges take at most %(given)s judgements in all, but the entries need %(needed)s.",
    "least_long": "The judges are to give at least %(needed)s judgements in all, but the entries need only %(given)s.",
    "entries_short": (
        "Entries %(entries)s together need %(needed)s judgements, but the judges open to them can give at most "
        "%(given)s, since judges %(judges)s have no more room."
    ),
    "judges_short": (
        "Judges %(judges)s together are to give at least %(needed)s judgements, but the entries open to them take at "
        "most %(given)s."
    ),
    "mix_entry": "Entry %(entry)s may be judged by only %(given)s judges of “%(mix)s”, but needs %(needed)s.",
    "mix_panel": "Entry %(entry)s needs %(needed)s judges for its mixes alone, but its panel holds only %(given)s.",
    "mix_short": (
        "Entries %(entries)s together need %(needed)s judges of “%(mix)s”, but these can give at most %(given)s."
    ),
    "cap_entry": (
        "With probabilities of at most %(cap)s the %(judges)s judges open to entry %(entry)s make only %(given)s of the "
        "%(needed)s it needs."
    ),
    "cap_together": "With probabilities of at most %(cap)s not all of coverage, loads and mixes can be kept.",
    "together": "Coverage, loads, bars, mixes and fixed pairs each could be kept, but not all of them at once.",
    "few_pairs": (
        "To tie %(entries)s entries and the %(judges)s judges they need together takes %(needed)s pairs, but there are "
        "only %(given)s."
    ),
    "apart": ("Panels cannot hang together: no judge may judge both one of entries %(entries)s and one of the others."),
    "never_tied": "Coverage, loads, bars and mixes leave no assignment in which all panels hang together.",
    "no_time": "No assignment was found in the time given; give more.",
    "draw_mended": (
        "The draw did not keep all mixes, or left panels apart: %(count)s of its pairs were exchanged for others that "
        "could have been drawn."
    ),
    # what would make it possible
    "raise_most": "Let judges take more entries: %(judges)s.",
    "add_judges": "Add %(count)s judges who each take %(load)s entries and have no conflicts.",
    "lower_coverage": "Ask for fewer judges at entries: %(entries)s.",
    "lift_bars": "Lift the bars of pairs (entry–judge): %(pairs)s.",
    "lower_least": "Ask judges for fewer entries: %(judges)s.",
    "waive_mixes": "Waive mixes at entries: %(entries)s.",
    "release_fixed": "Release the fixed pairs (entry–judge): %(pairs)s.",
    "raise_cap": "Raise the cap to %(cap)s.",
    "not_connected": "Do not ask that panels hang together; judges' severity then cannot be compared.",
    "raise_coverage": "Ask for more judges per entry, %(count)s judgements more in all.",
}


def finding_words(code: str, parameters: Mapping[str, object]) -> str:
    """The sentence of a code with its parameters."""
    return CODES[code] % parameters


def listed(items: Iterable[object]) -> str:
    """Items divided by commas; of a long list the first, and how many more there are."""
    every = [str(item) for item in items]
    shown = ", ".join(every[:MOST_LISTED])
    return shown if len(every) <= MOST_LISTED else f"{shown} and {len(every) - MOST_LISTED} more"
