"""Forms around results."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gebyar.awards.services.stories import LONGEST_STORY


class StoryForm(forms.Form):
    """What the public page says of a winner."""

    text_id = forms.CharField(
        label=_("In Indonesian"), required=False, max_length=LONGEST_STORY, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Who makes it, from what, and why it won. Two or three sentences are enough."),
    )  # fmt: skip
    text_en = forms.CharField(
        label=_("In English"), required=False, max_length=LONGEST_STORY, widget=forms.Textarea(attrs={"rows": 6})
    )
    names_people = forms.BooleanField(
        label=_("The people who entered agree to be named on the public page"), required=False
    )
