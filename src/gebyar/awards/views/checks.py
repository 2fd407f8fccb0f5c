"""Officers' work list: the next entry to check, with documents beside conditions, without a colleague's verdict."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gebyar.awards.forms_stages import CheckForm
from gebyar.awards.models import EntryDocument, Passage
from gebyar.awards.queries.checking import check_items, checks_to_do
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.entries import shown_answers
from gebyar.awards.services.checks import check_entry
from gebyar.awards.views.access_stages import FORM, page_of, sent, stage_name
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in


@require_safe
def check_list(request: HttpRequest) -> HttpResponse:
    """List what this officer has to check, or has checked while the stage runs."""
    done = request.GET.get("done") == "1"
    user = signed_in(request)
    page: Any = page_of(request, checks_to_do(user, done=done))
    for passage in page:
        passage.own = next((one for one in passage.checks.all() if one.officer_id == user.pk), None) if done else None
    url = reverse("awards:checks")
    tabs = [
        {"label": _("To check"), "url": url, "current": not done},
        {"label": _("Checked by you"), "url": f"{url}?done=1", "current": done},
    ]
    return render(request, "awards/stages/checks.html", {"page": page, "done": done, "tabs": tabs})


@require_safe
def check_next(request: HttpRequest) -> HttpResponse:
    """Lead to the next entry to check; `after` skips one that is left for later."""
    rows = checks_to_do(signed_in(request))
    skipped = request.GET.get("after", "")
    if skipped.isdecimal() and len(skipped) < 12:
        rows = rows.exclude(pk=int(skipped))
    found = rows.first()
    if found is None:
        messages.info(request, _("Nothing is left to check for you."))
        return redirect("awards:checks")
    return redirect("awards:check", pk=found.pk)


def _to_check(request: HttpRequest, pk: int) -> Passage:
    rows = checks_to_do(signed_in(request)).select_related(
        "entry__firm", "entry__category", "entry__edition__version", "stage__category__edition__version"
    )
    return get_object_or_404(rows, pk=pk)


@require_http_methods(FORM)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    passage = _to_check(request, pk)
    entry = passage.entry
    items = check_items(entry, rules_of(entry.edition))
    form = CheckForm(request.POST or None, items=items)
    if request.method == "POST" and form.is_valid() and _saved(request, passage, form):
        return redirect("awards:check_next")
    context = {
        "passage": passage,
        "entry": entry,
        "stage_name": stage_name(passage.stage),
        "form": form,
        "answers": shown_answers(entry),
        "documents": [row for row in form.rows if row[0].is_document],
        "conditions": [row for row in form.rows if not row[0].is_document],
        "crumbs": [
            {"label": _("Entries to check"), "url": reverse("awards:checks")},
            {"label": entry.title or entry.code, "url": ""},
        ],
    }
    return render(request, "awards/stages/check.html", context)


def _saved(request: HttpRequest, passage: Passage, form: CheckForm) -> bool:
    said = form.cleaned_data
    try:
        check_entry(
            actor=signed_in(request),
            passage=passage,
            verdict=said["verdict"],
            findings=form.findings,
            note=said["note"],
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(
        request, _("Your check of %(entry)s is saved.") % {"entry": passage.entry.title or passage.entry.code}
    )
    return True


@require_safe
def check_document(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """Send a document of an entry to the officer who checks it, as a download."""
    document = get_object_or_404(
        EntryDocument.objects.select_related("certificate"), entry=_to_check(request, pk).entry_id, key=key
    )
    file = document.file if document.file.name else getattr(document.certificate, "file", None)
    if file is None or not file.name:
        raise Http404
    return sent(file, name=f"{key}.{file.name.rpartition('.')[2]}")
