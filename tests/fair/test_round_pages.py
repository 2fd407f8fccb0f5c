"""Pages of a round for organisers and for firms, as a reader without JavaScript uses them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import person
from tests.fair.rounds import asking_round, full_round, make_fair, make_plan, make_round, people_of
from tests.registry.firms import make_firm, make_member

from gebyar.accounts.models import Role
from gebyar.fair import services
from gebyar.fair.models import Fair, MeetingRequest, Participant, Plan, Round
from gebyar.fair.views import plans as plan_views
from gebyar.partnership.models import Listing
from gebyar.registry.services.search import refresh_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(sign_in_as):
    return sign_in_as(person(Role.PROGRAMME_OFFICER))


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def at(name, *args):
    return reverse(f"fair:{name}", args=args)


TIMES = {
    "first_day": "2026-11-12", "last_day": "2026-11-13", "opens": "09:30", "closes": "11:00", "slot": "20", "buffer": "5",
    "breaks": "10.20-10.35", "tables": "Pangan: 2\nLogam: 1",
}  # fmt: skip
LIMITS = {"name": "Temu Bisnis", "most_requests": "5", "least_meetings": "1", "most_meetings": "", "fairness": "2",
          "rest_after": "", "ask_until": "2026-11-01T17:00", "answer_until": "", "grants_unanswered": "on"}  # fmt: skip


# --- setting up -------------------------------------------------------------------------------------------------


def test_organiser_creates_a_fair_and_sees_the_slots_before_saving_the_round(organiser):
    organiser.post(
        at("fair_new"),
        {
            "name": "Gebyar",
            "venue": "Jakarta",
            "starts_on": "2026-11-12",
            "ends_on": "2026-11-13",
            "time_zone": "Asia/Makassar",
        },
    )
    fair = Fair.objects.get()
    page = text(organiser.post(at("round_new", fair.pk), TIMES | LIMITS))
    assert Round.objects.count() == 0
    assert "10.35–10.55\u00a0WITA" in page

    response = organiser.post(at("round_new", fair.pk), TIMES | LIMITS | {"save": "1"})

    round_ = Round.objects.get()
    assert response["Location"] == at("round", round_.pk)
    assert (round_.slots.count(), round_.tables.count(), round_.zones.count()) == (6, 3, 2)
    assert round_.ask_until.astimezone(round_.zone).strftime("%H.%M") == "17.00"
    assert "17.00\u00a0WITA" in text(organiser.get(at("round", round_.pk)))


def test_fair_of_a_name_that_is_taken_is_refused_in_our_words(organiser):
    fair = make_fair()
    facts = {"name": fair.name, "venue": "Jakarta", "starts_on": "2026-11-12", "ends_on": "2026-11-13"}

    page = text(organiser.post(at("fair_new"), facts | {"time_zone": "Asia/Jakarta"}))

    assert "Pilih nama lain" in page
    assert Fair.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"last_day": "2026-12-01"}, "Hari-hari"), ({"breaks": "siang"}, "siang"), ({"breaks": "13.00-12.00"}, "13.00-12.00"),
        ({"tables": "banyak"}, "banyak"), ({"tables": "-1"}, "-1"), ({"closes": "09:40"}, "Tidak ada pertemuan"),
        ({"most_meetings": "0"}, "lebih sedikit"),
    ],
)  # fmt: skip
def test_round_with_a_slip_is_not_saved_and_says_which(organiser, wrong, words):
    fair = make_fair()

    page = text(organiser.post(at("round_new", fair.pk), TIMES | LIMITS | wrong | {"save": "1"}))

    assert words in page
    assert Round.objects.count() == 0


def test_calculator_is_open_to_everybody_and_says_what_is_impossible(client):
    page = text(
        client.get(
            at("calculator"), {"guests": 60, "hosts": 20, "meetings": 5, "tables": 20, "minutes": 25, "hours": 6}
        )
    )
    assert ">15<" in page.replace(" ", "")

    refused = text(client.get(at("calculator"), {"guests": 60, "hosts": 4, "meetings": 5, "minutes": 25, "hours": 6}))
    assert "4" in refused
    assert "figure-value" not in refused


def test_round_list_shows_drafts_to_organisers_only(client, sign_in_as):
    make_round(name="Rahasia Dulu")
    assert "Rahasia Dulu" not in text(client.get(at("round_list")))

    sign_in_as(person(Role.PROGRAMME_OFFICER))
    assert "Rahasia Dulu" in text(client.get(at("round_list")))


def test_round_list_leads_officers_to_the_figures(client, sign_in_as):
    round_ = _ready(make_round())
    services.open_requests(actor=None, round_=round_)
    where = reverse("fair:dashboard", args=[round_.pk])
    assert where not in text(client.get(at("round_list")))

    sign_in_as(person(Role.LOCAL_OFFICER, "33"))
    assert where in text(client.get(at("round_list")))


def test_round_list_costs_the_same_queries_for_one_and_three_rounds(client, django_assert_num_queries):
    fair = make_fair()
    client.get(at("round_list"))
    for names in (["A"], ["B", "C"]):
        for name in names:
            services.open_requests(actor=None, round_=_ready(make_round(name=name, fair=fair)))
        with django_assert_num_queries(2):
            client.get(at("round_list"))


def _ready(round_):
    people_of(round_, 1, 1)
    return round_


def test_state_buttons_lead_from_draft_to_the_end(organiser):
    round_ = _ready(make_round())
    for act, status in [
        ("open", "asking"),
        ("remind", "asking"),
        ("close", "planning"),
        ("open", "asking"),
        ("end", "ended"),
    ]:
        organiser.post(at("round_state", round_.pk), {"act": act})
        round_.refresh_from_db()
        assert round_.status == status
        text(organiser.get(at("round", round_.pk)))


def test_times_change_until_a_plan_stands_on_them(organiser):
    round_ = full_round()
    organiser.post(at("round_times", round_.pk), TIMES | {"save": "1"})
    assert round_.slots.count() == 6
    services.open_plan(actor=None, round_=round_)

    page = text(organiser.post(at("round_times", round_.pk), TIMES | {"save": "1", "closes": "10:00"}))

    assert "Tidak ada yang diubah" in page
    assert round_.slots.count() == 6


def test_session_takes_numbers_and_spans_of_participants(organiser):
    round_, *_ = asking_round()
    facts = {"name": "Lokakarya", "starts_at": "2026-11-12T09:30", "ends_at": "2026-11-12T10:00"}
    assert "9" in text(organiser.post(at("session_new", round_.pk), facts | {"numbers": "1, 9"}))
    organiser.post(at("session_new", round_.pk), facts | {"numbers": "1, 3-4"})

    session = round_.sessions.get()
    assert sorted(session.seats.values_list("participant__number", flat=True)) == [1, 3, 4]
    organiser.post(at("session_remove", session.pk))
    assert round_.sessions.count() == 0


# --- participants -----------------------------------------------------------------------------------------------


def test_organiser_adds_firms_found_in_the_register(organiser):
    round_ = make_round()
    firm = make_firm(name="Batik Kenanga")
    refresh_search()
    assert "Batik Kenanga" in text(organiser.get(at("participants_add", round_.pk), {"q": "kenanga"}))

    organiser.post(at("participants_add", round_.pk), {"firm": [firm.pk], "invited": "on"})

    added = round_.participants.get()
    assert (added.firm, added.status) == (firm, "invited")
    assert "Batik Kenanga" not in text(organiser.get(at("participants_add", round_.pk), {"q": "kenanga"}))


def test_list_of_nibs_says_which_lines_were_not_found(organiser):
    round_ = make_round()
    firm = make_firm()
    file = SimpleUploadedFile("daftar.csv", f"NIB\n{firm.nib}\n1234567890123\n".encode())

    page = text(organiser.post(at("participants_upload", round_.pk), {"file": file, "numbers": ""}))

    assert "1234567890123" in page
    assert list(round_.participants.values_list("firm", flat=True)) == [firm.pk]


def test_limits_of_a_participant_are_set_and_refused_in_words(organiser):
    round_, (one, two, _), _ = asking_round()
    table = round_.tables.get(number=1)
    facts = {"status": "confirmed", "tier": 2, "delegates": 2, "table": table.pk, "zone": "", "most_meetings": 3}
    organiser.post(at("participant", one.pk), facts)

    page = text(organiser.post(at("participant", two.pk), facts))

    one.refresh_from_db()
    assert (one.tier, one.delegates, one.table, one.most_meetings) == (2, 2, table, 3)
    assert "IKM 1" in page
    assert Participant.objects.filter(table=table).count() == 1


@pytest.mark.parametrize(("least", "most"), [(5, 2), ("", 0)])
def test_limits_that_cross_are_refused_in_our_words(organiser, least, most):
    _round, (one, *_), _ = asking_round(least_meetings=1)
    facts = {"status": "confirmed", "tier": 1, "delegates": 1, "least_meetings": least, "most_meetings": most}

    page = text(organiser.post(at("participant", one.pk), facts))

    assert "Tidak ada yang diubah" in page
    assert "participant_most" not in page
    assert Participant.objects.filter(most_meetings__isnull=False).count() == 0


def test_participants_page_costs_the_same_queries_for_three_and_nine(organiser):
    round_, *_ = asking_round(2, 1)
    organiser.get(at("participants", round_.pk))
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            organiser.get(at("participants", round_.pk), {"q": ""})
        counts.append(len(queries))
        services.add_participants(actor=None, round_=round_, firms=[make_firm() for _ in range(6)])
    assert counts[0] == counts[1] <= 8


# --- requests ---------------------------------------------------------------------------------------------------


def upload(client, round_, content):
    return client.post(at("requests_upload", round_.pk), {"file": SimpleUploadedFile("p.csv", content.encode())})


def test_upload_of_requests_adds_all_of_them(organiser):
    round_, *_ = asking_round()

    upload(organiser, round_, "asker;asked;wish;answer;slot;table;by_organiser\n1;4;must;accepted;2;1;ya\n2;4;;;;;\n")

    rows = round_.requests.values_list(
        "asker__number", "asked__number", "wish", "answer", "fixed_slot__number", "by_organiser"
    )
    assert list(rows) == [(1, 4, 1, "accepted", 2, True), (2, 4, 2, "open", None, False)]


def test_upload_names_row_and_field_of_every_fault_and_adds_nothing(organiser):
    round_, *_ = asking_round()
    rows = ["1,4,,", "99,4,,", "1,4,,", "4,1,,", "2,4,99,", "2,5,,-1", "3,3,,", "3,x,,"]

    page = text(upload(organiser, round_, "asker,asked,slot,table\n" + "\n".join(rows)))

    for words in ("2, asker", "3, asked", "4, asked", "5, slot", "6, table", "7, asked", "8, asked"):
        assert f"baris {words}" in page
    assert round_.requests.count() == 0


@pytest.mark.parametrize("content", ["", "nama,alamat\n1,2\n", "asker,asked\n" + "1,2\n" * 200_001])
def test_upload_that_is_no_list_or_too_long_is_refused(organiser, content):
    round_, *_ = asking_round()

    page = text(upload(organiser, round_, content))

    assert "field-wrong" in page
    assert round_.requests.count() == 0


def test_organiser_sets_fixes_and_takes_out_a_meeting(organiser):
    round_, *_ = asking_round()
    slot, table = round_.slots.get(number=3), round_.tables.get(number=2)
    assert "99" in text(organiser.post(at("request_new", round_.pk), {"asker": 1, "asked": 99}))
    organiser.post(at("request_new", round_.pk), {"asker": 1, "asked": 4, "slot": slot.pk})
    row = round_.requests.get()
    organiser.post(at("request_fix", row.pk), {"slot": "", "table": table.pk})
    row.refresh_from_db()
    assert (row.by_organiser, row.fixed_slot, row.fixed_table) == (True, None, table)

    organiser.post(at("request_remove", row.pk))

    assert "IKM 1" not in text(organiser.get(at("requests", round_.pk)))


# --- plans ------------------------------------------------------------------------------------------------------


def test_plan_is_started_watched_and_stopped(organiser):
    round_ = full_round()
    organiser.post(at("plans", round_.pk), {"kind": "full", "seed": "7", "seconds": "20"})
    plan = Plan.objects.get()
    page = text(organiser.get(at("plan", plan.pk)))
    assert at("plan_progress", plan.pk) in page

    organiser.post(at("plan_stop", plan.pk))
    services.run_plan(plan=Plan.objects.get())

    response = organiser.get(at("plan_progress", plan.pk))
    assert response["HX-Refresh"] == "true"
    assert "Pembeli 1" in text(organiser.get(at("plan", plan.pk)))


def test_plan_with_a_seed_that_is_no_number_is_not_started(organiser):
    round_ = full_round()

    text(organiser.post(at("plans", round_.pk), {"kind": "full", "seed": "dua", "seconds": "20"}))

    assert round_.plans.count() == 0


def test_reasons_stand_on_the_plan_for_the_organiser_and_on_the_firms_own_page(client, sign_in_as):
    round_ = full_round(slots=2, tables=1, most_meetings=1)
    plan = services.publish_plan(actor=None, plan=make_plan(round_))
    refused = plan.refusals.select_related("request__asker__firm").first()
    sign_in_as(person(Role.PROGRAMME_OFFICER))
    page = text(client.get(at("plan", plan.pk), {"view": "refusals"}))
    assert page.count(at("request_place", plan.pk, refused.request.pk)) == 1

    sign_in_as(make_member(refused.request.asker.firm))
    own = text(client.get(at("participation", refused.request.asker.pk)))

    assert "Belum terpenuhi" in own


def test_versions_are_published_undone_and_compared(organiser):
    round_ = full_round(slots=6)
    first = make_plan(round_)
    meeting = first.meetings.first()
    organiser.post(at("plan_publish", first.pk))
    organiser.post(at("meeting_lock", meeting.pk), {"locked": "1"})
    page = text(organiser.get(at("meeting_move", meeting.pk)))
    assert "Meja kosong" in page
    organiser.post(at("meeting_move", meeting.pk), {"drop": "1"})
    second = round_.plans.get(version=2)
    organiser.post(at("plan_publish", second.pk))

    page = text(organiser.get(at("plan_compare", round_.pk)))
    assert "0 pindah, 0 baru, 1 hilang" in page
    organiser.post(at("plan_undo", round_.pk))

    assert round_.plans.get(published_at__isnull=False) == first


def test_changes_between_two_versions_are_paged(organiser, monkeypatch):
    monkeypatch.setattr(plan_views, "PER_PAGE", 2)
    round_ = full_round(slots=6)
    plan = make_plan(round_)
    for meeting in list(plan.meetings.order_by("pk")[:3]):
        newest = round_.plans.order_by("-version").first()
        services.drop_meeting(actor=None, meeting=newest.meetings.get(request=meeting.request_id))

    pages = [text(organiser.get(at("plan_compare", round_.pk), {"page": number})) for number in (1, 2)]

    assert [page.count('<th scope="row">IKM') for page in pages] == [2, 1]


def test_meeting_moved_onto_another_is_refused_on_the_page(organiser):
    plan = make_plan(full_round(slots=6))
    one, other = plan.meetings.order_by("pk")[:2]
    table = plan.round.tables.get(number=other.table)

    page = text(organiser.post(at("meeting_move", one.pk), {"slot": other.slot_id, "table": table.pk}))

    assert "error" in page
    assert plan.round.plans.count() == 1


def test_refused_request_is_placed_by_hand(organiser):
    round_ = full_round(slots=3, tables=1)
    plan = make_plan(round_)
    gone = plan.meetings.select_related("slot", "request").first()
    changed = services.drop_meeting(actor=None, meeting=gone)
    table = round_.tables.get(number=1)

    organiser.post(at("request_place", changed.pk, gone.request_id), {"slot": gone.slot_id, "table": table.pk})

    assert changed.meetings.filter(request=gone.request_id, slot=gone.slot_id).count() == 1


# --- firms ------------------------------------------------------------------------------------------------------


def test_firm_sees_the_others_with_what_they_list_and_asks(client, sign_in_as):
    round_, (one, *_), (buyer, *_) = asking_round()
    Listing.objects.create(
        firm=buyer.firm, direction="need", role="supplier", title="Kain batik tulis", status="approved", price_low=123_457,
        decided_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    Listing.objects.create(firm=buyer.firm, direction="need", role="supplier", title="Rencana rahasia")
    sign_in_as(make_member(one.firm))
    page = text(client.get(at("others", one.pk), {"q": "batik tulis"}))
    assert "Kain batik tulis" in page
    assert not [secret for secret in ("123457", "123.457", "Rencana rahasia") if secret in page]

    client.post(at("ask", one.pk, buyer.number), {"wish": "1", "rank": "1", "time": "3", "message": "Contoh siap"})

    assert list(round_.requests.values_list("asker", "asked", "wish", "rank")) == [(one.pk, buyer.pk, 1, 1)]
    assert "Pembeli 1" in text(client.get(at("participation", one.pk)))


def test_firm_answers_and_takes_back(client, sign_in_as):
    _round, (one, two, _), (buyer, *_) = asking_round()
    received = services.ask(actor=None, asker=one, asked=buyer, message="Halo")
    made = services.ask(actor=None, asker=buyer, asked=two)
    sign_in_as(make_member(buyer.firm))
    assert "Halo" in text(client.get(at("participation", buyer.pk)))

    client.post(at("answer", received.pk), {"answer": "accept", "wish": "1", "message": "Mari"})
    client.post(at("withdraw", made.pk))

    rows = MeetingRequest.objects.order_by("pk")
    assert [(row.answer, row.answer_wish, row.withdrawn_at is None) for row in rows] == [
        ("accepted", 1, True), ("open", None, False),
    ]  # fmt: skip


def test_firm_says_when_it_cannot_and_whether_it_comes(client, sign_in_as):
    round_, (one, *_), _ = asking_round()
    sign_in_as(make_member(one.firm))
    slots = list(round_.slots.filter(number__in=[1, 3]))
    client.post(at("when", one.pk), {"absent": [slot.pk for slot in slots]})
    assert list(one.absent_slots.all()) == slots
    client.post(at("when", one.pk), {})
    assert one.absent_slots.count() == 0

    client.post(at("take_part", one.pk), {"comes": "no"})

    one.refresh_from_db()
    assert one.status == "withdrawn"


def test_firm_that_cannot_after_the_plan_is_published_is_told_that_the_plan_stays(client, sign_in_as):
    round_ = full_round()
    services.publish_plan(actor=None, plan=make_plan(round_))
    one = round_.participants.get(number=1)
    sign_in_as(make_member(one.firm))

    page = text(client.post(at("when", one.pk), {"absent": [round_.slots.first().pk]}, follow=True))

    assert "rencana yang sudah terbit tetap berlaku" in page


def test_what_is_another_firms_is_not_found_and_stays_as_it_is(client, sign_in_as):
    round_, (one, two, _), (buyer, *_) = asking_round()
    row = services.ask(actor=None, asker=one, asked=buyer, message="Rahasia dagang")
    sign_in_as(make_member(two.firm))

    pages = [client.get(at(name, one.pk)) for name in ("participation", "others", "when")]
    posts = [
        client.post(at("answer", row.pk), {"answer": "decline"}), client.post(at("withdraw", row.pk)),
        client.post(at("ask", one.pk, buyer.number), {"wish": 1, "time": 3}), client.post(at("take_part", one.pk), {"comes": "no"}),
    ]  # fmt: skip

    assert {response.status_code for response in pages + posts} == {404}
    assert "Rahasia dagang" not in text(client.get(at("participation", two.pk)))
    row.refresh_from_db()
    one.refresh_from_db()
    assert (row.answer, row.withdrawn_at, one.status, round_.requests.count()) == ("open", None, "confirmed", 1)


def test_draft_round_is_not_shown_to_those_in_it(client, sign_in_as):
    round_ = make_round()
    (one,), _ = people_of(round_, 1, 1)
    sign_in_as(make_member(one.firm))

    assert client.get(at("participation", one.pk)).status_code == 404
