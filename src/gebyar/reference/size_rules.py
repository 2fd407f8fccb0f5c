"""The size rules of ``data/size_rules.yaml`` as typed values.

Facts are whole numbers, so every bound of the law ("less than Rp 1 billion") is kept as a closed range.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gebyar.reference.files import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

Range = tuple[int | None, int | None]
"""Lowest and highest value that belong, None where the law sets no bound."""


@dataclass(frozen=True, slots=True)
class SizeClass:
    """One class of a rule: it holds when all ranges of any one branch hold."""

    name: str
    branches: tuple[Mapping[str, Range], ...]


@dataclass(frozen=True, slots=True)
class SizeRule:
    """A rule with its legal source.

    ``facts`` are the facts the rule needs, in the order in which missing ones are named. ``otherwise`` is the
    class of a firm that no class describes, None where the classes leave no gap.
    """

    id: str
    version: str
    law: str
    article: str | None
    valid_from: str | None
    labels: Mapping[str, str]
    facts: tuple[str, ...]
    classes: tuple[SizeClass, ...]
    otherwise: str | None

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes, smallest first."""
        names = tuple(size_class.name for size_class in self.classes)
        return names if self.otherwise is None else (*names, self.otherwise)


def _range(bounds: Mapping[str, int]) -> Range:
    low = bounds["above"] + 1 if "above" in bounds else bounds.get("min")
    high = bounds["below"] - 1 if "below" in bounds else bounds.get("max")
    return low, high


def _branch(condition: Mapping[str, Mapping[str, int]]) -> Mapping[str, Range]:
    return MappingProxyType({fact: _range(bounds) for fact, bounds in condition.items()})


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _rule(data: Mapping[str, Any], version: str) -> SizeRule:
    classes = [SizeClass(item["name"], tuple(map(_branch, item["any"]))) for item in data["classes"]]
    return SizeRule(
        id=data["id"],
        version=version,
        law=data["law"],
        article=data["article"],
        valid_from=_text(data["valid_from"]),
        labels=MappingProxyType(data["labels"]),
        facts=tuple(data["facts"]),
        classes=tuple(classes),
        otherwise=data.get("otherwise"),
    )


@cache
def size_rules() -> tuple[SizeRule, ...]:
    """All rules in the order of the data file."""
    data = read_yaml("size_rules.yaml")
    return tuple(_rule(item, data["version"]) for item in data["rules"])


def size_rule(rule_id: str) -> SizeRule:
    """The rule with this id; KeyError when there is none."""
    return {rule.id: rule for rule in size_rules()}[rule_id]


@cache
def class_labels() -> Mapping[str, Mapping[str, str]]:
    """Words for each class name by language: ``class_labels()["small"]["id"] == "Kecil"``."""
    return MappingProxyType(read_yaml("size_rules.yaml")["class_names"])


@cache
def fact_labels() -> Mapping[str, Mapping[str, str]]:
    """Words and unit of each fact: keys ``id``, ``en``, ``unit``."""
    return MappingProxyType(read_yaml("size_rules.yaml")["facts"])
