"""Size classes of firms by every rule that holds, computed from facts.

The rules are data (:mod:`gebyar.reference.size_rules`); this module evaluates them over whole tables with
exact integers, as Polars expressions or as SQL, and over plain CSV files.

A class is decided when the facts at hand satisfy it. Where none is satisfied and a fact that the rule needs
is missing, the answer is ``unknown: `` followed by every missing fact, for example ``unknown: workers,
investment``.
"""

from __future__ import annotations

import csv
import itertools
import tempfile
from functools import reduce
from operator import and_, or_
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from gebyar.reference.size_rules import Range, SizeClass, SizeRule, size_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FACTS = ("workers", "investment", "capital", "sales", "net_worth")

# Whole numbers, also as spreadsheets write them: 1000000000.0
_WHOLE_NUMBER = r"^[0-9]{1,18}(\.0*)?$"
_LARGEST = 10**18 - 1
_LARGEST_EXACT_FLOAT = 2**53
_SEPARATORS = ",;\t"


class InvalidFact(ValueError):
    """A value that cannot be a fact: negative, fractional, or no number."""


class UnreadableTable(ValueError):
    """A file that cannot be read as a table of firms."""


# --- one rule as an expression ------------------------------------------------------------------------------


def _missing_sets(rule: SizeRule) -> list[tuple[str, ...]]:
    """Every set of facts that can be missing, the smallest first."""
    sizes = range(1, len(rule.facts) + 1)
    return [some for size in sizes for some in itertools.combinations(rule.facts, size)]


def _unknown(missing: tuple[str, ...]) -> str:
    return f"unknown: {', '.join(missing)}"


def answers(rule: SizeRule) -> tuple[str, ...]:
    """All values of the rule's column: its classes smallest first, then the unknowns."""
    return (*rule.class_names, *map(_unknown, _missing_sets(rule)))


def _within(column: pl.Expr, bounds: Range) -> pl.Expr:
    low, high = bounds
    if low is None:
        return column <= high
    return column >= low if high is None else column.is_between(low, high)


def _holds(size_class: SizeClass, columns: Mapping[str, str]) -> pl.Expr:
    branches = (
        reduce(and_, (_within(pl.col(columns.get(fact, fact)), bounds) for fact, bounds in branch.items()))
        for branch in size_class.branches
    )
    return reduce(or_, branches)


def expression(rule: SizeRule, columns: Mapping[str, str] | None = None) -> pl.Expr:
    """The rule over integer columns (null = missing).

    Parameters
    ----------
    rule
        The rule.
    columns
        Column name of each fact where it is not the fact's own name.

    Returns
    -------
    polars.Expr
        An Enum column named ``rule.id`` with the categories of :func:`answers`.
    """
    columns = columns or {}
    kind = pl.Enum(answers(rule))
    code = pl.lit(rule.otherwise, kind)
    for missing in _missing_sets(rule):  # wrapped from the inside out: the largest set is asked first
        absent = reduce(and_, (pl.col(columns.get(fact, fact)).is_null() for fact in missing))
        code = pl.when(absent).then(pl.lit(_unknown(missing), kind)).otherwise(code)
    for size_class in reversed(rule.classes):
        code = pl.when(_holds(size_class, columns)).then(pl.lit(size_class.name, kind)).otherwise(code)
    return code.alias(rule.id)


# --- one rule as SQL ----------------------------------------------------------------------------------------


def _sql_within(column: str, bounds: Range) -> str:
    low, high = bounds
    if low is None:
        return f"{column} <= {high}"
    return f"{column} >= {low}" if high is None else f"{column} BETWEEN {low} AND {high}"


def _sql_holds(size_class: SizeClass, columns: Mapping[str, str]) -> str:
    branches = [
        " AND ".join(_sql_within(columns.get(fact, fact), bounds) for fact, bounds in branch.items())
        for branch in size_class.branches
    ]
    return " OR ".join(f"({branch})" for branch in branches)


def sql(rule: SizeRule, columns: Mapping[str, str] | None = None) -> str:
    """The same rule as an SQL expression for DuckDB and PostgreSQL.

    Parameters
    ----------
    rule
        The rule; its bounds are written as integers.
    columns
        Column expression of each fact where it is not the fact's own name (``{"workers": "p.workers"}``).
        They stand in the SQL as they are, so they must not come from a user.

    Returns
    -------
    str
        A CASE expression with the same text values as :func:`expression`.
    """
    columns = columns or {}
    names = [columns.get(fact, fact) for fact in rule.facts]
    held = "".join(f" WHEN {_sql_holds(item, columns)} THEN '{item.name}'" for item in rule.classes)
    missing = " OR ".join(f"{name} IS NULL" for name in names)
    listed = ", ".join(
        f"CASE WHEN {name} IS NULL THEN '{fact}' END" for name, fact in zip(names, rule.facts, strict=True)
    )
    otherwise = "NULL" if rule.otherwise is None else f"'{rule.otherwise}'"
    return f"CASE{held} WHEN {missing} THEN concat('unknown: ', concat_ws(', ', {listed})) ELSE {otherwise} END"


# --- facts --------------------------------------------------------------------------------------------------


def _is_text(dtype: pl.DataType) -> bool:
    return dtype in (pl.String, pl.Categorical) or isinstance(dtype, pl.Enum)


def _fact_and_fault(name: str, dtype: pl.DataType) -> tuple[pl.Expr, pl.Expr]:
    """The column as Int64 (null = missing) and whether a value of it cannot be a fact."""
    column = pl.col(name)
    if _is_text(dtype):
        text = column.cast(pl.String).str.strip_chars()
        whole = text.str.extract(r"^([0-9]+)").cast(pl.Int64, strict=False)
        return whole, (text != "") & ~text.str.contains(_WHOLE_NUMBER)
    if dtype.is_integer():
        return column.cast(pl.Int64, strict=False), (column < 0) | (column > _LARGEST)
    if dtype.is_numeric():
        fractional = (column != column.floor()) | column.is_nan() if dtype.is_float() else column != column.floor()
        largest = _LARGEST_EXACT_FLOAT if dtype.is_float() else _LARGEST
        return column.cast(pl.Int64, strict=False), (column < 0) | fractional | (column > largest)
    if dtype == pl.Null:
        return pl.lit(None, pl.Int64), pl.lit(value=False)
    return pl.lit(None, pl.Int64), column.is_not_null()


def _remedy(name: str, value: object) -> str:
    if str(value).strip().startswith("-"):
        return "It cannot be below zero; leave it empty if it is not known."
    if name == "workers":
        return "Write the number of persons in digits only (12), or leave it empty if it is not known."
    return "Write whole rupiah in digits only (1000000000), or leave it empty if it is not known."


def _raise_fault(row: int, name: str, value: object) -> None:
    raise InvalidFact(f"Row {row}, {name}: {value!r} is not a usable number. {_remedy(name, value)}")


def _first_fault(table: pl.LazyFrame, columns: Mapping[str, str], first_row: int) -> None:
    """Raise for the first row with a value that cannot be a fact."""
    schema = table.collect_schema()
    faults = {fact: _fact_and_fault(column, schema[column])[1] for fact, column in columns.items()}
    if not faults:
        return
    wanted = table.select(columns.values()).with_row_index("__row", offset=first_row)
    found = wanted.filter(pl.any_horizontal(faults.values())).head(1).collect(engine="streaming")
    if found.is_empty():
        return
    fact = next(fact for fact, fault in faults.items() if found.select(fault).item())
    _raise_fault(found["__row"].item(), fact, found[columns[fact]].item())


_PRIVATE = {fact: f"__{fact}" for fact in FACTS}


def _with_facts(table: pl.LazyFrame, columns: Mapping[str, str]) -> pl.LazyFrame:
    """The table with five more columns that hold the facts as Int64."""
    schema = table.collect_schema()
    present = [_fact_and_fault(column, schema[column])[0].alias(_PRIVATE[fact]) for fact, column in columns.items()]
    absent = [pl.lit(None, pl.Int64).alias(_PRIVATE[fact]) for fact in FACTS if fact not in columns]
    return table.with_columns(*present, *absent)


def _class_expressions(rules: Sequence[SizeRule]) -> list[pl.Expr]:
    return [expression(rule, _PRIVATE) for rule in rules]


def classify(facts: pl.DataFrame | pl.LazyFrame, rules: Sequence[SizeRule] | None = None) -> pl.DataFrame:
    """Classes of every firm by every rule.

    Parameters
    ----------
    facts
        One row per firm with any of the columns workers (persons), investment, capital, sales, net_worth
        (whole rupiah). A column that is not there, a null or an empty text is a missing fact. Text columns
        are read as whole numbers, decimals must be whole.
    rules
        The rules to apply; all of :func:`gebyar.reference.size_rules.size_rules` when not given.

    Returns
    -------
    polars.DataFrame
        One Enum column per rule, rows in the order of the input.

    Raises
    ------
    InvalidFact
        For the first negative, fractional or non-numeric value, with its row (1 = first), column and remedy.
    """
    table = facts.lazy()
    names = table.collect_schema().names()
    columns = {fact: fact for fact in FACTS if fact in names}
    _first_fault(table, columns, first_row=1)
    rules = size_rules() if rules is None else rules
    return _with_facts(table, columns).select(_class_expressions(rules)).collect()


# --- plain files --------------------------------------------------------------------------------------------


def _read_header(path: Path) -> tuple[list[str], str]:
    """Column names and the separator (comma, semicolon or tab, whichever the header has most of)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            line = file.readline()
            separator = max(_SEPARATORS, key=line.count)
            file.seek(0)
            header = next(csv.reader(file, delimiter=separator), [])
    except FileNotFoundError:
        raise UnreadableTable(f"There is no file {path}. Check the name and the folder.") from None
    except IsADirectoryError:
        raise UnreadableTable(f"{path} is a folder. Name a CSV file.") from None
    except UnicodeDecodeError:
        raise UnreadableTable(_not_utf8(path)) from None
    if not line.strip():
        raise UnreadableTable(f"{path} is empty. The first line must hold the column names.")
    return header, separator


def _not_utf8(path: Path) -> str:
    return f"{path} is not written in UTF-8. Save it as 'CSV UTF-8' and try again."


def _check_header(path: Path, header: list[str], rules: Sequence[SizeRule]) -> dict[str, str]:
    """Which column holds which fact."""
    doubled = sorted({name for name in header if header.count(name) > 1})
    if doubled:
        raise UnreadableTable(f"{path} has the column {doubled[0]!r} twice. Rename one of them.")
    taken = [rule.id for rule in rules if rule.id in header]
    if taken:
        raise UnreadableTable(f"{path} already has a column {taken[0]!r}. Remove or rename it.")
    normal = {name.strip().lower(): name for name in header}
    columns = {fact: normal[fact] for fact in FACTS if fact in normal}
    if not columns:
        expected = ", ".join(FACTS)
        raise UnreadableTable(f"{path} has none of the columns {expected}. It has: {', '.join(header)}.")
    return columns


def _wrong_length(path: Path, separator: str, columns: int) -> str | None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter=separator), start=1):
            if len(row) > columns:
                return (
                    f"{path}, row {number}: {len(row)} fields where the header has {columns}. "
                    "Put fields that contain the separator in double quotes."
                )
    return None


def _explain(path: Path, separator: str, columns: int, error: pl.exceptions.PolarsError) -> UnreadableTable:
    if "utf" in str(error).lower():
        return UnreadableTable(_not_utf8(path))
    try:
        reason = _wrong_length(path, separator, columns)
    except UnicodeDecodeError:
        return UnreadableTable(_not_utf8(path))
    return UnreadableTable(reason or f"{path} cannot be read as CSV: {error}")


def classify_csv(
    source: Path | str, target: Path | str, rules: Sequence[SizeRule] | None = None
) -> dict[str, dict[str, int]]:
    """Classify the firms of a CSV file: the same columns in the same order, then one per rule.

    The file is streamed, so it may be larger than memory. Nothing is left at ``target`` unless every row was
    good; an older file there stays as it was. The separator (comma, semicolon, tab) is kept.

    Parameters
    ----------
    source, target
        UTF-8 CSV with a header line; the columns named as in :func:`classify` (any case).
    rules
        As for :func:`classify`.

    Returns
    -------
    dict
        How many firms got each answer: ``{rule id: {answer: count}}``, in the order of :func:`answers`.

    Raises
    ------
    UnreadableTable
        If the file is missing, empty, not UTF-8, has no fact column, a doubled one, or a row too long.
    InvalidFact
        For the first value that is no fact; the header counts as row 1, as a spreadsheet numbers its rows.
    """
    source, target = Path(source), Path(target)
    rules = size_rules() if rules is None else rules
    header, separator = _read_header(source)
    columns = _check_header(source, header, rules)
    table = pl.scan_csv(source, separator=separator, infer_schema=False)
    try:
        _first_fault(table, columns, first_row=2)
        _write_classes(table, columns, rules, target, separator)
    except pl.exceptions.PolarsError as error:
        raise _explain(source, separator, len(header), error) from error
    return _count_answers(target, separator, rules)


def _write_classes(
    table: pl.LazyFrame, columns: Mapping[str, str], rules: Sequence[SizeRule], target: Path, separator: str
) -> None:
    classed = _with_facts(table, columns).with_columns(_class_expressions(rules))
    result = classed.drop(_PRIVATE.values())
    if not target.parent.is_dir():
        raise UnreadableTable(f"There is no folder {target.parent}. Create it or name another.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".classify-") as folder:
        written = Path(folder) / target.name
        result.sink_csv(written, separator=separator)
        written.replace(target)


def _count_answers(target: Path, separator: str, rules: Sequence[SizeRule]) -> dict[str, dict[str, int]]:
    table = pl.scan_csv(target, separator=separator, infer_schema=False)
    counts: dict[str, dict[str, int]] = {}
    for rule in rules:
        found = table.group_by(rule.id).len().collect(engine="streaming")
        by_answer = dict(found.iter_rows())
        counts[rule.id] = {answer: by_answer[answer] for answer in answers(rule) if answer in by_answer}
    return counts
