"""Rows of readiness as a request may reach them; whatever it may not is 404, so that nothing leaks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.readiness.models import Assessment, PlanStep, Visit, Workshop, WorkshopSheet
from gebyar.readiness.queries.visits import visible_assessments
from gebyar.readiness.queries.workshops import facilitated, sheet_by_token, workshop_by_code
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import signed_in

COOKIE = "lokakarya-"
COOKIE_SECONDS = 14 * 24 * 3600


def kept_at(route: str, *where: object) -> HttpResponse:
    """Go on after something was kept; the page it leads to lets the browser forget its draft."""
    return redirect(reverse(route, args=where) + "?kept=1")


def seen_assessment(request: HttpRequest, pk: int) -> Assessment:
    return get_object_or_404(visible_assessments(request.user), pk=pk)


def own_draft(request: HttpRequest, pk: int) -> Assessment:
    """Return an assessment that a member of its firm is answering."""
    found = Assessment.objects.select_related("firm", "instrument").filter(firm__in=open_firms(request.user))
    return get_object_or_404(found, pk=pk)


def candidate(request: HttpRequest, pk: int) -> Assessment:
    """Return a finished assessment of a firm in this officer's region."""
    found = seen_assessment(request, pk)
    if found.status != Assessment.Status.FINISHED or not request.user.has_perm("readiness.verify", found.firm):
        raise Http404
    return found


def own_visit(request: HttpRequest, pk: int) -> Visit:
    """Return a visit of this assessor."""
    related = ("assessment__firm", "assessment__instrument")
    found = get_object_or_404(Visit.objects.select_related(*related), pk=pk, assessor=signed_in(request))
    if not request.user.has_perm("readiness.verify", found.assessment.firm):
        raise Http404
    return found


def own_workshop(request: HttpRequest, pk: int) -> Workshop:
    return get_object_or_404(facilitated(request.user), pk=pk)


def own_step(request: HttpRequest, pk: int) -> PlanStep:
    found = PlanStep.objects.filter(firm__in=open_firms(request.user)).select_related("firm", "assessment__instrument")
    return get_object_or_404(found, pk=pk)


# --- participants of a workshop ---------------------------------------------------------------------------------


def joined_workshop(code: str) -> Workshop:
    found = workshop_by_code(code)
    if found is None:
        raise Http404
    return found


def cookie_of(workshop: Workshop) -> str:
    return f"{COOKIE}{workshop.pk}"


def sheet_of(request: HttpRequest, workshop: Workshop) -> WorkshopSheet | None:
    """Return the sheet to which this browser's signed cookie leads."""
    name = cookie_of(workshop)
    token = request.get_signed_cookie(name, default="", salt=name, max_age=COOKIE_SECONDS)
    return sheet_by_token(workshop, token or "")


# --- trails -----------------------------------------------------------------------------------------------------


def firm_trail(firm: Firm, *labels: str) -> list[dict[str, str]]:
    here = [{"label": _("Readiness"), "url": reverse("readiness:overview")}]
    here.append({"label": firm.name, "url": reverse("readiness:firm", args=[firm.pk])})
    return [*here, *({"label": label, "url": ""} for label in labels)]


def workshop_trail(workshop: Workshop | None, *labels: str) -> list[dict[str, str]]:
    here = [{"label": _("Workshops"), "url": reverse("readiness:workshop_list")}]
    if workshop is not None:
        here.append({"label": workshop.name, "url": reverse("readiness:workshop", args=[workshop.pk])})
    return [*here, *({"label": label, "url": ""} for label in labels)]


def visit_trail(*labels: str) -> list[dict[str, str]]:
    here = [{"label": _("Visits"), "url": reverse("readiness:candidates")}]
    return [*here, *({"label": label, "url": ""} for label in labels)]
