"""Every page for everybody: who gets which, with what in it, and at how many queries."""

import io

import pytest
from django.core import mail
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from tests.factories import person
from tests.registry.firms import make_firm, make_member, make_profile

from gebyar.accounts.models import Role
from gebyar.registry.models import (
    Certificate,
    Contact,
    Correction,
    FactChange,
    Firm,
    FirmInvitation,
    FirmMember,
    Profile,
)
from gebyar.registry.services.certificates import add_certificate
from gebyar.registry.services.corrections import decide_correction, propose_correction
from gebyar.registry.services.firms import set_contact
from gebyar.registry.services.search import refresh_search

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PRIVATE = ["Jalan Rahasia", "1.200.000.000", "+628120000", "Bu Siti", "pemilik@uji.example", "250.000.000", "9120"]


@pytest.fixture
def firm():
    firm = make_firm(name="Batik Sekar", nib="9120555555555", address="Jalan Rahasia 7")
    make_profile(firm)
    Contact.objects.create(firm=firm, name="Bu Siti", phone="+628120000", email="pemilik@uji.example")
    Certificate.objects.create(firm=firm, kind="halal", number="ID-1")
    refresh_search()
    return firm


def body(response):
    return response.content.decode()


def page(route, *args):
    return reverse(f"registry:{route}", args=args)


# --- lists -------------------------------------------------------------------------------------------------------


def test_list_shows_anybody_the_public_facts_only(client, firm):
    text = body(client.get(page("firm_list"), {"q": "batik"}))

    assert all(word in text for word in ["Batik Sekar", "kain batik tulis", "Kota Semarang", "Tekstil", "halal"])
    assert not [word for word in PRIVATE if word in text]


@pytest.mark.parametrize(
    ("address", "shown"),
    [("?q=sekar", True), ("?q=kecap", False), ("?province=33", True), ("?province=35", False),
     ("?division=13", True), ("?certificate=halal", True), ("?certificate=sni", False),
     ("?province=xx&page=zz&size=huge", True), ("?province=33&regency=33.74", True),
     ("?q=batick", True)],
)  # fmt: skip
def test_list_narrows(client, firm, address, shown):
    response = client.get(page("firm_list") + address)

    assert (response.status_code, "Batik Sekar" in body(response)) == (200, shown)


@pytest.mark.parametrize(
    ("address", "shown"),
    [("?size=small", True), ("?size=large", False), ("?exports=1", False), ("?exports=0", False),
     ("?size=small&province=33", True), ("?size=large&province=33&regency=33.74", False)],
)  # fmt: skip
@pytest.mark.parametrize("who", ["local", "programme"])
def test_list_narrows_by_figures_for_officers(sign_in_as, firm, address, shown, who):
    client = sign_in_as(person(Role.LOCAL_OFFICER, "33.74") if who == "local" else person(Role.PROGRAMME_OFFICER))

    response = client.get(page("firm_list") + address)

    text = body(response)
    assert ("Batik Sekar" in text, 'name="size"' in text, 'name="exports"' in text) == (shown, True, True)


@pytest.mark.parametrize(
    "address", ["?size=large", "?size=small", "?exports=1", "?exports=0", "?size=large&province=33"]
)
@pytest.mark.parametrize("who", ["anonymous", "visitor", "member", "judge", "officer elsewhere"])
def test_list_tells_nobody_else_a_figure_and_says_so(client, sign_in_as, firm, address, who):
    people = {
        "visitor": person(), "member": make_member(firm), "judge": person(Role.JUDGE),
        "officer elsewhere": person(Role.LOCAL_OFFICER, "35.78"),
    }  # fmt: skip
    if who in people:
        sign_in_as(people[who])
    address += "" if who != "officer elsewhere" or "province" in address else "&province=33"
    client.cookies["django_language"] = "en"

    text = body(client.get(page("firm_list") + address))

    assert "Batik Sekar" in text
    assert ("were not used" in text, 'name="size"' in text) == (True, who == "officer elsewhere")


def test_list_keeps_an_officer_who_filters_by_figures_to_their_region(client, sign_in_as, firm):
    elsewhere = make_firm(name="Tenun Surabaya", region_code="35.78.01")
    make_profile(elsewhere)
    refresh_search()
    sign_in_as(person(Role.LOCAL_OFFICER, "33.74"))
    client.cookies["django_language"] = "en"

    narrowed = body(client.get(page("firm_list"), {"size": "small"}))

    assert ("Batik Sekar" in narrowed, "Tenun Surabaya" in narrowed) == (True, False)
    assert "the list shows Kota Semarang" in narrowed


def test_officer_of_several_regions_chooses_one_to_filter_by_figures(sign_in_as, firm):
    officer = person(Role.LOCAL_OFFICER, "33.74")
    officer.grants.create(role=Role.LOCAL_OFFICER, region_code="33.75")
    client = sign_in_as(officer)
    client.cookies["django_language"] = "en"

    unclear = body(client.get(page("firm_list"), {"size": "large"}))
    clear = body(client.get(page("firm_list"), {"size": "large", "province": "33", "regency": "33.74"}))

    assert ("choose from: Kota Semarang" in unclear, "Batik Sekar" in unclear) == (True, True)
    assert ("choose from" in clear, "Batik Sekar" in clear) == (False, False)


@pytest.mark.parametrize("language", ["id", "en"])
def test_public_page_shows_no_size_and_no_exports(client, firm, language):
    firm.profiles.update(exports=True)
    client.cookies["django_language"] = language

    for text in (body(client.get(page("firm_list"))), body(client.get(page("firm", firm.pk)))):
        assert not [word for word in ("Ukuran", "Ekspor", "Size", "Exports", "export") if word in text]


def test_filter_bar_does_not_call_its_fields_optional(client, sign_in_as, firm):
    assert "optional" not in body(client.get(page("firm_list"), {"q": "batik"}))
    sign_in_as(person())
    assert "optional" in body(client.get(page("firm_register")))


def test_source_of_what_the_firm_says_stands_in_the_readers_language(client, sign_in_as, firm):
    officer = person(Role.LOCAL_OFFICER, "33")
    made = propose_correction(
        actor=make_member(firm), firm=firm, field="sales", value="2000000000", reason="", year=timezone.localdate().year
    )
    decide_correction(actor=officer, correction=made, approve=True)
    sign_in_as(officer)

    texts = {}
    for language in ("id", "en"):
        client.cookies["django_language"] = language
        texts[language] = body(client.get(page("firm", firm.pk)))

    assert ("Pelaku usaha" in texts["id"], "Pelaku usaha" in texts["en"], "The firm itself" in texts["en"]) == (
        True, False, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "shown"), [("anonymous", False), ("visitor", True), ("member", True), ("officer", False), ("both", True)]
)
def test_navigation_shows_own_firms_to_those_who_may_have_one(client, sign_in_as, firm, who, shown):
    people = {"visitor": person(), "member": make_member(firm), "officer": person(Role.LOCAL_OFFICER, "33")}
    if who == "both":
        people["both"] = person(Role.LOCAL_OFFICER, "33")
        FirmMember.objects.create(firm=firm, user=people["both"])
    if who in people:
        sign_in_as(people[who])

    assert (f'href="{page("my_firms")}"' in body(client.get(page("map")))) == shown


def test_list_pages_keep_the_filters(client):
    for number in range(25):
        make_firm(name=f"Tenun Nomor {number:02}")
    refresh_search()

    first, second = (body(client.get(page("firm_list"), {"q": "tenun", "page": n})) for n in (1, 2))

    shown = [{f"Tenun Nomor {n:02}" for n in range(25) if f"Tenun Nomor {n:02}" in text} for text in (first, second)]
    assert [len(names) for names in shown] == [20, 5]
    assert shown[0].isdisjoint(shown[1])
    assert "q=tenun&amp;page=2" in first or "page=2&amp;q=tenun" in first


def test_list_says_what_to_do_when_empty(client):
    text = body(client.get(page("firm_list"), headers={"cookie": "django_language=en"}))

    assert "The first step is to take in a list" in text


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_number_of_queries_for_any_number_of_firms(client, django_assert_num_queries, count):
    for number in range(count):
        Certificate.objects.create(firm=make_firm(name=f"Batik {number}"), kind="halal", number=str(number))
    refresh_search()
    client.get(page("firm_list"))

    # words of the query, hits, firms with their certificates
    with django_assert_num_queries(3):
        assert body(client.get(page("firm_list"), {"q": "batik"})).count("Batik ") >= count


def test_closed_firms_are_not_listed(client, firm):
    Firm.objects.update(is_active=False)
    refresh_search()

    assert "Batik Sekar" not in body(client.get(page("firm_list")))


def test_map_counts_firms_by_province_and_leads_to_them(client, firm):
    text = body(client.get(page("map")))

    assert "Jawa Tengah" in text
    assert page("firm_list") + "?province=33" in text


def test_my_firms_lists_one_s_own_only(sign_in_as, firm):
    make_firm(name="Milik Orang")

    text = body(sign_in_as(make_member(firm)).get(page("my_firms")))

    assert ("Batik Sekar" in text, "Milik Orang" in text) == (True, False)


# --- one firm ----------------------------------------------------------------------------------------------------


def viewers(firm):
    return {
        "visitor": person(),
        "judge": person(Role.JUDGE),
        "far officer": person(Role.LOCAL_OFFICER, "35"),
        "other member": make_member(make_firm()),
        "member": make_member(firm),
        "officer": person(Role.LOCAL_OFFICER, "33.74"),
        "programme": person(Role.PROGRAMME_OFFICER),
        "administrator": person(Role.ADMINISTRATOR),
    }


ENTITLED = {"member", "officer", "programme", "administrator"}
WHO = ["visitor", "judge", "far officer", "other member", *sorted(ENTITLED)]


@pytest.mark.parametrize("who", WHO)
def test_firm_page_shows_private_facts_to_the_entitled_only(sign_in_as, firm, who):
    text = body(sign_in_as(viewers(firm)[who]).get(page("firm", firm.pk)))

    seen = [word for word in PRIVATE if word in text]
    assert "Batik Sekar" in text
    assert seen == (PRIVATE if who in ENTITLED else [])


def test_firm_page_of_the_public_tells_nothing_private(client, firm):
    text = body(client.get(page("firm", firm.pk)))

    assert not [word for word in PRIVATE if word in text]


@pytest.mark.parametrize("who", ["anonymous", *WHO])
def test_closed_firm_is_found_by_the_entitled_only(client, sign_in_as, firm, who):
    Firm.objects.filter(pk=firm.pk).update(is_active=False)
    if who != "anonymous":
        sign_in_as(viewers(firm)[who])

    assert client.get(page("firm", firm.pk)).status_code == (200 if who in ENTITLED else 404)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("route", ["fact", "contact", "members", "certificate_add", "certificate_file"])
def test_pages_of_a_firm_are_404_for_everybody_else(sign_in_as, firm, who, route):
    certificate = add_certificate(actor=make_member(firm), firm=firm, kind="sni", number="S1", file=_file(PDF))
    arguments = {"fact": [firm.pk, "sales"], "certificate_file": [firm.pk, certificate.pk]}.get(route, [firm.pk])

    response = sign_in_as(viewers(firm)[who]).get(page(route, *arguments))

    assert response.status_code == (200 if who in ENTITLED else 404)


def _file(content, name="scan.pdf"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def test_firm_page_shows_the_history_of_a_fact(sign_in_as, firm):
    member = make_member(firm)
    correction = propose_correction(actor=member, firm=firm, field="name", value="Batik Mekar", reason="")
    decide_correction(actor=person(Role.PROGRAMME_OFFICER), correction=correction, approve=True)
    older = make_profile(firm, year=2021, is_current=False, sales=900_000_000)
    assert older.pk

    text = body(sign_in_as(member).get(page("firm", firm.pk)))

    assert all(word in text for word in ["Batik Sekar", "Batik Mekar", "900.000.000", "2021"])


@pytest.mark.parametrize("count", [1, 3])
def test_firm_page_takes_the_same_number_of_queries_for_any_history(sign_in_as, firm, django_assert_num_queries, count):
    member = make_member(firm)
    officer = person(Role.PROGRAMME_OFFICER)
    for number in range(count):
        made = propose_correction(actor=member, firm=firm, field="name", value=f"Nama {number}", reason="")
        decide_correction(actor=officer, correction=made, approve=True)
        make_profile(firm, year=2010 + number, is_current=False)
    sign_in_as(member)
    address = page("firm", firm.pk)
    member_client = sign_in_as(member)
    member_client.get(address)

    # session, person, roles, firms acted for, the firm, its certificates; then profiles, changes, corrections,
    # certificates, photos and contacts
    with django_assert_num_queries(12):
        assert member_client.get(address).status_code == 200


# --- corrections -------------------------------------------------------------------------------------------------


def test_member_proposes_and_officer_approves(client, sign_in_as, firm):
    member, officer = make_member(firm), person(Role.LOCAL_OFFICER, "33")
    sign_in_as(member)
    response = client.post(
        page("fact", firm.pk, "sales"), {"value": "Rp 1,5 miliar", "year": "2023", "reason": "Sudah naik"}, follow=True
    )
    assert response.status_code == 200
    correction = Correction.objects.get()
    assert correction.new_value == "1500000000"

    sign_in_as(officer)
    assert "Batik Sekar" in body(client.get(page("correction_list")))
    assert "Sudah naik" in body(client.get(page("correction", correction.pk)))
    client.post(page("decide_correction", correction.pk), {"decision": "approve", "note": ""})

    assert Profile.objects.get(firm=firm, is_current=True).sales == 1_500_000_000


@pytest.mark.parametrize(
    ("field", "typed", "word"),
    [
        ("sales", "banyak", "angka"),
        ("nib", "123", "13"),
        ("kbli_code", "abc", "KBLI"),
        ("postal_code", "12", "lima"),
        ("latitude", "51.5, -0.1", "Indonesia"),
        ("name", "  ", ""),
        ("workers", "-3", ""),
    ],
)
def test_proposal_with_an_unreadable_value_says_why_and_stores_nothing(sign_in_as, firm, field, typed, word):
    response = sign_in_as(make_member(firm)).post(
        page("fact", firm.pk, field), {"value": typed, "year": "2023", "reason": "x", "kbli_version": "2020"}
    )

    assert response.context["form"].errors["value"]
    assert not Correction.objects.exists()


def test_region_is_chosen_downwards_without_scripts(sign_in_as, firm):
    client = sign_in_as(make_member(firm))
    address = page("fact", firm.pk, "region_code")

    more = body(client.post(address, {"regency": "35.78", "reason": "Pindah", "more": "1"}))
    assert all(word in more for word in ["Tegalsari", "Pindah"])
    assert "Gajahmungkur" not in more  # a district of the regency chosen before
    client.post(address, {"regency": "35.78", "district": "35.78.05", "reason": "Pindah"})

    assert Correction.objects.get().new_value == "35.78.05"


def test_officer_s_change_is_made_at_once(sign_in_as, firm):
    sign_in_as(person(Role.LOCAL_OFFICER, "33.74")).post(
        page("fact", firm.pk, "address"), {"value": "Jalan Baru 1", "reason": "Surat pindah"}
    )

    assert Firm.objects.get(pk=firm.pk).address == "Jalan Baru 1"
    assert FactChange.objects.get().new_value == "Jalan Baru 1"


@pytest.fixture
def correction(firm):
    return propose_correction(actor=make_member(firm), firm=firm, field="name", value="Nama Rahasia", reason="Sebab")


@pytest.mark.parametrize("who", ["visitor", "judge", "far officer", "other member"])
def test_correction_is_404_for_everybody_else(client, sign_in_as, firm, correction, who):
    sign_in_as(viewers(firm)[who])

    answers = [
        client.get(page("correction", correction.pk)),
        client.post(page("decide_correction", correction.pk), {"decision": "approve"}),
        client.post(page("withdraw_correction", correction.pk)),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    correction.refresh_from_db()
    assert correction.status == "pending"
    if who == "far officer":
        assert "Nama Rahasia" not in body(client.get(page("correction_list")))


def test_members_of_the_firm_cannot_decide(client, sign_in_as, firm, correction):
    sign_in_as(correction.proposed_by)

    assert "Nama Rahasia" in body(client.get(page("correction", correction.pk)))
    assert client.post(page("decide_correction", correction.pk), {"decision": "approve"}).status_code == 404
    correction.refresh_from_db()
    assert correction.status == "pending"


@pytest.mark.parametrize("count", [1, 3])
def test_queue_takes_the_same_number_of_queries_for_any_length(sign_in_as, django_assert_num_queries, count):
    for _ in range(count):
        firm = make_firm()
        propose_correction(actor=make_member(firm), firm=firm, field="name", value="Lain", reason="")
    client = sign_in_as(person(Role.LOCAL_OFFICER, "33"))
    client.get(page("correction_list"))

    # session, person, roles, second factor, own firms for the navigation, count, corrections
    with django_assert_num_queries(7):
        assert body(client.get(page("correction_list"))).count("Lain") == count


def test_decision_without_a_note_asks_for_one(sign_in_as, firm, correction):
    response = sign_in_as(person(Role.LOCAL_OFFICER, "33.74")).post(
        page("decide_correction", correction.pk), {"decision": "reject", "note": ""}
    )

    assert response.context["form"].non_field_errors()
    correction.refresh_from_db()
    assert correction.status == "pending"


# --- papers, people ----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _own_media(tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


def test_certificate_is_stored_under_a_name_nobody_can_guess_and_sent_as_a_download(sign_in_as, firm):
    client = sign_in_as(make_member(firm))
    client.post(
        page("certificate_add", firm.pk), {"kind": "sni", "number": "SNI 1", "file": _file(PDF, "../../etc/batik.exe")}
    )
    certificate = Certificate.objects.get(kind="sni")

    response = client.get(page("certificate_file", firm.pk, certificate.pk))

    assert certificate.file.name.endswith(".pdf")
    assert "batik" not in certificate.file.name
    assert b"".join(response.streaming_content) == PDF
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'attachment; filename="sni.pdf"'


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"<html>", b"MZ\x90\x00" + b"\0" * 100, b""])
def test_certificate_of_another_kind_of_file_is_refused(sign_in_as, firm, content):
    response = sign_in_as(make_member(firm)).post(
        page("certificate_add", firm.pk), {"kind": "sni", "number": "S", "file": _file(content, "scan.pdf")}
    )

    assert response.context["form"].errors
    assert not Certificate.objects.filter(kind="sni").exists()


def test_certificate_that_is_too_large_is_refused(sign_in_as, firm):
    response = sign_in_as(make_member(firm)).post(
        page("certificate_add", firm.pk), {"kind": "sni", "number": "S", "file": _file(PDF + b"0" * (5 * 1024 * 1024))}
    )

    assert "MB" in body(response)
    assert not Certificate.objects.filter(kind="sni").exists()


def test_certificate_of_another_firm_cannot_be_reached_through_one_s_own(sign_in_as, firm):
    own = make_firm()
    member = make_member(own)
    theirs = firm.certificates.get()
    client = sign_in_as(member)

    assert client.get(page("certificate_file", own.pk, theirs.pk)).status_code == 404
    assert client.post(page("certificate_remove", own.pk, theirs.pk)).status_code == 404
    assert Certificate.objects.filter(pk=theirs.pk).exists()


def test_certificate_is_taken_out_with_its_file(sign_in_as, firm, django_capture_on_commit_callbacks):
    member = make_member(firm)
    certificate = add_certificate(actor=member, firm=firm, kind="sni", number="S1", file=_file(PDF))
    storage, name = certificate.file.storage, certificate.file.name
    assert storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        sign_in_as(member).post(page("certificate_remove", firm.pk, certificate.pk))

    assert (Certificate.objects.filter(pk=certificate.pk).exists(), storage.exists(name)) == (False, False)


def test_contact_keeps_the_nik_sealed_and_never_shows_it(sign_in_as, firm):
    nik = "3374105205880001"
    client = sign_in_as(make_member(firm))
    client.post(page("contact", firm.pk), {"role": "owner", "name": "Bu Siti", "phone": "0812 3456 7890", "nik": nik})
    contact = Contact.objects.get(firm=firm)

    assert contact.phone == "+6281234567890"
    assert contact.nik_hash
    assert nik.encode() not in bytes(contact.nik_sealed)
    assert nik not in body(client.get(page("firm", firm.pk))) + body(client.get(page("contact", firm.pk)))


def test_contact_without_a_nik_keeps_the_one_stored(firm):
    member = make_member(firm)
    set_contact(actor=member, firm=firm, role="owner", name="A", nik="3374105205880001")

    set_contact(actor=member, firm=firm, role="owner", name="B")

    contact = Contact.objects.get(firm=firm)
    assert (contact.name, bool(contact.nik_sealed)) == ("B", True)


def test_invitation_is_mailed_and_accepted_once_by_the_invited(
    client, sign_in_as, firm, django_capture_on_commit_callbacks
):
    friend, stranger = person(), person()
    sign_in_as(make_member(firm))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("members", firm.pk), {"email": friend.email.upper()})
    link = next(word for word in mail.outbox[0].body.split() if "/invitations/" in word)
    path = link[link.index("/firms/") :]
    assert link.rpartition("/invitations/")[2].strip("/") not in str(FirmInvitation.objects.values())

    sign_in_as(stranger)
    client.post(path)
    assert not stranger.memberships.exists()
    sign_in_as(friend)
    client.get(path)
    assert not friend.memberships.exists()  # opening a link changes nothing
    client.post(path)
    client.post(path)

    assert [member.firm for member in friend.memberships.all()] == [firm]


def test_last_member_cannot_leave_but_an_officer_can_end_it(client, sign_in_as, firm):
    member = make_member(firm)
    address = page("end_membership", firm.pk, FirmMember.objects.get().pk)
    sign_in_as(member)
    client.post(address)
    assert FirmMember.objects.filter(ended_at__isnull=True).exists()

    sign_in_as(person(Role.LOCAL_OFFICER, "33.74"))
    client.post(address)
    assert not FirmMember.objects.filter(ended_at__isnull=True).exists()


# --- a new firm --------------------------------------------------------------------------------------------------


def register(client, **facts):
    steps = [
        {"name": "Tenun Mandiri", "nib": "9120777777777"} | facts,
        {"regency": "33.74", "district": "33.74.10", "address": "Jalan Baru", "postal_code": "50275"},
        {"products": "tenun ikat\nlurik", "kbli_code": "13121", "kbli_version": "2020", "phone": "081234567890"},
    ]
    for number, step in enumerate(steps, 1):
        response = client.post(f"{page('firm_register')}?step={number}", step)
    return response


def test_owner_registers_a_firm_that_an_officer_lets_in(client, sign_in_as):
    owner = person()
    sign_in_as(owner)
    register(client)

    firm = Firm.objects.get(name="Tenun Mandiri")
    assert (firm.nib, firm.region_code, firm.products, firm.kbli_code, firm.is_active) == (
        "9120777777777", "33.74.10", ["tenun ikat", "lurik"], "13121", False,
    )  # fmt: skip
    assert [member.user for member in firm.members.all()] == [owner]
    assert "Tenun Mandiri" in body(client.get(page("my_firms")))
    client.logout()
    assert client.get(page("firm", firm.pk)).status_code == 404

    officer = person(Role.LOCAL_OFFICER, "33")
    sign_in_as(officer)
    client.post(page("decide_correction", firm.corrections.get().pk), {"decision": "approve", "note": ""})
    client.logout()
    assert "Tenun Mandiri" in body(client.get(page("firm_list"), {"q": "lurik"}))


def test_known_nib_leads_to_asking_for_membership(client, sign_in_as, firm):
    owner = person()
    sign_in_as(owner)

    response = client.post(f"{page('firm_register')}?step=1", {"name": "Batik Sekar", "nib": firm.nib})
    assert page("ask_membership", firm.pk) in body(response)
    assert not Firm.objects.exclude(pk=firm.pk).exists()

    client.post(page("ask_membership", firm.pk), {"reason": "Saya pemiliknya"})
    request = Correction.objects.get()
    decide_correction(actor=person(Role.PROGRAMME_OFFICER), correction=request, approve=True)
    assert [member.firm for member in owner.memberships.all()] == [firm]


def test_hidden_firm_can_be_asked_for_only_by_its_nib_and_keeps_its_name(client, sign_in_as, firm):
    Firm.objects.filter(pk=firm.pk).update(is_active=False)
    sign_in_as(person())
    assert client.get(page("ask_membership", firm.pk)).status_code == 404

    client.post(f"{page('firm_register')}?step=1", {"name": "Saya", "nib": firm.nib})
    text = body(client.get(page("ask_membership", firm.pk)))

    assert ("Batik Sekar" in text, firm.nib in text) == (False, True)


def test_steps_cannot_be_skipped(sign_in_as):
    assert sign_in_as(person()).get(f"{page('firm_register')}?step=3").context["number"] == 1


# --- export ------------------------------------------------------------------------------------------------------


def test_export_page_is_for_officers(client, sign_in_as, firm):
    sign_in_as(make_member(firm))
    assert client.post(page("export"), {"format": "csv"}).status_code == 404

    sign_in_as(person(Role.LOCAL_OFFICER, "33"))
    response = client.post(page("export"), {"format": "csv"})

    content = b"".join(response.streaming_content)
    assert b"Batik Sekar" in io.BytesIO(content).read()
    assert timezone.localdate().isoformat() in response["Content-Disposition"]
