"""An officer hands in a list on the pages: file, columns, check, into the register, and what came of it."""

import io
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.factories import person
from tests.registry.lists import SOURCE, received, row, write_list

from gebyar.accounts.models import Role
from gebyar.registry import tasks
from gebyar.registry.imports.samples import write_samples
from gebyar.registry.models import Delivery, Firm
from gebyar.registry.services.deliveries import check, take_in

pytestmark = pytest.mark.django_db

MIXED = [row("Batik Baik", TK="5", Omzet="1500"), row("", TK="4"), row("Batik Kedua", TK="dua puluh lima lebih")]


@pytest.fixture(autouse=True)
def _english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def officer(sign_in_as):
    user = person(Role.LOCAL_OFFICER, "33.74")
    sign_in_as(user)
    return user


@pytest.fixture
def worked_off(settings, django_capture_on_commit_callbacks):
    """Post a form and do the work it starts at once, as the worker would."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

    def post(client, url, data=None):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url, data or {})

    return post


def upload(rows=None, content=None, name="daftar ikm.csv", **facts):
    content = write_list(rows).read_bytes() if content is None else content
    return {
        "file": SimpleUploadedFile(name, content), "source_name": SOURCE, "as_of": "2024-12-31", "data_year": "",
        "region": "33.74", "mode": "good_rows", **facts,
    }  # fmt: skip


def mapping_of(response):
    """What the page's form would send as it stands."""
    return {field.html_name: field.value() if field.value() is not None else "" for field in response.context["form"]}


def test_list_goes_all_the_way_on_the_pages(client, officer, worked_off):
    handed_in = client.post(reverse("registry:delivery_new"), upload(MIXED))
    delivery = Delivery.objects.get()
    columns = reverse("registry:delivery_mapping", args=[delivery.pk])
    page = reverse("registry:delivery", args=[delivery.pk])
    assert handed_in.url == columns
    assert (delivery.region_code, delivery.file_name, delivery.created_by) == ("33.74", "daftar ikm.csv", officer)

    shown = client.get(columns)
    lines = [(row["line"].heading, row["field"].value(), row["line"].certainty) for row in shown.context["rows"]]
    assert lines[:2] == [("Nama Perusahaan", "name", "sure"), ("Kabupaten/Kota", "regency", "sure")]
    answers = mapping_of(shown) | {f"times_{[line[0] for line in lines].index('Omzet')}": "1000"}

    assert worked_off(client, columns, answers).url == page
    checked = client.get(page)
    assert checked.context["stage"] == "checked"
    assert "Batik Baik" in checked.content.decode()
    assert "The name of the firm is missing." in checked.content.decode()
    assert Firm.objects.count() == 0

    assert (
        worked_off(client, reverse("registry:delivery_take_in", args=[delivery.pk]), {"mode": "good_rows"}).url == page
    )
    done = client.get(page)
    assert done.context["stage"] == "done"
    assert list(Firm.objects.order_by("id").values_list("name", "profiles__sales")) == [
        ("Batik Baik", 1_500_000), ("Batik Kedua", None)
    ]  # fmt: skip


def test_check_can_be_left_and_shows_how_far_it_is(client, officer):
    delivery = received(MIXED, region_code="33.74")
    client.post(reverse("registry:delivery_check", args=[delivery.pk]))
    Delivery.objects.filter(pk=delivery.pk).update(counts={"checked": 2}, rows_total=3)

    page = client.get(reverse("registry:delivery", args=[delivery.pk]))
    bar = client.get(reverse("registry:delivery_progress", args=[delivery.pk]))

    assert (page.context["is_running"], page.context["done"], page.context["total"]) == (True, 2, 3)
    assert "2 of 3" in bar.content.decode()
    assert "HX-Refresh" not in bar
    check(delivery=delivery)
    assert client.get(reverse("registry:delivery_progress", args=[delivery.pk]))["HX-Refresh"] == "true"


def test_columns_chosen_twice_are_told_and_nothing_is_saved(client, officer):
    delivery = received(MIXED, region_code="33.74")
    url = reverse("registry:delivery_mapping", args=[delivery.pk])
    answers = mapping_of(client.get(url)) | {"field_1": "name"}

    response = client.post(url, answers)

    assert "given by more than one column" in response.content.decode()
    before, delivery.mapping = delivery.mapping, None
    delivery.refresh_from_db()
    assert delivery.mapping == before


def test_mapping_made_by_hand_is_offered_for_the_next_list_of_the_source(client, officer, worked_off):
    delivery = received([row("Batik", Entah="12")], region_code="33.74")
    url = reverse("registry:delivery_mapping", args=[delivery.pk])
    shown = client.get(url)
    number = [row["line"].heading for row in shown.context["rows"]].index("Entah")
    worked_off(client, url, mapping_of(shown) | {f"field_{number}": "machines"})

    later = received([row("Batik", Entah="13")], region_code="33.74")

    assert later.mapping["columns"]["Entah"] == {"field": "machines"}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_corrected_sheet_of_problems_keeps_the_mapping_and_its_added_columns_are_ours(
    client, officer, worked_off, kind
):
    rows = [
        row("Batik", Entah="12", Yang_perlu_diperbaiki="kurang dana"),
        row("Tenun", Entah="dua belas lebih", Yang_perlu_diperbaiki="sepi"),
    ]
    first = received(rows, region_code="33.74")
    url = reverse("registry:delivery_mapping", args=[first.pk])
    shown = client.get(url)
    headings = [line["line"].heading for line in shown.context["rows"]]
    ours = headings.index("Yang perlu diperbaiki")
    by_hand = {f"field_{headings.index('Entah')}": "machines", f"field_{ours}": "finance"}
    worked_off(client, url, mapping_of(shown) | by_hand)
    sheet = client.get(reverse("registry:delivery_problems", args=[first.pk]), {"format": kind})

    handed_in = client.post(reverse("registry:delivery_new"), upload(content=sheet.content, name=f"perbaikan.{kind}"))
    page = client.get(handed_in.url)

    lines = {line["line"].heading: line["line"] for line in page.context["rows"]}
    assert [line.certainty for line in lines.values()][:4] == ["ours"] * 4
    assert {name: lines[name].column.field for name in ("Nama Perusahaan", "Entah", "Yang perlu diperbaiki *")} == {
        "Nama Perusahaan": "name", "Entah": "machines", "Yang perlu diperbaiki *": "finance",
    }  # fmt: skip
    assert page.content.decode().count("ours, left out") == 4
    assert "not recognised" not in page.content.decode()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_row_with_several_faults_is_mended_once_and_contradicts_itself_nowhere(client, officer, tmp_path, kind):
    nib = "1234567890128"
    faulty = received([row("", NIB=nib, Telepon="12", Omzet="banyak")], region_code="33.74")
    check(delivery=faulty)
    assert faulty.problems.count() == 3
    answer = client.get(reverse("registry:delivery_problems", args=[faulty.pk]), {"format": kind})
    content = io.BytesIO(answer.content)
    sheet = pl.read_excel(content) if kind == "xlsx" else pl.read_csv(content, separator=";", infer_schema=False)
    mended = {"Nama Perusahaan": "Batik", "Telepon": "0274123456", "Omzet": "5000000"}
    path = tmp_path / "mended.csv"
    sheet.with_columns(pl.lit(value).alias(heading) for heading, value in mended.items()).write_csv(path, separator=";")

    again = take_in(actor=None, delivery=received(None, path=path, region_code="33.74"))

    assert list(again.problems.values_list("reason", flat=True)) == []
    assert (again.rows_taken, again.counts["firms_new"], again.counts["rows_joined"]) == (1, 1, 0)
    assert Firm.objects.values_list("name", "nib").get() == ("Batik", nib)


def test_dates_of_a_workbook_are_shown_without_a_time(client, officer):
    content = io.BytesIO()
    dates = [date(2019, 3, 14), date(2020, 12, 1)]
    pl.DataFrame({"Nama Perusahaan": ["Batik", "Tenun"], "Tanggal NIB": dates}).cast(
        {"Tanggal NIB": pl.Datetime}
    ).write_excel(content)

    handed_in = client.post(reverse("registry:delivery_new"), upload(content=content.getvalue(), name="daftar.xlsx"))
    text = client.get(handed_in.url).content.decode()

    assert ("2019-03-14<" in text, "00:00:00" in text) == (True, False)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "kosong.csv", "The submitted file is empty."),
        (b"%PDF-1.7 ...", "daftar.xlsx", "is a document or picture, not a table"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "daftar.xls", "is a web page"),
        (b"PK\x03\x04 not really", "daftar.xlsx", "cannot be read as a workbook"),
    ],
)
def test_file_that_is_no_table_is_refused_in_words_that_name_it(client, officer, content, name, words):
    response = client.post(reverse("registry:delivery_new"), upload(content=content, name=name))

    assert words in response.content.decode()
    assert Delivery.objects.count() == 0


def test_file_that_is_too_large_is_refused(client, officer, settings):
    settings.UPLOAD_MAX_BYTES = 10

    response = client.post(reverse("registry:delivery_new"), upload(MIXED))

    assert "larger than" in response.content.decode()
    assert Delivery.objects.count() == 0


def test_large_upload_on_disk_is_taken(client, officer, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1

    client.post(reverse("registry:delivery_new"), upload(MIXED))

    with Delivery.objects.get().stored_file.open() as kept:
        assert kept.read() == write_list(MIXED).read_bytes()


def test_local_officer_cannot_choose_another_region(client, officer):
    response = client.post(reverse("registry:delivery_new"), upload(MIXED, region="34.02"))

    assert "region" in response.context["form"].errors
    assert Delivery.objects.count() == 0


def test_national_officer_may_choose_the_whole_country(client, sign_in_as):
    sign_in_as(person(Role.PROGRAMME_OFFICER))

    client.post(reverse("registry:delivery_new"), upload(MIXED, region=""))

    assert Delivery.objects.get().region_code == ""


def test_same_file_of_another_region_is_refused_without_showing_it(client, officer):
    path = write_list(MIXED)
    received(None, path=path, region_code="34.02")

    response = client.post(reverse("registry:delivery_new"), upload(content=path.read_bytes()))

    assert "handed in for another region already" in response.content.decode()


def test_officers_see_lists_of_their_own_region_only(client, officer):
    own = received([row("A")], region_code="33.74.10")
    received([row("B")], region_code="34.02", source_name="Dinas Bantul")
    received([row("C")], source_name="Kementerian")

    page = client.get(reverse("registry:delivery_list"))

    assert [delivery.pk for delivery in page.context["page"]] == [own.pk]
    assert "Dinas Bantul" not in client.get(reverse("registry:delivery_new")).content.decode()


_ROUTES = [
    "delivery",
    "delivery_mapping",
    "delivery_problems",
    "delivery_progress",
    "delivery_check",
    "delivery_take_in",
]


@pytest.mark.parametrize("route", _ROUTES)
def test_list_of_another_region_does_not_exist_for_this_officer(client, officer, route):
    foreign = received(MIXED, region_code="34.02")
    check(delivery=foreign)
    address = reverse(f"registry:{route}", args=[foreign.pk])

    answer = client.post(address) if route.endswith(("check", "take_in", "mapping")) else client.get(address)

    foreign.refresh_from_db()
    assert (answer.status_code, foreign.status, Firm.objects.count()) == (404, "checked", 0)


def test_sheet_of_problems_comes_as_workbook_and_csv(client, officer):
    delivery = received(MIXED, region_code="33.74")
    check(delivery=delivery)
    url = reverse("registry:delivery_problems", args=[delivery.pk])

    book, text = client.get(url), client.get(url, {"format": "csv"})

    for sheet in (pl.read_excel(io.BytesIO(book.content)), pl.read_csv(io.BytesIO(text.content), separator=";")):
        assert sheet[:, 0].to_list() == [3, 4]
        assert sheet["Nama Perusahaan"].to_list() == [None, "Batik Kedua"]
    assert book["Content-Disposition"].endswith('.xlsx"')


def test_all_or_nothing_with_errors_says_that_nothing_was_taken_in(client, officer, worked_off):
    delivery = received(MIXED, region_code="33.74")
    check(delivery=delivery)

    answer = client.post(
        reverse("registry:delivery_take_in", args=[delivery.pk]), {"mode": "all_or_nothing"}, follow=True
    )

    assert "1 row has an error, so nothing was taken in." in answer.content.decode()
    assert Firm.objects.count() == 0


def test_list_that_was_not_checked_is_not_taken_in(client, officer, worked_off):
    delivery = received(MIXED, region_code="33.74")

    worked_off(client, reverse("registry:delivery_take_in", args=[delivery.pk]), {"mode": "good_rows"})

    delivery.refresh_from_db()
    assert (delivery.status, Firm.objects.count()) == ("uploaded", 0)


def test_work_that_breaks_is_told_and_goes_on_later(client, officer, worked_off, monkeypatch):
    from gebyar.registry.services.deliveries import starting

    delivery = received(MIXED, region_code="33.74")
    check(delivery=delivery)
    address = reverse("registry:delivery_take_in", args=[delivery.pk])

    def breaks(**_facts):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(starting, "take_in", breaks)
        worked_off(client, address, {"mode": "good_rows"})
    page = client.get(reverse("registry:delivery", args=[delivery.pk])).content.decode()
    assert "The work stopped" in page
    assert "Nothing was lost" in page

    worked_off(client, reverse("registry:delivery_check", args=[delivery.pk]))
    worked_off(client, address, {"mode": "good_rows"})
    assert Firm.objects.count() == 2


def test_task_done_twice_takes_in_once(officer):
    delivery = received(MIXED, region_code="33.74")
    check(delivery=delivery)
    take_in(actor=officer, delivery=delivery)

    tasks.work_on_delivery.func(delivery.pk, officer.pk)

    assert Firm.objects.count() == 2


@pytest.mark.parametrize(("number", "region"), [(0, "34.02"), (1, "34.04")])
def test_sample_lists_with_their_faults_go_through(client, sign_in_as, worked_off, number, region):
    sign_in_as(person(Role.PROGRAMME_OFFICER))
    path = write_samples(Path(tempfile.mkdtemp()))[number]
    client.post(
        reverse("registry:delivery_new"),
        upload(content=path.read_bytes(), name=path.name, region=region, data_year="2024"),
    )
    delivery = Delivery.objects.get()
    columns = reverse("registry:delivery_mapping", args=[delivery.pk])
    worked_off(client, columns, mapping_of(client.get(columns)))

    worked_off(client, reverse("registry:delivery_take_in", args=[delivery.pk]), {"mode": "good_rows"})

    page = client.get(reverse("registry:delivery", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert (delivery.status, page.context["stage"]) == ("done", "done")
    assert delivery.rows_taken + delivery.rows_refused == 200
    assert delivery.rows_refused < 20


def test_pages_stay_light_with_many_rows(client, officer, django_assert_num_queries):
    few = received([row("", TK="1")], region_code="33.74")
    many = received([row("", TK=str(n)) for n in range(400)], region_code="33.74")
    for delivery in (few, many):
        check(delivery=delivery)

    for delivery in (few, many):
        with django_assert_num_queries(8):  # one of them asks whether the navigation shows a firm of their own
            page = client.get(reverse("registry:delivery", args=[delivery.pk]))

    assert len(page.content) < 60_000
    assert [group.count for group in page.context["groups"]] == [400]
