"""Calls and applications as a request may reach them; whatever it may not is 404, so that nothing leaks."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.facilities.models import Application, Call
from gebyar.facilities.queries.applications import visible_applications
from gebyar.registry.rules import open_firms


def seen_call(request: HttpRequest, pk: int) -> Call:
    """Return a call this reader may open: published ones for everybody, drafts for national officers."""
    call = get_object_or_404(Call.objects.select_related("rules", "record"), pk=pk)
    if call.status == Call.Status.DRAFT and not request.user.has_perm("facilities.allot"):
        raise Http404
    return call


def seen_application(request: HttpRequest, pk: int) -> Application:
    return get_object_or_404(visible_applications(request.user), pk=pk)


def own_application(request: HttpRequest, pk: int) -> Application:
    """Return an application of a firm this reader acts for."""
    found = seen_application(request, pk)
    if found.firm_id not in open_firms(request.user):
        raise Http404
    return found


def judged_application(request: HttpRequest, pk: int) -> Application:
    """Return an application that this officer may judge: of their region, and not of a firm of their own."""
    found = seen_application(request, pk)
    if not request.user.has_perm("facilities.judge", found.firm) or found.firm_id in open_firms(request.user):
        raise Http404
    return found


def trail(*labels: str, application: Application | None = None) -> list[dict[str, str]]:
    crumbs = [{"label": _("Facilities"), "url": reverse("facilities:facility_list")}]
    if application is not None:
        url = reverse("facilities:application", args=[application.pk])
        crumbs.append({"label": application.call.name, "url": url})
    return [*crumbs, *({"label": label, "url": ""} for label in labels)]
