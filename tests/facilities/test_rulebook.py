"""Rules in versions: validated, put in force, and without effect on what was decided by earlier ones."""

import copy

import pytest
import yaml
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.facilities.making import MACHINES, again, approved, closed, officer, open_call, submitted
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.facilities import errors
from gebyar.facilities.forms import SimpleRulesForm
from gebyar.facilities.models import FacilityRules
from gebyar.facilities.queries.applications import page_of
from gebyar.facilities.queries.rulebook import built_in, facility_in_force, rulebook, version_of
from gebyar.facilities.services.allotting import allot_call
from gebyar.facilities.services.calls import extend_call
from gebyar.facilities.services.rulebook import publish_rules, read_document, save_rules, take_in_built_in
from gebyar.reference.facilities import BUILT_IN

pytestmark = pytest.mark.django_db


def changed():
    document = copy.deepcopy(built_in(MACHINES))
    document["versions"][-1]["benefit"]["shares"] = {"domestic": 0.5, "imported": 0.4}
    document["versions"][-1]["conditions"] = document["versions"][-1]["conditions"][:2]
    return document


def test_built_in_rules_are_taken_in_once():
    assert len(take_in_built_in()) == len(BUILT_IN)
    assert take_in_built_in() == []
    assert list(rulebook()) == list(BUILT_IN)


def test_a_changed_rule_version_never_changes_old_decisions():
    call = open_call()
    one, waiting = approved(call), submitted(call)
    before = (version_of(call), page_of(officer(), again(one)).lines)
    publish_rules(actor=officer(), rules=save_rules(actor=officer(), key=MACHINES, document=changed()))

    assert facility_in_force(MACHINES).versions[-1].benefit.shares["domestic"] == 0.5
    assert (version_of(again(one).call), page_of(officer(), again(one)).lines) == before
    assert again(waiting).amount == 30_000_000
    for number in (1, 2):
        from gebyar.facilities.services.judging import judge_application

        judge_application(actor=officer(), application=waiting, is_fit=number > 0)
    closed(call)
    record = allot_call(actor=officer(), call=call)
    assert record.document["result"]["granted"] == 60_000_000


@pytest.mark.parametrize("change", [{"document": {}}, {"sha256": "0" * 64}, {"status": "draft"}, {"number": 9}])
def test_the_database_itself_keeps_rules_in_force(change):
    take_in_built_in()
    rows = FacilityRules.objects.filter(key=MACHINES)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    assert rows.get().document == built_in(MACHINES)


@pytest.mark.parametrize(
    "change", [{"seed": 8}, {"budget": 1}, {"points": {}}, {"version": "2017"}, {"status": "draft"}]
)
def test_the_database_itself_keeps_a_published_call(change):
    call = open_call()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(call).objects.filter(pk=call.pk).update(**change)


def test_a_published_call_can_only_close_later():
    from datetime import timedelta

    call = open_call()
    with pytest.raises(errors.UnfitCall):
        extend_call(actor=officer(), call=call, closes_at=call.closes_at)
    later = call.closes_at + timedelta(days=1)
    assert extend_call(actor=officer(), call=call, closes_at=later).closes_at == later


def test_a_faulty_document_is_refused_with_every_place():
    document = changed()
    document["versions"][0]["conditions"][0]["prefixes"] = ["x"]
    document["versions"][1]["benefit"]["shares"] = {"domestic": 3}
    with pytest.raises(errors.BadRules) as error:
        save_rules(actor=officer(), key=MACHINES, document=document)
    assert "versions[0].conditions[0].prefixes" in str(error.value)
    assert "versions[1].benefit.shares" in str(error.value)


@pytest.mark.parametrize("text", [b"- 1", b"a: [", b"id: x", b"\xff\xfe", b"!!python/object/apply:os.system [ls]"])
def test_what_is_no_document_is_refused(text):
    with pytest.raises(errors.BadRules):
        read_document(text)


def test_rules_are_kept_by_national_officers_only():
    local = person(Role.LOCAL_OFFICER, "33")
    with pytest.raises(errors.NotNational):
        save_rules(actor=local, key=MACHINES, document=changed())
    with pytest.raises(errors.OtherFacility):
        save_rules(actor=officer(), key="halal", document=changed())
    draft = save_rules(actor=officer(), key=MACHINES, document=changed())
    with pytest.raises(errors.SameRules):
        save_rules(actor=officer(), key=MACHINES, document=changed())
    with pytest.raises(errors.NotNational):
        publish_rules(actor=local, rules=draft)
    publish_rules(actor=officer(), rules=draft)
    with pytest.raises(errors.NotADraft):
        publish_rules(actor=officer(), rules=draft)
    assert list(FacilityRules.objects.filter(key=MACHINES).values_list("number", "status")) == [
        (2, "published"), (1, "retired"),
    ]  # fmt: skip


def test_a_file_goes_out_and_comes_back_as_a_draft(sign_in_as):
    client = sign_in_as(officer())
    text = client.get(reverse("facilities:rules_file", args=[MACHINES, 0])).content
    assert read_document(text) == built_in(MACHINES)
    new = yaml.safe_dump(changed()).encode()
    page = reverse("facilities:rules", args=[MACHINES])
    client.post(page, {"file": ContentFile(new, name="rules.yaml"), "note": "Besaran baru"})
    assert FacilityRules.objects.get(key=MACHINES, number=2).status == "draft"
    client.post(reverse("facilities:rules_publish", args=[MACHINES, 2]))
    assert facility_in_force(MACHINES).versions[-1].benefit.shares["domestic"] == 0.5


def test_the_simple_form_changes_words_dates_and_benefit():
    document = built_in(MACHINES)
    form = SimpleRulesForm(document=document)
    said = {name: value for name, value in form.initial.items() if value is not None}
    form = SimpleRulesForm({**said, "share_domestic": "35", "decision_days": "10"}, document=document)
    assert form.is_valid(), form.errors
    new = form.changed_document()["versions"][-1]
    assert (new["benefit"]["shares"], new["decision_days"]) == ({"domestic": 0.35, "imported": 0.25}, 10)
    assert built_in(MACHINES)["versions"][-1]["benefit"]["shares"]["domestic"] == 0.3
