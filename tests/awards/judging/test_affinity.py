"""How well a judge knows what an entry is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gebyar.awards.affinity import ANYBODY, Subject, affinity

KERIPIK = Subject(("10794",), "Keripik Tempe pedas, tempe kering")


@pytest.mark.parametrize(
    ("expertise", "expected"),
    [
        ([], 0.1),
        (["13"], 0.1),
        (["1"], 0.1),
        (["10"], 0.64),
        (["107"], 0.775),
        (["1079"], 0.91),
        (["10794"], 1.0),
        (["107941"], 1.0),
        (["keripik"], 0.82),
        (["keripik singkong"], 0.46),
        (["MAKANAN"], 0.82),  # stands in the name of the division
        (["batik tulis", "107", "sambal"], 0.775),  # the best counts
        (["--", "12 34", "di"], 0.1),
    ],
)
def test_affinity_by_code_and_by_words(expertise, expected):
    assert affinity(expertise, KERIPIK) == pytest.approx(expected)


def test_category_stands_in_where_no_firm_enters():
    assert affinity(["14111"], Subject(("14", "15"), "Busana")) == pytest.approx(0.64)


PIECES = st.lists(st.one_of(st.text(max_size=12), st.from_regex(r"[0-9]{1,6}", fullmatch=True)), max_size=6)


@given(PIECES, PIECES, st.from_regex(r"[0-9]{5}", fullmatch=True), st.text(max_size=40))
def test_affinity_stays_in_its_range_and_more_expertise_never_lowers_it(one, more, code, text):
    subject = Subject((code,), text)
    alone, together = affinity(one, subject), affinity([*more, *one], subject)
    assert ANYBODY <= alone <= together <= 1
    assert affinity(list(reversed(one)), subject) == alone
