"""The claim check: what was said, what the source says, what this register says, and what else was published."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gebyar.methods.claims import ClaimCheck, check_claim
from gebyar.reference.claims import Claim, ProvinceTotals, claims, province_totals
from gebyar.reference.regions import province
from gebyar.statistics.indicators import MEASURES
from gebyar.statistics.periods import period_words
from gebyar.statistics.queries import Headline

VERDICTS: dict[str, tuple[str | Promise, str]] = {
    "exact": (_("as in the source"), "good"),
    "rounded": (_("rounded properly"), "good"),
    "truncated": (_("cut off, not rounded"), "attention"),
    "other": (_("not the source's value"), "wrong"),
}
NOT_CHECKED = "K"
HUNDRED = 100


@dataclass(frozen=True)
class Other:
    """Another published value of the same figure, and how far it lies from the source's."""

    value: Decimal
    as_of: str
    note: str
    difference: Decimal


@dataclass(frozen=True)
class CheckedClaim:
    """A claim with what was found about it, in the reader's language."""

    claim: Claim
    check: ClaimCheck
    label: str
    said_where: str
    as_of: str
    verdict: str | Promise
    tone: str
    register_value: float | int | Decimal | None
    others: list[Other]

    @property
    def said_decimals(self) -> int:
        return _decimals(self.claim.said)

    @property
    def value_decimals(self) -> int:
        return _decimals(self.claim.value)

    @property
    def other_decimals(self) -> int:
        """Show the values of a list with the digits of the most exact of them."""
        return max([self.value_decimals, *(_decimals(other.value) for other in self.others)])

    @property
    def is_share(self) -> bool:
        return self.claim.unit == "%"

    @property
    def said_share(self) -> Decimal:
        return self.claim.said / HUNDRED

    @property
    def value_share(self) -> Decimal:
        return self.claim.value / HUNDRED

    @property
    def is_checked(self) -> bool:
        """Whether the source's value was seen in a public source or derived from one."""
        return self.claim.evidence != NOT_CHECKED


@dataclass(frozen=True)
class PublishedTotals:
    """Published totals by province, the largest first, as rows of a bar chart."""

    totals: ProvinceTotals
    label: str
    as_of: str
    rows: list[dict[str, object]]

    @property
    def is_checked(self) -> bool:
        return self.totals.evidence != NOT_CHECKED


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _language() -> str:
    return get_language() or "id"


def checked_claims(national: Headline | None) -> list[CheckedClaim]:
    """Check every published claim; `national` is this register's own table by the ministry's rule, if there is one."""
    return [_checked(claim, national) for claim in claims()]


def published_totals() -> list[PublishedTotals]:
    """Return the published totals by province."""
    return [
        PublishedTotals(totals, totals.label[_language()], period_words(totals.as_of), _rows(totals))
        for totals in province_totals()
    ]


def _rows(totals: ProvinceTotals) -> list[dict[str, object]]:
    ordered = sorted(totals.provinces.items(), key=lambda pair: -pair[1])
    return [
        {"label": _name(code, totals), "value": value, "accent": place == 0}
        for place, (code, value) in enumerate(ordered)
    ]


def _name(code: str, totals: ProvinceTotals) -> str:
    name = province(code).name
    return _("%(province)s (before its split)") % {"province": name} if code in totals.before_split else name


def _checked(claim: Claim, national: Headline | None) -> CheckedClaim:
    check = check_claim(claim.said, claim.value, [other.value for other in claim.others])
    verdict, tone = VERDICTS[check.verdict]
    others = [
        Other(other.value, period_words(other.as_of), other.note.get(_language(), ""), deviation.difference)
        for other, deviation in zip(claim.others, check.others, strict=True)
    ]
    return CheckedClaim(
        claim=claim,
        check=check,
        label=claim.label[_language()],
        said_where=claim.said_where[_language()],
        as_of=period_words(claim.as_of),
        verdict=verdict,
        tone=tone,
        register_value=_register_value(claim, national),
        others=others,
    )


def _register_value(claim: Claim, national: Headline | None) -> float | int | Decimal | None:
    """Return what this register says of the same figure, a share as 0-1; None where it says nothing."""
    if national is None or claim.measure not in MEASURES:
        return None
    value: float | int | Decimal | None
    value = getattr(national.shares if claim.statistic == "share" else national.small, claim.measure)
    return value
