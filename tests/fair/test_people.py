import pytest
from tests.fair.rounds import asking_round, make_round, people_of
from tests.registry.firms import make_firm

from gebyar.fair import errors, services
from gebyar.fair.models import Participant
from gebyar.fair.planning import facts_of
from gebyar.fair.queries.floor import find_participants
from gebyar.fair.queries.people import participants_of
from gebyar.fair.services.people import MOST_IN_A_ROUND

pytestmark = pytest.mark.django_db


def test_add_participants_counts_on_and_refuses_whoever_takes_part_already():
    round_ = make_round()
    people_of(round_, 2, 1)
    firm = Participant.objects.first().firm

    with pytest.raises(errors.AlreadyTakesPart, match="IKM 1"):
        services.add_participants(actor=None, round_=round_, firms=[make_firm(), firm])
    services.add_participants(actor=None, round_=round_, firms=[make_firm()])

    assert list(round_.participants.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_more_participants_than_numbers_are_refused():
    round_ = make_round()
    people_of(round_, 1, 0)
    Participant.objects.update(number=MOST_IN_A_ROUND)

    with pytest.raises(errors.TooLarge):
        services.add_participants(actor=None, round_=round_, firms=[make_firm()])

    assert round_.participants.count() == 1


def test_participants_are_counted_without_multiplying_what_they_ask_and_are_asked():
    round_, (one, two, _three), (buyer, other) = asking_round()
    for asker, asked in ((one, buyer), (one, other), (two, one), (buyer, two)):
        services.ask(actor=None, asker=asker, asked=asked)
    services.withdraw_request(actor=None, request=round_.requests.get(number=2))

    people = participants_of(round_)

    counts = {person.number: (person.made_count, person.received_count) for person in people}
    assert counts == {1: (1, 1), 2: (1, 1), 3: (0, 0), 4: (1, 1), 5: (0, 0)}
    assert 'JOIN "fair_meetingrequest"' not in str(people.query)


@pytest.mark.parametrize(("words", "found"), [("1", [1]), ("12345", []), ("ikm", [1, 2]), ("²", []), ("IKM 2", [2])])
def test_search_takes_whole_numbers_and_parts_of_names(words, found):
    round_ = make_round()
    people_of(round_, 2, 1)

    assert [one.number for one in find_participants(round_, words)] == found
    assert [one.number for one in participants_of(round_, words=words)] == found


def test_invite_by_nibs_says_what_became_of_every_line():
    round_ = make_round()
    (there,), _ = people_of(round_, 1, 0)
    new, gone = make_firm(), make_firm(is_active=False)

    lines = ["NIB;Nama", f"{new.nib};Batik", "", f'"{there.firm.nib}"', "9999999999999", "12345", gone.nib, new.nib]
    invited = services.invite_by_nibs(actor=None, round_=round_, lines=lines)

    assert [person.firm for person in invited.added] == [new]
    assert invited.already == [there.firm]
    assert invited.unknown == [(5, "9999999999999"), (6, "12345"), (7, gone.nib)]
    assert round_.participants.get(firm=new).status == Participant.Status.INVITED


@pytest.mark.parametrize(
    ("limits", "error"),
    [({"least_meetings": 5, "most_meetings": 2}, errors.LimitsCrossed), ({"most_meetings": 0}, errors.LimitsCrossed)],
)
def test_limits_that_cross_are_refused(limits, error):
    _round, (one, *_), _buyers = asking_round(least_meetings=1)

    with pytest.raises(error):
        services.change_participant(actor=None, participant=one, **limits)

    assert Participant.objects.filter(least_meetings__isnull=False).count() == 0


def test_table_of_a_host_is_theirs_alone_and_of_the_round():
    round_, (one, two, _), _buyers = asking_round()
    elsewhere = make_round(name="Lain", fair=round_.fair).tables.first()
    table = round_.tables.get(number=2)
    services.change_participant(actor=None, participant=one, table=table)

    with pytest.raises(errors.TableKept, match="IKM 1"):
        services.change_participant(actor=None, participant=two, table=table)
    with pytest.raises(errors.ElsewhereRound):
        services.change_participant(actor=None, participant=two, table=elsewhere)

    assert facts_of(round_).round.guests[0].table == 2
    assert Participant.objects.filter(table__isnull=False).count() == 1


def test_facts_hold_the_limits_of_the_participant_before_those_of_the_round():
    round_, (one, two, three), _buyers = asking_round(least_meetings=1, most_meetings=4)
    services.change_participant(actor=None, participant=one, least_meetings=2, most_meetings=3, delegates=2, tier=2)
    services.leave_round(actor=None, participant=two)
    services.set_availability(actor=None, participant=three, absent=round_.slots.filter(number__in=[1, 4]))

    guests = facts_of(round_).round.guests

    assert [(g.name, g.least, g.most, g.delegates, g.tier, sorted(g.absent)) for g in guests[:3]] == [
        ("no. 1", 2, 3, 2, 2, []), ("no. 2", 1, 4, 1, 1, [1, 2, 3, 4]), ("no. 3", 1, 4, 1, 1, [1, 4]),
    ]  # fmt: skip


def test_availability_in_slots_of_another_round_is_refused():
    round_, (one, *_), _buyers = asking_round()
    foreign = make_round(name="Lain", fair=round_.fair).slots.first()

    with pytest.raises(errors.ElsewhereRound):
        services.set_availability(actor=None, participant=one, absent=[foreign])

    assert one.absent_slots.count() == 0


def test_who_stands_by_or_has_not_confirmed_is_left_to_the_day():
    round_, (one, two, three), (buyer, _) = asking_round()
    for firm in (one, two, three):
        services.ask(actor=None, asker=firm, asked=buyer)
    services.change_participant(actor=None, participant=one, is_standby=True)
    services.change_participant(actor=None, participant=two, status="invited")

    facts, on_the_day = facts_of(round_), facts_of(round_, with_standby=True)

    assert [request.asker for request in facts.requests] == [three]
    assert sorted(facts.left_out.values()) == ["not_confirmed", "standby"]
    assert [request.asker for request in on_the_day.requests] == [one, three]
