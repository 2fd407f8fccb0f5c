"""Who may open which route, decided in one place and closed by default."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from gebyar.accounts.second_factor import missing_step
from gebyar.records.requests import one_request
from gebyar.web.permissions import PUBLIC, SIGNED_IN, permission_for

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Give each request an id, which its audit entries carry and the answer names."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with one_request() as request_id:
            response = self.get_response(request)
        response.headers["X-Request-ID"] = str(request_id)
        return response


class ChosenLanguage:
    """Speak Indonesian until the reader chooses otherwise.

    What a browser asks for is left aside: many phones of Indonesian owners are set to English, and the pages of one
    programme should greet everybody alike. The choice is kept in a cookie.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


class LeaveNothingBehind:
    """Have the browser forget what it kept for pages without a signal, and drafts, when somebody signs out.

    The next person at a shared device finds neither an agenda nor a half-written form. Only "storage" is named: "cache"
    makes some browsers wait for long, and the cookies are ended by the server.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.method == "POST" and request.user.is_authenticated
        response = self.get_response(request)
        if was_signed_in and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"storage"'
        return response


class RoutePermission:
    """Refuse every route that the table of `gebyar.web.permissions` does not open to this user.

    A refusal is 404, so that nobody learns what exists. Visitors who have not signed in are asked to do so, whatever
    the address, which tells them nothing either.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: list[Any], _kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        permission = permission_for(match.view_name if match else "")
        if permission is None:
            raise Http404
        if permission == PUBLIC:
            return None
        if not request.user.is_authenticated:
            return self._ask_to_sign_in(request)
        if permission == SIGNED_IN or request.user.has_perm(permission):
            return None
        raise Http404

    @staticmethod
    def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/api/"):
            raise Http404
        return redirect_to_login(request.get_full_path())


class SecondFactor:
    """Send administrators, officers and judges to set up their second factor, or to show it, before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: list[Any], _kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        step = missing_step(request, match.view_name if match else "")
        if step and request.path.startswith("/api/"):
            raise Http404
        return redirect(step) if step else None
