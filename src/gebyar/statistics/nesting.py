"""How size rules lie within each other: what is small by one rule has few workers by another, whatever the facts."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from gebyar.methods import size
from gebyar.reference.size_rules import SizeRule

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Nesting:
    """Classes of one rule that lie, whatever the facts, within classes of another."""

    inner: int
    inner_codes: tuple[int, ...]
    outer: int
    outer_codes: tuple[int, ...]


def possible_codes(rules: Sequence[SizeRule]) -> Counts:
    """All combinations of class codes that facts can give: a grid of values on both sides of every bound."""
    facts = sorted({fact for rule in rules for fact in rule.facts})
    axes = [pl.LazyFrame({fact: _representatives(rules, fact)}, schema={fact: pl.Int64}) for fact in facts]
    grid = axes[0]
    for axis in axes[1:]:
        grid = grid.join(axis, how="cross")
    codes = [_code(rule) for rule in rules]
    return grid.select(codes).unique().sort(pl.all()).collect().to_numpy().astype(np.int64)


def _representatives(rules: Sequence[SizeRule], fact: str) -> list[int | None]:
    bounds = {
        bound
        for rule in rules for size_class in rule.classes for branch in size_class.branches
        for end in branch.get(fact, (None, None)) if end is not None for bound in (end, end + 1, max(end - 1, 0))
    }  # fmt: skip
    return [None, *sorted(bounds)]


def _code(rule: SizeRule) -> pl.Expr:
    answer = size.expression(rule).cast(pl.String)
    places = {name: place for place, name in enumerate(rule.class_names)}
    return answer.replace_strict(places, default=len(places), return_dtype=pl.Int64).alias(rule.id)


@dataclass(frozen=True)
class Nestings:
    """What facts can make of a firm: possible combinations of class codes, shape (kinds, rules), and what lies in what."""

    possible: Counts
    pairs: tuple[Nesting, ...]


def nestings_of(rules: Sequence[SizeRule]) -> Nestings:
    """Every choice of a rule's classes with the least choice of another's that always holds them."""
    possible = possible_codes(rules)
    return Nestings(possible, tuple(_nestings(possible)))


def _nestings(codes: Counts) -> Iterator[Nesting]:
    for inner, outer in itertools.permutations(range(codes.shape[1]), 2):
        present, around = np.unique(codes[:, inner]), np.unique(codes[:, outer])
        for count in range(1, len(present)):
            for chosen in itertools.combinations(present.tolist(), count):
                held = np.unique(codes[np.isin(codes[:, inner], chosen), outer])
                if len(held) < len(around):
                    yield Nesting(inner, chosen, outer, tuple(held.tolist()))
