"""Facilities for the firms of a CSV file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from gebyar.methods.eligibility.tables import FACTS, STATUSES, statuses

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gebyar.reference.facilities import Version

_SEPARATORS = ",;\t"
_WORDS = {
    "true": True, "yes": True, "ya": True, "1": True,
    "false": False, "no": False, "tidak": False, "0": False,
}  # fmt: skip


class UnreadableFirms(ValueError):
    """A file that holds no table of firms, or a cell that is no such fact."""


def eligibility_csv(versions: Mapping[str, Version], source: Path, target: Path) -> dict[str, dict[str, int]]:
    """Write the firms of a CSV file with a column more for each facility: could, not or unknown.

    Returns
    -------
    dict
        How many firms got each answer, by facility.

    Raises
    ------
    UnreadableFirms
        Nothing is written then.
    """
    table, separator = _read(source)
    taken = [name for name in versions if name in table.columns]
    if taken:
        raise UnreadableFirms(f"{source} already has a column {taken[0]!r}. Remove or rename it.")
    found = statuses(versions, _facts(source, table))
    if not target.parent.is_dir():
        raise UnreadableFirms(f"There is no folder {target.parent}. Create it or name another.")
    part = target.with_name(f".{target.name}.part")
    pl.concat([table, found], how="horizontal").write_csv(part, separator=separator)
    part.replace(target)
    return {name: {status: int((found[name] == status).sum()) for status in STATUSES} for name in versions}


def _read(source: Path) -> tuple[pl.DataFrame, str]:
    try:
        with source.open(encoding="utf-8-sig") as file:
            heading = file.readline()
        separator = max(_SEPARATORS, key=heading.count)
        table = pl.read_csv(source, separator=separator, infer_schema=False)
    except FileNotFoundError:
        raise UnreadableFirms(f"There is no file {source}. Check the name and the folder.") from None
    except UnicodeDecodeError:
        raise UnreadableFirms(f"{source} is not written in UTF-8. Save it as 'CSV UTF-8' and try again.") from None
    except pl.exceptions.PolarsError as error:
        raise UnreadableFirms(f"{source} cannot be read as CSV: {error}".partition("\n")[0]) from error
    if not set(FACTS).intersection(table.columns):
        raise UnreadableFirms(
            f"{source} has none of the columns {', '.join(FACTS)}. It has: {', '.join(table.columns)}."
        )
    return table, separator


def _facts(source: Path, table: pl.DataFrame) -> pl.DataFrame:
    columns = [name for name in FACTS if name in table.columns]
    return table.select(_fact(source, table, name) for name in columns)


def _fact(source: Path, table: pl.DataFrame, name: str) -> pl.Series:
    kind = FACTS[name]
    texts = table[name].str.strip_chars().replace("", None)
    if kind == pl.String:
        return texts
    if kind == pl.Boolean:
        values = texts.str.to_lowercase().replace_strict(_WORDS, default=None, return_dtype=pl.Boolean)
        wanted = "yes or no"
    else:
        values = texts.str.replace(r"\.0*$", "").cast(pl.Int64, strict=False)
        values = values.set(values < 0, None)
        wanted = "a whole number, 0 or more"
    wrong = (texts.is_not_null() & values.is_null()).arg_true()
    if len(wrong):
        row = int(wrong[0])
        raise UnreadableFirms(f"{source}, row {row + 2}, column {name}: {texts[row]!r} must be {wanted}, or empty")
    return values.alias(name)
