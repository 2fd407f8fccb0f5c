"""Pages that belong to no single part of the programme."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from gebyar.web.front_page import front_figures, next_steps
from gebyar.web.style_views import style_page

__all__ = ["set_language", "style_page"]

THEMES = {"light", "dark"}
YEAR = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Greet a visitor with the figures, and somebody who has signed in with what waits for them."""
    context = {"headline": front_figures(), "next_steps": next_steps(request)}
    return render(request, "web/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "web/about.html")


@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Tell a load balancer that this process serves and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return JsonResponse({"status": "ok"})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark in a cookie; any other value goes back to what the device prefers."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    else:
        response.delete_cookie("theme")
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return render(request, "403.html", status=403)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Answer without anything that may just have failed: no database, no context."""
    return HttpResponseServerError(render_to_string("500.html"))
