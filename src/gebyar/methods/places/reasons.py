"""Why somebody was admitted, waits or was refused: the codes, and what each of them claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Parameters: rank is the place in the order (points, lot or line), last is an applicant's id, groups a list of groups,
# money is in whole rupiah. Sentences of the last two speak of a reserve, not of an applicant.
CODES: dict[str, str] = {
    "admitted_rank": "Number %(rank)s; a place was left at that turn.",
    "admitted_reserve": "Number %(rank)s; admitted through a reserve: %(groups)s.",
    "admitted_partly": "Number %(rank)s; %(granted)s of %(asked)s rupiah were left.",
    "promoted": "Number %(rank)s; moved up from the waiting list into a place that became free.",
    "deviation_in": "Admitted by decision of the meeting: %(reason)s",
    "deviation_out": "Not admitted by decision of the meeting: %(reason)s",
    "gave_up": "Had a place and gave it up.",
    "below_threshold": "%(points)s points; at least %(threshold)s are needed.",
    "places_full": "Number %(rank)s; the %(places)s places went to others, the last of them number %(last_rank)s (%(last)s).",
    "tie": "As many points as %(last)s, who was admitted last; the tie rule “%(rule)s” decided.",
    "reserved": "Number %(rank)s; %(count)s places went to later numbers through reserves: %(groups)s.",
    "held": "Number %(rank)s; what was left was kept for reserves; without reserves it had not been enough either.",
    "quota": "Number %(rank)s; at most %(most)s of %(group)s may be admitted, the last of them was number %(last_rank)s.",
    "budget": "Number %(rank)s; at that turn %(left)s rupiah were left to give, and at least %(least)s were asked for.",
    "reserve_few": "Only %(applied)s of %(group)s applied with enough points, so %(least)s could not be admitted.",
    "reserve_room": "Places, quotas or money did not allow %(least)s of %(group)s beside the other reserves.",
}

ORDER_WORDS = {"ranked": "the ranking", "lottery": "the draw", "first_come": "the line"}


def reason_words(code: str) -> str:
    """Return the sentence of a code, with `%(name)s` for each parameter."""
    return CODES[code]


def sentence(code: str, parameters: Mapping[str, object]) -> str:
    """Say a reason in English."""
    shown = {
        name: ", ".join(value) if isinstance(value, (list, tuple)) else value for name, value in parameters.items()
    }
    return CODES[code] % shown
