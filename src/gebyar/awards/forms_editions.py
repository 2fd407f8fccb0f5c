"""Forms with which organisers prepare an edition: its days, and each part of its rules as rows."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.awards.editing import ENTRANTS
from gebyar.awards.wording_rules import in_language
from gebyar.reference.awards.checking import CERTIFICATES, FACTS, GATES, GROUPS, MIXES
from gebyar.reference.awards.programmes import PROGRAMMES, names_of
from gebyar.reference.size_rules import size_rules
from gebyar.registry.facts import facts
from gebyar.registry.models import Certificate

ENTRANT_WORDS = {
    "firm": _("Firms of the register"), "person": _("Persons"), "group": _("Groups"),
    "regency": _("Firms that a regency or city proposes"),
}  # fmt: skip
CONDITION_WORDS = {
    "size": _("size class"), "sector": _("industry (KBLI)"), "active": _("working"), "nib": _("has a NIB"),
    "certificate": _("holds a certificate"), "age": _("age"), "members": _("number of members"),
    "running_years": _("years since it began"), "workers": _("number of workers"),
    "declared": _("declared by the entrant"), "officer": _("looked at by an officer"),
}  # fmt: skip
QUESTION_WORDS = {
    "text": _("short text"), "long": _("long text"), "number": _("figure"), "money": _("rupiah"), "date": _("day"),
    "choice": _("choice"), "yes_no": _("yes or no"), "url": _("web address"),
}  # fmt: skip
STAGE_WORDS = {
    "administrative": _("administrative check"), "curation": _("curation"), "coaching": _("coaching"),
    "judging": _("judging"), "plenary": _("plenary"), "decision": _("decision"),
}  # fmt: skip
GATE_WORDS = {
    "checked": _("all who are found in order"), "ranked": _("the first of the ranking"),
    "threshold": _("all above a number of points"), "by_hand": _("by hand, with a reason"),
}  # fmt: skip
LEVEL_HINT = _("One line for each number of stars: stars = points, then who fosters (centre, province, regency).")
MIX_WORDS = {
    "gender": _("women and men"),
    "region": _("somebody from the region"),
    "expertise": _("an expert of the field"),
}
RANKING_WORDS = {
    "mixed": _("adjusted for the severity of judges"), "robust": _("adjusted, wild scores weigh less"),
    "raw": _("plain means"),
}  # fmt: skip


class MomentField(forms.DateTimeField):
    """Day and time in the programme's time zone."""

    def __init__(self, **how: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **how)

    def prepare_value(self, value: Any) -> Any:
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M") if hasattr(value, "astimezone") else value


class DatesForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    opens_at = MomentField(label=_("Opens"))
    closes_at = MomentField(label=_("Closes"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("opens_at") and said.get("closes_at") and said["closes_at"] <= said["opens_at"]:
            self.add_error("closes_at", _("The call has to close after it opens."))
        return said


class NewEditionForm(DatesForm):
    """A new edition, from a programme, or from an earlier edition."""

    begin = forms.ChoiceField(label=_("Begin with the rules of"))
    award = forms.SlugField(
        label=_("Short name of the award"), max_length=40, required=False,
        help_text=_("For an award of your own, such as kriya-bali. Small letters, digits and -."),
    )  # fmt: skip
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    field_order = ["begin", "award", "year", "title", "opens_at", "closes_at"]

    def __init__(self, *args: Any, editions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes = [(award, in_language(names_of(award))) for award in PROGRAMMES]
        self.fields["begin"].choices = (
            [(_("Programmes"), programmes), (_("Earlier editions"), editions)] if editions else programmes
        )


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File with rules (YAML or JSON)"), widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json"})
    )
    note = forms.CharField(label=_("What is different?"), max_length=200, required=False)


# --- parts of the rules -----------------------------------------------------------------------------------------


def _words(label: Any, *, long: bool = False, most: int = 300, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2}) if long else forms.TextInput()
    return forms.CharField(label=label, max_length=most, required=required, widget=widget)


def _choices(words: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(words.items())


def _listed(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=500, help_text=hint)


class NoteFields(forms.Form):
    """What every page of the editor asks besides."""

    note = forms.CharField(label=_("What is different?"), max_length=200, required=False)


class BasicsForm(NoteFields):
    names_id = _words(_("Name (Indonesian)"))
    names_en = _words(_("Name (English)"))
    summary_id = _words(_("In a few sentences (Indonesian)"), long=True, most=2000)
    summary_en = _words(_("In a few sentences (English)"), long=True, most=2000)
    entrants = forms.MultipleChoiceField(
        label=_("Who may enter"), widget=forms.CheckboxSelectMultiple,
        choices=[(kind, ENTRANT_WORDS[kind]) for kind in ENTRANTS],
    )  # fmt: skip
    most_members = forms.IntegerField(label=_("Most people in a group"), min_value=1, max_value=50)
    sources = forms.CharField(
        label=_("Sources of these rules"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("One per line.")
    )
    star_scheme = forms.ChoiceField(label=_("Stars by"), required=False)
    field_order = [
        "names_id", "names_en", "summary_id", "summary_en", "entrants", "most_members", "star_scheme", "sources", "note",
    ]  # fmt: skip


class RowForm(forms.Form):
    id = forms.CharField(label=_("Id"), max_length=40, help_text=_("Small letters, digits, - and _."))
    use_required_attribute = False


class ConditionForm(RowForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=_choices(CONDITION_WORDS))
    words_id = _words(_("Words (Indonesian)"), long=True, most=2000)
    words_en = _words(_("Words (English)"), long=True, most=2000)
    rule = forms.ChoiceField(label=_("Size rule"), required=False)
    classes = _listed(_("Size classes"), _("For a size class: small, medium …"))
    prefixes = _listed(_("Beginnings of KBLI codes"), _("For an industry: 10, 11 …"))
    kinds = _listed(_("Certificates"), ", ".join(CERTIFICATES))
    least = forms.IntegerField(label=_("Least"), required=False)
    most = forms.IntegerField(label=_("Most"), required=False)
    on = forms.DateField(
        label=_("On the day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For an age; without it the day on which the call closes."),
    )  # fmt: skip
    source = _words(_("Source"), long=True, most=2000)
    certain = forms.BooleanField(label=_("A public source confirms it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", "–"), *((rule.id, in_language(rule.labels)) for rule in size_rules())]


class AskForm(RowForm):
    names_id = _words(_("Name (Indonesian)"))
    names_en = _words(_("Name (English)"))
    help_id = _words(_("Help (Indonesian)"), long=True, most=2000, required=False)
    help_en = _words(_("Help (English)"), long=True, most=2000, required=False)
    required = forms.BooleanField(label=_("Needed"), required=False)
    categories = _listed(_("Only for the categories"), _("Ids; empty for all."))


class DocumentAskForm(AskForm):
    accepts = forms.MultipleChoiceField(
        label=_("Kinds of files"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("pdf", "PDF"), ("picture", _("picture"))],
    )
    most_megabytes = forms.IntegerField(label=_("Most megabytes"), min_value=1)
    certificate = forms.ChoiceField(
        label=_("Answered by this certificate of the register"), required=False,
        choices=[("", _("by none")), *Certificate.Kind.choices],
    )  # fmt: skip
    other_certificates = _listed(_("And by these certificates"), ", ".join(CERTIFICATES))
    identifies = forms.BooleanField(label=_("Tells who entered (hidden from judges)"), required=False)


class QuestionForm(AskForm):
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=_choices(QUESTION_WORDS))
    options = forms.CharField(
        label=_("Answers to choose from"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line: id = Indonesian | English"),
    )  # fmt: skip
    most = forms.IntegerField(label=_("Most characters, or largest number"), required=False, min_value=1)
    register = forms.ChoiceField(label=_("Filled in from the register"), required=False)
    identifies = forms.BooleanField(label=_("Tells who entered (hidden from judges)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = facts()
        named = [(name, known[name].label if name in known else name) for name in FACTS]
        self.fields["register"].choices = [("", _("by nothing")), *named]


class CategoryForm(RowForm):
    names_id = _words(_("Name (Indonesian)"))
    names_en = _words(_("Name (English)"))
    help_id = _words(_("Help (Indonesian)"), long=True, most=2000, required=False)
    help_en = _words(_("Help (English)"), long=True, most=2000, required=False)
    sectors = _listed(_("Beginnings of KBLI codes that fit"), _("Empty for all."))
    prizes = forms.CharField(
        label=_("Prizes, first to last"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line: Indonesian | English"),
    )  # fmt: skip


class SchemeForm(RowForm):
    names_id = _words(_("Name (Indonesian)"))
    names_en = _words(_("Name (English)"))
    lines = forms.CharField(label=_("Stars and points"), widget=forms.Textarea(attrs={"rows": 5}), help_text=LEVEL_HINT)
    source = _words(_("Source"), long=True, most=2000)
    certain = forms.BooleanField(label=_("A public source confirms it"), required=False)


class StageRowForm(RowForm):
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=_choices(STAGE_WORDS))
    names_id = _words(_("Name (Indonesian)"))
    names_en = _words(_("Name (English)"))


# --- one stage --------------------------------------------------------------------------------------------------


class StageForm(NoteFields):
    method = forms.ChoiceField(label=_("Who passes?"))
    places = forms.IntegerField(label=_("How many pass in each category"), required=False, min_value=1)
    places_in = forms.CharField(
        label=_("Where they differ"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line: id of the category = number"),
    )  # fmt: skip
    threshold = forms.FloatField(label=_("Least points (of 100)"), required=False)
    judges_per_entry = forms.IntegerField(label=_("Judges for each entry"), min_value=1)
    anonymised = forms.BooleanField(label=_("Judges do not see who entered"), required=False)
    ranking = forms.ChoiceField(label=_("Ranking"), choices=_choices(RANKING_WORDS))
    ties = _listed(_("Equal scores are told apart by"), _("In this order: adjusted, raw, criterion:<id>, lot"))
    mixes = forms.MultipleChoiceField(
        label=_("Every panel has"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(mix, MIX_WORDS[mix]) for mix in MIXES],
    )  # fmt: skip
    objection_days = forms.IntegerField(label=_("Days for objections"), min_value=0)
    source = _words(_("Source"), long=True, most=2000, required=False)
    certain = forms.BooleanField(label=_("A public source confirms it"), required=False)
    field_order = [
        "method", "places", "places_in", "threshold", "objection_days", "judges_per_entry", "anonymised", "ranking", "ties",
        "mixes", "source", "certain", "note",
    ]  # fmt: skip

    def __init__(self, *args: Any, kind: str, scored: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(method, GATE_WORDS[method]) for method in GATES[kind]]
        if not scored:
            for name in ("judges_per_entry", "anonymised", "ranking", "ties", "mixes"):
                self.fields[name].widget = self.fields[name].hidden_widget()


class CriterionForm(RowForm):
    names_id = _words(_("Name (Indonesian)"))
    names_en = _words(_("Name (English)"))
    help_id = _words(_("What is looked at (Indonesian)"), long=True, most=2000, required=False)
    help_en = _words(_("What is looked at (English)"), long=True, most=2000, required=False)
    weight = forms.FloatField(label=_("Weight of the criterion"))
    low = forms.FloatField(label=_("Lowest mark"), initial=0)
    high = forms.FloatField(label=_("Highest mark"), initial=100)
    step = forms.FloatField(label=_("Step between marks"), initial=1)
    optional = forms.BooleanField(label=_("“Not applicable” may be chosen"), required=False)
    source = _words(_("Source"), most=2000, required=False)
    certain = forms.BooleanField(label=_("A public source confirms it"), required=False, initial=True)


class ReserveForm(forms.Form):
    use_required_attribute = False
    group = forms.CharField(
        label=_("Group"), max_length=20,
        help_text=", ".join(GROUPS) + ", province:33 …",
    )  # fmt: skip
    least = forms.IntegerField(label=_("At least"), required=False, min_value=0)
    most = forms.IntegerField(label=_("At most"), required=False, min_value=0)


PART_FORMS: dict[str, type[forms.Form]] = {
    "conditions": ConditionForm, "documents": DocumentAskForm, "questions": QuestionForm, "categories": CategoryForm,
    "star_schemes": SchemeForm, "stages": StageRowForm,
}  # fmt: skip
NEW_ROWS: dict[str, dict[str, Any]] = {
    "conditions": {"certain": True}, "documents": {"required": True, "accepts": ["pdf", "picture"], "most_megabytes": 5},
    "questions": {"required": True},
}  # fmt: skip
