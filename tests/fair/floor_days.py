"""A fair's day with a plan that was laid by hand, so that a test knows where everybody sits."""

from django.utils import timezone
from tests.fair.rounds import make_round, people_of

from gebyar.fair import services
from gebyar.fair.models import MeetingRequest, Participant, Plan, PlannedMeeting, Seat
from gebyar.fair.services.plans import show
from gebyar.fair.timetable import ZoneTables

ZONES = [ZoneTables("Batik", 1), ZoneTables("Pangan", 2)]
# Who meets whom, in which slot, at which table: IKM 1 to 3 are the numbers 1 to 3, the buyers 4 and 5.
LAYOUT = ((1, 4, 1, 1), (2, 5, 1, 2), (2, 4, 2, 1), (1, 5, 2, 2), (3, 4, 3, 1))
UNPLACED = ((3, 5),)


def make_day(slots=4, layout=LAYOUT, unplaced=UNPLACED, small=3, days=1, tables=None, **settings):
    """Return a round whose plan is published, of small firms and two buyers."""
    round_ = make_round(slots=slots, tables=tables or ZONES, days=days, **settings)
    people_of(round_, small=small)
    services.open_requests(actor=None, round_=round_)
    for asker, asked, *_where in (*layout, *unplaced):
        ask(round_, asker, asked)
    lay(round_, layout)
    round_.refresh_from_db()
    return round_


def who(round_, number):
    return Participant.objects.select_related("firm", "round__fair").get(round=round_, number=number)


def ask(round_, asker, asked, **facts):
    """Store a request that was accepted."""
    number = round_.requests.count() + 1
    usual = {"answer": "accepted", "answered_at": timezone.now()}
    return MeetingRequest.objects.create(
        round=round_, number=number, asker=who(round_, asker), asked=who(round_, asked), **usual | facts
    )


def between(round_, one, other):
    return round_.requests.select_related("asker__firm", "asked__firm").get(asker__number=one, asked__number=other)


def slot(round_, number):
    return round_.slots.select_related("round__fair").get(number=number)


def lay(round_, layout, **facts):
    """Publish a plan with these meetings."""
    version = round_.plans.count() + 1
    plan = Plan.objects.create(round=round_, version=version, status=Plan.Status.FEASIBLE, **facts)
    for asker, asked, in_slot, table in layout:
        request = between(round_, asker, asked)
        meeting = PlannedMeeting.objects.create(plan=plan, request=request, slot=slot(round_, in_slot), table=table)
        for side in (request.asker, request.asked):
            Seat.objects.create(plan=plan, slot=meeting.slot, participant=side, meeting=meeting)
    return show(actor=None, round_=round_, plan=plan)


def layout_of(plan):
    """Return a plan's meetings as the layout writes them."""
    rows = plan.meetings.values_list("request__asker__number", "request__asked__number", "slot__number", "table")
    return set(rows)


def published(round_):
    return round_.plans.get(published_at__isnull=False)
