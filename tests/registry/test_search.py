from datetime import date

import pytest
from django.db import connection
from tests.registry.firms import make_delivery, make_firm, make_profile

from gebyar.registry.models import Certificate, SearchDocument, SearchWord
from gebyar.registry.queries.search import CAP, Filters, changes, search, tokens
from gebyar.registry.services.search import NothingToRefresh, refresh_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def firms():
    """Three firms that differ in everything a list is filtered by."""
    batik = make_firm(name="Batik Sekar Jagad", products=["kain batik tulis"])
    make_profile(batik, workers_male=None, workers_female=None, workers=12, investment=2_000_000_000, exports=True)
    chips = make_firm(
        name="CV.Sumber Rejeki",
        products=["keripik singkong", "makanan ringan"],
        kbli_code="10313",
        region_code="35.78.01.1001",
    )
    make_profile(chips, workers_male=None, workers_female=None, workers=3, investment=1_000_000, exports=False)
    Certificate.objects.create(firm=chips, kind="halal", number="ID35")
    mill = make_firm(name="Pabrik Besar", products=["kain grey"], kbli_code="13112", nib=None, kind="partner")
    make_profile(mill, workers_male=None, workers_female=None, workers=900, investment=20_000_000_000, exports=None)
    refresh_search()
    return {"batik": batik.pk, "chips": chips.pk, "mill": mill.pk}


def names(firms, text="", **filters):
    found = search(text, Filters(**filters))
    return {name for name, pk in firms.items() if pk in found.ids}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("batik", {"batik"}),
        ("BATIK tulis", {"batik"}),
        ("kain", {"batik", "mill"}),
        ("makan", {"chips"}),  # the stem of "makanan"
        ("sumber cv", {"chips"}),  # legal forms do not narrow
        ("semarang", {"batik", "mill"}),
        ("kain surabaya", set()),
        ("jawa timur", {"chips"}),
        ("tembalang", {"batik", "mill"}),
        ("kerip", {"chips"}),  # the last word may be unfinished
        ("sekr jagad", {"batik"}),  # misspelt
        ("batick semrang", {"batik"}),
        ("", {"batik", "chips", "mill"}),
        ("   ", {"batik", "chips", "mill"}),
    ],
)
def test_search_finds_words_of_names_products_and_places(firms, text, expected):
    assert names(firms, text) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"region": "33"}, {"batik", "mill"}),
        ({"region": "33.74"}, {"batik", "mill"}),
        ({"region": "35.78.01.1001"}, {"chips"}),
        ({"region": "3"}, set()),
        ({"kbli": "13"}, {"batik", "mill"}),
        ({"kbli": "131"}, {"batik", "mill"}),
        ({"kbli": "10313"}, {"chips"}),
        ({"size": "small"}, {"chips"}),
        ({"size": "medium"}, {"batik"}),
        ({"size": "large"}, {"mill"}),
        ({"size": "small", "size_rule": "bps_workers"}, {"batik"}),
        ({"certificate": "halal"}, {"chips"}),
        ({"certificate": "nib"}, {"batik", "chips"}),
        ({"certificate": "sni"}, set()),
        ({"exports": True}, {"batik"}),
        ({"exports": False}, {"chips"}),
        ({"kind": "partner"}, {"mill"}),
        ({"active": False}, set()),
        ({"region": "33", "kbli": "13", "size": "large"}, {"mill"}),
    ],
)
def test_search_narrows_by_filters(firms, filters, expected):
    assert names(firms, **filters) == expected


def test_search_combines_words_and_filters(firms):
    assert names(firms, "kain", size="medium") == {"batik"}


@pytest.mark.parametrize("text", ["'", "batik'", "a & b | !c", "=r33", "\\", "batik:*", "%", "\x00batik", "😀"])
def test_search_takes_any_characters(firms, text):
    assert search(text).ids is not None


def test_search_says_what_it_read_a_misspelt_word_as(firms):
    found = search("batick")

    assert (found.corrected, found.unknown) == ({"batick": "batik"}, [])


def test_search_names_words_that_stand_for_nothing(firms):
    found = search("xylofon batik")

    assert (found.ids, found.count, found.unknown) == ([], 0, ["xylofon"])


# Names of small firms with numbers in them, as registers have them; each is used with some numbers.
NUMBERED = [
    "UD Jaya {n}", "Toko {n}", "Batik {n} Sekar Jagad", "CV. Sumber Rejeki-{n}", "Tahu Tempe No.{n}", "PT {n}",
    "Rumah Makan RT {n}/RW 05", "Bengkel Las {n} & Putra", "Kopi {n}%", "Mebel {n}Jaya", "Jamu Jago#{n}", "Roti '{n}'",
    "Keripik ({n})", "Konveksi {n},5", "Café Kopi {n} – é", "Ma’mur {n}", "Kain<{n}>", "Tenun {n}+{n}", "Sirup {n}.000",
    "Warung {n} {n}a b{n}",
]  # fmt: skip
NUMBERS = ["1", "7", "88", "99", "007", "212", "234", "1945", "2024", "16022024"]


def test_full_name_with_numbers_finds_its_firm():
    names = [pattern.format(n=number) for pattern in NUMBERED for number in NUMBERS]
    firms = {name: make_firm(name=name, products=["gula 5 kg"]).pk for name in names}
    refresh_search()

    lost = [name for name, pk in firms.items() if pk not in (found := search(name)).ids or found.unknown]

    assert (len(firms), lost) == (200, [])


def test_number_tells_firms_apart(firms):
    jaya = {number: make_firm(name=f"UD Jaya {number}").pk for number in ("88", "99", "888")}
    refresh_search(firm_ids=jaya.values())

    assert search("UD Jaya 88").ids == [jaya["88"]]
    assert search("88 jaya").ids == [jaya["88"]]
    assert search("jaya 8").unknown == ["8"]


def test_number_that_stands_nowhere_is_named_and_read_as_no_other(firms):
    make_firm(name="Toko 1234567")
    refresh_search()

    found = search("123457 batik")

    assert (found.ids, found.corrected, found.unknown) == ([], {}, ["123457"])


def test_misspelt_word_is_never_read_as_a_number(firms):
    make_firm(name="Toko 1234567")
    refresh_search()

    assert search("x1234567 batik").unknown == ["x1234567"]


@pytest.mark.parametrize(
    ("typed", "meant", "others"),
    [
        ("kenangga", "kenanga", ["Kenanggang", "Kenanggapura", "Tenang", "Kenang", "Kenang", "Kenang"]),
        ("semrang", "semarang", ["Serang", "Semrawang"]),
        ("sekarr", "sekar", ["Sekarrina", "Sekaran"]),
    ],
)
def test_misspelt_word_is_read_as_the_one_that_takes_the_fewest_changes(firms, typed, meant, others):
    for word in (meant.title(), *others):
        make_firm(name=f"Usaha {word}")
    refresh_search()

    assert search(f"{typed} usaha").corrected == {typed: meant}


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("a", "", 1), ("kenangga", "kenanga", 1), ("btaik", "batik", 1), ("batik", "batik", 0),
     ("ab", "ba", 1), ("serang", "semarang", 2), ("kain", "ikan", 2)],
)  # fmt: skip
def test_changes_between_words(one, other, count):
    assert (changes(one, other), changes(other, one)) == (count, count)


def test_search_orders_few_hits_by_relevance(firms):
    in_place = make_firm(name="Tahu Putih", products=["tahu"], region_code="33.26.16")  # Wiradesa, Pekalongan
    in_name = make_firm(name="Pekalongan Jaya", products=["tahu"], region_code="33.74.10")
    refresh_search(firm_ids=[in_place.pk, in_name.pk])

    assert search("pekalongan").ids == [in_name.pk, in_place.pk]


def test_search_stops_at_the_cap_and_says_so(firms, monkeypatch):
    monkeypatch.setattr("gebyar.registry.queries.search.CAP", 2)

    found = search()

    assert (len(found.ids), found.more, found.count) == (2, True, None)


@pytest.fixture
def walking_is_free(monkeypatch):
    """Let a walk always seem cheaper than the index, and any two hits be more than the cap."""
    for name, value in {"CAP": 1, "ROW": 0, "REGION_ROW": 0}.items():
        monkeypatch.setattr(f"gebyar.registry.queries.search.{name}", value)


@pytest.mark.parametrize(
    ("text", "filters", "first"),
    [
        ("kain", {}, "batik"),
        ("kain", {"region": "33"}, "batik"),
        ("", {"region": "33", "kbli": "13"}, "batik"),
        ("", {}, "batik"),
    ],
)
def test_search_walks_where_hits_lie_densely(firms, walking_is_free, django_assert_num_queries, text, filters, first):
    with django_assert_num_queries(2):  # the terms, and the walk
        found = search(text, Filters(**filters))

    assert (found.ids, found.more) == ([firms[first]], True)


@pytest.mark.parametrize("filters", [{}, {"region": "33"}])
def test_search_asks_the_index_when_a_walk_takes_too_long(
    firms, walking_is_free, monkeypatch, django_assert_num_queries, filters
):
    monkeypatch.setattr("gebyar.registry.queries.search.PATIENCE", 0)

    with django_assert_num_queries(3):  # the terms, the walk, and the index
        found = search("kain", Filters(**filters))

    assert (found.ids, found.more) == ([firms["batik"]], True)


def test_search_checks_common_terms_in_the_hits(firms, monkeypatch):
    monkeypatch.setattr("gebyar.registry.queries.search.COMMON", 0.4)

    assert names(firms, "kain", size="medium") == {"batik"}
    assert names(firms, region="33", kbli="13") == {"batik", "mill"}


def test_pages_of_hits_do_not_overlap_and_leave_none_out(firms):
    found = search()

    assert [*found.page(1, 2), *found.page(2, 2), *found.page(3, 2)] == sorted(firms.values())


def test_tokens_drop_fillers_unless_there_is_nothing_else():
    assert (tokens("CV dan Batik batik"), tokens("dan")) == (["batik"], ["dan"])


# --- keeping in step ---------------------------------------------------------------------------------------------


def state():
    documents = dict(SearchDocument.objects.values_list("firm_id", "words"))
    return documents, dict(SearchWord.objects.filter(firms__gt=0).values_list("word", "firms"))


def test_refresh_of_single_firms_equals_a_rebuild(firms):
    rebuilt = state()
    SearchDocument.objects.all().delete()
    SearchWord.objects.all().delete()

    refresh_search(firm_ids=firms.values())

    assert state() == rebuilt


def test_refresh_twice_changes_nothing(firms):
    before = state()

    refresh_search(firm_ids=firms.values())
    refresh_search()

    assert state() == before


def test_refresh_follows_a_firm_that_changed(firms):
    mill = firms["mill"]
    from gebyar.registry.models import Firm, Profile

    Firm.objects.filter(pk=mill).update(name="Tenun Harapan", region_code="51.71")
    Profile.objects.filter(firm=mill).update(workers=9)

    assert refresh_search(firm_ids=[mill]) == 1

    words = state()[1]
    assert (names(firms, "tenun"), names(firms, "pabrik"), names(firms, region="51")) == ({"mill"}, set(), {"mill"})
    assert (words["=r33"], words["=r51"], "=spermenperin_64_2016:large" in words) == (1, 1, False)


def test_refresh_of_a_delivery_takes_the_firms_it_speaks_of(firms):
    delivery = make_delivery("Survei", year=2024)
    new = make_firm(name="Firma Baru", delivery=delivery)
    make_firm(name="Tak Tersentuh")

    assert refresh_search(delivery=delivery) == 1
    assert set(SearchDocument.objects.values_list("firm_id", flat=True)) == {*firms.values(), new.pk}


def test_refresh_reports_progress(firms):
    told = []

    refresh_search(progress=lambda done, total, _words: told.append((done, total)))

    assert told[-1] == (3, 3)


def test_refresh_refuses_a_delivery_together_with_firms(firms):
    with pytest.raises(NothingToRefresh):
        refresh_search(delivery=make_delivery(), firm_ids=[1])


def test_rebuild_keeps_the_definitions_of_the_tables(firms):
    before = definitions()

    refresh_search()

    assert definitions() == before
    assert {"search_words", "search_word_trigrams"} <= {name for name, _ in before}


def definitions():
    """Return indexes and constraints of the search tables; names of keys may differ, what they hold may not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'registry_search%'")
        indexes = cursor.fetchall()
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid::regclass::text LIKE 'registry_search%'"
        )
        return sorted([*indexes, *cursor.fetchall()])


def test_documents_go_with_their_firm(firms):
    from gebyar.registry.models import Firm

    Firm.objects.get(pk=firms["batik"]).delete()

    assert not SearchDocument.objects.filter(pk=firms["batik"]).exists()


def test_cap_is_a_thousand():
    assert CAP == 1000


def test_expired_is_still_held(firms):
    firm = make_firm()
    Certificate.objects.create(firm=firm, kind="sni", number="1", valid_until=date(2001, 1, 1))
    refresh_search(firm_ids=[firm.pk])

    assert search(filters=Filters(certificate="sni")).ids == [firm.pk]
