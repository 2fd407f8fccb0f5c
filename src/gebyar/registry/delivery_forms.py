"""Forms for lists of firms: the file with whose it is, and what its columns mean."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.accounts.models import User
from gebyar.reference import regions
from gebyar.registry.imports.errors import WrongMapping
from gebyar.registry.imports.fields import FIELDS, Kind
from gebyar.registry.imports.headings import multiplier
from gebyar.registry.imports.mapping import KBLI_VERSIONS, MULTIPLIERS, Mapping
from gebyar.registry.models import Delivery, Source
from gebyar.registry.queries.deliveries import ColumnLine, is_national, known_sources, own_regions

EARLIEST_YEAR = 1950
_MEGABYTE = 1024 * 1024


class Suggesting(forms.TextInput):
    """A text field that offers what was typed before; any other text may be typed."""

    template_name = "registry/parts/suggesting.html"

    def __init__(self, offers: Iterable[str]) -> None:
        super().__init__()
        self.offers = list(offers)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_offers"
        return {**context, "offers": self.offers}


class DeliveryForm(forms.Form):
    """A list of firms and what it does not say of itself. A local officer's region is given by their role."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or a workbook (XLSX, XLS, ODS), with the headings in one of its first lines."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods"}),
    )
    source_name = forms.CharField(
        label=_("Whose list it is"),
        max_length=160,
        help_text=_("The office or survey that made it, always written the same way."),
    )
    as_of = forms.DateField(
        label=_("As of when it holds"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The date of the list. Where two lists disagree, the newer one counts."),
    )
    data_year = forms.IntegerField(
        label=_("Year the figures are about"),
        required=False,
        min_value=EARLIEST_YEAR,
        help_text=_("Where no column says it. Left empty, the year before that date."),
    )
    region = forms.ChoiceField(
        label=_("Region"), required=False, help_text=_("Firms outside it are left out and listed.")
    )
    mode = forms.ChoiceField(
        label=_("If some rows have errors"),
        choices=Delivery.Mode.choices,
        initial=Delivery.Mode.GOOD_ROWS,
        widget=forms.RadioSelect,
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source_name"].widget = Suggesting(known_sources(user))
        region = cast("forms.ChoiceField", self.fields["region"])
        region.choices = _region_choices(user)
        own = own_regions(user)
        if not is_national(user) and len(own) == 1:
            region.initial = own[0][0]
        region.required = not is_national(user)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            most = settings.UPLOAD_MAX_BYTES // _MEGABYTE
            raise forms.ValidationError(
                _("The file is larger than %(most)d MB. Hand in the list in parts, or as CSV.") % {"most": most}
            )
        return file

    def clean_source_name(self) -> str:
        name = " ".join(self.cleaned_data["source_name"].split())
        taken = Source.objects.filter(name=name, kind__in=[Source.Kind.FIRM, Source.Kind.SYNTHETIC])
        if taken.exists():
            raise forms.ValidationError(_("This name is used for something else. Write the name of the office."))
        return name

    def clean_as_of(self) -> Any:
        if self.cleaned_data["as_of"] > timezone.localdate():
            raise forms.ValidationError(_("This date lies in the future. Write the date of the list."))
        return self.cleaned_data["as_of"]

    def clean_data_year(self) -> int | None:
        year: int | None = self.cleaned_data["data_year"]
        if year is not None and year > timezone.localdate().year:
            raise forms.ValidationError(_("This year lies in the future."))
        return year


def _region_choices(user: User) -> list[Any]:
    if not is_national(user):
        return own_regions(user)
    groups = [
        (
            province.name,
            [(province.code, _("All of %(place)s") % {"place": province.name})]
            + [(place.code, place.name) for place in regions.regencies(province.code)],
        )
        for province in regions.provinces()
    ]
    return [("", _("The whole country")), *groups]


# --- columns ----------------------------------------------------------------------------------------------------

_TIMES = {
    1: _("as it stands"),
    1_000: _("thousands (ribu)"),
    1_000_000: _("millions (juta)"),
    1_000_000_000: _("billions (miliar)"),
    1_000_000_000_000: _("trillions (triliun)"),
}
_GROUPS = (
    (_("The firm"), "name", "legal_form", "nib", "nib_issued_on", "npwp", "kbli_code", "products", "is_active",
     "started_year"),
    (_("Where it is"), "address", "village", "district", "regency", "province", "region_code", "postal_code",
     "latitude", "longitude", "coordinates"),
    (_("People to speak to"), "owner_name", "contact_name", "nik", "phone", "email"),
    (_("Workers and money"), "data_year", "workers_male", "workers_female", "workers", "investment",
     "land_building_investment", "capital", "net_worth", "sales", "production_value", "raw_material_value"),
    (_("Production"), "production_quantity", "capacity", "installed_capacity", "capacity_unit", "raw_materials",
     "water_m3", "fuel_litres", "electricity_kwh", "machines", "exports", "export_countries", "finance",
     "help_received"),
)  # fmt: skip


def field_choices() -> list[Any]:
    """Return what a column can mean, grouped; what no group names stands in the last one."""
    labels = {field.id: field.label for field in FIELDS}
    grouped = {name for _title, *names in _GROUPS for name in names}
    groups = [(title, [(name, labels[name]) for name in names]) for title, *names in _GROUPS]
    rest = [(field.id, field.label) for field in FIELDS if field.id not in grouped]
    return [("", _("Leave out")), *groups, (_("Certificates"), rest)]


class MappingForm(forms.Form):
    """One select box per column; numbers may stand in thousands or millions."""

    def __init__(self, lines: list[ColumnLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.mapping: Mapping | None = None
        choices = field_choices()
        for number, line in enumerate(lines):
            column = line.column
            self.fields[f"field_{number}"] = forms.ChoiceField(
                label=line.heading, choices=choices, required=False, initial=column.field or ""
            )
            if column.field in _SCALED or self.data.get(f"field_{number}") in _SCALED:
                self.fields[f"times_{number}"] = forms.TypedChoiceField(
                    label=_("Numbers stand in"), choices=[(times, _TIMES[times]) for times in MULTIPLIERS],
                    coerce=int, empty_value=None, required=False, initial=column.multiplier,
                )  # fmt: skip
            if column.field == "kbli_code":
                self.fields[f"version_{number}"] = forms.TypedChoiceField(
                    label=_("Edition of the codes"),
                    choices=[("", _("not said (2020)")), *((v, f"KBLI {v}") for v in KBLI_VERSIONS)],
                    coerce=int, empty_value=None, required=False, initial=column.version or "",
                )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """Return each column with its fields, for the template."""
        return [
            {"line": line, **{part: self._bound(part, number) for part in ("field", "times", "version")}}
            for number, line in enumerate(self.lines)
        ]

    def _bound(self, part: str, number: int) -> Any:
        return self[f"{part}_{number}"] if f"{part}_{number}" in self.fields else None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        columns = {line.heading: _choice(said, number, line.heading) for number, line in enumerate(self.lines)}
        try:
            self.mapping = Mapping.from_dict({"columns": columns})
        except WrongMapping as error:
            for fault in error.faults:
                self.add_error(None, fault)
        return said


_SCALED = {field.id for field in FIELDS if field.kind in {Kind.MONEY, Kind.NUMBER}}


def _choice(said: dict[str, Any], number: int, heading: str) -> dict[str, Any]:
    """Return one column as the mapping keeps it; where nobody said in what numbers stand, its heading may."""
    field = said.get(f"field_{number}") or None
    choice: dict[str, Any] = {"field": field}
    times = said.get(f"times_{number}") or multiplier(heading)
    if field in _SCALED and times != 1:
        choice["multiplier"] = times
    if field == "kbli_code" and (version := said.get(f"version_{number}")):
        choice["version"] = version
    return choice


class TakeInForm(forms.Form):
    mode = forms.ChoiceField(label=_("Rows with errors"), choices=Delivery.Mode.choices, widget=forms.RadioSelect)
