"""Published figures against an independent recomputation: plain SQL with the thresholds written by hand."""

import csv
import hashlib
import io
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from django.db import connection
from django.test import Client

from gebyar.methods import size
from gebyar.records.models import AuditEntry
from gebyar.reference.size_rules import size_rules
from gebyar.registry.models import Delivery, Firm, Profile, Source
from gebyar.registry.services.synthesis import fill_with_synthetic_firms
from gebyar.statistics import services
from gebyar.statistics.indicators import MEASURES, SMALL_CLASSES, groups, open_snapshot
from gebyar.statistics.models import Figure, Snapshot
from gebyar.statistics.queries import by_province, chosen_rule, front_page_figures, headline
from gebyar.statistics.services import snapshot_folder, take_snapshot

# The driver of the snapshot has its own connection, so the rows must be committed.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),  # Ibis calls it, not we
]

# domain.md section 3, by hand; "?" is "not known".
CLASS_SQL = {
    "permenperin_64_2016": """CASE WHEN workers IS NULL OR investment IS NULL THEN '?'
        WHEN workers <= 19 AND investment < 1000000000 THEN 'small'
        WHEN workers >= 20 AND investment > 15000000000 THEN 'large' ELSE 'medium' END""",
    "pp_7_2021_capital": """CASE WHEN capital IS NULL THEN '?' WHEN capital <= 1000000000 THEN 'micro'
        WHEN capital <= 5000000000 THEN 'small' WHEN capital <= 10000000000 THEN 'medium' ELSE 'large' END""",
    "pp_7_2021_sales": """CASE WHEN sales IS NULL THEN '?' WHEN sales <= 2000000000 THEN 'micro'
        WHEN sales <= 15000000000 THEN 'small' WHEN sales <= 50000000000 THEN 'medium' ELSE 'large' END""",
    "bps_workers": """CASE WHEN workers IS NULL THEN '?' WHEN workers < 5 THEN 'micro' WHEN workers < 20 THEN 'small'
        WHEN workers < 100 THEN 'medium' ELSE 'large' END""",
}
SUMS = "count(*), coalesce(sum(workers), 0), coalesce(sum(production_value), 0)"
FROM = """(SELECT f.*, p.workers, p.investment, p.capital, p.sales, p.production_value FROM registry_firm f
    LEFT JOIN registry_profile p ON p.firm_id = f.id AND p.is_current WHERE is_active AND kind = 'industry') register"""


def recomputed(rule: str) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return (units, workers, output) by region and class, with "" for the nation and for all classes."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(left(region_code, 2), ''), coalesce({CLASS_SQL[rule]}, ''), {SUMS} FROM {FROM}"
            f" GROUP BY GROUPING SETS ((left(region_code, 2), {CLASS_SQL[rule]}), (left(region_code, 2)),"
            f" ({CLASS_SQL[rule]}), ())"
        )
        return {
            (region, {"?": "unknown"}.get(size_class, size_class)): tuple(int(value) for value in values)
            for region, size_class, *values in cursor.fetchall()
        }


@pytest.fixture
def register():
    """Made-up firms, and some that must not be counted or whose facts are missing."""
    delivery = fill_with_synthetic_firms(actor=None, firms=3000, seed=5, as_of=date(2024, 10, 31)).delivery
    common = {"delivery": delivery, "is_synthetic": True}
    Firm.objects.create(name="Mitra", kind="partner", region_code="33.74", **common)
    Firm.objects.create(name="Tutup", is_active=False, region_code="33.74", **common)
    for _ in range(4):
        Firm.objects.create(name="Tanpa laporan", region_code="33.74.10", **common)
    older = Delivery.objects.create(source=Source.objects.get(), as_of=date(2023, 10, 31), data_year=2023)
    firm = Firm.objects.filter(region_code__startswith="35").first()
    Profile.objects.create(firm=firm, delivery=older, year=2023, as_of=older.as_of, workers=9000)
    return delivery


@pytest.fixture
def snapshot(register) -> Snapshot:
    return take_snapshot(actor=None)


def test_page_api_and_stored_figures_equal_an_independent_query(snapshot):
    for rule in CLASS_SQL:
        expected = recomputed(rule)
        check_stored_figures(snapshot, rule, expected)
        for language in ("id", "en"):
            check_page_and_api(rule, language, expected)


def check_stored_figures(snapshot, rule, expected):
    """Every figure is the recomputed one or protected; nothing is missing."""
    stored = {(f.region_code, f.size_class): _values(f) for f in snapshot.figures.filter(rule=rule)}
    for cell, values in stored.items():
        wanted = expected.get(cell, (0, 0, 0))
        assert all(value is None or value == right for value, right in zip(values, wanted, strict=True)), cell
    assert set(expected) <= set(stored)
    assert stored["", ""] == expected["", ""]
    assert any(value is None for values in stored.values() for value in values)


def check_page_and_api(rule, language, expected):
    """The page in this language and the API show the recomputed totals and shares."""
    client = Client(headers={"cookie": f"django_language={language}"})
    total, small = expected["", ""], [expected["", name] for name in SMALL_CLASSES[rule] if ("", name) in expected]
    unknown = expected.get(("", "unknown"), (0, 0, 0))
    page = client.get(f"/figures/?rule={rule}").content.decode()
    answer = client.get(f"/api/figures/headline?rule={rule}").json()
    mark = "." if language == "id" else ","
    assert f"{total[0]:,}".replace(",", mark) in page
    assert f"{total[1]:,}".replace(",", mark) in page
    assert (answer["total"]["units"], answer["total"]["workers"]) == total[:2]
    assert Decimal(answer["total"]["output"]) == total[2]
    for place, measure in enumerate(MEASURES):
        share = answer["shares"][measure]
        if share is not None:
            part, whole = sum(values[place] for values in small), total[place] - unknown[place]
            assert share == pytest.approx(part / whole, abs=1e-12)
            decimal = "," if language == "id" else "."
            assert f"{100 * part / whole:.2f}".replace(".", decimal).rstrip("0").rstrip(decimal) in page
    for province in answer["provinces"]:
        values = expected[province["code"], ""]
        shown = [province["total"][measure] for measure in MEASURES]
        assert all(s is None or Decimal(s) == v for s, v in zip(shown, values, strict=True))


def test_figures_are_consistent_wherever_they_are_read(snapshot, django_assert_num_queries):
    check_headline(snapshot)
    check_sums(snapshot)
    check_file(snapshot)
    check_recomputation(snapshot)
    check_open_data(snapshot)
    Client().get("/figures/")
    with django_assert_num_queries(1):
        Client().get("/figures/")


def check_headline(snapshot):
    """The ministry's own rule shows its three shares, as calibrated."""
    national = headline(snapshot, chosen_rule(""))
    assert national.shares.units == pytest.approx(0.9977, abs=0.001)
    assert national.shares.output == pytest.approx(0.2097, abs=0.0005)
    front = front_page_figures()
    assert (front.units, front.workers, front.output_share) == (
        national.small.units, national.small.workers, national.shares.output,
    )  # fmt: skip
    assert front.is_synthetic
    assert front.taken_at == snapshot.taken_at


def check_sums(snapshot):
    """Shares and sums are shown only where shown cells give them anyway."""
    for rule in size_rules():
        for table in by_province(snapshot, rule):
            cells = {f.size_class: f for f in snapshot.figures.filter(rule=rule.id, region_code=table.code)}
            for measure in MEASURES:
                if getattr(table.shares, measure) is None:
                    continue
                for chosen in (set(SMALL_CLASSES[rule.id]), set(rule.class_names)):
                    inside = {n for n, f in cells.items() if n and getattr(f, measure) is None and n in chosen}
                    outside = {n for n, f in cells.items() if getattr(f, measure) is None and n not in chosen}
                    assert not inside or not outside


def check_file(snapshot):
    """The file holds the current facts, for us alone, and has the hash that is told."""
    path = snapshot_folder() / snapshot.file
    assert hashlib.sha256(path.read_bytes()).hexdigest() == snapshot.sha256
    assert path.stat().st_mode & 0o077 == 0
    table = pl.read_parquet(path)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SUMS} FROM {FROM}")
        units, workers, output = cursor.fetchone()
    assert (table.height, table["workers"].sum(), table["production_value"].sum()) == (units, workers, int(output))
    assert (snapshot.firms, snapshot.synthetic_firms) == (units, units)
    assert AuditEntry.objects.get(verb="statistics.take_snapshot").after["sha256"] == snapshot.sha256


def check_recomputation(snapshot):
    """The file alone gives the same figures again."""
    table = groups(open_snapshot(str(snapshot_folder() / snapshot.file)), size_rules()).to_polars()
    again = {_key(f): _values(f) for f in services._figures(table, size_rules())}
    assert again == {_key(f): _values(f) for f in Figure.objects.all()}


def _key(figure):
    return figure.rule, figure.region_code, figure.size_class


def _values(figure):
    return tuple(getattr(figure, measure) for measure in MEASURES)


def test_snapshot_that_fails_leaves_no_file_and_no_figures(monkeypatch):
    def fail(*_arguments):
        raise RuntimeError

    monkeypatch.setattr(services, "_store", fail)
    before = set(snapshot_folder().iterdir())
    with pytest.raises(RuntimeError):
        take_snapshot(actor=None)
    assert set(snapshot_folder().iterdir()) == before
    assert not Snapshot.objects.exists()


def test_snapshot_removes_what_a_killed_run_left():
    left = snapshot_folder() / "firms-20240101-000000-000000.part"
    left.write_bytes(b"half")
    take_snapshot(actor=None)
    assert not left.exists()


def test_snapshot_of_an_empty_register_publishes_nothing():
    snapshot = take_snapshot(actor=None)
    assert (snapshot.firms, snapshot.figures.count()) == (0, 0)
    page = Client().get("/figures/")
    assert page.status_code == 200
    assert Client().get("/api/figures/headline").status_code == 200


def test_second_snapshot_replaces_the_first_on_the_page(snapshot):
    Firm.objects.filter(name="Tanpa laporan").update(is_active=False)
    take_snapshot(actor=None)
    assert Client().get("/api/figures/headline").json()["firms"] == snapshot.firms - 4


def check_open_data(snapshot):
    """The open data hold every published figure and no other."""
    rows = list(csv.DictReader(io.StringIO(Client().get("/figures/open-data/figures.csv").content.decode())))
    assert len(rows) == snapshot.figures.count()
    published = {_key(f): _values(f) for f in snapshot.figures.all()}
    for row in rows:
        region = "" if row["region_code"] == "00" else row["region_code"]
        size_class = "" if row["size_class"] == "all" else row["size_class"]
        shown = tuple(Decimal(row[measure]) if row[measure] else None for measure in MEASURES)
        assert shown == published[row["rule"], region, size_class]
    answer = Client().get("/figures/open-data/figures.json").json()
    assert answer["metadata"]["is_synthetic"] is True
    assert {measure["id"] for measure in answer["metadata"]["measures"]} == set(MEASURES)
    assert len(answer["figures"]) == len(rows)
    assert Client().get("/api/figures/open-data").json()["metadata"]["snapshot_sha256"] == snapshot.sha256


def test_class_codes_are_those_of_the_size_method(tmp_path):
    random = np.random.default_rng(3)
    edges = [0, 4, 5, 19, 20, 99, 100, 50_000_000, 50_000_001, 300_000_001, 500_000_000, 999_999_999, 10**9,
             10**9 + 1, 2 * 10**9, 2_500_000_001, 5 * 10**9, 10**10, 15 * 10**9, 15 * 10**9 + 1, 5 * 10**10, None]  # fmt: skip
    facts = pl.DataFrame(
        {fact: [edges[place] for place in random.integers(0, len(edges), 5000)] for fact in size.FACTS},
        schema=dict.fromkeys(size.FACTS, pl.Int64),
    ).with_columns(province=pl.lit("33"), production_value=pl.lit(1, pl.Int64))
    facts.write_parquet(tmp_path / "firms.parquet")
    rules = size_rules()
    table = groups(open_snapshot(str(tmp_path / "firms.parquet")), rules).to_polars()
    for rule in rules:
        names = [*rule.class_names, "unknown"]
        counted = {names[code]: int(units) for code, units in table.group_by(rule.id).agg(pl.col("units").sum()).rows()}
        answers = size.classify(facts, [rule])[rule.id].cast(pl.String).str.split(":").list.first()
        assert counted == dict(answers.value_counts().rows())


def test_large_amounts_are_summed_exactly(tmp_path):
    pl.DataFrame(
        {"province": ["33"] * 4, **{fact: [10**9] * 4 for fact in size.FACTS}, "production_value": [2**62 + 1] * 4}
    ).write_parquet(tmp_path / "firms.parquet")
    table = groups(open_snapshot(str(tmp_path / "firms.parquet")), size_rules()).to_polars()
    assert int(table["output"][0]) == 4 * (2**62 + 1)
