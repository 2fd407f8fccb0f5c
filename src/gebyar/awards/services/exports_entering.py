"""The entries of an edition as a file for officers: one line each, of the officer's region."""

from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.awards.models import Edition, Entry
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.eligibility import Subject, gathered, with_facts
from gebyar.awards.queries.entries import answer_words, desk_entries, questions_of, resolved, unfinished
from gebyar.awards.wording_rules import in_language
from gebyar.records.errors import NotAllowed
from gebyar.records.services import record_audit
from gebyar.registry.queries.wording import place
from gebyar.registry.services.exports import guarded

FORMATS = ("csv", "xlsx")
_AT_ONCE = 500
_COLUMNS: dict[str, Any] = {
    "number": pl.Int64, "code": pl.String, "status": pl.String, "category": pl.String, "kind": pl.String,
    "title": pl.String, "firm": pl.String, "nib": pl.String, "region_code": pl.String, "region": pl.String,
    "submitted_at": pl.String, "receipt_hash": pl.String, "missing": pl.String,
}  # fmt: skip


@transaction.atomic
def export_entries(*, actor: User, edition: Edition, path: Path, format: str) -> int:  # noqa: A002
    """Write the entries an officer sees as CSV or XLSX, drafts included, with their answers.

    Raises
    ------
    gebyar.records.errors.NotAllowed
        When the actor is no officer.

    Returns
    -------
    int
        Number of entries.
    """
    if not actor.has_perm("awards.desk"):
        raise NotAllowed
    rules = rules_of(edition)
    schema = _COLUMNS | {f"answer_{question.id}": pl.String for question in rules.questions}
    found = with_facts(desk_entries(actor).filter(edition=edition).order_by("number", "pk"))
    rows = [_row(gathered(entry, rules)) for entry in found.iterator(chunk_size=_AT_ONCE)]
    frame = guarded(pl.DataFrame(rows, schema=schema, orient="row"))
    if format == "csv":
        path.write_bytes(b"\xef\xbb\xbf" + frame.write_csv(line_terminator="\r\n").encode())
    else:
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            frame.write_excel(book, worksheet=_("Entries"))
    record_audit(
        actor=actor, verb="awards.export_entries", target=edition, after={"format": format, "entries": len(rows)}
    )
    return len(rows)


def _row(subject: Subject) -> tuple[Any, ...]:
    entry, firm, rules = subject.entry, subject.firm, subject.rules
    asked = {question.id for question in questions_of(rules, entry.category.key)}
    answers = [
        answer_words(question, resolved(subject, question)) if question.id in asked else None
        for question in rules.questions
    ]
    lacking = "; ".join(one.words for one in unfinished(subject)) if entry.status == Entry.Status.DRAFT else ""
    return (
        entry.number, entry.code, entry.status, in_language(rules.category(entry.category.key).names), entry.kind,
        entry.title, firm.name if firm else None, firm.nib if firm else None, entry.region_code,
        place(entry.region_code), entry.submitted_at.isoformat() if entry.submitted_at else None, entry.receipt_hash,
        lacking, *answers,
    )  # fmt: skip
