"""What readers see of numbers, money, dates and times, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gebyar.web.templatetags import formatting as f
from gebyar.web.templatetags.addresses import address_with

OPENING = datetime(2024, 11, 14, 3, 0, tzinfo=UTC)


def in_both(write, *values):
    written = []
    for language in ("id", "en"):
        with translation.override(language):
            written.append(write(*values).replace("\u00a0", " "))
    return tuple(written)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1234567,), ("1.234.567", "1,234,567")),
        ((1234567.8,), ("1.234.567,8", "1,234,567.8")),
        ((1234567.891,), ("1.234.567,89", "1,234,567.89")),
        ((2.5, 0), ("3", "3")),
        ((-2.5, 0), ("-3", "-3")),
        ((0.125, 2), ("0,13", "0.13")),
        ((7, 2), ("7,00", "7.00")),
        ((0,), ("0", "0")),
        ((Decimal("99.995"), 2), ("100,00", "100.00")),
        (("12.5",), ("12,5", "12.5")),
        ((None,), ("–", "–")),
        (("",), ("–", "–")),
        ((float("nan"),), ("–", "–")),
    ],
)
def test_number_follows_the_language(values, expected):
    assert in_both(f.number, *values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((12_400_000,), ("Rp 12,4 juta", "Rp 12.4 million")),
        ((15_000_000,), ("Rp 15 juta", "Rp 15 million")),
        ((950_000,), ("Rp 950.000", "Rp 950,000")),
        ((999_949_999,), ("Rp 999,9 juta", "Rp 999.9 million")),
        ((999_960_000,), ("Rp 1 miliar", "Rp 1 billion")),
        ((224_800_000_000,), ("Rp 224,8 miliar", "Rp 224.8 billion")),
        ((1_180_000_000_000,), ("Rp 1,2 triliun", "Rp 1.2 trillion")),
        ((-2_500_000,), ("-Rp 2,5 juta", "-Rp 2.5 million")),
        ((12_400_000, "full"), ("Rp 12.400.000", "Rp 12,400,000")),
        ((0,), ("Rp 0", "Rp 0")),
        ((None,), ("–", "–")),
    ],
)
def test_rupiah_takes_the_largest_word_that_fits(values, expected):
    assert in_both(f.rupiah, *values) == expected


@given(st.integers(min_value=0, max_value=10**16))
def test_rupiah_in_full_reads_back_to_the_same_amount(amount):
    with translation.override("id"):
        assert int(f.rupiah(amount, "full").removeprefix("Rp\u00a0").replace(".", "")) == amount


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.2097,), ("20,97 %", "20.97%")),
        ((0.9977, 1), ("99,8 %", "99.8%")),
        ((1, 0), ("100 %", "100%")),
        ((None,), ("–", "–")),
    ],
)
def test_percent_takes_a_share(values, expected):
    assert in_both(f.percent, *values) == expected


def test_values_do_not_break_over_lines():
    with translation.override("id"):
        assert " " not in f.rupiah(12_400_000) + f.percent(0.5)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((date(2024, 11, 14),), ("Kamis, 14 November 2024", "Thursday, 14 November 2024")),
        ((date(2024, 10, 1), "long"), ("1 Oktober 2024", "1 October 2024")),
        ((date(2024, 8, 17), "short"), ("17 Agu 2024", "17 Aug 2024")),
        ((datetime(2024, 11, 13, 18, 0, tzinfo=UTC), "long"), ("14 November 2024", "14 November 2024")),
        ((None,), ("–", "–")),
    ],
)
def test_day_is_written_in_words(values, expected):
    assert in_both(f.day, *values) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("", ("Kamis, 14 November 2024, 10.00 WIB", "Thursday, 14 November 2024, 10:00 WIB")),
        ("WITA", ("Kamis, 14 November 2024, 11.00 WITA", "Thursday, 14 November 2024, 11:00 WITA")),
        ("Asia/Jayapura", ("Kamis, 14 November 2024, 12.00 WIT", "Thursday, 14 November 2024, 12:00 WIT")),
        ("Asia/Pontianak", ("Kamis, 14 November 2024, 10.00 WIB", "Thursday, 14 November 2024, 10:00 WIB")),
    ],
)
def test_moment_names_its_zone(zone, expected):
    assert in_both(f.moment, OPENING, zone) == expected


def test_moment_over_midnight_takes_the_day_of_the_zone():
    late = datetime(2024, 11, 13, 16, 30, tzinfo=UTC)
    assert in_both(f.moment, late, "WIT")[0] == "Kamis, 14 November 2024, 01.30 WIT"


def test_moment_and_clock_without_a_value_are_unknown():
    assert (f.moment(None), f.clock(None)) == ("–", "–")


def test_hours_share_one_zone():
    end = OPENING.replace(minute=20)
    assert in_both(f.hours, OPENING, end, "WIB") == ("10.00–10.20 WIB", "10:00–10:20 WIB")


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (873, ("873", "873")),
        (1000, ("1.000", "1,000")),
        (1001, ("lebih dari 1.000", "more than 1,000")),
        (None, ("lebih dari 1.000", "more than 1,000")),
    ],
)
def test_capped_count_says_that_it_stopped(count, expected):
    assert in_both(f.capped, count) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Q3 2024", "Q3 2024"),
        (date(2024, 10, 1), "1 Oktober 2024"),
        (OPENING, "Kamis, 14 November 2024, 10.00 WIB"),
        (None, ""),
    ],
)
def test_date_words_takes_dates_and_words(value, expected):
    assert in_both(f.date_words, value)[0] == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("page", 4, "?q=batik+tulis&region=33&page=4"),
        ("region", "35", "?q=batik+tulis&region=35"),
        ("region", None, "?q=batik+tulis"),
    ],
)
def test_address_keeps_the_other_parameters(name, value, expected):
    request = RequestFactory().get("/firms/", {"q": "batik tulis", "region": "33", "page": "3"})
    assert address_with({"request": request}, name, value) == expected
