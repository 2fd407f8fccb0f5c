"""Forms of the register. Values are read by the same readers that take in the offices' lists."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gebyar.records.errors import DomainError
from gebyar.records.sealing import open_sealed
from gebyar.reference import kbli, regions
from gebyar.reference.size_rules import class_labels, size_rules
from gebyar.registry.facts import Fact, fact
from gebyar.registry.imports.fields import NUMERIC_KINDS, Kind
from gebyar.registry.models import Certificate, Contact
from gebyar.registry.queries.search import MINISTRY_RULE, Filters
from gebyar.registry.services.certificates import MOST_MEGABYTES
from gebyar.registry.services.photos import MOST_MEGABYTES as MOST_PHOTO_MEGABYTES
from gebyar.registry.typed import KBLI_VERSIONS, Unreadable, read, read_person_number, read_telephone

_ANY = ("", _("All"))
_FIRST_YEAR = 1950


def _in_language(names: Any) -> str:
    return str(names["en"] if (get_language() or "id").startswith("en") else names["id"])


def province_choices() -> list[tuple[str, Any]]:
    return [_ANY, *((province.code, province.name) for province in regions.provinces())]


def regency_choices(first: tuple[str, Any]) -> list[Any]:
    """Return the regencies, grouped by province, as choices of one select box."""
    groups = [
        (province.name, [(place.code, place.name) for place in regions.regencies(province.code)])
        for province in regions.provinces()
    ]
    return [first, *groups]


def below_choices(code: str) -> list[tuple[str, Any]]:
    """Return the regions right below one, for the next select box."""
    return [("", _("Not said")), *((place.code, place.name) for place in regions.children(code))]


def division_choices() -> list[tuple[str, Any]]:
    return [_ANY, *((item.code, _in_language({"id": item.id, "en": item.en})) for item in kbli.divisions())]


def size_choices() -> list[tuple[str, Any]]:
    rule = next(rule for rule in size_rules() if rule.id == MINISTRY_RULE)
    return [_ANY, *((name, _in_language(class_labels()[name])) for name in rule.class_names)]


class FirmFilter(forms.Form):
    """What the list of firms is narrowed to. Unknown values in an address narrow nothing."""

    q = forms.CharField(label=_("Name, product or place"), required=False, max_length=120)
    province = forms.ChoiceField(label=_("Province"), required=False, choices=province_choices)
    regency = forms.ChoiceField(label=_("Regency or city"), required=False, choices=[_ANY])
    division = forms.ChoiceField(label=_("Industry"), required=False, choices=division_choices)
    size = forms.ChoiceField(label=_("Size by the ministry"), required=False, choices=size_choices)
    certificate = forms.ChoiceField(label=_("Certificate"), required=False, choices=[_ANY, *Certificate.Kind.choices])
    exports = forms.ChoiceField(label=_("Exports"), required=False, choices=[_ANY, ("1", _("Yes")), ("0", _("No"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        province = self.data.get("province", "")
        if regions.is_valid(province) and regions.level_of(province) == regions.PROVINCE:
            inside = [(place.code, place.name) for place in regions.regencies(province)]
            self.fields["regency"].choices = [_ANY, *inside]

    def filters(self, *, active: bool | None) -> Filters:
        """Return the filters of the form; a field with an unknown value counts as not filled in."""
        self.is_valid()
        said = self.cleaned_data
        exports = said.get("exports", "")
        return Filters(
            region=said.get("regency") or said.get("province") or "",
            kbli=said.get("division", ""),
            size=said.get("size", ""),
            certificate=said.get("certificate", ""),
            exports=exports == "1" if exports else None,
            active=active,
        )

    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))


# --- places -------------------------------------------------------------------------------------------------


class PlaceFields(forms.Form):
    """A region by choosing downwards: the regency first, then what is offered below it."""

    regency = forms.ChoiceField(
        label=_("Regency or city"), choices=lazy(lambda: regency_choices(("", _("Choose…"))), list)
    )
    district = forms.ChoiceField(label=_("District"), required=False)
    village = forms.ChoiceField(label=_("Village"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("regency", "district", regions.REGENCY)
        self._offer("district", "village", regions.DISTRICT)

    def _offer(self, upper: str, lower: str, level: int) -> None:
        code = str(self[upper].value() or "") if upper in self.fields else ""
        if regions.is_valid(code) and regions.level_of(code) == level:
            self.fields[lower].choices = below_choices(code)
            # A district of the regency chosen before says nothing about the one chosen now.
            if self.is_bound and not regions.contains(code, self.data.get(lower, "") or code):
                self.data = {**dict(self.data.items()), lower: ""}
        else:
            del self.fields[lower]

    def region_code(self) -> str:
        """Return the lowest region that was chosen."""
        said = self.cleaned_data
        return str(said.get("village") or said.get("district") or said["regency"])


def place_initial(code: str) -> dict[str, str]:
    """Return the initial values of `PlaceFields` for a code of any level."""
    parts = [*regions.ancestors(code), code] if regions.is_valid(code) else []
    return dict(zip(("regency", "district", "village"), parts[1:], strict=False))


# --- one fact -----------------------------------------------------------------------------------------------


class ReasonFields(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was wrong, or what has changed. The officer reads this."),
    )


class FactForm(ReasonFields):
    """One fact, read as its kind asks; `text` holds its canonical form once the form is valid."""

    value = forms.CharField(required=False)
    field_order = ["value", "kbli_version", "year", "reason"]

    def __init__(self, some: Fact, *args: Any, text: str | None = None, year: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).update({"value": typed_form(some, text), "year": year})
        super().__init__(*args, **kwargs)
        self.some = some
        self.fields["value"] = _value_field(some)
        if some.kind is Kind.KBLI:
            version = int((text or "/").partition("/")[2] or KBLI_VERSIONS[0])
            self.fields["kbli_version"] = forms.TypedChoiceField(
                label=_("Edition of the code"), choices=[(v, f"KBLI {v}") for v in KBLI_VERSIONS], coerce=int,
                initial=version,
            )  # fmt: skip
        if some.yearly:
            self.fields["year"] = forms.IntegerField(
                label=_("Year the figure is about"),
                min_value=_FIRST_YEAR,
                max_value=timezone.localdate().year,
            )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        try:
            self.text = read(self.some, str(said.get("value") or ""), kbli_version=said.get("kbli_version"))
        except Unreadable as error:
            self.add_error("value", str(error))
        return said


def typed_form(some: Fact, text: str | None) -> str:
    """Write canonical text as a person would type it."""
    writer = _TYPED.get(some.kind)
    return writer(text) if text and writer else text or ""


_TYPED: dict[Kind, Callable[[str], str]] = {
    Kind.NPWP: lambda text: open_sealed(text.encode()),
    Kind.KBLI: lambda text: text.partition("/")[0],
    Kind.MONEY: lambda text: f"{int(text):,}".replace(",", "."),
    Kind.COUNT: lambda text: f"{int(text):,}".replace(",", "."),
    Kind.NUMBER: lambda text: text.replace(".", ","),
    Kind.COORDINATES: lambda text: text.replace(",", ", "),
}


_HINTS = {
    Kind.PRODUCTS: _("One product per line."),
    Kind.COORDINATES: _("Latitude and longitude, for example -7.8013, 110.3647."),
    Kind.NIB: _("13 digits."),
    Kind.NPWP: _("15 or 16 digits. It is kept encrypted."),
    Kind.MONEY: _("In rupiah, for example 12.500.000 or 12,5 juta."),
}


def _value_field(some: Fact) -> forms.Field:
    words: dict[str, Any] = {
        "label": capfirst(some.label), "required": some.required, "help_text": _HINTS.get(some.kind, ""),
    }  # fmt: skip
    match some.kind:
        case Kind.BOOLEAN | Kind.EXPORTS:
            choices = [("true", _("Yes")), ("false", _("No"))]
            choices += [] if some.required else [("", _("Not known"))]
            return forms.ChoiceField(widget=forms.RadioSelect, choices=choices, **words)
        case Kind.PRODUCTS:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), strip=False, **words)
    if some.longest > 200:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **words)
    attributes = {"inputmode": "decimal"} if some.kind in NUMERIC_KINDS else {}
    return forms.CharField(widget=forms.TextInput(attrs=attributes), **words)


class RegionForm(PlaceFields, ReasonFields):
    """The region of a firm, chosen downwards."""

    field_order = ["regency", "district", "village", "reason"]

    def __init__(self, some: Fact, *args: Any, text: str | None = None, **kwargs: Any) -> None:
        kwargs.pop("year", None)
        kwargs.setdefault("initial", {}).update(place_initial(text or ""))
        super().__init__(*args, **kwargs)
        self.some = some

    @property
    def text(self) -> str:
        return self.region_code()


def fact_form(some: Fact) -> type[FactForm | RegionForm]:
    return RegionForm if some.kind is Kind.REGION else FactForm


class DecisionForm(forms.Form):
    note = forms.CharField(
        label=_("Note to the firm"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you do not approve: what should the firm do?"),
    )


# --- a new firm, group by group -----------------------------------------------------------------------------


def read_as(field: str, typed: str, **how: Any) -> str | None:
    """Read a value as a fact of that name, with the words of the fault as those of the form."""
    try:
        return read(fact(field), typed, **how)
    except DomainError as error:
        raise forms.ValidationError(str(error)) from error


class NameStep(forms.Form):
    name = forms.CharField(label=_("Name of the firm"), max_length=200)
    nib = forms.CharField(
        label=_("NIB (business number)"),
        required=False,
        help_text=_("13 digits. Leave it empty if the firm has none yet."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean_name(self) -> str | None:
        return read_as("name", self.cleaned_data["name"])

    def clean_nib(self) -> str | None:
        return read_as("nib", self.cleaned_data["nib"])


class PlaceStep(PlaceFields):
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=300,
        help_text=_("Street, number, hamlet. Not shown to the public."),
    )
    postal_code = forms.CharField(label=_("Postal code"), required=False)
    field_order = ["regency", "district", "village", "address", "postal_code"]

    def clean_postal_code(self) -> str:
        return read_as("postal_code", self.cleaned_data["postal_code"]) or ""


class WorkStep(forms.Form):
    products = forms.CharField(
        label=_("Products"),
        help_text=_("One product per line."),
        widget=forms.Textarea(attrs={"rows": 4}),
        strip=False,
    )
    kbli_code = forms.CharField(
        label=_("KBLI code"),
        required=False,
        help_text=_("Five digits; it stands on the NIB. Leave it empty if you do not know it."),
    )
    kbli_version = forms.TypedChoiceField(
        label=_("Edition of the code"),
        choices=[(v, f"KBLI {v}") for v in KBLI_VERSIONS],
        coerce=int,
        required=False,
    )
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def clean_products(self) -> list[str]:
        return (read_as("products", self.cleaned_data["products"]) or "").split("\n")

    def clean_phone(self) -> str:
        return read_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        try:
            text = read(fact("kbli_code"), said.get("kbli_code", ""), kbli_version=said.get("kbli_version") or None)
        except Unreadable as error:
            self.add_error("kbli_code", str(error))
            return said
        code, _slash, version = (text or "/").partition("/")
        return {**said, "kbli_code": code or None, "kbli_version": int(version) if version else None}


def read_phone(typed: str) -> str:
    try:
        return read_telephone(typed)
    except Unreadable as error:
        raise forms.ValidationError(str(error)) from error


class AskForm(forms.Form):
    reason = forms.CharField(
        label=_("How are you connected with the firm?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: I am the owner; my name stands on the NIB."),
    )


# --- papers and people --------------------------------------------------------------------------------------


class CertificateForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Certificate.Kind.choices)
    number = forms.CharField(label=_("Number"), max_length=80)
    issued_on = forms.DateField(
        label=_("Issued on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    file = forms.FileField(
        label=_("Scan or photograph"),
        required=False,
        help_text=_("PDF, JPG or PNG, at most %(count)s MB.") % {"count": MOST_MEGABYTES},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        issued, until = said.get("issued_on"), said.get("valid_until")
        if issued and until and until < issued:
            self.add_error("valid_until", _("A certificate cannot end before it begins."))
        return said


class PhotoForm(forms.Form):
    file = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP, at most %(count)s MB. Place and time stored in the photo are removed.")
        % {"count": MOST_PHOTO_MEGABYTES},
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
    )
    alt = forms.CharField(
        label=_("What it shows"),
        max_length=160,
        help_text=_("One sentence for people who cannot see the photo, for example: a folded batik cloth in indigo."),
    )


class ContactForm(forms.Form):
    role = forms.ChoiceField(label=_("Who is this?"), choices=Contact.Role.choices)
    name = forms.CharField(label=_("Name"), max_length=150)
    phone = forms.CharField(label=_("Telephone"), required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    nik = forms.CharField(
        label=_("NIK"),
        required=False,
        help_text=_("Only where an application needs it. It is kept encrypted; leave it empty to keep the one stored."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        return read_phone(self.cleaned_data["phone"])

    def clean_nik(self) -> str | None:
        try:
            return read_person_number(self.cleaned_data["nik"]) or None
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}), max_length=254
    )


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[("xlsx", _("Excel (XLSX)")), ("csv", "CSV"), ("parquet", "Parquet")],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
