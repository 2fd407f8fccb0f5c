"""What a heading of an office's list means: synonyms, then likeness."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources

import yaml

# Units and filler that stand in a heading without changing what it names.
_FILLER = frozenset((
    "rp", "rupiah", "idr", "000", "0", "00", "ribu", "ribuan", "juta", "jutaan", "miliar", "milyar",
    "miliaran", "dalam", "1000", "thn", "org", "orang",
))  # fmt: skip
_PARENTHESES = re.compile(r"[(\[{][^)\]}]*[)\]}]?")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_CALENDAR_YEAR = re.compile(r"(19|20)[0-9]{2}")

# Order matters: "000.000" holds "000".
_MULTIPLIERS = (
    (re.compile(r"\b(triliun|trilyun)|0{3}[.,]0{3}[.,]0{3}[.,]0{3}"), 1_000_000_000_000),
    (re.compile(r"\b(miliar|milyar)|0{3}[.,]0{3}[.,]0{3}"), 1_000_000_000),
    (re.compile(r"\bjuta|\bjt\b|0{3}[.,]0{3}"), 1_000_000),
    (re.compile(r"\bribu|(?<![0-9.,])0{3}(?![0-9])|\bx\s*1[.,]?000\b"), 1_000),
)
_KBLI_VERSION = re.compile(r"\b(2015|2020|2025)\b")

# Trigram likeness under which two headings are taken for different things.
LEAST_LIKENESS = 0.6


class Reason(StrEnum):
    """Why a heading was taken for a field."""

    SAME = "same"
    ENDING = "ending"
    BEGINNING = "beginning"
    SIMILAR = "similar"
    UNKNOWN = "unknown"
    BY_HAND = "by_hand"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that a heading may mean, with a confidence from 0 to 1 and the synonym it was compared with."""

    field: str
    confidence: float
    reason: Reason
    synonym: str


@cache
def synonyms() -> dict[str, str]:
    """Every known wording of a heading and the field it stands for."""
    text = resources.files(__package__).joinpath("synonyms.yaml").read_text(encoding="utf-8")
    # BaseLoader keeps words like "no" and "on" as words.
    groups: dict[str, list[str]] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - our own data file
    return {wording: field for field, wordings in groups.items() for wording in wordings}


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return [word for word in _NOT_ALPHANUMERIC.sub(" ", plain).split() if not _is_filler(word)]


def _is_filler(word: str) -> bool:
    return word in _FILLER or _CALENDAR_YEAR.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def heading_forms(heading: str) -> tuple[str, ...]:
    """The heading without units and years, as written and without what stands in brackets.

    >>> heading_forms("Nilai Investasi (Rp. 000)")
    ('nilai investasi',)
    >>> heading_forms("TK (L)")
    ('tk l', 'tk')
    """
    forms = (" ".join(_words(heading)), " ".join(_words(_PARENTHESES.sub(" ", heading))))
    return tuple(dict.fromkeys(form for form in forms if form))


def multiplier(heading: str) -> int:
    """The factor that the heading asks for: 1,000 for "(Rp. 000)" or "dalam ribuan", 1 when it names none."""
    lower = heading.lower()
    return next((factor for pattern, factor in _MULTIPLIERS if pattern.search(lower)), 1)


def kbli_version(heading: str) -> int | None:
    """The edition of the KBLI list that the heading names."""
    found = _KBLI_VERSION.search(heading) if "kbli" in heading.lower() else None
    return int(found[1]) if found else None


def trigrams(text: str) -> frozenset[str]:
    """The runs of three characters of a text, its edges marked by blanks."""
    padded = f"  {text} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def likeness(left: frozenset[str], right: frozenset[str]) -> float:
    """Dice's coefficient of two sets of trigrams, from 0 to 1."""
    return 2 * len(left & right) / (len(left) + len(right))


@cache
def _synonym_trigrams() -> tuple[tuple[str, str, frozenset[str]], ...]:
    return tuple((wording, field, trigrams(wording)) for wording, field in synonyms().items())


def _affix_guesses(form: str) -> list[Guess]:
    """Synonyms that the heading ends or begins with: "Identitas: Nama Perusahaan", "Alamat sesuai NIB"."""
    words = form.split()
    guesses = []
    for cut in range(1, len(words)):
        ending, beginning = " ".join(words[cut:]), " ".join(words[:-cut])
        share = (len(words) - cut) / len(words)
        if ending in synonyms() and len(ending) > 1:
            guesses.append(Guess(synonyms()[ending], 0.7 + 0.2 * share, Reason.ENDING, ending))
        if beginning in synonyms() and len(beginning) > 1:
            guesses.append(Guess(synonyms()[beginning], 0.65 + 0.2 * share, Reason.BEGINNING, beginning))
    return guesses


def _similar_guesses(form: str) -> list[Guess]:
    own = trigrams(form)
    scored = ((likeness(own, other), field, wording) for wording, field, other in _synonym_trigrams())
    return [
        Guess(field, round(0.8 * score, 3), Reason.SIMILAR, wording)
        for score, field, wording in scored
        if score >= LEAST_LIKENESS and len(form) > 3
    ]


@lru_cache(maxsize=4096)
def known_guesses(heading: str) -> tuple[Guess, ...]:
    """Fields that the heading names by a known wording, the surest first, each field once."""
    guesses = []
    for rank, form in enumerate(heading_forms(heading)):
        if form in synonyms():
            guesses.append(Guess(synonyms()[form], 1.0 - 0.02 * rank, Reason.SAME, form))
        guesses.extend(_affix_guesses(form))
    return _surest(guesses)


@lru_cache(maxsize=4096)
def guesses(heading: str) -> tuple[Guess, ...]:
    """Fields that the heading may mean, the surest first; misspellings are found by trigram likeness."""
    known = known_guesses(heading)
    # A heading that is known word for word does not also mean what merely looks like it.
    if known and known[0].reason is Reason.SAME:
        return known
    similar = [guess for form in heading_forms(heading) for guess in _similar_guesses(form)]
    return _surest([*known, *similar])


def _surest(found: list[Guess]) -> tuple[Guess, ...]:
    best: dict[str, Guess] = {}
    for guess in sorted(found, key=lambda guess: (-guess.confidence, guess.field)):
        best.setdefault(guess.field, guess)
    return tuple(best.values())
