from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gebyar.fair.models import MeetingLog, Outcome, Slot, Zone
from gebyar.fair.queries.times import moment_words
from gebyar.fair.services.floor import LONGEST_LATENESS
from gebyar.partnership.facts import MOST_RUPIAH


class SlotChoice(forms.ModelChoiceField):
    """Slots of one round, by day and time."""

    def label_from_instance(self, obj: Slot) -> str:
        return moment_words(obj.starts_at, obj.round.zone)


class FloorForm(forms.Form):
    slot = SlotChoice(Slot.objects.none(), label=_("Slot"), required=False, empty_label=None)

    def __init__(self, *args: Any, slots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].queryset = slots


class LogForm(forms.Form):
    state = forms.ChoiceField(choices=MeetingLog.State.choices)
    minutes_late = forms.IntegerField(label=_("Minutes late"), min_value=1, max_value=LONGEST_LATENESS, required=False)
    missing = forms.IntegerField(required=False, widget=forms.HiddenInput)


class MissingForm(forms.Form):
    from_slot = SlotChoice(
        Slot.objects.none(),
        label=_("Missing from"),
        empty_label=None,
        help_text=_("Meetings before it stay as they are."),
    )
    until_slot = SlotChoice(
        Slot.objects.none(),
        label=_("Expected to be here by"),
        required=False,
        empty_label=_("does not come any more today"),
    )

    def __init__(self, *args: Any, slots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("from_slot", "until_slot"):
            self.fields[name].queryset = slots

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, until = cleaned.get("from_slot"), cleaned.get("until_slot")
        if start and until and until.starts_at <= start.starts_at:
            self.add_error("until_slot", _("Choose a later slot than the one from which the firm is missing."))
        return cleaned


class PrintForm(forms.Form):
    zone = forms.ModelChoiceField(Zone.objects.none(), label=_("Zone"), required=False, empty_label=_("whole hall"))

    def __init__(self, *args: Any, zones: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = zones


class OutcomeForm(forms.Form):
    interest = forms.ChoiceField(
        label=_("Do you want to go on with this firm?"), choices=Outcome.Interest.choices, widget=forms.RadioSelect
    )
    next_step = forms.CharField(
        label=_("Next step"),
        max_length=300,
        required=False,
        help_text=_("For example: we send samples by Friday. Only your own firm reads it."),
    )
    potential = forms.IntegerField(
        label=_("What it could be worth in a year"),
        min_value=0,
        max_value=MOST_RUPIAH,
        required=False,
        help_text=_("Your guess in rupiah. It is never counted as a result."),
    )


class DashboardExportForm(forms.Form):
    format = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "XLSX")])
