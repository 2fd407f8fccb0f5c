"""How well a judge knows what an entry is about: a number from 0 to 1, from what both say of themselves.

The organiser sees each number before a panel is put in force and may change any assignment by hand; the rule is
therefore kept simple enough to be checked by eye.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from gebyar.reference.kbli import category

# By how many leading digits of the KBLI code agree: division, group, class, the code itself.
CODE_POINTS = {2: 0.6, 3: 0.75, 4: 0.9, 5: 1.0}
WORD_POINTS = 0.8  # every word of a phrase of expertise stands in the entry
ANYBODY = 0.1  # nobody is worth nothing: a judge without fitting expertise still counts as one of a panel
KNOWS = 0.5  # from here on a judge counts as an expert of the entry
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about.

    Attributes
    ----------
    codes
        KBLI codes or their beginnings: the firm's own, or those of the category where no firm enters.
    text
        Title, products and names of the category, in any order.
    """

    codes: tuple[str, ...]
    text: str = ""


# Each judge is held against each entry: the words of both are taken apart once.
@lru_cache(maxsize=20_000)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a text in small letters, without numbers and words of one or two letters."""
    return frozenset(_WORD.findall(text.casefold()))


def affinity(expertise: Iterable[str], subject: Subject) -> float:
    """Return how well a judge fits an entry, rounded to 4 decimals.

    Each piece of expertise is a KBLI code or its beginning (two digits or more), or words. A code counts by the number
    of leading digits that it shares with the entry's (`CODE_POINTS`); words by the share of them that stand in the
    entry's text or in the name of its KBLI division (at most `WORD_POINTS`). The best piece counts:
    ``ANYBODY + (1 − ANYBODY) × best``.

    Parameters
    ----------
    expertise
        Of one judge, such as ``["10", "kopi dan teh"]``.
    subject
        Of one entry.

    Returns
    -------
    float
        From `ANYBODY` to 1.
    """
    text = _words_about(subject)
    best = max((_points(piece.strip(), subject.codes, text) for piece in expertise), default=0.0)
    return round(ANYBODY + (1 - ANYBODY) * best, 4)


@lru_cache(maxsize=20_000)
def _words_about(subject: Subject) -> frozenset[str]:
    return words_of(subject.text).union(*(_division_words(code) for code in subject.codes))


def _points(piece: str, codes: tuple[str, ...], text: frozenset[str]) -> float:
    if piece.isascii() and piece.isdecimal():
        return max((_code_points(piece, code) for code in codes), default=0.0)
    asked = words_of(piece)
    return WORD_POINTS * len(asked & text) / len(asked) if asked else 0.0


def _code_points(piece: str, code: str) -> float:
    shared = 0
    for one, other in zip(piece, code, strict=False):
        if one != other:
            break
        shared += 1
    return CODE_POINTS.get(shared, 0.0)


def _division_words(code: str) -> frozenset[str]:
    found = category(code[:2])
    return words_of(f"{found.id} {found.en}") if found else frozenset()
