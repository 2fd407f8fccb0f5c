"""An edition's results as files: the press table, and everything that anybody needs to check it, in one folder."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from django.utils.translation import gettext as _

from gebyar.awards.documents.minutes import stage_minutes_pdf
from gebyar.awards.errors_results import FolderInUse, NothingDecided
from gebyar.awards.models import Edition, PanelPlan, Passage, RankingVersion
from gebyar.awards.queries.results import decided_stages, decision_rows, passages_of, press_columns, press_rows
from gebyar.records.models import DecisionRecord
from gebyar.registry.services.exports import guarded

FORMATS = ("csv", "xlsx")
_PRESS: dict[str, Any] = {name: pl.Int64 if name in {"position", "stars"} else pl.String for name in press_columns()}
_DECISIONS: dict[str, Any] = {
    "category": pl.String, "stage": pl.String, "rank": pl.Int64, "code": pl.String, "points": pl.Float64,
    "outcome": pl.String, "reason": pl.String, "record": pl.String,
}  # fmt: skip


def write_press_table(edition: Edition, path: Path, format: str) -> int:  # noqa: A002
    """Write the winners as CSV or XLSX; return how many there are."""
    rows = press_rows(edition)
    _write(pl.DataFrame(rows, schema=_PRESS, orient="row"), path, format, _("Winners"))
    return len(rows)


def _write(frame: pl.DataFrame, path: Path, format: str, sheet: str) -> None:  # noqa: A002
    """Cells that a spreadsheet would run as a formula are made harmless."""
    safe = guarded(frame)
    if format == "csv":
        path.write_bytes(b"\xef\xbb\xbf" + safe.write_csv(line_terminator="\r\n").encode())
        return
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        safe.write_excel(book, worksheet=sheet)


def records_of(edition: Edition) -> list[DecisionRecord]:
    """Return every decision record of an edition in the order of the chain: panels, rankings, gates, waiting lists."""
    mine = {"stage__category__edition": edition, "record__isnull": False}
    keys = set(decided_stages(edition).values_list("record", flat=True))
    for model in (PanelPlan, RankingVersion, Passage):
        keys |= set(model._default_manager.filter(**mine).values_list("record", flat=True))  # noqa: SLF001
    return list(DecisionRecord.objects.filter(pk__in=keys).order_by("sequence"))


def write_results(edition: Edition, folder: Path, *, minutes: bool = True, language: str = "id") -> list[Path]:
    """Write an edition's results and records into a new folder; `gebyar verify` checks each record.

    Raises
    ------
    NothingDecided, FolderInUse
        Nothing is written then.
    """
    found = records_of(edition)
    if not found:
        raise NothingDecided
    if folder.exists() and any(folder.iterdir()):
        raise FolderInUse(folder=folder)
    (folder / "records").mkdir(parents=True, exist_ok=True)
    written = [_record_file(folder / "records", record) for record in found]
    written += _tables(edition, folder)
    written.append(_rules_file(edition, folder))
    if minutes:
        written += list(_minutes(edition, folder / "minutes", language))
    return written


def _record_file(folder: Path, record: DecisionRecord) -> Path:
    path = folder / f"record-{record.sequence}.json"
    path.write_text(record.body, encoding="utf-8")
    return path


def _tables(edition: Edition, folder: Path) -> list[Path]:
    paths = [folder / "winners.csv", folder / "winners.xlsx", folder / "decisions.csv"]
    for path in paths[:2]:
        write_press_table(edition, path, path.suffix[1:])
    frame = pl.DataFrame(list(_decision_rows(edition)), schema=_DECISIONS, orient="row")
    _write(frame, paths[2], "csv", _("Decisions"))
    return paths


def _decision_rows(edition: Edition) -> Iterable[dict[str, Any]]:
    for stage in decided_stages(edition):
        for row in decision_rows(stage, passages_of(stage)):
            yield {
                "category": stage.category.key, "stage": stage.key, "rank": row.passage.rank, "code": row.code,
                "points": row.passage.points, "outcome": row.passage.outcome, "reason": row.words,
                "record": stage.record.hash if stage.record else None,
            }  # fmt: skip


def _rules_file(edition: Edition, folder: Path) -> Path:
    path = folder / "rules.json"
    document = edition.version.document if edition.version else {}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _minutes(edition: Edition, folder: Path, language: str) -> Iterable[Path]:
    folder.mkdir()
    for stage in decided_stages(edition):
        if stage.record is not None:
            path = folder / f"{stage.category.key}-{stage.position}-{stage.key}.pdf"
            path.write_bytes(stage_minutes_pdf(stage, stage.record, language))
            yield path
