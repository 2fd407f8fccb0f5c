"""Documents of an entry: handed in from a phone, answered from the register, sent only to those who may see them."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.forms_entering import DocumentForm
from gebyar.awards.models import Entry, EntryDocument
from gebyar.awards.queries.entries import Paper, papers_of, state_of
from gebyar.awards.services.documents import hand_in, take_out, use_certificate
from gebyar.awards.views.access_entering import FORM, crumbs, own_entry, readable_entry
from gebyar.records.errors import DomainError
from gebyar.registry.models import Certificate
from gebyar.registry.views.access import signed_in, tried


def paper_of(entry: Entry, key: str) -> Paper:
    found = next((paper for paper in papers_of(state_of(entry)) if paper.ask.id == key), None)
    if found is None:
        raise Http404
    return found


def send_document(document: EntryDocument) -> HttpResponseBase:
    """Send a file as a download: a browser must never run what somebody uploaded."""
    ending = document.file.name.rpartition(".")[2]
    name = f"{document.entry.code}-{document.key}.{ending}"
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=name, content_type=document.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(FORM)
def document(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Ask for one document; what is wrong with a file is said at once."""
    entry = own_entry(request, pk)
    paper = paper_of(entry, key)
    form = DocumentForm(request.POST or None, request.FILES or None, ask=paper.ask)
    if request.method == "POST" and form.is_valid():
        try:
            hand_in(actor=signed_in(request), entry=entry, key=key, file=form.cleaned_data["file"])
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("“%(name)s” is there.") % {"name": paper.name})
            return _back(entry)
    may_change = entry.status == Entry.Status.DRAFT or (
        paper.document is not None and paper.document.verdict == "returned"
    )
    context = {
        "entry": entry, "paper": paper, "form": form, "crumbs": crumbs(paper.name, entry=entry),
        "may_change": may_change and entry.edition.takes_entries, "is_draft": entry.status == Entry.Status.DRAFT,
    }  # fmt: skip
    return render(request, "awards/entering/document.html", context)


def _back(entry: Entry) -> HttpResponse:
    if entry.status == Entry.Status.DRAFT:
        return redirect("awards:entry_part", pk=entry.pk, part="documents")
    return redirect("awards:entry", pk=entry.pk)


@require_safe
def document_file(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    entry = readable_entry(request, pk)
    found = get_object_or_404(entry.documents.select_related("entry"), key=key)
    if not found.file.name:
        raise Http404
    return send_document(found)


@require_POST
def document_certificate(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    entry = own_entry(request, pk)
    number = request.POST.get("certificate", "")
    chosen = Certificate.objects.filter(firm=entry.firm_id, pk=int(number) if number.isdigit() else 0)
    certificate = get_object_or_404(chosen)
    words = _("The certificate of the register is used.")
    tried(
        request, lambda: use_certificate(actor=signed_in(request), entry=entry, key=key, certificate=certificate), words
    )
    return _back(entry)


@require_POST
def document_remove(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    entry = own_entry(request, pk)
    words = _("The document was taken out.")
    tried(request, lambda: take_out(actor=signed_in(request), entry=entry, key=key), words)
    return _back(entry)
