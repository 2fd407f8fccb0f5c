"""Reasons in the reader's words: every code that a gate can give has a sentence in both languages."""

import pytest
from django.utils import translation
from tests.awards.making import document

from gebyar.awards.models import Passage
from gebyar.awards.wording import REASONS, group_words, passage_words
from gebyar.methods.places.reasons import CODES
from gebyar.reference.awards.reading import read_rules

# Gates give no money, and what speaks of a reserve or of who gave up is no reason of an entry's.
NOT_OF_GATES = {"admitted_partly", "budget", "gave_up", "reserve_few", "reserve_room"}
PARAMETERS = {
    "rank": 4, "last_rank": 3, "places": 3, "count": 1, "most": 2, "groups": ["women"], "group": "province:33",
    "points": 71.5, "threshold": 75.0, "findings": {"nib": "Habis", "": "Lengkapi"}, "reason": "Karena",
}  # fmt: skip


def test_every_code_of_the_method_that_a_gate_gives_has_words():
    assert sorted(set(CODES) - NOT_OF_GATES - set(REASONS)) == []


@pytest.mark.parametrize("code", sorted(REASONS))
def test_reason_is_a_sentence_of_its_own_in_both_languages(code):
    passage, rules = Passage(code=code, parameters=PARAMETERS), read_rules(document())
    said = []
    for language in ("id", "en"):
        with translation.override(language):
            said.append(passage_words(passage, rules))

    assert said[0] != said[1]
    assert not any("%(" in words or not words.strip() for words in said)


def test_findings_name_documents_and_a_word_on_the_whole():
    passage = Passage(code="not_in_order", parameters=PARAMETERS)
    with translation.override("en"):
        words = passage_words(passage, read_rules(document()))

    assert words == "Not in order, as two officers found: NIB: Habis; Lengkapi"


def test_record_of_an_earlier_version_is_said_as_far_as_it_goes():
    rules = read_rules(document())

    assert passage_words(Passage(code="places_full", parameters={}), rules) == "places_full"
    assert passage_words(Passage(code="of_yore", parameters={}, reason="Kata lama"), rules) == "Kata lama"


@pytest.mark.parametrize(
    ("group", "words"), [("province:33", "Jawa Tengah"), ("women", "usaha yang sebagian besar pekerjanya perempuan")]
)
def test_groups_are_said_by_name(group, words):
    with translation.override("id"):
        assert group_words(group) == words
