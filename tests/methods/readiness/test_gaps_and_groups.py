import numpy as np
import polars as pl
import pytest

from gebyar.methods.readiness import agreement, differences, gaps, group_figures, score, score_one
from gebyar.reference.instruments import NOT_APPLICABLE, built_in

INDI = built_in("indi40")


def all_at(value: int) -> dict[str, str]:
    return {
        question.id: max((o for o in question.options if o.value <= value), key=lambda o: o.value).id
        for question in INDI.all_questions
        if question.kind == "single"
    } | {question.id: "none" for question in INDI.all_questions if question.kind == "count"}


def test_gaps_begin_with_the_step_that_lifts_most_for_its_effort() -> None:
    found = gaps(INDI, all_at(2))
    # Openness is a field of its own in a pillar of three that weighs 0.30: one step lifts the index by 0.1, effort 1.
    assert (found[0].question, found[0].lift, found[0].options) == ("keterbukaan", 0.1, ("d",))
    worth = [gap.worth for gap in found]
    assert worth == sorted(worth, reverse=True)
    assert len(found) == 23


def test_a_gap_keeps_its_promise() -> None:
    answers = all_at(1)
    before = score_one(INDI, answers).index or 0
    for gap in gaps(INDI, answers):
        after = score_one(INDI, answers | {gap.question: gap.options[0]}).index or 0
        assert after - before == pytest.approx(gap.lift)


def test_no_step_for_what_is_full_missing_or_does_not_apply() -> None:
    answers = all_at(2) | {"keterbukaan": "e", "kompetensi": "", "mesin_cerdas": NOT_APPLICABLE}
    assert {"keterbukaan", "kompetensi", "mesin_cerdas"}.isdisjoint(gap.question for gap in gaps(INDI, answers))


def test_a_group_is_silent_below_ten() -> None:
    nine, ten = (score(INDI, pl.DataFrame([all_at(2)] * count)) for count in (9, 10))
    assert group_figures(INDI, nine) is None
    found = group_figures(INDI, ten)
    assert found is not None
    assert (found.count, found.levels["kesiapan_awal"]) == (10, 10)


def test_incomplete_scores_do_not_make_a_group() -> None:
    rows = [all_at(2)] * 9 + [all_at(2) | {"keterbukaan": ""}]
    assert group_figures(INDI, score(INDI, pl.DataFrame(rows))) is None


def test_differences_largest_first() -> None:
    own, assessor = all_at(2), all_at(2) | {"keterbukaan": "a", "kompetensi": "b", "perawatan": ""}
    found = differences(INDI, own, assessor)
    assert [(item.question, item.by) for item in found] == [
        ("keterbukaan", -2),
        ("kompetensi", -1),
        ("perawatan", None),
    ]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], None),
        ([(1, 1)] * 3, None),
        ([(0, 0), (4, 4)], 1.0),
        ([(0, 4), (4, 0)], -1.0),
        ([(0, 0), (0, 4), (4, 0), (4, 4)], 0.0),
    ],
)
def test_agreement(pairs: list[tuple[float, float]], expected: float | None) -> None:
    assert agreement(pairs, low=0, high=4) == expected


def test_agreement_is_that_of_categories() -> None:
    """The same as quadratically weighted kappa computed from the table of counts."""
    drawn = np.random.default_rng(7).integers(0, 5, size=(200, 2))
    counts = np.zeros((5, 5))
    for first, second in drawn:
        counts[first, second] += 1
    weights = np.subtract.outer(np.arange(5), np.arange(5)) ** 2
    chance = np.outer(counts.sum(1), counts.sum(0)) / 200
    expected = 1 - (weights * counts).sum() / (weights * chance).sum()
    assert agreement([tuple(map(float, pair)) for pair in drawn], low=0, high=4) == pytest.approx(expected)
