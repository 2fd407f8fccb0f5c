"""Entering: drafts, what is missing, handing in, the receipt, withdrawing."""

import json
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from tests.awards.making import category, draft, edition, entry, fit_firm, organiser
from tests.factories import person
from tests.registry.firms import make_firm, make_member, make_profile

from gebyar.accounts import personal_data
from gebyar.awards.errors_entering import (
    CallClosed,
    EditionNotOpen,
    EntryHandedIn,
    EntryIncomplete,
    EntryKnown,
    EntryWithdrawn,
    NotForYou,
    NotYourEntry,
    TooManyMembers,
    UnfitAnswer,
    UnknownQuestion,
)
from gebyar.awards.models import Edition, Entry
from gebyar.awards.queries.entries import missing, state_of, visible_to
from gebyar.awards.services import editions, entries
from gebyar.awards.services.entries import Member, begin_entry, save_entry, submit_entry, withdraw_entry
from gebyar.awards.services.receipts import receipt_text
from gebyar.records.canonical import sha256
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def food():
    return category()


def begun(food, **facts):
    firm = fit_firm(**facts)
    member = make_member(firm)
    return member, firm, begin_entry(actor=member, category=food, kind="firm", firm=firm)


def keys(found):
    return [one.key for one in missing(found)]


def test_draft_says_from_the_first_minute_what_is_missing(food):
    _member, _firm, made = begun(food)

    assert (made.status, made.number, keys(made)) == (
        "draft", None, ["title", "product", "story", "nib", "photo", "original"],
    )  # fmt: skip
    assert all(one.remedy and one.url for one in missing(made))


def test_saved_parts_stay_and_are_no_longer_missing(food):
    member, _firm, made = begun(food)

    save_entry(actor=member, entry=made, title="  Keripik  ", answers={"product": "Keripik pisang"})
    saved = save_entry(actor=member, entry=made, answers={"story": "Baru"}, declared={"original": True})

    assert (saved.title, saved.answers, keys(saved)) == (
        "Keripik", {"product": "Keripik pisang", "story": "Baru"}, ["nib", "photo"],
    )  # fmt: skip


def test_emptied_answer_is_taken_away(food):
    member, _firm, made = begun(food)
    save_entry(actor=member, entry=made, answers={"product": "Keripik"})

    assert save_entry(actor=member, entry=made, answers={"product": " "}).answers == {}


@pytest.mark.parametrize(
    ("answers", "error"),
    [({"nothing": "x"}, UnknownQuestion), ({"material": "gold"}, UnfitAnswer), ({"product": "x" * 121}, UnfitAnswer)],
)
def test_answer_that_cannot_be_taken_changes_nothing(food, answers, error):
    member, _firm, made = begun(food)

    with pytest.raises(error):
        save_entry(actor=member, entry=made, answers={"story": "Baru", **answers})

    made.refresh_from_db()
    assert made.answers == {}


def test_handing_in_gives_a_number_a_receipt_and_a_mail(food, django_capture_on_commit_callbacks):
    first = entry(food)
    made = entry(food, submitted=False)
    member = made.firm.members.get().user

    with django_capture_on_commit_callbacks(execute=True):
        done = submit_entry(actor=member, entry=made)

    assert (done.status, done.number) == ("submitted", first.number + 1)
    stored = Entry.objects.get(pk=done.pk)
    assert stored.receipt_hash == sha256(receipt_text(stored))
    assert json.loads(receipt_text(stored))["documents"].keys() == {"nib", "photo"}
    assert stored.facts["groups"] == ["province:33", "small", "women", "first_time"]
    assert stored.facts["firm"]["nib"] == made.firm.nib
    assert [(letter.to, stored.receipt_hash in letter.body) for letter in mail.outbox] == [([member.email], True)]
    assert AuditEntry.objects.get(verb="awards.submit_entry").after["number"] == done.number


def test_receipt_hash_depends_on_every_answer_and_document(food):
    made = entry(food)
    before = receipt_text(made)
    made.answers = {**made.answers, "story": "Lain"}
    assert receipt_text(made) != before


def test_incomplete_entry_is_refused_with_everything_that_is_missing(food):
    member, _firm, made = begun(food)

    with pytest.raises(EntryIncomplete) as told:
        submit_entry(actor=member, entry=made)

    assert [one.key for one in told.value.missing] == ["title", "product", "story", "nib", "photo", "original"]
    made.refresh_from_db()
    assert (made.status, made.number) == ("draft", None)


def test_firm_that_fails_a_condition_cannot_hand_in_until_the_register_is_right(food):
    firm = make_firm()
    profile = make_profile(firm, workers_male=20, workers_female=20, workers=40, investment=20_000_000_000)
    made = entry(food, firm=firm, submitted=False)
    member = firm.members.get().user
    assert keys(made) == ["size"]
    with pytest.raises(EntryIncomplete):
        submit_entry(actor=member, entry=made)

    profile.investment = 250_000_000
    profile.save()

    assert submit_entry(actor=member, entry=made).status == "submitted"


def test_unknown_fact_is_advised_and_stops_nobody(food):
    firm = make_firm()
    made = entry(food, firm=firm, submitted=False)
    state = state_of(made)

    assert ([one.key for one in state.advised], state.missing) == (["size"], [])
    assert {one.condition.id: one.state for one in state.standings} == {
        "size": "unknown", "active": "met", "original": "met",
    }  # fmt: skip
    assert [words for words, _url in state.standings[0].links] == [
        "Tenaga kerja",
        "Nilai investasi di luar tanah dan bangunan",
    ]


@pytest.mark.parametrize("status", ["submitted", "withdrawn"])
def test_entry_that_is_no_draft_stands_as_it_is(food, status):
    made = entry(food)
    member = made.firm.members.get().user
    if status == "withdrawn":
        withdraw_entry(actor=member, entry=made)
    error = EntryHandedIn if status == "submitted" else EntryWithdrawn

    for act in (
        lambda: save_entry(actor=member, entry=made, title="Lain"),
        lambda: submit_entry(actor=member, entry=made),
    ):
        with pytest.raises(error):
            act()


def test_withdrawn_entry_keeps_its_number_and_makes_room_for_another(food):
    made = entry(food)
    member = made.firm.members.get().user

    withdraw_entry(actor=member, entry=made)
    again = begin_entry(actor=member, category=food, kind="firm", firm=made.firm)

    made.refresh_from_db()
    assert (made.status, made.number, again.status) == ("withdrawn", 1, "draft")


def test_nothing_can_be_withdrawn_once_the_edition_is_ended(food):
    made = entry(food)
    editions.end_edition(actor=None, edition=food.edition)

    with pytest.raises(EditionNotOpen):
        withdraw_entry(actor=made.firm.members.get().user, entry=made)


def test_one_open_entry_for_each_firm_and_category(food):
    member, firm, _made = begun(food)

    with pytest.raises(EntryKnown):
        begin_entry(actor=member, category=food, kind="firm", firm=firm)
    craft = food.edition.categories.get(key="craft")
    assert begin_entry(actor=member, category=craft, kind="firm", firm=firm).status == "draft"


@pytest.mark.parametrize(
    "how", [{"opens_in": timedelta(days=1)}, {"opens_in": timedelta(days=-9), "closes_in": timedelta(days=-1)}]
)
def test_nothing_comes_in_outside_the_days_of_the_call(how):
    food = category(edition(**how))
    firm = fit_firm()
    member = make_member(firm)
    made = entry(food, firm=firm, submitted=False)

    for act in (
        lambda: begin_entry(actor=member, category=food, kind="firm", firm=fit_firm()),
        lambda: save_entry(actor=member, entry=made, title="Lain"),
        lambda: submit_entry(actor=member, entry=made),
    ):
        with pytest.raises(CallClosed):
            act()


def test_code_drawn_twice_is_drawn_again(food, monkeypatch):
    codes = iter(["AAAAAA", "AAAAAA", "CCCCCC"])
    monkeypatch.setattr(entries, "new_code", lambda: next(codes))

    begun(food)
    _member, _firm, second = begun(food)

    assert (second.code, Entry.objects.count()) == ("CCCCCC", 2)


def test_only_who_acts_for_the_firm_writes_and_hands_in(food):
    made = entry(food, submitted=False)
    others = [person(), make_member(make_firm()), organiser(), person("local_officer", "33.74")]

    for other in others:
        for act in (
            lambda other=other: save_entry(actor=other, entry=made, title="Lain"),
            lambda other=other: submit_entry(actor=other, entry=made),
            lambda other=other: withdraw_entry(actor=other, entry=made),
            lambda other=other: begin_entry(actor=other, category=food, kind="firm", firm=made.firm),
        ):
            with pytest.raises(NotYourEntry):
                act()
    made.refresh_from_db()
    assert (made.status, made.title != "Lain") == ("draft", True)


def test_kind_of_entrant_has_to_be_allowed():
    food = category(edition(entrants=["firm", "group"]))

    with pytest.raises(NotForYou):
        begin_entry(actor=person(), category=food, kind="person", region_code="33.74")


def test_drafts_are_seen_by_their_own_and_the_officers_of_the_region(food):
    made = entry(food, submitted=False)
    alone = entry(food, kind="person", submitted=False)
    seen = {
        "member": made.firm.members.get().user, "person": alone.entrant, "visitor": person(), "judge": person("judge"),
        "local": person("local_officer", "33.74"), "far": person("local_officer", "35"), "programme": organiser(),
    }  # fmt: skip

    assert {name: sorted(visible_to(user).values_list("pk", flat=True)) for name, user in seen.items()} == {
        "member": [made.pk], "person": [alone.pk], "visitor": [], "judge": [], "local": [made.pk, alone.pk], "far": [],
        "programme": [made.pk, alone.pk],
    }  # fmt: skip


# --- people -----------------------------------------------------------------------------------------------------


def test_group_gives_its_people_with_sealed_days_of_birth(food):
    speaker = person(name="Sari")
    made = begin_entry(actor=speaker, category=food, kind="group", region_code="33.74")
    assert [member.name for member in made.members.all()] == ["Sari"]
    assert "births" in keys(made)

    save_entry(
        actor=speaker, entry=made,
        members=[Member("Sari", "perancang", date(1999, 5, 1)), Member("Tono", "penjahit", date(2001, 2, 3))],
    )  # fmt: skip

    stored = list(made.members.all())
    assert [(one.name, b"1999" in bytes(one.birth_sealed)) for one in stored] == [("Sari", False), ("Tono", False)]
    assert [one.state for one in state_of(made).standings if one.condition.id == "age"] == ["met"]


def test_one_who_is_too_old_on_the_closing_day_stops_the_group(food):
    made = entry(food, kind="group", submitted=False)
    closing = timezone.localdate(made.edition.closes_at)
    birthday = date(closing.year - 41, closing.month, closing.day)
    people = [Member("Muda", birth=date(2000, 1, 1)), Member("Tua", birth=birthday)]

    save_entry(actor=made.entrant, entry=made, members=people)
    assert keys(made) == ["age"]

    people[1] = Member("Tua", birth=birthday + timedelta(days=1))
    save_entry(actor=made.entrant, entry=made, members=people)
    assert keys(made) == []


def test_no_more_people_than_the_rules_allow(food):
    made = entry(food, kind="group", submitted=False)

    with pytest.raises(TooManyMembers):
        save_entry(actor=made.entrant, entry=made, members=[Member(f"Orang {n}") for n in range(6)])
    assert made.members.count() == 2


def test_a_group_of_one_is_told_that_it_needs_two(food):
    made = entry(food, kind="group", submitted=False)
    save_entry(actor=made.entrant, entry=made, members=[Member("Sari", birth=date(2000, 1, 1))])

    assert keys(made) == ["members"]


# --- the register fills in --------------------------------------------------------------------------------------


def test_fact_of_the_register_answers_a_question_and_is_kept_as_it_was_when_handed_in():
    asked = {
        "id": "material", "names": {"id": "Bahan", "en": "Material"}, "help": {"id": "", "en": ""}, "kind": "long",
        "register": "raw_materials",
    }  # fmt: skip
    food = category(edition(questions=[asked]))
    firm = make_firm()
    profile = make_profile(firm, raw_materials="singkong dari Wonogiri")
    made = entry(food, firm=firm, submitted=False, answers={})
    assert keys(made) == []

    submit_entry(actor=firm.members.get().user, entry=made)
    profile.raw_materials = "lain"
    profile.save()

    made.refresh_from_db()
    told = made.facts["register"]["material"]
    assert (made.answers, told["value"], bool(told["source"])) == ({}, "singkong dari Wonogiri", True)


def test_first_time_is_told_apart_from_who_handed_in_before():
    earlier, later = draft(award="ulang"), None
    Edition.objects.filter(pk=earlier.pk).update(year=earlier.year - 1, slug="ulang-before")
    earlier.refresh_from_db()
    earlier = editions.publish_edition(actor=None, edition=earlier)
    old = entry(category(earlier))
    later = edition(award="ulang")
    made = entry(category(later), firm=old.firm, submitted=False)

    done = submit_entry(actor=old.firm.members.first().user, entry=made)

    assert "first_time" not in done.facts["groups"]


# --- what is held on a person -----------------------------------------------------------------------------------


def test_person_gets_a_copy_of_their_entries_and_has_them_erased(food, django_capture_on_commit_callbacks):
    made = entry(food, kind="group", submitted=False)
    done = entry(food, kind="person")
    firm = entry(food)
    file = made.documents.first().file

    told = personal_data.export(made.entrant)["awards"]
    with django_capture_on_commit_callbacks(execute=True):
        personal_data.erase(made.entrant)
        personal_data.erase(done.entrant)
        personal_data.erase(firm.entrant)

    assert [(one["answers"], one["members"][0]["birth"]) for one in told] == [(made.answers, "1999-05-17")]
    stored = [Entry.objects.get(pk=one.pk) for one in (made, done, firm)]
    assert [(one.status, bool(one.answers), one.members.count(), one.documents.count()) for one in stored] == [
        ("withdrawn", False, 0, 0), ("submitted", True, 0, 0), ("submitted", True, 0, 2),
    ]  # fmt: skip
    assert not file.storage.exists(file.name)


def test_new_entry_goes_on_with_what_the_withdrawn_one_held(food):
    made = entry(food, kind="group")
    withdraw_entry(actor=made.entrant, entry=made)

    again = begin_entry(actor=made.entrant, category=food, kind="group", region_code="33.74")

    assert (again.title, again.answers, again.declared) == (made.title, made.answers, {})
    assert [one.name for one in again.members.all()] == ["Anggota 1", "Anggota 2"]
    assert keys(again) == ["original"]
    names = {paper.file.name for one in (made, again) for paper in one.documents.all()}
    assert len(names) == 4
