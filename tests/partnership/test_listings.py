from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from tests.factories import person
from tests.partnership.market import PRICES, approved, draft, member_of, tiny_photo, waiting
from tests.registry.firms import make_firm, make_member

from gebyar.accounts.models import Role
from gebyar.partnership.errors import (
    ChangedSince,
    ListingClosed,
    ListingNotReady,
    NoteNeeded,
    NotWaiting,
    NotYourFirm,
    NotYourRegion,
    OwnListing,
    TooManyListingPhotos,
    UnfitListing,
)
from gebyar.partnership.models import Listing, ListingPhoto
from gebyar.partnership.queries.listings import (
    ListingFilters,
    find_listings,
    listings_of,
    listings_to_decide,
    search_listings,
    shown_listings,
    visible_listings,
)
from gebyar.partnership.services.listings import change_listing, close_listing, decide_listing, send_listing
from gebyar.partnership.services.photos import add_listing_photo, remove_listing_photo
from gebyar.records.models import AuditEntry
from gebyar.registry.errors import UnfitPhoto
from gebyar.registry.models import Firm, FirmMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return person(Role.LOCAL_OFFICER, "33.74")


def status_of(listing):
    return str(Listing.objects.get(pk=listing.pk).status)


def test_listing_goes_from_draft_to_shown(officer, django_capture_on_commit_callbacks):
    listing = draft()
    seen = [list(shown_listings())]
    send_listing(actor=member_of(listing), listing=listing)
    seen.append(list(listings_to_decide(officer)))

    with django_capture_on_commit_callbacks(execute=True):
        decide_listing(actor=officer, listing=listing, approve=True)

    assert seen == [[], [listing]]
    assert list(shown_listings()) == [listing]
    assert list(listings_to_decide(officer)) == []
    assert [letter.to for letter in mail.outbox] == [[member_of(listing).email]]
    assert "disetujui" in mail.outbox[0].body


def test_listing_sent_back_has_a_reason_and_can_be_sent_again(officer, django_capture_on_commit_callbacks):
    listing = waiting()
    with pytest.raises(NoteNeeded):
        decide_listing(actor=officer, listing=listing, approve=False, note=" ")

    with django_capture_on_commit_callbacks(execute=True):
        decide_listing(actor=officer, listing=listing, approve=False, note="Sebutkan kemasannya")
    back = status_of(listing)
    changed = change_listing(actor=member_of(listing), listing=listing, description="Kemasan 250 g")

    assert (back, status_of(changed)) == ("rejected", "draft")
    assert "Sebutkan kemasannya" in mail.outbox[0].body
    assert send_listing(actor=member_of(listing), listing=listing).status == "waiting"


@pytest.mark.parametrize(("role", "region"), [(Role.LOCAL_OFFICER, "35.78"), (Role.JUDGE, ""), (None, "")])
def test_decision_of_somebody_else_changes_nothing(role, region):
    listing = waiting()

    with pytest.raises(NotYourRegion):
        decide_listing(actor=person(role, region), listing=listing, approve=True)

    assert status_of(listing) == "waiting"


def test_officer_does_not_decide_on_the_own_firms_listing(officer):
    listing = waiting()
    FirmMember.objects.create(firm=listing.firm, user=officer)

    with pytest.raises(OwnListing):
        decide_listing(actor=officer, listing=listing, approve=True)

    assert status_of(listing) == "waiting"
    assert list(listings_to_decide(officer)) == []


def test_decision_on_an_earlier_version_is_refused(officer):
    listing = waiting()
    seen = listing.changed_at
    change_listing(actor=member_of(listing), listing=listing, title="Obat kuat")

    with pytest.raises(ChangedSince):
        decide_listing(actor=officer, listing=listing, approve=True, seen=seen)

    assert status_of(listing) == "waiting"


def test_decided_listing_is_not_decided_again(officer):
    listing = approved()

    with pytest.raises(NotWaiting):
        decide_listing(actor=officer, listing=listing, approve=False, note="Tidak")

    assert status_of(listing) == "approved"


def test_changed_listing_is_hidden_until_approved_again(officer):
    listing = approved()

    change_listing(actor=member_of(listing), listing=listing, title="Keripik singkong manis")

    assert (status_of(listing), list(shown_listings())) == ("waiting", [])
    decide_listing(actor=officer, listing=listing, approve=True)
    assert [one.title for one in shown_listings()] == ["Keripik singkong manis"]


def test_listing_said_again_as_it_was_stays_shown():
    listing = approved()

    change_listing(actor=member_of(listing), listing=listing, title="  Keripik singkong  pedas", certificates=["halal"])

    assert status_of(listing) == "approved"


def test_closed_listing_stays_closed():
    listing = approved()
    member = member_of(listing)
    close_listing(actor=member, listing=listing)

    for act in (close_listing, change_listing):
        with pytest.raises(ListingClosed):
            act(actor=member, listing=listing)
    with pytest.raises(ListingNotReady):
        send_listing(actor=member, listing=listing)
    assert list(shown_listings()) == []


def test_member_of_another_firm_may_nothing():
    listing, stranger = draft(), make_member(make_firm())
    before = Listing.objects.values().get()

    for act in (change_listing, send_listing, close_listing):
        with pytest.raises(NotYourFirm):
            act(actor=stranger, listing=listing)
    with pytest.raises(NotYourFirm):
        draft(firm=listing.firm, member=stranger)
    with pytest.raises(NotYourFirm):
        add_listing_photo(actor=stranger, listing=listing, file=tiny_photo(), alternative="Keripik")

    assert Listing.objects.values().get() == before
    assert ListingPhoto.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"description": "x" * 2001}, "description"),
        ({"direction": "both"}, "direction"),
        ({"role": "friend"}, "role"),
        ({"relation": "marriage"}, "relation"),
        ({"period": "day"}, "period"),
        ({"quantity": 0.0}, "quantity"),
        ({"quantity": float("nan")}, "quantity"),
        ({"quantity": 5.0, "unit": ""}, "unit"),
        ({"price_low": -1}, "price_low"),
        ({"price_low": 20, "price_high": 10}, "price_high"),
        ({"price_high": 10**15}, "price_high"),
        ({"lead_time_days": 4000}, "lead_time_days"),
        ({"certificates": ("halal", "iso")}, "certificates"),
        ({"kbli_codes": ("1079",)}, "kbli_codes"),
        ({"kbli_codes": tuple(f"1079{n}" for n in range(6))}, "kbli_codes"),
        ({"regions": ("33", "99")}, "regions"),
        ({"regions": ("33.74.10",)}, "regions"),
        ({"routes": ("33>34", "33-34")}, "routes"),
        ({"routes": ("33.74>99.99",)}, "routes"),
    ],
)
def test_listing_that_makes_no_sense_is_refused_by_its_field(facts, field):
    with pytest.raises(UnfitListing) as refused:
        draft(**facts)

    assert refused.value.facts["field"] == field
    assert str(refused.value).startswith(f"{field}: ")
    assert Listing.objects.count() == 0


def test_listing_past_its_day_is_not_shown():
    today = timezone.localdate()
    approved(valid_until=today - timedelta(days=1), title="Kemarin")
    approved(valid_until=today, title="Hari ini")

    assert [listing.title for listing in shown_listings()] == ["Hari ini"]


def test_listing_of_a_firm_that_is_not_shown_is_not_shown():
    listing = approved()
    listing.firm.is_active = False
    listing.firm.save()

    assert list(shown_listings()) == []


def test_each_reader_sees_what_they_may(officer):
    listings = {
        "draft": draft(),
        "waiting": waiting(),
        "approved": approved(),
        "far": waiting(firm=make_firm(region_code="35.78.10")),
    }
    closed = approved()
    listings["closed"] = close_listing(actor=member_of(closed), listing=closed)
    readers = {
        "visitor": person(), "member": member_of(listings["draft"]), "officer": officer,
        "national": person(Role.PROGRAMME_OFFICER),
    }  # fmt: skip

    seen = {
        name: sorted(key for key, one in listings.items() if visible_listings(user).filter(pk=one.pk).exists())
        for name, user in readers.items()
    }

    assert seen == {
        "visitor": ["approved"],
        "member": ["approved", "draft"],
        "officer": ["approved", "closed", "waiting"],
        "national": ["approved", "closed", "far", "waiting"],
    }


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["Angkut", "Batik", "Keripik"]),
        ({"direction": "need"}, ["Angkut"]),
        ({"role": "supplier"}, ["Batik", "Keripik"]),
        ({"kbli": "13"}, ["Batik"]),
        ({"kbli": "10794"}, ["Keripik"]),
        ({"kbli": "%"}, []),
        ({"region": "33.74"}, ["Angkut", "Keripik"]),
        ({"region": "33"}, ["Angkut", "Batik", "Keripik"]),
        ({"certificate": "halal"}, ["Keripik"]),
        ({"words": "tulis indigo"}, ["Batik"]),
        ({"words": "tulis keripik"}, []),
    ],
)
def test_search_narrows_by_each_filter(filters, found):
    approved(title="Keripik")
    approved(
        title="Batik", description="kain tulis, indigo", kbli_codes=("46411", "13134"), certificates=(),
        firm=make_firm(region_code="33.75.01"),
    )  # fmt: skip
    approved(title="Angkut", direction="need", role="logistics", kbli_codes=(), certificates=(), description="")
    draft(title="Rahasia")

    assert sorted(listing.title for listing in search_listings(ListingFilters(**filters))) == found


def test_search_looks_through_title_description_and_the_name_of_the_firm():
    firm = make_firm(name="Griya Rasa")
    listing = approved(firm=firm, title="Keripik", description="Renyah 100% singkong")

    def found(words):
        return list(search_listings(ListingFilters(words=words)))

    assert all(found(words) == [listing] for words in ("KERIPIK", "singk", "griya", "rasa keripik", "100%"))
    assert all(found(words) == [] for words in ("tahu", "keripik tahu", "1_0"))

    Firm.objects.filter(pk=firm.pk).update(name="Dapur Ibu")
    assert (found("griya"), found("dapur")) == ([], [listing])

    change_listing(actor=member_of(listing), listing=listing, title="Emping")
    decide_listing(actor=person(Role.PROGRAMME_OFFICER), listing=listing, approve=True)
    assert (found("keripik"), found("emping dapur")) == ([], [listing])


def test_list_ends_at_its_cap_and_says_so(monkeypatch):
    from gebyar.partnership.queries import listings

    monkeypatch.setattr(listings, "CAP", 2)
    shown = [approved(title=title) for title in ("Emping", "Keripik", "Kerupuk")]

    found = find_listings(ListingFilters())

    assert (found.ids, found.count) == ([shown[2].pk, shown[1].pk], None)
    assert listings_of(reversed(found.ids)) == [shown[1], shown[2]]
    assert find_listings(ListingFilters(words="emping")).count == 1


def test_audit_trail_tells_every_act_and_no_price(officer):
    listing = waiting()
    decide_listing(actor=officer, listing=listing, approve=True)
    change_listing(actor=member_of(listing), listing=listing, price_low=PRICES[0] + 1)

    entries = AuditEntry.objects.filter(verb__startswith="partnership.").order_by("pk")
    assert [entry.verb.partition(".")[2] for entry in entries] == [
        "write_listing", "send_listing", "approve_listing", "change_listing",
    ]  # fmt: skip
    kept = "".join(f"{entry.before}{entry.after}" for entry in entries)
    assert not [price for price in (*PRICES, PRICES[0] + 1) if str(price) in kept]


# --- photos --------------------------------------------------------------------------------------------------------


def test_photo_hides_a_shown_listing_until_approved(officer):
    listing = approved()

    photo = add_listing_photo(actor=member_of(listing), listing=listing, file=tiny_photo(), alternative="Keripik")

    assert status_of(listing) == "waiting"
    assert (photo.alternative, photo.width, photo.height) == ("Keripik", 1, 1)
    decide_listing(actor=officer, listing=listing, approve=True)
    remove_listing_photo(actor=member_of(listing), photo=photo)
    assert (status_of(listing), ListingPhoto.objects.count()) == ("waiting", 0)


def test_photos_are_limited_and_looked_into():
    from django.core.files.base import ContentFile

    listing = draft()
    member = member_of(listing)
    for _number in range(4):
        add_listing_photo(actor=member, listing=listing, file=tiny_photo(), alternative="Keripik")

    with pytest.raises(TooManyListingPhotos):
        add_listing_photo(actor=member, listing=listing, file=tiny_photo(), alternative="Keripik")
    with pytest.raises(UnfitPhoto):
        add_listing_photo(actor=member, listing=listing, file=ContentFile(b"GIF89a", name="a.jpg"), alternative="x")
    assert ListingPhoto.objects.count() == 4


def test_photo_taken_out_twice_is_noted_once():
    listing = draft()
    photo = add_listing_photo(actor=member_of(listing), listing=listing, file=tiny_photo(), alternative="Keripik")
    twin = ListingPhoto.objects.select_related("listing__firm").get()

    remove_listing_photo(actor=member_of(listing), photo=photo)
    remove_listing_photo(actor=member_of(listing), photo=twin)

    assert AuditEntry.objects.filter(verb="partnership.remove_listing_photo").count() == 1
