"""Drawn calls, and the best allotment found by trying everything."""

from itertools import product

from hypothesis import strategies as st

from gebyar.methods.places import Applicant, Call, Kind, Reserve
from gebyar.methods.places.ordering import in_order

GROUPS = ("province:31", "province:32", "province:33", "women", "small")


@st.composite
def reserves(draw, kinds=(None,)):
    low = draw(st.none() | st.integers(0, 3))
    high = draw(st.integers(low or 0, 4) if low is None else st.none() | st.integers(low, 4))
    group = draw(st.sampled_from(("province", "province:31", "women", "small")))
    return Reserve(group, low, high, draw(st.sampled_from(kinds)))


@st.composite
def applicants(draw, most=8, kinds=(), money=False):
    found = []
    for number in range(draw(st.integers(1, most))):
        amount = draw(st.integers(1, 9)) if money else None
        groups = {draw(st.sampled_from(GROUPS[:3])), *draw(st.lists(st.sampled_from(GROUPS[3:]), max_size=2))}
        found.append(
            Applicant(
                f"a{number}",
                points=draw(st.integers(0, 5)),
                wants=tuple(draw(st.permutations(kinds)))[: draw(st.integers(1, 2))] if kinds else (),
                groups=frozenset(groups),
                arrived=draw(st.integers(0, 3)),
                amount=amount,
                least_amount=draw(st.none() | st.integers(1, amount)) if money else None,
            )
        )
    return tuple(found)


@st.composite
def calls(draw, most=8, several=False, money=False):
    """A call with its applicants."""
    kinds = (Kind("x", draw(st.integers(0, 5))),)
    if several:
        kinds += (Kind("y", draw(st.integers(0, 3))),)
    names = tuple(kind.id for kind in kinds)
    found = draw(applicants(most, names if several else (), money))
    call = Call(
        kinds,
        method=draw(st.sampled_from(["ranked", "lottery", "first_come"])),
        reserves=tuple(draw(st.lists(reserves((None, *names) if several else (None,)), max_size=3))),
        budget=draw(st.integers(0, 30)) if money else None,
        partial=money and draw(st.booleans()),
        threshold=draw(st.none() | st.integers(0, 2)),
        ties=tuple(draw(st.permutations(["arrived", "group:women", "lot"]))),
    )
    return call, found


def spelled_out(call, people):
    groups = sorted({group for one in people for group in one.groups})
    return [
        (group, reserve)
        for reserve in call.reserves
        for group in [g for g in groups if g == reserve.group or g.startswith(reserve.group + ":")] or [reserve.group]
    ]


def best_by_trying(call, people, seed):
    """Return (missing, {applicant: kind}) of the allotment that is best by rank among those that lack least."""
    ordered = [one for one in in_order(call, people, seed) if call.threshold is None or one.points >= call.threshold]
    rules = spelled_out(call, people)
    options = [(*(one.wants or [kind.id for kind in call.kinds]), None) for one in ordered]
    best = None
    for choice in product(*options):
        if not _is_allowed(call, ordered, choice, rules):
            continue
        missing = sum(max(0, (rule.least or 0) - _count(ordered, choice, group, rule)) for group, rule in rules)
        wishes = [option.index(kind) for option, kind in zip(options, choice, strict=True)]
        if best is None or (missing, wishes) < best[:2]:
            best = missing, wishes, {one.id: kind for one, kind in zip(ordered, choice, strict=True) if kind}
    return best[0], best[2]


def _count(ordered, choice, group, rule):
    return sum(
        group in one.groups and kind is not None and rule.kind in {None, kind}
        for one, kind in zip(ordered, choice, strict=True)
    )


def _is_allowed(call, ordered, choice, rules):
    if any(choice.count(kind.id) > kind.places for kind in call.kinds):
        return False
    if any(rule.most is not None and _count(ordered, choice, group, rule) > rule.most for group, rule in rules):
        return False
    cost = sum(_least(call, one) for one, kind in zip(ordered, choice, strict=True) if kind)
    return call.budget is None or cost <= call.budget


def _least(call, one):
    return one.least_amount if call.partial and one.least_amount is not None else one.amount or 0
