from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gebyar.records.forms import AuditFilter, RecordFilter
from gebyar.records.minutes import minutes_pdf
from gebyar.records.models import AuditEntry, DecisionRecord
from gebyar.records.queries import audit_trail, chain_lines, is_intact, records
from gebyar.records.verbs import verb_words
from gebyar.records.wording import (
    ResultTable,
    grouped,
    method_words,
    result_facts,
    result_table,
    role_words,
    title_words,
)

PER_PAGE = 50
SHOWN_ROWS = 25
# A sheet of this length takes about a second to set; the rest stands in the record attached to it.
PRINTED_ROWS = 1000


@require_safe
def record_list(request: HttpRequest) -> HttpResponse:
    """List every decision, newest first, for everybody."""
    form = RecordFilter(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(records(words), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "records/record_list.html", {"page": page, "form": form, "words": words})


@require_safe
def record(request: HttpRequest, digest: str) -> HttpResponse:
    """Show one decision: what, by which method, whether its text still gives its hash, and how to check more."""
    found = get_object_or_404(DecisionRecord, hash=digest)
    document = found.document
    table = result_table(document)
    context = {
        "record": found,
        "document": document,
        "intact": is_intact(found),
        "decided_by": role_words(document["decided_by"]),
        "method": method_words(document["method"]),
        "facts": result_facts(document["result"]),
        "table": ResultTable(table.columns, table.rows[:SHOWN_ROWS]),
        "rows_in_all": len(table.rows),
        "hash_groups": grouped(found.hash),
        "following": DecisionRecord.objects.filter(previous=found.hash).values_list("hash", flat=True).first(),
    }
    return render(request, "records/record.html", context)


@require_safe
def record_file(_request: HttpRequest, digest: str) -> HttpResponse:
    """Give the exact text whose hash the record carries."""
    found = get_object_or_404(DecisionRecord, hash=digest)
    response = HttpResponse(found.body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="record-{found.sequence}.json"'
    return response


@require_safe
def record_minutes(request: HttpRequest, digest: str) -> HttpResponse:
    """Give the minutes in the reader's language, or in the one asked for with ``?language=``."""
    found = get_object_or_404(DecisionRecord, hash=digest)
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = get_language() or settings.LANGUAGE_CODE
    address = settings.SITE_URL + reverse("records:record", args=[found.hash])
    document = found.document
    with override(language):
        table = result_table(document)
        cut = _cut_words(len(table.rows))
    rows = table.rows[:PRINTED_ROWS]
    pdf = minutes_pdf(document, address=address, columns=table.columns, rows=rows, paragraphs=cut, language=language)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="minutes-{found.sequence}.pdf"'
    return response


def _cut_words(rows: int) -> list[str]:
    if rows <= PRINTED_ROWS:
        return []
    words = _("The table holds the first %(shown)d of %(all)d rows. All of them stand in the attached record.")
    return [words % {"shown": PRINTED_ROWS, "all": rows}]


@require_safe
def chain(_request: HttpRequest) -> StreamingHttpResponse:
    """Give the whole chain, so that anybody can keep a copy and later show that nothing was rewritten."""
    response = StreamingHttpResponse(chain_lines(), content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="chain.jsonl"'
    return response


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Show who did what, to administrators; filtered by verb, by what it was done to, or by the request it was part of."""
    form = AuditFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    entries = audit_trail(
        verb=wanted.get("verb", ""),
        kind=wanted.get("kind", ""),
        target_id=wanted.get("id", ""),
        request_id=wanted.get("request"),
    )
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "records/audit.html", {"page": page, "form": form, "lines": _lines(page)})


def _lines(page: Page[AuditEntry]) -> list[dict[str, object]]:
    """Put each entry with who did it, in the reader's words, and its facts before and after side by side."""
    return [
        {
            "entry": entry,
            "what": verb_words(entry.verb),
            "target": title_words(entry.target_label) or entry.target_kind,
            "role": role_words(entry.actor_label),
            "changes": _changes(entry),
        }
        for entry in page
    ]


def _changes(entry: AuditEntry) -> list[tuple[str, object, object]]:
    before, after = entry.before or {}, entry.after or {}
    names = [*before, *(name for name in after if name not in before)]
    return [(name, before.get(name), after.get(name)) for name in names]
