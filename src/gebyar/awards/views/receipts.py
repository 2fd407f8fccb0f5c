"""The receipt of an entry: a page, a sheet to keep, and the exact text whose hash it carries."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gebyar.awards.documents.receipt import receipt_pdf
from gebyar.awards.models import Entry
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.services import receipts
from gebyar.awards.views.access_entering import crumbs, readable_entry
from gebyar.awards.wording_rules import in_language


def _handed_in(request: HttpRequest, pk: int) -> Entry:
    found = readable_entry(request, pk)
    if found.number is None:
        raise Http404
    return found


@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _handed_in(request, pk)
    category = rules_of(entry.edition).category(entry.category.key)
    context = {
        "entry": entry, "category": in_language(category.names), "documents": entry.documents.all(),
        "crumbs": crumbs(_("Receipt"), entry=entry),
    }  # fmt: skip
    return render(request, "awards/entering/receipt.html", context)


@require_safe
@never_cache
def receipt_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _handed_in(request, pk)
    response = HttpResponse(receipt_pdf(entry), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="gebyar-{entry.edition.slug}-{entry.number}.pdf"'
    return response


@require_safe
@never_cache
def receipt_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the canonical text, so that anybody can compute its SHA-256 and compare."""
    entry = _handed_in(request, pk)
    response = HttpResponse(receipts.receipt_text(entry), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="gebyar-{entry.edition.slug}-{entry.number}.json"'
    return response
