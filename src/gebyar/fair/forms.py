from django import forms
from django.utils.translation import gettext_lazy as _


class PlanForm(forms.Form):
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=2024,
        help_text=_("The same seed gives the same plan, so anybody can repeat it. Say it before the plan is made."),
    )
    seconds = forms.IntegerField(
        label=_("Longest time, in seconds"),
        min_value=5,
        max_value=600,
        initial=60,
        help_text=_("The best plan found by then is kept."),
    )
