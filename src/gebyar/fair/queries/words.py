"""What people type into a search of a round: parts of firms' names, or numbers of participants."""

from functools import reduce
from operator import and_, or_

from django.db.models import Q

LONGEST_NUMBER = 5


def by_words(words: str, *people: str) -> Q:
    """Return the filter for rows of which each word is the number of a participant, or a part of their firm's name.

    Parameters
    ----------
    people
        The paths from a row to its participants, "" for a participant itself.
    """
    return reduce(and_, (reduce(or_, (_one(word, path) for path in people)) for word in words.split()), Q())


def _one(word: str, path: str) -> Q:
    start = f"{path}__" if path else ""
    if word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER:
        return Q(**{f"{start}number": int(word)})
    return Q(**{f"{start}firm__name__icontains": word})
