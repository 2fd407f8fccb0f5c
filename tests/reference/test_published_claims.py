from __future__ import annotations

from decimal import Decimal

from gebyar.methods.claims import check_claim
from gebyar.reference import regions
from gebyar.reference.claims import claims, province_totals


def test_claims_of_2024_as_said_and_as_published():
    found = [(c.id, str(c.said), str(c.value), check_claim(c.said, c.value).verdict, len(c.others)) for c in claims()]
    assert found == [
        ("units_share", "99.7", "99.77", "truncated", 0),
        ("units", "4.52", "4.52", "exact", 4),
        ("workers", "12.37", "12.37", "exact", 5),
        ("output_share", "20.9", "20.97", "truncated", 4),
        ("productive_age_2030", "70", "68.28", "other", 6),
    ]


def test_every_claim_has_source_date_and_words_in_both_languages():
    for claim in claims():
        assert claim.source
        assert claim.as_of
        assert claim.evidence in {"S", "D", "K"}
        for words in (claim.label, claim.said_where):
            assert words["id"]
            assert words["en"]
        assert all(other.as_of and other.value > 0 for other in claim.others)


def test_province_totals_name_current_provinces_and_stay_below_the_national_total():
    survey, quarter = province_totals()
    assert (survey.total, quarter.total) == (4_209_817, 4_522_684)
    for totals in (survey, quarter):
        assert all(regions.is_valid(code) for code in totals.provinces)
        assert sum(totals.provinces.values()) < totals.total
    assert survey.provinces["33"] == 898_162
    assert survey.before_split == ("91", "92")


def test_digits_of_published_values_are_kept():
    units = next(claim for claim in claims() if claim.id == "units")
    assert Decimal("4.522684") in {other.value for other in units.others}
