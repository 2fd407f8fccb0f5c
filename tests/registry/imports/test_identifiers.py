import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lokal import parse_phone

from gebyar.registry.imports import identifiers as read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9120012345678", ("9120012345678", None)),
        ("'0220012345678", ("0220012345678", None)),
        ("NIB 9120 0123 45678", ("9120012345678", None)),
        ("9,12E+12", (None, "nib_scientific")),
        ("9.12001E+12", (None, "nib_scientific")),
        ("1111111111111", (None, "nib_filler")),
        ("1234567890123", (None, "nib_filler")),
        ("9876543210987", (None, "nib_filler")),
        ("220012345678", (None, "nib_zero_lost")),
        ("503/123/IUI/2015", (None, "nib_form")),
        ("dalam proses", (None, "nib_form")),
    ],
)
def test_nib_has_13_digits_that_are_no_filler(text, expected):
    assert read.parse_nib(text)[:2] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01.234.567.8-901.000", ("0012345678901000", None)),
        ("0012345678901000", ("0012345678901000", None)),
        ("00.000.000.0-000.000", (None, "npwp_form")),
        ("1234", (None, "npwp_form")),
        ("1,23E+14", (None, "npwp_scientific")),
    ],
)
def test_npwp_of_either_length_becomes_16_digits(text, expected):
    assert read.parse_tax_number(text)[:2] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3402154505800001", ("3402154505800001", None)),
        ("'3402154505800001", ("3402154505800001", None)),
        ("3402159905800001", (None, "nik_form")),
        ("34021545058", (None, "nik_form")),
        ("3,40215E+15", (None, "nik_scientific")),
    ],
)
def test_nik_must_be_possible(text, expected):
    assert read.parse_person_number(text, 2026)[:2] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0812-3456-7890", ("+6281234567890", None)),
        ("+62 812 3456 7890", ("+6281234567890", None)),
        ("81234567890", ("+6281234567890", None)),
        ("(0274) 555123", ("+62274555123", None)),
        ("HP. 081234567890", ("+6281234567890", None)),
        ("081234567890 / 0274555123", ("+6281234567890", "phone_several")),
        ("- / 081234567890", ("+6281234567890", None)),
        ("123", (None, "phone_form")),
        ("8,12E+10", (None, "phone_scientific")),
    ],
)
def test_a_telephone_number_becomes_e164(text, expected):
    assert read.parse_telephone(text)[:2] == expected


@given(st.from_regex(r"(\+62|62|0)?8[0-9 .-]{6,14}", fullmatch=True))
def test_the_telephone_shortcut_agrees_with_lokal(text):
    quick = pl.select(read.quick_telephone(pl.lit(text))).item()
    if quick is not None:
        assert quick == parse_phone(text).e164 == read.parse_telephone(text).value


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        ("10794", 2020, ("10794", None)),
        ("KBLI 10794", 2020, ("10794", None)),
        ("KBLI 2020: 10794", 2020, ("10794", None)),
        ("10.794", 2020, ("10794", None)),
        ("C10794 - Industri Kerupuk", 2020, ("10794", None)),
        ("10794; 10710", 2020, ("10794", "kbli_several")),
        ("1079", 2020, (None, "kbli_short")),
        ("10", 2020, (None, "kbli_short")),
        ("1463", 2020, ("01463", "kbli_zero_added")),
        ("47111", 2020, ("47111", "kbli_not_manufacturing")),
        ("10994", 2020, (None, "kbli_no_such_group")),
        ("10994", 2025, ("10994", None)),
        ("kerupuk", 2020, (None, "kbli_form")),
    ],
)
def test_kbli_has_five_digits_of_its_edition(text, version, expected):
    assert read.parse_kbli(text, version)[:2] == expected


@given(st.integers(0, 99999), st.sampled_from([2015, 2020, 2025]))
def test_the_kbli_shortcut_agrees_with_the_full_reader(number, version):
    text = f"{number:05d}"
    quick = pl.select(read.quick_kbli(pl.lit(text), version)).item()
    if quick is not None:
        assert read.parse_kbli(text, version) == (quick, None, {}, "")


@given(st.integers(0, 10**13 - 1))
def test_the_nib_shortcut_agrees_with_the_full_reader(number):
    text = f"{number:013d}"
    assert pl.select(read.quick_nib(pl.lit(text))).item() == read.parse_nib(text).value


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("-7.8013", -7.8013),
        ("-7,8013", -7.8013),
        ("7.8013 LS", -7.8013),
        ("110.36 BT", 110.36),
        ("7°48'05\" LS", -(7 + 48 / 60 + 5 / 3600)),
        ("110° 21' 53.5\" E", 110 + 21 / 60 + 53.5 / 3600),
    ],
)
def test_a_coordinate_is_read_in_either_notation(text, degrees):
    assert read.parse_coordinate(text).value == pytest.approx(degrees)


@pytest.mark.parametrize("text", ["lihat peta", "7°75'", "-7.8.1"])
def test_what_is_no_coordinate_is_refused(text):
    assert read.parse_coordinate(text)[:2] == (None, "coordinate_form")


@pytest.mark.parametrize(
    ("text", "expected"), [("55188", "55188"), (" 55 188", "55188"), ("5518", None), ("00000", None)]
)
def test_a_postal_code_has_five_digits(text, expected):
    assert read.parse_postal_code(text).value == expected
