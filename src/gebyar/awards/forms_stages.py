"""Forms of the stages: deadlines, checks, choices, sessions, objections, proposals, prizes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gebyar.awards.models import Category, Check, CoachingSession, Passage
from gebyar.awards.queries.checking import CheckItem
from gebyar.awards.wording_rules import in_language
from gebyar.methods.places.call import Deviation
from gebyar.reference.awards.rules import EditionRules

LONGEST = 2000


def _moment(label: Any, **facts: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **facts)


def _words(label: Any, rows: int = 3, longest: int = LONGEST, **facts: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **facts)


class DeadlineForm(forms.Form):
    closes_at = _moment(
        _("Work in this stage until"), help_text=_("No check and no score is taken after it. It can be moved later.")
    )


class StageFilter(forms.Form):
    q = forms.CharField(label=_("Title, firm or code"), required=False, max_length=100)
    outcome = forms.ChoiceField(
        label=_("How it left"), required=False, choices=[("", _("All")), *Passage.Outcome.choices]
    )


class ChooseForm(forms.Form):
    """Curators tick entries, say yes or no to all of them, and why."""

    passes = forms.ChoiceField(
        label=_("What happens to those ticked"),
        choices=[("yes", _("They are on the short list")), ("no", _("They are left out"))],
        widget=forms.RadioSelect,
    )
    reason = _words(_("Why"), longest=1000, help_text=_("The entrants read this."))


# --- checks -----------------------------------------------------------------------------------------------------


class CheckForm(forms.Form):
    """A note beside each document and condition that is not in order, and a verdict on the whole."""

    verdict = forms.ChoiceField(label=_("Your verdict"), choices=Check.Verdict.choices, widget=forms.RadioSelect)
    note = _words(_("A word on the whole"), rows=2, longest=1000, required=False)

    def __init__(self, *args: Any, items: Iterable[CheckItem], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.items = list(items)
        for item in self.items:
            self.fields[self.name_of(item)] = _words(
                _("What is not in order"), rows=1, longest=500, required=False, help_text=_("Empty when it is.")
            )

    @staticmethod
    def name_of(item: CheckItem) -> str:
        return f"item_{item.key}"

    @property
    def rows(self) -> list[tuple[CheckItem, forms.BoundField]]:
        return [(item, self[self.name_of(item)]) for item in self.items]

    @property
    def findings(self) -> dict[str, str]:
        said = self.cleaned_data
        return {item.key: note for item in self.items if (note := said.get(self.name_of(item), "").strip())}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        found = self.findings
        if said.get("verdict") == Check.Verdict.IN_ORDER and found:
            self.add_error("verdict", _now("You noted what is not in order. Say “not in order”, or empty those notes."))
        if said.get("verdict") == Check.Verdict.NOT_IN_ORDER and not found and not said.get("note", "").strip():
            self.add_error("verdict", _now("Say beside a document or condition what is not in order."))
        return said


# --- plenary ----------------------------------------------------------------------------------------------------

AS_RANKED = ""
CHOICES = [(AS_RANKED, _("as the ranking says")), ("in", _("passes")), ("out", _("does not pass"))]


class PlenaryForm(forms.Form):
    """For each entry: as the ranking says, or otherwise and why."""

    def __init__(self, *args: Any, codes: Iterable[str], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.codes = list(codes)
        for code in self.codes:
            self.fields[f"choice_{code}"] = forms.ChoiceField(
                label=_("Plenary's choice"), choices=CHOICES, required=False
            )
            self.fields[f"reason_{code}"] = forms.CharField(label=_("Why"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for code in self.codes:
            if said.get(f"choice_{code}") and not said.get(f"reason_{code}", "").strip():
                self.add_error(f"reason_{code}", _now("Say why the plenary departs from the ranking here."))
        return said

    @property
    def deviations(self) -> list[Deviation]:
        said = self.cleaned_data
        return [
            Deviation(code, admitted=choice == "in", reason=said[f"reason_{code}"].strip())
            for code in self.codes
            if (choice := said.get(f"choice_{code}"))
        ]


# --- coaching ---------------------------------------------------------------------------------------------------


class SessionForm(forms.ModelForm):
    class Meta:
        model = CoachingSession
        fields = ("title", "mentor", "starts_at", "ends_at", "place")

    title = forms.CharField(label=_("Title"), max_length=160)
    mentor = forms.CharField(label=_("Mentor"), max_length=120, required=False)
    starts_at = _moment(_("Begins"))
    ends_at = _moment(_("Ends"))
    place = forms.CharField(label=_("Where, or the address of the call"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("starts_at") and said.get("ends_at") and said["ends_at"] <= said["starts_at"]:
            self.add_error("ends_at", _now("It ends before it begins."))
        return said

    def validate_constraints(self) -> None:
        """The only one, that a session ends after it begins, is said beside its field above."""


class AttendanceForm(forms.Form):
    """Who was there, and the mentor's word on each."""

    def __init__(self, *args: Any, passages: Iterable[Passage], known: dict[int, Any], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.passages = list(passages)
        for passage in self.passages:
            before = known.get(passage.entry_id)
            key = passage.entry_id
            self.fields[f"there_{key}"] = forms.BooleanField(
                label=_("was there"), required=False, initial=bool(before and before.was_there)
            )
            self.fields[f"note_{key}"] = _words(
                _("Mentor's note"), rows=1, required=False, initial=before.note if before else ""
            )

    @property
    def rows(self) -> list[tuple[Passage, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"there_{one.entry_id}"], self[f"note_{one.entry_id}"]) for one in self.passages]

    @property
    def there(self) -> dict[int, bool]:
        return {one.entry_id: self.cleaned_data[f"there_{one.entry_id}"] for one in self.passages}

    @property
    def notes(self) -> dict[int, str]:
        return {one.entry_id: self.cleaned_data[f"note_{one.entry_id}"] for one in self.passages}


class PrototypeForm(forms.Form):
    title = forms.CharField(label=_("What you made"), max_length=160)
    text = _words(_("What is new about it, and what did you learn?"), rows=4, required=False)
    file = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPG, PNG or WebP, at most 5 MB. Where it was taken is not kept."),
    )


# --- objections, proposals, prizes ------------------------------------------------------------------------------


class ObjectionForm(forms.Form):
    text = _words(
        _("What do you object to?"),
        rows=6,
        help_text=_("Say what is wrong and how it can be seen. An officer who did not decide this answers."),
    )


class AnswerForm(forms.Form):
    upheld = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Upheld: the entry passes")), ("no", _("Not upheld: the outcome stands"))],
        widget=forms.RadioSelect,
    )
    answer = _words(_("Why"), rows=5, help_text=_("The entrant reads this."))


class ProposalForm(forms.Form):
    category = forms.ChoiceField(label=_("Group of commodities"))
    reason = _words(_("Why this firm?"), rows=4, help_text=_("What is typical of your regency about its product?"))

    def __init__(self, *args: Any, categories: Iterable[Category], rules: EditionRules, **facts: Any) -> None:
        super().__init__(*args, **facts)
        names = [(str(one.pk), in_language(rules.category(one.key).names)) for one in categories]
        self.fields["category"].choices = names  # type: ignore[attr-defined]  a ChoiceField


class ProposalAnswerForm(forms.Form):
    agrees = forms.ChoiceField(
        label=_("Do you take part?"),
        choices=[("yes", _("Yes, we take part")), ("no", _("No, thank you"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("If not: why?"), required=False, max_length=300)


class FirmSearchForm(forms.Form):
    q = forms.CharField(label=_("Name or product of a firm in your regency"), required=False, max_length=120)


class RevokeForm(forms.Form):
    reason = _words(_("Why is the prize taken back?"), help_text=_("Everybody who checks the certificate reads this."))


class FollowUpForm(forms.Form):
    text = _words(_("What was done"), rows=4)
