"""Participants of a workshop: whoever has the code, without an account, known by nothing but a signed cookie."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gebyar.readiness.forms import CodeForm, QuestionForm, TakeHomeForm
from gebyar.readiness.models import Workshop, WorkshopSheet
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.queries.results import result_of
from gebyar.readiness.queries.workshops import group_result, workshop_by_code
from gebyar.readiness.services.workshops import answer_sheet, finish_sheet, join_workshop, take_home
from gebyar.readiness.views.access import COOKIE_SECONDS, cookie_of, joined_workshop, sheet_of
from gebyar.readiness.views.asking import open_lines, question_context, question_of
from gebyar.readiness.wording import level_words, said
from gebyar.records.errors import DomainError
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import signed_in, tried

if TYPE_CHECKING:
    from collections.abc import Callable


@require_http_methods(["GET", "HEAD", "POST"])
def join_code(request: HttpRequest) -> HttpResponse:
    """Take the code that somebody cannot scan."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = workshop_by_code(form.cleaned_data["code"])
        if found is not None:
            return redirect("readiness:join", code=found.join_code)
        form.add_error("code", _("There is no workshop with this code. Look at the screen again."))
    return render(request, "readiness/join_code.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Show the workshop and let people in; whoever comes back goes on with their own sheet."""
    workshop = joined_workshop(code)
    sheet = sheet_of(request, workshop)
    if request.method == "POST":
        return _go_on(workshop, sheet) if sheet else _joined(request, workshop)
    instrument = instrument_of(workshop.instrument)
    context = {"workshop": workshop, "sheet": sheet, "instrument": instrument, "name": said(instrument.names)}
    return render(request, "readiness/join.html", context)


def _joined(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    try:
        _sheet, token = join_workshop(workshop=workshop)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("readiness:join", code=workshop.join_code)
    response = redirect("readiness:sheet_question", code=workshop.join_code, number=1)
    name = cookie_of(workshop)
    response.set_signed_cookie(
        name, token, salt=name, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", path=reverse("readiness:join_code"),
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def _go_on(workshop: Workshop, sheet: WorkshopSheet) -> HttpResponse:
    if sheet.finished_at is not None or workshop.status == Workshop.Status.CLOSED:
        return redirect("readiness:sheet_result", code=workshop.join_code)
    still = open_lines(instrument_of(workshop.instrument), sheet)
    if not still:
        return redirect("readiness:sheet_finish", code=workshop.join_code)
    return redirect("readiness:sheet_question", code=workshop.join_code, number=still[0][0])


def _own_sheet(request: HttpRequest, code: str) -> tuple[Workshop, WorkshopSheet | None]:
    workshop = joined_workshop(code)
    return workshop, sheet_of(request, workshop)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sheet_question(request: HttpRequest, code: str, number: int) -> HttpResponse:
    workshop, sheet = _own_sheet(request, code)
    if sheet is None:
        return redirect("readiness:join", code=code)
    if sheet.finished_at is not None:
        return redirect("readiness:sheet_result", code=code)
    instrument = instrument_of(workshop.instrument)
    asked = question_of(instrument, number)
    form = QuestionForm(request.POST or None, question=asked, answer=sheet.answers.get(asked.id, ""))
    context = question_context(instrument, sheet, asked, form)
    following = context["following"]
    if request.method == "POST" and form.is_valid():
        answers = {asked.id: form.answer()}
        if tried(request, lambda: answer_sheet(sheet=sheet, answers=answers)):
            return redirect(_address(code, following if "stop" not in request.POST else 0) + "?kept=1")
    previous = context["previous"]
    context |= {
        "workshop": workshop, "draft": f"sheet-{workshop.pk}-{number}", "overview": _address(code, 0),
        "back": _address(code, previous) if previous else reverse("readiness:join", args=[code]),
        "skip": _address(code, following), "crumbs": [{"label": workshop.name, "url": ""}],
    }  # fmt: skip
    return render(request, "readiness/question.html", context)


def _address(code: str, number: int) -> str:
    """Return where a question is, or what comes after the last."""
    if number:
        return reverse("readiness:sheet_question", args=[code, number])
    return reverse("readiness:sheet_finish", args=[code])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sheet_finish(request: HttpRequest, code: str) -> HttpResponse:
    workshop, sheet = _own_sheet(request, code)
    if sheet is None:
        return redirect("readiness:join", code=code)
    if sheet.finished_at is not None:
        return redirect("readiness:sheet_result", code=code)
    if request.method == "POST":
        finish: Callable[[], object] = lambda: finish_sheet(sheet=sheet)  # noqa: E731
        if tried(request, finish, _("Finished. This is your result.")):
            return redirect("readiness:sheet_result", code=code)
    instrument = instrument_of(workshop.instrument)
    context = {
        "workshop": workshop, "sheet": sheet, "open": open_lines(instrument, sheet), "result": result_of(sheet, instrument)
    }  # fmt: skip
    return render(request, "readiness/sheet_finish.html", context)


@require_safe
@never_cache
def sheet_result(request: HttpRequest, code: str) -> HttpResponse:
    """Show a participant their own result, and the group's where the facilitator shows it."""
    workshop, sheet = _own_sheet(request, code)
    if sheet is None:
        return redirect("readiness:join", code=code)
    instrument = instrument_of(workshop.instrument)
    context = {"workshop": workshop, "sheet": sheet, "result": result_of(sheet, instrument)}
    if workshop.shows_results:
        context |= group_context(workshop)
    return render(request, "readiness/sheet_result.html", context)


@require_safe
@never_cache
def group(request: HttpRequest, code: str) -> HttpResponse:
    """Show the group's result for the hall, while the facilitator lets it be seen."""
    workshop = joined_workshop(code)
    context = {"workshop": workshop, "name": said(instrument_of(workshop.instrument).names)}
    if workshop.shows_results:
        context |= group_context(workshop)
    return render(request, "readiness/group.html", context)


def group_context(workshop: Workshop) -> dict[str, object]:
    instrument = instrument_of(workshop.instrument)
    found = group_result(workshop)
    figures = found.figures
    if figures is None:
        return {"group": None, "least": found.least}
    lowest = min(instrument.pillars, key=lambda one: figures.pillars[one.id])
    return {
        "group": figures, "least": found.least, "end": instrument.scale[1],
        "bars": [
            {"label": said(one.names), "value": figures.pillars[one.id], "accent": one == lowest}
            for one in instrument.pillars
        ],
        "weakest": said(lowest.names),
        "levels": [(level_words(instrument, one.id), figures.levels[one.id]) for one in instrument.levels],
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_result_home(request: HttpRequest, code: str) -> HttpResponse:
    """Make one's result that of one's own firm."""
    workshop, sheet = _own_sheet(request, code)
    if sheet is None or sheet.finished_at is None:
        raise Http404
    firms = Firm.objects.filter(pk__in=open_firms(request.user)).order_by("name", "pk")
    first = firms.first()
    form = TakeHomeForm(request.POST or None, firms=firms, initial={"firm": first})
    if request.method == "POST" and form.is_valid():
        try:
            made = take_home(actor=signed_in(request), sheet=sheet, firm=form.cleaned_data["firm"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The result is your firm's now."))
            return redirect("readiness:result", pk=made.pk)
    context = {"workshop": workshop, "sheet": sheet, "form": form, "has_firm": first is not None}
    return render(request, "readiness/take_home.html", context)
