"""Forms of readiness."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.readiness.investment import KnownSales
from gebyar.readiness.models import InstrumentVersion, PlanStep
from gebyar.readiness.paper import MOST_BYTES
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.wording import said
from gebyar.reference import regions
from gebyar.reference.instruments import NOT_APPLICABLE, Question
from gebyar.registry.amount_fields import RupiahField
from gebyar.registry.forms import province_choices
from gebyar.registry.models import Firm

MOST_RUPIAH = 10**15


def _date_field(label: Any, **how: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **how)


class BeginForm(forms.Form):
    """Which instrument a firm answers; an occasion where it has them."""

    instrument = forms.ModelChoiceField(InstrumentVersion.objects.none())
    occasion = forms.CharField(max_length=20, required=False)

    def __init__(self, *args: Any, versions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instrument"].queryset = versions


class QuestionForm(forms.Form):
    """One question with its options; nothing has to be chosen.

    Where the register knows a firm's sales, the share that an investment question asks for can be computed from an
    amount instead.
    """

    def __init__(
        self, *args: Any, question: Question, answer: str = "", sales: KnownSales | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.sales = question, sales
        choices = [(option.id, said(option.text)) for option in question.options]
        if question.optional:
            choices.append((NOT_APPLICABLE, _("This does not apply to us")))
        how: dict[str, Any] = {"label": said(question.text), "choices": choices, "required": False}
        if question.kind == "count":
            chosen = answer.split(";") if answer else []
            self.fields["answer"] = forms.MultipleChoiceField(
                widget=forms.CheckboxSelectMultiple, initial=chosen, **how
            )
        else:
            self.fields["answer"] = forms.ChoiceField(widget=forms.RadioSelect, initial=answer, **how)
        if sales is not None:
            self.fields["spent"] = RupiahField(
                most=MOST_RUPIAH, label=_("Or write what you spend on it in a year"), required=False,
                help_text=_("The share of your sales is computed. The amount itself is not kept."),
            )  # fmt: skip

    def answer(self) -> str:
        """Return what was chosen as a table's cell holds it; what excludes the others stands alone."""
        spent, chosen = self.cleaned_data.get("spent"), self.cleaned_data["answer"]
        if spent is not None and self.sales is not None:
            return self.sales.option(spent)
        if isinstance(chosen, str):
            return chosen
        if NOT_APPLICABLE in chosen:
            return NOT_APPLICABLE
        alone = [option.id for option in self.question.options if option.exclusive and option.id in chosen]
        return ";".join(alone or chosen)


# --- visits -----------------------------------------------------------------------------------------------------


class SeenForm(QuestionForm):
    """A question with what an assessor notes beside the answer, and a photo or paper."""

    note = forms.CharField(
        label=_("What you saw"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(label=_("Photo or paper"), required=False, help_text=_("PDF, JPG or PNG, at most 5 MB."))
    caption = forms.CharField(label=_("What it shows"), required=False, max_length=160)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["answer", "note", "file", "caption"])

    def evidence(self) -> UploadedFile | None:
        return self.cleaned_data.get("file") or None


class FinishVisitForm(forms.Form):
    visited_on = _date_field(_("Day of the visit"))
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The firm reads it."),
    )  # fmt: skip

    def clean_visited_on(self) -> Any:
        day = self.cleaned_data["visited_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day of the visit lies ahead. Say when it was."))
        return day


# --- workshops --------------------------------------------------------------------------------------------------


class InstrumentChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: InstrumentVersion) -> str:
        return said(instrument_of(obj).names)


class WorkshopForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160)
    instrument = InstrumentChoice(InstrumentVersion.objects.none(), label=_("Instrument"), empty_label=None)
    region_code = forms.ChoiceField(label=_("Province"), required=False, choices=province_choices)
    place = forms.CharField(label=_("Place"), required=False, max_length=160)
    starts_at = forms.DateTimeField(
        label=_("Begins"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Western Indonesian time (WIB)."),
    )  # fmt: skip

    def __init__(self, *args: Any, versions: Any, region: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instrument"].queryset = versions
        self.region = region
        if region:  # a local officer's workshop is of their own region
            del self.fields["region_code"]

    def facts(self) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        facts["version"] = facts.pop("instrument")
        code = self.region or facts.get("region_code", "")
        return {**facts, "region_code": code if regions.is_valid(code) else ""}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class PaperForm(forms.Form):
    file = forms.FileField(label=_("CSV or XLSX file"))

    def clean_file(self) -> bytes:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024**2})
        return file.read()


class TakeHomeForm(forms.Form):
    firm = forms.ModelChoiceField(
        Firm.objects.none(), label=_("Which firm"), empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, firms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["firm"].queryset = firms


# --- plans ------------------------------------------------------------------------------------------------------


class StepForm(forms.Form):
    question = forms.CharField(max_length=40, widget=forms.HiddenInput)
    target = forms.CharField(max_length=40, required=False)
    due_on = _date_field(_("Until when"), required=False)


class ChangeStepForm(forms.Form):
    status = forms.ChoiceField(label=_("How far it is"), choices=PlanStep.Status.choices, widget=forms.RadioSelect)
    due_on = _date_field(_("Until when"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)


# --- instruments ------------------------------------------------------------------------------------------------


class DocumentForm(forms.Form):
    file = forms.FileField(label=_("YAML file"))
    note = forms.CharField(label=_("What is new"), required=False, max_length=200)
