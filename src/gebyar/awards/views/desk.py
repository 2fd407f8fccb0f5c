"""The completeness desk for officers: who lacks what, and what was done about it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.documents.desk import desk_pdf
from gebyar.awards.forms_entering import DeskFilter, HelpForm, LookForm, NoteForm
from gebyar.awards.models import Edition
from gebyar.awards.queries.desk import Desk, DeskLine, days_left, desk_of, editions_at_desk, notes_of
from gebyar.awards.queries.entries import papers_of, shown_answers, state_of
from gebyar.awards.services.desk import note, remind
from gebyar.awards.services.documents import hand_in, look_at
from gebyar.awards.services.letters_entering import addresses_of
from gebyar.awards.views.access_entering import FORM, crumbs, desk_entry_of
from gebyar.awards.views.papers import paper_of
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried

PER_PAGE = 30


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the entries of the officer's region for one edition, what can be saved with least work first."""
    editions = list(editions_at_desk())
    form = _filter(request, editions)
    chosen = _chosen(form, editions)
    found = desk_of(request.user, chosen) if chosen else None
    lines = _shown(found, form) if found else []
    context = {
        "form": form, "desk": found, "edition": chosen, "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "days_left": days_left(chosen) if chosen else 0, "crumbs": crumbs(_("Completeness desk")),
        "funnel": _bars(found.funnel) if found else [], "lacking": _bars(found.lacking) if found else [],
    }  # fmt: skip
    return render(request, "awards/desk/desk.html", context)


def _filter(request: HttpRequest, editions: list[Edition]) -> DeskFilter:
    form = DeskFilter(request.GET or None)
    form.fields["edition"].choices = [(str(one.pk), one.title) for one in editions]
    form.is_valid()
    return form


def _chosen(form: DeskFilter, editions: list[Edition]) -> Edition | None:
    """Return the edition asked for, or the open one that closes next."""
    asked = form.cleaned_data.get("edition") if form.is_bound else ""
    by_key = {str(one.pk): one for one in editions}
    if asked in by_key:
        return by_key[asked]
    return next((one for one in editions if one.takes_entries), editions[-1] if editions else None)


def _shown(found: Desk, form: DeskFilter) -> list[DeskLine]:
    state = form.cleaned_data.get("state") if form.is_bound else ""
    return [line for line in found.lines if not state or line.state == state]


def _bars(steps: Any) -> list[dict[str, Any]]:
    return [{"label": step.label, "value": step.count, "accent": number == 0} for number, step in enumerate(steps)]


@require_safe
@never_cache
def desk_sheet(request: HttpRequest) -> HttpResponse:
    """Send the list to print and take along."""
    editions = list(editions_at_desk())
    chosen = _chosen(_filter(request, editions), editions)
    if chosen is None:
        raise Http404
    response = HttpResponse(desk_pdf(desk_of(request.user, chosen)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="gebyar-desk-{chosen.slug}.pdf"'
    return response


@require_safe
def desk_entry(request: HttpRequest, pk: int) -> HttpResponse:
    entry = desk_entry_of(request, pk)
    state = state_of(entry)
    context = {
        "entry": entry, "state": state, "papers": papers_of(state), "answers": shown_answers(entry),
        "notes": notes_of(entry), "note_form": NoteForm(), "days_left": days_left(entry.edition),
        "can_write": bool(addresses_of(entry)), "contacts": _contacts(entry),
        "crumbs": _desk_crumbs(entry.title or entry.edition.title),
    }  # fmt: skip
    return render(request, "awards/desk/entry.html", context)


def _contacts(entry: Any) -> list[Any]:
    return list(entry.firm.contacts.order_by("role")) if entry.firm else []


def _desk_crumbs(*labels: str) -> list[dict[str, str]]:
    here = crumbs()
    here.append({"label": _("Completeness desk"), "url": reverse("awards:desk")})
    return [*here, *({"label": label, "url": ""} for label in labels)]


@require_POST
def desk_note(request: HttpRequest, pk: int) -> HttpResponse:
    entry = desk_entry_of(request, pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        tried(request, lambda: note(actor=signed_in(request), entry=entry, **form.cleaned_data), _("Noted."))
    else:
        messages.error(request, _("Say what you did and what came of it. Nothing was noted."))
    return redirect("awards:desk_entry", pk=pk)


@require_POST
def desk_remind(request: HttpRequest, pk: int) -> HttpResponse:
    entry = desk_entry_of(request, pk)
    tried(request, lambda: remind(actor=signed_in(request), entry=entry), _("The reminder is sent."))
    return redirect("awards:desk_entry", pk=pk)


@require_http_methods(FORM)
def desk_document(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Hand a document in for an entrant who agreed, or look at one that is there."""
    entry = desk_entry_of(request, pk)
    paper = paper_of(entry, key)
    form = HelpForm(request.POST or None, request.FILES or None, ask=paper.ask)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            hand_in(actor=signed_in(request), entry=entry, key=key, file=said["file"], consent=said["consent"])
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("“%(name)s” is there.") % {"name": paper.name})
            return redirect("awards:desk_entry", pk=pk)
    returned = paper.document is not None and paper.document.verdict == "returned"
    context = {
        "entry": entry, "paper": paper, "form": form, "look_form": LookForm(),
        "may_hand_in": entry.edition.takes_entries and (entry.status == "draft" or returned),
        "crumbs": _desk_crumbs(paper.name),
    }  # fmt: skip
    return render(request, "awards/desk/document.html", context)


@require_POST
def desk_look(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    entry = desk_entry_of(request, pk)
    found = get_object_or_404(entry.documents.select_related("entry"), key=key)
    form = LookForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        tried(request, lambda: look_at(actor=signed_in(request), document=found, **said), _("Noted what you saw."))
    else:
        messages.error(request, _("Say what you see. Nothing was noted."))
    return redirect("awards:desk_entry", pk=pk)
