"""What is wrong with rules, in the reader's language; the sentences themselves stand beside the reference data."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gebyar.reference.awards.faults import SENTENCES, Fault
from gebyar.reference.awards.rules import Text


def fault_words(fault: Fault, *, with_path: bool = True) -> str:
    """Say a fault, beginning with its place unless the page shows that already."""
    words = _(SENTENCES[fault.code]) % fault.facts
    return f"{fault.path}: {words}" if with_path and fault.path else words


def in_language(words: Text) -> str:
    """Choose the words of the rules in the reader's language, Indonesian where English is missing."""
    language = (get_language() or "id").split("-")[0]
    return words.get(language) or words.get("id", "")
