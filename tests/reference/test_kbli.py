from __future__ import annotations

import pytest

from gebyar.reference import kbli
from gebyar.reference.synthetic import lines


def test_section_c_has_24_divisions_each_with_named_groups():
    divisions = kbli.divisions()
    assert [division.code for division in divisions] == [str(code) for code in range(10, 34)]
    assert len(kbli.groups()) == 71
    for division in divisions:
        assert kbli.groups(division.code), division
    assert all(item.id and item.en for item in (*divisions, *kbli.groups()))


def test_category_is_the_narrowest_known_one():
    assert kbli.category("10710").en == "Other food products"
    assert kbli.category("109").code == "10"
    assert kbli.category("47111") is None
    assert kbli.frame().height == 24 + 71


@pytest.mark.parametrize(
    ("code", "version", "words"),
    [
        ("1071", 2020, "five digits"),
        ("1071a", 2020, "five digits"),
        ("10710", 2015, "KBLI 2015 is not known here"),
        ("10910", 2020, "no group 109"),
    ],
)
def test_fault_says_what_is_wrong(code, version, words):
    assert words in kbli.fault(code, version)


@pytest.mark.parametrize(("code", "version"), [("10710", 2020), ("01111", 2020), ("10910", 2025), ("47111", 2020)])
def test_codes_of_the_right_form_have_no_fault(code, version):
    assert kbli.fault(code, version) is None


def test_lines_of_the_synthetic_register_lie_in_known_groups():
    assert [line.code for line in lines() if kbli.fault(line.code, 2020) or not kbli.is_manufacturing(line.code)] == []
