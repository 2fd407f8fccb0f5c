import pytest

from gebyar.registry.imports.regions import Fault, dotted, resolve


@pytest.mark.parametrize(
    ("places", "code"),
    [
        (("DI Yogyakarta", "Kab. Bantul", "Sewon", "Panggungharjo", None), "34.02.15.2004"),
        (("Prov. D.I. Yogyakarta", "BANTUL", None, None, None), "34.02"),
        (("DKI Jakarta", "Kota Adm. Jakarta Selatan", None, None, None), "31.74"),
        (("Jabar", "Kota Bandung", None, None, None), "32.73"),
        ((None, "Kab. Bandung", None, None, None), "32.04"),
        (("Papua", "Kab. Merauke", None, None, None), "93.01"),
        (("Papua Barat", "Kota Sorong", None, None, None), "96.71"),
        ((None, "Toba Samosir", None, None, None), "12.12"),
        (("Jawa Tengah", "Kodya Semarang", "Kec. Tembalang", None, None), "33.74.10"),
        ((None, None, None, None, "3402"), "34.02"),
        ((None, None, None, None, "3402152004"), "34.02.15.2004"),
        ((None, None, None, None, "91.01"), "93.01"),
        (("DI Yogyakarta", "Bantul", "Sewon", None, "34.02"), "34.02.15"),
        (("DI Yogyakarta", None, None, None, "34.02.15"), "34.02.15"),
    ],
)
def test_a_place_is_found_without_a_fault(places, code):
    answer = resolve(*places)
    assert (answer.code, answer.faults) == (code, ())


@pytest.mark.parametrize(
    ("places", "default", "code"),
    [
        ((None, None, "Sewon", "Timbulharjo", None), "34.02", "34.02.15.2002"),
        ((None, "Kab. Sleman", None, None, None), "34.02", "34.04"),
        ((None, "Klaten", None, None, None), "34.02", "33.10"),
        ((None, None, None, None, None), "34.02", "34.02"),
    ],
)
def test_the_lists_own_region_fills_what_a_row_leaves_out(places, default, code):
    assert resolve(*places, default=default).code == code


def test_a_name_of_two_regions_gives_both_as_candidates():
    answer = resolve("Jawa Barat", "Bandung", None, None, None)
    candidates = ["Kabupaten Bandung (32.04)", "Kota Bandung (32.73)"]
    assert answer.code == "32"
    assert answer.faults == (Fault("regency", "Bandung", "region_ambiguous", {"candidates": candidates}),)


def test_a_misspelt_name_is_not_guessed_but_answered_with_near_ones():
    answer = resolve("DI Yogyakarta", "Bantl", None, None, None)
    assert answer.code == "34"
    assert answer.faults == (
        Fault("regency", "Bantl", "region_not_found", {"candidates": ["Kabupaten Bantul (34.02)"]}),
    )


def test_names_win_over_a_code_of_another_list():
    answer = resolve("Sumatera Utara", "Kab. Nias", None, None, "1201")
    assert (answer.code, [fault.reason for fault in answer.faults]) == ("12.04", ["region_code_disagrees"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [("3402050", "region_code_bps"), ("99.99", "region_code_unknown"), ("abc", "region_code_form")],
)
def test_a_code_that_is_none_of_kemendagri_is_refused(text, reason):
    answer = resolve(None, None, None, None, text)
    assert (answer.code, [fault.reason for fault in answer.faults]) == (None, [reason])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("34", "34"),
        ("3402", "34.02"),
        ("34.02.15", "34.02.15"),
        ("3402152004", "34.02.15.2004"),
        ("340", None),
    ],
)
def test_codes_get_their_dots(text, code):
    assert dotted(text) == code
