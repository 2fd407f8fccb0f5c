"""The figures of an edition; what would tell about single firms is not shown."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.awards.making import entry, hand_in
from tests.awards.making_results import decided
from tests.awards.making_stages import checked_stage, full_edition

from gebyar.awards.queries.analytics import NATIONAL_EXAMPLE, figures_of, hidden_cells


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 9)))
def test_no_small_cell_is_shown_or_follows_from_the_sum(counts):
    hidden = hidden_cells(counts)

    assert all(key in hidden for key, count in counts.items() if 0 < count < 3)
    assert all(counts[key] for key in hidden)
    if hidden and any(count >= 3 for count in counts.values()):
        assert len(hidden) >= 2
        assert sum(counts[key] for key in hidden) >= 3


@pytest.mark.django_db
def test_the_funnel_counts_each_step(client):
    edition = decided(entries=5, refused=[5])
    entry(edition.categories.get(key="food"), submitted=False)

    figures = figures_of(edition)

    assert [step.count for step in figures.funnel] == [6, 5, 4, 3, 3, 3]
    assert [step.count for step in figures.example] == list(NATIONAL_EXAMPLE)
    assert figures.funnel[2].of_before == pytest.approx(4 / 5)


@pytest.mark.django_db
def test_figures_are_cut_by_what_the_register_holds():
    edition = full_edition(entries=0)
    category = edition.categories.get(key="food")
    for number in range(8):
        facts = {"groups": ["women"] if number < 3 else [], "firm": {"size": "small" if number < 4 else "medium"}}
        hand_in(entry(category, submitted=False), facts | {"groups": [*facts["groups"], "first_time"]})
    checked_stage(edition)

    size, women, first = figures_of(edition).cuts

    assert {cell.key: cell.entered for cell in size.cells} == {"small": 4, "medium": 4, "large": 0, "": 0}
    assert {cell.key: cell.entered for cell in women.cells} == {"yes": 3, "no": 5}
    assert {cell.key: cell.entered for cell in first.cells} == {"yes": 8, "no": 0}


@pytest.mark.django_db
def test_provinces_with_few_entries_are_hidden_with_others(client):
    edition = full_edition(entries=0)
    category = edition.categories.get(key="food")
    for code, count in (("33.74", 5), ("34.02", 1), ("35.78", 3)):
        for _number in range(count):
            hand_in(entry(category, submitted=False, region_code=code))

    figures = figures_of(edition)
    html = client.get(reverse("awards:figures", args=[edition.slug])).content.decode()

    assert {cell.key: cell.entered for cell in figures.provinces.cells} == {"33": 5, "34": None, "35": None}
    assert figures.map_values["34"] is None
    assert figures.map_values["51"] == 0
    assert "2.048" in html
