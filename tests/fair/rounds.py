"""A small made-up round of business meetings for tests."""

from datetime import UTC, date, datetime, timedelta

from tests.registry.firms import make_firm

from gebyar.fair import services
from gebyar.fair.models import Participant
from gebyar.fair.timetable import SlotTimes, ZoneTables

START = datetime(2026, 11, 12, 2, 30, tzinfo=UTC)  # 09.30 in Jakarta
DAY = date(2026, 11, 12)


def make_fair(**facts):
    usual = {"name": "Gebyar Uji", "venue": "Balai Kartini, Jakarta", "starts_on": DAY, "ends_on": date(2026, 11, 17)}
    return services.create_fair(actor=None, **usual | {"is_synthetic": True} | facts)


def slot_times(count, days=1):
    begins = [START + timedelta(days=day, minutes=25 * number) for day in range(days) for number in range(count)]
    return [SlotTimes(moment, moment + timedelta(minutes=20), is_morning=True) for moment in begins]


def make_round(slots=4, tables=2, days=1, fair=None, **settings):
    """Return a round that is being prepared, in the mornings of so many days."""
    zones = tables if isinstance(tables, list) else [ZoneTables("", tables)]
    return services.create_round(
        actor=None, fair=fair or make_fair(), name=settings.pop("name", "Temu Bisnis"), slots=slot_times(slots, days),
        tables=zones, **settings,
    )  # fmt: skip


def people_of(round_, small=3, buyers=2, **limits):
    """Let small firms and buyers take part."""
    firms = [make_firm(name=f"IKM {n}") for n in range(1, small + 1)]
    firms += [make_firm(name=f"Pembeli {n}") for n in range(1, buyers + 1)]
    services.add_participants(actor=None, round_=round_, firms=firms, **limits)
    people = list(Participant.objects.filter(round=round_).select_related("firm", "round__fair").order_by("number"))
    return people[:small], people[small:]


def asking_round(small=3, buyers=2, **settings):
    """Return a round that is open for requests, with its small firms and buyers."""
    round_ = make_round(**settings)
    people = people_of(round_, small, buyers)
    services.open_requests(actor=None, round_=round_)
    round_.refresh_from_db()
    return round_, *people


def full_round(small=3, buyers=2, **settings):
    """Return a round in which every small firm asks every buyer."""
    round_, firms, others = asking_round(small, buyers, **settings)
    services.add_requests(actor=None, round_=round_, requests=[(firm, buyer) for firm in firms for buyer in others])
    return round_


def make_plan(round_, seed=7, seconds=20, **facts):
    plan = services.open_plan(actor=None, round_=round_, seed=seed, seconds=seconds, **facts)
    return services.run_plan(plan=plan)
