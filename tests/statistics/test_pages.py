"""The pages of figures: public, right in both languages, light, and silent about single firms."""

import gzip
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.records.models import AuditEntry
from gebyar.reference.claims import claims, province_totals
from gebyar.reference.regions import provinces
from gebyar.reference.size_rules import size_rules
from gebyar.statistics.claim_check import checked_claims
from gebyar.statistics.models import Figure, Snapshot
from gebyar.statistics.periods import period_words
from gebyar.statistics.queries import by_province, chosen_rule, front_page_figures, headline, latest_snapshot
from gebyar.statistics.services import snapshot_folder

# They share the folder of snapshots, so one worker runs them one after the other.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("snapshots")]
MINISTRY = "permenperin_64_2016"


def make_snapshot(cells=None, **facts):
    """A snapshot with figures by the ministry's rule: {(region, class): (units, workers, output)}."""
    usual = {"file": "none.parquet", "sha256": "a" * 64, "firms": 100, "rules_version": "1", "seconds": 1.0}
    snapshot = Snapshot.objects.create(**usual | facts)
    for (region, size_class), (units, workers, output) in (cells or {}).items():
        Figure.objects.create(
            snapshot=snapshot, rule=MINISTRY, region_code=region, size_class=size_class,
            units=units, workers=workers, output=output,
        )  # fmt: skip
    return snapshot


NATION = {
    ("", "small"): (4_000_000, 9_000_000, 600),
    ("", "medium"): (500_000, 3_000_000, 200),
    ("", "large"): (10_000, 5_000_000, 3_000),
    ("", "unknown"): (20, 0, 0),
    ("", ""): (4_510_020, 17_000_000, 3_800),
}
HIDDEN = {
    ("94", "small"): (700, None, 70),
    ("94", "medium"): (None, None, None),
    ("94", "large"): (None, None, None),
    ("94", "unknown"): (0, 0, 0),
    ("94", ""): (773, 4_321, None),
}


def shown(path, language="id"):
    return Client(headers={"cookie": f"django_language={language}"}).get(path)


def test_headline_adds_up_the_small_classes_and_leaves_unknown_out_of_the_shares():
    snapshot = make_snapshot(NATION)
    table = headline(snapshot, chosen_rule(""))
    assert (table.small.units, table.small.workers, table.small.output) == (4_500_000, 12_000_000, 800)
    assert table.known.units == 4_510_000
    assert table.shares.units == 4_500_000 / 4_510_000
    assert table.shares.output == pytest.approx(800 / 3800)
    assert table.unknown_units == 20


def test_province_with_hidden_classes_shows_no_share_and_no_sum_that_gives_them_away():
    snapshot = make_snapshot(NATION | HIDDEN)
    (province,) = by_province(snapshot, chosen_rule(""))
    assert (province.code, province.total.units, province.total.output) == ("94", 773, None)
    assert (province.shares.units, province.shares.workers, province.shares.output) == (None, None, None)
    assert (province.small.units, province.small.workers) == (None, None)
    # All known firms together are the total less the unknown, which are shown.
    assert province.known.units == 773


@pytest.mark.parametrize(("language", "word"), [("id", "dilindungi"), ("en", "protected")])
def test_page_says_protected_where_a_figure_is_hidden(language, word):
    make_snapshot(NATION | HIDDEN)
    page = shown("/figures/", language).content.decode()
    assert word in page
    assert "4.510.020" in page or "4,510,020" in page


def test_latest_snapshot_is_shown():
    make_snapshot(NATION, taken_at=timezone.now() - timedelta(days=1), sha256="b" * 64)
    newest = make_snapshot(HIDDEN)
    assert latest_snapshot() == newest


@pytest.mark.parametrize("path", ["/figures/", "/figures/claims/", "/figures/open-data/"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_public_pages_open_with_and_without_figures(path, language):
    assert shown(path, language).status_code == 200
    make_snapshot(NATION)
    assert shown(path, language).status_code == 200


@pytest.mark.parametrize("rule", [rule.id for rule in size_rules()] + ["nonsense", ""])
@pytest.mark.parametrize("measure", ["units", "workers", "output", "nonsense"])
def test_page_opens_for_every_rule_and_measure(rule, measure):
    make_snapshot(NATION)
    assert shown(f"/figures/?rule={rule}&measure={measure}").status_code == 200


@pytest.mark.parametrize("path", ["/figures/open-data/figures.csv", "/figures/open-data/figures.json"])
def test_open_data_without_figures_is_not_found(path):
    assert shown(path).status_code == 404


def test_pages_are_light():
    cells = {
        (place.code, name): (123_456, 1_234_567, 123_456_789_012)
        for place in provinces() for name in ("small", "medium", "large", "unknown", "")
    }  # fmt: skip
    make_snapshot(NATION | cells)
    for path in ("/figures/", "/figures/claims/"):
        assert len(gzip.compress(shown(path).content, 6)) < 30_000


@pytest.mark.parametrize("provinces_shown", [1, 3])
def test_number_of_queries_does_not_grow_with_the_provinces(provinces_shown, django_assert_num_queries):
    cells = {(code, ""): (10, 20, 30) for code in ["11", "12", "13"][:provinces_shown]}
    make_snapshot(NATION | cells, sha256=str(provinces_shown) * 64)
    with django_assert_num_queries(2):
        shown("/figures/")


def test_front_page_figures_are_the_small_classes():
    assert front_page_figures() is None
    make_snapshot(NATION, synthetic_firms=3)
    front = front_page_figures()
    assert (front.units, front.workers, front.is_synthetic) == (4_500_000, 12_000_000, True)
    assert front.output_share == pytest.approx(800 / 3800)


# --- claims -------------------------------------------------------------------------------------------------------


def test_claims_are_checked_against_their_sources():
    verdicts = {item.claim.id: item.check.verdict for item in checked_claims(None)}
    assert verdicts == {
        "units_share": "truncated",
        "units": "exact",
        "workers": "exact",
        "output_share": "truncated",
        "productive_age_2030": "other",
    }


def test_claims_stand_beside_the_registers_own_value():
    national = headline(make_snapshot(NATION), chosen_rule(""))
    values = {item.claim.id: item.register_value for item in checked_claims(national)}
    assert values == {
        "units_share": 4_500_000 / 4_510_000,
        "units": 4_500_000,
        "workers": 12_000_000,
        "output_share": pytest.approx(800 / 3800),
        "productive_age_2030": None,
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("id", ["20,9", "20,97", "dipotong, bukan dibulatkan", "Oktober 2024", "13,111049", "Jawa Timur", "982.269"]),
        ("en", ["20.9", "20.97", "cut off, not rounded", "October 2024", "13.111049", "Jawa Timur", "982,269"]),
    ],
)
def test_claims_page_tells_said_source_verdict_and_other_values(language, expected):
    page = shown("/figures/claims/", language).content.decode()
    assert [words for words in expected if words not in page] == []
    assert "2024-10" not in page


def test_claims_page_shows_every_claim_and_every_published_total():
    page = shown("/figures/claims/", "en").content.decode()
    for claim in claims():
        assert claim.label["en"] in page
    for totals in province_totals():
        assert totals.label["en"] in page


def test_claim_that_could_not_be_checked_is_marked(monkeypatch):
    from dataclasses import replace

    from gebyar.statistics import claim_check

    monkeypatch.setattr(claim_check, "claims", lambda: (replace(claims()[0], evidence="K"),))
    assert "could not be checked" in shown("/figures/claims/", "en").content.decode()


@pytest.mark.parametrize(
    ("as_of", "indonesian", "english"),
    [
        ("2030", "2030", "2030"),
        ("2024-09", "September 2024", "September 2024"),
        ("2021-08", "Agustus 2021", "August 2021"),
        ("2024-11-04", "4 November 2024", "4 November 2024"),
    ],
)
def test_period_in_words(as_of, indonesian, english):
    with translation.override("id"):
        assert period_words(as_of) == indonesian
    with translation.override("en"):
        assert period_words(as_of) == english


# --- officers -----------------------------------------------------------------------------------------------------


def test_snapshot_file_is_for_national_officers_and_its_download_is_noted(sign_in_as):
    snapshot = make_snapshot(NATION, file="firms-test.parquet")
    path = snapshot_folder() / snapshot.file
    path.write_bytes(b"facts of single firms")
    officer = person(Role.PROGRAMME_OFFICER)
    answer = sign_in_as(officer).get(f"/figures/snapshots/{snapshot.pk}.parquet")
    assert b"".join(answer.streaming_content) == b"facts of single firms"
    assert AuditEntry.objects.get(verb="statistics.download_snapshot").actor == officer
    path.unlink()


@pytest.mark.parametrize("role", [None, Role.LOCAL_OFFICER, Role.JUDGE])
def test_snapshot_file_stays_closed_to_others(sign_in_as, role):
    snapshot = make_snapshot(NATION, file=f"firms-closed-{role}.parquet")
    path = snapshot_folder() / snapshot.file
    path.write_bytes(b"facts of single firms")
    client = sign_in_as(person(role, "33" if role == Role.LOCAL_OFFICER else ""))
    assert client.get(f"/figures/snapshots/{snapshot.pk}.parquet").status_code == 404
    assert not AuditEntry.objects.filter(verb="statistics.download_snapshot").exists()
    path.unlink()


def test_officer_can_ask_for_new_figures(sign_in_as):
    client = sign_in_as(person(Role.PROGRAMME_OFFICER))
    assert client.post("/figures/snapshots/").status_code == 302
    from django_tasks_db.models import DBTaskResult

    assert DBTaskResult.objects.get().task_path == "gebyar.statistics.tasks.make_snapshot"


def test_visitor_cannot_ask_for_new_figures(client):
    answer = client.post("/figures/snapshots/")
    from django_tasks_db.models import DBTaskResult

    assert answer.status_code in {302, 404}
    assert not DBTaskResult.objects.exists()
