"""Every reason has words in both languages, and places are read as people write them."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gebyar.methods.partners import REASONS, Reason
from gebyar.partnership.errors import UnfitListing
from gebyar.partnership.places import place_code, read_routes, write_routes
from gebyar.partnership.queries.suggestions import REASON_WORDS, reason_words
from gebyar.reference import regions

PARAMETERS = {
    "words": "keripik", "code": "10794", "certificates": "halal, sni", "region": "33.74", "percent": 50, "days": 7,
    "asked": 5, "route": "35.78>33.74",
}  # fmt: skip


def said(code):
    return reason_words(
        Reason(code, tuple((name, v) for name, v in PARAMETERS.items() if f"%({name})s" in REASONS[code]))
    )


def test_every_reason_has_words_in_both_languages():
    assert set(REASON_WORDS) == set(REASONS)
    words = {}
    for language in ("id", "en"):
        with translation.override(language):
            words[language] = {code: said(code) for code in REASONS}
    assert [code for code in REASONS if words["id"][code] == words["en"][code]] == []
    with translation.override("en"):
        assert {code: str(REASON_WORDS[code]) for code in REASONS} == REASONS
    assert words["en"]["route_covered"] == "Goes the whole way: Kota Surabaya → Kota Semarang."
    assert words["id"]["capacity_short"] == "Mencukupi 50 % dari jumlah."
    assert words["id"]["not_served"] == "Salah satu tidak menyebut tempat yang lain: Kota Semarang."


@pytest.mark.parametrize(
    ("typed", "routes"),
    [
        ("Kota Surabaya > Kota Semarang", ("35.78>33.74",)),
        ("kota surabaya -> KOTA SEMARANG\n\n Jawa Timur → Bali ", ("35.78>33.74", "35>51")),
        ("35.78>33.74", ("35.78>33.74",)),
        ("Jateng > DIY", ("33>34",)),
        ("", ()),
    ],
)
def test_routes_are_read_as_people_write_them(typed, routes):
    assert read_routes(typed) == routes


@pytest.mark.parametrize(
    "typed", ["Kota Surabaya", "Kota Surabaya > Bogor", "Atlantis > Bali", "a > b > c", "33.74.10 > 35"]
)
def test_route_that_cannot_be_read_names_the_place(typed):
    with pytest.raises(UnfitListing) as refused:
        read_routes(typed)

    assert refused.value.facts["field"] == "routes"


@given(
    st.lists(
        st.tuples(*[st.sampled_from([place.code for place in (*regions.regencies(), *regions.provinces())])] * 2),
        max_size=3,
    )
)
def test_routes_are_written_so_that_reading_gives_them_back(pairs):
    routes = [f"{start}>{end}" for start, end in pairs]

    assert list(read_routes(write_routes(routes))) == routes


def test_name_of_two_places_stands_for_neither():
    assert (place_code("Bogor"), place_code("Kota Bogor"), place_code("Kab. Bogor")) == (None, "32.71", "32.01")
