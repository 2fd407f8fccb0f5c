"""Lists of firms as offices have them, read and cleaned: no database, no clock.

``open_table`` reads a file in chunks, ``suggest`` says which column is what, ``Cleaner`` turns texts into
facts and names every fault, ``problem_sheet`` puts the faults beside the rows they are about.
"""

from gebyar.registry.imports.cleaning import Cleaned, Cleaner, Options, clean
from gebyar.registry.imports.duplicates import join_duplicates
from gebyar.registry.imports.errors import UnreadableTable, WrongMapping
from gebyar.registry.imports.fields import FIELDS, GOOD_SCHEMA, PROBLEM_SCHEMA
from gebyar.registry.imports.identity import identity_key, identity_keys
from gebyar.registry.imports.mapping import Column, Mapping, suggest
from gebyar.registry.imports.problems import problem_sheet, rows_of, write_csv, write_xlsx
from gebyar.registry.imports.reading import TableReader, open_table
from gebyar.registry.imports.reasons import REASONS, describe

__all__ = [
    "FIELDS",
    "GOOD_SCHEMA",
    "PROBLEM_SCHEMA",
    "REASONS",
    "Cleaned",
    "Cleaner",
    "Column",
    "Mapping",
    "Options",
    "TableReader",
    "UnreadableTable",
    "WrongMapping",
    "clean",
    "describe",
    "identity_key",
    "identity_keys",
    "join_duplicates",
    "open_table",
    "problem_sheet",
    "rows_of",
    "suggest",
    "write_csv",
    "write_xlsx",
]
