"""The sheet of what to mend in a delivery, for the office that wrote it."""

import json
from pathlib import Path

import polars as pl

from gebyar.registry.imports.fields import PROBLEM_SCHEMA
from gebyar.registry.imports.mapping import Mapping
from gebyar.registry.imports.problems import as_bytes, problem_sheet, rows_of
from gebyar.registry.imports.reading import open_table
from gebyar.registry.models import Delivery


def problem_table(delivery: Delivery) -> pl.DataFrame:
    """Return the delivery's problems as the cleaning made them, in the order of the rows."""
    found = delivery.problems.order_by("row", "id").values_list(
        "row", "field", "value", "reason", "parameters", "is_error"
    )
    rows = [
        (row, field, value, reason, json.dumps(parameters), "error" if is_error else "warning")
        for row, field, value, reason, parameters, is_error in found.iterator(chunk_size=5000)
    ]
    return pl.DataFrame(rows, schema=PROBLEM_SCHEMA, orient="row")


def problem_bytes(delivery: Delivery, kind: str) -> bytes:
    """Return the sheet as "xlsx" or "csv": each problem in words beside the row as it was handed in."""
    problems = problem_table(delivery)
    originals = rows_of(open_table(delivery.stored_file.path), problems["row"])
    return as_bytes(problem_sheet(problems, originals, Mapping.from_dict(delivery.mapping)), kind)


def write_problems(delivery: Delivery, path: Path) -> int:
    """Write the sheet; the ending of the name says which kind. Returns how many problems stand in it."""
    path.write_bytes(problem_bytes(delivery, "csv" if path.suffix.lower() == ".csv" else "xlsx"))
    return delivery.problems.count()
