"""The comparison of two listings: features in 0 to 1, their weights, and the reasons in codes.

The weights were tuned on generated truth with seeds of their own (`benchmarks/partners.py --tune`), never on those the
published hit rates are measured with; what the tuning left without any weight was given a little where people ask for
it (delivery times, quantities). They add up to 1 within each trade.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gebyar.methods.partners.entry import CARRIAGE, DISTRIBUTION, GOODS, Entry, Reason, gives, trade
from gebyar.methods.partners.places import SAME_ISLAND, SAME_PROVINCE, SAME_REGENCY, covers, legs, nearness, serves
from gebyar.methods.partners.text import words

if TYPE_CHECKING:
    from collections.abc import Callable

FEATURES = ("text", "code", "certificates", "near", "served", "capacity", "lead_time")
WEIGHTS: dict[str, dict[str, float]] = {
    GOODS: dict(zip(FEATURES, (0.38, 0.12, 0.05, 0.20, 0.15, 0.08, 0.02), strict=True)),
    DISTRIBUTION: dict(zip(FEATURES, (0.27, 0.18, 0.13, 0.24, 0.08, 0.05, 0.05), strict=True)),
    CARRIAGE: dict(zip(FEATURES, (0.00, 0.00, 0.05, 0.27, 0.48, 0.15, 0.05), strict=True)),
}
# Two goods that share neither words nor the first three digits of a code are not suggested at all.
LEAST_TEXT, LEAST_CODE = 0.08, 0.6
# Agreement of two codes by the number of their first digits that are the same.
BY_DIGITS = {5: 1.0, 4: 0.8, 3: 0.6, 2: 0.4}
NOT_SAID = 0.5

REASONS: dict[str, str] = {
    "same_words": "Both speak of %(words)s.",
    "alike_words": "The words are alike.",
    "same_code": "Same industry code %(code)s.",
    "near_code": "Industry codes begin alike: %(code)s.",
    "certificates_covered": "Holds what is asked for: %(certificates)s.",
    "certificates_missing": "Does not say that it holds: %(certificates)s.",
    "same_regency": "In the same regency or city.",
    "same_province": "In the same province.",
    "same_island": "In the same group of islands.",
    "both_served": "Each serves the place of the other.",
    "not_served": "One of the two does not name the place of the other: %(region)s.",
    "capacity_enough": "The quantity is enough.",
    "capacity_short": "Covers %(percent)s %% of the quantity.",
    "lead_time_fits": "Delivers in time: %(days)s days.",
    "lead_time_long": "Takes %(days)s days, %(asked)s are wanted.",
    "route_covered": "Goes the whole way: %(route)s.",
    "cold_chain": "Keeps goods cool from end to end.",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two listings by what they do in the trade, and the text likeness between them."""

    giver: Entry
    taker: Entry
    text: float

    @property
    def asked(self) -> tuple[str, ...]:
        """Certificates the one asks of the other: only a need asks, and only an offer holds."""
        need, offer = self.need, self.offer
        return need.certificates if need is not None and offer is not None else ()

    @property
    def need(self) -> Entry | None:
        return next((entry for entry in (self.giver, self.taker) if entry.direction == "need"), None)

    @property
    def offer(self) -> Entry | None:
        return next((entry for entry in (self.giver, self.taker) if entry.direction == "offer"), None)

    @property
    def missing(self) -> tuple[str, ...]:
        held = self.offer.certificates if self.offer is not None else ()
        return tuple(kind for kind in self.asked if kind not in held)


def pair(one: Entry, other: Entry, text: float) -> Pair:
    giver, taker = (one, other) if gives(one.direction, one.role) else (other, one)
    return Pair(giver, taker, text)


def code_likeness(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, str]:
    """Return how alike the nearest two codes are, and the digits they share."""
    best = max((common(first, second) for first in one for second in other), key=len, default="")
    return BY_DIGITS.get(len(best), 0.0), best


def common(one: str, other: str) -> str:
    count = 0
    while count < 5 and one[count] == other[count]:
        count += 1
    return one[:count]


def features(both: Pair) -> dict[str, float]:
    """Return every feature, each in 0 to 1; what was not said stands in the middle."""
    giver, taker = both.giver, both.taker
    asked = both.asked
    return {
        "text": both.text,
        "code": code_likeness(giver.kbli, taker.kbli)[0],
        "certificates": 1 - len(both.missing) / len(asked) if asked else 1.0,
        "near": nearness(giver.region, taker.region),
        "served": served(both),
        "capacity": capacity(giver, taker),
        "lead_time": lead_time(giver, taker),
    }


def served(both: Pair) -> float:
    """Return 1 when each serves the place of the other, 0.5 when one does; for carriage the share of the way."""
    giver, taker = both.giver, both.taker
    if trade(giver.role) == CARRIAGE:
        ways = legs(taker.routes, taker.regions, taker.region)
        return sum(covers(giver.routes, giver.regions, leg) for leg in ways) / len(ways)
    return (serves(giver.regions, taker.region) + serves(taker.regions, giver.region)) / 2


def capacity(giver: Entry, taker: Entry) -> float:
    given, wanted = giver.quantity_per_year, taker.quantity_per_year
    if given is None or wanted is None or giver.unit.lower() != taker.unit.lower():
        return NOT_SAID
    return min(1.0, given / wanted)


def lead_time(giver: Entry, taker: Entry) -> float:
    takes, wanted = giver.lead_time_days, taker.lead_time_days
    if takes is None or wanted is None:
        return NOT_SAID
    return 1.0 if takes <= wanted else wanted / takes


def score(kind: str, values: dict[str, float], weights: dict[str, dict[str, float]] | None = None) -> float:
    """Return the weighted sum, rounded so that equal pairs stay equal on every machine."""
    chosen = (weights or WEIGHTS)[kind]
    return round(sum(chosen[name] * values[name] for name in FEATURES), 6)


def fits(both: Pair, values: dict[str, float]) -> bool:
    """Say whether the two have anything to do with each other at all."""
    if trade(both.giver.role) == CARRIAGE:
        return values["served"] > 0 and (both.giver.has_cold_chain or not both.taker.has_cold_chain)
    return values["text"] >= LEAST_TEXT or values["code"] >= LEAST_CODE


# --- reasons ------------------------------------------------------------------------------------------------


def reasons(both: Pair, values: dict[str, float]) -> tuple[Reason, ...]:
    """Return what speaks for the pair, then what speaks against it."""
    found = [make(both, values) for make in _REASONS]
    kept = [reason for reason in found if reason is not None]
    return tuple(sorted(kept, key=lambda reason: reason.code in AGAINST))


AGAINST = frozenset({"certificates_missing", "not_served", "capacity_short", "lead_time_long"})


def _said(name: str, /, **parameters: str | int) -> Reason:
    return Reason(name, tuple(parameters.items()))


def _text_reason(both: Pair, values: dict[str, float]) -> Reason | None:
    if values["text"] < LEAST_TEXT:
        return None
    others = set(words(both.taker.text))
    shared = [word for word in words(both.giver.text) if word in others and not word.isdigit()]
    if shared:
        return _said("same_words", words=", ".join(shared[:3]))
    return _said("alike_words")


def _code_reason(both: Pair, values: dict[str, float]) -> Reason | None:
    if values["code"] < LEAST_CODE:
        return None
    _likeness, code = code_likeness(both.giver.kbli, both.taker.kbli)
    return _said("same_code" if len(code) == 5 else "near_code", code=code)


def _certificate_reason(both: Pair, _values: dict[str, float]) -> Reason | None:
    if not both.asked:
        return None
    if both.missing:
        return _said("certificates_missing", certificates=", ".join(both.missing))
    return _said("certificates_covered", certificates=", ".join(both.asked))


def _near_reason(_both: Pair, values: dict[str, float]) -> Reason | None:
    names = {SAME_REGENCY: "same_regency", SAME_PROVINCE: "same_province", SAME_ISLAND: "same_island"}
    name = names.get(values["near"])
    return _said(name) if name else None


def _served_reason(both: Pair, values: dict[str, float]) -> Reason | None:
    giver, taker = both.giver, both.taker
    if trade(giver.role) == CARRIAGE:
        ways = legs(taker.routes, taker.regions, taker.region)
        covered = [leg for leg in ways if covers(giver.routes, giver.regions, leg)]
        return _said("route_covered", route=">".join(covered[0])) if values["served"] == 1 else None
    if values["served"] < 1:
        lacking = taker.region if not serves(giver.regions, taker.region) else giver.region
        return _said("not_served", region=lacking[:5])
    return _said("both_served") if giver.regions or taker.regions else None


def _capacity_reason(both: Pair, values: dict[str, float]) -> Reason | None:
    if both.giver.quantity_per_year is None or both.taker.quantity_per_year is None:
        return None
    if both.giver.unit.lower() != both.taker.unit.lower():
        return None
    if values["capacity"] >= 1:
        return _said("capacity_enough")
    return _said("capacity_short", percent=max(1, int(100 * values["capacity"])))


def _lead_time_reason(both: Pair, _values: dict[str, float]) -> Reason | None:
    takes, wanted = both.giver.lead_time_days, both.taker.lead_time_days
    if takes is None or wanted is None:
        return None
    if takes <= wanted:
        return _said("lead_time_fits", days=takes)
    return _said("lead_time_long", days=takes, asked=wanted)


def _cold_reason(both: Pair, _values: dict[str, float]) -> Reason | None:
    is_kept = trade(both.giver.role) == CARRIAGE and both.taker.has_cold_chain and both.giver.has_cold_chain
    return _said("cold_chain") if is_kept else None


_REASONS: tuple[Callable[[Pair, dict[str, float]], Reason | None], ...] = (
    _text_reason, _code_reason, _served_reason, _near_reason, _certificate_reason, _capacity_reason, _lead_time_reason,
    _cold_reason,
)  # fmt: skip
