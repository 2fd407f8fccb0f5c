from datetime import timedelta

import pytest
from django.utils import timezone
from tests.fair.rounds import asking_round, make_round, people_of

from gebyar.fair import errors, services
from gebyar.fair.models import MeetingRequest, Round
from gebyar.fair.services.requests import NewRequest
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db


def ask(asker, asked, **facts):
    return services.ask(actor=None, asker=asker, asked=asked, **facts)


def test_ask_stores_the_wish_with_the_next_number():
    round_, (one, *_), (buyer, other) = asking_round()

    ask(one, buyer, wish=1, rank=1, message="Contoh kain", time=1)
    ask(one, other)

    assert list(round_.requests.values_list("number", "asked", "wish", "rank", "message", "time", "answer")) == [
        (1, buyer.pk, 1, 1, "Contoh kain", 1, "open"), (2, other.pk, 2, None, "", 3, "open"),
    ]  # fmt: skip


def test_ask_back_accepts_what_the_other_side_asked():
    round_, (one, *_), (buyer, *_) = asking_round()
    ask(one, buyer, wish=2)

    request = ask(buyer, one, wish=1, message="Kami juga")

    assert round_.requests.count() == 1
    assert (request.answer, request.answer_wish, request.answer_message) == ("accepted", 1, "Kami juga")


def test_ask_a_second_time_is_refused_from_either_side():
    round_, (one, *_), (buyer, *_) = asking_round()
    ask(one, buyer)
    with pytest.raises(errors.AlreadyAsked):
        ask(one, buyer)
    ask(buyer, one)

    with pytest.raises(errors.AlreadyAsked):
        ask(buyer, one)

    assert round_.requests.count() == 1


def test_ask_stops_at_the_cap_and_a_withdrawn_request_frees_a_place():
    round_, (one, *_), (buyer, other) = asking_round(most_requests=1)
    request = ask(one, buyer)
    with pytest.raises(errors.TooManyRequests, match="1"):
        ask(one, other)
    services.withdraw_request(actor=None, request=request)

    ask(one, other)

    assert list(round_.requests.filter(withdrawn_at=None).values_list("asked", flat=True)) == [other.pk]


def test_cap_of_a_participant_goes_before_that_of_the_round():
    _round, (one, *_), (buyer, other) = asking_round(most_requests=1)
    services.change_participant(actor=None, participant=one, most_requests=2)

    assert [ask(one, buyer).number, ask(one, other).number] == [1, 2]


def test_ask_with_a_rank_that_is_taken_is_refused():
    round_, (one, two, _), (buyer, other) = asking_round()
    ask(one, buyer, rank=1)
    ask(two, buyer, rank=1)

    with pytest.raises(errors.RankTaken, match="1"):
        ask(one, other, rank=1)

    assert round_.requests.count() == 2


def test_ask_is_refused_of_whoever_is_not_there():
    round_, (one, _two, _), (buyer, *_) = asking_round()
    (elsewhere, *_), _ = people_of(make_round(name="Lain", fair=round_.fair), 1, 1)
    services.leave_round(actor=None, participant=buyer)

    for asked, error in [
        (buyer, errors.NotTakingPart),
        (elsewhere, errors.ElsewhereRound),
        (one, errors.AsksThemselves),
    ]:
        with pytest.raises(error):
            ask(one, asked)

    assert MeetingRequest.objects.count() == 0


@pytest.mark.parametrize("late", ["ask_until", "closed", "draft"])
def test_ask_after_the_deadline_is_refused(late):
    round_, (one, *_), (buyer, *_) = asking_round()
    if late == "ask_until":
        Round.objects.update(ask_until=timezone.now() - timedelta(seconds=1))
    else:
        Round.objects.update(status="planning" if late == "closed" else "draft")

    with pytest.raises(errors.RequestsClosed):
        ask(one, buyer)

    assert round_.requests.count() == 0


def test_answers_are_taken_until_their_own_deadline():
    round_, (one, two, _), (buyer, *_) = asking_round()
    first, second = ask(one, buyer), ask(two, buyer)
    Round.objects.update(
        ask_until=timezone.now() - timedelta(hours=1), answer_until=timezone.now() + timedelta(hours=1)
    )
    services.answer_request(actor=None, request=first, accept=False, message="Lain kali", wish=1)
    Round.objects.update(answer_until=timezone.now() - timedelta(seconds=1))

    with pytest.raises(errors.AnswersClosed):
        services.answer_request(actor=None, request=second, accept=True)

    assert list(round_.requests.values_list("answer", "answer_wish", "answer_message")) == [
        ("declined", None, "Lain kali"), ("open", None, ""),
    ]  # fmt: skip


def test_only_the_one_who_was_asked_answers_and_a_withdrawn_request_is_gone():
    _round, (one, two, _), (buyer, *_) = asking_round()
    request = ask(one, buyer)
    for by in (one, two):
        with pytest.raises(errors.NotYours):
            services.answer_request(actor=None, request=request, accept=True, by=by)
    services.withdraw_request(actor=None, request=request)

    with pytest.raises(errors.RequestGone):
        services.answer_request(actor=None, request=request, accept=True, by=buyer)

    assert MeetingRequest.objects.get().answer == "open"


def test_organiser_adds_a_meeting_at_a_place_and_upgrades_a_request_that_is_there():
    round_, (one, _two, _), (buyer, *_) = asking_round(most_requests=0)
    slot, table = round_.slots.get(number=2), round_.tables.get(number=1)
    services.add_request(actor=None, asker=one, asked=buyer, slot=slot, table=table)

    services.add_request(actor=None, asker=buyer, asked=one)

    request = round_.requests.get()
    assert (request.by_organiser, request.asker, request.fixed_slot) == (True, one, None)


def test_organiser_removes_a_request_after_the_deadline():
    _round, (one, *_), (buyer, *_) = asking_round()
    request = ask(one, buyer)
    Round.objects.update(status="planning")
    with pytest.raises(errors.RequestsClosed):
        services.withdraw_request(actor=None, request=request)

    services.remove_request(actor=None, request=request)

    assert MeetingRequest.objects.get().withdrawn_at is not None
    assert AuditEntry.objects.filter(verb="fair.remove_request").count() == 1


@pytest.mark.parametrize("fault", ["twice", "both_ways", "present", "themselves", "elsewhere", "rank"])
def test_add_requests_with_one_that_does_not_fit_adds_none(fault):
    round_, (one, two, _), (buyer, other) = asking_round()
    (foreign, *_), _ = people_of(make_round(name="Lain", fair=round_.fair), 1, 1)
    ask(one, other, rank=1)
    wrong = {
        "twice": NewRequest(one, buyer), "both_ways": NewRequest(buyer, one), "present": NewRequest(other, one),
        "themselves": NewRequest(two, two), "elsewhere": NewRequest(two, foreign), "rank": NewRequest(one, two, rank=1),
    }[fault]  # fmt: skip

    with pytest.raises(errors.FairError):
        services.add_requests(
            actor=None, round_=round_, requests=[NewRequest(one, buyer), NewRequest(two, buyer), wrong]
        )

    assert round_.requests.count() == 1


def test_change_request_keeps_the_message_out_of_the_audit_trail():
    _round, (one, *_), (buyer, *_) = asking_round()
    request = ask(one, buyer, message="Rahasia dagang")

    services.change_request(actor=None, request=request, wish=1, rank=3, message="Rahasia lain", time=2)

    entries = str(list(AuditEntry.objects.values_list("before", "after")))
    assert "Rahasia" not in entries
    assert "'rank': 3" in entries
