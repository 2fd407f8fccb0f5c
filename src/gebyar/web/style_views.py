"""The living style page: every component as it is, with data that exists nowhere else."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gebyar.reference.regions import provinces, regencies
from gebyar.web import pictures
from gebyar.web.templatetags.formatting import percent

OPENING = datetime(2024, 11, 14, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


class SampleForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the firm"))
    founded = forms.DateField(
        label=gettext_lazy("Founded on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sales = forms.IntegerField(
        label=gettext_lazy("Sales last year"),
        help_text=gettext_lazy("All that was sold in the calendar year, before costs."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    province = forms.ChoiceField(
        label=gettext_lazy("Province"), choices=[("33", "Jawa Tengah"), ("35", "Jawa Timur"), ("51", "Bali")]
    )
    size = forms.ChoiceField(
        label=gettext_lazy("How many people work there?"),
        choices=[
            ("1", gettext_lazy("1 to 4")),
            ("2", gettext_lazy("5 to 19")),
            ("3", gettext_lazy("20 or more")),
        ],
        widget=forms.RadioSelect,
    )
    helped = forms.MultipleChoiceField(
        label=gettext_lazy("Which help have you had?"),
        required=False,
        choices=[("training", gettext_lazy("Training")), ("machine", gettext_lazy("A machine"))],
        widget=forms.CheckboxSelectMultiple,
    )
    story = forms.CharField(label=gettext_lazy("What do you make?"), required=False, widget=forms.Textarea)
    sheet = forms.FileField(label=gettext_lazy("List of firms"), required=False)
    agreed = forms.BooleanField(label=gettext_lazy("These facts are right."))


def sample_pictures() -> dict[str, pictures.Picture]:
    bars = [
        pictures.Bar(_("Small and medium"), 0.2097, accent=True),
        pictures.Bar(_("Large"), 0.7903),
    ]
    return {
        "map": pictures.tile_map(
            {province.code: len(regencies(province.code)) for province in provinces()},
            title=_("Regencies and cities by province"),
            finding=_("East Java has most, 38; South Papua has four."),
            unit=_("number"),
            show_values=True,
        ),
        "bars": pictures.bar_chart(
            bars,
            title=_("Share of industrial output, per cent"),
            finding=_("Small and medium industry makes about a fifth of the output."),
            of=_("Size"),
            unit=_("share"),
            written=percent,
        ),
        "intervals": pictures.interval_chart(
            [
                pictures.Interval(_("Large"), 78.4, 73.1, 83.7, accent=True),
                pictures.Interval(_("Small and medium"), 74.9, 69.8, 80.0),
            ],
            title=_("Points and their intervals"),
            finding=_("The two intervals overlap."),
            of=_("Size"),
            unit=_("points"),
        ),
    }


def _sample_steps() -> list[dict[str, str]]:
    return [
        {"label": _("File"), "state": "done", "url": "#steps"},
        {"label": _("Columns"), "state": "done", "url": "#steps"},
        {"label": _("Preview"), "state": "current"},
        {"label": _("Take in"), "state": "todo"},
    ]


def _sample_tabs() -> list[dict[str, Any]]:
    return [
        {"label": _("Waiting"), "url": "#tabs", "current": True, "count": 12},
        {"label": _("Decided"), "url": "#tabs", "current": False, "count": 1_204},
    ]


def _sample_firms() -> list[dict[str, Any]]:
    return [
        {
            "name": "Batik Canting Sari",
            "place": "Kota Pekalongan",
            "workers": 14,
            "sales": 1_240_000_000,
            "tone": "good",
            "state": _("checked"),
        },
        {
            "name": "Keripik Tempe Bu Rini",
            "place": "Kab. Malang",
            "workers": 6,
            "sales": 312_500_000,
            "tone": "attention",
            "state": _("a licence ends"),
        },
        {
            "name": "Tenun Ikat Nita",
            "place": "Kab. Sikka",
            "workers": 23,
            "sales": None,
            "tone": "neutral",
            "state": _("not checked"),
        },
    ]


@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    context = {
        "form": SampleForm({"name": "", "sales": "1240000000", "province": "33"}),
        "fresh": SampleForm(auto_id="fresh_%s"),
        "filters": SampleForm(auto_id="filter_%s"),
        "crumbs": [{"label": _("Home"), "url": "/"}, {"label": _("Style page")}],
        "steps": _sample_steps(),
        "tabs": _sample_tabs(),
        "firms": _sample_firms(),
        "page": Paginator(range(420), 20).page(3),
        "as_of": date(2024, 10, 1),
        "opening": OPENING,
        "first_end": OPENING + timedelta(minutes=20),
        "second_end": OPENING + timedelta(minutes=40),
        "tones": ["neutral", "info", "good", "attention", "wrong"],
        **sample_pictures(),
    }
    return render(request, "web/style.html", context)
