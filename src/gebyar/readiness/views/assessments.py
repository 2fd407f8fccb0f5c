"""A firm assesses itself: what it has, one question a screen, what is still open, and the result."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.readiness.documents.result import result_pdf
from gebyar.readiness.forms import BeginForm, QuestionForm
from gebyar.readiness.investment import NOTHING, OFFICIAL, QUESTION, known_sales
from gebyar.readiness.models import Assessment, Visit
from gebyar.readiness.queries.comparing import firms_like
from gebyar.readiness.queries.firms import firm_lines, instrument_lines
from gebyar.readiness.queries.instruments import in_use, instrument_of
from gebyar.readiness.queries.plans import last_finished
from gebyar.readiness.queries.results import history_lines, history_of, result_of
from gebyar.readiness.services.assessments import answer, begin_assessment, finish_assessment
from gebyar.readiness.services.instruments import built_in_versions
from gebyar.readiness.views.access import firm_trail, kept_at, own_draft, seen_assessment
from gebyar.readiness.views.asking import open_lines, question_context, question_of
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import own_firm, signed_in, tried


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Lead members to their firms and officers to their work."""
    built_in_versions()
    return render(request, "readiness/overview.html", {"lines": firm_lines(signed_in(request))})


@require_safe
def firm(request: HttpRequest, firm_id: int) -> HttpResponse:
    """Show what a firm has begun and finished, by each instrument."""
    found = own_firm(request, firm_id, "readiness.see")
    may_assess = signed_in(request).has_perm("readiness.assess", found)
    versions = built_in_versions()
    context = {
        "firm": found, "may_assess": may_assess, "instruments": instrument_lines(found, list(versions.values())),
        "latest": last_finished(found), "crumbs": [*firm_trail(found)[:-1], {"label": found.name, "url": ""}],
    }  # fmt: skip
    return render(request, "readiness/firm.html", context)


@require_POST
def begin(request: HttpRequest, firm_id: int) -> HttpResponse:
    found = own_firm(request, firm_id, "readiness.assess")
    form = BeginForm(request.POST, versions=in_use())
    if not form.is_valid():
        raise Http404
    try:
        made = begin_assessment(
            actor=signed_in(request), firm=found, version=form.cleaned_data["instrument"],
            occasion=form.cleaned_data["occasion"],
        )  # fmt: skip
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("readiness:firm", firm_id=firm_id)
    still = open_lines(instrument_of(made.instrument), made)
    if not still:
        return redirect("readiness:open_questions", pk=made.pk)
    return redirect("readiness:question", pk=made.pk, number=still[0][0])


# --- one question a screen --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = own_draft(request, pk)
    if found.status != Assessment.Status.DRAFT:
        return redirect("readiness:result", pk=pk)
    instrument = instrument_of(found.instrument)
    asked = question_of(instrument, number)
    sales = known_sales(found.firm) if asked.id == QUESTION else None
    form = QuestionForm(request.POST or None, question=asked, answer=_answer(found, asked.id), sales=sales)
    context = question_context(instrument, found, asked, form)
    if request.method == "POST" and form.is_valid() and _kept(request, found, form):
        going_on = context["following"] and "stop" not in request.POST
        place = ("question", pk, context["following"]) if going_on else ("open_questions", pk)
        return kept_at(f"readiness:{place[0]}", *place[1:])
    previous = context["previous"]
    context |= {
        "assessment": found, "draft": f"assessment-{pk}-{number}", "sales": sales, "asks_share": asked.id == QUESTION, "crumbs": firm_trail(found.firm, _("Question")),
        "back": reverse("readiness:question", args=[pk, previous]) if previous else reverse("readiness:firm", args=[found.firm_id]),
        "skip": reverse("readiness:question", args=[pk, context["following"]]) if context["following"] else reverse("readiness:open_questions", args=[pk]),
        "overview": reverse("readiness:open_questions", args=[pk]),
    }  # fmt: skip
    return render(request, "readiness/question.html", context)


def _answer(found: Assessment, question_id: str) -> str:
    """Return what stands there; who says that nothing was invested need not say so twice."""
    said = str(found.answers.get(question_id, ""))
    if not said and question_id == QUESTION and found.answers.get(OFFICIAL) == NOTHING:
        return NOTHING
    return said


def _kept(request: HttpRequest, found: Assessment, form: QuestionForm) -> bool:
    try:
        answer(actor=signed_in(request), assessment=found, answers={form.question.id: form.answer()})
    except DomainError as error:
        form.add_error("answer", str(error))
        return False
    return True


@require_safe
def open_questions(request: HttpRequest, pk: int) -> HttpResponse:
    """List what is not answered yet, with the bounds between which the index lies."""
    found = own_draft(request, pk)
    if found.status != Assessment.Status.DRAFT:
        return redirect("readiness:result", pk=pk)
    instrument = instrument_of(found.instrument)
    context = {
        "assessment": found, "open": open_lines(instrument, found), "result": result_of(found, instrument),
        "crumbs": firm_trail(found.firm, _("Before you finish")),
    }  # fmt: skip
    return render(request, "readiness/open_questions.html", context)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_draft(request, pk)
    although_open = "although_open" in request.POST
    act = lambda: finish_assessment(actor=signed_in(request), assessment=found, although_open=although_open)  # noqa: E731
    if tried(request, act, _("Finished. This is your result.")):
        return redirect("readiness:result", pk=pk)
    return redirect("readiness:open_questions", pk=pk)


# --- the result -------------------------------------------------------------------------------------------------


@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_assessment(request, pk)
    if found.status == Assessment.Status.DRAFT:
        return redirect("readiness:open_questions", pk=pk)
    user = signed_in(request)
    context = {
        "assessment": found, "firm": found.firm, "result": result_of(found, instrument_of(found.instrument)),
        "comparison": firms_like(found), "history": history_lines(history_of(found)),
        "visits": found.visits.filter(status=Visit.Status.FINISHED).order_by("finished_at", "pk"),
        "may_assess": user.has_perm("readiness.assess", found.firm),
        "may_verify": user.has_perm("readiness.verify", found.firm),
        "crumbs": firm_trail(found.firm, _("Result")),
    }  # fmt: skip
    return render(request, "readiness/result.html", context)


@require_safe
def result_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_assessment(request, pk)
    if found.status == Assessment.Status.DRAFT:
        raise Http404
    result_ = result_of(found, instrument_of(found.instrument))
    content = result_pdf(found, result_, firms_like(found), history_lines(history_of(found)))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="readiness-{found.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
