from io import BytesIO

import pytest
from django.urls import reverse
from icalendar import Calendar
from pypdf import PdfReader
from tests.factories import person
from tests.fair.days import make_full_day, make_plan
from tests.registry.firms import make_member

from gebyar.accounts.models import Role
from gebyar.fair import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    day = make_full_day()
    return services.publish_plan(actor=None, plan=make_plan(day))


def text(response):
    return response.content.decode()


def agenda_address(plan, number, route="fair:agenda"):
    return reverse(route, args=[plan.day.participants.get(number=number).agenda_token])


def test_agenda_names_every_meeting_with_time_and_table(client, published):
    page = text(client.get(agenda_address(published, 1)))

    assert "IKM 1" in page
    assert page.count("Pembeli 1") >= 1
    assert page.count("Pembeli 2") >= 1
    assert "WIB" in page


def test_agenda_before_publication_says_that_it_is_not_ready(client):
    plan = make_plan(make_full_day())

    page = text(client.get(agenda_address(plan, 1)))

    assert "belum siap" in page
    assert "Pembeli" not in page


def test_agenda_of_an_unknown_address_is_not_found(client, published):
    assert client.get(reverse("fair:agenda", args=["x" * 32])).status_code == 404


def test_agenda_sheet_is_a_pdf_with_the_meetings(client, published):
    response = client.get(agenda_address(published, 1, "fair:agenda_sheet"))

    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert response["Content-Type"] == "application/pdf"
    assert all(name in words for name in ("IKM 1", "Pembeli 1", "Pembeli 2", "Gebyar Uji"))


def test_agenda_calendar_holds_the_meetings_in_utc(client, published):
    response = client.get(agenda_address(published, 4, "fair:agenda_calendar"))

    events = [part for part in Calendar.from_ical(response.content).walk() if part.name == "VEVENT"]
    assert sorted(str(event["summary"]) for event in events) == [f"Pertemuan dengan IKM {n}" for n in (1, 2, 3)]
    assert len({str(event["uid"]) for event in events}) == 3
    assert min(event["dtstart"].dt for event in events).utcoffset().total_seconds() >= 0


def test_agenda_costs_the_same_queries_for_two_and_three_meetings(client, published, django_assert_num_queries):
    client.get(agenda_address(published, 1))  # what is cached per process
    for number in (1, 4):
        with django_assert_num_queries(5):
            client.get(agenda_address(published, number))


def test_day_page_shows_organisers_the_plan(client, published, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    page = text(client.get(reverse("fair:day", args=[published.day_id])))

    assert "terbaik, sudah terbukti" in page
    assert published.record.hash[:8] in page


def test_day_page_is_not_found_for_a_member_of_a_participant(client, published, sign_in_as):
    sign_in_as(make_member(published.day.participants.get(number=1).firm))

    assert client.get(reverse("fair:day", args=[published.day_id])).status_code == 404


def test_publishing_is_refused_to_a_local_officer_and_changes_nothing(client, sign_in_as):
    plan = make_plan(make_full_day())
    sign_in_as(person(Role.LOCAL_OFFICER, "33"))

    response = client.post(reverse("fair:publish", args=[plan.pk]))

    plan.refresh_from_db()
    assert (response.status_code, plan.published_at) == (404, None)


def test_making_a_plan_with_a_seed_that_is_no_number_starts_none(client, sign_in_as):
    day = make_full_day()
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    client.post(reverse("fair:make_plan", args=[day.pk]), {"seed": "dua", "seconds": "60"})

    assert day.plans.count() == 0


def test_day_list_shows_a_member_their_own_agenda_only(client, published, sign_in_as):
    own, other = (published.day.participants.get(number=n) for n in (1, 2))
    sign_in_as(make_member(own.firm))

    page = text(client.get(reverse("fair:day_list")))

    assert own.agenda_token in page
    assert other.agenda_token not in page
