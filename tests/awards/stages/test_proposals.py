"""OVOP: the regency proposes a firm of its own, the firm agrees, then the entry can be handed in."""

import pytest
from django.core import mail
from tests.awards.making import draft, edition, fit_firm, organiser
from tests.awards.making_stages import local_officer, regencies
from tests.factories import person
from tests.registry.firms import make_member

from gebyar.accounts.models import Role
from gebyar.awards import errors_stages as errors
from gebyar.awards.models import Entry, Proposal
from gebyar.awards.services import outcome_mails, proposals
from gebyar.records.errors import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return edition(**regencies()).categories.get(key="food")


@pytest.fixture
def firm():
    return fit_firm(name="Batik Uji", region_code="33.74.10")


def propose(category, firm, actor=None, reason="Khas daerah kami"):
    return proposals.propose(actor=actor or local_officer("33.74"), category=category, firm=firm, reason=reason)


def test_regency_proposes_a_firm_and_its_members_are_asked(category, firm):
    member, officer = make_member(firm), local_officer("33.74")
    made = propose(category, firm, officer)

    entry = made.entry
    assert (entry.kind, entry.status, entry.region_code, entry.entrant) == ("regency", "draft", "33.74", officer)
    outcome_mails.write_proposal(proposal_id=made.pk)
    assert [message.to for message in mail.outbox] == [[member.email]]
    assert "Khas daerah kami" in mail.outbox[0].body


def test_only_the_own_regency_proposes_and_gives_a_reason(category, firm):
    for user in (local_officer("33"), local_officer("35.78"), organiser(), person(Role.JUDGE), make_member(firm)):
        with pytest.raises(errors.NotYourRegency):
            propose(category, firm, user)
    with pytest.raises(errors.ReasonNeeded):
        propose(category, firm, reason=" ")
    assert Entry.objects.count() == 0


def test_firm_is_proposed_once_in_a_category(category, firm):
    propose(category, firm)

    with pytest.raises(errors.ProposedAlready):
        propose(category, firm)
    assert Proposal.objects.count() == 1


def test_award_without_proposals_takes_none(firm):
    with pytest.raises(errors.NoProposalsHere):
        propose(edition().categories.get(key="food"), firm)


def test_closed_call_takes_no_proposals(category, firm):
    type(category.edition).objects.filter(pk=category.edition_id).update(status="ended")
    category.edition.refresh_from_db()

    with pytest.raises(errors.ProposalsClosed):
        propose(category, firm)
    assert not draft(**regencies()).categories.exists()


def test_firm_agrees_and_only_then_the_proposal_may_be_handed_in(category, firm):
    made = propose(category, firm)
    with pytest.raises(errors.FirmHasNotAgreed):
        proposals.refuse_without_agreement(made.entry)

    proposals.answer_proposal(actor=make_member(firm), proposal=made, agrees=True)

    proposals.refuse_without_agreement(made.entry)
    with pytest.raises(errors.ProposalAnswered):
        proposals.answer_proposal(actor=make_member(firm), proposal=made, agrees=False)


def test_firm_that_declines_withdraws_and_may_be_proposed_again(category, firm):
    made = propose(category, firm)
    proposals.answer_proposal(actor=make_member(firm), proposal=made, agrees=False, reason="Belum siap")

    made.refresh_from_db()
    assert (made.status, made.decline_reason) == ("declined", "Belum siap")
    assert Entry.objects.get(pk=made.entry_id).status == "withdrawn"
    assert propose(category, firm).status == "asked"


def test_nobody_but_the_firm_answers_for_it(category, firm):
    made = propose(category, firm)
    for user in (made.proposed_by, organiser(), make_member(fit_firm())):
        with pytest.raises(NotAllowed):
            proposals.answer_proposal(actor=user, proposal=made, agrees=True)
    made.refresh_from_db()
    assert made.status == "asked"
