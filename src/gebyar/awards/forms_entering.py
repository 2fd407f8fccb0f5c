"""Forms of entering, built from the rules of the edition: short enough for a phone, kept also when half filled in."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gebyar.awards.answers import Unfit, read_answer
from gebyar.awards.models import DeskNote, Entry, EntryDocument
from gebyar.awards.papers import KINDS
from gebyar.awards.queries.eligibility import Standing
from gebyar.awards.wording_rules import in_language
from gebyar.reference.awards.rules import DocumentAsk, EditionRules, Question
from gebyar.registry.forms import regency_choices
from gebyar.registry.models import Firm

_RADIOS = 6  # more choices than these are a list to unfold
TITLE = "title"


class BeginForm(forms.Form):
    """In which category, and who enters."""

    category = forms.ChoiceField(label=_("Category"), widget=forms.RadioSelect)
    who = forms.ChoiceField(label=_("Who enters?"), widget=forms.RadioSelect)
    region = forms.ChoiceField(
        label=_("Regency or city where you live"),
        required=False,
        help_text=_("Only if no firm enters."),
        choices=lazy(lambda: regency_choices(("", _("Choose…"))), list),
    )

    def __init__(self, *args: Any, rules: EditionRules, firms: Sequence[Firm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [(one.id, in_language(one.names)) for one in rules.categories]
        people = [kind for kind in rules.entrants if kind in {"person", "group"}]
        words = {"person": _("I, alone"), "group": _("A group I speak for")}
        self.fields["who"].choices = [
            *((f"firm-{firm.pk}", firm.name) for firm in firms if "firm" in rules.entrants),
            *((kind, words[kind]) for kind in people),
        ]
        self.firms = {f"firm-{firm.pk}": firm for firm in firms}
        if not people:
            del self.fields["region"]
        for name in ("category", "who"):
            if len(self.fields[name].choices) == 1:
                self.fields[name].initial = self.fields[name].choices[0][0]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("who") in {"person", "group"} and not said.get("region"):
            self.add_error("region", _("Choose where you live."))
        return said

    def facts(self) -> dict[str, Any]:
        """Return what `begin_entry` takes."""
        who = self.cleaned_data["who"]
        firm = self.firms.get(who)
        kind = Entry.Kind.FIRM if firm else who
        return {"kind": kind, "firm": firm, "region_code": None if firm else self.cleaned_data.get("region")}


# --- answers ----------------------------------------------------------------------------------------------------


class AnswerField(forms.Field):
    """The answer to one question. An empty one is taken: a draft may be left half written."""

    def __init__(self, question: Question, **how: Any) -> None:
        super().__init__(
            label=in_language(question.names), help_text=in_language(question.help), required=question.required,
            widget=_widget(question), **how,
        )  # fmt: skip
        self.question = question

    def to_python(self, value: Any) -> Any:
        try:
            return read_answer(self.question, value)
        except Unfit as error:
            raise forms.ValidationError(str(error)) from error

    def validate(self, value: Any) -> None:
        """Take everything; what is needed is said before the entry is handed in."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float) and self.question.kind in {"number", "money"}:
            return _typed(value)
        return value


def _typed(value: float) -> str:
    """Write a number as a person types it in the reader's language."""
    plain = f"{value:,}" if isinstance(value, int) else f"{value:,.10f}".rstrip("0").rstrip(".")
    return plain if (get_language() or "").startswith("en") else plain.translate(str.maketrans(",.", ".,"))


def _widget(question: Question) -> forms.Widget:
    if question.kind == "choice":
        choices = [(option, in_language(words)) for option, words in question.options]
        if len(choices) <= _RADIOS:
            return forms.RadioSelect(choices=choices)
        return forms.Select(choices=[("", _("Choose…")), *choices])
    return _WIDGETS.get(question.kind, forms.TextInput)()


_WIDGETS: dict[str, Callable[[], forms.Widget]] = {
    "long": lambda: forms.Textarea(attrs={"rows": 6}),
    "number": lambda: forms.TextInput(attrs={"inputmode": "decimal"}),
    "money": lambda: forms.TextInput(attrs={"inputmode": "decimal"}),
    "date": lambda: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "url": lambda: forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    "yes_no": lambda: forms.RadioSelect(choices=[("true", _("Yes")), ("false", _("No"))]),
}


class TitleField(forms.CharField):
    """The name of an entry, which a draft may still lack."""

    def validate(self, value: Any) -> None:
        """Take everything; what is needed is said before the entry is handed in."""


class AnswersForm(forms.Form):
    """One page of questions; the first page begins with the name of the entry."""

    use_required_attribute = False

    def __init__(self, *args: Any, questions: Sequence[Question], with_title: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_title:
            self.fields[TITLE] = TitleField(
                label=_("Name of the product or work"), max_length=160,
                help_text=_("This is how lists and, if you win, the press will call it."),
            )  # fmt: skip
        for question in questions:
            self.fields[f"q-{question.id}"] = AnswerField(question)

    def said(self) -> dict[str, Any]:
        """Return what could be read, for `save_entry`: the rest stays as it was."""
        read = self.cleaned_data
        answers = {name.removeprefix("q-"): value for name, value in read.items() if name.startswith("q-")}
        return {"answers": answers} | ({"title": read[TITLE]} if TITLE in read else {})


# --- people, declarations, documents ----------------------------------------------------------------------------


class MemberForm(forms.Form):
    """One person; an empty line is left out."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    part = forms.CharField(label=_("What they do"), max_length=80, required=False)
    birth = forms.DateField(
        label=_("Day of birth"), required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
        help_text=_("Kept encrypted; used only for the age limit."),
    )  # fmt: skip

    def __init__(self, *args: Any, birth: bool = True, alone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not birth:
            del self.fields["birth"]
        if alone:
            del self.fields["part"]

    def clean_birth(self) -> date | None:
        birth: date | None = self.cleaned_data["birth"]
        if birth and not date(1900, 1, 1) <= birth <= timezone.localdate():
            raise forms.ValidationError(_("This cannot be a day of birth."))
        return birth

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("name") and (said.get("part") or said.get("birth")):
            self.add_error("name", _("Write the name too."))
        return said


class DeclarationsForm(forms.Form):
    """What the entrant declares, one box each."""

    use_required_attribute = False

    def __init__(self, *args: Any, standings: Sequence[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [one.condition.id for one in standings if one.condition.kind == "declared"]
        for standing in standings:
            if standing.condition.kind == "declared":
                self.fields[f"d-{standing.condition.id}"] = forms.BooleanField(label=standing.words, required=False)

    def said(self) -> dict[str, bool]:
        return {name: bool(self.cleaned_data[f"d-{name}"]) for name in self.names}


_ENDINGS = {"pdf": ".pdf", "picture": ".jpg,.jpeg,.png,.webp"}


class DocumentForm(forms.Form):
    """A file for one document."""

    file = forms.FileField(label=_("File"), allow_empty_file=True)

    def __init__(self, *args: Any, ask: DocumentAsk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ", ".join(str(KINDS[name]) for name in ask.accepts)
        field = self.fields["file"]
        field.help_text = _("%(kinds)s, at most %(megabytes)d MB.") % {"kinds": kinds, "megabytes": ask.most_megabytes}
        accepts = ",".join(_ENDINGS[name] for name in ask.accepts)
        field.widget = forms.FileInput(attrs={"accept": accepts})


# --- the desk ---------------------------------------------------------------------------------------------------


class HelpForm(DocumentForm):
    """A file that an officer hands in for an entrant, with the entrant's consent."""

    consent = forms.CharField(
        label=_("Who agreed, and how?"), max_length=500,
        help_text=_("For example: Ibu Siti, by telephone, on 3 March. It is kept with the entry."),
    )  # fmt: skip


class NoteForm(forms.Form):
    channel = forms.ChoiceField(label=_("What did you do?"), choices=DeskNote.Channel.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("What came of it?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class LookForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("What do you see?"), widget=forms.RadioSelect,
        choices=[(value, label) for value, label in EntryDocument.Verdict.choices if value != "open"],
    )  # fmt: skip
    note = forms.CharField(
        label=_("What is to be done?"), required=False, max_length=300, help_text=_("Needed when you send it back.")
    )


class DeskFilter(forms.Form):
    """Which entries the desk shows."""

    edition = forms.ChoiceField(label=_("Award"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("All")), ("not_complete", _("Something missing")), ("complete", _("Complete, not handed in")),
                 ("handed_in", _("Handed in"))],
    )  # fmt: skip
