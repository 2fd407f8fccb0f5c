"""Prizes by rank, stars by points, prizes taken back, and what three levels do for winners."""

import pytest
from tests.awards.making import entry, organiser
from tests.awards.making_stages import (
    begun,
    checked_stage,
    close,
    decide,
    full_edition,
    judged,
    judged_stage,
    local_officer,
    over,
    stage_rules,
)
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards import errors_stages as errors
from gebyar.awards.gates import stars_of
from gebyar.awards.models import Entry, FollowUp, Prize
from gebyar.awards.queries.previews import stars_side_by_side
from gebyar.awards.services import prizes
from gebyar.records.errors import NotAllowed
from gebyar.reference.awards.rules import StarScheme

pytestmark = pytest.mark.django_db


def scheme(id_, least, fosters):
    return {
        "id": id_, "names": {"id": id_, "en": id_}, "least_points": least, "fosters": fosters, "source": "Uji",
    }  # fmt: skip


FIVE = scheme("five", [[1, 50], [2, 60], [3, 70], [4, 80], [5, 90]], {"1": "regency", "3": "province", "5": "centre"})
THREE = scheme("three", [[1, 60], [2, 75], [3, 90]], {"1": "regency", "2": "province", "3": "centre"})


def decided(entries=4, points=None, **changes):
    made = full_edition(entries, **changes)
    checked_stage(made)
    over(judged_stage(made, points=points))
    stage = begun(made, "prizes")
    close(stage)
    return decide(stage, actor=organiser())


def with_stars(points):
    last = stage_rules("prizes", "decision", "threshold", threshold=50)
    stages_ = [stage_rules("papers"), judged(places=len(points)), last]
    return decided(len(points), points, stages=stages_, star_schemes=[FIVE, THREE], star_scheme="three")


def test_prizes_go_by_rank_as_the_category_names_them():
    stage = decided(points=[70.0, 90.0, 80.0, 60.0])

    given = list(Prize.objects.values_list("position", "entry__number", "name_en", "name_id", "stars"))
    assert given == [
        (1, 2, "First", "First (id)", None), (2, 3, "Second", "Second (id)", None), (3, 1, "Third", "Third (id)", None),
    ]  # fmt: skip
    assert len({prize.code for prize in stage.prizes.all()}) == 3
    assert all(len(prize.code) >= 20 for prize in stage.prizes.all())


def test_earlier_stages_give_no_prizes():
    made = full_edition(2)
    checked_stage(made)

    assert Prize.objects.count() == 0


def test_stars_come_from_points_by_the_scheme_of_the_edition():
    stage = with_stars([92.0, 76.0, 60.0, 55.0])

    assert list(stage.prizes.values_list("entry__number", "stars")) == [(1, 3), (2, 2), (3, 1)]
    assert stage.prizes.first().name_id == "Bintang 3 ★★★"


def test_both_schemes_stand_side_by_side():
    stage = with_stars([92.0, 76.0, 60.0, 55.0])

    shown = stars_side_by_side(stage)

    assert shown.chosen == "three"
    assert [(line.passage.entry.number, line.stars) for line in shown.lines] == [
        (1, [5, 3]), (2, [3, 2]), (3, [2, 1]), (4, [1, 0]),
    ]  # fmt: skip
    assert shown.totals == [[(5, 1), (4, 0), (3, 1), (2, 1), (1, 1)], [(3, 1), (2, 1), (1, 1)]]


@pytest.mark.parametrize(("points", "stars"), [(59.99, 0), (60, 1), (74.99, 1), (75, 2), (100, 3), (0, 0)])
def test_number_of_stars_is_the_greatest_whose_threshold_is_reached(points, stars):
    three = StarScheme("three", {}, ((1, 60), (2, 75), (3, 90)), {}, "")

    assert stars_of(three, points) == stars


# --- taken back -------------------------------------------------------------------------------------------------


def test_prize_is_taken_back_once_with_a_reason_by_organisers():
    prize = decided().prizes.first()
    with pytest.raises(errors.ReasonNeeded):
        prizes.revoke_prize(actor=organiser(), prize=prize, reason=" ")
    for user in (local_officer("33"), person(Role.JUDGE), prize.entry.entrant):
        with pytest.raises(NotAllowed):
            prizes.revoke_prize(actor=user, prize=prize, reason="x")
    prize.refresh_from_db()
    assert prize.revoked_at is None

    prizes.revoke_prize(actor=organiser(), prize=prize, reason="Izin P-IRT habis")

    with pytest.raises(errors.PrizeLost):
        prizes.revoke_prize(actor=organiser(), prize=prize, reason="Lagi")
    prize.refresh_from_db()
    assert prize.revoked_reason == "Izin P-IRT habis"


# --- followed up ------------------------------------------------------------------------------------------------


def test_each_level_notes_for_itself_within_its_region():
    stage = with_stars([92.0, 76.0])
    prize = stage.prizes.first()
    Entry.objects.filter(pk=prize.entry_id).update(region_code="33.74.10")
    prize = Prize.objects.get(pk=prize.pk)
    for officer in (organiser(), local_officer("33"), local_officer("33.74")):
        prizes.follow_up(actor=officer, prize=prize, text="Pelatihan kemasan")

    levels = set(FollowUp.objects.values_list("level", flat=True))
    assert levels == {"centre", "province", "regency"}
    for user in (local_officer("35"), person(Role.JUDGE), prize.entry.entrant):
        with pytest.raises(errors.NotYourFollowUp):
            prizes.follow_up(actor=user, prize=prize, text="x")
    assert FollowUp.objects.count() == 3


def test_scheme_says_which_level_follows_up():
    stage = with_stars([92.0, 76.0, 60.0])

    assert [prizes.fosters_of(prize) for prize in stage.prizes.all()] == ["centre", "province", "regency"]


def test_edition_without_stars_names_no_level():
    stage = decided()
    assert prizes.fosters_of(stage.prizes.first()) is None
    assert entry(stage.category).prizes.count() == 0
