"""Ask every facility's conditions of every firm at once, once a day, and let officers take their list along."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.facilities.errors import NotYourRegion
from gebyar.facilities.models import Application
from gebyar.facilities.queries.rulebook import rulebook, versions_today
from gebyar.facilities.queries.unused import DayTable, Narrowing, file_of, folder, lines, unused
from gebyar.methods.eligibility import statuses
from gebyar.records.arrow import libpq_address
from gebyar.records.locking import take_turns
from gebyar.records.services import record_audit
from gebyar.reference.facilities import Facility
from gebyar.registry.services.exports import guarded

Progress = Callable[[int, int | None, str], None]
TABLE_LOCK = 0x6765_6279_756E
KEEP_DAYS = 7
FORMATS = ("csv", "xlsx")
EXPORT_PIECE = 20_000
_SHEET_ROWS = 1_048_575
# Valid certificates of each firm as one text; what only has to be there is read as its being there.
FIRMS_SQL = """
    SELECT f.id, f.region_code, f.kbli_code, CASE WHEN f.nib IS NOT NULL THEN 'on record' END AS nib,
           CASE WHEN f.npwp_hash IS NOT NULL THEN 'on record' END AS npwp,
           CASE WHEN f.address <> '' THEN 'on record' END AS address, f.is_active, f.started_year::bigint AS started_year, c.certificates,
           p.exports, p.workers::bigint AS workers, p.investment, p.capital, p.net_worth, p.sales,
           p.machines::bigint AS machines, nullif(lower(p.help_received), '') AS help_received
    FROM registry_firm f
    LEFT JOIN registry_profile p ON p.firm_id = f.id AND p.is_current
    LEFT JOIN (
        SELECT firm_id, string_agg(DISTINCT kind, ';') AS certificates FROM registry_certificate
        WHERE valid_until IS NULL OR valid_until >= current_date GROUP BY firm_id
    ) c ON c.firm_id = f.id
    WHERE f.is_active AND f.kind = 'industry'
"""


@dataclass(frozen=True)
class Work:
    """How far the making of a day's table is, as a page shows it."""

    done: int
    total: int
    words: str


STEPS = 4


def make_table(*, progress: Progress | None = None) -> DayTable:
    """Make today's table: for each active firm whether it could have each facility, and whether it uses it.

    Called again on the same day it is made anew. Two at once take turns.

    Parameters
    ----------
    progress
        Called with (steps done, all steps, what is being done).
    """
    say = progress or note_progress
    try:
        with transaction.atomic():
            take_turns(TABLE_LOCK)
            say(0, STEPS, "reading")
            firms = read_firms()
            say(1, STEPS, "conditions")
            table = table_of(firms)
            say(3, STEPS, "writing")
            found = _write(table)
        say(STEPS, STEPS, "done")
        return found
    finally:
        progress_file().unlink(missing_ok=True)


def read_firms() -> pl.DataFrame:
    """Read every active firm's facts straight into columns."""
    # Loaded when a table is made: the driver brings pandas with it, and pages do without both.
    import adbc_driver_postgresql.dbapi as adbc  # noqa: PLC0415

    with adbc.connect(libpq_address()) as link, link.cursor() as cursor:
        cursor.execute(FIRMS_SQL)
        return pl.DataFrame(pl.from_arrow(cursor.fetch_arrow_table()))


def table_of(firms: pl.DataFrame) -> pl.DataFrame:
    """Return ids, regions, codes, and for each facility ``could_KEY`` (could, not, unknown) and ``uses_KEY``."""
    book = rulebook()
    versions = versions_today(book)
    found = statuses(versions, firms)
    columns = [found[key].alias(f"could_{key}") for key in versions]
    granted = _granted()
    uses = [_uses(book[key], granted.get(key, [])) for key in versions]
    return firms.select("id", "region_code", "kbli_code", *uses).with_columns(columns)


def _granted() -> dict[str, list[int]]:
    rows = Application.objects.filter(status=Application.Status.ADMITTED).values_list("call__rules__key", "firm_id")
    found: dict[str, list[int]] = {}
    for key, firm in rows:
        found.setdefault(key, []).append(firm)
    return found


def _uses(facility: Facility, granted: list[int]) -> pl.Expr:
    """Whether a firm was granted it here, or its figures name it among the help received."""
    names = {
        facility.id.replace("_", " "),
        *(text.lower().partition("(")[0].strip() for text in facility.names.values()),
    }
    # Whole words: "dapati" also ends a common verb.
    pattern = "|".join(rf"\b{re.escape(name)}\b" for name in sorted(names))
    named = pl.col("help_received").str.contains(pattern).fill_null(value=False)
    return (named | pl.col("id").is_in(granted)).alias(f"uses_{facility.id}")


def _write(table: pl.DataFrame) -> DayTable:
    day = timezone.localdate()
    target = file_of(day)
    unfinished = target.with_suffix(".part")
    table.sort("region_code", "id").write_parquet(unfinished, compression="zstd")
    unfinished.chmod(0o600)
    unfinished.replace(target)
    for old in sorted(folder().glob("could-*.parquet"))[:-KEEP_DAYS]:
        old.unlink()
    return DayTable(target, day)


# --- how far it is ----------------------------------------------------------------------------------------------


def progress_file() -> Path:
    return folder() / "work.json"


def note_progress(done: int, total: int | None, words: str) -> None:
    part = progress_file().with_suffix(".part")
    part.write_text(json.dumps({"done": done, "total": total or STEPS, "words": words}), encoding="utf-8")
    part.replace(progress_file())


def work_going_on() -> Work | None:
    """Return how far the making of a table is, None when none is being made."""
    try:
        return Work(**json.loads(progress_file().read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def ask_for_table(*, actor: User) -> None:
    """Have today's table made by whichever worker is there.

    Raises
    ------
    NotYourRegion
        When the actor is no officer.
    """
    from gebyar.facilities.tasks import make_day_table  # noqa: PLC0415  the task calls back into this module

    if not actor.has_perm("facilities.judge"):
        raise NotYourRegion
    note_progress(0, STEPS, "waiting")
    transaction.on_commit(make_day_table.enqueue)


# --- taking it along --------------------------------------------------------------------------------------------


@transaction.atomic
def export_unused(*, actor: User, table: DayTable, narrowing: Narrowing, path: Path, format: str) -> int:  # noqa: A002
    """Write an officer's list as CSV or XLSX, piece by piece.

    Raises
    ------
    NotYourRegion
        When the actor is no officer; nothing is written then.

    Returns
    -------
    int
        Number of firms.
    """
    if not actor.has_perm("facilities.judge"):
        raise NotYourRegion
    found = unused(actor, table, narrowing).collect()
    pieces = (found.slice(start, EXPORT_PIECE) for start in range(0, len(found), EXPORT_PIECE))
    frames = (guarded(_named(piece)) for piece in pieces)
    write = _write_csv if format == "csv" else _write_xlsx
    write(path, frames)
    after: dict[str, Any] = {
        "facility": narrowing.facility, "region": narrowing.region, "sector": narrowing.sector, "format": format,
        "firms": len(found), "day": table.day.isoformat(),
    }  # fmt: skip
    record_audit(actor=actor, verb="facilities.export_unused", after=after)
    return len(found)


_COLUMNS = ("id", "name", "place", "industry")


def _named(piece: pl.DataFrame) -> pl.DataFrame:
    rows = [(line.id, line.name, line.place, line.division) for line in lines(piece)]
    schema = {"id": pl.Int64, "name": pl.String, "place": pl.String, "industry": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _write_csv(path: Path, frames: Any) -> None:
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf" + ",".join(_COLUMNS).encode() + b"\r\n")
        for frame in frames:
            frame.write_csv(file, include_header=False, line_terminator="\r\n")


def _write_xlsx(path: Path, frames: Any) -> None:
    """One sheet; what does not fit into it is left to CSV."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(_("Firms"))
        sheet.write_row(0, 0, _COLUMNS)
        row = 1
        for frame in frames:
            for values in frame.iter_rows():
                if row <= _SHEET_ROWS:
                    sheet.write_row(row, 0, values)
                    row += 1
