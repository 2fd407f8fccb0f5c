"""Certificates and contacts of a firm."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.records.errors import DomainError
from gebyar.registry.forms import CertificateForm, ContactForm
from gebyar.registry.models import Certificate, Contact, Firm
from gebyar.registry.services.certificates import add_certificate, remove_certificate
from gebyar.registry.services.firms import set_contact
from gebyar.registry.views.access import own_firm, signed_in, trail
from gebyar.registry.views.files import paper

MANAGE = "registry.manage_members"


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_add(request: HttpRequest, pk: int) -> HttpResponse:
    firm = own_firm(request, pk, MANAGE)
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_certificate(actor=signed_in(request), firm=firm, **form.cleaned_data)
        except DomainError as error:
            form.add_error("file" if "file" in request.FILES else None, str(error))
        else:
            messages.success(request, _("The certificate was added."))
            return redirect("registry:firm", pk=firm.pk)
    context = {"firm": firm, "form": form, "crumbs": trail(firm, _("Add a certificate"))}
    return render(request, "registry/certificate_form.html", context)


def _certificate(request: HttpRequest, pk: int, number: int) -> Certificate:
    firm = own_firm(request, pk)
    return get_object_or_404(firm.certificates.select_related("firm"), pk=number)


@require_safe
def certificate_file(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    certificate = _certificate(request, pk, number)
    if not certificate.file.name:
        raise Http404
    return paper(certificate.file, certificate.kind)


@require_POST
def certificate_remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    certificate = _certificate(request, pk, number)
    try:
        remove_certificate(actor=signed_in(request), certificate=certificate)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The certificate was taken out."))
    return redirect("registry:firm", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    firm = own_firm(request, pk, MANAGE)
    form = ContactForm(request.POST or None, initial=_contact_facts(firm, request.GET.get("role", "owner")))
    if request.method == "POST" and form.is_valid():
        try:
            set_contact(actor=signed_in(request), firm=firm, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The contact was saved."))
            return redirect("registry:firm", pk=firm.pk)
    context = {"firm": firm, "form": form, "crumbs": trail(firm, _("Contact"))}
    return render(request, "registry/contact_form.html", context)


def _contact_facts(firm: Firm, role: str) -> dict[str, Any]:
    known: Contact | None = firm.contacts.filter(role=role).first()
    facts = {"role": role if role in Contact.Role.values else Contact.Role.OWNER}
    return facts | ({"name": known.name, "phone": known.phone, "email": known.email} if known else {})
