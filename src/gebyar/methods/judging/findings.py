"""What a ranking or a look at a round has to say, as codes with parameters, so that a page can translate it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_LISTED = 12

# Every sentence names entries and judges as the caller did.
CODES: dict[str, str] = {
    "no_marks": "There is no score yet.",
    "few_judges": (
        "These entries have fewer than %(least)s judges: %(listed)s. Give each of them another judge, "
        "or take them out of the round."
    ),
    "few_entries": (
        "These judges have fewer than %(least)s entries: %(listed)s. Give each of them more entries, "
        "or take them out of the round."
    ),
    "apart": (
        "Judges and entries fall into %(count)s groups that have nobody in common, so their levels cannot be compared: "
        "entry %(first_entry)s and entry %(second_entry)s are in different groups. Let judge %(judge)s also score "
        "entry %(second_entry)s, and likewise until all are joined."
    ),
    "raw_instead": "The raw mean ranks the entries instead of the declared method.",
    "no_difference_nil": (
        "No detectable difference between the entries: what differs comes from the judges and from chance alone."
    ),
    "no_difference_weak": (
        "No detectable difference between the entries: differences as large as these come about by chance alone in "
        "%(count)s of 100 such rounds."
    ),
    "close_to_first": (
        "Entry %(entry)s comes first, but its %(percent)s %% interval overlaps those of others (%(count)s): %(listed)s."
    ),
    "alone_first": "Entry %(entry)s comes first, and its %(percent)s %% interval overlaps no other.",
    "may_be_first": (
        "The chances of being the best, in 100: %(entry)s %(chance)s; not to be ruled out are %(listed)s."
    ),
    "tie": "%(listed)s are equal up to the rule “%(rule)s”, which decided.",
    "tie_shared": "%(listed)s are equal by every rule and share a rank.",
    "outliers": (
        "These scores are far from what entry and judge let expect: %(listed)s. Ask these judges whether they "
        "meant them."
    ),
    "judge_scatter": "Judge %(judge)s strays from the expected scores %(ratio)s times as far as the judges do on average.",
    "judge_flat": "Judge %(judge)s gave nearly the same score to all: a spread of %(spread)s, others %(usual)s.",
    "judge_reversed": "Judge %(judge)s tends to score low what the others score high.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement: a code of `CODES` and what stands in its sentence."""

    code: str
    parameters: Mapping[str, str | int]

    def words(self) -> str:
        """Return the sentence in English."""
        return CODES[self.code] % self.parameters


def listed(items: Sequence[object], most: int = MOST_LISTED) -> str:
    """Items divided by commas; a long list is cut, with the number left out."""
    shown = ", ".join(str(item) for item in items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most} more"


def figure(value: float) -> str:
    """Write a number for a sentence, to at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
