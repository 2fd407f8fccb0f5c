"""Rows of one list that have the same NIB are one firm."""

from __future__ import annotations

import polars as pl

from gebyar.registry.imports.columns import Problems, as_json
from gebyar.registry.imports.fields import PROBLEM_SCHEMA

_KEY = ["nib", "data_year"]
_NOT_COMPARED = {"row", "rows", "identity_key", *_KEY}


def join_duplicates(good: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Join rows with the same NIB and year of data.

    The first row wins, later rows fill its gaps; rows about different years stay apart, since each is a
    profile of its own.

    Parameters
    ----------
    good
        Good rows (columns as GOOD_SCHEMA), of one chunk or of a whole list.

    Returns
    -------
    good, problems : polars.DataFrame
        ``rows`` of a joined row lists all row numbers it came from. Problems: nib_joined once per joined
        firm, nib_contradicts once per field that differs.
    """
    problems = Problems()
    repeated = good.filter(pl.col("nib").is_not_null() & pl.struct(_KEY).is_duplicated())
    if not repeated.height:
        return good, problems.table()
    groups = repeated.sort("row").group_by(_KEY, maintain_order=True)
    firsts = [pl.col(column).drop_nulls().first() for column in good.columns if column not in {"rows", *_KEY}]
    joined = groups.agg(*firsts, pl.col("rows").explode()).select(good.columns)
    _report(groups, good.columns, problems)
    others = good.join(repeated.select("row"), on="row", how="anti")
    return pl.concat([others, joined]).sort("row"), problems.table()


def _report(groups: pl.dataframe.group_by.GroupBy, columns: list[str], problems: Problems) -> None:
    found = []
    for (nib, _year), group in groups:
        rows = group["rows"].explode(empty_as_null=True).to_list()
        last = group["row"][-1]
        found.append((last, "nib", nib, "nib_joined", as_json({"rows": rows})))
        for column in columns:
            values = _different(group, column)
            if len(values) > 1:
                words = {"rows": rows, "first": values[0], "second": values[1]}
                found.append((last, column, values[1], "nib_contradicts", as_json(words)))
    problems.add(pl.DataFrame(found, schema=[*list(PROBLEM_SCHEMA)[:5]], orient="row"))


def _different(group: pl.DataFrame, column: str) -> list[str]:
    if column in _NOT_COMPARED:
        return []
    values = group[column].drop_nulls().to_list()
    return list(dict.fromkeys(", ".join(value) if isinstance(value, list) else str(value) for value in values))
