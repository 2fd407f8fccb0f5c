from datetime import date

import pytest
from django.core import mail
from tests.factories import person
from tests.registry.firms import make_firm, make_member, make_profile

from gebyar.accounts.models import Role
from gebyar.records.models import AuditEntry
from gebyar.records.sealing import keyed_hash, open_sealed
from gebyar.registry.errors import (
    AlreadyDecided,
    AlreadyProposed,
    NibTaken,
    NoteNeeded,
    NothingChanged,
    NotYourFirm,
    NotYourRegion,
    OwnProposal,
    SumDoesNotFit,
    UnknownFact,
    YearNeeded,
)
from gebyar.registry.facts import facts
from gebyar.registry.models import Correction, FactChange, Firm, FirmMember, SearchDocument
from gebyar.registry.queries.search import search
from gebyar.registry.services.corrections import (
    change_fact,
    decide_correction,
    propose_correction,
    withdraw_correction,
)
from gebyar.registry.services.search import refresh_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return make_firm(name="Batik Lama")


@pytest.fixture
def member(firm):
    return make_member(firm)


@pytest.fixture
def officer():
    return person(Role.LOCAL_OFFICER, "33.74")


def proposed(member, firm, field="name", value="Batik Baru", **facts):
    return propose_correction(actor=member, firm=firm, field=field, value=value, reason="Salah tulis", **facts)


def test_propose_keeps_old_and_new_value_and_changes_nothing(firm, member):
    correction = proposed(member, firm)

    firm.refresh_from_db()
    assert (correction.old_value, correction.new_value, correction.status) == ("Batik Lama", "Batik Baru", "pending")
    assert firm.name == "Batik Lama"
    assert AuditEntry.objects.get().verb == "registry.propose_correction"


@pytest.mark.parametrize("who", ["stranger", "officer", "other member", "former member"])
def test_propose_refuses_who_does_not_act_for_the_firm(firm, member, who):
    actor = person(Role.LOCAL_OFFICER, "33.74") if who == "officer" else person()
    if who == "other member":
        actor = make_member(make_firm())
    if who == "former member":
        FirmMember.objects.create(firm=firm, user=actor, ended_at="2024-01-01T00:00Z")

    with pytest.raises(NotYourFirm):
        proposed(actor, firm)
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"field": "id", "value": "5"}, UnknownFact),
        ({"field": "is_synthetic", "value": "true"}, UnknownFact),
        ({"field": "value", "value": "Batik Lama"}, UnknownFact),
        ({"field": "name", "value": "Batik Lama"}, NothingChanged),
        ({"field": "sales", "value": "5"}, YearNeeded),
        ({"field": "workers", "value": "50", "year": 2023}, SumDoesNotFit),
    ],
)
def test_propose_refuses_what_cannot_be_corrected(firm, member, facts, error):
    make_profile(firm)

    with pytest.raises(error):
        proposed(member, firm, **facts)
    assert not Correction.objects.exists()


def test_propose_refuses_a_second_correction_of_the_fact_while_one_waits(firm, member):
    first = proposed(member, firm)

    with pytest.raises(AlreadyProposed):
        proposed(member, firm, value="Batik Lain")
    assert list(Correction.objects.all()) == [first]


def test_approve_changes_the_firm_its_history_and_the_search(firm, member, officer, django_capture_on_commit_callbacks):
    refresh_search()
    key = firm.identity_key
    with django_capture_on_commit_callbacks(execute=True):
        decide_correction(actor=officer, correction=proposed(member, firm), approve=True)

    firm.refresh_from_db()
    change = FactChange.objects.get()
    assert (firm.name, firm.identity_key != key) == ("Batik Baru", True)
    assert (change.field, change.old_value, change.new_value) == ("name", "Batik Lama", "Batik Baru")
    assert (search("baru").ids, search("lama").ids) == ([firm.pk], [])
    assert [(letter.to, "Batik Baru" in letter.subject) for letter in mail.outbox] == [([member.email], True)]
    entry = AuditEntry.objects.get(verb="registry.approve_correction")
    assert (entry.actor, entry.before) == (officer, {"name": "Batik Lama"})


def test_reject_changes_nothing_and_tells_why(firm, member, officer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        decide_correction(actor=officer, correction=proposed(member, firm), approve=False, note="Kirim fotonya dulu")

    firm.refresh_from_db()
    assert (firm.name, FactChange.objects.count()) == ("Batik Lama", 0)
    assert "Kirim fotonya dulu" in mail.outbox[0].body


def test_reject_needs_a_note(firm, member, officer):
    correction = proposed(member, firm)

    with pytest.raises(NoteNeeded):
        decide_correction(actor=officer, correction=correction, approve=False, note="  ")
    correction.refresh_from_db()
    assert correction.status == "pending"


@pytest.mark.parametrize(
    ("role", "region"), [(None, ""), (Role.JUDGE, ""), (Role.LOCAL_OFFICER, "35"), (Role.LOCAL_OFFICER, "33.7")]
)
def test_decide_refuses_who_does_not_look_after_the_region(firm, member, role, region):
    correction = proposed(member, firm)
    if region == "33.7":  # a code that is only the beginning of the right one
        region = "33.07"
    actor = person(role, region)

    with pytest.raises(NotYourRegion):
        decide_correction(actor=actor, correction=correction, approve=True)
    firm.refresh_from_db()
    assert firm.name == "Batik Lama"


def test_decide_refuses_the_officer_who_proposed_it(firm, officer):
    FirmMember.objects.create(firm=firm, user=officer)
    correction = proposed(officer, firm)

    with pytest.raises(OwnProposal):
        decide_correction(actor=officer, correction=correction, approve=True)


def test_decide_refuses_a_decided_correction(firm, member, officer):
    correction = proposed(member, firm)
    decide_correction(actor=officer, correction=correction, approve=True)

    with pytest.raises(AlreadyDecided):
        decide_correction(actor=officer, correction=correction, approve=False, note="Tidak jadi")
    correction.refresh_from_db()
    assert correction.status == "approved"


def test_approve_of_a_yearly_figure_adds_a_statement_of_the_firm(firm, member, officer):
    told = make_profile(firm, sales=1_000, machines=7)
    correction = proposed(member, firm, field="sales", value="2000", year=2023)

    decide_correction(actor=officer, correction=correction, approve=True)

    told.refresh_from_db()
    new = firm.profiles.get(is_current=True)
    assert (told.sales, told.is_current) == (1_000, False)
    assert (new.sales, new.machines, new.workers, new.year) == (2_000, 7, 12, 2023)
    assert (new.delivery.source.kind, new.delivery.data_year) == ("firm", 2023)


def test_approve_of_an_older_year_leaves_the_current_figures(firm, member, officer):
    current = make_profile(firm, year=2023)

    decide_correction(
        actor=officer, correction=proposed(member, firm, field="sales", value="9", year=2020), approve=True
    )

    assert firm.profiles.get(is_current=True) == current
    assert firm.profiles.get(year=2020).sales == 9


def test_approve_of_men_or_women_lets_the_total_follow(firm, member, officer):
    make_profile(firm, workers_male=4, workers_female=8, workers=12)

    decide_correction(
        actor=officer, correction=proposed(member, firm, field="workers_male", value="6", year=2023), approve=True
    )

    assert firm.profiles.get(is_current=True).workers == 14


def test_approve_moves_the_firm_to_another_size(firm, member, officer):
    make_profile(firm, workers_male=None, workers_female=None, workers=12, investment=5_000_000_000)
    refresh_search()

    decide_correction(
        actor=officer, correction=proposed(member, firm, field="investment", value="900000000", year=2023), approve=True
    )

    words = SearchDocument.objects.get(firm=firm).words
    assert ("permenperin_64_2016:small" in words, "permenperin_64_2016:medium" in words) == (True, False)


def test_approve_refuses_a_nib_that_somebody_else_got_meanwhile(firm, member, officer):
    correction = proposed(member, firm, field="nib", value="1234509876543")
    make_firm(nib="1234509876543")

    with pytest.raises(NibTaken):
        decide_correction(actor=officer, correction=correction, approve=True)
    correction.refresh_from_db()
    assert correction.status == "pending"


def test_tax_number_is_sealed_wherever_it_stands(firm, member, officer):
    number = "0012345678901234"

    correction = proposed(member, firm, field="npwp", value=number)
    decide_correction(actor=officer, correction=correction, approve=True)

    firm.refresh_from_db()
    assert open_sealed(firm.npwp_sealed) == number
    assert bytes(firm.npwp_hash) == keyed_hash(number)
    seen = [
        *Correction.objects.values_list("new_value", flat=True),
        *FactChange.objects.values_list("new_value", flat=True),
    ]
    seen += [str(entry.after) + str(entry.before) for entry in AuditEntry.objects.all()]
    assert not any(number in text for text in seen)
    with pytest.raises(NothingChanged):
        proposed(member, firm, field="npwp", value=number)


VALUES = {
    "name": "X", "legal_form": "CV", "nib": "1234509876543", "npwp": "0012345678901234", "kbli_code": "10710/2020",
    "products": "tahu\ntempe", "region_code": "33.74.11", "address": "Jalan Baru", "postal_code": "50275",
    "is_active": "false", "latitude": "-7.0,110.4",
}  # fmt: skip


@pytest.mark.parametrize("field", facts())
def test_every_fact_can_be_corrected_and_taken_back(firm, member, officer, field):
    make_profile(firm, workers_male=None, workers_female=None)
    some = facts()[field]
    value = VALUES.get(field) or {"exports": "true"}.get(field) or "3"
    year = 2023 if some.yearly else None

    decide_correction(actor=officer, correction=proposed(member, firm, field, value, year=year), approve=True)
    back = None if not some.required else {"is_active": "true", "name": "Y", "region_code": "33.74"}[field]
    second = proposed(member, Firm.objects.get(pk=firm.pk), field, back, year=year)
    decide_correction(actor=officer, correction=second, approve=True)

    assert second.old_value is not None
    expected = second.old_value if field == "npwp" else value
    assert (second.old_value, second.new_value) == (expected, back)


def test_withdraw_closes_the_correction_for_another(firm, member):
    correction = proposed(member, firm)

    withdraw_correction(actor=member, correction=correction)

    assert Correction.objects.get().status == "withdrawn"
    assert proposed(member, firm).status == "pending"


def test_withdraw_refuses_strangers_and_decided_corrections(firm, member, officer):
    correction = proposed(member, firm)
    with pytest.raises(NotYourFirm):
        withdraw_correction(actor=person(), correction=correction)
    decide_correction(actor=officer, correction=correction, approve=True)

    with pytest.raises(AlreadyDecided):
        withdraw_correction(actor=member, correction=correction)


def test_officer_changes_a_fact_of_the_region_at_once(firm, officer):
    correction = change_fact(actor=officer, firm=firm, field="address", value="Jalan Pahlawan 1", reason="Pindah")

    firm.refresh_from_db()
    assert (firm.address, correction.status) == ("Jalan Pahlawan 1", "approved")
    assert FactChange.objects.get().as_of >= date(2024, 1, 1)
    assert AuditEntry.objects.get().verb == "registry.change_fact"


def test_change_refuses_other_regions_and_members(firm, member):
    for actor in (member, person(Role.LOCAL_OFFICER, "35.78")):
        with pytest.raises(NotYourRegion):
            change_fact(actor=actor, firm=firm, field="name", value="Diambil alih", reason="")
    firm.refresh_from_db()
    assert firm.name == "Batik Lama"
