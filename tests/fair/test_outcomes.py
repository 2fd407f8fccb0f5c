from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories import UserFactory, person
from tests.fair.floor_days import between, make_day, slot, who
from tests.registry.firms import make_firm, make_member

from gebyar.accounts.models import Role
from gebyar.fair import errors_floor as errors
from gebyar.fair.models import MeetingLog, Outcome
from gebyar.fair.queries.outcomes import own_side_lines, sides_of
from gebyar.fair.services import floor
from gebyar.fair.services.outcomes import record_outcome
from gebyar.partnership.models import Deal, Listing
from gebyar.registry.models import Firm

pytestmark = pytest.mark.django_db

YES, MAYBE, NONE = Outcome.Interest.YES, Outcome.Interest.MAYBE, Outcome.Interest.NONE


@pytest.fixture
def day():
    return make_day()


def say(day, number, interest, one=1, other=4, **facts):
    """Let a member of a participant's firm speak about the meeting of two others."""
    side = who(day, number)
    return record_outcome(
        actor=make_member(side.firm), request=between(day, one, other), participant=side, interest=interest, **facts
    )


def test_record_outcome_keeps_what_one_side_says(day):
    said = say(day, 1, YES, next_step="Kirim contoh", potential=75_000_000)

    assert (said.interest, said.next_step, said.potential, said.deal) == ("yes", "Kirim contoh", 75_000_000, None)


def test_record_outcome_said_again_replaces_what_this_side_said(day):
    say(day, 1, YES, potential=75_000_000)

    say(day, 1, MAYBE)

    assert list(Outcome.objects.values_list("interest", "potential")) == [("maybe", None)]


@pytest.mark.parametrize(
    ("first", "second", "deals"),
    [(YES, YES, 1), (YES, MAYBE, 1), (MAYBE, YES, 1), (MAYBE, MAYBE, 0), (YES, NONE, 0), (NONE, NONE, 0)],
)
def test_deal_is_opened_when_one_says_yes_and_the_other_does_not_say_no(day, first, second, deals):
    say(day, 1, first)
    say(day, 4, second)

    assert Deal.objects.count() == deals


def test_deal_names_both_firms_the_round_and_the_day_and_no_sum(day):
    say(day, 1, YES, potential=5)

    said = say(day, 4, YES, potential=9)

    deal = Deal.objects.get()
    assert (deal.seller.name, deal.buyer.name, deal.origin) == ("IKM 1", "Pembeli 1", "Gebyar Uji: Temu Bisnis")
    assert (str(deal.origin_date), deal.statements.count()) == ("2026-11-12", 0)
    assert set(Outcome.objects.values_list("deal", flat=True)) == {deal.pk} == {said.deal_id}


def test_deal_is_opened_once_however_often_both_change_their_minds(day):
    for interest in (YES, NONE, YES):
        say(day, 1, interest)
        say(day, 4, YES)

    assert Deal.objects.count() == 1


@pytest.mark.parametrize("speaker", ["stranger", "other side", "third participant", "organiser"])
def test_outcome_of_somebody_who_does_not_act_for_the_side_is_refused(day, speaker):
    actor = {
        "stranger": UserFactory,
        "other side": lambda: make_member(who(day, 4).firm),
        "third participant": lambda: make_member(who(day, 2).firm),
        "organiser": lambda: person(Role.PROGRAMME_OFFICER),
    }[speaker]()

    with pytest.raises(errors.NotYourMeeting):
        record_outcome(actor=actor, request=between(day, 1, 4), participant=who(day, 1), interest=YES)

    assert Outcome.objects.count() == 0


def test_outcome_for_a_participant_who_is_not_in_the_meeting_is_refused(day):
    side = who(day, 2)

    with pytest.raises(errors.NotYourMeeting):
        record_outcome(actor=make_member(side.firm), request=between(day, 1, 4), participant=side, interest=YES)


def test_outcome_before_the_meeting_is_refused_until_the_floor_says_it_was_held(day):
    first = slot(day, 1)
    first.starts_at = timezone.now() + timedelta(hours=1)
    first.ends_at = first.starts_at + timedelta(minutes=20)
    first.save()
    with pytest.raises(errors.NotHeldYet):
        say(day, 1, YES)

    floor.log_meeting(actor=None, request=between(day, 1, 4), state=MeetingLog.State.HELD)

    assert say(day, 1, YES).pk


def test_outcome_of_a_meeting_that_was_missed_is_refused(day):
    floor.log_meeting(actor=None, request=between(day, 1, 4), state=MeetingLog.State.NO_SHOW, missing=who(day, 4))

    with pytest.raises(errors.DidNotTakePlace):
        say(day, 1, YES)


def test_outcome_of_a_request_without_a_place_is_refused(day):
    with pytest.raises(errors.NotHeldYet):
        say(day, 3, YES, one=3, other=5)


@pytest.mark.parametrize(
    ("direction", "role", "lister_sells"),
    [
        ("offer", "supplier", True), ("offer", "logistics", True), ("offer", "buyer", False),
        ("offer", "distributor", False), ("need", "supplier", False), ("need", "logistics", False),
        ("need", "buyer", True), ("need", "distributor", True),
    ],
)  # fmt: skip
def test_sides_follow_the_listing(day, direction, role, lister_sells):
    request = between(day, 1, 4)
    lister = request.asked.firm
    request.listing = Listing.objects.create(firm=lister, direction=direction, role=role, title="Uji")

    seller, buyer = sides_of(request)

    assert (seller == lister, {seller, buyer}) == (lister_sells, {request.asker.firm, request.asked.firm})


def test_sides_without_a_listing_let_industry_sell_to_a_partner(day):
    Firm.objects.filter(pk=who(day, 1).firm_id).update(kind=Firm.Kind.PARTNER)

    seller, buyer = sides_of(between(day, 1, 4))

    assert (seller.name, buyer.name) == ("Pembeli 1", "IKM 1")


def test_own_lines_put_what_was_not_said_first_and_leave_out_what_was_missed(day):
    member = make_member(who(day, 1).firm)
    record_outcome(actor=member, request=between(day, 1, 4), participant=who(day, 1), interest=YES)
    floor.log_meeting(actor=None, request=between(day, 2, 4), state=MeetingLog.State.CANCELLED)

    lines = own_side_lines(member)

    assert [(line.other.firm.name, line.said is not None) for line in lines] == [
        ("Pembeli 2", False), ("Pembeli 1", True),
    ]  # fmt: skip
    assert own_side_lines(make_member(make_firm())) == []
