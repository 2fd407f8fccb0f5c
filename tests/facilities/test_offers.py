"""What a firm can get: every answer from the register, with its reason and where it is set right."""

import copy
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.facilities.making import MACHINES, applicant, member_of, open_call, submitted
from tests.factories import person
from tests.registry.firms import make_firm

from gebyar.accounts.models import Role
from gebyar.facilities.queries.offers import offers_for
from gebyar.facilities.working_days import working_days_after
from gebyar.registry.models import Certificate

pytestmark = pytest.mark.django_db


def offer_of(firm, key, day=None):
    return next(one for one in offers_for(firm, day)[0] if one.facility.id == key)


def verdicts(offer):
    return {line.condition.id: line.verdict for line in offer.lines}


def test_a_firm_is_told_what_it_could_have_with_each_condition():
    offer = offer_of(applicant(), "dapati")
    assert (offer.status, verdicts(offer)) == (
        "could", {"industri": "met", "nib": "met", "aktif": "met", "masalah": "asked", "balai": "asked"},
    )  # fmt: skip


def test_a_missing_fact_is_named_with_the_place_where_it_is_added():
    firm = applicant(nib=None)
    offer = offer_of(firm, "dapati")
    line = next(line for line in offer.lines if line.condition.id == "nib")
    assert (offer.status, line.verdict) == ("unknown", "unknown")
    assert [url for _label, url in line.remedies] == [reverse("registry:fact", args=[firm.pk, "nib"])]


def test_one_condition_that_is_not_met_decides_and_names_the_fact_behind_it():
    firm = applicant(kbli_code="47111", nib=None)
    offer = offer_of(firm, "dapati")
    assert offer.status == "not"
    line = next(line for line in offer.lines if line.condition.id == "industri")
    assert [url for _label, url in line.remedies] == [reverse("registry:fact", args=[firm.pk, "kbli_code"])]


def test_an_expired_certificate_does_not_count():
    firm = applicant(kbli_code="10794")
    held = Certificate.objects.create(firm=firm, kind="halal", number="1", valid_until=date(2020, 1, 1))
    assert verdicts(offer_of(firm, "halal"))["belum"] == "met"
    Certificate.objects.filter(pk=held.pk).update(valid_until=None)
    assert verdicts(offer_of(firm, "halal"))["belum"] == "not_met"


def test_versions_hold_for_their_days():
    firm = applicant()
    days = [date(2017, 6, 30), date(2017, 7, 1), date(2017, 12, 31), date(2018, 1, 1)]
    found = [offer_of(firm, MACHINES, day).version for day in days]
    assert [version and version.version for version in found] == [None, "2017", "2017", "2018"]


def test_the_page_shows_no_tax_number_and_says_what_could_not_be_checked(client, sign_in_as):
    firm = applicant(npwp_sealed=b"sealed", npwp_hash=b"hash")
    call = open_call()
    page = sign_in_as(member_of(firm)).get(reverse("facilities:offers", args=[firm.pk])).content.decode()
    assert "tercatat" in page
    assert "tidak dapat diperiksa, dapat diatur" in page
    assert reverse("facilities:apply", args=[call.pk]) in page
    assert "sealed" not in page


def test_offers_take_the_same_queries_for_one_call_and_three(sign_in_as):
    firm = applicant()
    counts = []
    for calls in (1, 2):
        for _one in range(calls):
            open_call()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            offers_for(firm)
        counts.append(len(queries))
    assert counts == [6, 6]


def test_lists_take_the_same_queries_for_one_and_three(sign_in_as):
    officer = person(Role.PROGRAMME_OFFICER)
    client = sign_in_as(officer)
    counts = {}
    firm = applicant()
    owner = member_of(firm)
    for rows in (1, 3):
        while firm.applications.count() < rows:
            submitted(open_call(), firm)
        for route in ("facilities:desk", "facilities:call_list", "facilities:facility_list"):
            counts.setdefault(route, []).append(_queries(client, route))
    assert {route: len(set(found)) for route, found in counts.items()} == dict.fromkeys(counts, 1)
    sign_in_as(owner)
    first = _queries(client, "facilities:mine")
    submitted(open_call(), firm)
    assert _queries(client, "facilities:mine") == first


def _queries(client, route):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(route)).status_code == 200
    return len(queries)


def test_anybody_reads_the_rules_of_a_facility(client):
    page = client.get(reverse("facilities:facility", args=[MACHINES])).content.decode()
    assert "Permenperin 27/2017" in page
    assert "30" in page
    assert client.get(reverse("facilities:facility", args=["nothing"])).status_code == 404


def test_a_firm_without_figures_is_answered_too():
    assert {one.status for one in offers_for(make_firm(kbli_code=None, kbli_version=None, nib=None))[0]} <= {
        "could", "unknown", "not", "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # Friday → Monday
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 23), 14, date(2026, 12, 11)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_working_days_leave_weekends_out(day, count, expected):
    assert working_days_after(day, count) == expected


def test_facts_of_a_document_are_not_changed_by_reading():
    from gebyar.facilities.queries.rulebook import built_in

    first = built_in(MACHINES)
    before = copy.deepcopy(first)
    first["versions"].clear()
    assert built_in(MACHINES) == before


def test_a_corrected_fact_names_who_said_it_last():
    firm = applicant()
    said = {"field": "kbli_code", "new_value": "15201/2020", "status": "approved", "proposed_by": member_of(firm)}
    correction = firm.corrections.create(**said, decided_at=timezone.now())
    firm.changes.create(field="kbli_code", new_value="15201/2020", as_of=date(2026, 1, 2), correction=correction)
    facts = offers_for(firm)[1]
    assert (facts["kbli_code"].source, facts["kbli_code"].as_of) == ("usaha itu sendiri", date(2026, 1, 2))
    assert (facts["nib"].source, facts["nib"].as_of) == ("Dinas Perindustrian Kota Semarang", date(2023, 12, 31))
    assert (facts["capital"].value, facts["capital"].source) == (None, "")
