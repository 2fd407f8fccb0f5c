"""Published claims about small industry with their sources, and other published values of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from gebyar.reference.files import read_yaml

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OtherValue:
    """Another published value of the same figure; ``as_of`` is YYYY, YYYY-MM or YYYY-MM-DD."""

    value: Decimal
    as_of: str
    note: Labels


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure as it was said and as its source has it.

    ``said`` and ``value`` are in ``unit`` ("%" or "million"); their digits count, so both are Decimal.
    ``measure`` (units, workers, output …) and ``statistic`` (total or share) say which figure of the register
    stands beside it. ``evidence``: S seen in a public source, D derived, K not checked.
    """

    id: str
    edition: int
    label: Labels
    measure: str
    statistic: str
    unit: str
    said: Decimal
    said_where: Labels
    value: Decimal
    as_of: str
    source: str
    evidence: str
    others: tuple[OtherValue, ...]


@dataclass(frozen=True, slots=True)
class ProvinceTotals:
    """Published numbers of firms by Kemendagri province code, with the national total.

    ``before_split`` names codes that meant a larger province when the figure was published.
    """

    id: str
    label: Labels
    unit: str
    as_of: str
    source: str
    evidence: str
    total: int
    provinces: Mapping[str, int]
    before_split: tuple[str, ...]


def _labels(data: Mapping[str, str]) -> Labels:
    return MappingProxyType(dict(data))


def _other(data: Mapping[str, Any]) -> OtherValue:
    return OtherValue(Decimal(data["value"]), str(data["as_of"]), _labels(data["note"]))


def _claim(data: Mapping[str, Any]) -> Claim:
    return Claim(
        id=data["id"],
        edition=data["edition"],
        label=_labels(data["label"]),
        measure=data["measure"],
        statistic=data["statistic"],
        unit=data["unit"],
        said=Decimal(data["said"]),
        said_where=_labels(data["said_where"]),
        value=Decimal(data["value"]),
        as_of=str(data["as_of"]),
        source=data["source"],
        evidence=data["evidence"],
        others=tuple(map(_other, data["others"])),
    )


@cache
def claims() -> tuple[Claim, ...]:
    """All claims in the order of the data file."""
    return tuple(map(_claim, read_yaml("claims.yaml")["claims"]))


def _province_totals(data: Mapping[str, Any]) -> ProvinceTotals:
    return ProvinceTotals(
        id=data["id"],
        label=_labels(data["label"]),
        unit=data["unit"],
        as_of=str(data["as_of"]),
        source=data["source"],
        evidence=data["evidence"],
        total=data["total"],
        provinces=MappingProxyType(dict(data["provinces"])),
        before_split=tuple(data["before_split"]),
    )


@cache
def province_totals() -> tuple[ProvinceTotals, ...]:
    """Published totals by province, in the order of the data file."""
    return tuple(map(_province_totals, read_yaml("claims.yaml")["province_totals"]))
