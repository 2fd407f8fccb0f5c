"""From the texts of a list to typed facts, with every fault named."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from gebyar.registry.imports import amounts, dates, identifiers, texts
from gebyar.registry.imports.amounts import AmountRule, Style
from gebyar.registry.imports.cells import Cell, refused
from gebyar.registry.imports.checks import check_all
from gebyar.registry.imports.columns import Problems, Reading, parameters_json, read_column
from gebyar.registry.imports.duplicates import join_duplicates
from gebyar.registry.imports.fields import GOOD_SCHEMA, NUMERIC_KINDS, Field, Kind, by_id
from gebyar.registry.imports.identity import identity_keys
from gebyar.registry.imports.mapping import Column, Mapping
from gebyar.registry.imports.reading import EXTRA, ROW
from gebyar.registry.imports.regions import COLUMNS as PLACE_COLUMNS
from gebyar.registry.imports.regions import Resolver

_CERTIFICATES = frozenset(
    ("halal_number", "pirt_number", "bpom_number", "sni_number", "trademark_number", "tkdn_number")
)
_MAY_BE_NEGATIVE = frozenset(("net_worth",))
# Where the lines of one cell are different things.
_LISTS = frozenset((Kind.PRODUCTS, Kind.PHONE))
_YES_NO_KINDS = frozenset((Kind.BOOLEAN, Kind.EXPORTS))
_EMAIL = r"^[^@\s,;]+@[^@\s,;]+\.[a-z]{2,}$"


@dataclass(frozen=True, slots=True)
class Options:
    """What a list does not say of itself.

    Attributes
    ----------
    data_year : int
        Year of the figures where no column says it.
    this_year : int
        Years after it are refused.
    kbli_version : int
        Edition of the KBLI codes where the heading names none.
    default_region : str
        Code of the region that the list is about ("34.02"), for rows that name only district or village.
    required_level : int
        How deep a region must be known: 1 province, 2 regency, 3 district.
    industry_only : bool
        Ask for a look at codes outside manufacturing.
    styles, crosses : dict
        By field: how numbers separate thousands ("id", "en"), and what "x" means. Found by
        :meth:`Cleaner.survey`.
    """

    data_year: int
    this_year: int
    kbli_version: int = 2020
    default_region: str = ""
    required_level: int = 2
    industry_only: bool = True
    styles: Dictionary[str, Style | None] = field(default_factory=dict)
    crosses: Dictionary[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One chunk: ``good`` as GOOD_SCHEMA, ``problems`` as PROBLEM_SCHEMA, how many rows were ``refused``."""

    good: pl.DataFrame
    problems: pl.DataFrame
    refused: int


class Cleaner:
    """Cleans the chunks of one list alike.

    Parameters
    ----------
    mapping
        Which column says what; checked by :meth:`Mapping.check` beforehand.
    options
        See :class:`Options`.
    sample
        First rows of the list. Column-wide habits (decimal comma or point, the meaning of "x") are read from
        them once; without a sample each chunk decides by itself.
    """

    def __init__(self, mapping: Mapping, options: Options, sample: pl.DataFrame | None = None) -> None:
        self.mapping = mapping
        self._has_sample = sample is not None
        self.options = options if sample is None else self.survey(sample, options)
        self._resolver = Resolver(options.default_region)

    def survey(self, sample: pl.DataFrame, options: Options) -> Options:
        """The options with the habits of the columns; those given already are kept."""
        found = self._tidied(sample)
        styles = {name: amounts.column_style(found[name]) for name in self._fields_of(NUMERIC_KINDS)}
        crosses = {name: not texts.means_no(found[name]) for name in self._fields_of(_YES_NO_KINDS)}
        return replace(options, styles=styles | dict(options.styles), crosses=crosses | dict(options.crosses))

    def _fields_of(self, kinds: frozenset[Kind]) -> list[str]:
        return [name for name in self.mapping.fields if by_id()[name].kind in kinds]

    def _tidied(self, chunk: pl.DataFrame) -> pl.DataFrame:
        columns = [
            _tidied_column(chunk[column.heading].rename(name), by_id()[name].kind)
            for name, column in self.mapping.fields.items()
        ]
        return _with_split_coordinates(pl.DataFrame([chunk[ROW], *columns]))

    def clean(self, chunk: pl.DataFrame) -> Cleaned:
        """Clean one chunk of :meth:`TableReader.chunks`."""
        problems = Problems()
        tidy = self._tidied(chunk)
        options = self.options if self._has_sample else self.survey(chunk, self.options)
        facts = _read_facts(tidy, self.mapping, options, problems)
        facts = facts.with_columns(region_code=self._regions(tidy, problems))
        facts = check_all(facts, problems)
        problems.add_where(facts, pl.col("name").is_null(), "name_missing", "name")
        if EXTRA in chunk.columns:
            problems.add_where(chunk, pl.col(EXTRA).is_not_null(), "cells_shifted", "", value=pl.col(EXTRA))
        return _finished(facts, problems)

    def _regions(self, tidy: pl.DataFrame, problems: Problems) -> pl.Series:
        missing = [pl.lit(None, pl.String).alias(name) for name in PLACE_COLUMNS if name not in tidy.columns]
        places = tidy.with_columns(missing).select(ROW, *PLACE_COLUMNS)
        codes, faults = self._resolver.table(places)
        located = places.join(codes, on=PLACE_COLUMNS, how="left", nulls_equal=True, maintain_order="left")
        depth = pl.col("code").str.count_matches(".", literal=True).fill_null(-1) + 1
        located = located.with_columns(shallow=depth < self.options.required_level)
        _report_places(located, faults, problems)
        return located["code"]


def clean(chunk: pl.DataFrame, mapping: Mapping, options: Options) -> Cleaned:
    """Clean a table that is read at once; see :class:`Cleaner` for a list in chunks."""
    return Cleaner(mapping, options).clean(chunk)


def _tidied_column(cells: pl.Series, kind: Kind) -> pl.Series:
    if kind in _LISTS and cells.str.contains("[\r\n]").any():
        cells = cells.str.replace_all(r"\s*[\r\n]+\s*", ";")
    return texts.tidied(cells, answers_yes_or_no=kind in _YES_NO_KINDS)


def _report_places(located: pl.DataFrame, faults: pl.DataFrame, problems: Problems) -> None:
    """Faults of places are errors where not enough of the place is known, warnings elsewhere."""
    faulty = located.join(faults, on=PLACE_COLUMNS, how="inner", nulls_equal=True) if faults.height else None
    told = set() if faulty is None else set(faulty[ROW].to_list())
    if faulty is not None:
        problems.add(faulty.filter("shallow"), "error")
        problems.add(faulty.filter(~pl.col("shallow")), "warning")
    silent = located.filter(pl.col("shallow") & ~pl.col(ROW).is_in(list(told)))
    problems.add_where(silent, pl.col("code").is_null(), "region_missing", "regency")
    kept = parameters_json(kept=pl.coalesce("province", "code"))
    problems.add_where(
        silent,
        pl.col("code").is_not_null(),
        "region_too_wide",
        "regency",
        value=pl.col("province"),
        parameters=kept,
    )


def _with_split_coordinates(tidy: pl.DataFrame) -> pl.DataFrame:
    if "coordinates" not in tidy.columns:
        return tidy
    both = pl.col("coordinates")
    plain, marked, parted = (
        r"^(-?[0-9]+\.[0-9]+)\s*[,; ]\s*(-?[0-9]+\.[0-9]+)$",
        r"(?i)^(.*[0-9°'\"”″ ](?:LS|LU|S|N))[\s,;]+(.*)$",
        r"^(.+?)(?:;|,\s+|\s\s+)(.+)$",
    )
    halves = [pl.coalesce(both.str.extract(pattern, half) for pattern in (plain, marked, parted)) for half in (1, 2)]
    return tidy.with_columns(latitude=pl.coalesce(halves[0], both), longitude=halves[1])


# --- single columns -----------------------------------------------------------------------------------------


def _read_facts(tidy: pl.DataFrame, mapping: Mapping, options: Options, problems: Problems) -> pl.DataFrame:
    """All fields but the region, columns as GOOD_SCHEMA."""
    units: dict[str, pl.Series] = {}
    values: dict[str, pl.Series] = {}
    for name in tidy.columns:
        if name in GOOD_SCHEMA and name not in (ROW, "region_code"):
            column = mapping.of(name) or Column(name, name)
            reading = _read(by_id()[name], column, tidy, options, problems)
            values[name] = reading.values.rename(name)
            if reading.units is not None:
                units[name] = reading.units
    given = pl.DataFrame([tidy[ROW], *values.values()])
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in GOOD_SCHEMA.items() if name not in given.columns]
    return _derived(given.with_columns(missing).select(list(GOOD_SCHEMA)), units, mapping, options)


def _derived(facts: pl.DataFrame, units: dict[str, pl.Series], mapping: Mapping, options: Options) -> pl.DataFrame:
    kbli = mapping.of("kbli_code")
    version = (kbli.version if kbli else None) or options.kbli_version
    in_cells = [units[name] for name in ("capacity", "production_quantity", "installed_capacity") if name in units]
    told = [pl.lit(units["exports"])] if "exports" in units else []
    countries = pl.coalesce("export_countries", *told)
    return facts.with_columns(
        rows=pl.concat_list(ROW),
        legal_form=pl.coalesce("legal_form", texts.legal_form_of_name(pl.col("name"))),
        data_year=pl.col("data_year").fill_null(options.data_year),
        kbli_version=pl.when(pl.col("kbli_code").is_not_null()).then(pl.lit(version, pl.Int16)),
        capacity_unit=pl.coalesce("capacity_unit", *(pl.lit(unit) for unit in in_cells)).str.slice(0, 40),
        export_countries=countries,
        exports=pl.coalesce("exports", pl.when(countries.is_not_null()).then(pl.lit(True))),
    )


def _read(target: Field, column: Column, tidy: pl.DataFrame, options: Options, problems: Problems) -> Reading:
    cells = tidy[target.id]
    if target.kind in (Kind.TEXT, Kind.NAME, Kind.LEGAL_FORM, Kind.PRODUCTS):
        return Reading(_read_text(target, tidy, problems))
    parse, quick = _reader_of(target, column, options)
    return read_column(tidy[ROW], cells, parse, dtype=GOOD_SCHEMA[target.id], problems=problems, quick=quick)


def _read_text(target: Field, tidy: pl.DataFrame, problems: Problems) -> pl.Series:
    text = pl.col(target.id)
    if target.kind is Kind.PRODUCTS:
        return tidy.select(texts.products(text, target.longest)).to_series()
    if target.kind is Kind.LEGAL_FORM:
        text = texts.legal_form_of_cell(text)
    if target.id in _CERTIFICATES:
        text = _certificate_number(text)
    long = pl.col(target.id).str.len_chars() > target.longest
    told = parameters_json(longest=pl.lit(target.longest))
    problems.add_where(tidy, long.fill_null(False), "text_cut", target.id, value=pl.col(target.id), parameters=told)
    return tidy.select(text.str.slice(0, target.longest)).to_series()


def _certificate_number(text: pl.Expr) -> pl.Expr:
    """Read "ada" or a tick as a certificate whose number is not known (""), "tidak" or "proses" as none."""
    plain = text.str.to_lowercase()
    return (
        pl.when(plain.is_in(list(texts.YES)))
        .then(pl.lit(""))
        .when(~plain.is_in([*texts.NO, texts.CROSS, "proses", "dalam proses"]))
        .then(text)
    )


Parser = Callable[[str], Cell]


def _reader_of(target: Field, column: Column, options: Options) -> tuple[Parser, pl.Expr | None]:
    """How cells of a field are read one by one, and the shortcut for plainly written ones."""
    text = pl.col("text")
    if target.kind in NUMERIC_KINDS:
        rule = _amount_rule(target, column, options)
        return lambda cell: amounts.parse_amount(cell, rule), amounts.quick_amount(text, rule)
    if target.kind in _YES_NO_KINDS:
        cross = options.crosses.get(target.id, True)
        parse = texts.parse_yes_no if target.kind is Kind.BOOLEAN else _parse_exports
        return lambda cell: parse(cell, cross=cross), None
    if target.kind is Kind.KBLI:
        version = column.version or options.kbli_version
        industry_only = options.industry_only
        return (
            lambda cell: identifiers.parse_kbli(cell, version, industry_only=industry_only),
            identifiers.quick_kbli(text, version),
        )
    return _PLAIN_READERS[target.kind](options)


def _amount_rule(target: Field, column: Column, options: Options) -> AmountRule:
    return AmountRule(
        kind=target.kind,
        multiplier=column.multiplier,
        style=options.styles.get(target.id),
        units=amounts.UNITS.get(target.unit, frozenset()),
        may_be_negative=target.id in _MAY_BE_NEGATIVE,
    )


def _parse_exports(text: str, *, cross: bool) -> Cell:
    """Yes, no, or the countries exported to, which come back as the cell's unit."""
    answer = texts.parse_yes_no(text, cross=cross)
    if answer.reason and any(character.isalpha() for character in text):
        return Cell(True, unit=text)
    return answer


def _year_reader(options: Options) -> tuple[Parser, pl.Expr]:
    text = pl.col("text")
    year = pl.when(text.str.contains(r"^(19|20)[0-9]{2}$")).then(text).cast(pl.Int16, strict=False)
    return lambda cell: dates.parse_year(cell, options.this_year), pl.when(year <= options.this_year).then(year)


def _date_reader(_options: Options) -> tuple[Parser, pl.Expr]:
    date = pl.col("text").str.to_date("%Y-%m-%d", strict=False)
    return dates.parse_date, pl.when(date.dt.year() >= dates.EARLIEST_YEAR).then(date)


def _email_reader(_options: Options) -> tuple[Parser, pl.Expr]:
    lower = pl.col("text").str.to_lowercase().str.replace(r"^mailto:", "")
    return lambda _cell: refused("email_form"), pl.when(lower.str.contains(_EMAIL)).then(lower)


_PLAIN_READERS: dict[Kind, Callable[[Options], tuple[Parser, Any]]] = {
    Kind.YEAR: _year_reader,
    Kind.DATE: _date_reader,
    Kind.EMAIL: _email_reader,
    Kind.NIB: lambda _: (identifiers.parse_nib, identifiers.quick_nib(pl.col("text"))),
    Kind.NPWP: lambda _: (identifiers.parse_tax_number, None),
    Kind.NIK: lambda options: (lambda cell: identifiers.parse_person_number(cell, options.this_year), None),
    Kind.PHONE: lambda _: (identifiers.parse_telephone, identifiers.quick_telephone(pl.col("text"))),
    Kind.POSTAL_CODE: lambda _: (identifiers.parse_postal_code, identifiers.quick_postal_code(pl.col("text"))),
    Kind.COORDINATE: lambda _: (identifiers.parse_coordinate, identifiers.quick_coordinate(pl.col("text"))),
}


# --- the end ------------------------------------------------------------------------------------------------


def _finished(facts: pl.DataFrame, problems: Problems) -> Cleaned:
    bad = problems.table().filter(pl.col("severity") == "error").select(ROW).unique()
    good = facts.join(bad, on=ROW, how="anti", maintain_order="left") if bad.height else facts
    good = good.with_columns(identity_keys(good))
    good, joined = join_duplicates(good)
    problems.add(joined.drop("severity"))
    return Cleaned(good.select(list(GOOD_SCHEMA)), problems.table(), refused=bad.height)
