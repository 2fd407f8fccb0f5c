"""Conditions as expressions over tables of firms, in three values: met, not met, and unknown where a fact is missing.

What only the applicant can say is left out here: a firm "could" have a facility when everything that the register can know
is met. One condition that is not met decides, whatever else is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from gebyar.methods.size import answers, expression
from gebyar.reference.size_rules import size_rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gebyar.reference.facilities import Condition, Version

FACTS: Mapping[str, type[pl.DataType]] = {
    "nib": pl.String,
    "npwp": pl.String,
    "region_code": pl.String,
    "address": pl.String,
    "kbli_code": pl.String,
    "is_active": pl.Boolean,
    "exports": pl.Boolean,
    "certificates": pl.String,  # kinds with ; between them; null where nothing is known
    "workers": pl.Int64,
    "investment": pl.Int64,
    "capital": pl.Int64,
    "net_worth": pl.Int64,
    "sales": pl.Int64,
    "machines": pl.Int64,
    "started_year": pl.Int64,
}
STATUSES = ("could", "not", "unknown")


def facts_table(firms: pl.DataFrame) -> pl.DataFrame:
    """Return the facts that conditions ask for, null where the table has no such column."""
    return firms.select(
        (pl.col(name) if name in firms.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in FACTS.items()
    )


def statuses(versions: Mapping[str, Version], firms: pl.DataFrame) -> pl.DataFrame:
    """Say for each firm and facility whether it could have it.

    Parameters
    ----------
    versions
        Facility id → the version that holds.
    firms
        Columns as in `FACTS`; a missing one counts as not known.

    Returns
    -------
    polars.DataFrame
        As many rows; a column for each facility with "could", "not" or "unknown".
    """
    facts = facts_table(firms)
    sizes = sorted({one.rule for version in versions.values() for one in version.conditions if one.kind == "size"})
    classed = facts.lazy().with_columns(expression(size_rule(rule)) for rule in sizes)
    return classed.select(_status(version).alias(name) for name, version in versions.items()).collect()


def _status(version: Version) -> pl.Expr:
    met = pl.all_horizontal([holds(condition) for condition in known_conditions(version)])
    kind = pl.Enum(STATUSES)
    return (
        pl.when(met.is_null())
        .then(pl.lit("unknown", kind))
        .when(met)
        .then(pl.lit("could", kind))
        .otherwise(pl.lit("not", kind))
    )


def known_conditions(version: Version) -> Sequence[Condition]:
    """Return the conditions that the register can answer."""
    return [condition for condition in version.conditions if condition.kind != "asked"]


def holds(condition: Condition) -> pl.Expr:
    """Return the condition over the columns of `FACTS` and of the size rules: true, false, or null for "unknown"."""
    return _KINDS[condition.kind](condition)


def _size(condition: Condition) -> pl.Expr:
    column = pl.col(condition.rule)
    unknown = [answer for answer in answers(size_rule(condition.rule)) if answer.startswith("unknown")]
    return pl.when(~column.is_in(unknown)).then(column.is_in(list(condition.classes)))


def _sector(condition: Condition) -> pl.Expr:
    lengths = sorted({len(prefix) for prefix in condition.prefixes})
    code = pl.col("kbli_code")
    found = [
        code.str.slice(0, length).is_in([prefix for prefix in condition.prefixes if len(prefix) == length])
        for length in lengths
    ]
    return pl.when(code.is_not_null()).then(pl.any_horizontal(found))


def _present(condition: Condition) -> pl.Expr:
    """A fact that is missing may exist all the same: nobody said it yet."""
    return pl.when(pl.col(condition.fact).str.len_chars() > 0).then(pl.lit(value=True))


def _flag(condition: Condition) -> pl.Expr:
    return pl.col(condition.fact) == condition.value


def _range(condition: Condition) -> pl.Expr:
    column = pl.col(condition.fact)
    low = column >= condition.least if condition.least is not None else column.is_not_null() | pl.lit(None)
    high = column <= condition.most if condition.most is not None else column.is_not_null() | pl.lit(None)
    return low & high


def _has(condition: Condition) -> pl.Expr:
    return pl.concat_str(pl.lit(";"), pl.col("certificates"), pl.lit(";")).str.contains(
        f";{condition.certificate};", literal=True
    )


def _holds(condition: Condition) -> pl.Expr:
    """A certificate that the register does not know may exist all the same."""
    return pl.when(_has(condition)).then(pl.lit(value=True))


def _lacks(condition: Condition) -> pl.Expr:
    return ~_has(condition).fill_null(value=False)


_KINDS = {
    "size": _size,
    "sector": _sector,
    "present": _present,
    "flag": _flag,
    "range": _range,
    "holds": _holds,
    "lacks": _lacks,
}
