from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pypdf import PdfReader
from tests.factories import person
from tests.fair.floor_days import ask, between, lay, make_day, published, slot, who
from tests.fair.rounds import make_fair
from tests.registry.firms import make_member

from gebyar.accounts.models import Role
from gebyar.fair.models import MeetingLog, Notice, Participant, Refusal, Session, SessionSeat
from gebyar.fair.queries.agendas import agenda_of
from gebyar.fair.queries.floor import board_token, halls, slots_of
from gebyar.fair.services import floor
from gebyar.fair.timetable import ZoneTables

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return make_day()


def address(round_, number, route="fair:agenda"):
    return reverse(route, args=[who(round_, number).agenda_token])


def page(client, round_, number):
    return client.get(address(round_, number)).content.decode()


def events(client, round_, number):
    answer = client.get(address(round_, number, "fair:agenda_calendar"))
    return [part for part in Calendar.from_ical(answer.content).walk() if part.name == "VEVENT"]


def words_of(answer):
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.content)).pages).split())


# --- the page ---------------------------------------------------------------------------------------------------


def test_agenda_names_every_meeting_with_time_table_and_zone(client, day):
    seen = [
        (line.time_words, line.with_number, line.title, line.table, line.area)
        for line in agenda_of(who(day, 1)).meetings
    ]

    assert seen == [
        ("09.30–09.50 WIB", 4, "Pembeli 1", 1, "Batik"), ("09.55–10.15 WIB", 5, "Pembeli 2", 2, "Pangan"),
    ]  # fmt: skip
    text = page(client, day, 1)
    assert all(words in text for words in ("4. Pembeli 1", "5. Pembeli 2", "09.30–09.50", "Meja 1, Batik"))


def test_agenda_is_in_the_fairs_own_zone(client, day):
    day.fair.time_zone = "Asia/Jayapura"
    day.fair.save()

    assert "11.30–11.50" in page(client, day, 1)
    assert "WIT" in page(client, day, 1)


def test_agenda_of_two_days_stands_under_two_dates(client):
    day = make_day(slots=2, days=2, layout=((1, 4, 1, 1), (1, 5, 3, 2)), unplaced=())

    assert [one.words for one in agenda_of(who(day, 1)).days] == ["Kamis, 12 November 2026", "Jumat, 13 November 2026"]


def test_agenda_before_publication_says_that_it_is_not_ready(client, day):
    day.plans.update(published_at=None)

    text = page(client, day, 1)

    assert "belum siap" in text
    assert "Pembeli" not in text


def test_agenda_of_an_unknown_address_is_not_found(client, day):
    for route in ("fair:agenda", "fair:agenda_sheet", "fair:agenda_calendar", "fair:check_in"):
        assert client.get(reverse(route, args=["x" * 32])).status_code == 404


def test_agenda_shows_sessions_that_keep_a_firm_from_meeting(client, day):
    fourth = slot(day, 4)
    session = Session.objects.create(
        round=day, name="Lokakarya ekspor", starts_at=fourth.starts_at, ends_at=fourth.ends_at
    )
    SessionSeat.objects.create(session=session, participant=who(day, 1))

    assert "Lokakarya ekspor" in page(client, day, 1)
    assert "Lokakarya ekspor" not in page(client, day, 2)
    assert "Lokakarya ekspor" in [str(event["summary"]) for event in events(client, day, 1)]


def test_agenda_names_the_delegate_of_a_firm_that_sends_several(client, day):
    Participant.objects.filter(round=day, number=4).update(delegates=2)

    assert "utusan 1" in page(client, day, 4)
    assert "· utusan" not in page(client, day, 1)


def test_agenda_says_why_a_wished_meeting_is_not_there_to_both_who_wanted_it(client, day):
    number = who(day, 5).number
    Refusal.objects.create(
        plan=published(day),
        request=between(day, 3, 5),
        code="guest_full",
        parameters={"participant": number, "most": 2},
    )

    for wanted in (3, 5):
        (line,) = agenda_of(who(day, wanted)).refused
        assert "Pembeli 2" in line.words
    assert agenda_of(who(day, 1)).refused == []


def test_agenda_does_not_tell_who_declined_that_it_was_refused(client, day):
    request = ask(day, 1, 2, answer="declined")
    Refusal.objects.create(plan=published(day), request=request, code="declined")

    assert len(agenda_of(who(day, 1)).refused) == 1
    assert agenda_of(who(day, 2)).refused == []


def test_agenda_shows_changes_on_top_with_old_and_new_time(client, day):
    Notice.objects.create(
        participant=who(day, 1),
        code="moved",
        parameters={
            "request": 1, "firm": "Pembeli 1", "old_time": slot(day, 1).starts_at.isoformat(), "old_table": 1,
            "new_time": slot(day, 3).starts_at.isoformat(), "new_table": 2,
        },
    )  # fmt: skip

    text = page(client, day, 1)

    assert "dipindahkan dari Kam, 12 Nov, 09.30 WIB, meja 1, ke Kam, 12 Nov, 10.20 WIB, meja 2" in text
    assert text.index("dipindahkan") < text.index("4. Pembeli 1")


def test_agenda_tells_when_it_was_updated_and_hides_that_it_is_offline(client, day):
    text = page(client, day, 1)

    assert "Terakhir diperbarui" in text
    assert "data-offline-note hidden" in text  # what the worker looks for


def test_agenda_links_to_the_outcome_once_a_meeting_has_begun(client, day):
    later = slot(day, 2)
    later.starts_at = timezone.now() + timedelta(hours=1)
    later.ends_at = later.starts_at + timedelta(minutes=20)
    later.save()

    text = page(client, day, 1)

    assert reverse("fair:outcome", args=[between(day, 1, 4).pk]) in text
    assert reverse("fair:outcome", args=[between(day, 1, 5).pk]) not in text


def test_agenda_offers_no_outcome_to_those_who_may_not_speak(client, day, sign_in_as):
    where = reverse("fair:outcome", args=[between(day, 1, 4).pk])
    for user, offered in ((person(Role.PROGRAMME_OFFICER), False), (make_member(who(day, 1).firm), True)):
        sign_in_as(user)
        assert (where in page(client, day, 1)) == offered


def test_agenda_tells_changes_in_the_fairs_own_time_and_keeps_out_of_searches(client, day):
    day.fair.time_zone = "Asia/Jayapura"
    day.fair.save()
    moment = slot(day, 1).starts_at - timedelta(hours=10)  # 23.30 in Jakarta, the next day in Jayapura
    parameters = {"request": 1, "firm": "X", "new_time": moment.isoformat(), "new_table": 1}
    Notice.objects.create(participant=who(day, 1), code="added", parameters=parameters, created_at=moment)

    text = page(client, day, 1)

    told = text[text.index("c-event") if "c-event" in text else text.index('id="changes"') :]
    assert "01.30" in told[:800]
    assert '<meta name="robots" content="noindex">' in text


def test_calendar_tells_two_sessions_at_one_time_apart(client, day):
    fourth = slot(day, 4)
    for name in ("Lokakarya", "Kunjungan"):
        session = Session.objects.create(round=day, name=name, starts_at=fourth.starts_at, ends_at=fourth.ends_at)
        SessionSeat.objects.create(session=session, participant=who(day, 1))

    found = events(client, day, 1)

    assert len({str(event["uid"]) for event in found}) == len(found) == 4


def test_agenda_costs_the_same_queries_for_one_meeting_and_three(client, day, django_assert_num_queries):
    page(client, day, 1)  # what is cached per process
    for number in (3, 4):
        where = address(day, number)
        with django_assert_num_queries(7):
            client.get(where)


def test_worker_is_served_from_beside_the_agendas(client):
    answer = client.get(reverse("fair:agenda_worker"))

    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("fair:agenda_worker").rpartition("/")[0] == reverse("fair:agenda", args=["x"]).rpartition("/x/")[0]
    assert "data-offline-note hidden" in answer.content.decode()


# --- paper and calendar -----------------------------------------------------------------------------------------


def test_agenda_sheet_is_a_pdf_with_the_meetings(client, day):
    answer = client.get(address(day, 1, "fair:agenda_sheet"))

    words = words_of(answer)
    assert answer["Content-Type"] == "application/pdf"
    assert all(name in words for name in ("IKM 1", "4. Pembeli 1", "5. Pembeli 2", "Gebyar Uji", "1 · Batik"))


def test_calendar_holds_the_meetings_in_utc_under_names_that_stay(client, day):
    first, again = events(client, day, 4), events(client, day, 4)

    assert sorted(str(event["summary"]) for event in first) == [f"Pertemuan dengan IKM {n}" for n in (1, 2, 3)]
    assert [event["uid"] for event in first] == [event["uid"] for event in again]
    assert {event["dtstart"].dt.utcoffset() for event in first} == {timedelta(0)}
    assert {(str(event["status"]), event["sequence"]) for event in first} == {("CONFIRMED", 0)}


def test_calendar_keeps_what_was_taken_off_as_cancelled_and_counts_changes(client, day):
    before = {str(event["uid"]): str(event["summary"]) for event in events(client, day, 5)}
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    after = {str(event["summary"]): event for event in events(client, day, 5)}

    gone = after["Pertemuan dengan IKM 1"]
    assert (str(gone["status"]), gone["sequence"]) == ("CANCELLED", 1)
    assert before[str(gone["uid"])] == "Pertemuan dengan IKM 1"
    assert (str(after["Pertemuan dengan IKM 2"]["status"]), after["Pertemuan dengan IKM 2"]["sequence"]) == (
        "CONFIRMED",
        0,
    )


def test_calendar_takes_back_a_cancellation_with_a_higher_sequence(client, day):
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))
    floor.undo_repair(actor=None, round_=day)

    back = {str(event["summary"]): event for event in events(client, day, 5)}["Pertemuan dengan IKM 1"]

    assert (str(back["status"]), back["sequence"]) == ("CONFIRMED", 2)


# --- the hall's paper -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ["fair:cards", "fair:hall_plan", "fair:badges"])
def test_paper_of_the_hall_names_the_firms(client, day, sign_in_as, route):
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    words = words_of(client.get(reverse(route, args=[day.pk])))

    assert all(name in words for name in ("IKM 1", "IKM 3", "Pembeli 2"))


def test_cards_of_a_zone_hold_its_tables_only(client, day, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))
    batik = day.zones.get(name="Batik")

    sheets = PdfReader(BytesIO(client.get(reverse("fair:cards", args=[day.pk]), {"zone": batik.pk}).content)).pages

    assert len(sheets) == 1
    assert "Batik" in sheets[0].extract_text()


def test_cards_of_a_zone_of_another_round_are_not_found(client, day, sign_in_as):
    other = make_day(name="Lain", layout=(), unplaced=(), tables=[ZoneTables("Logam", 1)], fair=day.fair)
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    answer = client.get(reverse("fair:cards", args=[day.pk]), {"zone": other.zones.get().pk})

    assert answer.status_code == 404


def test_badges_are_one_for_each_delegate(client, day, sign_in_as):
    Participant.objects.filter(round=day, number=4).update(delegates=3)
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    words = words_of(client.get(reverse("fair:badges", args=[day.pk])))

    assert words.count("Pembeli 1") == 3
    assert "Utusan 3 dari 3" in words


# --- the code at the entrance -----------------------------------------------------------------------------------


def test_check_in_code_leads_anybody_else_to_the_agenda_and_checks_nobody_in(client, day, sign_in_as):
    sign_in_as(make_member(who(day, 1).firm))
    where = address(day, 1, "fair:check_in")

    assert client.get(where).url == address(day, 1)
    assert client.post(where).status_code == 404
    assert not who(day, 1).check_ins.exists()


def test_check_in_code_lets_an_organiser_confirm(client, day, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))
    where = address(day, 1, "fair:check_in")

    assert "IKM 1" in client.get(where).content.decode()
    client.post(where)

    assert who(day, 1).check_ins.get().came_at is not None


# --- the desk's pages -------------------------------------------------------------------------------------------


def test_desk_finds_by_number_and_by_name(client, day, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))
    desk = reverse("fair:desk", args=[day.pk])

    by_number, by_name = (client.get(desk, {"q": words}).content.decode() for words in ("3", "pembeli"))

    assert ("IKM 3" in by_number, "IKM 1" in by_number) == (True, False)
    assert ("Pembeli 2" in by_name, "IKM 1" in by_name) == (True, False)


@pytest.mark.parametrize("route", ["fair:desk", "fair:floor", "fair:dashboard"])
def test_pages_of_the_day_cost_the_same_queries_for_one_firm_and_three(client, sign_in_as, route):
    sign_in_as(person(Role.PROGRAMME_OFFICER))
    counts = []
    for number, small in enumerate((1, 1, 3)):  # the first one fills what is cached per process
        layout = tuple((firm, small + 1, 1, firm) for firm in range(1, small + 1))
        day = make_day(small=small, layout=(layout[0],), unplaced=(), fair=make_fair(name=f"Gebyar {number}"), tables=4)
        for firm, buyer, *_where in layout[1:]:
            ask(day, firm, buyer)
        lay(day, [(firm, small + 1, firm, 1) for firm in range(1, small + 1)])
        counts.append(queries(lambda day=day: client.get(reverse(route, args=[day.pk]))))

    assert counts[1] == counts[2]


def queries(act):
    with CaptureQueriesContext(connection) as captured:
        assert act().status_code == 200
    return len(captured)


def test_floor_logs_a_no_show_and_leads_to_planning_anew(client, day, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))
    request = between(day, 1, 4)

    answer = client.post(
        reverse("fair:log_meeting", args=[request.pk]), {"state": "no_show", "missing": request.asker_id}
    )

    assert answer.url == reverse("fair:missing", args=[day.pk, 1])
    assert MeetingLog.objects.get().missing.number == 1


def test_floor_refuses_a_log_that_makes_no_sense_and_says_so(client, day, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    client.post(reverse("fair:log_meeting", args=[between(day, 1, 4).pk]), {"state": "late", "minutes_late": "lama"})

    assert not MeetingLog.objects.exists()


def test_floor_shows_the_meetings_of_the_chosen_slot(client, day, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    text = client.get(reverse("fair:floor", args=[day.pk]), {"slot": slot(day, 3).pk}).content.decode()

    assert ("IKM 3" in text, "IKM 1" in text) == (True, False)


def test_missing_plans_anew_with_one_click(client, day, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))
    where = reverse("fair:missing", args=[day.pk, 1])

    assert client.get(where).status_code == 200
    client.post(where, {"from_slot": slot(day, 2).pk, "until_slot": ""})

    assert published(day).kind == "repair"
    assert "Tampilkan lagi versi sebelumnya" in client.get(reverse("fair:desk", args=[day.pk])).content.decode()


def test_missing_until_before_from_is_refused(client, day, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    client.post(
        reverse("fair:missing", args=[day.pk, 1]), {"from_slot": slot(day, 3).pk, "until_slot": slot(day, 2).pk}
    )

    assert published(day).kind == "full"


def test_undo_shows_the_version_before(client, day, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    client.post(reverse("fair:undo_repair", args=[day.pk]))

    assert published(day).version == 1


def test_table_page_reads_the_meetings_of_its_own_table_only(day):
    lines = [line for hall in halls(day, slots_of(day), table=2) for line in hall.lines]

    assert [line.table for line in lines] == [2, 2]


def test_table_page_says_who_sits_there(client, day, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    text = client.get(reverse("fair:table", args=[day.pk, 1])).content.decode()

    assert client.get(reverse("fair:table", args=[day.pk, 9])).status_code == 404
    assert "Meja 1" in text


def test_board_after_the_last_slot_says_that_it_is_over(client, day):
    day.slots.update(starts_at=F("starts_at") - timedelta(days=900), ends_at=F("ends_at") - timedelta(days=900))

    text = client.get(reverse("fair:board", args=[board_token(day)])).content.decode()

    assert ("Semua pertemuan sudah selesai" in text, "Sekarang" in text) == (True, False)


def test_board_shows_names_without_signing_in_and_refreshes_itself(client, day):
    later = slot(day, 1)
    later.ends_at = timezone.now() + timedelta(minutes=5)
    later.save()

    text = client.get(reverse("fair:board", args=[board_token(day)])).content.decode()

    assert all(name in text for name in ("Sekarang", "IKM 1", "Pembeli 1", 'http-equiv="refresh"'))
    assert client.get(reverse("fair:board", args=[f"{day.pk}.x"])).status_code == 404


# --- what came of it --------------------------------------------------------------------------------------------


def test_outcome_page_is_for_members_of_the_two_firms_only(client, day, sign_in_as):
    where = reverse("fair:outcome", args=[between(day, 1, 4).pk])
    for user, status in (
        (make_member(who(day, 1).firm), 200), (make_member(who(day, 4).firm), 200),
        (make_member(who(day, 2).firm), 404), (person(Role.PROGRAMME_OFFICER), 404),
    ):  # fmt: skip
        sign_in_as(user)
        assert client.get(where).status_code == status


def test_outcome_for_a_number_that_cannot_be_is_said_for_the_own_side(client, day, sign_in_as):
    sign_in_as(make_member(who(day, 4).firm))

    answer = client.get(reverse("fair:outcome", args=[between(day, 1, 4).pk]), {"as": "9" * 5000})

    assert answer.status_code == 200


def test_outcome_said_on_the_page_is_recorded_for_the_own_side(client, day, sign_in_as):
    sign_in_as(make_member(who(day, 4).firm))
    request = between(day, 1, 4)

    client.post(
        reverse("fair:outcome", args=[request.pk]), {"interest": "yes", "next_step": "Kirim contoh", "potential": ""}
    )

    said = request.outcomes.get()
    assert (said.participant.number, said.interest, said.next_step) == (4, "yes", "Kirim contoh")


def test_outcome_list_costs_the_same_queries_for_one_meeting_and_three(client, day, sign_in_as):
    counts = []
    for number in (3, 3, 4):
        sign_in_as(make_member(who(day, number).firm))
        counts.append(queries(lambda: client.get(reverse("fair:my_outcomes"))))

    assert counts[1] == counts[2]


@pytest.mark.parametrize(("role", "region"), [(Role.PROGRAMME_OFFICER, ""), (Role.LOCAL_OFFICER, "33.74")])
def test_dashboard_page_draws_and_exports(client, day, sign_in_as, role, region):
    sign_in_as(person(role, region))

    text = client.get(reverse("fair:dashboard", args=[day.pk])).content.decode()
    answer = client.get(reverse("fair:dashboard_export", args=[day.pk]), {"format": "csv"})

    assert all(words in text for words in ("Gini", "<svg", "Jawa Tengah"))
    assert answer.content.decode("utf-8-sig").startswith("number,firm")
