"""Every page for everybody: who gets which, with what in it, and at how many queries."""

import pytest
from django.urls import reverse
from tests.factories import person
from tests.partnership.market import (
    SHOWN_PRICES,
    a_deal,
    approved,
    buyer_need,
    days_ago,
    draft,
    member_of,
    tiny_photo,
    waiting,
)
from tests.registry.firms import make_firm, make_member

from gebyar.accounts.models import Role
from gebyar.partnership.models import Deal, DealStatement, Listing
from gebyar.partnership.queries.suggestions import forget_index
from gebyar.partnership.services import state_deal

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _fresh_index():
    forget_index()


@pytest.fixture
def officer():
    return person(Role.LOCAL_OFFICER, "33.74")


def page(route, *args):
    return reverse(f"partnership:{route}", args=args)


def body(response):
    return (b"".join(response) if response.streaming else response.content).decode()


# --- reading --------------------------------------------------------------------------------------------------------


def test_everybody_reads_shown_listings_without_prices(client):
    listing = approved()
    draft(title="Konsep rahasia")
    pages = [
        page("listing_list"), page("listing", listing.pk), "/api/listings", f"/api/listings/{listing.pk}",
        page("listing_list") + "?q=singkong",
    ]  # fmt: skip

    for address in pages:
        text = body(client.get(address))
        assert "Keripik singkong pedas" in text, address
        assert not [word for word in (*SHOWN_PRICES, "Konsep rahasia") if word in text], address


def test_prices_are_for_the_firm_and_its_officers(client, sign_in_as, officer):
    listing = approved()
    readers = {
        "member": member_of(listing), "officer": officer, "national": person(Role.PROGRAMME_OFFICER),
        "far": person(Role.LOCAL_OFFICER, "35"), "other": make_member(make_firm()), "judge": person(Role.JUDGE),
    }  # fmt: skip

    seen = {}
    for name, user in readers.items():
        text = body(sign_in_as(user).get(page("listing", listing.pk)))
        seen[name] = any(price in text for price in SHOWN_PRICES)

    assert seen == {"member": True, "officer": True, "national": True, "far": False, "other": False, "judge": False}


def test_suggestions_and_api_never_tell_prices(sign_in_as):
    offer, need = approved(), buyer_need()
    client = sign_in_as(member_of(need))

    for address in (page("suggestions", need.pk), f"/api/listings/{need.pk}/suggestions"):
        text = body(client.get(address))
        assert offer.title in text, address
        assert not [price for price in SHOWN_PRICES if price in text], address


@pytest.mark.parametrize("name", ["listing", "suggestions", "listing_step", "listing_finish"])
def test_draft_of_another_firm_is_not_found(sign_in_as, name):
    listing = draft()
    arguments = (listing.pk, 2) if name == "listing_step" else (listing.pk,)

    for user in (make_member(make_firm()), person(Role.PROGRAMME_OFFICER)):
        answer = sign_in_as(user).get(page(name, *arguments))
        assert answer.status_code == 404
        assert listing.title not in body(answer)


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ("listing_list", "Belum ada kebutuhan dan penawaran"),
        ("my_listings", "Belum ada yang ditulis"),
        ("listing_new", "Anda belum bertindak"),
        ("deal_list", "Belum ada kerja sama"),
        ("deal_figures", "Belum ada kerja sama"),
    ],
)
def test_empty_pages_say_what_they_will_hold(sign_in_as, route, words):
    assert words in body(sign_in_as(person()).get(page(route)))


@pytest.mark.parametrize(
    ("route", "words"), [("listings_waiting", "menunggu"), ("deal_dashboard", "Belum ada kerja sama")]
)
def test_empty_pages_of_officers_say_what_they_will_hold(sign_in_as, officer, route, words):
    assert words in body(sign_in_as(officer).get(page(route)))


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_no_more_for_more_rows(count, sign_in_as, officer, django_assert_max_num_queries):
    firm = make_firm()
    member = make_member(firm)
    for _number in range(count):
        approved(firm=firm)
        waiting(firm=firm)
        a_deal(seller=firm)
    counted = {}
    for user, routes in (
        (member, ("listing_list", "my_listings", "deal_list")),
        (officer, ("listings_waiting", "deal_dashboard")),
    ):
        client = sign_in_as(user)
        for route in routes:
            client.get(page(route))
            with django_assert_max_num_queries(14) as asked:
                client.get(page(route))
            counted[route] = len(asked)
    assert counted == QUERIES


# The same with one row and with three.
QUERIES = {"listing_list": 6, "my_listings": 6, "deal_list": 7, "listings_waiting": 7, "deal_dashboard": 8}


# --- writing --------------------------------------------------------------------------------------------------------


def test_firm_writes_an_offer_in_steps_and_an_officer_shows_it(sign_in_as, officer):
    firm = make_firm()
    member = make_member(firm)
    client = sign_in_as(member)

    first = client.post(page("listing_new"), {
        "direction": "offer", "role": "logistics", "title": "Truk dingin", "description": "", "relation": "service",
    })  # fmt: skip
    listing = Listing.objects.get()
    assert first.url == page("listing_step", listing.pk, 2)
    client.post(first.url, {
        "quantity": "12,5", "unit": "rit", "period": "month", "lead_time_days": "2", "price_low": "1.500.000", "price_high": "", "valid_until": "",
    })  # fmt: skip
    third = page("listing_step", listing.pk, 3)
    wrong = client.post(third, {"kbli_codes": "49431", "regions": ["33"], "routes": "Kota Semarang > Bogor"})
    assert "Bogor" in body(wrong)
    done = client.post(third, {
        "kbli_codes": "49431", "certificates": ["nib"], "regions": ["33", "35"], "vehicles": "2 truk", "has_cold_chain": "on",
        "routes": "Kota Semarang > Kota Surabaya\n33.74 > Jawa Barat",
    })  # fmt: skip
    assert done.url == page("listing_finish", listing.pk)
    client.post(done.url, {"file": tiny_photo(), "alternative": "Truk"})
    client.post(page("send_listing", listing.pk))
    listing.refresh_from_db()

    kept = (
        listing.quantity,
        listing.price_low,
        listing.routes,
        listing.regions,
        listing.has_cold_chain,
        listing.status,
    )
    assert kept == (12.5, 1_500_000, ["33.74>35.78", "33.74>32"], ["33", "35"], True, "waiting")
    assert listing.photos.get().alternative == "Truk"
    client = sign_in_as(officer)
    shown = body(client.get(page("listing", listing.pk)))
    assert "Kota Semarang → Kota Surabaya" in shown
    answer = client.post(
        page("decide_listing", listing.pk), {"decision": "approve", "seen": listing.changed_at.isoformat()}
    )
    assert answer.url == page("listings_waiting")
    photo = client.get(page("listing_photo_small", listing.pk, listing.photos.get().pk))
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/jpeg")
    listing.refresh_from_db()
    assert listing.status == "approved"


def test_officer_who_read_an_earlier_version_reads_again(sign_in_as, officer):
    listing = waiting()
    client = sign_in_as(officer)

    answer = client.post(
        page("decide_listing", listing.pk), {"decision": "approve", "seen": "2020-01-01T00:00:00+00:00"}
    )

    assert answer.status_code == 200
    assert "Usaha mengubahnya setelah Anda membukanya" in body(answer)
    assert Listing.objects.get().status == "waiting"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_each_step_shows_what_was_said(sign_in_as, number):
    listing = approved(regions=("33.74", "35"))

    text = body(sign_in_as(member_of(listing)).get(page("listing_step", listing.pk, number)))

    expected = {1: ["Keripik singkong pedas", "Renyah"], 2: ["500", "61234", "kg"], 3: ["10794", "Kota Semarang"]}
    assert [word for word in expected[number] if word not in text] == []
    assert "tidak ditampilkan sampai petugas menyetujui" in text


def test_step_beyond_the_last_is_not_found(sign_in_as):
    listing = draft()
    client = sign_in_as(member_of(listing))

    assert [client.get(f"/partners/{listing.pk}/steps/{n}/").status_code for n in (0, 4, 9)] == [404, 404, 404]


# --- suggestions ----------------------------------------------------------------------------------------------------


def test_both_sides_are_suggested_to_each_other_with_reasons(sign_in_as):
    offer, need = approved(), buyer_need()
    approved(title="Kain batik", description="", kbli_codes=("13134",), certificates=())

    texts = [body(sign_in_as(member_of(one)).get(page("suggestions", one.pk))) for one in (offer, need)]

    assert [need.title in texts[0], offer.title in texts[1]] == [True, True]
    for text in texts:
        assert "Keduanya menyebut" in text or "Kata-katanya mirip" in text
        assert "Kode industri sama: 10794." in text
        assert "Di provinsi yang sama." in text
        assert "Kain batik" not in text


def test_suggestions_follow_what_is_shown(sign_in_as):
    need = buyer_need()
    client = sign_in_as(member_of(need))
    before = body(client.get(page("suggestions", need.pk)))
    offer = approved()
    during = body(client.get(page("suggestions", need.pk)))
    Listing.objects.filter(pk=offer.pk).update(status="closed")
    after = body(client.get(page("suggestions", need.pk)))

    assert [offer.title in text for text in (before, during, after)] == [False, True, False]
    assert "Belum ada yang cocok" in before


def test_suggestions_are_narrowed_by_certificates_and_place(sign_in_as):
    need = buyer_need(certificates=("halal", "sni"))
    offer = approved()
    client = sign_in_as(member_of(need))

    shown = {
        query: offer.title in body(client.get(page("suggestions", need.pk) + query))
        for query in ("", "?certificates=on", "?province=33", "?province=35", "?fair=on", "?province=xx")
    }

    assert shown == {
        "": True, "?certificates=on": False, "?province=33": True, "?province=35": False, "?fair=on": True,
        "?province=xx": True,
    }  # fmt: skip


def test_shares_are_for_national_officers(sign_in_as, officer):
    approved()
    buyer_need()

    assert sign_in_as(officer).get(page("shares")).status_code == 404
    text = body(sign_in_as(person(Role.PROGRAMME_OFFICER)).get(page("shares")))
    assert "Dengan bagian yang disisihkan" in text


# --- deals ----------------------------------------------------------------------------------------------------------


def test_buyer_follows_a_deal_and_both_sides_speak(sign_in_as):
    offer = approved()
    buyer_firm = make_firm(name="Toko Uji")
    buyer, seller = make_member(buyer_firm), member_of(offer)
    client = sign_in_as(buyer)

    begun = client.post(page("deal_new", offer.pk), {
        "firm": buyer_firm.pk, "title": "Keripik", "relation": "order", "origin_date": days_ago(3).isoformat(),
    })  # fmt: skip
    deal = Deal.objects.get()
    assert (deal.seller, deal.buyer, begun.url) == (offer.firm, buyer_firm, page("deal", deal.pk))
    from django.core.files.base import ContentFile

    client.post(page("deal", deal.pk), {
        "stage": "order", "amount": "5.000.000", "on_date": days_ago(1).isoformat(), "evidence": ContentFile(PDF, name="po.pdf"),
    })  # fmt: skip
    client = sign_in_as(seller)
    client.post(page("deal", deal.pk), {"stage": "order", "amount": "6000000", "on_date": days_ago(1).isoformat()})
    text = body(client.get(page("deal", deal.pk)))

    assert sorted(DealStatement.objects.values_list("side", "amount")) == [("buyer", 5_000_000), ("seller", 6_000_000)]
    assert "Kedua pihak menyebut hal yang berbeda" in text
    assert "5.500.000" not in text
    number = DealStatement.objects.get(side="buyer").pk
    paper = client.get(page("evidence", deal.pk, number))
    assert (b"".join(paper.streaming_content), paper["Content-Disposition"].startswith("attachment")) == (PDF, True)
    assert client.post(page("statement_withdraw", deal.pk, number)).status_code == 404
    assert DealStatement.objects.filter(withdrawn_at__isnull=False).count() == 0


def test_deal_without_its_sum_says_so_at_the_form(sign_in_as):
    deal = a_deal()
    client = sign_in_as(make_member(deal.seller))

    answer = client.post(page("deal", deal.pk), {"stage": "realised", "amount": "", "on_date": days_ago(1).isoformat()})

    assert "harus disertai nilainya" in body(answer)
    assert DealStatement.objects.count() == 0


def test_deal_of_others_is_not_found(sign_in_as):
    deal = a_deal(title="Rahasia dagang")
    member = make_member(deal.seller)
    state_deal(actor=member, deal=deal, side="seller", stage="order", amount=61_234_567, on_date=days_ago(2))

    for user in (person(), make_member(make_firm()), person(Role.LOCAL_OFFICER, "34"), person(Role.JUDGE)):
        client = sign_in_as(user)
        for address in (page("deal", deal.pk), f"/api/deals/{deal.pk}"):
            answer = client.get(address)
            assert answer.status_code == 404
            assert "Rahasia dagang" not in body(answer)
        assert client.post(page("deal", deal.pk), {"stage": "interest"}).status_code == 404
        assert client.get("/api/deals").json() == []


def test_officer_sees_the_dashboard_and_exports_it(sign_in_as, officer):
    deal = a_deal()
    state_deal(
        actor=make_member(deal.seller),
        deal=deal,
        side="seller",
        stage="realised",
        amount=7_000_000,
        on_date=days_ago(2),
    )
    client = sign_in_as(officer)

    text = body(client.get(page("deal_dashboard")))
    file = body(client.post(page("deal_export"), {"format": "csv"}))

    assert "Jawa Tengah" in text
    assert "Rp\u00a07\u00a0juta" in text
    assert "7000000" in file


def test_both_languages_say_reasons(sign_in_as):
    offer = approved()
    buyer_need()
    client = sign_in_as(member_of(offer))
    client.cookies["django_language"] = "en"

    assert "Same industry code 10794." in body(client.get(page("suggestions", offer.pk)))


@pytest.mark.parametrize(
    ("language", "typed", "quantity", "price"),
    [
        ("id", "1.000", 1000.0, "12.500,00"), ("id", "1.000,5", 1000.5, "Rp 12.500,-"), ("id", "2,5", 2.5, "12,5 ribu"),
        ("en", "1,000", 1000.0, "12,500.00"), ("en", "2.5", 2.5, "Rp 12,500"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(sign_in_as, language, typed, quantity, price):
    listing = draft()
    client = sign_in_as(member_of(listing))
    client.cookies["django_language"] = language

    client.post(
        page("listing_step", listing.pk, 2), {"quantity": typed, "unit": "kg", "period": "month", "price_low": price}
    )

    listing.refresh_from_db()
    assert (listing.quantity, listing.price_low) == (quantity, 12_500)


@pytest.mark.parametrize(("language", "shown"), [("id", "1000,5"), ("en", "1000.5")])
def test_amounts_are_shown_so_that_sending_them_again_changes_nothing(sign_in_as, language, shown):
    listing = draft(quantity=1000.5)
    client = sign_in_as(member_of(listing))
    client.cookies["django_language"] = language

    text = body(client.get(page("listing_step", listing.pk, 2)))

    assert f'value="{shown}"' in text


def test_amount_that_is_none_is_refused_at_its_field(sign_in_as):
    listing = draft()

    answer = sign_in_as(member_of(listing)).post(
        page("listing_step", listing.pk, 2),
        {"quantity": "banyak", "unit": "kg", "period": "month", "price_low": "10-12"},
    )

    assert set(answer.context["form"].errors) == {"quantity", "price_low"}


def test_decision_on_a_version_that_never_was_is_refused(sign_in_as, officer):
    listing = waiting()

    answer = sign_in_as(officer).post(page("decide_listing", listing.pk), {"decision": "approve", "seen": "yesterday"})

    assert answer.status_code == 200
    assert Listing.objects.get().status == "waiting"


def test_deal_of_tomorrow_is_refused_at_its_field(sign_in_as):
    offer = approved()
    firm = make_firm()

    answer = sign_in_as(make_member(firm)).post(page("deal_new", offer.pk), {
        "firm": firm.pk, "title": "Keripik", "relation": "order", "origin_date": days_ago(-1).isoformat(),
    })  # fmt: skip

    assert (set(answer.context["form"].errors), Deal.objects.count()) == ({"origin_date"}, 0)


def test_api_says_codes_in_whatever_language(client):
    listing = approved(regions=("33.74", "35"))

    said = client.get(f"/api/listings/{listing.pk}", headers={"accept-language": "id"}).json()

    assert {name: said[name] for name in ("regions", "certificates", "firm", "decision_note")} == {
        "regions": ["33.74", "35"], "certificates": ["halal"], "firm": listing.firm.name, "decision_note": None,
    }  # fmt: skip
    listed = client.get("/api/listings").json()
    assert (listed["count"], listed["listings"][0]["regions"]) == (1, ["33.74", "35"])


@pytest.mark.parametrize(
    ("low", "high", "words"), [(1000, None, "mulai Rp"), (None, 1000, "hingga Rp"), (1000, 2000, " – Rp")]
)
def test_one_price_alone_says_which_end_it_is(sign_in_as, low, high, words):
    listing = draft(price_low=low, price_high=high)

    assert words in body(sign_in_as(member_of(listing)).get(page("listing", listing.pk)))
