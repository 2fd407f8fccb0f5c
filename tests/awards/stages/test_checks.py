"""Two officers check an entry, each alone; ties, regions, a third look, and choices by hand."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.awards.making import entry, organiser
from tests.awards.making_stages import (
    begun,
    close,
    decide,
    full_edition,
    local_officer,
    outcomes,
    regencies,
    stage_rules,
    through,
    tie,
)
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards import errors_stages as errors
from gebyar.awards.models import Check, Entry, Proposal, Stage
from gebyar.awards.queries.checking import checks_to_do
from gebyar.awards.services import checks
from gebyar.records.errors import NotAllowed
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db

YES, NO = Check.Verdict.IN_ORDER, Check.Verdict.NOT_IN_ORDER


@pytest.fixture
def papers():
    return begun(full_edition(2), "papers")


def look(passage, officer=None, verdict=YES, **said):
    said.setdefault("findings", {"photo": "Buram"} if verdict == NO else {})
    return checks.check_entry(actor=officer or organiser(), passage=passage, verdict=verdict, **said)


def to_do(officer):
    return [passage.entry.number for passage in checks_to_do(officer)]


def test_two_who_agree_decide_and_a_third_is_not_needed(papers):
    passage = papers.passages.first()
    assert [look(passage).place, look(passage).place] == [1, 2]

    with pytest.raises(errors.CheckConcluded):
        look(passage)
    assert AuditEntry.objects.filter(verb="awards.check_entry").count() == 2


def test_where_two_differ_a_third_one_decides(papers):
    first, second = papers.passages.order_by("entry__number")
    for passage, verdicts in ((first, (YES, NO, YES)), (second, (YES, NO, NO))):
        for verdict in verdicts:
            look(passage, verdict=verdict)
    close(papers)

    assert outcomes(decide(papers)) == {1: "passed", 2: "failed"}


def test_officer_checks_an_entry_once(papers):
    officer, passage = organiser(), papers.passages.first()
    look(passage, officer)

    with pytest.raises(errors.CheckedAlready):
        look(passage, officer, NO)
    assert passage.checks.get().verdict == YES


def test_officer_with_a_tie_neither_sees_nor_checks_the_entry(papers):
    passage = papers.passages.order_by("entry__number").first()
    officer = organiser()
    membership = tie(passage.entry.firm, officer)
    assert to_do(officer) == [2]

    membership.ended_at = timezone.now()
    membership.save()

    assert to_do(officer) == [2]
    with pytest.raises(errors.TiedToEntry):
        look(passage, officer)
    assert Check.objects.count() == 0


def test_others_than_officers_of_the_centre_do_not_check_unless_the_rules_say_so(papers):
    passage = papers.passages.first()
    for user in (person(), person(Role.JUDGE), local_officer("33"), local_officer("33.74")):
        assert to_do(user) == []
        with pytest.raises(errors.NotYourCheck):
            look(passage, user)
    assert Check.objects.count() == 0


def test_local_officers_check_their_region_where_the_rules_want_the_region():
    made = full_edition(2, **through(stage_rules("papers", mixes=["region"])))
    Entry.objects.filter(edition=made, number=1).update(region_code="33.74.10")
    Entry.objects.filter(edition=made, number=2).update(region_code="35.78.10")
    papers = begun(made, "papers")
    here = local_officer("33.74")

    assert to_do(here) == [1]
    assert look(papers.passages.get(entry__number=1), here).region_code == "33.74"
    with pytest.raises(errors.NotYourCheck):
        look(papers.passages.get(entry__number=2), here)


def test_check_not_in_order_says_what_is_and_of_what(papers):
    passage = papers.passages.first()
    with pytest.raises(errors.FindingNeedsWords):
        look(passage, verdict=NO, findings={"photo": "  "})
    with pytest.raises(errors.FindingUnknown):
        look(passage, verdict=NO, findings={"passport": "Tidak ada"})
    assert Check.objects.count() == 0

    assert look(passage, verdict=NO, findings={"photo": " Buram ", "age": ""}).findings == {"photo": "Buram"}


@pytest.mark.parametrize("ends", ["closed", "deadline", "withdrawn"])
def test_no_check_is_taken_once_the_time_or_the_entry_is_over(papers, ends):
    passage = papers.passages.first()
    if ends == "closed":
        close(papers)
    elif ends == "deadline":
        Stage.objects.filter(pk=papers.pk).update(closes_at=timezone.now())
    else:
        Entry.objects.filter(pk=passage.entry_id).update(status="withdrawn")

    with pytest.raises(errors.StageNotActive):
        look(passage)
    assert passage.entry.number not in to_do(organiser())


def test_work_list_puts_third_looks_before_second_ones_and_leaves_out_what_is_done(papers):
    made = papers.category.edition
    entry(papers.category)
    late = entry(papers.category)
    assert late.edition == made
    first, second = papers.passages.order_by("entry__number")
    look(second)
    assert to_do(organiser()) == [2, 1]
    look(first)
    look(first, verdict=NO)
    assert to_do(organiser()) == [1, 2]
    officer = organiser()
    look(first, officer)

    assert to_do(organiser()) == [2]
    assert [passage.entry.number for passage in checks_to_do(officer, done=True)] == [1]


# --- proposals: the province sits in ----------------------------------------------------------------------------


@pytest.fixture
def proposals():
    made = full_edition(0, **regencies(**through(stage_rules("papers", mixes=["region"]))))
    proposer = local_officer("33.74")
    one = entry(made.categories.get(key="food"), kind=Entry.Kind.REGENCY, entrant=proposer, region_code="33.74")
    Proposal.objects.create(entry=one, reason="Khas", proposed_by=proposer)
    return begun(made, "papers"), proposer


def test_regency_that_proposed_does_not_judge_itself(proposals):
    papers, proposer = proposals
    for officer in (proposer, local_officer("33.74")):
        assert to_do(officer) == []
        with pytest.raises((errors.NotYourCheck, errors.TiedToEntry)):
            look(papers.passages.get(), officer)


def test_second_look_at_a_proposal_is_kept_for_its_province(proposals):
    passage = proposals[0].passages.get()
    look(passage)
    assert to_do(organiser()) == []
    with pytest.raises(errors.CheckKeptForProvince):
        look(passage)

    assert to_do(local_officer("33")) == [1]
    assert look(passage, local_officer("33")).region_code == "33"


def test_two_looks_may_begin_with_the_province(proposals):
    passage = proposals[0].passages.get()
    look(passage, local_officer("33"))

    assert look(passage).place == 2


# --- by hand ----------------------------------------------------------------------------------------------------


@pytest.fixture
def curation():
    return begun(full_edition(3, **through(stage_rules("curation", "curation", "by_hand", places=2))), "curation")


def choose(passage, passes, reason="Baru dan lokal", actor=None):
    return checks.choose_entry(actor=actor or organiser(), passage=passage, passes=passes, reason=reason)


def test_curators_choose_with_reasons_and_may_change_their_mind_until_the_decision(curation):
    first, second, third = curation.passages.order_by("entry__number")
    choose(first, passes=True)
    choose(second, passes=True)
    choose(second, passes=False, reason="Sudah lama di pasar")
    close(curation)
    with pytest.raises(errors.NotReadyToDecide):
        decide(curation)
    choose(third, passes=True)

    decided = decide(curation)

    assert outcomes(decided) == {1: "passed", 2: "failed", 3: "passed"}
    second.refresh_from_db()
    assert (second.code, second.reason, second.deviates) == ("not_chosen", "Sudah lama di pasar", False)
    with pytest.raises(errors.StageNotActive):
        choose(second, passes=True)


def test_more_chosen_than_places_are_not_decided(curation):
    for passage in curation.passages.all():
        choose(passage, passes=True)
    close(curation)

    with pytest.raises(errors.NotReadyToDecide):
        decide(curation)


def test_choice_needs_a_reason_an_organiser_without_a_tie_and_a_gate_by_hand(curation, papers):
    passage = curation.passages.first()
    tied = organiser()
    tie(passage.entry.firm, tied)
    for error, act in (
        (errors.ChoiceNeedsReason, lambda: choose(passage, passes=True, reason=" ")),
        (errors.TiedToEntry, lambda: choose(passage, passes=True, actor=tied)),
        (NotAllowed, lambda: choose(passage, passes=True, actor=local_officer("33"))),
        (errors.NotChosenByHand, lambda: choose(papers.passages.first(), passes=True)),
    ):
        with pytest.raises(error):
            act()
    passage.refresh_from_db()
    assert passage.chosen is None


def test_deadline_a_day_ahead_keeps_checks_open():
    papers = begun(full_edition(1), "papers")
    Stage.objects.filter(pk=papers.pk).update(closes_at=timezone.now() + timedelta(days=1))

    assert look(papers.passages.get()).place == 1
