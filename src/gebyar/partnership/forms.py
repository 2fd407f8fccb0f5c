"""Forms of listings and deals."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from gebyar.partnership.errors import UnfitListing
from gebyar.partnership.facts import MOST_DAYS, MOST_QUANTITY, MOST_RUPIAH, ListingFacts
from gebyar.partnership.models import DealStatement, Listing, Relation
from gebyar.partnership.places import read_routes, write_routes
from gebyar.partnership.queries.listings import ListingFilters
from gebyar.reference import kbli, regions
from gebyar.registry.amount_fields import AmountField, RupiahField
from gebyar.registry.forms import division_choices, province_choices
from gebyar.registry.imports.fields import Kind
from gebyar.registry.models import Certificate, Firm
from gebyar.registry.services.certificates import MOST_MEGABYTES as MOST_EVIDENCE_MEGABYTES
from gebyar.registry.services.photos import MOST_MEGABYTES

_ANY = ("", _("All"))


def _date_field(label: Any, **how: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **how)


def _rupiah_field(**how: Any) -> RupiahField:
    return RupiahField(most=MOST_RUPIAH, **how)


class ListingFilter(forms.Form):
    """What the list is narrowed to. Unknown values in an address narrow nothing."""

    q = forms.CharField(label=_("Product or service"), required=False, max_length=120)
    direction = forms.ChoiceField(label=_("Need or offer"), required=False, choices=[_ANY, *Listing.Direction.choices])
    role = forms.ChoiceField(label=_("Kind of partner"), required=False, choices=[_ANY, *Listing.Role.choices])
    province = forms.ChoiceField(label=_("Province"), required=False, choices=province_choices)
    division = forms.ChoiceField(label=_("Industry"), required=False, choices=division_choices)
    certificate = forms.ChoiceField(label=_("Certificate"), required=False, choices=[_ANY, *Certificate.Kind.choices])

    def filters(self) -> ListingFilters:
        self.is_valid()
        said = self.cleaned_data
        return ListingFilters(
            words=said.get("q", ""), direction=said.get("direction", ""), role=said.get("role", ""),
            kbli=said.get("division", ""), region=said.get("province", ""), certificate=said.get("certificate", ""),
        )  # fmt: skip


# --- writing a listing, group by group ----------------------------------------------------------------------


class WhatStep(forms.Form):
    direction = forms.ChoiceField(
        label=_("Do you need something, or do you offer something?"), choices=Listing.Direction.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("Kind of partner"), choices=Listing.Role.choices, widget=forms.RadioSelect,
        help_text=_("For a need: whom you look for. For an offer: what you are in it."),
    )  # fmt: skip
    title = forms.CharField(
        label=_("In a few words"), max_length=120, help_text=_("For example: Keripik singkong 500 kg a month."),
    )  # fmt: skip
    description = forms.CharField(
        label=_("More about it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Quality, packing, how you work. No prices and no telephone numbers: everybody reads this."),
    )  # fmt: skip
    relation = forms.ChoiceField(label=_("Kind of business"), choices=Relation.choices, initial=Relation.ORDER)


class AmountStep(forms.Form):
    quantity = AmountField(label=_("How much"), required=False, kind=Kind.NUMBER, most=MOST_QUANTITY)
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=30, help_text=_("For example kg, pieces, trips.")
    )
    period = forms.ChoiceField(label=_("How often"), choices=Listing.Period.choices)
    lead_time_days = forms.IntegerField(
        label=_("Days from order to delivery"), required=False, min_value=0, max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    price_low = _rupiah_field(label=_("Lowest price for one unit"), required=False)
    price_high = _rupiah_field(
        label=_("Highest price for one unit"), required=False,
        help_text=_("Only your firm and the officers of your region see the prices."),
    )  # fmt: skip
    valid_until = _date_field(
        _("Shown until"), required=False, help_text=_("Leave it empty to show it until you close it.")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("quantity") == 0:
            self.add_error("quantity", _("A number above 0."))
        if said.get("quantity") and not said.get("unit"):
            self.add_error("unit", _("Say of which unit, for example kg or pieces."))
        low, high = said.get("price_low"), said.get("price_high")
        if low is not None and high is not None and high < low:
            self.add_error("price_high", _("The highest price is below the lowest one."))
        return said

    def clean_valid_until(self) -> date | None:
        until: date | None = self.cleaned_data["valid_until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("This day is over already."))
        return until


class FitStep(forms.Form):
    """Codes, certificates and places; routes where goods are carried."""

    kbli_codes = forms.CharField(
        label=_("KBLI codes"), required=False, max_length=60,
        help_text=_("Five digits each, with spaces between. Leave it empty if you do not know them."),
    )  # fmt: skip
    certificates = forms.MultipleChoiceField(
        label=_("Certificates"), required=False, choices=Certificate.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    regions = forms.MultipleChoiceField(
        label=_("Provinces"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lazy(lambda: [(province.code, province.name) for province in regions.provinces()], list),
    )  # fmt: skip
    routes = forms.CharField(
        label=_("Routes"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line, for example: Kota Surabaya > Kota Semarang."),
    )  # fmt: skip
    vehicles = forms.CharField(label=_("Vehicles"), required=False, max_length=200)
    has_cold_chain = forms.BooleanField(label=_("Cooled from end to end"), required=False)

    def __init__(self, *args: Any, listing: Listing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_need = listing.direction == Listing.Direction.NEED
        self.fields["certificates"].help_text = _("Which the partner must hold.") if is_need else _("Which you hold.")
        self.fields["regions"].help_text = (
            _("Where the partner may be or must deliver; none chosen means anywhere.")
            if is_need
            else _("Where you deliver or work; none chosen means everywhere.")
        )
        known = {province.code for province in regions.provinces()}
        others = [
            (code, regions.name(code)) for code in listing.regions if code not in known and regions.is_valid(code)
        ]
        self.fields["regions"].choices = [*self.fields["regions"].choices, *others]
        if listing.role != Listing.Role.LOGISTICS:
            for name in ("routes", "vehicles", "has_cold_chain"):
                del self.fields[name]

    def clean_kbli_codes(self) -> tuple[str, ...]:
        codes = tuple(self.cleaned_data["kbli_codes"].replace(",", " ").split())
        for code in codes:
            if not kbli.has_form(code):
                raise forms.ValidationError(_("%(code)s is not a KBLI code of five digits."), params={"code": code})
        return codes

    def clean_routes(self) -> tuple[str, ...]:
        try:
            return read_routes(self.cleaned_data["routes"])
        except UnfitListing as error:
            raise forms.ValidationError(str(error.facts["problem"])) from error


def fit_initial(said: ListingFacts) -> dict[str, Any]:
    """Write codes and routes as a person would type them."""
    return {
        "kbli_codes": " ".join(said.kbli_codes), "certificates": list(said.certificates), "regions": list(said.regions),
        "routes": write_routes(list(said.routes)), "vehicles": said.vehicles, "has_cold_chain": said.has_cold_chain,
    }  # fmt: skip


class ListingPhotoForm(forms.Form):
    file = forms.FileField(
        label=_("Photo"), widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
        help_text=lazy(lambda: str(_("JPEG, PNG or WebP, at most %(count)s MB. Place and time stored in the photo are removed.")) % {"count": MOST_MEGABYTES}, str)(),
    )  # fmt: skip
    alternative = forms.CharField(
        label=_("What it shows"), max_length=160, help_text=_("One sentence for people who cannot see the photo."),
    )  # fmt: skip


class ListingDecisionForm(forms.Form):
    note = forms.CharField(
        label=_("Note to the firm"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you send it back: what should be changed?"),
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class SuggestionFilter(forms.Form):
    """How suggestions are narrowed; nothing chosen shows all that fit."""

    certificates = forms.BooleanField(label=_("Only with all certificates asked for"), required=False)
    province = forms.ChoiceField(label=_("Province"), required=False, choices=province_choices)
    fair = forms.BooleanField(label=_("Small and far-away firms as often as they are listed"), required=False)


# --- deals --------------------------------------------------------------------------------------------------


class DealForm(forms.Form):
    """A deal that begins outside a fair, from a listing of somebody else."""

    firm = forms.TypedChoiceField(label=_("For which firm"), coerce=int)
    title = forms.CharField(label=_("What it is about"), max_length=120)
    relation = forms.ChoiceField(label=_("Kind of business"), choices=Relation.choices, initial=Relation.ORDER)
    origin_date = _date_field(_("Since when"), initial=timezone.localdate)

    def __init__(self, *args: Any, firms: list[Firm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["firm"].choices = [(firm.pk, firm.name) for firm in firms]


class StatementForm(forms.Form):
    stage = forms.ChoiceField(label=_("How far is it?"), choices=DealStatement.Stage.choices, widget=forms.RadioSelect)
    amount = _rupiah_field(
        label=_("Sum of this step"), required=False,
        help_text=_("Needed for an order and for what was delivered and paid."),
    )  # fmt: skip
    on_date = _date_field(_("On which day"), initial=timezone.localdate)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    evidence = forms.FileField(
        label=_("Paper that shows it"), required=False, widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text=lazy(lambda: str(_("PDF, JPG or PNG, at most %(count)s MB. Both sides and their officers can open it.")) % {"count": MOST_EVIDENCE_MEGABYTES}, str)(),
    )  # fmt: skip

    def __init__(self, *args: Any, sides: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(sides) > 1:
            self.fields["side"] = forms.ChoiceField(label=_("For which firm"), choices=sides)
            self.order_fields(["side"])

    def evidence_file(self) -> UploadedFile | None:
        return self.cleaned_data.get("evidence") or None
