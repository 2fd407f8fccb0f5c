"""Roles that decide about others work with a second factor, in every session."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from gebyar.accounts.models import User
from gebyar.accounts.queries import SECOND_FACTORS, roles_of

# What a session may open that still owes its second factor; "mfa_" only while there is none to be asked for.
ALWAYS_OPEN = (
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "set_language",
    "web:theme",
    "web:health",
)
SET_UP = "mfa_"
SESSION_KEY = "second_factor_shown_by"


def needs_second_factor(user: User) -> bool:
    """Officers, judges and administrators need one: every role that is granted. Others may have one."""
    return bool(roles_of(user))


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists()


def passed_second_factor(request: HttpRequest) -> bool:
    """Tell whether *this* session showed the second factor; that the account has one is not enough.

    A session that began before the role was granted, or before the factor was set up, was opened with a
    password or a mailed code alone.
    """
    user = request.user
    if request.session.get(SESSION_KEY) == str(user.pk):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def note_second_factor(request: HttpRequest) -> None:
    """Remember that this session showed the factor while setting it up, so that it is not asked twice."""
    request.session[SESSION_KEY] = str(request.user.pk)


def missing_step(request: HttpRequest, route: str) -> str | None:
    """Return the address where this session gets its second factor, or None when nothing is missing."""
    user = request.user
    if not isinstance(user, User) or not needs_second_factor(user):
        return None
    if route.startswith(ALWAYS_OPEN):
        return None
    kinds = set(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).values_list("type", flat=True))
    if not kinds:
        return None if route.startswith(SET_UP) else f"{reverse('mfa_index')}?needed=1"
    if passed_second_factor(request):
        return None
    page = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
    return f"{reverse(page)}?{urlencode({'next': _way_back(request)})}"


def _way_back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else reverse("web:home")
