"""A small made-up day of business meetings for tests."""

from datetime import UTC, date, datetime, timedelta

from tests.registry.firms import make_firm

from gebyar.fair import services

START = datetime(2024, 11, 12, 2, 30, tzinfo=UTC)  # 09.30 in Jakarta


def make_day(slots=4, tables=2, **facts):
    fair = services.create_fair(
        actor=None,
        name="Gebyar Uji",
        venue="Balai Kartini, Jakarta",
        starts_on=date(2024, 11, 12),
        ends_on=date(2024, 11, 17),
        is_synthetic=True,
        **facts,
    )
    times = [
        services.SlotTimes(
            START + number * timedelta(minutes=25), START + number * timedelta(minutes=25) + timedelta(minutes=20), True
        )
        for number in range(slots)
    ]
    return services.create_meeting_day(actor=None, fair=fair, on=date(2024, 11, 12), tables=tables, slots=times)


def make_full_day(**facts):
    """Return a day on which three small firms each meet two buyers."""
    day = make_day(**facts)
    firms = [make_firm(name=f"IKM {n}") for n in (1, 2, 3)] + [make_firm(name=f"Pembeli {n}") for n in (1, 2)]
    people = services.add_participants(actor=None, day=day, firms=firms)
    pairs = [(small, buyer) for small in people[:3] for buyer in people[3:]]
    services.add_requests(actor=None, day=day, pairs=pairs)
    return day


def make_plan(day, seed=7):
    return services.run_plan(plan=services.open_plan(actor=None, day=day, seed=seed), seconds=30)
