from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gebyar.methods.claims import Deviation, Figure, NotANumber, check_claim, read_figure


@pytest.mark.parametrize(
    ("said", "value", "verdict", "last_digits"),
    [
        ("20.9", "20.97", "truncated", -1),
        ("21.0", "20.97", "rounded", 0),
        ("21", "20.97", "rounded", 0),
        ("20,97 %", "20.97", "exact", 0),
        ("99.7", "99.77", "truncated", -1),
        ("99,8 persen", "99,77", "rounded", 0),
        ("12.37", "12.37", "exact", 0),
        ("12,37 juta", "12.371.049", "rounded", 0),
        ("12.37 million", 12_379_999, "truncated", -1),
        ("70", "68.28", "other", 2),
        ("20.95", "20.97", "other", -2),
        ("0.5", "0.45", "rounded", 0),
        ("0.4", "0.45", "truncated", -1),
        ("-0.5", "-0.45", "rounded", 0),
    ],
)
def test_verdict_and_distance_in_the_last_digit(said, value, verdict, last_digits):
    check = check_claim(said, value)
    assert (check.verdict, check.last_digits) == (verdict, last_digits)


def test_other_figure_that_is_rounded_to_tens_says_so():
    assert check_claim("70", "68.28").coarser_step == 10
    assert check_claim("71", "68.28").coarser_step is None


def test_other_published_values_stand_beside_the_source():
    check = check_claim("4.52", "4.52", ["4.41", Decimal("4.972")])
    assert check.others == (
        Deviation(Decimal("4.41"), Decimal("-0.11"), Decimal("-0.11") / Decimal("4.52") * 100),
        Deviation(Decimal("4.972"), Decimal("0.452"), Decimal(10)),
    )


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("4.522.684 unit", Figure(Decimal(4522684), Decimal(1))),
        ("4,522,684", Figure(Decimal(4522684), Decimal(1))),
        ("Rp 1.250.000,50", Figure(Decimal("1250000.50"), Decimal("0.01"))),
        ("1,250,000.5", Figure(Decimal("1250000.5"), Decimal("0.1"))),
        ("15,6 juta orang", Figure(Decimal(15_600_000), Decimal(100_000))),
        ("sekitar 20,9.", Figure(Decimal("20.9"), Decimal("0.1"))),
        (70, Figure(Decimal(70), Decimal(1))),
    ],
)
def test_figure_is_read_with_its_exactness(text, figure):
    assert read_figure(text) == figure


def test_text_without_a_number_is_refused_in_words():
    with pytest.raises(NotANumber, match="'banyak'"):
        check_claim("banyak", "20.97")


decimals = st.decimals(min_value=-10_000, max_value=10_000, places=4, allow_nan=False)


@given(decimals, st.integers(0, 3))
def test_proper_rounding_is_always_exact_or_rounded(value, places):
    said = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    check = check_claim(said, value)
    assert check.verdict in {"exact", "rounded"}
    assert check.last_digits == 0


@given(decimals, decimals)
def test_verdict_matches_the_distance(said, value):
    check = check_claim(said, value)
    assert (check.verdict == "exact") == (check.difference == 0)
    assert abs(check.rounded - value) <= check.step / 2
    assert abs(check.truncated) <= abs(value)
