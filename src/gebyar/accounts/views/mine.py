"""What people see and do about their own account."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gebyar.accounts import services
from gebyar.accounts.forms import ConsentForm, EraseForm, NameForm
from gebyar.accounts.models import User
from gebyar.accounts.queries import open_grants
from gebyar.accounts.second_factor import has_second_factor, needs_second_factor
from gebyar.accounts.views.actor import actor_of
from gebyar.records.errors import DomainError


@never_cache
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    user = actor_of(request)
    name_form = NameForm(_posted(request, "name"), initial={"name": user.name}, prefix="about")
    consent_form = ConsentForm(_posted(request, "consents"), initial=_consents_of(user), prefix="consent")
    if name_form.is_bound and name_form.is_valid():
        services.change_name(actor=user, name=name_form.cleaned_data["name"])
        return _saved(request)
    if consent_form.is_bound and consent_form.is_valid():
        _save_consents(user, consent_form)
        return _saved(request)
    page = {
        "grants": open_grants(user),
        "name_form": name_form,
        "consent_form": consent_form,
        "second_factor_needed": needs_second_factor(user),
        "second_factor_set_up": has_second_factor(user),
    }
    return render(request, "accounts/me.html", page)


def _posted(request: HttpRequest, action: str) -> dict[str, str] | None:
    return request.POST if request.method == "POST" and request.POST.get("action") == action else None  # type: ignore[return-value]


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("accounts:me")


def _consents_of(user: User) -> dict[str, bool]:
    open_consents = user.consents.filter(withdrawn_at__isnull=True)
    return dict.fromkeys(open_consents.values_list("purpose", flat=True), True)


def _save_consents(user: User, form: ConsentForm) -> None:
    for purpose, given in form.cleaned_data.items():
        if given:
            services.give_consent(actor=user, purpose=purpose)
        else:
            services.withdraw_consent(actor=user, purpose=purpose)


@never_cache
@require_http_methods(["GET", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """Say what is stored (GET), or hand it out as a file (POST, so that the trail notes it once)."""
    if request.method == "GET":
        return render(request, "accounts/my_data.html")
    document = services.export_my_data(actor=actor_of(request))
    response = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    file_name = f"gebyar-{timezone.localdate():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required(app="gebyar.accounts")
def erase_me(request: HttpRequest) -> HttpResponse:
    form = EraseForm(request.POST or None)
    if form.is_valid():
        try:
            services.erase_me(actor=actor_of(request))
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("accounts:me")
        logout(request)
        messages.success(request, _("Your account is closed and your personal data are erased."))
        return redirect("web:home")
    return render(request, "accounts/erase_me.html", {"form": form})
