from django import forms
from django.utils.translation import gettext_lazy as _


class RecordFilter(forms.Form):
    """Find a decision by words of its title or by the digits on its minutes."""

    q = forms.CharField(label=_("Words of the decision, or its hash"), required=False, max_length=100)


class AuditFilter(forms.Form):
    """Narrow the audit trail; `kind` and `id` come from links, not from typing."""

    verb = forms.CharField(label=_("Act, or the part of the programme it begins with"), required=False, max_length=80)
    kind = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    id = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
