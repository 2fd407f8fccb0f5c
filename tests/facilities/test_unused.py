"""Who could use a facility and does not: the day's table, narrowed to an officer's region."""

import polars as pl
import pytest
from django.urls import reverse
from tests.facilities.making import applicant, approved, closed, officer, open_call
from tests.factories import person
from tests.registry.firms import make_firm, make_profile

from gebyar.accounts.models import Role
from gebyar.facilities.queries import unused as queries
from gebyar.facilities.queries.unused import Narrowing, counts, latest_table, lines, unused
from gebyar.facilities.services import unused as services
from gebyar.facilities.services.allotting import allot_call
from gebyar.facilities.services.unused import make_table, note_progress, work_going_on
from gebyar.records.models import AuditEntry
from gebyar.registry.models import Certificate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    for module in (queries, services):
        monkeypatch.setattr(module, "folder", lambda: tmp_path)


def shoemakers():
    """Two near, one far, one that has the help already, one that closed."""
    near = [make_firm(kbli_code="15201", name=f"Sepatu {number}") for number in range(2)]
    far = make_firm(kbli_code="15201", region_code="35.78.10")
    helped = make_firm(kbli_code="15201")
    make_profile(helped, help_received="Pelatihan BPIPI 2022")
    make_firm(kbli_code="15201", is_active=False)
    return near, far, helped


def test_users_closed_firms_and_other_regions_are_left_out():
    near, far, helped = shoemakers()
    table = make_table()

    local, national = person(Role.LOCAL_OFFICER, "33"), officer()
    narrowing = Narrowing("bpipi")
    assert unused(local, table, narrowing).collect()["id"].to_list() == [one.pk for one in near]
    assert unused(national, table, narrowing).collect()["id"].to_list() == [*[one.pk for one in near], far.pk]
    found = {one.facility: (one.could, one.unknown, one.users) for one in counts(national, table)}
    assert found["bpipi"] == (3, 0, 1)
    assert [line.name for line in lines(unused(local, table, narrowing).collect())] == ["Sepatu 0", "Sepatu 1"]
    assert unused(national, table, Narrowing("bpipi", "35")).collect()["id"].to_list() == [far.pk]
    assert unused(national, table, Narrowing("bpipi", sector="13")).collect().is_empty()
    assert helped.pk not in unused(national, table, narrowing).collect()["id"].to_list()


def test_whoever_was_granted_it_here_uses_it():
    call = open_call("bpipi", budget=None, places=1)
    firm = applicant(kbli_code="15201")
    approved(call, firm)
    closed(call)
    allot_call(actor=officer(), call=call)
    assert unused(officer(), make_table(), Narrowing("bpipi")).collect().is_empty()


def test_the_table_answers_like_the_page_of_one_firm():
    from gebyar.facilities.queries.offers import offers_for

    firms = [applicant(), applicant(kbli_code="10794"), make_firm(kbli_code=None, kbli_version=None, nib=None)]
    Certificate.objects.create(firm=firms[1], kind="halal", number="1")
    table = make_table().scan().collect()
    for firm in firms:
        row = table.filter(pl.col("id") == firm.pk).row(0, named=True)
        for offer in offers_for(firm)[0]:
            assert row[f"could_{offer.facility.id}"] == offer.status, (firm.name, offer.facility.id)


def test_an_officer_sees_narrows_and_takes_the_list_along(sign_in_as):
    near, far, _helped = shoemakers()
    client = sign_in_as(person(Role.LOCAL_OFFICER, "33"))
    assert "Belum ada daftar" in client.get(reverse("facilities:unused")).content.decode()
    make_table()
    page = client.get(reverse("facilities:unused"), {"facility": "bpipi"}).content.decode()
    assert near[0].name in page
    assert far.name not in page
    response = client.post(reverse("facilities:unused_export"), {"facility": "bpipi", "format": "csv"})
    written = b"".join(response).decode("utf-8-sig")
    assert [line.split(",")[1] for line in written.splitlines()[1:]] == ["Sepatu 0", "Sepatu 1"]
    assert AuditEntry.objects.get(verb="facilities.export_unused").after["firms"] == 2


def test_progress_is_seen_while_a_table_is_made_and_gone_after():
    note_progress(1, 4, "conditions")
    assert work_going_on().done == 1
    make_table()
    assert work_going_on() is None
    assert latest_table() is not None


def test_a_verb_that_ends_like_a_facility_is_no_help():
    firm = make_firm()
    make_profile(firm, help_received="Didapati rusak")
    assert firm.pk in unused(officer(), make_table(), Narrowing("dapati")).collect()["id"].to_list()
