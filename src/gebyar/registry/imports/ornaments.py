"""Rows that a list has for the eye and not as data: blank, numbering, total and repeated heading rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOTAL = (
    r"(?i)^\s*(sub\s*|grand\s*)?(jumlah|jml|total|rata\s*-?\s*rata)"
    r"(\s+(total|seluruh(nya)?|keseluruhan|besar))?\s*:?\s*$"
)
# Followed by a place or "IKM", so that a firm called "Total Jaya" stays a firm.
_TOTAL_OF = (
    r"(?i)^\s*(sub\s*|grand\s*)?(jumlah|jml|total)\s+"
    r"(kec|kecamatan|kapanewon|kab|kabupaten|kota|desa|kel|kelurahan|kalurahan|prov|provinsi|ikm|industri|unit)\b"
)


def _first_text(headers: Sequence[str]) -> pl.Expr:
    return pl.coalesce(pl.col(header) for header in headers)


def _filled(headers: Sequence[str]) -> pl.Expr:
    return pl.sum_horizontal(pl.col(header).is_not_null().cast(pl.Int32) for header in headers)


def _is_total(headers: Sequence[str]) -> pl.Expr:
    """A row with "Jumlah" alone, or "Jumlah Kec. Sewon" where most other cells are empty."""
    first = _first_text(headers)
    return first.str.contains(_TOTAL) | (first.str.contains(_TOTAL_OF) & (_filled(headers) <= len(headers) / 2))


def _is_numbering(headers: Sequence[str]) -> pl.Expr:
    counts = [
        pl.col(header).is_null() | pl.col(header).str.strip_chars(" ()[].").eq(str(number))
        for number, header in enumerate(headers, start=1)
    ]
    return pl.all_horizontal(counts) & (_filled(headers) >= 3)


def _is_heading(headers: Sequence[str]) -> pl.Expr:
    """The headings once more, as at the top of a printed page: all filled cells are part of their heading."""
    same = [
        pl.col(header).is_null() | pl.lit(header.lower()).str.contains(pl.col(header).str.to_lowercase(), literal=True)
        for header in headers
    ]
    return pl.all_horizontal(same) & (_filled(headers) >= 2)


def without_ornaments(frame: pl.DataFrame, headers: Sequence[str]) -> pl.DataFrame:
    """The rows of data; cells of nothing but blanks become null.

    A first cheap look decides which rows are examined: few rows of a list begin like an ornament.
    """
    first = pl.col(headers[0])
    beginnings = [header.lower()[:3] for header in headers]
    texts = frame.with_columns(pl.when(pl.col(headers).str.strip_chars() != "").then(pl.col(headers)))
    suspect = (
        first.is_null()
        | first.str.contains(r"(?i)^\s*[(\[]?\s*1\s*[)\]]?\.?\s*$|jumlah|jml|total|rata")
        | first.str.to_lowercase().str.strip_chars().str.slice(0, 3).is_in(beginnings)
    )
    ornament = (_filled(headers) == 0) | _is_total(headers) | _is_numbering(headers) | _is_heading(headers)
    flagged = texts.with_columns(__suspect=suspect.fill_null(True))
    if not flagged["__suspect"].any():
        return texts
    bad = flagged.filter("__suspect").filter(ornament.fill_null(False)).select("row")
    return texts.join(bad, on="row", how="anti", maintain_order="left")
