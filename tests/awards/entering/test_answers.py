"""Answers, read as their kind asks, and written back as a person types them."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gebyar.awards.answers import Unfit, read_answer
from gebyar.awards.forms_entering import AnswerField
from gebyar.reference.awards.rules import Question


def question(kind, most=None):
    options = (("a", {"id": "A", "en": "A"}), ("b", {"id": "B", "en": "B"}))
    return Question("q", {"id": "T", "en": "Q"}, {}, kind, most=most, options=options if kind == "choice" else ())


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("text", "  Keripik ", "Keripik"), ("text", "", None), ("text", None, None), ("long", "a\r\nb", "a\nb"),
        ("number", "1.250,5", 1250.5), ("number", "40", 40), ("number", 12.5, 12.5), ("number", "0", 0),
        ("money", "Rp 1.250.000,-", 1_250_000), ("money", "2 juta", 2_000_000), ("money", 5000, 5000),
        ("date", "2026-11-12", "2026-11-12"), ("choice", "b", "b"),
        ("yes_no", "false", False), ("yes_no", True, True),
        ("url", "contoh.id/a", "https://contoh.id/a"), ("url", "http://contoh.id", "http://contoh.id"),
    ],
)  # fmt: skip
def test_answer_is_kept_as_its_kind_asks(kind, said, kept):
    with translation.override("id"):
        assert read_answer(question(kind), said) == kept


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("text", "x" * 201), ("long", "x" * 5001), ("text", "a\x00b"), ("number", "banyak"), ("number", "-3"),
        ("money", "seribu"), ("date", "12 Nov"), ("date", "2026-13-01"), ("choice", "c"), ("yes_no", "mungkin"),
        ("url", "javascript:alert(1)"), ("url", "data:text/html,x"), ("url", "a b.id"), ("url", "https://[x"), ("url", "id"),
    ],
)  # fmt: skip
def test_answer_that_cannot_be_taken_is_told_why(kind, said):
    with translation.override("id"), pytest.raises(Unfit) as told:
        read_answer(question(kind), said)

    assert str(told.value)


def test_bound_of_the_question_holds():
    assert read_answer(question("number", most=100), "100") == 100
    with pytest.raises(Unfit):
        read_answer(question("number", most=100), "101")
    with pytest.raises(Unfit):
        read_answer(question("text", most=3), "abcd")


@given(
    st.sampled_from(["id", "en"]),
    st.integers(0, 10**12) | st.floats(0, 10**9, allow_nan=False).map(lambda value: round(value, 4)),
)
def test_number_that_is_shown_is_read_back_as_the_same(language, value):
    field = AnswerField(question("number"))
    with translation.override(language):
        assert field.clean(field.prepare_value(value)) == pytest.approx(value, abs=1e-9)


@given(st.sampled_from(["id", "en"]), st.integers(0, 10**12))
def test_rupiah_that_is_shown_is_read_back_as_the_same(language, value):
    field = AnswerField(question("money"))
    with translation.override(language):
        assert field.clean(field.prepare_value(value)) == value
