"""What every entrant is told, and who may read it."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader
from tests.awards.making_results import REASON, decided, scored
from tests.awards.making_stages import full_edition, local_officer
from tests.factories import person, sign_in

from gebyar.accounts.models import Role
from gebyar.awards.queries.feedback import feedback_of

pytestmark = pytest.mark.django_db


def entry_of(edition, number):
    return edition.entries.select_related("edition__version", "category").get(number=number)


def test_an_entrant_reads_marks_standing_and_what_would_help():
    edition = scored()

    (told,) = feedback_of(entry_of(edition, 10))

    (idea,) = told.criteria
    assert idea.marks == [63.0, 64.0, 65.0]
    assert idea.mean == 64.0
    assert idea.of_passed == pytest.approx(86.5)  # the first four: 91, 88, 85 and 82 on average
    assert idea.reasons == [f"{REASON} {place}" for place in range(3)]
    assert (told.standing.rank, told.standing.of, told.standing.marks) == (10, 10, 3)
    assert len(told.hints) == 1
    assert "64" in told.hints[0]
    assert "86" in told.hints[0] or "87" in told.hints[0]


def test_whoever_passed_gets_no_advice():
    (told,) = feedback_of(entry_of(scored(), 1))

    assert (told.passage.outcome, told.hints) == ("passed", [])


def test_means_of_fewer_than_three_who_passed_are_not_told():
    (told,) = feedback_of(entry_of(scored(places=2), 10))

    assert told.criteria[0].of_passed is None
    assert told.hints == []


def test_an_entry_that_was_not_in_order_is_told_what_and_where_to_get_it():
    (told,) = feedback_of(entry_of(decided(refused=[2]), 2))

    assert told.passage.outcome == "failed"
    assert "NIB milik usaha lain" in told.hints[0]
    assert "From OSS" in told.hints[0]


def test_nothing_is_told_of_a_stage_that_runs():
    assert feedback_of(entry_of(full_edition(), 1)) == []


@pytest.fixture
def edition():
    return scored()


def readers(edition):
    entry = entry_of(edition, 1)
    return {
        "entrant": entry.entrant,
        "other entrant": entry_of(edition, 2).entrant,
        "judge": edition.judges.first().user,
        "visitor": person(),
        "officer of the region": local_officer(entry.region_code[:5]),
        "officer of another region": local_officer("51.71"),
        "organiser": person(Role.PROGRAMME_OFFICER),
    }


@pytest.mark.parametrize("name", ["feedback", "feedback_sheet"])
def test_feedback_is_for_the_entrant_and_the_officers_of_its_region(client, edition, name):
    statuses = {}
    for who, user in readers(edition).items():
        sign_in(client, user)
        answer = client.get(reverse(f"awards:{name}", args=[entry_of(edition, 1).pk]))
        statuses[who] = answer.status_code
        if answer.status_code != 200:
            assert REASON not in answer.content.decode()

    assert statuses == {
        "entrant": 200, "other entrant": 404, "judge": 404, "visitor": 404, "officer of the region": 200,
        "officer of another region": 404, "organiser": 200,
    }  # fmt: skip


def test_feedback_names_no_judge(client, edition):
    sign_in(client, entry_of(edition, 1).entrant)

    html = client.get(reverse("awards:feedback", args=[entry_of(edition, 1).pk])).content.decode()
    sheet = client.get(reverse("awards:feedback_sheet", args=[entry_of(edition, 1).pk]))

    words = html + " ".join(one.extract_text() for one in PdfReader(io.BytesIO(sheet.content)).pages)
    for judge in edition.judges.select_related("user"):
        assert judge.user.name not in words
        assert judge.user.email not in words
    assert REASON in html
