"""A call for scarce places as plain data: what there is, who applies, and the rules, all declared beforehand."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Method = Literal["ranked", "lottery", "first_come"]
METHODS: tuple[str, ...] = get_args(Method)
MOST_APPLICANTS = 500_000  # beyond it a small server runs out of memory
MOST_MONEY = 2**53 - 1  # the largest whole number that JSON keeps exactly
TIES = ("arrived", "amount", "lot")
GROUP_TIE = "group:"


class PlacesError(ValueError):
    """The data cannot be allotted; the message names the applicant, kind or group, and says what to do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place, such as a booth of nine square metres, a seat, the first prize.

    Attributes
    ----------
    places
        How many there are.
    zones
        Names and sizes of its parts, in the order in which they are filled; their sizes add up to `places`.
    """

    id: str
    places: int
    name: str = ""
    zones: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who wants a place, named by a number or code: records are public.

    Attributes
    ----------
    points
        More is better. Only "ranked" and a threshold look at them.
    wants
        Kinds in the order of wish; none named means all, in the order of the call.
    groups
        What reserves and quotas go by, such as "province:33", "women", "first_time".
    arrived
        The place in the line for "first_come"; smaller is earlier.
    amount, least_amount
        Whole rupiah asked for, and the least that would still help (None: only the whole amount).
    """

    id: str
    points: float = 0.0
    wants: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()
    arrived: int = 0
    amount: int | None = None
    least_amount: int | None = None


@dataclass(frozen=True, slots=True)
class Reserve:
    """At least or at most so many of a group get a place, of one kind or of all kinds together.

    A group without a value, such as "province", stands for each of its values, and then the numbers hold for each.
    """

    group: str
    least: int | None = None
    most: int | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """A decision by people against the rules of the call, which stands on record with its reason."""

    applicant: str
    admitted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Call:
    """What is allotted, and how.

    Attributes
    ----------
    kinds
        The kinds of places.
    method
        "ranked" by points, "lottery" by the seed, or "first_come".
    reserves
        Reserves and quotas. Quotas are never exceeded; reserves are met as far as applicants, places, quotas and money
        allow.
    budget
        Whole rupiah to give, or None where no money is given.
    partial
        Whether less than the amount asked may be given, down to the applicant's least amount.
    threshold
        Fewer points get no place and no waiting; equal points do.
    ties
        How equals are ordered, first rule first: "arrived" (earlier), "amount" (smaller), "group:<group>" (members
        first), "lot" (by the seed). The lot decides whatever is equal after all of them.
    waiting
        How many wait for a place that becomes free; None: all who are not below the threshold.
    deviations
        Decisions by people that go before everything else.

    Raises
    ------
    PlacesError
        Something is missing, named twice or does not fit together.
    """

    kinds: tuple[Kind, ...]
    method: Method = "ranked"
    reserves: tuple[Reserve, ...] = ()
    budget: int | None = None
    partial: bool = False
    threshold: float | None = None
    ties: tuple[str, ...] = ("lot",)
    waiting: int | None = None
    deviations: tuple[Deviation, ...] = ()

    def __post_init__(self) -> None:
        for fault in _call_faults(self):
            raise PlacesError(fault)

    def kind_number(self, kind: str) -> int:
        """The place of a kind in the call, from 0."""
        return [one.id for one in self.kinds].index(kind)


def _call_faults(call: Call) -> Iterator[str]:
    if not call.kinds:
        yield "the call has no kind of place; name at least one"
    yield from _repeated("kind", [kind.id for kind in call.kinds])
    if call.method not in METHODS:
        yield f"the method {call.method!r} is unknown; choose one of {', '.join(METHODS)}"
    for kind in call.kinds:
        yield from _kind_faults(kind)
    for reserve in call.reserves:
        yield from _reserve_faults(call, reserve)
    for rule in call.ties:
        if rule not in TIES and not rule.startswith(GROUP_TIE):
            yield f"the tie rule {rule!r} is unknown; choose from {', '.join(TIES)} and {GROUP_TIE}<group>"
    yield from _number_faults("the budget", call.budget)
    yield from _number_faults("the length of the waiting list", call.waiting)
    if call.threshold is not None and not math.isfinite(call.threshold):
        yield "the threshold is no number; leave it out where there is none"
    yield from _repeated("deviation for applicant", [deviation.applicant for deviation in call.deviations])
    for deviation in call.deviations:
        if not deviation.reason.strip():
            yield f"the deviation for applicant {deviation.applicant} has no reason; write one"


def _kind_faults(kind: Kind) -> Iterator[str]:
    yield from _number_faults(f"places of kind {kind.id}", kind.places)
    sizes = [size for _name, size in kind.zones]
    for name, size in kind.zones:
        yield from _number_faults(f"zone {name} of kind {kind.id}", size)
    if sizes and sum(sizes) != kind.places:
        yield f"the zones of kind {kind.id} hold {sum(sizes)} places, the kind {kind.places}; make them agree"


def _reserve_faults(call: Call, reserve: Reserve) -> Iterator[str]:
    name = f"the reserve for {reserve.group}" + (f" in kind {reserve.kind}" if reserve.kind else "")
    if not reserve.group:
        yield "a reserve names no group; name one"
    if reserve.kind is not None and reserve.kind not in {kind.id for kind in call.kinds}:
        yield f"{name} names an unknown kind; use one of the call"
    if reserve.least is None and reserve.most is None:
        yield f"{name} says neither least nor most; give one of them"
    yield from _number_faults(f"least of {name}", reserve.least)
    yield from _number_faults(f"most of {name}", reserve.most)
    if reserve.least is not None and reserve.most is not None and reserve.least > reserve.most:
        yield f"{name} asks for at least {reserve.least} and at most {reserve.most}; make them agree"


def _number_faults(name: str, value: int | None) -> Iterator[str]:
    if value is not None and not 0 <= value <= MOST_MONEY:
        yield f"{name} is {value}; give a whole number from 0 to {MOST_MONEY}"


def _repeated(what: str, names: Sequence[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{what} {name} stands there {count} times; name each once"


def check_applicants(call: Call, applicants: Sequence[Applicant]) -> None:
    """Refuse applicants that the call cannot take.

    Raises
    ------
    PlacesError
        Names the applicant and the field.
    """
    if len(applicants) > MOST_APPLICANTS:
        raise PlacesError(f"there are {len(applicants):,} applicants; divide the call, at most {MOST_APPLICANTS:,} fit")
    for fault in _repeated("applicant", [applicant.id for applicant in applicants]):
        raise PlacesError(fault)
    kinds = {kind.id for kind in call.kinds}
    for applicant in applicants:
        for fault in _applicant_faults(call, applicant, kinds):
            raise PlacesError(f"applicant {applicant.id}: {fault}")
    known = {applicant.id for applicant in applicants}
    for deviation in call.deviations:
        if deviation.applicant not in known:
            raise PlacesError(f"the deviation for {deviation.applicant} names no applicant; use an id of the list")


def _applicant_faults(call: Call, applicant: Applicant, kinds: set[str]) -> Iterator[str]:
    if not math.isfinite(applicant.points):
        yield "points: is no number; give points, or leave the applicant out"
    for kind in applicant.wants:
        if kind not in kinds:
            yield f"wants: {kind!r} is no kind of the call; use one of {', '.join(sorted(kinds))}"
    yield from _repeated("wants: kind", applicant.wants)
    yield from _number_faults("amount", applicant.amount)
    yield from _number_faults("least_amount", applicant.least_amount)
    if call.budget is not None and applicant.amount is None:
        yield "amount: is missing; the call gives money, so say how much is asked for"
    if (applicant.least_amount or 0) > (applicant.amount or 0) and call.budget is not None:
        yield f"least_amount: {applicant.least_amount} is more than the amount of {applicant.amount}"
