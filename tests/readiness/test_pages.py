"""Every page for everybody who may open it: the firm's, the assessor's, the plan's, the keeper's, the figures'."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from tests.factories import person, sign_in
from tests.readiness.made import answers, begun, finished, instrument, many_finished, version
from tests.registry.firms import make_firm, make_member, make_profile
from tests.security.world import tiny_photo

from gebyar.readiness.editing import edited, part_rows
from gebyar.readiness.errors import (
    FaultyInstrument,
    KeyChanged,
    NoSuchGap,
    NotYourRegion,
    StepKnown,
    StillOpen,
    UnfitEvidence,
    VersionFixed,
)
from gebyar.readiness.models import Assessment, InstrumentVersion, PlanStep, Visit
from gebyar.readiness.queries.comparing import firms_like
from gebyar.readiness.queries.figures import officer_figures, public_figures
from gebyar.readiness.queries.instruments import asked_questions, version_changes
from gebyar.readiness.queries.plans import gap_lines, step_lines
from gebyar.readiness.queries.visits import agreements, candidates, difference_lines
from gebyar.readiness.services import instruments, plans, visits

pytestmark = pytest.mark.django_db
HIGH = {"layanan_data": "c"}
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def officer():
    return person("local_officer", "33.74")


def page(route, *args):
    return reverse(f"readiness:{route}", args=args)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


# --- a firm -----------------------------------------------------------------------------------------------------


def test_owner_answers_question_by_question_and_sees_the_result(client):
    firm = make_firm()
    make_profile(firm, sales=500_000_000)
    sign_in(client, make_member(firm))
    assert firm.name in text(client.get(page("overview")))
    text(client.get(page("firm", firm.pk)))
    here = client.post(page("begin", firm.pk), {"instrument": version().pk})["Location"]
    said, seen = answers(2), []
    while "/questions/" in here:
        question = client.get(here).context["question"]
        seen.append(question.id)
        chosen = said[question.id]
        here = client.post(here, {"answer": chosen.split(";") if question.kind == "count" else chosen})["Location"]
    made = Assessment.objects.get()
    assert len(set(seen)) == 24
    assert text(client.get(page("open_questions", made.pk)))
    shown = text(client.post(page("finish", made.pk), follow=True))

    assert "2,00" in shown
    assert "Profil IKM" in shown
    assert client.get(page("question", made.pk, 1))["Location"] == page("result", made.pk)


def test_open_questions_are_listed_with_bounds_and_skipping_loses_nothing(client):
    made, member = begun()
    sign_in(client, member)
    client.post(page("question", made.pk, 3), {"answer": ""})

    shown = text(client.get(page("open_questions", made.pk)))

    assert page("question", made.pk, 3) in shown
    assert "0,00" in shown
    assert "4,00" in shown
    assert client.post(page("finish", made.pk))["Location"] == page("open_questions", made.pk)
    assert "4,00" in text(client.post(page("finish", made.pk), {"although_open": "1"}, follow=True))


def test_relative_investment_is_computed_from_the_registers_sales_with_their_source(client):
    made, member = begun()
    make_profile(made.firm, sales=500_000_000)
    sign_in(client, member)
    number = [question.id for question in asked_questions(instrument())].index("investasi_relatif") + 1

    shown = text(client.get(page("question", made.pk, number)))
    client.post(page("question", made.pk, number), {"answer": "a", "spent": "Rp 5.000.000"})

    made.refresh_from_db()
    assert "Rp\u00a0500\u00a0juta" in shown
    assert "Dinas Perindustrian Kota Semarang" in shown
    assert made.answers == {"investasi_relatif": "c"}  # exactly 1 %


def test_result_is_a_sheet_too(client):
    made, member = finished()
    sign_in(client, member)

    response = client.get(page("result_sheet", made.pk))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_firm_is_compared_with_ten_others_and_never_with_nine():
    made, _member = finished(2)
    many_finished([1] * 9)
    assert firms_like(made).count is None

    many_finished([3])
    found = firms_like(made)

    assert (found.count, found.below) == (10, 0.9)
    assert found.mean == pytest.approx((9 * 1 + 3) / 10, abs=0.05)


# --- visits -----------------------------------------------------------------------------------------------------


def visited(officer, made, height=2, **others):
    visit = visits.begin_visit(actor=officer, assessment=made)
    said = answers(height, **{**HIGH, **others})
    visits.answer_visit(actor=officer, visit=visit, answers=said, notes={"keamanan": "Tidak ada kata sandi"})
    return visits.finish_visit(actor=officer, visit=visit, visited_on=date(2024, 11, 1), summary="Baik")


def test_candidates_are_those_of_the_region_that_reach_three(officer):
    near, _m = finished(3, **HIGH)
    finished(2)
    finished(4, firm=make_firm(region_code="35.78.10"))

    assert [one.pk for one in candidates(officer)] == [near.pk]
    visited(officer, near)
    assert list(candidates(officer)) == []
    assert [one.visited for one in candidates(officer, waiting=False)] == [1]


def test_only_officers_of_the_region_visit(officer):
    made, member = finished(3, **HIGH)
    for other in (person("local_officer", "35"), member):
        with pytest.raises(NotYourRegion):
            visits.begin_visit(actor=other, assessment=made)
    visit = visits.begin_visit(actor=officer, assessment=made)
    with pytest.raises(NotYourRegion):
        visits.answer_visit(actor=person("programme_officer"), visit=visit, answers={"keamanan": "a"})
    with pytest.raises(StillOpen):
        visits.finish_visit(actor=officer, visit=visit, visited_on=date(2024, 11, 1))
    assert Visit.objects.get().answers == {}


def test_report_says_what_differs_and_how_far_people_agree(officer, client):
    made, member = finished(3, **HIGH)
    first = visited(officer, made, 3, keamanan="a")
    visited(person("local_officer", "33"), made, 3)

    [line] = difference_lines(first)
    found = agreements(made, list(made.visits.order_by("pk")))

    assert (line.question, line.by, line.note) == ("keamanan", -3, "Tidak ada kata sandi")
    assert [one.questions for one in found] == [23, 23, 23]
    assert found[1].kappa == pytest.approx(1)  # the firm and the second assessor
    assert found[0].kappa < 1
    sign_in(client, member)
    shown = text(client.get(page("report", made.pk)))
    assert "Tidak ada kata sandi" in shown


def test_assessor_works_through_the_pages_with_a_photo(officer, client):
    made, _member = finished(3, **HIGH)
    sign_in(client, officer)
    assert made.firm.name in text(client.get(page("candidates")))
    text(client.get(page("result", made.pk)))
    here = client.post(page("visit_begin", made.pk))["Location"]
    visit = Visit.objects.get()
    photo = tiny_photo()
    photo.seek(0)
    client.post(
        page("visit_question", visit.pk, 1),
        {"answer": "c", "note": "Rapi", "file": SimpleUploadedFile("foto.jpg", photo.read()), "caption": "Ruang"},
    )
    shown = text(client.get(page("visit_question", visit.pk, 1)))
    assert "Ruang" in shown
    evidence = visit.evidence.get()
    assert client.get(page("evidence", evidence.pk))["X-Content-Type-Options"] == "nosniff"
    assert "Ruang" in text(client.get(here))
    client.post(page("evidence_remove", evidence.pk))
    assert visit.evidence.count() == 0
    visits.answer_visit(actor=officer, visit=visit, answers=answers(3, **HIGH))
    finish = {"visited_on": "2024-11-01", "summary": "Sesuai"}
    assert client.post(page("visit", visit.pk), finish)["Location"] == page("report", made.pk)
    assert "Sesuai" in text(client.get(page("report", made.pk)))


def test_evidence_is_told_by_its_content(officer):
    made, _member = finished(3, **HIGH)
    visit = visits.begin_visit(actor=officer, assessment=made)
    for content in (b"<script>", b"GIF89a", b"\xff\xd8\xff broken"):
        with pytest.raises(UnfitEvidence):
            visits.add_evidence(
                actor=officer, visit=visit, question="keamanan", file=SimpleUploadedFile("a.pdf", content)
            )
    kept = visits.add_evidence(actor=officer, visit=visit, question="keamanan", file=SimpleUploadedFile("a.exe", PDF))
    assert kept.file.name.endswith(".pdf")


# --- plans ------------------------------------------------------------------------------------------------------


def test_plan_takes_a_gap_with_its_lift_and_follows_it(client):
    made, member = finished(1)
    sign_in(client, member)
    first = gap_lines(made)[0]

    shown = text(client.get(page("plan", made.firm_id)))
    client.post(page("plan", made.firm_id), {"question": first.gap.question, "target": first.targets[0][0]})
    step = PlanStep.objects.get()
    assert first.text in shown
    assert step.lift == pytest.approx(first.gap.lift)
    assert first.gap.question not in [line.gap.question for line in gap_lines(made)]
    text(client.get(page("step", step.pk)))
    client.post(page("step", step.pk), {"status": "under_way", "due_on": "2026-12-01", "note": "Mulai"})
    step.refresh_from_db()
    assert (step.status, step.due_on) == ("under_way", date(2026, 12, 1))
    assert "under_way" not in text(client.get(page("plan", made.firm_id)))

    later, _m = finished(3, firm=made.firm, member=member)
    [line] = step_lines(made.firm, later)
    assert line.reached is True


def test_step_stands_once_and_only_where_there_is_a_gap():
    made, member = finished(4, **HIGH, keamanan="a")
    plans.plan_step(actor=member, assessment=made, question="keamanan")

    with pytest.raises(StepKnown):
        plans.plan_step(actor=member, assessment=made, question="keamanan")
    for wrong in ({"question": "digitalisasi"}, {"question": "keamanan", "target": "a"}, {"question": "x"}):
        with pytest.raises(NoSuchGap):
            plans.plan_step(actor=member, assessment=made, **wrong)
    assert PlanStep.objects.count() == 1


# --- instruments ------------------------------------------------------------------------------------------------


def test_version_in_use_never_changes_and_a_new_one_takes_its_place():
    keeper, used = person("programme_officer"), version()
    draft = instruments.begin_version(actor=keeper, document=used.document)
    changed = edited(draft.document, "words", {"names.id": "INDI baru"})
    instruments.change_version(actor=keeper, version=draft, document=changed)
    instruments.publish_version(actor=keeper, version=draft)

    used.refresh_from_db()
    draft.refresh_from_db()
    assert (used.status, draft.status, draft.number) == ("retired", "published", 2)
    assert [(one.place, one.after) for one in version_changes(used.document, draft.document)] == [
        ("names.id", "INDI baru")
    ]
    with pytest.raises(VersionFixed):
        instruments.change_version(actor=keeper, version=draft, document=changed)
    for change in ({"document": {}}, {"sha256": "0" * 64}, {"status": "draft"}, {"number": 9}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InstrumentVersion.objects.filter(pk=draft.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        InstrumentVersion.objects.filter(pk=used.pk).delete()


def test_faulty_document_is_refused_with_every_fault_and_its_place():
    keeper, used = person("programme_officer"), version()
    draft = instruments.begin_version(actor=keeper, document=used.document)
    typed = {"pillars.0.weight": "0,5", "pillars.1.names.en": ""}
    with pytest.raises(FaultyInstrument) as raised:
        instruments.change_version(actor=keeper, version=draft, document=edited(draft.document, "pillars", typed))
    told = " ".join(raised.value.facts["list"])
    assert "pillars: the weights add up to" in told
    assert "pillars[1].names" in told
    with pytest.raises(KeyChanged):
        instruments.change_version(actor=keeper, version=draft, document={**draft.document, "id": "lain"})


def test_keeper_works_through_the_pages(client):
    sign_in(client, person("programme_officer"))
    used = version()
    text(client.get(page("instrument_list")))
    text(client.get(page("instrument", used.pk)))
    document = client.get(page("document", used.pk)).content
    file = io.BytesIO(document.replace(b"weight: 0.3", b"weight: 0.4"))
    file.name = "indi.yaml"
    assert "pillars: the weights add up to" in text(client.post(page("instrument_list"), {"file": file}))
    file = io.BytesIO(document)
    file.name = "indi.yaml"
    assert client.post(page("instrument_list"), {"file": file, "note": "Uji"}).status_code == 302
    draft = InstrumentVersion.objects.get(note="Uji")
    assert draft.document == used.document
    for part in ("words", "pillars", "levels", "questions"):
        shown = text(client.get(page("instrument_edit", draft.pk, part)))
        typed = {cell.path: cell.value for cell in part_rows(draft.document, part)}
        assert client.post(page("instrument_edit", draft.pk, part), typed).status_code == 302, part
        assert "name=" in shown
    draft.refresh_from_db()
    assert version_changes(used.document, draft.document) == []
    wrong = {cell.path: cell.value for cell in part_rows(draft.document, "levels")} | {"levels.3.least": "9"}
    assert "levels" in text(client.post(page("instrument_edit", draft.pk, "levels"), wrong))
    assert client.get(page("instrument_edit", draft.pk, "lain")).status_code == 404
    text(client.get(page("instrument", draft.pk)))
    client.post(page("instrument_state", draft.pk), {"act": "discard"})
    assert not InstrumentVersion.objects.filter(pk=draft.pk).exists()
    client.post(page("new_version", used.pk))
    newest = InstrumentVersion.objects.get(status="draft")
    client.post(page("instrument_state", newest.pk), {"act": "publish"})
    newest.refresh_from_db()
    assert newest.status == "published"


# --- figures ----------------------------------------------------------------------------------------------------


def quick(firms, height, **facts):
    """Store finished assessments of many firms at once."""
    scored, _member = finished(height, firm=make_firm(**facts))
    for _number in range(firms - 1):
        firm = make_firm(**facts)
        copy = Assessment.objects.get(pk=scored.pk)
        copy.pk, copy.firm, copy.finished_at = None, firm, timezone.now()
        copy.save(force_insert=True)


def test_small_groups_are_hidden_and_cannot_be_computed_back(client):
    quick(12, 2)
    quick(11, 3, region_code="35.78.10")
    quick(4, 1, region_code="34.02.10")

    lines = {line.label: (line.count, line.mean) for line in public_figures("indi40")}
    hidden = [label for label, (count, _mean) in lines.items() if count is None]

    # Yogyakarta alone would be the total less the two others, so one of these is hidden with it.
    assert len(hidden) == 2
    assert sum(count is not None for count, _mean in lines.values()) == 2
    found = officer_figures(person("programme_officer"), "indi40")
    assert found.has_hidden is True
    assert found.total.count == 27
    sign_in(client, person("programme_officer"))
    text(client.get(page("figures")))
    text(client.get(page("figures_public") + "?instrument=indi40"))
    text(client.get(page("figures_public") + "?instrument=tangga_enam"))


def test_figures_ask_the_database_as_often_for_many(client, django_assert_num_queries):
    sign_in(client, person("programme_officer"))
    for _time in range(2):
        quick(11, 2)
        with django_assert_num_queries(9):
            client.get(page("figures"))


def test_lists_ask_the_database_as_often_for_many(officer, client, django_assert_num_queries):
    sign_in(client, officer)
    for _time in range(2):
        quick(5, 4, products=["kain"])
        with django_assert_num_queries(8):
            client.get(page("candidates"))
