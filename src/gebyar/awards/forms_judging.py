"""Forms of judging: judges say who they are and give their marks; organisers add judges and assign entries."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gebyar.accounts.models import User
from gebyar.awards.models import Category, Conflict, Judge
from gebyar.awards.queries.judging import Marked
from gebyar.awards.services.judges import LEAST_REASON
from gebyar.awards.services.scores import Given, name_of
from gebyar.awards.wording_rules import in_language
from gebyar.reference import regions
from gebyar.reference.awards.rules import CategoryRules, Criterion

MOST_RADIOS = 6  # a short scale is chosen with the thumb, a long one typed
MOST_PIECES = 20


def _long(label: Any, *, most: int = 300, rows: int = 3, **facts: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **facts)


class ReasonForm(forms.Form):
    reason = _long(_("Why?"), help_text=_("At least 10 characters. It is kept with the decision."))


class AnswerForm(forms.Form):
    """Accept, or decline with a reason."""

    answer = forms.ChoiceField(choices=[("accept", _("Accept")), ("decline", _("Decline"))])
    reason = _long(_("Why not?"), required=False, help_text=_("Only when you decline, at least 10 characters."))


class JudgeForm(forms.ModelForm[Judge]):
    """What a judge knows, where they come from, how much they can take."""

    class Meta:
        model = Judge
        fields = ("expertise", "languages", "employer", "region_code", "gender", "least", "most")

    expertise = forms.CharField(
        label=_("What you know well"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One line each: words, such as “kopi dan teh”, or KBLI codes from two digits on, such as 10 or 13134."
        ),
    )
    languages = forms.CharField(
        label=_("Languages you read"), required=False, help_text=_("Codes with commas between them: id, en, jv.")
    )
    employer = forms.CharField(
        label=_("Employer"),
        required=False,
        max_length=160,
        help_text=_("Firms of this name are kept from you."),
    )
    region_code = forms.ChoiceField(
        label=_("Where you live"), required=False, help_text=_("Used for the mix of panels and for nothing else.")
    )
    gender = forms.ChoiceField(
        label=_("You are"),
        required=False,
        choices=[("", _("not said")), *Judge.Gender.choices],
        widget=forms.RadioSelect,
        help_text=_("Used for the mix of panels and for nothing else."),
    )
    least = forms.IntegerField(label=_("At least so many entries"), min_value=0, max_value=500)
    most = forms.IntegerField(label=_("At most so many entries"), min_value=0, max_value=500)

    def __init__(self, *args: Any, **facts: Any) -> None:
        judge: Judge = facts["instance"]
        said = {"expertise": "\n".join(judge.expertise), "languages": ", ".join(judge.languages)}
        super().__init__(*args, initial=said | (facts.pop("initial", None) or {}), **facts)
        provinces = [(one.code, one.name) for one in regions.provinces()]
        if judge.region_code and len(judge.region_code) > 2:  # more exact than this form asks
            provinces.append((judge.region_code, regions.label(judge.region_code)))
        self.fields["region_code"].choices = [("", _("not said")), *provinces]  # type: ignore[attr-defined]

    def clean_expertise(self) -> list[str]:
        return _pieces(self.cleaned_data["expertise"].splitlines(), most=60)

    def clean_languages(self) -> list[str]:
        return _pieces(self.cleaned_data["languages"].replace(";", ",").lower().split(","), most=8)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("least") is not None and said.get("most") is not None and said["most"] < said["least"]:
            self.add_error("most", _now("This is fewer than the least."))
        return said

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def _pieces(parts: list[str], *, most: int) -> list[str]:
    pieces = list(dict.fromkeys(piece.strip() for piece in parts if piece.strip()))
    if len(pieces) > MOST_PIECES:
        raise forms.ValidationError(_now("Give at most %(most)d.") % {"most": MOST_PIECES})
    for piece in pieces:
        if len(piece) > most:
            raise forms.ValidationError(_now("“%(piece)s…” is too long.") % {"piece": piece[:30]})
    return pieces


class JudgeByOrganiserForm(JudgeForm):
    """The same, with the categories a judge takes."""

    categories = forms.ModelMultipleChoiceField(
        label=_("Categories"),
        queryset=Category.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )

    def __init__(self, *args: Any, names: dict[str, str], **facts: Any) -> None:
        super().__init__(*args, **facts)
        judge: Judge = self.instance
        field = self.fields["categories"]
        field.queryset = judge.edition.categories.all()  # type: ignore[attr-defined]
        field.label_from_instance = lambda category: names.get(category.key, category.key)  # type: ignore[attr-defined]
        self.initial.setdefault("categories", judge.categories.all())
        for name, label in (("expertise", _("What they know well")), ("languages", _("Languages they read"))):
            self.fields[name].label = label
        self.fields["region_code"].label, self.fields["gender"].label = _("Where they live"), _("The judge is")


class AddJudgeForm(forms.Form):
    """Add somebody who holds the role of a judge."""

    user = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, people: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class InviteJudgeForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))


class ConflictForm(forms.Form):
    """A tie between a judge and an entrant."""

    kind = forms.ChoiceField(label=_("What ties you"), choices=Conflict.Kind.choices, initial=Conflict.Kind.OTHER)
    note = forms.CharField(label=_("In a few words"), max_length=300, required=False)


class EntrantsFilter(forms.Form):
    q = forms.CharField(label=_("Part of a name"), required=False, max_length=80)


class PanelsForm(forms.Form):
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("The same seed gives the same panels, so anybody can repeat it. Say it before they are made."),
    )


class PanelsFilter(forms.Form):
    q = forms.CharField(label=_("Code of an entry"), required=False, max_length=6)


# --- marks ------------------------------------------------------------------------------------------------------


class _Later:
    """A field that must be filled in before marks are sent, and may be left open in a draft."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:  # type: ignore[attr-defined]
            super().validate(value)  # type: ignore[misc]


class _LaterNumber(_Later, forms.FloatField): ...


class _LaterChoice(_Later, forms.ChoiceField): ...


class _LaterText(_Later, forms.CharField): ...


class ScoreForm(forms.Form):
    """The rubric of a stage for one entry; a draft may leave anything open.

    Parameters
    ----------
    marks
        The criteria with what was given so far.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, marks: list[Marked], **facts: Any) -> None:
        self.marks = marks
        super().__init__(*args, initial=_initial(marks), **facts)
        for mark in marks:
            self._add(mark.criterion)

    def _add(self, criterion: Criterion) -> None:
        self.fields[f"value_{criterion.id}"] = _value_field(criterion)
        if criterion.optional:
            self.fields[f"na_{criterion.id}"] = forms.BooleanField(
                label=_("Does not apply to this entry"),
                required=False,
                help_text=_("It then does not count at all, not as 0."),
            )
        self.fields[f"reason_{criterion.id}"] = _LaterText(
            label=_("Why this mark?"),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_now("At least %(count)d characters. It is kept with your mark.") % {"count": LEAST_REASON},
        )

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Return the fields by criterion, for the page."""
        return [
            {
                "mark": mark,
                "name": name_of(mark.criterion),
                "help": in_language(mark.criterion.help),
                "value": self[f"value_{mark.criterion.id}"],
                "na": self[f"na_{mark.criterion.id}"] if mark.criterion.optional else None,
                "reason": self[f"reason_{mark.criterion.id}"],
                "weight": mark.criterion.weight,
            }
            for mark in self.marks
        ]

    @property
    def given(self) -> list[Given]:
        """Return what was said for each criterion; "does not apply" outweighs a number beside it."""
        return [self._given(mark.criterion) for mark in self.marks]

    def _given(self, criterion: Criterion) -> Given:
        said = self.cleaned_data
        not_applicable = bool(said.get(f"na_{criterion.id}"))
        value = said.get(f"value_{criterion.id}")
        number = None if not_applicable or value in (None, "") else float(value)
        return Given(criterion.id, number, not_applicable, said[f"reason_{criterion.id}"])


def _initial(marks: list[Marked]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for mark in marks:
        if mark.score is None:
            continue
        value = mark.score.value
        said[f"value_{mark.criterion.id}"] = "" if value is None else f"{value:g}"
        said[f"na_{mark.criterion.id}"] = mark.score.not_applicable
        said[f"reason_{mark.criterion.id}"] = mark.score.reason
    return said


def _value_field(criterion: Criterion) -> forms.Field:
    steps = round((criterion.high - criterion.low) / criterion.step)
    if steps < MOST_RADIOS:
        values = [f"{criterion.low + step * criterion.step:g}" for step in range(steps + 1)]
        choices = [(value, value) for value in values]
        return _LaterChoice(label=_("Mark"), choices=choices, widget=forms.RadioSelect)
    scale = {"low": f"{criterion.low:g}", "high": f"{criterion.high:g}"}
    return _LaterNumber(
        label=_("Mark"),
        min_value=criterion.low,
        max_value=criterion.high,
        step_size=criterion.step,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": f"{criterion.step:g}"}),
        help_text=_now("From %(low)s to %(high)s.") % scale,
    )


def category_names(categories: tuple[CategoryRules, ...]) -> dict[str, str]:
    return {one.id: in_language(one.names) for one in categories}
