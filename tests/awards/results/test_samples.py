"""The made-up edition goes through the same services as a real one, and its records verify."""

from datetime import date

import pytest
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards.models import Entry, Prize, RankingVersion, WinnerStory
from gebyar.awards.services.handing_out import write_results
from gebyar.awards.services.samples import add_synthetic_edition
from gebyar.records.verify import Outcome, verify_file
from gebyar.registry.services.synthesis import fill_with_synthetic_firms

pytestmark = pytest.mark.django_db


@pytest.fixture
def officers():
    fill_with_synthetic_firms(actor=None, firms=1500, seed=3, as_of=date(2024, 10, 31))
    return person(Role.PROGRAMME_OFFICER), person(Role.PROGRAMME_OFFICER)


def test_a_made_up_edition_ends_with_winners_and_records_that_verify(officers, tmp_path):
    actor, second = officers

    edition = add_synthetic_edition(actor=actor, second=second, entries=24, judges=6, seed=1)
    write_results(edition, tmp_path / "out", minutes=False)

    assert edition.is_synthetic
    assert Entry.objects.filter(edition=edition, number__isnull=False).count() == 24
    assert Prize.objects.count() == WinnerStory.objects.count() == 3
    assert RankingVersion.objects.get().method == "mixed"
    found = [verify_file(path) for path in sorted((tmp_path / "out" / "records").iterdir())]
    assert [one.outcome for one in found] == [Outcome.SAME] * 6, [one.words for one in found]


def test_an_open_made_up_call_has_entries_and_drafts(officers):
    actor, second = officers

    edition = add_synthetic_edition(actor=actor, second=second, entries=9, seed=1, until="open")

    assert edition.takes_entries
    states = set(edition.entries.values_list("status", flat=True))
    assert states >= {"draft", "submitted"}
