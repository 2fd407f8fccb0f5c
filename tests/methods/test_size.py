from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gebyar.methods.size import FACTS, InvalidFact, UnreadableTable, answers, classify, classify_csv, sql
from gebyar.reference.size_rules import size_rules

if TYPE_CHECKING:
    import random

BILLION = 1_000_000_000
MILLION = 1_000_000
RULES = {rule.id: rule for rule in size_rules()}

BOUNDS = [
    0, 1, 4, 5, 19, 20, 99, 100, 50 * MILLION, 300 * MILLION, 500 * MILLION, BILLION, 2 * BILLION, 2_500 * MILLION,
    5 * BILLION, 10 * BILLION, 15 * BILLION, 50 * BILLION,
]  # fmt: skip
amounts = st.one_of(
    st.sampled_from(sorted({max(bound + step, 0) for bound in BOUNDS for step in (-1, 0, 1)})),
    st.integers(0, 60 * BILLION),
)
firms = st.fixed_dictionaries({fact: st.one_of(st.none(), amounts) for fact in FACTS})


def table(rows: list[dict]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(FACTS, pl.Int64))


def class_of(rule: str, **facts: int | None) -> str:
    return classify(pl.DataFrame({name: [value] for name, value in facts.items()}))[rule].item()


# --- every bound of every rule ---


@pytest.mark.parametrize(
    ("workers", "investment", "expected"),
    [
        (0, 0, "small"),
        (19, BILLION - 1, "small"),
        (19, BILLION, "medium"),
        (1, 900 * BILLION, "medium"),
        (20, 0, "medium"),
        (20, BILLION - 1, "medium"),
        (20, 15 * BILLION, "medium"),
        (20, 15 * BILLION + 1, "large"),
        (19, 15 * BILLION + 1, "medium"),
        (5000, 15 * BILLION, "medium"),
    ],
)
def test_permenperin_at_its_bounds(workers, investment, expected):
    assert class_of("permenperin_64_2016", workers=workers, investment=investment) == expected


@pytest.mark.parametrize(
    ("rule", "fact", "bounds"),
    [
        ("pp_7_2021_capital", "capital", [BILLION, 5 * BILLION, 10 * BILLION]),
        ("pp_7_2021_sales", "sales", [2 * BILLION, 15 * BILLION, 50 * BILLION]),
        ("bps_workers", "workers", [4, 19, 99]),
    ],
)
def test_rules_of_one_fact_at_their_bounds(rule, fact, bounds):
    values = [step for bound in bounds for step in (bound, bound + 1)]
    found = classify(pl.DataFrame({fact: values}))[rule].to_list()
    assert found == ["micro", "small", "small", "medium", "medium", "large"]


@pytest.mark.parametrize(
    ("investment", "net_worth", "sales", "expected"),
    [
        (BILLION, 50 * MILLION + 1, None, "small"),
        (BILLION, 500 * MILLION, 0, "small"),
        (BILLION, None, 300 * MILLION + 1, "small"),
        (BILLION, 0, 2_500 * MILLION, "small"),
        (BILLION, 50 * MILLION, 300 * MILLION, "outside"),
        (BILLION, 500 * MILLION + 1, 2_500 * MILLION + 1, "outside"),
        (BILLION + 1, 500 * MILLION, 2_500 * MILLION, "outside"),
        (BILLION + 1, 500 * MILLION + 1, None, "medium"),
        (15 * BILLION, 10 * BILLION, 0, "medium"),
        (15 * BILLION, None, 50 * BILLION, "medium"),
        (15 * BILLION, 10 * BILLION + 1, 50 * BILLION + 1, "outside"),
        (15 * BILLION + 1, 10 * BILLION, 50 * BILLION, "outside"),
        (BILLION, None, 0, "unknown: net_worth"),
        (BILLION, 0, None, "unknown: sales"),
        (BILLION, None, None, "unknown: net_worth, sales"),
        (None, 100 * MILLION, 0, "unknown: investment"),
        (None, None, None, "unknown: investment, net_worth, sales"),
    ],
)
def test_kite_needs_one_of_two_alternatives(investment, net_worth, sales, expected):
    assert class_of("kite_ikm", investment=investment, net_worth=net_worth, sales=sales) == expected


def test_missing_facts_are_named_and_missing_columns_are_missing_facts():
    found = classify(pl.DataFrame({"workers": [5, None], "name": ["a", "b"]}))
    assert found.rows() == [
        (
            "unknown: investment",
            "unknown: capital",
            "unknown: sales",
            "small",
            "unknown: investment, net_worth, sales",
        ),
        (
            "unknown: workers, investment",
            "unknown: capital",
            "unknown: sales",
            "unknown: workers",
            "unknown: investment, net_worth, sales",
        ),
    ]


def test_table_without_any_fact_has_an_answer_for_each_row():
    assert classify(pl.DataFrame({"name": ["a", "b"]}))["bps_workers"].to_list() == ["unknown: workers"] * 2


def test_classify_takes_lazy_frames_and_chosen_rules():
    lazy = pl.DataFrame({"workers": [4, 5]}).lazy()
    assert classify(lazy, [RULES["bps_workers"]]).to_dict(as_series=False) == {"bps_workers": ["micro", "small"]}


# --- properties ---


@given(amounts, amounts)
def test_permenperin_branches_cover_the_plane_exactly_once(workers, investment):
    branches = [branch for size_class in RULES["permenperin_64_2016"].classes for branch in size_class.branches]
    facts = {"workers": workers, "investment": investment}
    holding = [
        branch
        for branch in branches
        if all(
            (low is None or facts[f] >= low) and (high is None or facts[f] <= high) for f, (low, high) in branch.items()
        )
    ]
    assert len(holding) == 1


@settings(max_examples=200)
@given(st.lists(firms, min_size=1, max_size=40))
def test_answers_are_known_words_and_unknown_means_a_missing_fact(rows):
    found = classify(table(rows))
    for rule in size_rules():
        for row, answer in zip(rows, found[rule.id], strict=True):
            assert answer in answers(rule)
            missing = [fact for fact in rule.facts if row[fact] is None]
            if answer.startswith("unknown: "):
                assert answer == f"unknown: {', '.join(missing)}"
            elif rule.id != "kite_ikm":
                assert missing == []


@settings(max_examples=200)
@given(firms, st.sampled_from(FACTS), st.integers(1, 20 * BILLION))
def test_more_of_a_fact_never_makes_a_firm_smaller(firm, fact, more):
    full = {name: value or 0 for name, value in firm.items()}
    found = classify(table([full, full | {fact: full[fact] + more}]))
    for rule in size_rules():
        if rule.id != "kite_ikm":  # the customs rule has lower bounds, too
            before, after = (rule.class_names.index(answer) for answer in found[rule.id])
            assert before <= after


@settings(max_examples=50)
@given(st.lists(firms, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows, chance: random.Random):
    order = list(range(len(rows)))
    chance.shuffle(order)
    shuffled = classify(table([rows[index] for index in order]))
    assert shuffled.equals(classify(table(rows))[order])


@settings(max_examples=60, deadline=None)
@given(st.lists(firms, min_size=1, max_size=200))
def test_sql_gives_the_same_answers(rows):
    facts = table(rows).with_row_index("row")
    columns = {fact: f"f.{fact}" for fact in FACTS}
    selected = ", ".join(f"{sql(rule, columns)} AS {rule.id}" for rule in size_rules())
    with duckdb.connect() as connection:
        connection.register("facts", facts.to_arrow())
        found = connection.sql(f"SELECT {selected} FROM facts f ORDER BY row").pl()
    assert found.equals(classify(facts).cast(pl.String))


# --- values that are no facts ---


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            ["19", " 20 ", "20.0", "", None],
            ["small", "medium", "medium", "unknown: workers", "unknown: workers"],
        ),
        ([19.0, 20.0, None, 4.0, 0.0], ["small", "medium", "unknown: workers", "micro", "micro"]),
    ],
)
def test_whole_numbers_are_read_from_text_and_floats(values, expected):
    assert classify(pl.DataFrame({"workers": values}))["bps_workers"].to_list() == expected


@pytest.mark.parametrize("bad", ["-1", "12 orang", "Rp 5", "1.5", "1,5", "1e9", "nan", "99999999999999999999"])
def test_text_that_is_no_whole_number_is_refused_with_row_column_and_remedy(bad):
    with pytest.raises(InvalidFact) as refused:
        classify(pl.DataFrame({"workers": ["3", bad]}))
    words = str(refused.value)
    assert words.startswith(f"Row 2, workers: {bad!r} is not a usable number.")
    assert "leave it empty if it is not known" in words


@pytest.mark.parametrize("bad", [-1, -0.5, 0.5, float("nan"), 2.0**60])
@pytest.mark.parametrize("fact", FACTS)
def test_number_that_is_no_fact_is_refused(fact, bad):
    with pytest.raises(InvalidFact, match=f"Row 3, {fact}: "):
        classify(pl.DataFrame({fact: [1, None, bad]}, strict=False))


# --- files ---


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_classify_csv_keeps_all_columns_in_order_and_appends_one_per_rule(tmp_path):
    source, target = tmp_path / "firms.csv", tmp_path / "classes.csv"
    source.write_text(
        "id,name,workers,note,investment,capital,sales,net_worth\n"
        '007,"Tenun, ""Ikat""",19,"a\nb",999999999.0,1000000000,2000000001,500000000\n'
        "008,Mebel,,,,,,\n",
        encoding="utf-8",
    )
    counts = classify_csv(source, target)
    assert read(target) == [
        ["id", "name", "workers", "note", "investment", "capital", "sales", "net_worth", *RULES],
        [
            "007",
            'Tenun, "Ikat"',
            "19",
            "a\nb",
            "999999999.0",
            "1000000000",
            "2000000001",
            "500000000",
            "small",
            "micro",
            "small",
            "small",
            "small",
        ],
        [
            "008",
            "Mebel",
            "",
            "",
            "",
            "",
            "",
            "",
            "unknown: workers, investment",
            "unknown: capital",
            "unknown: sales",
            "unknown: workers",
            "unknown: investment, net_worth, sales",
        ],
    ]
    assert counts["bps_workers"] == {"small": 1, "unknown: workers": 1}


@pytest.mark.parametrize("separator", [";", "\t"])
def test_classify_csv_keeps_the_separator_and_finds_columns_in_any_case(tmp_path, separator):
    source, target = tmp_path / "firms.csv", tmp_path / "classes.csv"
    source.write_text(f"\ufeffnama{separator}Workers\nA{separator}100\n", encoding="utf-8")
    classify_csv(source, target)
    header, row = target.read_text(encoding="utf-8").splitlines()
    assert header.split(separator)[:3] == ["nama", "Workers", "permenperin_64_2016"]
    assert row.split(separator)[:2] == ["A", "100"]
    assert row.split(separator)[5] == "large"


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", UnreadableTable, "is empty"),
        (b"name,size\na,b\n", UnreadableTable, "has none of the columns workers, investment, capital, sales"),
        (b"workers,workers\n1,2\n", UnreadableTable, "'workers' twice"),
        (b"workers,kite_ikm\n1,2\n", UnreadableTable, "already has a column 'kite_ikm'"),
        (b"workers,name\n1,a\n2,b,c\n", UnreadableTable, "row 3: 3 fields where the header has 2"),
        (b"workers,name\n1,caf\xe9\n", UnreadableTable, "not written in UTF-8"),
        (b"workers,name\n1,a\n-2,b\n", InvalidFact, "Row 3, workers: '-2'"),
        (b"workers,sales\n1,5\n2,Rp 5\n", InvalidFact, "Row 3, sales: 'Rp 5'"),
    ],
)
def test_classify_csv_refuses_in_words_and_leaves_the_old_file(tmp_path, content, error, words):
    source, target = tmp_path / "firms.csv", tmp_path / "classes.csv"
    source.write_bytes(content)
    target.write_text("old", encoding="utf-8")
    with pytest.raises(error, match=words):
        classify_csv(source, target)
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["classes.csv", "firms.csv"]


def test_classify_csv_names_a_missing_file_and_folder(tmp_path):
    with pytest.raises(UnreadableTable, match="There is no file"):
        classify_csv(tmp_path / "none.csv", tmp_path / "classes.csv")
    source = tmp_path / "firms.csv"
    source.write_text("workers\n1\n", encoding="utf-8")
    with pytest.raises(UnreadableTable, match="There is no folder"):
        classify_csv(source, tmp_path / "nowhere" / "classes.csv")


def test_classify_csv_may_write_over_its_own_input(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("workers\n1\n", encoding="utf-8")
    classify_csv(path, path)
    assert read(path)[1][0] == "1"
    assert read(path)[0] == ["workers", *RULES]
