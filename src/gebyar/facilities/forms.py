"""Forms of applications, their judgement, calls and rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from gebyar.facilities.models import Application, Call
from gebyar.facilities.queries.rulebook import version_of
from gebyar.facilities.services.calls import MOST_RUPIAH, MOST_WEIGHT, CallFacts
from gebyar.facilities.wording import POINTS, choice_words, said
from gebyar.reference.facilities import Facility, Version
from gebyar.registry.amount_fields import RupiahField
from gebyar.registry.forms import division_choices, province_choices
from gebyar.registry.services.certificates import MOST_MEGABYTES

ZONE = ZoneInfo("Asia/Jakarta")  # of the ministry, which keeps the calls
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def _day_field(label: Any, **how: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **how)


def _moment_field(label: Any, **how: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **how)


class BeginForm(forms.Form):
    """For which firm an application is begun."""

    firm = forms.TypedChoiceField(label=_("For which firm"), coerce=int)

    def __init__(self, *args: Any, firms: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["firm"].choices = firms


class ApplicationForm(forms.Form):
    """What the register cannot know: a question for each condition, the price, and the papers. All may stay open."""

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        self.version = version_of(application.call)
        super().__init__(*args, initial=self._known(application), **kwargs)
        for condition in self._asked():
            self.fields[f"said_{condition.id}"] = forms.ChoiceField(
                label=said(condition.words), required=False, choices=YES_NO, widget=forms.RadioSelect,
                help_text=condition.article,
            )  # fmt: skip
        if self.version.benefit.shares:
            self._ask_for_price()
        handed = set(application.documents.values_list("key", flat=True)) if application.pk else set()
        for ask in self.version.documents:
            self.fields[f"file_{ask.id}"] = forms.FileField(
                label=said(ask.names), required=False, help_text=_file_words(is_there=ask.id in handed),
                widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
            )  # fmt: skip

    def _asked(self) -> list[Any]:
        return [condition for condition in self.version.conditions if condition.kind == "asked"]

    def _ask_for_price(self) -> None:
        benefit = self.version.benefit
        choices = [("", _("Not chosen yet")), *((choice, choice_words(choice)) for choice in benefit.shares)]
        self.fields["choice"] = forms.ChoiceField(label=_("What is bought"), required=False, choices=choices)
        self.fields["price"] = RupiahField(most=MOST_RUPIAH, label=said(benefit.words).capitalize(), required=False)

    def _known(self, application: Application) -> dict[str, Any]:
        answers = {f"said_{name}": "yes" if value else "no" for name, value in application.said.items()}
        return {**answers, "choice": application.choice, "price": application.price}

    def answers(self) -> dict[str, Any]:
        """Return what `save_application` takes."""
        cleaned = self.cleaned_data
        answered = {one.id: cleaned.get(f"said_{one.id}") for one in self._asked()}
        return {
            "said": {name: value == "yes" for name, value in answered.items() if value},
            "choice": cleaned.get("choice", ""),
            "price": cleaned.get("price"),
        }

    def papers(self) -> dict[str, UploadedFile]:
        found = {ask.id: self.cleaned_data.get(f"file_{ask.id}") for ask in self.version.documents}
        return {key: file for key, file in found.items() if file}


def _file_words(*, is_there: bool) -> Any:
    kinds = lazy(lambda: str(_("PDF, JPG or PNG, at most %(count)s MB.")) % {"count": MOST_MEGABYTES}, str)()
    there = lazy(lambda: f"{_('It is there already; choose a file to replace it.')} {kinds}", str)()
    return there if is_there else kinds


class VisitForm(forms.Form):
    visited_on = _day_field(_("Day of the visit"), initial=timezone.localdate)
    is_as_said = forms.ChoiceField(label=_("Is it as the application says?"), choices=YES_NO, widget=forms.RadioSelect)
    findings = forms.CharField(
        label=_("What you found"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


class JudgementForm(forms.Form):
    """An officer's word, with findings about single conditions."""

    is_fit = forms.ChoiceField(
        label=_("Is the application fit?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, it meets the conditions")), ("no", _("No"))],
    )  # fmt: skip
    note = forms.CharField(
        label=_("Reason"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed where it is not fit. The firm reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conditions = [condition.id for condition in version.conditions]
        for condition in version.conditions:
            self.fields[f"finding_{condition.id}"] = forms.CharField(
                label=said(condition.words), required=False, max_length=500, help_text=condition.article
            )

    def findings(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(f"finding_{name}", "") for name in self.conditions}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("is_fit") == "no" and not cleaned.get("note", "").strip():
            self.add_error("note", _("Say why it is not fit, so that the firm knows."))
        return cleaned


class PaymentForm(forms.Form):
    amount = RupiahField(most=MOST_RUPIAH, label=_("Amount"))
    paid_on = _day_field(_("Paid on"), initial=timezone.localdate)
    reference = forms.CharField(label=_("Reference of the payment"), max_length=80)


class FollowUpForm(forms.Form):
    workers = forms.IntegerField(
        label=_("Workers now"), required=False, min_value=0, max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    sales = RupiahField(most=MOST_RUPIAH, label=_("Sales of the last 12 months"), required=False)
    production_value = RupiahField(
        most=MOST_RUPIAH, label=_("Value of what you made in the last 12 months"), required=False
    )
    note = forms.CharField(
        label=_("What changed"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


# --- calls ------------------------------------------------------------------------------------------------------


class CallForm(forms.Form):
    """Everything that is said before anybody applies."""

    name = forms.CharField(label=_("Name"), max_length=160)
    opens_at = _moment_field(_("Opens"), help_text=_("In WIB."))
    closes_at = _moment_field(_("Closes"), help_text=_("In WIB."))
    budget = RupiahField(
        most=MOST_RUPIAH, label=_("Budget"), required=False, help_text=_("Where a share of a price is paid.")
    )
    places = forms.IntegerField(
        label=_("Number of places"), required=False, min_value=1, max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    method = forms.ChoiceField(label=_("Method"), choices=Call.Method.choices, widget=forms.RadioSelect)
    reserve_first_time = forms.IntegerField(label=_("At least so many first-time firms"), required=False, min_value=0)
    reserve_remote = forms.IntegerField(label=_("At least so many outside Java"), required=False, min_value=0)
    reserve_small = forms.IntegerField(label=_("At least so many small firms"), required=False, min_value=0)
    most_province = forms.IntegerField(label=_("At most so many of one province"), required=False, min_value=1)
    seed = forms.IntegerField(
        label=_("Seed of the lot"), required=False, min_value=0, max_value=2**31 - 1,
        help_text=_("Drawn where you leave it empty. Everybody sees it once the call is published."),
    )  # fmt: skip

    def __init__(self, *args: Any, facility: Facility, call: Call | None = None, **kwargs: Any) -> None:
        if call is not None:
            kwargs["initial"] = call_initial(call)
        super().__init__(*args, **kwargs)
        for name, words in POINTS.items():
            self.fields[f"points_{name}"] = forms.FloatField(
                label=words, required=False, min_value=0, max_value=MOST_WEIGHT, localize=True,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )  # fmt: skip
        today = facility.on(timezone.localdate())
        if today is not None and not today.benefit.shares:
            del self.fields["budget"]

    @property
    def points_fields(self) -> list[Any]:
        return [self[f"points_{name}"] for name in POINTS]

    @property
    def reserve_fields(self) -> list[Any]:
        return [self[name] for name in ("reserve_first_time", "reserve_remote", "reserve_small", "most_province")]

    def facts(self) -> CallFacts:
        said_ = self.cleaned_data
        points = {name: float(said_.get(f"points_{name}") or 0) for name in POINTS}
        return CallFacts(
            name=said_["name"], opens_at=_in_zone(said_["opens_at"]), closes_at=_in_zone(said_["closes_at"]),
            budget=said_.get("budget"), places=said_["places"], method=said_["method"], seed=said_["seed"],
            points={name: weight for name, weight in points.items() if weight}, reserves=_reserves(said_),
        )  # fmt: skip


def _in_zone(moment: datetime) -> datetime:
    """Take the digits somebody typed as WIB, whatever zone the site shows."""
    return moment.replace(tzinfo=ZONE)


def _reserves(said_: Mapping[str, Any]) -> list[dict[str, Any]]:
    least = [
        {"group": group, "least": said_[f"reserve_{group}"]}
        for group in ("first_time", "remote", "small")
        if said_.get(f"reserve_{group}")
    ]
    most = said_.get("most_province")
    return [*least, *([{"group": "province", "most": most}] if most else [])]


def call_initial(call: Call) -> dict[str, Any]:
    reserves = {f"reserve_{one['group']}": one.get("least") for one in call.reserves if one.get("least")}
    most = next((one["most"] for one in call.reserves if one["group"] == "province"), None)
    points = {f"points_{name}": weight for name, weight in call.points.items()}
    return {
        "name": call.name, "opens_at": call.opens_at.astimezone(ZONE).replace(tzinfo=None),
        "closes_at": call.closes_at.astimezone(ZONE).replace(tzinfo=None), "budget": call.budget,
        "places": call.places, "method": call.method, "seed": call.seed, "most_province": most, **reserves, **points,
    }  # fmt: skip


class ExtendForm(forms.Form):
    closes_at = _moment_field(_("Closes later"), help_text=_("In WIB."))

    def moment(self) -> datetime:
        return _in_zone(self.cleaned_data["closes_at"])


# --- the officers' list -----------------------------------------------------------------------------------------


class UnusedFilter(forms.Form):
    """What the list of firms is narrowed to. Unknown values in an address narrow nothing."""

    facility = forms.ChoiceField(label=_("Facility"), required=False)
    region = forms.ChoiceField(label=_("Province"), required=False, choices=province_choices)
    sector = forms.ChoiceField(label=_("Industry"), required=False, choices=division_choices)
    state = forms.ChoiceField(
        label=_("Firms"), required=False,
        choices=[("could", _("could use it and do not")), ("unknown", _("a fact is missing"))],
    )  # fmt: skip

    def __init__(self, *args: Any, facilities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility"].choices = facilities


# --- rules ------------------------------------------------------------------------------------------------------


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File with rules (YAML)"), widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json"})
    )
    note = forms.CharField(label=_("What changed and why"), required=False, max_length=200)


class SimpleRulesForm(forms.Form):
    """Words, dates and benefit of the newest version; all else is changed in the file."""

    name_id = forms.CharField(label=_("Name in Indonesian"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160)
    summary_id = forms.CharField(
        label=_("Summary in Indonesian"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    summary_en = forms.CharField(
        label=_("Summary in English"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    valid_from = _day_field(_("Holds from"))
    valid_until = _day_field(_("Holds until"), required=False, help_text=_("Empty: until further notice."))
    decision_days = forms.IntegerField(label=_("Working days to decide"), required=False, min_value=1, max_value=365)
    note = forms.CharField(label=_("What changed and why"), required=False, max_length=200)

    def __init__(self, *args: Any, document: dict[str, Any], **kwargs: Any) -> None:
        self.document = document
        self.version = document["versions"][-1]
        super().__init__(*args, initial=self._known(), **kwargs)
        benefit = self.version["benefit"]
        if benefit.get("kind") == "share":
            for choice in benefit["shares"]:
                self.fields[f"share_{choice}"] = forms.FloatField(
                    label=choice_words(choice), min_value=0.01, max_value=100, localize=True,
                    help_text=_("Percent of the price."), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                )  # fmt: skip
            self.fields["least"] = RupiahField(most=MOST_RUPIAH, label=_("Smallest amount"), required=False)
            self.fields["most"] = RupiahField(most=MOST_RUPIAH, label=_("Greatest amount"), required=False)
        else:
            self.fields["words_id"] = forms.CharField(label=_("Benefit in Indonesian"), max_length=300)
            self.fields["words_en"] = forms.CharField(label=_("Benefit in English"), max_length=300)

    def _known(self) -> dict[str, Any]:
        benefit = self.version["benefit"]
        words = benefit.get("words") or {}
        shares = {f"share_{name}": share * 100 for name, share in (benefit.get("shares") or {}).items()}
        names, summary = self.document["names"], self.document["summary"]
        return {
            "name_id": names["id"], "name_en": names["en"], "summary_id": summary["id"], "summary_en": summary["en"],
            "valid_from": self.version["valid_from"], "valid_until": self.version.get("valid_until"),
            "decision_days": self.version.get("decision_days"), "words_id": words.get("id"), "words_en": words.get("en"),
            "least": benefit.get("least"), "most": benefit.get("most"), **shares,
        }  # fmt: skip

    def changed_document(self) -> dict[str, Any]:
        """Return the whole document with what was said here."""
        new = self.cleaned_data
        version = {**self.version, "valid_from": new["valid_from"].isoformat(), "benefit": self._benefit()}
        for name, value in (("valid_until", new["valid_until"]), ("decision_days", new["decision_days"])):
            version.pop(name, None)
            if value:
                version[name] = value.isoformat() if name == "valid_until" else value
        return {
            **self.document,
            "names": {"id": new["name_id"], "en": new["name_en"]},
            "summary": {"id": new["summary_id"], "en": new["summary_en"]},
            "versions": [*self.document["versions"][:-1], version],
        }

    def _benefit(self) -> dict[str, Any]:
        new, benefit = self.cleaned_data, dict(self.version["benefit"])
        if benefit.get("kind") != "share":
            return {**benefit, "words": {"id": new["words_id"], "en": new["words_en"]}}
        benefit["shares"] = {name: round(new[f"share_{name}"] / 100, 6) for name in benefit["shares"]}
        for name in ("least", "most"):
            benefit.pop(name, None)
            if new[name] is not None:
                benefit[name] = new[name]
        return benefit
