import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gebyar.registry.imports.amounts import UNITS, AmountRule, column_style, parse_amount, quick_amount
from gebyar.registry.imports.fields import Kind

MONEY = AmountRule(Kind.MONEY)
THOUSANDS = AmountRule(Kind.MONEY, multiplier=1000)
COUNT = AmountRule(Kind.COUNT)
NUMBER = AmountRule(Kind.NUMBER)


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("1250000", 1_250_000),
        ("Rp 1.250.000,-", 1_250_000),
        ("Rp.1.250.000,00", 1_250_000),
        ("IDR 1,250,000.50", 1_250_000),
        ("1 250 000", 1_250_000),
        ("1.250.000.-", 1_250_000),
        ("1.250.000,-/tahun", 1_250_000),
        ("1.250", 1250),
        ("1,250", 1250),
        ("1,25 juta", 1_250_000),
        ("25 Juta Rupiah", 25_000_000),
        ("15jt", 15_000_000),
        ("Rp 500 ribu", 500_000),
        ("2.5 M", 2_500_000_000),
        ("2,5 miliar", 2_500_000_000),
        ("1,2 Triliun", 1_200_000_000_000),
        ("±250.000", 250_000),
        ("sekitar 3 juta", 3_000_000),
        ("'750000", 750_000),
        ("= 900.000", 900_000),
        ("0", 0),
    ],
)
def test_money_is_read_as_offices_write_it(text, rupiah):
    assert parse_amount(text, MONEY) == (rupiah, None, {}, "")


@pytest.mark.parametrize(
    ("text", "rule", "reason"),
    [
        ("10-12", COUNT, "number_range"),
        ("3 s/d 5 orang", COUNT, "number_range"),
        ("5 – 6 juta", MONEY, "number_range"),
        ("12,5", COUNT, "not_whole"),
        ("dua orang", COUNT, "not_a_number"),
        ("12 kg", COUNT, "not_a_number"),
        ("Rp", MONEY, "not_a_number"),
        ("1 juta 250 ribu", MONEY, "not_a_number"),
        ("12.34.567", MONEY, "bad_grouping"),
        ("1.250,000,0", MONEY, "bad_grouping"),
        ("Rp 5 juta/bulan", MONEY, "per_shorter_period"),
        ("200 kwh per bulan", AmountRule(Kind.NUMBER, units=UNITS["kWh"]), "per_shorter_period"),
        ("-500", MONEY, "negative"),
        ("(1.000)", MONEY, "negative"),
        ("99999999999999999", MONEY, "too_large"),
        ("20000000", COUNT, "too_large"),
        ("10 x 12", NUMBER, "not_a_number"),
    ],
)
def test_a_doubtful_number_gives_no_value_and_says_why(text, rule, reason):
    cell = parse_amount(text, rule)
    assert (cell.value, cell.reason) == (None, reason)


@pytest.mark.parametrize(
    ("text", "rule", "value", "note"),
    [
        ("1.5E+07", MONEY, 15_000_000, "scientific"),
        ("Rp 1.250,-", THOUSANDS, 1_250_000, "unit_twice"),
        ("1,250", NUMBER, 1.25, "separator_assumed"),
    ],
)
def test_an_odd_number_is_kept_with_a_note(text, rule, value, note):
    cell = parse_amount(text, rule)
    assert (cell.value, cell.reason) == (value, note)


@pytest.mark.parametrize(
    ("text", "rule", "value"),
    [
        ("1.250", THOUSANDS, 1_250_000),
        ("1.250", AmountRule(Kind.MONEY, multiplier=1000, style="en"), 1250),
        ("1,250", AmountRule(Kind.MONEY, multiplier=1_000_000, style="en"), 1_250_000_000),
        ("1,25 juta", THOUSANDS, 1_250_000),
        ("-1.000", AmountRule(Kind.MONEY, may_be_negative=True), -1000),
        ("1.250", AmountRule(Kind.NUMBER, style="en"), 1.25),
        ("0.125", NUMBER, 0.125),
    ],
)
def test_heading_and_column_decide_what_a_number_means(text, rule, value):
    assert parse_amount(text, rule) == (value, None, {}, "")


@pytest.mark.parametrize(
    ("text", "rule", "value", "unit"),
    [
        ("1.000 kg/bln", NUMBER, 1000.0, "kg/bln"),
        ("2,5 ton", NUMBER, 2.5, "ton"),
        ("12 orang", COUNT, 12, ""),
        ("30 m3", AmountRule(Kind.NUMBER, units=UNITS["m³"]), 30.0, ""),
    ],
)
def test_the_unit_in_a_cell_is_told_where_the_field_has_none(text, rule, value, unit):
    assert parse_amount(text, rule) == (value, None, {}, unit)


def indonesian(number):
    return f"{number:,}".replace(",", ".")


@given(st.integers(0, 10**15), st.sampled_from(["{}", "Rp {}", "Rp.{},-", "Rp {},00", "{} rupiah", "± {}"]))
def test_rupiah_written_in_any_style_come_back(number, style):
    assert parse_amount(style.format(indonesian(number)), MONEY).value == number
    assert parse_amount(f"Rp {number:,}.00", MONEY).value == number
    assert parse_amount(str(number), MONEY).value == number


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_decimals_written_in_either_style_come_back(whole, hundredths):
    expected = whole + hundredths / 100
    assert parse_amount(f"{indonesian(whole)},{hundredths:02d}", NUMBER).value == pytest.approx(expected)
    assert parse_amount(f"{whole:,}.{hundredths:02d}", NUMBER).value == pytest.approx(expected)


@given(
    st.text(alphabet="0123456789.,- RpjutaM'()E+", max_size=14),
    st.sampled_from([MONEY, THOUSANDS, COUNT, NUMBER]),
)
def test_the_shortcut_never_contradicts_the_full_reader(text, rule):
    quick = pl.select(quick_amount(pl.lit(text), rule)).item()
    if quick is not None:
        assert parse_amount(text, rule) == (quick, None, {}, "")


@pytest.mark.parametrize(
    ("texts", "style"),
    [
        (["1.250,5", "3"], "id"),
        (["12,5", "1.000"], "id"),
        (["1,250.5"], "en"),
        (["2.5", "7.25"], "en"),
        (["1.250"], None),
    ],
)
def test_the_style_of_a_column_is_told_by_values_without_doubt(texts, style):
    assert column_style(pl.Series(texts)) == style
