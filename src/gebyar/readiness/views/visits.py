"""Verification: whom to visit, the assessor's answers with evidence, and what differs."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.readiness.forms import FinishVisitForm, SeenForm
from gebyar.readiness.models import Evidence, Visit
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.queries.results import result_of
from gebyar.readiness.queries.visits import agreements, candidates, difference_lines
from gebyar.readiness.services.visits import add_evidence, answer_visit, begin_visit, finish_visit, remove_evidence
from gebyar.readiness.views.access import candidate, firm_trail, kept_at, own_visit, seen_assessment, visit_trail
from gebyar.readiness.views.asking import open_lines, question_context, question_of
from gebyar.readiness.wording import level_words, said
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried

PER_PAGE = 30


@require_safe
def candidate_list(request: HttpRequest) -> HttpResponse:
    """List firms whose own score is to be verified by a visit, the highest first."""
    shows_all = request.GET.get("all") == "1"
    page = Paginator(candidates(signed_in(request), waiting=not shows_all), PER_PAGE).get_page(request.GET.get("page"))
    lines = [(one, level_words(instrument_of(one.instrument), one.level)) for one in page.object_list]
    mine = Visit.objects.filter(assessor=signed_in(request), status=Visit.Status.DRAFT).select_related(
        "assessment__firm"
    )
    context = {"page": page, "lines": lines, "mine": mine.order_by("pk"), "shows_all": shows_all}
    return render(request, "readiness/candidates.html", context)


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    found = candidate(request, pk)
    made: list[Visit] = []
    if tried(request, lambda: made.append(begin_visit(actor=signed_in(request), assessment=found))):
        return redirect("readiness:visit", pk=made[0].pk)
    return redirect("readiness:result", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Ask the assessor one question. The firm's own answer is not shown: two opinions are worth more than one and a half."""
    found = own_visit(request, pk)
    if found.status != Visit.Status.DRAFT:
        return redirect("readiness:visit", pk=pk)
    instrument = instrument_of(found.assessment.instrument)
    asked = question_of(instrument, number)
    said_before = {"answer": found.answers.get(asked.id, ""), "initial": {"note": found.notes.get(asked.id, "")}}
    form = SeenForm(request.POST or None, request.FILES or None, question=asked, **said_before)
    context = question_context(instrument, found, asked, form)
    following, previous = context["following"], context["previous"]
    if request.method == "POST" and form.is_valid() and _kept(request, found, form):
        if "stop" in request.POST or not following:
            return kept_at("readiness:visit", pk)
        return kept_at("readiness:visit_question", pk, number if form.evidence() else following)
    here = reverse("readiness:visit", args=[pk])
    context |= {
        "visit": found, "evidence": found.evidence.filter(question=asked.id).order_by("pk"),
        "draft": f"visit-{pk}-{number}", "overview": here, "crumbs": visit_trail(found.assessment.firm.name),
        "back": reverse("readiness:visit_question", args=[pk, previous]) if previous else here,
        "skip": reverse("readiness:visit_question", args=[pk, following]) if following else here,
    }  # fmt: skip
    return render(request, "readiness/question.html", context)


def _kept(request: HttpRequest, found: Visit, form: SeenForm) -> bool:
    user, file, asked = signed_in(request), form.evidence(), form.question.id
    said_ = form.cleaned_data
    try:
        answer_visit(actor=user, visit=found, answers={asked: form.answer()}, notes={asked: said_["note"]})
        if file is not None:
            add_evidence(actor=user, visit=found, question=asked, file=file, caption=said_["caption"])
    except DomainError as error:
        form.add_error("answer" if file is None else "file", str(error))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is still open and finish; afterwards the report."""
    found = own_visit(request, pk)
    if found.status == Visit.Status.FINISHED:
        return redirect("readiness:report", pk=found.assessment_id)
    form = FinishVisitForm(request.POST or None, initial={"visited_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            finish_visit(actor=signed_in(request), visit=found, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("readiness:report", pk=found.assessment_id)
    instrument = instrument_of(found.assessment.instrument)
    still = open_lines(instrument, found)
    context = {
        "visit": found, "firm": found.assessment.firm, "form": form, "open": still, "evidence": found.evidence.order_by("pk"),
        "names": {one.id: said(one.text) for one in instrument.all_questions},
        "first": still[0][0] if still else 1, "crumbs": visit_trail(found.assessment.firm.name),
    }  # fmt: skip
    return render(request, "readiness/visit.html", context)


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Set assessors' scores beside the firm's own: what differs, and how far people agree."""
    found = seen_assessment(request, pk)
    visits = list(
        found.visits.filter(status=Visit.Status.FINISHED).select_related("assessment__instrument").prefetch_related("evidence")
        .order_by("finished_at", "pk")
    )  # fmt: skip
    if not visits:
        raise Http404
    instrument = instrument_of(found.instrument)
    own = result_of(found, instrument)
    lines = [
        {"visit": one, "result": result_of(one, instrument), "differences": difference_lines(one), "number": number,
         "change": one.index - found.index if one.index is not None and found.index is not None else None}
        for number, one in enumerate(visits, 1)
    ]  # fmt: skip
    pillars = [
        (line.name, line.values[0], [one["result"].pillars[place].values[0] for one in lines])  # type: ignore[attr-defined]
        for place, line in enumerate(own.pillars)
    ]
    context = {
        "assessment": found, "firm": found.firm, "own": own, "lines": lines, "pillars": pillars,
        "agreements": agreements(found, visits), "crumbs": firm_trail(found.firm, _("Verification")),
        "stays_candidate": any(one.index is not None and one.index >= (instrument.verify_from or 0) for one in visits),
    }  # fmt: skip
    return render(request, "readiness/report.html", context)


@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a file as a download: a browser must never run what somebody uploaded. For the firm and its officers."""
    found = get_object_or_404(Evidence.objects.select_related("visit__assessment__firm"), pk=pk)
    user = signed_in(request)
    is_seen = found.visit.status == Visit.Status.FINISHED and user.has_perm(
        "readiness.see", found.visit.assessment.firm
    )
    if not is_seen and found.visit.assessor_id != user.pk:
        raise Http404
    ending = found.file.name.rpartition(".")[2]
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=f"evidence-{pk}.{ending}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Evidence.objects.select_related("visit"), pk=pk, visit__assessor=signed_in(request))
    tried(request, lambda: remove_evidence(actor=signed_in(request), evidence=found), _("The file was taken out."))
    return redirect("readiness:visit", pk=found.visit_id)
