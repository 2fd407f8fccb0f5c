"""Whole ways through the stages: with a ranking that judges made, and OVOP by its own rules."""

import pytest
from tests.awards.making import entry, organiser
from tests.awards.making_judging import close as close_judging
from tests.awards.making_judging import full_round
from tests.awards.making_stages import begun, close, decide, full_edition, local_officer, outcomes, over, rank, stage_of

from gebyar.awards.models import Check, Entry, Proposal
from gebyar.awards.queries.checking import checks_to_do
from gebyar.awards.services import checks, prizes, rankings
from gebyar.records.verify import Outcome, verify_record
from gebyar.reference.awards.programmes import template

pytestmark = pytest.mark.django_db


def test_gate_goes_by_the_ranking_that_judges_made():
    stage, entries, _judges = full_round(12, 4, per_entry=4)
    close_judging(stage)
    boss = organiser()
    rankings.mark_final(actor=boss, ranking=rankings.make_ranking(actor=boss, stage=stage))

    decided = decide(stage, actor=boss)

    order = [row["entry"] for row in stage.rankings.get().result["rows"]]
    passed = decided.passages.filter(outcome="passed").order_by("rank").values_list("entry__code", flat=True)
    assert list(passed) == order[: len(passed)]
    assert 0 < len(passed) < len(entries)
    assert verify_record(decided.record.document).outcome == Outcome.SAME


def test_ovop_goes_from_the_proposal_over_the_province_to_stars_and_their_follow_up():
    made = full_edition(0, key="batik", **template("ovop"))
    proposer = local_officer("33.74")
    for _number in range(3):
        one = entry(made.categories.get(key="batik"), kind=Entry.Kind.REGENCY, entrant=proposer, region_code="33.74")
        Proposal.objects.create(entry=one, reason="Khas", proposed_by=proposer)
    proposals = begun(made, "proposals", "batik")
    province, centre = local_officer("33"), organiser()
    for officer in (province, centre):
        for passage in checks_to_do(officer):
            checks.check_entry(actor=officer, passage=passage, verdict=Check.Verdict.IN_ORDER)
    close(proposals)
    decide(proposals)
    selection = begun(made, "selection", "batik")
    rank(selection, [91.0, 76.0, 55.0])
    close(selection)
    over(decide(selection))
    stars = begun(made, "determination", "batik")
    close(stars)
    decide(stars)

    assert outcomes(selection) == {1: "passed", 2: "passed", 3: "failed"}
    assert list(stars.prizes.values_list("entry__number", "stars")) == [(1, 3), (2, 2)]
    first, second = stars.prizes.all()
    assert [prizes.fosters_of(prize) for prize in (first, second)] == ["centre", "province"]
    levels = [
        prizes.follow_up(actor=user, prize=second, text="Pelatihan").level for user in (centre, province, proposer)
    ]
    assert levels == ["centre", "province", "regency"]
    assert stage_of(made, "determination", "batik").record.method == "places.allot"
