"""The pages of judging: what judges and organisers see and do, and how many queries a list costs."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.awards import making
from tests.awards.making_judging import REASON, assign, close, full_round, give, judging, send
from tests.factories import person
from tests.registry.firms import make_firm

from gebyar.accounts.models import Role
from gebyar.awards.models import Assignment, Conflict, Judge, PanelPlan, RankingVersion, Stage
from gebyar.awards.services import conflicts, panels, rankings
from gebyar.registry.models import Certificate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def organiser(sign_in_as):
    return sign_in_as(making.organiser())


def as_judge(sign_in_as, judge):
    return sign_in_as(judge.user)


def form_for(idea="80", market="70", reason=REASON, **more):
    return {"value_idea": idea, "reason_idea": reason, "value_market": market, "reason_market": reason, **more}


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


# --- a judge's list ---------------------------------------------------------------------------------------------


def test_judge_sees_what_waits_and_in_which_state(sign_in_as):
    stage, entries, people = judging(5, 2)
    rows = [assign(stage, entry, people[0]) for entry in entries[:4]]
    Assignment.objects.filter(pk=rows[3].pk).update(status="proposed")
    give(rows[1])
    send(rows[2])
    assign(stage, entries[4], people[1])

    page = text_of(as_judge(sign_in_as, people[0]).get(reverse("awards:my_judging")))

    shown = {entry.code: entry.code in page for entry in entries}
    assert list(shown.values()) == [True, True, True, True, False]
    for words in (
        "not begun",
        "complete, not sent",
        "waits for your word",
        "Accept 1 entry",
        "Send the marks of 1 entry",
    ):
        assert words in page


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_a_judge_costs_the_same_for_one_and_for_many(sign_in_as, django_assert_num_queries, count):
    stage, entries, people = judging(count, 1)
    for entry in entries:
        give(assign(stage, entry, people[0]))
    client = as_judge(sign_in_as, people[0])
    client.get(reverse("awards:my_judging"))

    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("awards:my_judging"))


LIST_QUERIES = 7


def test_asked_judge_accepts_says_what_they_know_and_goes_through_the_names(sign_in_as):
    firm = make_firm(name="Keripik Rahayu")
    _stage, entries, people = judging(2, 1, firms=[firm])
    judge = people[0]
    Judge.objects.filter(pk=judge.pk).update(status="invited")
    client = as_judge(sign_in_as, judge)

    answered = client.post(reverse("awards:judgeship_answer", args=[judge.pk]), {"answer": "accept"})
    assert answered["Location"] == reverse("awards:judge_profile", args=[judge.pk])
    said = {
        "expertise": "10\nkeripik",
        "languages": "id, jv",
        "least": 1,
        "most": 12,
        "gender": "m",
        "region_code": "33",
    }
    client.post(reverse("awards:judge_profile", args=[judge.pk]), said)
    names = text_of(client.get(reverse("awards:declare", args=[judge.pk]) + "?q=rahayu"))
    assert "Keripik Rahayu" in names
    assert entries[0].title not in names
    assert entries[1].firm.name not in names
    client.post(reverse("awards:declare", args=[judge.pk]), {"entry": entries[0].pk, "kind": "family", "note": "adik"})
    client.post(reverse("awards:declare_done", args=[judge.pk]))

    judge.refresh_from_db()
    assert (judge.status, judge.expertise, judge.languages, judge.most) == (
        "accepted",
        ["10", "keripik"],
        ["id", "jv"],
        12,
    )
    assert judge.declared_at is not None
    assert list(Conflict.objects.values_list("entry", "kind", "source")) == [(entries[0].pk, "family", "declared")]


def test_who_does_not_judge_sees_no_names(sign_in_as):
    _stage, _entries, people = judging(1, 1)
    Judge.objects.filter(pk=people[0].pk).update(status="declined")

    assert as_judge(sign_in_as, people[0]).get(reverse("awards:declare", args=[people[0].pk])).status_code == 404


def test_declining_without_a_reason_changes_nothing(sign_in_as):
    _stage, _entries, people = judging(1, 1)
    client = as_judge(sign_in_as, people[0])

    client.post(reverse("awards:judgeship_answer", args=[people[0].pk]), {"answer": "decline", "reason": " "})

    people[0].refresh_from_db()
    assert people[0].status == "accepted"


# --- an entry ---------------------------------------------------------------------------------------------------


def entry_page(sign_in_as, row):
    return as_judge(sign_in_as, row.judge), reverse("awards:score", args=[row.pk])


def test_anonymised_entry_shows_nothing_that_names_the_entrant(sign_in_as):
    firm = make_firm(name="PT Rahasia Bersama", region_code="33.74.10")
    stage, entries, people = judging(1, 1, firms=[firm])
    client, address = entry_page(sign_in_as, assign(stage, entries[0], people[0]))

    page = text_of(client.get(address))

    assert entries[0].code in page
    assert "Renyah dan baru." in page
    assert "Jawa Tengah" in page
    for secret in ("Rahasia Bersama", entries[0].title, "Keripik Uji", "Kota Semarang", firm.nib):
        assert secret not in page
    assert "2 answers or documents are not shown" in page  # the product's name, the NIB


def test_open_round_names_firm_and_title(sign_in_as):
    stage, entries, people = judging(1, 1, anonymised=False)
    client, address = entry_page(sign_in_as, assign(stage, entries[0], people[0]))

    page = text_of(client.get(address))

    assert entries[0].firm.name in page
    assert entries[0].title in page
    assert "Keripik Uji" in page


def test_documents_are_downloads_and_hidden_ones_are_not_there(sign_in_as):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    client = as_judge(sign_in_as, people[0])
    document = lambda key: client.get(reverse("awards:judge_document", args=[row.pk, key]))  # noqa: E731

    photo = document("photo")

    assert photo.status_code == 200
    assert photo["Content-Disposition"].startswith("attachment")
    assert entries[0].firm.name not in photo["Content-Disposition"]
    assert [document(key).status_code for key in ("nib", "plan", "x")] == [404, 404, 404]


def test_certificate_of_the_register_is_sent_where_the_round_is_open(sign_in_as):
    stage, entries, people = judging(1, 1, anonymised=False)
    certificate = Certificate.objects.create(firm=entries[0].firm, kind="nib", number="1")
    certificate.file.save("nib.pdf", ContentFile(b"%PDF-1.4 nib"))
    entries[0].documents.filter(key="nib").update(certificate=certificate, file="")
    row = assign(stage, entries[0], people[0])

    response = as_judge(sign_in_as, people[0]).get(reverse("awards:judge_document", args=[row.pk, "nib"]))

    assert b"".join(response.streaming_content) == b"%PDF-1.4 nib"


def test_step_keeps_a_draft_and_goes_on_to_the_next_criterion(sign_in_as):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    client, address = entry_page(sign_in_as, row)

    answer = client.post(address, {"value_idea": "80", "reason_idea": "", "reason_market": "", "next": "market"})

    assert answer["Location"] == f"{address}#criterion-market"
    assert list(row.scores.values_list("criterion", "value")) == [("idea", 80.0)]
    page = text_of(client.get(address))
    assert 'value="80"' in page
    assert f'data-autosave="score-{row.pk}"' in page


def test_sending_says_what_is_missing_and_keeps_the_rest(sign_in_as):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    client, address = entry_page(sign_in_as, row)

    page = text_of(client.post(address, form_for(market="", send="1")))

    assert "Market has no mark" in page
    assert row.scores.get(criterion="idea").value == 80
    client.post(address, form_for(market="", na_market="on", send="1"))
    row.refresh_from_db()
    assert row.sent_at is not None
    assert "does not apply" in text_of(client.get(address))


def test_late_marks_are_not_taken_and_the_page_says_so(sign_in_as):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    client, address = entry_page(sign_in_as, row)
    Stage.objects.filter(pk=stage.pk).update(closes_at=timezone.now() - timedelta(minutes=1))

    page = text_of(client.post(address, form_for(send="1")))

    assert "Judging of this stage is closed" in page
    assert row.scores.count() == 0


def test_short_scale_is_chosen_and_a_long_one_typed(sign_in_as):
    criteria = [
        {"id": "idea", "names": making.words("Idea"), "help": making.words("-"), "weight": 1, "low": 1, "high": 5},
        {"id": "market", "names": making.words("Market"), "help": making.words("-"), "weight": 1, "low": 0, "high": 10},
    ]
    stage, entries, people = judging(1, 1, criteria=criteria)
    row = assign(stage, entries[0], people[0])
    client, address = entry_page(sign_in_as, row)

    page = text_of(client.get(address))
    client.post(address, form_for(idea="4", market="7"))

    assert page.count('type="radio" name="value_idea"') == 5
    assert 'type="number" name="value_market"' in page
    assert sorted(row.scores.values_list("value", flat=True)) == [4.0, 7.0]


def test_others_are_shown_only_after_sending_and_never_by_name(sign_in_as):
    stage, entries, people = judging(1, 3)
    rows = [assign(stage, entries[0], one) for one in people]
    send(rows[1], 50, 50)
    send(rows[2], 90, 90)
    client, address = entry_page(sign_in_as, rows[0])
    assert "other judges gave" not in text_of(client.get(address))

    client.post(address, form_for(send="1"))
    page = text_of(client.get(address))

    assert "2 other judges gave 50.0 to 90.0 of 100 points, 70.0 on average." in page
    for other in people[1:]:
        assert other.user.name not in page


def test_tie_noticed_while_reading_gives_the_entry_back(sign_in_as):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    client, address = entry_page(sign_in_as, row)

    client.post(reverse("awards:assignment_tied", args=[row.pk]), {"kind": "employer", "note": ""})

    row.refresh_from_db()
    assert row.status == "declined"
    assert client.get(address).status_code == 404


def test_proposed_entry_is_accepted_or_given_back(sign_in_as):
    stage, entries, people = judging(3, 1)
    rows = [assign(stage, entry, people[0], status="proposed") for entry in entries]
    client = as_judge(sign_in_as, people[0])

    client.post(reverse("awards:assignment_answer", args=[rows[0].pk]), {"answer": "decline", "reason": REASON})
    client.post(reverse("awards:assignment_answer", args=[rows[1].pk]), {"answer": "accept"})
    client.post(reverse("awards:accept_all", args=[stage.pk]))

    assert list(Assignment.objects.order_by("pk").values_list("status", flat=True)) == [
        "declined",
        "accepted",
        "accepted",
    ]


# --- without a line ---------------------------------------------------------------------------------------------

QUEUED = {"HTTP_X_GEBYAR_QUEUED": "1"}


def test_what_was_entered_without_a_line_is_taken_once_and_answered_in_json(sign_in_as):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    client, address = entry_page(sign_in_as, row)

    answers = [client.post(address, form_for(send="1"), **QUEUED).json()["state"] for _ in range(2)]

    row.refresh_from_db()
    assert answers == ["sent", "sent"]
    assert (row.scores.count(), row.changes.count(), row.sent_at is not None) == (2, 2, True)


def test_what_comes_too_late_from_a_device_is_refused_in_words(sign_in_as):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    client, address = entry_page(sign_in_as, row)
    assert client.post(address, form_for(idea="abc"), **QUEUED).status_code == 422
    close(stage)

    answer = client.post(address, form_for(), **QUEUED)

    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert "closed" in answer.json()["words"]
    assert row.scores.count() == 0


def test_worker_rules_over_the_pages_of_judges_alone(client):
    response = client.get(reverse("awards:judging_worker"))

    assert response["Content-Type"].startswith("text/javascript")
    scope = reverse("awards:judging_worker").rpartition("/")[0] + "/"
    assert reverse("awards:my_judging").startswith(scope)
    assert reverse("awards:score", args=[1]).startswith(scope)
    assert not reverse("awards:judges", args=[1]).startswith(scope)


# --- for organisers ---------------------------------------------------------------------------------------------


def test_organiser_adds_a_judge_enters_and_lifts_a_tie(organiser):
    stage, entries, _ = judging(1, 0)
    edition, user = stage.category.edition, person(Role.JUDGE)

    organiser.post(reverse("awards:judges", args=[edition.pk]), {"user": user.pk})
    judge = Judge.objects.get(user=user)
    organiser.post(reverse("awards:conflicts_enter", args=[judge.pk]), {"entry": entries[0].pk, "kind": "other"})
    tie = Conflict.objects.get()
    said = {"expertise": "10", "languages": "", "least": 0, "most": 9, "categories": [stage.category_id]}
    organiser.post(reverse("awards:judge", args=[judge.pk]), said)
    page = text_of(organiser.get(reverse("awards:judge", args=[judge.pk])))
    organiser.post(reverse("awards:conflict_lift", args=[tie.pk]), {"reason": "Ternyata orang lain"})

    judge.refresh_from_db()
    tie.refresh_from_db()
    assert (judge.number, judge.status, judge.most, judge.categories.count()) == (1, "invited", 9, 1)
    assert entries[0].firm.name in page
    assert tie.lifted_at is not None


def test_faulty_profile_is_said_at_its_field(organiser):
    _stage, _, people = judging(1, 1)

    page = text_of(
        organiser.post(reverse("awards:judge", args=[people[0].pk]), {"expertise": "x" * 70, "least": 5, "most": 2})
    )

    assert "is too long" in page
    assert "fewer than the least" in page


def test_panels_are_made_looked_at_and_put_in_force(organiser, django_capture_on_commit_callbacks, mailoutbox):
    stage, _entries, people = judging(4, 4)

    with django_capture_on_commit_callbacks():
        started = organiser.post(reverse("awards:panels", args=[stage.pk]), {"seed": 3})
    plan = PanelPlan.objects.get()
    assert started["Location"] == reverse("awards:panel_plan", args=[plan.pk])
    assert "hx-get" in text_of(organiser.get(started["Location"]))
    panels.run_panels(plan=plan)
    assert organiser.get(reverse("awards:panel_progress", args=[plan.pk]))["HX-Refresh"] == "true"
    assert "Put in force" in text_of(organiser.get(started["Location"]))
    organiser.post(reverse("awards:panel_force", args=[plan.pk]))
    board = text_of(organiser.get(reverse("awards:judging_board", args=[stage.pk])))

    assert Assignment.objects.count() == 8
    assert "plain means would rank" in board
    assert {one.user.name for one in people if one.user.name in board} == set(
        Assignment.objects.values_list("judge__user__name", flat=True)
    )


def test_infeasible_proposal_says_what_would_help(organiser):
    stage, entries, people = judging(1, 2)
    conflicts.declare_conflict(actor=None, judge=people[0], entry=entries[0], kind="family")
    plan = panels.run_panels(plan=panels.open_panels(actor=None, stage=stage))

    page = text_of(organiser.get(reverse("awards:panel_plan", args=[plan.pk])))

    assert entries[0].code in page
    assert "Each of these would help" in page


def test_entry_page_offers_the_best_available_judge_after_one_gave_it_back(organiser):
    stage, entries, people = judging(1, 3)
    Judge.objects.filter(pk=people[2].pk).update(expertise=["13134"])
    row = assign(stage, entries[0], people[0])
    address = reverse("awards:panel_entry", args=[stage.pk, entries[0].pk])

    organiser.post(reverse("awards:assignment_take_out", args=[row.pk]), {"reason": "Pindah ke kategori lain"})
    page = text_of(organiser.get(address))
    organiser.post(address, {"judge": people[2].pk})

    listed = page[page.index("Who could take it") :]
    assert listed.index(people[2].user.name) < listed.index(people[1].user.name) < listed.index(people[0].user.name)
    assert list(Assignment.objects.exclude(status="declined").values_list("judge", "by_hand")) == [(people[2].pk, True)]


def test_board_tells_states_but_no_marks_and_no_severity(organiser):
    stage, entries, people = judging(3, 2)
    send(assign(stage, entries[0], people[0]), 93, 91, reason="Alasan yang rahasia")
    give(assign(stage, entries[1], people[0]), 87, 86)
    assign(stage, entries[2], people[1], status="proposed")

    pages = [text_of(organiser.get(reverse("awards:judging_board", args=[stage.pk]) + f"?view={view}")) for view in
             ("judges", "entries")]  # fmt: skip

    for page in pages:
        for secret in (">93", ">91", ">87", ">92.2", "Alasan yang rahasia"):
            assert secret not in page
    assert "1/2" in pages[0]


def test_board_finds_the_entries_that_lost_a_judge(organiser):
    stage, entries, people = judging(2, 3)
    for entry in entries:
        for one in people[:2]:
            assign(stage, entry, one, status="proposed")
    Assignment.objects.filter(entry=entries[1], judge=people[0]).update(status="declined", decline_reason=REASON)
    address = reverse("awards:judging_board", args=[stage.pk])

    assert "?view=entries&amp;few=1" in text_of(organiser.get(address))
    page = text_of(organiser.get(f"{address}?view=entries&few=1"))

    table = page[page.index("<tbody") :]
    assert entries[1].code in table
    assert entries[0].code not in table


def test_reminder_goes_to_who_is_late_and_once_a_day(organiser, django_capture_on_commit_callbacks):
    stage, entries, people = judging(2, 2)
    send(assign(stage, entries[0], people[0]))
    assign(stage, entries[1], people[1])

    with django_capture_on_commit_callbacks() as first:
        organiser.post(reverse("awards:judging_remind", args=[stage.pk]))
    with django_capture_on_commit_callbacks() as second:
        organiser.post(reverse("awards:judging_remind", args=[stage.pk]))

    reminded = Judge.objects.filter(reminded_at__isnull=False)
    assert list(reminded) == [people[1]]
    assert (len(first), len(second)) == (1, 0)


def test_opening_again_needs_a_reason_and_is_marked(organiser):
    stage, entries, people = judging(1, 1)
    row = send(assign(stage, entries[0], people[0]))

    organiser.post(reverse("awards:assignment_reopen", args=[row.pk]), {"reason": "Juri salah membaca skala"})

    row.refresh_from_db()
    assert (row.sent_at, row.reopened_reason) == (None, "Juri salah membaca skala")


def test_ranking_is_made_read_and_marked_as_final(organiser):
    stage, entries, people = full_round(12, 4, per_entry=4)
    address = reverse("awards:rankings", args=[stage.pk])
    assert "Close the stage first" in text_of(organiser.get(address))
    close(stage)

    made = organiser.post(address)["Location"]
    page, audit = text_of(organiser.get(made)), text_of(organiser.get(f"{made}?view=judges"))
    organiser.post(reverse("awards:ranking_final", args=[RankingVersion.objects.get().pk]))

    assert "interval-dot" in page
    assert entries[0].code in page
    assert "In the first 2" in page
    assert people[0].user.name in audit
    assert "Severity" in audit
    assert RankingVersion.objects.get().is_final


def test_plain_means_are_told_with_the_reason(organiser):
    stage, entries, people = judging(1, 1)
    send(assign(stage, entries[0], people[0]))
    close(stage)
    version = rankings.make_ranking(actor=None, stage=stage)

    page = text_of(organiser.get(reverse("awards:ranking", args=[version.pk])))

    assert "Not the method that the rules name" in page
    assert "fewer than 3 judges" in page


@pytest.mark.parametrize("route", ["judging_board", "judging_board_entries", "judges", "panel_plan", "ranking"])
def test_lists_of_organisers_cost_the_same_for_one_and_for_three(organiser, route):
    def queries(count):
        stage, entries, people = judging(count, 3, judges_per_entry=3)
        for entry, one in zip(entries, people, strict=False):
            send(assign(stage, entry, one))
            Conflict.objects.create(judge=one, entry=entries[0], kind="other", source="organiser", lifted_at=timezone.now(),
                                    lifted_reason=REASON)  # fmt: skip
        address = {
            "judging_board": lambda: reverse("awards:judging_board", args=[stage.pk]),
            "judging_board_entries": lambda: reverse("awards:judging_board", args=[stage.pk]) + "?view=entries",
            "judges": lambda: reverse("awards:judges", args=[stage.category.edition_id]),
            "panel_plan": lambda: reverse("awards:panel_plan", args=[_plan(stage)]),
            "ranking": lambda: reverse("awards:ranking", args=[_ranking(stage)]),
        }[route]()
        organiser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert organiser.get(address).status_code == 200
        return len(captured)

    person(Role.JUDGE)  # somebody who could be added, in both runs
    assert queries(1) == queries(3)


def _plan(stage):
    return panels.run_panels(plan=panels.open_panels(actor=None, stage=stage)).pk


def _ranking(stage):
    close(stage)
    return rankings.make_ranking(actor=None, stage=stage).pk
