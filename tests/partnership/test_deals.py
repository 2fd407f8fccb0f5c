from datetime import date, timedelta

import polars as pl
import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import person
from tests.partnership.market import a_deal, approved, days_ago
from tests.registry.firms import make_firm, make_member, make_profile

from gebyar.accounts.models import Role
from gebyar.partnership.errors import (
    AlreadySaid,
    AlreadyWithdrawn,
    AmountNeeded,
    DateAhead,
    NotYourFirm,
    NotYourRegion,
    SameFirm,
    UnfitAmount,
    UnfitEvidence,
    UnfitListing,
)
from gebyar.partnership.models import Deal, DealStatement, Reminder
from gebyar.partnership.queries.dashboard import dashboard, public_figures, shown_figures
from gebyar.partnership.queries.deals import (
    SideStanding,
    deal_lines,
    deals_in_region,
    my_deals,
    standing,
    visible_deals,
)
from gebyar.partnership.services import open_deal, send_reminders, state_deal, withdraw_statement
from gebyar.partnership.services.deals import months_later
from gebyar.partnership.services.exports import export_deals
from gebyar.partnership.tasks import remind
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def deal():
    return a_deal()


@pytest.fixture
def seller(deal):
    return make_member(deal.seller)


@pytest.fixture
def buyer(deal):
    return make_member(deal.buyer)


def say(actor, deal, side, stage, amount=None, on_date=None, **facts):
    return state_deal(
        actor=actor, deal=deal, side=side, stage=stage, amount=amount, on_date=on_date or days_ago(5), **facts
    )


# --- opening --------------------------------------------------------------------------------------------------------


def test_opened_deal_has_its_reminders(deal):
    due = sorted(Reminder.objects.values_list("side", "months", "due_on"))

    assert due == [
        (side, months, months_later(deal.origin_date, months))
        for side in ("buyer", "seller")
        for months in (1, 3, 6, 12)
    ]


@given(day=st.dates(date(2020, 1, 1), date(2090, 1, 1)), months=st.sampled_from([1, 3, 6, 12]))
def test_term_ends_on_the_same_day_or_the_last_of_the_month(day, months):
    end = months_later(day, months)

    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


def test_deal_is_opened_by_a_side_an_officer_or_the_machine():
    seller, buyer = make_firm(region_code="33.74.10"), make_firm(region_code="35.78.10")
    said = {"seller": seller, "buyer": buyer, "relation": "order", "title": "Kain", "origin_date": days_ago(1)}
    may = [
        make_member(seller), make_member(buyer), person(Role.LOCAL_OFFICER, "35"), person(Role.PROGRAMME_OFFICER), None,
    ]  # fmt: skip

    for number, actor in enumerate(may):
        open_deal(actor=actor, **said | {"title": f"Kain {number}"})
    for actor in (person(), person(Role.LOCAL_OFFICER, "34"), make_member(make_firm())):
        with pytest.raises(NotYourFirm):
            open_deal(actor=actor, **said)

    assert Deal.objects.count() == len(may)


def test_deal_that_makes_no_sense_is_refused():
    firm, other = make_firm(), make_firm()
    said = {"relation": "order", "title": "Kain", "origin_date": days_ago(1)}

    with pytest.raises(SameFirm):
        open_deal(actor=None, seller=firm, buyer=firm, **said)
    with pytest.raises(UnfitListing):
        open_deal(actor=None, seller=firm, buyer=other, **said | {"relation": "barter"})
    with pytest.raises(UnfitListing):
        open_deal(actor=None, seller=firm, buyer=other, **said | {"title": "  "})
    assert Deal.objects.count() == 0


def test_deal_opened_twice_is_one_deal_with_one_set_of_reminders():
    seller, buyer, listing = make_firm(region_code="33.74.10"), make_firm(region_code="35.78.10"), approved()
    member = make_member(seller)
    said = {
        "seller": seller, "buyer": buyer, "relation": "order", "title": "Kain", "origin_date": days_ago(1),
        "listing": listing,
    }  # fmt: skip

    first, second = open_deal(actor=member, **said), open_deal(actor=member, **said)

    assert first == second
    assert (Deal.objects.count(), Reminder.objects.count()) == (1, 8)
    assert AuditEntry.objects.filter(verb="partnership.open_deal").count() == 1


@pytest.mark.parametrize(
    ("ago", "months"), [(0, [1, 3, 6, 12]), (40, [1, 3, 6, 12]), (100, [3, 6, 12]), (200, [6, 12]), (2000, [12])]
)
def test_old_deal_is_asked_about_once_and_not_once_for_each_term(ago, months):
    deal = a_deal(origin_date=days_ago(ago))

    assert list(deal.reminders.filter(side="buyer").order_by("months").values_list("months", flat=True)) == months


@pytest.mark.parametrize("day", [days_ago(-1), date.max])
def test_deal_that_begins_in_the_future_is_refused(day):
    with pytest.raises(DateAhead):
        a_deal(origin_date=day)

    assert Deal.objects.count() == 0


# --- statements -----------------------------------------------------------------------------------------------------


def test_silence_is_no_contradiction(deal, seller):
    assert (standing(deal).differs, standing(deal).stage) == (False, "interest")

    say(seller, deal, "seller", "quotation", 5_000_000)

    where = standing(deal)
    assert (where.differs, where.stage, where.both_have_spoken) == (False, "quotation", False)
    assert (where.committed_by_both, where.realised_by_both, where.realised_by_one) == (0, 0, 0)


def test_orders_carry_out_the_mou_and_deliveries_add_up(deal, seller):
    say(seller, deal, "seller", "mou", 10_000_000, days_ago(30))
    say(seller, deal, "seller", "order", 4_000_000, days_ago(20))
    say(seller, deal, "seller", "order", 5_000_000, days_ago(15))
    say(seller, deal, "seller", "realised", 3_000_000, days_ago(10))
    say(seller, deal, "seller", "realised", 1_000_000, days_ago(9))

    assert standing(deal).seller == SideStanding(True, "realised", 10_000_000, 4_000_000)

    say(seller, deal, "seller", "order", 8_000_000, days_ago(8))
    assert standing(deal).seller == SideStanding(True, "order", 17_000_000, 4_000_000)


def test_two_sides_that_differ_are_both_kept(deal, seller, buyer):
    say(seller, deal, "seller", "realised", 9_000_000)
    say(buyer, deal, "buyer", "realised", 6_000_000)

    where = standing(deal)
    assert where.differs
    assert (where.seller.realised, where.buyer.realised) == (9_000_000, 6_000_000)
    assert (where.realised_by_both, where.realised_by_one) == (6_000_000, 3_000_000)


def test_two_sides_that_agree_do_not_differ(deal, seller, buyer):
    say(seller, deal, "seller", "order", 9_000_000)
    say(buyer, deal, "buyer", "order", 9_000_000)

    where = standing(deal)
    assert (where.differs, where.stage, where.committed_by_both, where.realised_by_both) == (
        False,
        "order",
        9_000_000,
        0,
    )


def test_stage_is_the_one_both_confirm(deal, seller, buyer):
    say(seller, deal, "seller", "order", 9_000_000)
    say(buyer, deal, "buyer", "sample")

    assert (standing(deal).stage, standing(deal).differs) == ("sample", True)


def test_withdrawn_statement_counts_no_more_and_stays_readable(deal, seller, buyer):
    wrong = say(seller, deal, "seller", "realised", 90_000_000)
    with pytest.raises(NotYourFirm):
        withdraw_statement(actor=buyer, statement=wrong)

    withdraw_statement(actor=seller, statement=wrong)

    assert standing(deal).seller == SideStanding()
    assert DealStatement.objects.get().amount == 90_000_000
    with pytest.raises(AlreadyWithdrawn):
        withdraw_statement(actor=seller, statement=wrong)


def test_same_statement_twice_counts_once(deal, seller):
    first = say(seller, deal, "seller", "realised", 1_000_000)
    with pytest.raises(AlreadySaid):
        say(seller, deal, "seller", "realised", 1_000_000)
    say(seller, deal, "seller", "realised", 1_000_000, note="kiriman kedua")

    assert standing(deal).seller.realised == 2_000_000
    withdraw_statement(actor=seller, statement=first)
    say(seller, deal, "seller", "realised", 1_000_000)
    assert standing(deal).seller.realised == 2_000_000


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"stage": "order"}, AmountNeeded),
        ({"stage": "realised"}, AmountNeeded),
        ({"stage": "mou", "amount": -1}, UnfitAmount),
        ({"stage": "mou", "amount": 10**15}, UnfitAmount),
        ({"stage": "signed"}, UnfitListing),
        ({"stage": "interest", "on_date": timezone.localdate() + timedelta(days=1)}, DateAhead),
        ({"stage": "interest", "evidence": ContentFile(b"<script>", name="surat.pdf")}, UnfitEvidence),
    ],
)
def test_statement_that_makes_no_sense_is_refused(deal, seller, facts, refusal):
    with pytest.raises(refusal):
        say(seller, deal, "seller", **facts)

    assert DealStatement.objects.count() == 0


def test_nobody_speaks_for_the_other_side(deal, seller):
    for actor, side in (
        (seller, "buyer"),
        (person(Role.PROGRAMME_OFFICER), "seller"),
        (person(), "seller"),
        (seller, "x"),
    ):
        with pytest.raises(NotYourFirm):
            say(actor, deal, side, "interest")

    assert DealStatement.objects.count() == 0


def test_evidence_is_kept_under_a_name_of_ours(deal, seller):
    said = say(seller, deal, "seller", "mou", 1, evidence=ContentFile(PDF, name="../../mou rahasia.exe"))

    assert said.evidence.name.startswith("deals/")
    assert said.evidence.name.endswith(".pdf")
    assert "rahasia" not in said.evidence.name
    assert said.evidence.read() == PDF


def test_audit_trail_tells_every_act_and_no_sum(deal, seller):
    withdraw_statement(actor=seller, statement=say(seller, deal, "seller", "order", 61_234_567))

    entries = AuditEntry.objects.filter(verb__startswith="partnership.").order_by("pk")
    assert [entry.verb for entry in entries] == [
        "partnership.open_deal", "partnership.state_deal", "partnership.withdraw_statement",
    ]  # fmt: skip
    assert "61234567" not in "".join(f"{entry.before}{entry.after}" for entry in entries)


def test_each_reader_sees_their_deals(deal, seller, buyer):
    readers = {
        "seller": seller, "buyer": buyer, "visitor": person(), "other": make_member(make_firm()),
        "sellers officer": person(Role.LOCAL_OFFICER, "33.74"), "buyers officer": person(Role.LOCAL_OFFICER, "35"),
        "far officer": person(Role.LOCAL_OFFICER, "34"), "national": person(Role.PROGRAMME_OFFICER),
        "judge": person(Role.JUDGE),
    }  # fmt: skip

    seen = {
        name: [list(found(user)) == [deal] for found in (visible_deals, deals_in_region, my_deals)]
        for name, user in readers.items()
    }

    nothing = [False, False, False]
    assert seen == {
        "seller": [True, False, True], "buyer": [True, False, True], "visitor": nothing, "other": nothing,
        "sellers officer": [True, True, False], "buyers officer": [True, True, False], "far officer": nothing,
        "national": [True, True, False], "judge": nothing,
    }  # fmt: skip


# --- reminders ------------------------------------------------------------------------------------------------------


def test_reminders_go_out_once_to_each_side(deal, seller, buyer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        counts = [send_reminders(), send_reminders()]

    assert counts == [2, 0]
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([seller.email, buyer.email])
    assert all("1 bulan" in letter.body and f"/partners/deals/{deal.pk}/" in letter.body for letter in mail.outbox)


def test_side_that_ended_the_deal_is_not_asked_again(deal, seller, buyer, django_capture_on_commit_callbacks):
    say(seller, deal, "seller", "ended")

    with django_capture_on_commit_callbacks(execute=True):
        count = send_reminders(today=deal.origin_date + timedelta(days=400))

    assert count == 4
    assert {letter.to[0] for letter in mail.outbox} == {buyer.email}


def test_reminder_before_its_day_stays(deal):
    assert send_reminders(today=deal.origin_date + timedelta(days=20)) == 0
    assert Reminder.objects.filter(sent_at__isnull=False).count() == 0


def test_reminder_of_a_deal_that_is_gone_holds_up_no_other(monkeypatch, django_capture_on_commit_callbacks):
    gone, kept = a_deal(), a_deal(title="Kain")
    make_member(kept.seller)
    from gebyar.partnership.services import reminders

    asked = reminders.lock

    def lock(queryset):
        Deal.objects.filter(pk=gone.pk).delete()  # while the reminders are on their way
        return asked(queryset)

    monkeypatch.setattr(reminders, "lock", lock)
    with django_capture_on_commit_callbacks(execute=True):
        sent = send_reminders()

    assert sent == 2
    assert [message.subject for message in mail.outbox] == ["Gebyar: bagaimana kelanjutan “Kain”?"]


def test_reminders_sent_by_the_task_set_the_next_day(deal):
    assert remind.func() == 2

    waiting = DBTaskResult.objects.get()
    assert waiting.task_path == remind.module_path
    assert waiting.run_after > timezone.now() + timedelta(hours=23)


# --- figures --------------------------------------------------------------------------------------------------------


def realise(deal, seller_says, buyer_says):
    for side, firm, amount in (("seller", deal.seller, seller_says), ("buyer", deal.buyer, buyer_says)):
        if amount is not None:
            say(make_member(firm), deal, side, "realised", amount)


def test_dashboard_keeps_committed_and_realised_apart():
    seller, buyer = make_firm(region_code="33.74.10"), make_firm(name="Ritel Uji", region_code="35.78.10")
    make_profile(seller, sales=1_200_000_000)
    one, two = a_deal(seller, buyer), a_deal(seller, buyer, relation="purchase")
    realise(one, 5_000_000, 4_000_000)
    say(make_member(seller), two, "seller", "order", 9_000_000)

    board = dashboard(deals_in_region(person(Role.PROGRAMME_OFFICER)))

    total = board.total
    sums = total.deals, total.committed, total.committed_by_one, total.realised, total.realised_by_one, total.differ
    assert sums == (2, 0, 9_000_000, 4_000_000, 1_000_000, 1)
    assert [(group.label, group.deals) for group in board.by_region] == [("Jawa Tengah", 2)]
    assert [(group.label, group.deals) for group in board.by_size] == [("mikro", 2)]
    assert [(group.label, group.realised) for group in board.by_partner] == [("Ritel Uji", 4_000_000)]
    assert sorted(group.realised for group in board.by_relation) == [0, 4_000_000]
    assert sum(count for _stage, count in board.stages) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_dashboard_asks_the_database_no_more_for_more_deals(count, django_assert_num_queries):
    for _number in range(count):
        realise(a_deal(), 5, 5)
    user = person(Role.PROGRAMME_OFFICER)
    _ = user.open_grants

    with django_assert_num_queries(3):  # deals, their statements, sizes of the sellers
        dashboard(deals_in_region(user))


def test_public_figures_hide_provinces_that_tell_about_single_firms():
    for region, number in (("33.74.10", 4), ("35.78.10", 1), ("32.73.10", 4), ("51.71.01", 2)):
        for _firm in range(number):
            realise(a_deal(seller=make_firm(region_code=region)), 10_000_000, 10_000_000)

    figures = public_figures()

    shown = {line.label: line.deals for line in figures.lines}
    assert (shown["Jawa Timur"], shown["Bali"]) == (None, None)
    assert figures.has_hidden
    assert sum(deals is not None for deals in shown.values()) >= 1
    assert all((line.deals is None) == (line.realised is None) for line in [*figures.lines, figures.total])


def test_public_figures_count_what_both_sides_confirm_only():
    for says in ((5_000_000, 5_000_000), (5_000_000, None), (5_000_000, 3_000_000), (4_000_000, 4_000_000)):
        realise(a_deal(seller=make_firm(region_code="33.74.10")), *says)

    assert [(line.label, line.deals, line.realised) for line in public_figures().lines] == [
        ("Jawa Tengah", 4, 12_000_000)
    ]


def test_two_partners_of_one_name_stand_apart_in_the_sums():
    for _number in range(2):
        realise(a_deal(buyer=make_firm(name="Ritel Uji", region_code="35.78.10")), 4_000_000, 4_000_000)

    board = dashboard(deals_in_region(person(Role.PROGRAMME_OFFICER)))

    assert [(sums.label, sums.deals, sums.realised) for sums in board.by_partner] == [("Ritel Uji", 1, 4_000_000)] * 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.tuples(st.sampled_from(["seller", "buyer"]), st.sampled_from(DealStatement.Stage.values), st.integers(0, 9),
                  st.integers(0, 3), st.booleans()),
        max_size=8,
    )
)  # fmt: skip
def test_deals_in_sums_stand_where_their_pages_say(said):
    deal = a_deal(seller=make_firm(), buyer=make_firm())
    DealStatement.objects.bulk_create(
        DealStatement(
            deal=deal, side=side, stage=stage, amount=amount, on_date=days_ago(ago),
            withdrawn_at=timezone.now() if withdrawn else None,
        )
        for side, stage, amount, ago, withdrawn in said
    )  # fmt: skip

    [line] = deal_lines(Deal.objects.filter(pk=deal.pk))

    assert line.standing == standing(deal)
    assert (line.seller, line.buyer, line.buyer_name) == (deal.seller_id, deal.buyer_id, deal.buyer.name)


def test_public_figures_are_counted_once_in_ten_minutes(django_assert_num_queries):
    cache.clear()
    realise(a_deal(), 5, 5)
    first = shown_figures()

    realise(a_deal(), 5, 5)
    with django_assert_num_queries(0):
        assert shown_figures() == first
    cache.clear()


# --- export ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_has_both_sides_and_no_prices_of_the_listing(tmp_path, kind):
    listing = approved()
    deal = a_deal(seller=listing.firm, listing=listing, title="=HYPERLINK(1)")
    realise(deal, 5_000_000, 4_000_000)
    path = tmp_path / f"deals.{kind}"

    count = export_deals(actor=person(Role.LOCAL_OFFICER, "33"), path=path, format=kind)

    table = pl.read_csv(path) if kind == "csv" else pl.read_excel(path)
    row = table.row(0, named=True)
    assert (count, table.height) == (1, 1)
    assert (row["seller_realised"], row["buyer_realised"], row["realised_by_both"]) == (5_000_000, 4_000_000, 4_000_000)
    assert row["title"] == "'=HYPERLINK(1)"
    assert not [price for price in ("61234", "71234") if price in str(table.to_dict(as_series=False))]


def test_export_is_for_officers_and_their_region(tmp_path, deal, seller):
    path = tmp_path / "deals.csv"
    with pytest.raises(NotYourRegion):
        export_deals(actor=seller, path=path, format="csv")

    assert not path.exists()
    assert export_deals(actor=person(Role.LOCAL_OFFICER, "34"), path=path, format="csv") == 0
