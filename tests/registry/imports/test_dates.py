import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gebyar.registry.imports.dates import parse_date, parse_year

MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("3 Maret 2021", (2021, 3, 3)),
        ("03/04/2021", (2021, 4, 3)),
        ("04/13/2021", (2021, 4, 13)),
        ("17-Agt-21", (2021, 8, 17)),
        ("Jumat, 3 Nopember 2023", (2023, 11, 3)),
        ("March 3, 2021", (2021, 3, 3)),
        ("44258", (2021, 3, 3)),
        ("2021-03-03 00:00:00", (2021, 3, 3)),
        ("3.3.1998", (1998, 3, 3)),
    ],
)
def test_a_date_is_read_as_people_write_it(text, date):
    assert parse_date(text) == (dt.date(*date), None, {}, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2020", "date_impossible"),
        ("2021", "date_incomplete"),
        ("Maret 2021", "date_incomplete"),
        ("03/2021", "date_incomplete"),
        ("3 Foo 2021", "not_a_date"),
        ("sudah", "not_a_date"),
    ],
)
def test_what_is_no_date_says_why(text, reason):
    cell = parse_date(text)
    assert (cell.value, cell.reason) == (None, reason)


@given(st.dates(dt.date(1955, 1, 1), dt.date(2063, 12, 31)))
def test_every_day_comes_back_from_words_digits_and_serials(day):
    serial = (day - dt.date(1899, 12, 30)).days
    spellings = (
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day:%d/%m/%Y}",
        day.isoformat(),
        str(serial),
    )
    assert {parse_date(text).value for text in spellings} == {day}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021", (2021, None)),
        ("Th. 1998", (1998, None)),
        ("sejak 3 Mei 2005", (2005, None)),
        ("44258", (2021, None)),
        ("2019/2020", (None, "not_a_year")),
        ("lama", (None, "not_a_year")),
        ("2031", (None, "year_in_future")),
    ],
)
def test_a_year_is_found_or_refused(text, expected):
    assert parse_year(text, 2026)[:2] == expected
