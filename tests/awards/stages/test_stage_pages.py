"""Pages of the stages for organisers, officers, entrants and regencies, as a reader without JavaScript uses them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.awards.making import edition, entry, fit_firm, organiser
from tests.awards.making_stages import (
    begun,
    check_all,
    checked_stage,
    close,
    decide,
    full_edition,
    judged,
    judged_stage,
    local_officer,
    outcomes,
    over,
    rank,
    regencies,
    stage_of,
    stage_rules,
    through,
)
from tests.awards.stages.test_coaching import picture
from tests.awards.stages.test_prizes import FIVE, THREE
from tests.factories import sign_in
from tests.registry.firms import make_member

from gebyar.awards.models import Attendance, Check, CoachingSession, Objection, Prize, Proposal, Prototype, Stage
from gebyar.awards.services import checks, objections
from gebyar.registry.services.search import refresh_search

pytestmark = pytest.mark.django_db

AHEAD = "2099-01-01T10:00"


@pytest.fixture
def boss(sign_in_as):
    return sign_in_as(organiser())


def at(name, *args):
    return reverse(f"awards:{name}", args=args)


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def as_user(client, user):
    client.logout()
    sign_in(client, user)
    return client


def queries(client, address):
    """Count what a page costs once everything that is read once per process was read."""
    text(client.get(address))
    with CaptureQueriesContext(connection) as seen:
        text(client.get(address))
    return len(seen)


# --- the board --------------------------------------------------------------------------------------------------


def test_board_leads_from_the_first_stage_to_the_decision(boss):
    made = full_edition(2)
    stage = stage_of(made, "papers")
    board = text(boss.get(at("board", made.pk)))
    assert "Mulailah: 2 pendaftaran masuk." in board
    assert at("stage_begin", stage.pk) in board

    boss.post(at("stage_begin", stage.pk), {"closes_at": AHEAD})
    assert "0 dari 2 pendaftaran selesai diperiksa." in text(boss.get(at("board", made.pk)))
    check_all(stage, refused={2})
    assert "2 dari 2 pendaftaran selesai diperiksa." in text(boss.get(at("board", made.pk)))

    boss.post(at("stage_close", stage.pk))
    preview = text(boss.get(at("stage_decide", stage.pk)))
    assert "NIB milik usaha lain" in preview
    assert outcomes(stage) == {1: "in", 2: "in"}

    assert boss.post(at("stage_decide", stage.pk), {"decide": "1"})["Location"] == at("stage", stage.pk)
    assert outcomes(stage) == {1: "passed", 2: "failed"}
    assert "Peserta dapat menyanggah sampai" in text(boss.get(at("board", made.pk)))
    assert "NIB milik usaha lain" in text(boss.get(at("stage", stage.pk)))


def test_board_says_why_a_stage_cannot_begin_yet(boss):
    running = edition()
    entry(running.categories.get(key="food"))
    assert "Dimulai setelah pendaftaran ditutup" in text(boss.get(at("board", running.pk)))

    made = full_edition(2)
    papers = checked_stage(made, refused={2})
    passage = papers.passages.get(entry__number=2)
    objections.file_objection(actor=passage.entry.entrant, passage=passage, text="Keliru")
    board = text(boss.get(at("board", made.pk)))
    assert "Jawab dulu sanggahan terbuka" in board
    assert "1 sanggahan menunggu jawaban." in board


def test_second_officer_to_begin_a_stage_reads_what_happened(boss):
    made = full_edition(1)
    stage = begun(made, "papers")

    page = text(boss.post(at("stage_begin", stage.pk), {"closes_at": AHEAD}))

    assert "ada yang lebih cepat" in page


def test_deadline_of_a_closed_stage_opens_it_again(boss):
    stage = begun(full_edition(1), "papers")
    close(stage)

    boss.post(at("stage_extend", stage.pk), {"closes_at": AHEAD})

    stage.refresh_from_db()
    assert (stage.status, stage.closes_at.year) == ("active", 2099)


def test_decision_that_is_not_ready_shows_why_and_no_button(boss):
    stage = begun(full_edition(1), "papers")
    close(stage)

    page = text(boss.get(at("stage_decide", stage.pk)))
    assert "1 pendaftaran belum selesai diperiksa." in page
    assert 'name="decide"' not in page
    assert "belum dapat diputuskan" in text(boss.post(at("stage_decide", stage.pk), {"decide": "1"}))


def test_board_costs_the_same_queries_for_more_categories_and_entries(boss):
    made = full_edition(1)
    begun(made, "papers")
    first = queries(boss, at("board", made.pk))
    for _number in range(3):
        entry(made.categories.get(key="craft"))
    begun(made, "papers", "craft")

    assert queries(boss, at("board", made.pk)) == first


def test_stage_page_costs_the_same_queries_for_one_and_three_entries(boss):
    one, three = (checked_stage(full_edition(count)) for count in (1, 3))

    assert queries(boss, at("stage", three.pk)) == queries(boss, at("stage", one.pk))


# --- by hand, plenary, waiting list -----------------------------------------------------------------------------


def test_curators_tick_entries_and_say_why_for_all_of_them(boss):
    made = full_edition(3, **through(stage_rules("curation", "curation", "by_hand", places=2)))
    stage = begun(made, "curation")
    keys = [passage.pk for passage in stage.passages.order_by("entry__number")]
    assert "Simpan pilihan" in text(boss.get(at("stage", stage.pk)))

    boss.post(at("stage_choose", stage.pk), {"passage": keys[:2], "passes": "yes", "reason": "Bahan lokal"})
    boss.post(at("stage_choose", stage.pk), {"rest": "1", "passes": "no", "reason": "Belum di pasar"})
    boss.post(at("stage_choose", stage.pk), {"passage": keys, "passes": "no", "reason": ""})

    assert list(stage.passages.order_by("entry__number").values_list("chosen", flat=True)) == [True, True, False]
    page = text(boss.get(at("stage", stage.pk)))
    assert "Belum di pasar" in page
    assert "3 dari 3 pendaftaran sudah Anda pilih." in page


def test_plenary_sees_the_ranking_beside_its_choice_before_it_decides(boss):
    plenary = stage_rules("plenary", "plenary", "ranked", places=1)
    made = full_edition(2, **through(stage_rules("papers"), judged(places=2), plenary))
    checked_stage(made)
    judged_stage(made)
    stage = begun(made, "plenary")
    close(stage)
    first, second = (p.entry.code for p in stage.passages.select_related("entry").order_by("entry__number"))
    wish = {f"choice_{second}": "in", f"reason_{second}": "Satu-satunya dari timur"}

    slip = text(boss.post(at("stage_decide", stage.pk), {f"choice_{second}": "in", "decide": "1"}))
    assert "Sebutkan mengapa pleno berbeda" in slip
    shown = text(boss.post(at("stage_decide", stage.pk), {**wish, "preview": "1"}))
    assert "Satu-satunya dari timur" in shown
    assert outcomes(stage) == {1: "in", 2: "in"}

    boss.post(at("stage_decide", stage.pk), {**wish, f"choice_{first}": "", "decide": "1"})

    assert outcomes(stage) == {1: "waiting", 2: "passed"}


def test_organiser_fills_the_place_of_a_withdrawn_entry(boss):
    made = full_edition(3, **through(judged(places=1)))
    stage = begun(made, "judging")
    rank(stage)
    close(stage)
    decide(stage)
    type(entry(made.categories.get(key="craft"))).objects.filter(edition=made, number=1).update(status="withdrawn")

    boss.post(at("stage_fill", stage.pk))

    assert outcomes(stage) == {1: "withdrawn", 2: "passed", 3: "waiting"}
    assert "ada tempat yang kosong" in text(boss.get(at("stage", stage.pk)))


def test_stars_page_shows_both_schemes(boss):
    stages_ = [stage_rules("papers"), judged(places=2), stage_rules("prizes", "decision", "threshold", threshold=50)]
    made = full_edition(2, stages=stages_, star_schemes=[FIVE, THREE], star_scheme="three")
    assert "Belum ada poin" in text(boss.get(at("stars", stage_of(made, "prizes").pk)))
    checked_stage(made)
    judged_stage(made, points=[92.0, 61.0])
    begun(made, "prizes")

    page = text(boss.get(at("stars", stage_of(made, "prizes").pk)))

    assert "memberi bintang di sini" in page
    assert "5 ★: 1" in page


# --- officers' checks -------------------------------------------------------------------------------------------


def test_officer_is_led_from_entry_to_entry_and_does_not_see_the_first_verdict(boss):
    stage = begun(full_edition(2), "papers")
    passage = stage.passages.order_by("entry__number").first()
    checks.check_entry(actor=organiser(), passage=passage, verdict="not_in_order", findings={"photo": "RAHASIA-BURAM"})
    assert boss.get(at("check_next"))["Location"] == at("check", passage.pk)
    page = text(boss.get(at("check", passage.pk)))
    assert "RAHASIA-BURAM" not in page + text(boss.get(at("checks")))
    assert "pemeriksaan kedua" in page

    slip = text(boss.post(at("check", passage.pk), {"verdict": "in_order", "item_photo": "Buram"}))
    assert "Anda mencatat hal yang tidak sesuai" in slip
    assert Check.objects.count() == 1
    done = boss.post(at("check", passage.pk), {"verdict": "not_in_order", "item_photo": "Buram"})

    assert done["Location"] == at("check_next")
    assert Check.objects.get(place=2).findings == {"photo": "Buram"}
    assert boss.get(at("check", passage.pk)).status_code == 404
    assert "tidak sesuai" in text(boss.get(at("checks"), {"done": "1"}))


def test_officer_leaves_one_for_later_and_is_told_when_nothing_is_left(boss):
    stage = begun(full_edition(2), "papers")
    one, two = stage.passages.order_by("entry__number")

    assert boss.get(at("check_next"), {"after": one.pk})["Location"] == at("check", two.pk)
    close(stage)
    assert boss.get(at("check_next"))["Location"] == at("checks")
    assert "Tidak ada yang perlu diperiksa" in text(boss.get(at("checks")))


def test_document_is_sent_as_a_download_to_whoever_checks_it(boss):
    passage = begun(full_edition(1), "papers").passages.get()

    response = boss.get(at("check_document", passage.pk, "nib"))

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response) == b"%PDF-1.4 uji"
    assert boss.get(at("check_document", passage.pk, "plan")).status_code == 404


def test_documents_of_a_tied_entry_are_hidden_from_the_officer(client):
    passage = begun(full_edition(1), "papers").passages.get()
    officer = organiser()
    passage.entry.firm.members.create(user=officer)
    as_user(client, officer)

    for page in (at("check", passage.pk), at("check_document", passage.pk, "nib")):
        assert client.get(page).status_code == 404


def test_work_list_costs_the_same_queries_for_one_and_three_entries(boss):
    begun(full_edition(1), "papers")
    first = queries(boss, at("checks"))
    begun(full_edition(2), "papers")

    assert queries(boss, at("checks")) == first


# --- the entrant ------------------------------------------------------------------------------------------------


def test_entrant_reads_the_reason_objects_and_reads_the_answer(client):
    papers = checked_stage(full_edition(2), refused={2})
    passage = papers.passages.select_related("entry").get(entry__number=2)
    as_user(client, passage.entry.entrant)
    page = text(client.get(at("progress", passage.entry_id)))
    assert "NIB milik usaha lain" in page
    assert at("objection_file", passage.pk) in page

    client.post(at("objection_file", passage.pk), {"text": "NIB itu milik kami"})
    made = Objection.objects.get()
    as_user(client, organiser())
    assert "NIB itu milik kami" in text(client.get(at("objection", made.pk)))
    client.post(at("objection", made.pk), {"upheld": "yes", "answer": "Benar, NIB sah"})
    as_user(client, passage.entry.entrant)

    page = text(client.get(at("progress", passage.entry_id)))
    assert "Lolos setelah sanggahan: Benar, NIB sah" in page
    assert outcomes(papers)[2] == "passed"


def test_entrant_takes_an_objection_back(client):
    papers = checked_stage(full_edition(1), refused={1})
    passage = papers.passages.select_related("entry").get()
    made = objections.file_objection(actor=passage.entry.entrant, passage=passage, text="Keliru")
    as_user(client, passage.entry.entrant)

    client.post(at("objection_withdraw", made.pk))

    made.refresh_from_db()
    assert made.status == "withdrawn"


def test_too_late_objection_says_so(client):
    papers = checked_stage(full_edition(1), refused={1})
    over(papers)
    passage = papers.passages.select_related("entry").get()
    as_user(client, passage.entry.entrant)

    assert "waktunya sudah lewat" in text(client.get(at("objection_file", passage.pk)))
    client.post(at("objection_file", passage.pk), {"text": "Terlambat"})
    assert Objection.objects.count() == 0


def test_entrant_sees_nothing_of_others(client):
    papers = checked_stage(full_edition(2), refused={1, 2})
    one, two = (p for p in papers.passages.select_related("entry").order_by("entry__number"))
    made = objections.file_objection(actor=two.entry.entrant, passage=two, text="RAHASIA-SANGGAH")
    as_user(client, one.entry.entrant)

    for page in (at("progress", two.entry_id), at("objection_file", two.pk), at("objection", made.pk)):
        assert client.get(page).status_code == 404
    assert client.post(at("objection_withdraw", made.pk)).status_code == 404
    assert "RAHASIA-SANGGAH" not in text(client.get(at("progress", one.entry_id)))


def test_officer_who_checked_is_told_that_somebody_else_answers(client):
    officer = organiser()
    papers = checked_stage(full_edition(1), refused={1}, actor=officer)
    passage = papers.passages.select_related("entry").get()
    made = objections.file_objection(actor=passage.entry.entrant, passage=passage, text="Keliru")
    as_user(client, officer)

    page = text(client.get(at("objection", made.pk)))

    assert "petugas lain yang menjawab" in page
    assert 'name="answer"' not in page


def test_progress_page_costs_the_same_queries_for_one_and_three_sessions(client):
    stage = begun(full_edition(1, **through(stage_rules("camp", "coaching", "by_hand"))), "camp")
    passage = stage.passages.select_related("entry").get()
    as_user(client, passage.entry.entrant)

    def meet():
        starts = timezone.now() + timedelta(days=CoachingSession.objects.count() + 1)
        made = CoachingSession.objects.create(
            stage=stage, title="Sesi", starts_at=starts, ends_at=starts + timedelta(hours=1)
        )
        Attendance.objects.create(session=made, entry=passage.entry, was_there=True)
        Prototype.objects.create(entry=passage.entry, stage=stage, title="Langkah")

    meet()
    first = queries(client, at("progress", passage.entry_id))
    meet()
    meet()

    assert queries(client, at("progress", passage.entry_id)) == first


# --- coaching ---------------------------------------------------------------------------------------------------


def test_organiser_keeps_sessions_and_attendance_and_the_entrant_sees_the_own(client):
    stage = begun(full_edition(2, **through(stage_rules("camp", "coaching", "by_hand"))), "camp")
    one, two = (p.entry for p in stage.passages.select_related("entry__entrant").order_by("entry__number"))
    as_user(client, organiser())
    facts = {"title": "Kemasan", "mentor": "Ibu Sari", "starts_at": "2026-12-01T09:00", "ends_at": "2026-12-01T11:00"}
    slip = {**facts, "ends_at": "2026-12-01T08:00"}
    assert "selesai sebelum mulai" in text(client.post(at("coaching_session_new", stage.pk), slip))
    client.post(at("coaching_session_new", stage.pk), facts)
    made = CoachingSession.objects.get()
    client.post(at("coaching_session", made.pk), {**facts, "place": "Balai Semarang"})
    client.post(
        at("attendance", made.pk),
        {f"there_{one.pk}": "on", f"note_{one.pk}": "Kemasan bagus", f"note_{two.pk}": "RAHASIA-CATATAN"},
    )
    assert "Kemasan bagus" in text(client.get(at("coaching", stage.pk)))

    as_user(client, one.entrant)
    page = text(client.get(at("progress", one.pk)))

    assert "Kemasan bagus" in page
    assert "Balai Semarang" in page
    assert "RAHASIA-CATATAN" not in page


def test_entrant_shows_a_prototype_that_organisers_and_nobody_else_see(client):
    stage = begun(full_edition(2, **through(stage_rules("camp", "coaching", "by_hand"))), "camp")
    one, two = (p.entry for p in stage.passages.select_related("entry__entrant").order_by("entry__number"))
    as_user(client, one.entrant)
    text(client.get(at("prototype_add", one.pk, stage.pk)))
    client.post(at("prototype_add", one.pk, stage.pk), {"title": "Rasa kedua", "file": picture()})
    made = Prototype.objects.get()
    assert at("prototype_picture", made.pk) in text(client.get(at("progress", one.pk)))
    assert client.get(at("prototype_picture", made.pk))["Content-Type"] == "image/jpeg"

    as_user(client, two.entrant)
    assert client.get(at("prototype_picture", made.pk)).status_code == 404
    assert client.post(at("prototype_remove", made.pk)).status_code == 404
    as_user(client, organiser())
    assert client.get(at("prototype_picture", made.pk)).status_code == 200


# --- proposals and winners --------------------------------------------------------------------------------------


def test_regency_finds_a_firm_proposes_it_and_the_firm_agrees(client):
    made = edition(**regencies())
    firm = fit_firm(name="Batik Uji Melati", region_code="33.74.10")
    refresh_search(firm_ids=[firm.pk])
    as_user(client, local_officer("33.74"))
    assert at("proposal_new", made.pk) in text(client.get(at("proposals")))
    assert f"?firm={firm.pk}" in text(client.get(at("proposal_new", made.pk), {"q": "melati"}))
    category = made.categories.get(key="food")
    wish = {"category": category.pk, "reason": "Motif khas"}
    client.post(f"{at('proposal_new', made.pk)}?firm={firm.pk}", wish)
    proposal = Proposal.objects.get()
    assert "Batik Uji Melati" in text(client.get(at("proposals")))

    as_user(client, make_member(firm))
    assert "Motif khas" in text(client.get(at("proposal", proposal.pk)))
    client.post(at("proposal", proposal.pk), {"agrees": "yes"})

    proposal.refresh_from_db()
    assert proposal.status == "agreed"


def test_firm_of_another_regency_cannot_be_proposed(client):
    made = edition(**regencies())
    firm = fit_firm(region_code="35.78.10")
    as_user(client, local_officer("33.74"))

    assert client.get(at("proposal_new", made.pk), {"firm": firm.pk}).status_code == 404
    as_user(client, local_officer("33"))
    assert client.get(at("proposal_new", made.pk)).status_code == 404
    assert Proposal.objects.count() == 0


def test_officers_follow_up_winners_of_their_region_and_organisers_take_prizes_back(client):
    made = full_edition(1)
    checked_stage(made)
    judged_stage(made)
    stage = begun(made, "prizes")
    close(stage)
    decide(stage)
    prize = Prize.objects.select_related("entry").get()
    near, far = local_officer(prize.entry.region_code[:5]), local_officer("94")
    as_user(client, near)
    assert prize.entry.title in text(client.get(at("prizes")))
    client.post(at("prize", prize.pk), {"text": "Pelatihan kemasan"})
    assert "Pelatihan kemasan" in text(client.get(at("prize", prize.pk)))
    assert client.post(at("prize_revoke", prize.pk), {"reason": "x"}).status_code == 404

    as_user(client, far)
    assert client.get(at("prize", prize.pk)).status_code == 404
    assert prize.entry.title not in text(client.get(at("prizes")))
    as_user(client, organiser())
    client.post(at("prize_revoke", prize.pk), {"reason": "Izin habis"})

    assert "Izin habis" in text(client.get(at("prize", prize.pk)))


def test_every_page_reads_well_in_english_too(boss):
    stage = checked_stage(full_edition(2), refused={1})
    boss.cookies["django_language"] = "en"

    pages = (at("boards"), at("board", stage.category.edition_id), at("stage", stage.pk), at("checks"), at("prizes"))
    assert [page for page in pages if 'lang="en"' not in text(boss.get(page))] == []
    assert "Not in order, as two officers found" in text(boss.get(at("stage", stage.pk)))
    assert Stage.objects.filter(status="decided").count() == 1
