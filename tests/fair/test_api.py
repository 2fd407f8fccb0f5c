"""The API of rounds: the same services as the pages, and errors that name row and field."""

import pytest
from tests.factories import person
from tests.fair.rounds import asking_round, full_round, make_plan, make_round
from tests.registry.firms import make_firm, make_member

from gebyar.accounts.models import Role
from gebyar.fair import services
from gebyar.fair.models import MeetingRequest
from gebyar.fair.services.requests import MOST_IN_A_ROUND

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(sign_in_as):
    return sign_in_as(person(Role.PROGRAMME_OFFICER))


def post(client, address, body=None):
    return client.post(f"/api/fair/{address}", body or {}, content_type="application/json")


def test_rounds_are_listed_without_drafts(client):
    asking, *_ = asking_round()
    make_round(name="Rahasia", fair=asking.fair)

    answer = client.get("/api/fair/rounds").json()

    assert [(row["name"], row["status"], row["participants"], row["slots"], row["tables"]) for row in answer] == [
        ("Temu Bisnis", "asking", 5, 4, 2)
    ]


def test_participants_are_added_all_or_none(organiser):
    round_ = make_round()
    firms = [make_firm(), make_firm()]
    refused = post(organiser, f"rounds/{round_.pk}/participants", {"firms": [firms[0].pk, 2**62, firms[1].pk]})
    assert (refused.status_code, refused.json()["detail"]) == (422, f"firms, baris 2: tidak ada usaha {2**62}")
    assert round_.participants.count() == 0

    answer = post(organiser, f"rounds/{round_.pk}/participants", {"firms": [f.pk for f in firms], "invited": True})

    assert [(row["number"], row["firm_id"], row["status"]) for row in answer.json()] == [
        (1, firms[0].pk, "invited"), (2, firms[1].pk, "invited"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"asker": 99, "asked": 4}, "asker"), ({"asker": 2, "asked": 4, "slot": 99}, "slot"),
        ({"asker": 2, "asked": 4, "table": -1}, "table"), ({"asker": 4, "asked": 1}, "asked"),
        ({"asker": 2, "asked": 2}, "asked"), ({"asker": 2, "asked": 4, "wish": "perhaps"}, "wish"),
        ({"asker": 2, "asked": 4, "rank": 0}, "rank"), ({"asked": 4}, "asker"), ({"asker": None, "asked": [1]}, "asker"),
        ({"asker": 2, "asked": 4, "slot": [1]}, "slot"), ({"asker": 2, "asked": 4, "table": {}}, "table"),
        ({"asker": 2, "asked": 4, "rank": [1]}, "rank"), ({"asker": 2, "asked": 4, "message": "x" * 501}, "message"),
        ({"asker": 2, "asked": 4, "message": "a\x00b"}, "message"),
        ({"asker": 2, "asked": 4, "answer": "yes"}, "answer"), ({"asker": 10**30, "asked": 4}, "asker"),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_named_with_its_field_and_none_is_added(organiser, wrong, field):
    round_, *_ = asking_round()

    answer = post(organiser, f"rounds/{round_.pk}/requests", {"rows": [{"asker": 1, "asked": 4}, wrong]})

    faults = answer.json()["faults"]
    assert (answer.status_code, next((fault["row"], fault["field"]) for fault in faults)) == (422, (2, field))
    assert round_.requests.count() == 0


def test_more_rows_than_a_round_takes_are_refused(organiser):
    round_, *_ = asking_round()

    answer = post(organiser, f"rounds/{round_.pk}/requests", {"rows": [{}] * (MOST_IN_A_ROUND + 1)})

    assert answer.status_code == 409
    assert str(MOST_IN_A_ROUND) in answer.json()["detail"]
    assert round_.requests.count() == 0


def test_rows_that_are_right_are_added_with_answers(organiser):
    round_, *_ = asking_round()
    rows = [
        {"asker": 1, "asked": 4, "wish": "must", "answer": "accepted", "slot": 2},
        {"asker": 2, "asked": 4, "rank": 1},
    ]

    answer = post(organiser, f"rounds/{round_.pk}/requests", {"rows": rows})

    assert (answer.status_code, answer.json()) == (201, {"added": 2})
    listed = organiser.get(f"/api/fair/rounds/{round_.pk}/requests").json()
    assert [(row["asker"], row["asked"], row["wish"], row["answer"], row["slot"], row["rank"]) for row in listed] == [
        (1, 4, 1, "accepted", 2, None), (2, 4, 2, "open", None, 1),
    ]  # fmt: skip


def test_firm_asks_and_the_other_answers_each_for_themselves(client, sign_in_as):
    _round, (one, two, _), (buyer, *_) = asking_round()
    sign_in_as(make_member(one.firm))
    made = post(client, f"participants/{one.pk}/requests", {"asked": buyer.number, "wish": 1})
    assert made.status_code == 201
    number = made.json()["id"]
    refused = [
        post(client, f"participants/{two.pk}/requests", {"asked": buyer.number}),
        post(client, f"requests/{number}/answer", {"accept": True}),
        post(client, f"participants/{one.pk}/requests", {"asked": 99}),
    ]
    assert [answer.status_code for answer in refused] == [404, 404, 404]

    sign_in_as(make_member(buyer.firm))
    answer = post(client, f"requests/{number}/answer", {"accept": True, "wish": 3})

    assert (answer.json()["answer"], answer.json()["answer_wish"]) == ("accepted", 3)
    assert MeetingRequest.objects.count() == 1


def test_message_that_the_database_cannot_keep_is_refused(client, sign_in_as):
    round_, (one, *_), (buyer, *_) = asking_round()
    sign_in_as(make_member(one.firm))

    answer = post(client, f"participants/{one.pk}/requests", {"asked": buyer.number, "message": "a\x00b"})

    assert (answer.status_code, round_.requests.count()) == (422, 0)


def test_plan_is_started_read_published_and_compared(organiser):
    round_ = full_round(slots=3, tables=1)
    first, second = make_plan(round_, seed=1), make_plan(round_, seed=2)
    read = organiser.get(f"/api/fair/plans/{second.pk}").json()
    assert (read["granted"], read["refused"], len(read["meetings"]), len(read["refusals"])) == (3, 3, 3, 3)
    assert all(line["reason"] for line in read["refusals"])

    published = [post(organiser, f"plans/{plan.pk}/publish").json()["version"] for plan in (first, second)]
    undone = post(organiser, f"rounds/{round_.pk}/plans/undo").json()["version"]
    compared = organiser.get(f"/api/fair/rounds/{round_.pk}/compare", {"before": 1, "after": 2}).json()
    started = post(organiser, f"rounds/{round_.pk}/plans", {"kind": "rest", "seed": 3, "seconds": 5})

    assert (published, undone, started.status_code, started.json()["version"]) == ([1, 2], 1, 202, 3)
    assert compared["moved"] + compared["added"] + compared["dropped"] == len(compared["changes"])
    assert post(organiser, f"rounds/{round_.pk}/plans", {"seed": 4}).status_code == 409
    stopped = post(organiser, f"plans/{started.json()['id']}/stop")
    assert stopped.status_code == 200


def test_plans_are_not_found_for_a_member(client, sign_in_as):
    round_ = full_round()
    plan = services.publish_plan(actor=None, plan=make_plan(round_))
    sign_in_as(make_member(round_.participants.first().firm))

    codes = [
        client.get(f"/api/fair/{path}").status_code for path in (f"plans/{plan.pk}", f"rounds/{round_.pk}/requests")
    ]

    assert codes == [404, 404]
