"""The parts that pages are made of: what they say, whom they tell, what they keep."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, engines
from django.test import RequestFactory
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def render(markup, address="/firms/", **context):
    template = engines["django"].from_string(CottonCompiler().process(markup))
    return re.sub(r"\s+", " ", template.template.render(as_context(context, address)))


def as_context(context, address):
    return Context({"request": RequestFactory().get(address), **context})


class Elements(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.all = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))

    def named(self, *tags):
        return [attrs for tag, attrs in self.all if tag in tags]


class EntryForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the licence.")
    size = forms.ChoiceField(label="Size", choices=[("1", "1–4"), ("2", "5–19")], widget=forms.RadioSelect)
    help = forms.MultipleChoiceField(
        label="Help", required=False, choices=[("a", "Training")], widget=forms.CheckboxSelectMultiple
    )
    story = forms.CharField(label="Story", required=False, widget=forms.Textarea)
    region = forms.ChoiceField(label="Region", choices=[("33", "Jawa Tengah")])
    since = forms.DateField(label="Since", widget=forms.DateInput(attrs={"type": "date"}))
    sheet = forms.FileField(label="List")
    agreed = forms.BooleanField(label="These facts are right.")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize("name", list(EntryForm.base_fields))
def test_field_of_every_widget_has_a_label_and_every_id_it_names(name):
    form = EntryForm({"token": "x"})
    elements = Elements(render('<c-field :field="field" />', field=form[name]))
    ids = {attrs["id"] for _tag, attrs in elements.all if "id" in attrs}
    inputs = [attrs for attrs in elements.named("input", "select", "textarea") if attrs.get("type") != "hidden"]
    labels = {attrs["for"] for attrs in elements.named("label")}
    named = {word for _tag, attrs in elements.all for word in (attrs.get("aria-describedby") or "").split()}
    assert {attrs["id"] for attrs in inputs} == labels
    assert named <= ids
    assert bool(form[name].errors) == (f"id_{name}_error" in named)


def test_field_says_when_it_may_stay_empty():
    form = EntryForm()
    assert "(optional)" in render('<c-field :field="field" />', field=form["story"])
    assert "(optional)" not in render('<c-field :field="field" />', field=form["name"])


def test_field_escapes_what_people_typed():
    page = render('<c-field :field="field" />', field=EntryForm({"name": '"><script>'})["name"])
    assert "<script>" not in page


def test_error_summary_leads_to_each_field():
    form = EntryForm({})
    page = render('<c-form :form="form">{{ form.name }}</c-form>', form=form)
    links = [attrs["href"] for attrs in Elements(page).named("a")]
    assert links == ["#id_name", "#id_size", "#id_region", "#id_since", "#id_sheet", "#id_agreed"]
    assert 'enctype="multipart/form-data"' in page


def test_error_summary_is_silent_while_the_form_is_right():
    class Easy(forms.Form):
        name = forms.CharField()

    assert render('<c-error-summary :form="form" />', form=Easy({"name": "a"})).strip() == ""


def test_button_is_a_link_only_with_an_address():
    assert Elements(render('<c-button href="/a" kind="quiet">Go</c-button>')).all == [
        ("a", {"class": "button button-quiet", "href": "/a"})
    ]
    assert Elements(render('<c-button name="n" value="v" disabled>Go</c-button>')).all == [
        (
            "button",
            {"class": "button button-primary", "type": "submit", "name": "n", "value": "v", "disabled": None},
        )
    ]


def test_component_does_not_inherit_words_of_the_page():
    page = render('<c-fact term="Workers" /><c-notice>Read</c-notice>', value="12", source="Dinas", title="Page")
    assert "not known yet" in page
    assert "Dinas" not in page
    assert "Page" not in page


def test_pagination_keeps_the_filters():
    page = Paginator(range(100), 10).page(3)
    links = Elements(render('<c-pagination :page="page" />', "/firms/?q=a+b&page=3", page=page)).named("a")
    assert [(link["rel"], link["href"]) for link in links] == [
        ("prev", "?q=a+b&page=2"),
        ("next", "?q=a+b&page=4"),
    ]


def test_pagination_of_a_capped_count_promises_no_last_page():
    page = Paginator(range(100), 10).page(3)
    assert "Page 3 of 10" in render('<c-pagination :page="page" />', page=page)
    capped = render('<c-pagination :page="page" capped />', page=page)
    assert "Page 3" in capped
    assert "of 10" not in capped


def test_pagination_of_one_page_is_absent():
    assert render('<c-pagination :page="page" />', page=Paginator([1], 10).page(1)).strip() == ""


@pytest.mark.parametrize(
    ("given", "expected"),
    [("0", "0"), ("", "not known yet"), ("–", "not known yet"), ("12", "12")],
)
def test_fact_tells_nought_from_not_known(given, expected):
    page = render('<c-fact term="Workers" value="{{ v }}" source="Dinas" :date="d" />', v=given, d=date(2024, 10, 1))
    words = re.sub(r"<[^>]+>", "|", page)
    assert f"|{expected}|" in words
    assert "Dinas, 1 October 2024" in words


def test_progress_asks_again_only_while_it_runs():
    source = '<c-progress :done="done" :total="total" words="Checking" url="{{ url }}" />'
    running = render(source, done=412_000, total=1_000_000, url="/p/1")
    assert 'hx-get="/p/1"' in running
    assert 'value="412000" max="1000000"' in running
    assert "412,000 of 1,000,000" in running
    assert "hx-get" not in render(source, done=1, total=1, url="")


def test_progress_without_a_total_shows_no_share():
    assert Elements(render('<c-progress words="Reading" />')).named("progress") == [{"aria-label": "Reading"}]


@pytest.mark.parametrize("tone", ["neutral", "info", "good", "attention", "wrong"])
def test_status_differs_by_shape_and_not_by_colour_alone(tone):
    shapes = {
        other: re.search(r"<svg.*?</svg>", render('<c-status :tone="t">x</c-status>', t=other)).group()
        for other in ("neutral", "info", "good", "attention", "wrong")
    }
    assert [other for other, shape in shapes.items() if shape == shapes[tone]] == [tone]


def test_notice_takes_the_tags_of_messages():
    page = render('<c-notice :tone="tag" message>Saved</c-notice>', tag="success")
    assert Elements(page).all[0][1] == {"class": "notice good", "role": "status", "data-dismissible": "Close"}
