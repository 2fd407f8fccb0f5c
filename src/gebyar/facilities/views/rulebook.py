"""National officers keep the rules of facilities: as a file, or by simple forms; a version in force never changes."""

import yaml
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.facilities.forms import SimpleRulesForm, UploadForm
from gebyar.facilities.models import FacilityRules
from gebyar.facilities.queries.rulebook import document_of, facility_in_force, rows_of, rulebook
from gebyar.facilities.services.rulebook import publish_rules, read_document, save_rules
from gebyar.facilities.views.access import trail
from gebyar.facilities.wording import said
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in


@require_safe
def rules_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "facilities/rules_list.html",
        {"facilities": [(key, said(one.names), one) for key, one in rulebook().items()], "crumbs": trail(_("Rules"))},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rules_of(request: HttpRequest, key: str) -> HttpResponse:
    """Show every version of one facility's rules, and take a file with the next."""
    facility = facility_in_force(key)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _taken(request, key, form):
        messages.success(request, _("Kept as a draft. It counts once you put it in force."))
        return redirect("facilities:rules", key=key)
    context = {
        "key": key, "name": said(facility.names), "facility": facility, "rows": rows_of(key), "form": form,
        "crumbs": trail(_("Rules"), said(facility.names)),
    }  # fmt: skip
    return render(request, "facilities/rules.html", context)


def _taken(request: HttpRequest, key: str, form: UploadForm) -> bool:
    file = form.cleaned_data["file"]
    try:
        document = read_document(file.read())
        save_rules(actor=signed_in(request), key=key, document=document, note=form.cleaned_data["note"])
    except DomainError as error:
        form.add_error("file", str(error))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def rules_change(request: HttpRequest, key: str) -> HttpResponse:
    """Change words, dates and benefit of the newest version, as a draft."""
    facility = facility_in_force(key)
    form = SimpleRulesForm(request.POST or None, document=document_of(key))
    if request.method == "POST" and form.is_valid():
        try:
            note = form.cleaned_data["note"]
            save_rules(actor=signed_in(request), key=key, document=form.changed_document(), note=note)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept as a draft. It counts once you put it in force."))
            return redirect("facilities:rules", key=key)
    context = {"form": form, "key": key, "name": said(facility.names), "crumbs": trail(_("Rules"))}
    return render(request, "facilities/rules_change.html", context)


@require_safe
def rules_file(_request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Send one version as YAML; number 0 is the newest one that there is."""
    row = FacilityRules.objects.filter(key=key, number=number).first()
    if row is None and number:
        raise Http404
    facility_in_force(key)
    document = row.document if row else document_of(key)
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}-{number}.yaml"'
    return response


@require_POST
def rules_publish(request: HttpRequest, key: str, number: int) -> HttpResponse:
    row = get_object_or_404(FacilityRules, key=key, number=number)
    try:
        publish_rules(actor=signed_in(request), rules=row)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("In force. What was decided by earlier rules stays as it is."))
    return redirect("facilities:rules", key=key)
