from django import forms
from django.utils.translation import gettext_lazy as _

from gebyar.records.verbs import verb_choices


class RecordFilter(forms.Form):
    """Find a decision by words of its title or by the digits on its minutes."""

    q = forms.CharField(label=_("Words of the decision, or its hash"), required=False, max_length=100)


class AuditFilter(forms.Form):
    """Narrow the audit trail; `kind`, `id` and `request` come from links, not from typing."""

    verb = forms.ChoiceField(label=_("What was done"), required=False, choices=verb_choices)
    kind = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    id = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    request = forms.UUIDField(required=False, widget=forms.HiddenInput)
