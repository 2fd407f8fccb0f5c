import re

import pytest
from django.urls import reverse
from tests.factories import person
from tests.fair.floor_days import between, make_day, who
from tests.fair.rounds import full_round
from tests.registry.firms import make_firm, make_member

from gebyar.accounts.models import Role
from gebyar.fair.services.outcomes import record_outcome
from gebyar.registry.services.corrections import propose_correction
from gebyar.statistics.models import Figure, Snapshot

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("cookie", "asked", "words"),
    [("", "en", "Setiap usaha berarti"), ("en", "id", "Every small industry"), ("fr", "fr", "Setiap usaha berarti")],
)
def test_home_speaks_indonesian_until_the_reader_chooses(client, cookie, asked, words):
    client.cookies["django_language"] = cookie

    response = client.get(reverse("web:home"), headers={"accept-language": asked})

    assert words in text(response)
    assert response["Content-Language"] == ("en" if cookie == "en" else "id")


def test_home_of_an_officer_counts_the_corrections_of_their_region_only(client, sign_in_as):
    for code in ("33.74.10", "34.02.01"):
        firm = make_firm(region_code=code)
        propose_correction(actor=make_member(firm), firm=firm, field="name", value="Nama Baru")
    sign_in_as(person(Role.LOCAL_OFFICER, "33.74"))

    page = text(client.get(reverse("web:home")))

    assert "1 koreksi menunggu" in page


def test_home_of_a_member_leads_to_their_firm_and_meetings_only(client, sign_in_as):
    round_ = full_round()
    own, other = round_.participants.get(number=1), round_.participants.get(number=2)
    sign_in_as(make_member(own.firm))

    page = text(client.get(reverse("web:home")))

    assert reverse("registry:firm", args=[own.firm_id]) in page
    assert reverse("fair:participation", args=[own.pk]) in page
    assert reverse("fair:participation", args=[other.pk]) not in page


def test_home_of_a_member_asks_what_came_of_their_meetings_until_they_have_said_it(client, sign_in_as):
    day = make_day()
    one = who(day, 1)
    sign_in_as(member := make_member(one.firm))

    assert "2 pertemuan" in text(client.get(reverse("web:home")))
    assert reverse("fair:my_outcomes") in text(client.get(reverse("web:home")))
    for number in (4, 5):
        record_outcome(actor=member, request=between(day, 1, number), participant=one, interest="maybe")
    assert "apakah Anda ingin melanjutkan" not in text(client.get(reverse("web:home")))


def test_home_does_not_lead_to_meetings_of_rounds_that_have_ended(client, sign_in_as):
    round_ = full_round()
    own = round_.participants.get(number=1)
    round_.status = "ended"
    round_.save()
    sign_in_as(make_member(own.firm))

    assert reverse("fair:participation", args=[own.pk]) not in text(client.get(reverse("web:home")))


def test_home_of_a_local_officer_leads_to_the_figures_of_rounds_of_their_region(client, sign_in_as):
    day = make_day()
    where = reverse("fair:dashboard", args=[day.pk])
    region = who(day, 1).firm.region_code
    for code, leads in ((region[:2], True), ("94", False)):
        sign_in_as(person(Role.LOCAL_OFFICER, code))
        assert (where in text(client.get(reverse("web:home")))) == leads


def make_snapshot(**classes):
    snapshot = Snapshot.objects.create(file="x", sha256="0" * 64, firms=9, rules_version="1", seconds=1)
    for name, (units, workers, output) in classes.items():
        Figure.objects.create(
            snapshot=snapshot, rule="permenperin_64_2016", size_class=name, units=units, workers=workers, output=output
        )


LEFT_OUT = "tidak ditampilkan"


@pytest.mark.parametrize(
    ("small", "shown", "left_out"),
    [
        ((9, 90, 900), ["9", "90", "90,00\u00a0%"], False),
        ((9, None, None), ["9"], True),
        ((None, None, None), [], True),
    ],
)
def test_home_leaves_protected_figures_out_and_says_so(client, small, shown, left_out):
    make_snapshot(small=small, medium=(0, 0, 0), large=(1, 10, 100), unknown=(0, 0, 0))

    page = text(client.get(reverse("web:home")))

    values = re.findall(r'class="figure-value">(.*?)(?: <span|</p>)', page)
    assert values == shown
    assert (LEFT_OUT in page) == left_out


def test_home_before_any_figures_has_no_word_about_them(client):
    assert LEFT_OUT not in text(client.get(reverse("web:home")))


def test_health_answers_without_a_session(client):
    response = client.get(reverse("web:health"))

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert not response.cookies


def test_unknown_address_is_our_own_page_and_says_what_to_do(client):
    response = client.get("/tidak-ada/")

    assert response.status_code == 404
    assert reverse("web:home") in text(response)
