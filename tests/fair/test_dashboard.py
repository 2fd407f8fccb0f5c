import re
from datetime import date
from io import BytesIO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import person
from tests.fair.floor_days import between, make_day, who
from tests.fair.rounds import make_fair
from tests.registry.firms import make_firm, make_member, make_profile

from gebyar.accounts.models import Role
from gebyar.fair.documents.table import participants_table
from gebyar.fair.models import MeetingLog, Outcome, Round
from gebyar.fair.queries.dashboard import Dashboard, dashboard_of, gini
from gebyar.fair.services import floor
from gebyar.fair.services.outcomes import record_outcome
from gebyar.fair.views import dashboard as views
from gebyar.partnership import services as partnership
from gebyar.registry.models import Firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    """Two meetings held, one missed; both sides of one go on, and both of them confirm what was realised of it."""
    day = make_day()
    for one, other in ((1, 4), (2, 5)):
        floor.log_meeting(actor=None, request=between(day, one, other), state=MeetingLog.State.HELD)
    floor.log_meeting(actor=None, request=between(day, 3, 4), state=MeetingLog.State.NO_SHOW, missing=who(day, 3))
    guesses = {1: 100, 4: 300, 2: 50}
    for one, other, number in ((1, 4, 1), (1, 4, 4), (2, 5, 2)):
        side = who(day, number)
        record_outcome(
            actor=None, request=between(day, one, other), participant=side, interest=Outcome.Interest.YES,
            potential=guesses[number],
        )  # fmt: skip
    return day


def realise(day, number, side, amount, stage="realised"):
    firm = who(day, number).firm
    deal = firm.deals_as_seller.first() or firm.deals_as_buyer.get()
    partnership.state_deal(
        actor=make_member(firm), deal=deal, side=side, stage=stage, on_date=date(2026, 11, 13), amount=amount
    )


def test_figures_count_each_meeting_once(day):
    now = dashboard_of(day).figures

    counted = (now.asked, now.accepted, now.granted, now.held, now.no_shows, now.said, now.goes_on)
    assert counted == (6, 6, 5, 2, 1, 2, 1)


def test_potential_is_the_lower_and_higher_guess_of_each_meeting_and_no_result(day):
    now = dashboard_of(day).figures

    assert (now.potential_low, now.potential_high) == (100 + 50, 300 + 50)
    assert (now.money.deals, now.money.committed, now.money.realised) == (1, 0, 0)


def test_realised_is_what_both_sides_say_and_stands_apart_from_what_was_committed(day):
    realise(day, 1, "seller", 900, stage="order")
    realise(day, 4, "buyer", 900, stage="order")
    realise(day, 1, "seller", 700)
    realise(day, 4, "buyer", 500)

    money = dashboard_of(day).figures.money

    assert (money.committed, money.realised, money.realised_by_one) == (900, 500, 200)


def test_groups_count_a_meeting_in_both_of_its_groups(day):
    for number, region in ((1, "33.74.10"), (2, "33.74.10"), (3, "73.71.01"), (4, "31.74.01"), (5, "31.74.01")):
        Firm.objects.filter(pk=who(day, number).firm_id).update(region_code=region)

    groups = {group.label: (group.participants, group.figures.granted) for group in dashboard_of(day).by_region}

    assert groups == {"Jawa Tengah": (2, 4), "Sulawesi Selatan": (1, 1), "DKI Jakarta": (2, 5)}


def test_partners_are_those_of_the_register_of_partners(day):
    Firm.objects.filter(pk=who(day, 4).firm_id).update(kind=Firm.Kind.PARTNER)

    assert [(group.label, group.figures.granted) for group in dashboard_of(day).by_partner] == [("4. Pembeli 1", 3)]


def test_sizes_come_from_current_figures_and_say_when_they_do_not_decide(day):
    make_profile(who(day, 1).firm, workers_male=2, workers_female=3, workers=5, investment=100_000_000)
    make_profile(who(day, 4).firm, workers_male=300, workers_female=200, workers=500, investment=90_000_000_000)

    groups = {group.label: group.participants for group in dashboard_of(day).by_size}

    assert groups == {"Kecil": 1, "Besar": 1, "tidak diketahui": 3}


def test_equity_says_who_has_fewest_meetings_and_how_even_they_are(day):
    equity = dashboard_of(day).equity

    assert equity.distribution == [(1, 1), (2, 3), (3, 1)]
    assert [(one.number, count) for one, count in equity.least][:2] == [(3, 1), (1, 2)]
    assert equity.gini == pytest.approx(0.16)


def test_dashboard_of_a_local_officer_holds_the_firms_of_their_region_only(day):
    Firm.objects.filter(pk=who(day, 3).firm_id).update(region_code="73.71.01")

    seen = dashboard_of(day, person(Role.LOCAL_OFFICER, "73"))

    assert [one.firm for one in seen.people.values()] == ["IKM 3"]
    assert (seen.figures.asked, seen.figures.granted, seen.figures.no_shows) == (2, 1, 1)


class Walked(list):
    """Requests that count how often somebody walks over all of them."""

    walks = 0

    def __iter__(self):
        self.walks += 1
        return super().__iter__()


def test_groups_take_one_walk_over_the_requests_however_many_there_are(day):
    seen = dashboard_of(day)
    asks = Walked(seen.asks)

    groups = Dashboard(day, seen.people, asks, seen.money).by(lambda person: person.firm)

    assert (len(groups), asks.walks) == (5, 1)


def test_rounds_being_prepared_are_closed_to_local_officers(client, sign_in_as, day):
    Round.objects.filter(pk=day.pk).update(status="draft")
    paths = [f"/fair/rounds/{day.pk}/dashboard/", f"/fair/rounds/{day.pk}/dashboard/participants/"]
    paths.append(f"/api/fair/rounds/{day.pk}/figures")

    sign_in_as(person(Role.LOCAL_OFFICER, "33"))
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    sign_in_as(person(Role.PROGRAMME_OFFICER))
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]


def test_partners_beyond_those_of_the_page_are_said_to_be_in_the_file(client, sign_in_as, day, monkeypatch):
    Firm.objects.filter(pk__in=[who(day, number).firm_id for number in (4, 5)]).update(kind=Firm.Kind.PARTNER)
    monkeypatch.setattr(views, "MOST_PARTNERS", 1)
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    page = client.get(f"/fair/rounds/{day.pk}/dashboard/").content.decode()

    rows = re.findall(r'<th scope="row">(\d\. Pembeli \d)</th>', page)
    assert rows == ["4. Pembeli 1"]
    assert "1 mitra lainnya" in page


def test_dashboard_costs_the_same_for_one_and_three_firms(django_assert_num_queries):
    for small in (1, 3):
        layout = tuple((number, small + 1, number, 1) for number in range(1, small + 1))
        day = make_day(small=small, layout=layout, unplaced=(), fair=make_fair(name=f"Gebyar {small}"))
        with django_assert_num_queries(6):
            dashboard_of(day, None).figures  # noqa: B018  what is computed when it is read


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_gini_lies_between_none_and_all_and_does_not_depend_on_the_order(values):
    value = gini(values)

    assert value == gini(sorted(values, reverse=True))
    assert (value is None) == (sum(values) == 0)
    assert value is None or -1e-9 <= value < 1


def test_gini_of_equal_values_is_zero_and_of_one_who_has_all_is_near_one():
    assert (gini([3, 3, 3]), gini([0, 0, 0, 8])) == (pytest.approx(0), pytest.approx(0.75))


def test_table_for_spreadsheets_disarms_names_that_are_formulas(day):
    Firm.objects.filter(pk=who(day, 1).firm_id).update(name="=1+1")

    frame = pl.read_csv(participants_table(dashboard_of(day), "csv"))
    sheets = pl.read_excel(BytesIO(participants_table(dashboard_of(day), "xlsx")), engine="calamine", sheet_id=0)

    assert frame["firm"].to_list() == ["'=1+1", "IKM 2", "IKM 3", "Pembeli 1", "Pembeli 2"]
    assert frame["granted"].to_list() == [2, 2, 1, 3, 2]
    assert next(iter(sheets.values()))["firm"].to_list() == frame["firm"].to_list()


def test_table_for_spreadsheets_keeps_hoped_agreed_and_delivered_apart(day):
    names = pl.read_csv(participants_table(dashboard_of(day), "csv")).columns

    assert [name for name in names if name.startswith(("potential", "committed", "realised"))] == [
        "potential_low", "potential_high", "committed", "realised",
    ]  # fmt: skip
    assert "total" not in names


def test_dashboard_of_a_round_without_requests_is_empty_and_draws():
    day = make_day(layout=(), unplaced=())

    seen = dashboard_of(day)

    assert (seen.figures.asked, seen.equity.gini, seen.spread) == (
        0,
        None,
        [{"label": "0", "value": 5, "accent": True}],
    )


def test_firm_of_nobody_is_not_counted(day):
    make_firm(name="Tamu")

    assert len(dashboard_of(day).people) == 5
