"""Allot places: the order, the run down it, and a verdict with its reason for everybody.

The rule in one sentence: go down the order, and give each applicant the first of their wishes that neither exceeds a
quota nor makes the reserves lack more members than they must.

The outcome is the best one by rank: of all allotments that keep the quotas and lack least, the first applicant gets
the best they can have in any; among those that give it, the second one does; and so on. Nobody is passed over for
somebody further down except where a reserve, a quota or the money demands it. Where every applicant belongs to at most
one reserve this is the greedy algorithm on a matroid, and has the largest sum of points too (Edmonds 1971,
doi:10.1007/BF01584082); where groups overlap it stays the best by rank, at which the sum can be a little smaller.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from gebyar.methods.places.call import PlacesError, check_applicants
from gebyar.methods.places.explaining import Explainer
from gebyar.methods.places.limits import limits_of
from gebyar.methods.places.ordering import in_order
from gebyar.methods.places.running import Granted, run

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gebyar.methods.places.allotment import Allotment, Verdict
    from gebyar.methods.places.call import Applicant, Call
    from gebyar.methods.places.running import Progress, Run


def allot(call: Call, applicants: Sequence[Applicant], *, seed: int, progress: Progress | None = None) -> Allotment:
    """Allot the places of a call.

    Parameters
    ----------
    call
        What there is, and the rules.
    applicants
        In any order; the result does not depend on it.
    seed
        Of every lot; publish it before applications close.
    progress
        Told how far the work is: done, total, words.

    Returns
    -------
    Allotment
        A verdict for every applicant, in order.

    Raises
    ------
    PlacesError
        The data cannot be allotted; the message says which applicant, kind or group, and what to do.
    """
    check_applicants(call, applicants)
    return _allot(call, in_order(call, applicants, seed), seed, progress=progress)


def promote(
    call: Call,
    applicants: Sequence[Applicant],
    allotment: Allotment,
    freed: Collection[str],
    *,
    progress: Progress | None = None,
) -> Allotment:
    """Give places that became free to those who wait.

    Whoever has a place keeps it. As many move up as there are places (and money), by the same rule, so that a place
    freed within a reserve goes to the next of that reserve.

    Parameters
    ----------
    call, applicants
        As they were.
    allotment
        As it stands; its seed is used again.
    freed
        Those who gave up their place.

    Returns
    -------
    Allotment
        With everybody's verdict as it is now.

    Raises
    ------
    PlacesError
        Somebody in `freed` has no place.
    """
    check_applicants(call, applicants)
    admitted = {row.applicant: row for row in allotment.admitted}
    for name in freed:
        if name not in admitted:
            raise PlacesError(f"applicant {name} has no place to give up; name those who were admitted")
    ordered = in_order(call, applicants, allotment.seed)
    kept = [
        (one, Granted(call.kind_number(row.kind or ""), row.amount))
        for one in ordered
        if (row := admitted.get(one.id)) is not None and one.id not in freed
    ]
    gone = frozenset(row.applicant for row in allotment.rows if row.code == "gave_up").union(freed)
    return _allot(call, ordered, allotment.seed, progress=progress, kept=kept, gone=gone, before=admitted)


def promoted(before: Allotment, after: Allotment) -> tuple[Verdict, ...]:
    """Tell who moved up, in order."""
    had = {row.applicant for row in before.admitted}
    return tuple(row for row in after.admitted if row.applicant not in had)


def _allot(
    call: Call,
    ordered: Sequence[Applicant],
    seed: int,
    *,
    progress: Progress | None,
    kept: Sequence[tuple[Applicant, Granted]] = (),
    gone: frozenset[str] = frozenset(),
    before: Mapping[str, Verdict] = MappingProxyType({}),
) -> Allotment:
    decided = {deviation.applicant: deviation.admitted for deviation in call.deviations}
    kept_ids = {applicant.id for applicant, _granted in kept}
    forced = [one for one in ordered if decided.get(one.id) and one.id not in gone and one.id not in kept_ids]
    eligible = [
        one
        for one in ordered
        if one.id not in decided
        and one.id not in gone
        and one.id not in kept_ids
        and (call.threshold is None or one.points >= call.threshold)
    ]
    limits = limits_of(call, ordered)

    def given(*, reserves: bool) -> Run:
        used = limits if reserves else [replace(limit, least=0) for limit in limits]
        return run(call, eligible, used, kept=kept, forced=forced, progress=progress if reserves else None)

    found = given(reserves=True)
    plain = given(reserves=False) if any(limit.least for limit in limits) else found
    stays = {name: before[name] for name in kept_ids}
    return Explainer(call, ordered, seed, limits, found, plain, stays, gone).allotment()
