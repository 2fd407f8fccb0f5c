"""Why a request was not granted: the codes, and what each of them claims.

Every sentence names what is true of the plan itself, so that anybody can check it; `explaining` finds the reason and
`checking` holds it against the plan.
"""

from __future__ import annotations

# Parameters: participant, first, second, other are guest numbers, which the caller may replace by names.
CODES: dict[str, str] = {
    "declined": "The one who was asked declined.",
    "unanswered": "%(participant)s has not answered, and this round grants only what was answered.",
    "withdrawn": "%(participant)s has withdrawn or cannot come at all.",
    "same_meeting": "The two meet anyway, by request %(other)s.",
    "guest_full": "%(participant)s has reached the limit of %(most)s meetings.",
    "no_time": "%(first)s and %(second)s have no slot left in which both are free.",
    "room_full": "Where %(first)s and %(second)s are both free, every table is taken.",
    "lower_priority": "All %(count)s meetings of %(participant)s went to requests that come first.",
    "least_first": "The place at %(participant)s went to %(other)s, who would otherwise have fewer meetings.",
    "draw": "The request of %(other)s with %(participant)s was equal in everything; the seed decided.",
}


def reason_words(code: str) -> str:
    """Return the sentence of a code, with `%(name)s` for each parameter."""
    return CODES[code]
