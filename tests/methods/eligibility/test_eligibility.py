"""Every rule at its boundaries, and what a missing fact does."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gebyar.methods.eligibility import FACTS, explain, statuses
from gebyar.reference.facilities import Version, facilities, facility

TODAY = date(2026, 11, 24)
BILLION = 1_000_000_000


def version_of(name: str) -> Version:
    found = facility(name).on(TODAY)
    assert found is not None
    return found


def status(name: str, **facts: Any) -> str:
    table = pl.DataFrame({fact: [value] for fact, value in facts.items()})
    return str(statuses({name: version_of(name)}, table)[name][0])


KITE = {"npwp": "x", "kbli_code": "14111", "investment": BILLION, "net_worth": 100_000_000, "sales": 400_000_000}
MACHINE = {"nib": "1", "kbli_code": "25999", "workers": 20, "investment": BILLION}
TKDN = {"nib": "1", "kbli_code": "10710", "workers": 19, "investment": BILLION - 1, "certificates": ""}
HALAL = {"nib": "1", "kbli_code": "10710", "sales": BILLION, "certificates": ""}


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [
        # KITE IKM: sales of a small firm above 300 million, of a medium one up to 50 billion.
        ("kite_ikm", KITE, "could"),
        ("kite_ikm", KITE | {"npwp": None}, "unknown"),
        ("kite_ikm", KITE | {"kbli_code": "47111"}, "not"),
        ("kite_ikm", KITE | {"net_worth": None, "sales": 300_000_001}, "could"),
        ("kite_ikm", KITE | {"net_worth": 1, "sales": 300_000_000}, "not"),
        ("kite_ikm", KITE | {"investment": 15 * BILLION, "net_worth": 1, "sales": 50 * BILLION}, "could"),
        ("kite_ikm", KITE | {"investment": 15 * BILLION, "net_worth": 1, "sales": 50 * BILLION + 1}, "not"),
        ("kite_ikm", KITE | {"investment": 15 * BILLION + 1}, "not"),
        # Machine restructuring: small or medium by Permenperin 64/2016.
        ("machine_restructuring", MACHINE | {"investment": 15 * BILLION}, "could"),
        ("machine_restructuring", MACHINE | {"investment": 15 * BILLION + 1}, "not"),
        ("machine_restructuring", MACHINE | {"workers": 19, "investment": 15 * BILLION + 1}, "could"),
        ("machine_restructuring", MACHINE | {"workers": None}, "unknown"),
        ("machine_restructuring", MACHINE | {"nib": None, "kbli_code": "34000"}, "not"),
        # Local content: small industry without a certificate.
        ("tkdn_ik", TKDN, "could"),
        ("tkdn_ik", TKDN | {"investment": BILLION}, "not"),
        ("tkdn_ik", TKDN | {"workers": 20}, "not"),
        ("tkdn_ik", TKDN | {"certificates": "halal;tkdn"}, "not"),
        # Halal: micro or small by sales, food or drink, none yet.
        ("halal", HALAL, "could"),
        ("halal", HALAL | {"sales": 15 * BILLION}, "could"),
        ("halal", HALAL | {"sales": 15 * BILLION + 1}, "not"),
        ("halal", HALAL | {"kbli_code": "12011"}, "not"),
        ("halal", HALAL | {"kbli_code": "11040"}, "could"),
        ("halal", HALAL | {"kbli_code": None}, "unknown"),
        ("halal", HALAL | {"certificates": "halal"}, "not"),
        # Footwear.
        ("bpipi", {"kbli_code": "15201", "is_active": True}, "could"),
        ("bpipi", {"kbli_code": "15121", "is_active": True}, "not"),
        ("bpipi", {"kbli_code": "15201", "is_active": False}, "not"),
        ("bpipi", {"kbli_code": "15201"}, "unknown"),
        ("sentra", MACHINE, "could"),
        ("ovop", MACHINE | {"kbli_code": "13121"}, "could"),
        ("ovop", MACHINE | {"kbli_code": "25999"}, "not"),
        ("dapati", MACHINE | {"is_active": True}, "could"),
    ],
)
def test_boundaries(name: str, facts: dict[str, Any], expected: str) -> None:
    assert status(name, **facts) == expected


def test_reasons_name_the_missing_facts_and_what_is_asked() -> None:
    answers = explain(version_of("machine_restructuring"), {"kbli_code": "25999", "investment": 16 * BILLION})
    assert [(one.condition.id, one.verdict, one.missing) for one in answers] == [
        ("industri", "met", ()),
        ("nib", "unknown", ("nib",)),
        ("skala", "unknown", ("workers",)),
        ("mesin_baru", "asked", ()),
    ]


def test_the_day_decides_the_version() -> None:
    machines = facility("machine_restructuring")
    found = [machines.on(day) for day in (date(2017, 6, 30), date(2017, 12, 31), date(2018, 1, 1))]
    assert [one and one.version for one in found] == [None, "2017", "2018"]


@pytest.mark.parametrize(
    ("price", "choice", "amount"),
    [
        (100_000_000, "domestic", 30_000_000),
        (100_000_000, "imported", 25_000_000),
        (16_666_666, "domestic", 0),  # 30 % is 4,999,999: below Rp 5 million
        (16_666_667, "domestic", 5_000_000),
        (1_000_000_000, "domestic", 300_000_000),
        (2_000_000_000, "domestic", 300_000_000),
    ],
)
def test_benefit_of_a_new_machine(price: int, choice: str, amount: int) -> None:
    assert version_of("machine_restructuring").benefit.of(price, choice) == amount


# --- for any facts ----------------------------------------------------------------------------------------------

amounts = st.one_of(st.none(), st.integers(0, 60 * BILLION))
FIRMS = st.fixed_dictionaries(
    {
        "nib": st.sampled_from([None, "1"]), "npwp": st.sampled_from([None, "x"]), "region_code": st.none(),
        "address": st.none(), "kbli_code": st.sampled_from([None, "10710", "15201", "25999", "47111"]),
        "is_active": st.sampled_from([None, True, False]), "exports": st.sampled_from([None, True, False]),
        "certificates": st.sampled_from([None, "", "halal", "tkdn;sni"]),
        "workers": st.one_of(st.none(), st.integers(0, 150)), "investment": amounts, "capital": amounts,
        "net_worth": amounts, "sales": amounts, "machines": st.none(), "started_year": st.none(),
    }
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(FIRMS, min_size=1, max_size=4))
def test_table_and_reasons_agree(firms: list[dict[str, Any]]) -> None:
    versions = {one.id: version for one in facilities() if (version := one.on(TODAY))}
    table = statuses(versions, pl.DataFrame(firms, schema=dict(FACTS)))
    for row, facts in enumerate(firms):
        for name, version in versions.items():
            verdicts = {one.verdict for one in explain(version, facts)} - {"asked"}
            expected = "not" if "not_met" in verdicts else "unknown" if "unknown" in verdicts else "could"
            assert table[name][row] == expected


@settings(max_examples=60, deadline=None)
@given(FIRMS, st.sampled_from(["nib", "npwp", "kbli_code", "workers", "investment", "net_worth", "sales"]))
def test_learning_a_fact_never_makes_a_decided_answer_another(facts: dict[str, Any], fact: str) -> None:
    versions = {one.id: version for one in facilities() if (version := one.on(TODAY))}
    without = statuses(versions, pl.DataFrame([facts | {fact: None}], schema=dict(FACTS)))
    whole = statuses(versions, pl.DataFrame([facts], schema=dict(FACTS)))
    for name in versions:
        assert without[name][0] in {"unknown", whole[name][0]}
