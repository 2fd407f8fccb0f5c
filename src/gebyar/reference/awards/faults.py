"""What can be wrong with the rules of an edition: where, what, and what to do, in English sentences.

The awards' app translates the sentences for the screen (`gebyar.awards.wording`), so each fault keeps its code and facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # the form of the document
    "no_document": "The rules are no document with names and values. Begin with the rules of a programme and change them.",
    "missing": "This is missing. Add it.",
    "unknown": "The rules have no “%(name)s” here. Take it out or correct its spelling.",
    "text": "This has to be text. Put it in quotation marks.",
    "number": "This has to be a number.",
    "whole_number": "This has to be a whole number.",
    "yes_no": "This has to be true or false.",
    "list": "This has to be a list.",
    "group": "This has to be a group of names and values.",
    "choice": "“%(value)s” is not known here. Choose one of: %(known)s.",
    "unfit": "This cannot be read: %(words)s.",
    # names and words
    "id_form": "“%(value)s” cannot be an id. Use small letters, digits, - and _, beginning with a letter, at most 40.",
    "id_twice": "The id “%(value)s” stands twice. Give each its own.",
    "language": "The words in “%(language)s” are missing. Write them in Indonesian (id) and English (en).",
    "too_long": "These are %(count)d characters; at most %(most)d fit.",
    "too_many": "These are %(count)d; at most %(most)d fit.",
    "no_source": "A rule without a source is worth nothing. Name the regulation, announcement or decision.",
    "empty": "Nothing stands here. At least one is needed.",
    "no_category": "There is no category “%(value)s”. Choose one of: %(known)s.",
    # conditions
    "no_parameter": "A condition of the kind “%(kind)s” takes no “%(name)s”. Take it out.",
    "needs_parameter": "A condition of the kind “%(kind)s” needs %(names)s.",
    "no_rule": "There is no size rule “%(value)s”. Choose one of: %(known)s.",
    "no_sector": "“%(value)s” is the beginning of no KBLI code of manufacturing. Use two to five digits, such as 10 or 13912.",
    "no_certificate": "The register knows no certificate “%(value)s”. Choose one of: %(known)s.",
    "no_fact": "The register keeps no fact “%(value)s”. Choose one of: %(known)s.",
    "least_above_most": "The least (%(least)s) is more than the most (%(most)s). Change one of them.",
    "below": "This has to be %(least)s or more.",
    "above": "This has to be %(most)s or less.",
    "not_above": "This has to be more than %(least)s.",
    "no_day": "“%(value)s” is no day. Write it as 2026-11-12.",
    "group_too_small": "Groups may enter, so most_members has to be 2 or more.",
    "no_such_entrant": "Nobody enters for whom this could hold. Let one of these enter, or take it out: %(entrants)s.",
    # questions
    "too_few_options": "A choice needs at least two options.",
    "no_options": "Only a question of the kind “choice” has options. Take them out.",
    # stages
    "last_is_decision": "The last stage has to be a decision, and only the last one.",
    "gate_of_kind": "A stage of the kind “%(kind)s” cannot end by “%(method)s”. Choose one of: %(known)s.",
    "no_criteria": "Judges need at least one criterion here.",
    "needless_criteria": "Nobody gives marks in a stage of the kind “%(kind)s”. Take the criteria out.",
    "no_ranking": "This stage needs a ranking, and no judging stage comes before it.",
    "no_places": "Say how many pass: places, or places_in for every category (missing: %(names)s).",
    "no_threshold": "Say from how many points on an entry passes: threshold.",
    "needless": "A gate “%(method)s” takes no “%(name)s”. Take it out.",
    "no_group": "“%(value)s” is no group. Choose one of: %(known)s, or province: with the code of a province.",
    "no_province": "“%(value)s” is no province. Use its two digits, such as province:33.",
    "no_bound": "Say how many at least or at most.",
    "reserves_above_places": "The reserves ask for %(least)d, but only %(places)d places are given.",
    "no_tie_rule": "“%(value)s” is no tie rule. Choose from: %(known)s, or criterion: with the id of a criterion of this stage.",
    "ties_end_with_lot": "The tie rules have to end with “lot”, or two entries could stay equal for ever.",
    "twice": "“%(value)s” stands twice. Take one out.",
    "low_not_below_high": "The lowest mark (%(low)s) has to be below the highest (%(high)s).",
    # stars
    "no_scheme": "There is no star scheme “%(value)s”. Choose one of: %(known)s.",
    "not_rising": "Stars and points have to rise from line to line.",
    "no_star": "No line of the scheme gives %(value)s stars. Take it out or add the line.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where: ``path`` reads like ``stages[2].criteria[0].weight``."""

    path: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        words = SENTENCES[self.code] % self.facts
        return f"{self.path}: {words}" if self.path else words


class BadRules(ValueError):
    """Rules that cannot be used, with everything that is wrong with them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
