from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gebyar.methods.size import classify
from gebyar.methods.synthetic import SyntheticChunk, Totals, calibration_report, plan_register, synthesize
from gebyar.methods.synthetic.draws import Shuffle, apportion, uniform
from gebyar.reference import regions
from gebyar.reference.synthetic import calibration, lines

TABLES = ("firms", "profiles", "contacts", "certificates")


def whole(firms: int, seed: int, chunk: int = 200_000, first_id: int = 1) -> dict[str, pl.DataFrame]:
    chunks = list(synthesize(firms, seed, chunk, first_id))
    return {name: pl.concat([getattr(chunk, name) for chunk in chunks]) for name in TABLES}


@pytest.fixture(scope="module")
def register() -> dict[str, pl.DataFrame]:
    return whole(20_000, 42)


def report_of(firms: int, seed: int) -> pl.DataFrame:
    totals = Totals()
    for chunk in synthesize(firms, seed, chunk=7_000):
        totals.add(chunk.firms, chunk.profiles)
    return calibration_report(totals, plan_register(firms, seed))


# --- chance ---


@given(st.integers(1, 3000), st.integers(0, 2**40))
def test_shuffle_gives_each_number_a_rank_of_its_own(size, seed):
    ranks = Shuffle(size, seed, "test")(np.arange(size))
    assert sorted(ranks.tolist()) == list(range(size))


def test_shuffle_of_a_large_range_has_no_doubles_and_does_not_depend_on_the_batch():
    shuffle = Shuffle(10**11, 3, "nib")
    numbers = np.arange(200_000)
    together = shuffle(numbers)
    assert np.unique(together).size == together.size
    assert np.array_equal(shuffle(numbers[1000:1100]), together[1000:1100])


def test_uniform_draws_fill_the_interval_evenly_and_purposes_are_independent():
    numbers = np.arange(100_000)
    first, second = uniform(numbers, 1, "a"), uniform(numbers, 1, "b")
    assert 0 < first.min() < first.max() < 1
    assert np.histogram(first, bins=10, range=(0, 1))[0] == pytest.approx(np.full(10, 10_000), rel=0.05)
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.02


@given(st.integers(0, 10**6), st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_apportioned_parts_add_up_and_stay_within_one_of_the_exact_share(total, weights):
    parts = apportion(total, np.array(weights))
    assert parts.sum() == total
    if sum(weights) > 0:
        assert np.all(np.abs(parts - np.array(weights) / sum(weights) * total) < 1 + 1e-6)


# --- the register ---


@pytest.mark.parametrize("firms", [5_000, 60_000])
@pytest.mark.parametrize("seed", [0, 2024])
def test_register_reproduces_the_published_totals_at_its_scale(firms, seed):
    report = report_of(firms, seed)
    difference = dict(zip(report["figure"], report["difference_percent"].abs(), strict=True))
    assert difference["IKM share of output"] < 1e-6
    assert difference["IKM share of units"] < 0.02
    assert difference["IKM workers"] < 0.1
    assert difference["workers, medium"] < 0.5
    assert difference["food share of units"] < 0.05
    provinces = report.filter(pl.col("figure").str.starts_with("units in province"))
    assert provinces.height == 38
    assert (provinces["generated"] - provinces["target"]).abs().max() < 1
    assert provinces["generated"].sum() == firms
    assert provinces.filter(pl.col("basis") == "published")["figure"].str.slice(-2).to_list() == [
        "32",
        "33",
        "35",
    ]


def test_published_shares_are_those_of_the_sources():
    given_ = calibration()
    assert given_.provinces["35"] / sum(given_.provinces.values()) == pytest.approx(982_269 / 4_522_684)
    assert float(given_.firms * given_.ikm_share) == pytest.approx(4_520_000)
    assert float(given_.ikm_output / (given_.ikm_output + given_.large_output)) == pytest.approx(0.2097)
    java = sum(firms for code, firms in given_.provinces.items() if code.startswith("3"))
    assert java / sum(given_.provinces.values()) == pytest.approx(0.6311, abs=1e-4)


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 400), st.integers(0, 10**6), st.integers(1, 400))
def test_same_seed_gives_the_same_register_whatever_the_chunk(firms, seed, chunk):
    one, many = whole(firms, seed), whole(firms, seed, chunk)
    for name in TABLES:
        assert many[name].equals(one[name])


def test_another_seed_gives_another_register():
    assert not whole(300, 1)["firms"].equals(whole(300, 2)["firms"])


def test_small_register_has_large_firms_that_carry_most_output(register):
    small = whole(5_000, 3)["profiles"]
    classes = classify(small)["permenperin_64_2016"].cast(pl.String)
    large = small.filter(classes == "large")
    assert large.height == 11
    assert large["production_value"].sum() / small["production_value"].sum() == pytest.approx(0.7903, abs=1e-6)


def test_identities_are_valid_unique_and_marked_synthetic(register):
    firms = register["firms"]
    assert firms["id"].to_list() == list(range(1, 20_001))
    nib = firms["nib"].drop_nulls()
    assert nib.n_unique() == nib.len() > 10_000
    assert nib.str.contains(r"^99[0-9]{11}$").all()
    assert firms["is_synthetic"].all()
    assert firms["region_code"].is_in(regions.frame().filter(pl.col("level") == 4)["code"].implode()).all()
    assert firms["kbli_code"].is_in([line.code for line in lines()]).all()
    assert firms["name"].str.len_chars().is_between(5, 200).all()
    assert firms.select(pl.col("products").list.len().is_between(1, 2).all()).item()
    assert firms.drop("nib", "latitude", "longitude").null_count().sum_horizontal().item() == 0


def test_people_cannot_be_reached_and_every_firm_has_an_owner(register):
    contacts = register["contacts"]
    assert contacts["firm_id"].equals(register["firms"]["id"].alias("firm_id"))
    assert contacts["phone"].str.contains(r"^\+62100[0-9]{8}$").all()
    assert contacts["email"].str.contains(r"^$|@sintetis\.example$").all()


def test_profiles_are_consistent_and_headline_facts_complete(register):
    profiles = register["profiles"]
    assert profiles.select("workers", "investment", "production_value").null_count().sum_horizontal().item() == 0
    split = profiles.drop_nulls("workers_male")
    assert (split["workers_male"] + split["workers_female"]).equals(split["workers"].alias("workers_male"))
    numbers = profiles.select(pl.selectors.numeric())
    assert all((column.drop_nulls() >= 0).all() for column in numbers)
    full = profiles.drop_nulls(["capacity", "installed_capacity", "production_quantity", "raw_material_value"])
    assert (full["installed_capacity"] >= full["capacity"]).all()
    assert (full["capacity"] >= full["production_quantity"]).all()
    assert (full["raw_material_value"] <= full["production_value"]).all()
    assert profiles.filter(pl.col("exports").not_() & (pl.col("export_countries") != "")).is_empty()
    assert profiles.filter(pl.col("exports") & (pl.col("export_countries") == "")).is_empty()


def test_some_facts_are_missing_at_their_rates_independently_of_size(register):
    profiles = register["profiles"]
    assert profiles["net_worth"].is_null().mean() == pytest.approx(0.35, abs=0.02)
    assert profiles["sales"].is_null().mean() == pytest.approx(0.08, abs=0.01)
    half = profiles.sort("production_value").with_row_index("rank").group_by(pl.col("rank") < 10_000)
    rates = half.agg(pl.col("net_worth").is_null().mean())["net_worth"]
    assert abs(rates[0] - rates[1]) < 0.03


def test_certificates_belong_to_firms_that_can_hold_them(register):
    certificates = register["certificates"].join(register["firms"], left_on="firm_id", right_on="id")
    assert set(certificates["kind"].unique()) == {"halal", "pirt", "bpom", "sni", "trademark", "tkdn"}
    food = certificates.filter(pl.col("kind").is_in(["halal", "pirt"]))
    assert food["kbli_code"].str.slice(0, 2).is_in(["10", "11"]).all()
    assert certificates.filter(pl.col("valid_until") < pl.col("issued_on")).is_empty()
    assert certificates.select("firm_id", "kind").is_duplicated().sum() == 0


def test_ids_begin_where_asked():
    part = whole(50, 1, first_id=1_000)
    assert part["firms"]["id"].to_list() == list(range(1_000, 1_050))
    assert part["profiles"]["firm_id"].to_list() == list(range(1_000, 1_050))
    assert set(part["certificates"]["firm_id"]) <= set(range(1_000, 1_050))


@pytest.mark.parametrize("firms", [1, 2, 3, 50, 217])
def test_tiny_registers_are_made_too(firms):
    chunks: list[SyntheticChunk] = list(synthesize(firms, 5))
    assert sum(chunk.firms.height for chunk in chunks) == firms


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 1), "at least one firm"),
        ((5, -1), "seed must be 0 or more"),
        ((5, 1, 0), "chunk holds at least one"),
    ],
)
def test_impossible_register_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        next(synthesize(*arguments))
