"""Editions: versions of rules, publishing, what stands still afterwards, and the editor's pages."""

from datetime import timedelta

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from tests.awards.making import document, draft, edition, organiser
from tests.factories import person
from tests.security.html import inline_parts

from gebyar.awards.editing import differences
from gebyar.awards.errors_entering import (
    ClosesBeforeItOpens,
    EditionFrozen,
    EditionKnown,
    EditionNotOpen,
    OnlyLater,
    RulesFaulty,
    RulesUnchanged,
    UnknownAward,
)
from gebyar.awards.models import Edition, RulesVersion, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.services import editions
from gebyar.records.errors import NotAllowed
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAYS = {"opens_at": NOW, "closes_at": NOW + timedelta(days=30)}


def page(route, *args):
    return reverse(f"awards:{route}", args=args)


def text_of(response):
    assert response.status_code == 200
    text = response.content.decode()
    assert inline_parts(text) == []
    return text


# --- services ---------------------------------------------------------------------------------------------------


def test_edition_of_a_programme_begins_with_its_rules_of_the_year():
    made = editions.create_edition(actor=organiser(), award="ifca", year=2022, title="IFCA 2022", **DAYS)

    assert (made.slug, made.status, made.version.number, made.seed > 0) == ("ifca-2022", "draft", 1, True)
    assert rules_of(made).conditions[0].parameters["most"] == 35
    assert AuditEntry.objects.get(verb="awards.create_edition").after == {"award": "ifca", "year": 2022}


def test_edition_cannot_begin_twice_nor_without_rules_nor_backwards():
    editions.create_edition(actor=None, award="ifi", year=2026, title="IFI", **DAYS)
    with pytest.raises(EditionKnown):
        editions.create_edition(actor=None, award="ifi", year=2026, title="IFI", **DAYS)
    with pytest.raises(UnknownAward):
        editions.create_edition(actor=None, award="lain", year=2026, title="Lain", **DAYS)
    with pytest.raises(ClosesBeforeItOpens):
        editions.create_edition(actor=None, award="ifca", year=2026, title="X", opens_at=NOW, closes_at=NOW)
    assert Edition.objects.count() == 1


def test_saved_rules_are_the_next_version_and_those_before_stay():
    made = draft()
    number = made.version.number

    version = editions.save_rules(actor=None, edition=made, document=document(most_members=4), note="Empat orang")

    assert (version.number, rules_of(Edition.objects.get()).most_members) == (number + 1, 4)
    assert [one.document["most_members"] for one in made.versions.order_by("number")] == [5, 4]
    with pytest.raises(RulesUnchanged):
        editions.save_rules(actor=None, edition=made, document=document(most_members=4))


def test_faulty_rules_are_refused_with_every_fault():
    made = draft()

    with pytest.raises(RulesFaulty) as told:
        editions.save_rules(actor=None, edition=made, document=document(most_members=0, sources=[]))

    assert [fault.path for fault in told.value.faults] == ["most_members", "most_members", "sources"]
    assert "most_members" in str(told.value)
    assert made.versions.count() == 1


def test_publishing_makes_categories_and_stages_and_freezes():
    made = edition()

    stages = Stage.objects.filter(category__edition=made).order_by("category__position", "position")
    assert [(one.category.key, one.key, one.kind, one.status) for one in stages] == [
        (category, *stage, "waiting")
        for category in ("food", "craft")
        for stage in (("papers", "administrative"), ("judging", "judging"), ("prizes", "decision"))
    ]
    for act in (
        lambda: editions.save_rules(actor=None, edition=made, document=document(most_members=3)),
        lambda: editions.publish_edition(actor=None, edition=made),
    ):
        with pytest.raises(EditionFrozen):
            act()


def test_published_call_closes_later_and_never_earlier():
    made = edition()
    later = made.closes_at + timedelta(days=3)

    editions.change_edition(actor=None, edition=made, title="Baru", opens_at=made.opens_at, closes_at=later)
    made.refresh_from_db()
    assert (made.title, made.closes_at) == ("Baru", later)
    with pytest.raises(OnlyLater):
        editions.change_edition(
            actor=None, edition=made, title="Baru", opens_at=made.opens_at, closes_at=later - timedelta(days=1)
        )
    with pytest.raises(EditionFrozen):
        editions.change_edition(
            actor=None, edition=made, title="X", opens_at=made.opens_at - timedelta(days=1), closes_at=later
        )


def test_edition_ends_once():
    made = edition()
    editions.end_edition(actor=None, edition=made)
    with pytest.raises(EditionNotOpen):
        editions.end_edition(actor=None, edition=made)


@pytest.mark.parametrize("role", [None, "judge", "local_officer"])
def test_only_organisers_prepare_editions(role):
    actor, made = person(role, "33" if role == "local_officer" else ""), draft()

    for act in (
        lambda: editions.create_edition(actor=actor, award="ifi", year=2026, title="IFI", **DAYS),
        lambda: editions.save_rules(actor=actor, edition=made, document=document(most_members=3)),
        lambda: editions.publish_edition(actor=actor, edition=made),
        lambda: editions.end_edition(actor=actor, edition=made),
        lambda: editions.change_edition(actor=actor, edition=made, title="X", **DAYS),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert (Edition.objects.count(), made.versions.count()) == (1, 1)


# --- the database holds it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        lambda made: made.versions.update(note="lain"),
        lambda made: made.versions.update(document={}),
        lambda made: made.versions.all().delete(),
        lambda made: RulesVersion.objects.create(edition=made, number=9, document={}, sha256=""),
        lambda made: Edition.objects.filter(pk=made.pk).update(seed=made.seed + 1),
        lambda made: Edition.objects.filter(pk=made.pk).update(version=None),
        lambda made: Edition.objects.filter(pk=made.pk).update(status="draft", published_at=None),
        lambda made: Edition.objects.filter(pk=made.pk).update(opens_at=made.opens_at - timedelta(days=1)),
        lambda made: Edition.objects.filter(pk=made.pk).update(closes_at=made.closes_at - timedelta(seconds=1)),
        lambda made: Edition.objects.filter(pk=made.pk).update(year=made.year + 1),
    ],
)
def test_database_refuses_to_change_a_published_edition(act):
    made = edition()

    with pytest.raises(IntegrityError), transaction.atomic():
        act(made)


def test_versions_of_a_draft_never_change_but_their_author_may_be_forgotten():
    author = organiser()
    made = editions.create_edition(actor=author, award="ifi", year=2026, title="IFI", **DAYS)
    with pytest.raises(IntegrityError), transaction.atomic():
        made.versions.update(document={})

    made.versions.update(made_by=None)

    assert made.versions.get().made_by is None


def sent(bound):
    return bound.value() is not None and bound.value() is not False


# --- differences ------------------------------------------------------------------------------------------------


def test_differences_follow_rows_by_their_id():
    old, new = document(), document()
    new["stages"][1]["criteria"][0]["weight"] = 70
    new["documents"] = [new["documents"][one] for one in (1, 0, 2)]
    del new["conditions"][2]

    assert [(one.path, one.old if not isinstance(one.old, dict) else one.old["id"], one.new) for one in differences(old, new)] == [
        ("conditions[age]", "age", None), ("documents (order)", ["nib", "photo", "plan"], ["photo", "nib", "plan"]),
        ("stages[judging].criteria[idea].weight", 60, 70),
    ]  # fmt: skip
    assert differences(old, document()) == []


# --- pages ------------------------------------------------------------------------------------------------------


@pytest.fixture
def client_of(sign_in_as):
    return sign_in_as(organiser())


def rows(prefix, *given, extra=None):
    """Return what a form of rows sends."""
    data = {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": len(given)}
    for number, row in enumerate(given):
        data |= {f"{prefix}-{number}-{name}": value for name, value in {"ORDER": number + 1, **row}.items()}
    return data | (extra or {})


def test_organiser_begins_an_edition_and_publishes_it(client_of):
    text_of(client_of.get(page("edition_new")))
    said = {
        "begin": "ifi", "year": 2026, "title": "IFI 2026", "opens_at": "2026-03-01T08:00", "closes_at": "2026-04-01T16:00",
    }  # fmt: skip
    went = client_of.post(page("edition_new"), said)
    made = Edition.objects.get()
    assert went["Location"] == page("edition", made.pk)
    assert timezone.localtime(made.opens_at).hour == 8
    shown = text_of(client_of.get(went["Location"]))
    assert "tidak dapat dikuatkan" in shown
    text_of(client_of.get(page("edition_publish", made.pk)))

    client_of.post(page("edition_publish", made.pk))

    made.refresh_from_db()
    assert (made.status, made.categories.count()) == ("published", 2)
    text_of(client_of.get(page("edition", made.pk)))
    text_of(client_of.get(page("edition_end", made.pk)))


def test_edition_begins_with_the_rules_of_an_earlier_one(client_of):
    before = draft(most_members=3)
    said = {
        "begin": f"edition-{before.pk}", "award": "kriya-bali", "year": 2027, "title": "Kriya Bali",
        "opens_at": "2027-03-01T08:00", "closes_at": "2027-04-01T16:00",
    }  # fmt: skip

    client_of.post(page("edition_new"), said)

    made = Edition.objects.get(award="kriya-bali")
    assert (rules_of(made).most_members, made.slug) == (3, "kriya-bali-2027")


@pytest.mark.parametrize(
    "part", ["basics", "conditions", "documents", "questions", "categories", "stages", "star_schemes"]
)
def test_every_part_of_the_rules_opens_and_saved_as_it_is_makes_no_version(client_of, part):
    made = editions.create_edition(actor=None, award="ovop", year=2026, title="OVOP", **DAYS)
    shown = client_of.get(page("edition_rules", made.pk, part))
    text_of(shown)
    forms = [shown.context["form"]] if part == "basics" else list(shown.context["rows"])
    data = {bound.html_name: bound.value() for form in forms for bound in form if sent(bound)}
    if part != "basics":
        data |= {f"{part}-TOTAL_FORMS": len(forms), f"{part}-INITIAL_FORMS": len(forms)}

    went = client_of.post(page("edition_rules", made.pk, part), data)

    assert went.status_code == 302, [form.errors for form in forms]
    assert made.versions.count() == 1


@pytest.mark.parametrize("stage", ["proposals", "selection", "determination"])
def test_every_stage_opens_and_saved_as_it_is_makes_no_version(client_of, stage):
    made = editions.create_edition(actor=None, award="ovop", year=2026, title="OVOP", **DAYS)
    shown = client_of.get(page("edition_stage", made.pk, stage))
    text_of(shown)
    data = {}
    for name in ("criteria", "reserves"):
        forms = list(shown.context[name])
        data |= {f"{name}-TOTAL_FORMS": len(forms), f"{name}-INITIAL_FORMS": len(forms)}
        data |= {bound.html_name: bound.value() for form in forms for bound in form if sent(bound)}
    data |= {bound.html_name: bound.value() for bound in shown.context["form"] if sent(bound)}

    went = client_of.post(page("edition_stage", made.pk, stage), data)

    assert went.status_code == 302, went.context["faults"]
    assert made.versions.count() == 1


def test_rows_are_added_moved_and_taken_out_without_javascript(client_of):
    made = draft()
    told = {"sectors": "", "help_id": "", "help_en": "", "names_id": "Nama", "names_en": "Name"}
    address = page("edition_rules", made.pk, "categories")
    given = rows(
        "categories", {"id": "food", **told, "ORDER": 2}, {"id": "craft", **told, "DELETE": "on"},
        {"id": "music", **told, "ORDER": 1, "prizes": "Juara | Winner\nKedua"}, {"id": "", "ORDER": ""},
        extra={"categories-INITIAL_FORMS": 2, "add": "1", "note": "Musik"},
    )  # fmt: skip

    went = client_of.post(address, given)

    version = made.versions.first()
    assert went["Location"].startswith(address + "?add=1")
    assert [one["id"] for one in version.document["categories"]] == ["music", "food"]
    assert version.document["categories"][0]["prizes"] == [
        {"id": "Juara", "en": "Winner"},
        {"id": "Kedua", "en": "Kedua"},
    ]
    assert version.note == "Musik"
    assert "categories-2-id" in text_of(client_of.get(went["Location"]))


def test_fault_is_told_at_its_row(client_of):
    made = draft()
    row = {"kind": "size", "words_id": "a", "words_en": "b", "rule": "", "source": "x"}
    answer = client_of.post(page("edition_rules", made.pk, "conditions"), rows("conditions", {"id": "size", **row}))

    assert "parameters" in text_of(answer)
    assert answer.context["rows"].forms[0].non_field_errors()
    assert made.versions.count() == 1


def test_new_judging_stage_begins_with_a_criterion(client_of):
    made = draft()
    told = [
        {"id": one["id"], "was": one["id"], "kind": one["kind"], "names_id": "A", "names_en": "B"}
        for one in document()["stages"]
    ]
    told.insert(1, {"id": "first", "was": "", "kind": "judging", "names_id": "Awal", "names_en": "First"})
    given = rows("stages", *told, extra={"stages-INITIAL_FORMS": 3})

    assert client_of.post(page("edition_rules", made.pk, "stages"), given).status_code == 302

    stages = made.versions.first().document["stages"]
    assert [one["id"] for one in stages] == ["papers", "first", "judging", "prizes"]
    assert (len(stages[1]["criteria"]), len(stages[2]["criteria"])) == (1, 2)


def test_version_is_downloaded_changed_and_uploaded(client_of):
    made = draft()
    text = client_of.get(page("edition_file", made.pk, 1)).content.decode()
    rules = yaml.safe_load(text)
    rules["most_members"] = 3
    text_of(client_of.get(page("edition_upload", made.pk)))

    client_of.post(
        page("edition_upload", made.pk),
        {"file": SimpleUploadedFile("r.yaml", yaml.safe_dump(rules).encode()), "note": "Tiga"},
    )

    shown = text_of(client_of.get(page("edition_version", made.pk, 2)))
    assert ("most_members" in shown, made.versions.first().document["most_members"]) == (True, 3)
    rules["stages"][1]["criteria"][0]["weight"] = 0
    answer = client_of.post(
        page("edition_upload", made.pk), {"file": SimpleUploadedFile("r.yaml", yaml.safe_dump(rules).encode())}
    )
    assert "stages[1].criteria[0].weight" in text_of(answer)
    assert made.versions.count() == 2


def test_published_rules_have_no_editor(client_of):
    made = edition()

    assert client_of.get(page("edition_rules", made.pk, "conditions")).status_code == 302
    assert client_of.get(page("edition_stage", made.pk, "judging")).status_code == 404


@pytest.mark.parametrize("role", [None, "judge", "local_officer"])
def test_pages_of_editions_are_closed_to_others(sign_in_as, role):
    made = draft()
    client = sign_in_as(person(role, "33" if role == "local_officer" else ""))
    pages = [
        page("edition_new"), page("edition", made.pk), page("edition_rules", made.pk, "basics"),
        page("edition_version", made.pk, 1), page("edition_file", made.pk, 1), page("edition_entries", made.pk),
    ]  # fmt: skip

    assert [client.get(one).status_code for one in pages] == [404] * len(pages)
    assert client.post(page("edition_publish", made.pk)).status_code == 404
    made.refresh_from_db()
    assert made.status == "draft"
