import pytest
from tests.factories import person
from tests.fair.floor_days import between, make_day, published, slot, who
from tests.registry.firms import make_member

from gebyar.accounts.models import Role
from gebyar.fair.models import CheckIn, MeetingLog, Outcome
from gebyar.fair.services import floor

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return make_day()


@pytest.fixture
def organiser(client, sign_in_as):
    return sign_in_as(person(Role.PROGRAMME_OFFICER))


def post(client, path, **wish):
    return client.post(path, wish, content_type="application/json")


def test_agenda_answers_with_meetings_changes_and_reasons(client, day):
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    answer = client.get(f"/api/fair/agendas/{who(day, 1).agenda_token}").json()

    assert (answer["firm"], answer["number"], answer["version"], answer["time_zone"]) == ("IKM 1", 1, 2, "Asia/Jakarta")
    assert [(one["meets"], one["table"], one["zone"]) for one in answer["meetings"]] == [("Pembeli 1", 1, "Batik")]
    assert len(answer["changes"]) == len(answer["not_placed"]) == 1


def test_agenda_of_an_unknown_address_is_not_found(client, day):
    assert client.get("/api/fair/agendas/none").status_code == 404


def test_floor_answers_with_one_slot_or_all(organiser, day):
    path = f"/api/fair/rounds/{day.pk}/floor"

    assert [(one["table"], [side["number"] for side in one["sides"]]) for one in organiser.get(path, {"slot": 1}).json()] == [
        (1, [1, 4]), (2, [2, 5]),
    ]  # fmt: skip
    assert len(organiser.get(path).json()) == 5


def test_check_in_twice_says_so(organiser, day):
    path = f"/api/fair/rounds/{day.pk}/check-ins"

    assert [post(organiser, path, number=3).status_code for _ in range(2)] == [201, 409]
    assert CheckIn.objects.get().participant.number == 3


@pytest.mark.parametrize(("number", "status"), [(99, 404), (0, 422), (-1, 422), (10**12, 422), ("tiga", 422)])
def test_check_in_of_a_number_that_cannot_be_names_the_field(organiser, day, number, status):
    answer = post(organiser, f"/api/fair/rounds/{day.pk}/check-ins", number=number)

    assert answer.status_code == status
    assert status == 404 or "number" in answer.json()["detail"][0]["loc"]


def test_log_names_who_did_not_come(organiser, day):
    path = f"/api/fair/meetings/{between(day, 1, 4).pk}/log"

    assert post(organiser, path, state="no_show").status_code == 409
    assert post(organiser, path, state="no_show", missing=4).json() == {
        "request": between(day, 1, 4).pk, "state": "no_show", "minutes_late": None, "missing": 4,
    }  # fmt: skip
    assert MeetingLog.objects.count() == 1


def test_repair_shows_a_new_version_and_a_slot_outside_the_round_is_not_found(organiser, day):
    path = f"/api/fair/rounds/{day.pk}/repairs"

    assert post(organiser, path, missing=1, from_slot=77).status_code == 404
    answer = post(organiser, path, missing=1, from_slot=2).json()

    assert (answer["version"], answer["kind"], answer["based_on"]) == (2, "repair", 1)
    assert published(day).version == 2


def test_outcome_is_said_for_the_own_side_only(client, day, sign_in_as):
    path = f"/api/fair/meetings/{between(day, 1, 4).pk}/outcome"
    sign_in_as(make_member(who(day, 2).firm))
    assert post(client, path, interest="yes").status_code == 404

    sign_in_as(make_member(who(day, 4).firm))
    answer = post(client, path, interest="yes", potential=10).json()

    assert (answer["number"], answer["interest"], answer["potential"], answer["deal"]) == (4, "yes", 10, None)
    assert Outcome.objects.count() == 1


def test_figures_keep_hoped_committed_and_realised_apart(organiser, day):
    figures = organiser.get(f"/api/fair/rounds/{day.pk}/figures").json()["figures"]

    assert (figures["asked"], figures["granted"]) == (6, 5)
    assert {"potential_low", "potential_high", "committed", "realised", "realised_by_one_side"} <= set(figures)


@pytest.mark.parametrize("path", ["rounds/{day}/floor", "rounds/{day}/figures"])
def test_what_is_the_organisers_is_not_found_for_a_member(client, day, sign_in_as, path):
    sign_in_as(make_member(who(day, 1).firm))

    assert client.get("/api/fair/" + path.format(day=day.pk)).status_code == 404
