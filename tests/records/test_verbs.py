"""Every verb that a service writes into the audit trail has words, in both languages."""

import ast
from pathlib import Path

from django.utils import translation

import gebyar
from gebyar.records.verbs import APPS, VERBS, verb_choices, verb_words

SOURCE = Path(gebyar.__file__).parent


def written_verbs():
    """Texts given as `verb=…`, or assigned to the name `verb`, wherever they stand in the expression."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_argument = isinstance(node, ast.keyword) and node.arg == "verb"
            is_name = isinstance(node, ast.Assign) and any(getattr(name, "id", "") == "verb" for name in node.targets)
            if is_argument or is_name:
                yield from texts(node.value)


def texts(expression):
    found = (node.value for node in ast.walk(expression) if isinstance(node, ast.Constant))
    return [text for text in found if isinstance(text, str) and "." in text and not text.endswith(".")]


def test_every_verb_of_the_source_has_words_and_no_other_has():
    written = set(written_verbs())
    assert "registry.reject_correction" in written
    assert (sorted(written - set(VERBS)), sorted(set(VERBS) - written)) == ([], [])
    assert {verb.partition(".")[0] for verb in VERBS} == set(APPS)


def test_every_verb_has_words_of_its_own_in_both_languages():
    words = {}
    for language in ("id", "en"):
        with translation.override(language):
            words[language] = [verb_words(verb) for verb in VERBS]
        assert len(set(words[language])) == len(VERBS)
    assert [pair for pair in zip(words["id"], words["en"], strict=True) if pair[0] == pair[1]] == []


def test_a_verb_of_an_earlier_version_stays_as_it_is():
    assert verb_words("registry.forgotten") == "registry.forgotten"


def test_choices_hold_every_verb_once():
    offered = [value for _name, choices in verb_choices()[1:] for value, _words in choices]
    assert sorted(offered) == sorted([*VERBS, *(f"{app}." for app in APPS)])
