"""An officer hands in the list of their office as it is, mends what is wrong in it, and hands that in."""

from dataclasses import dataclass

import polars as pl
import pytest
from playwright.sync_api import expect
from tests.journeys.deeds import sign_in
from tests.journeys.reader import DESKTOP, PHONE

from gebyar.accounts.models import Role
from gebyar.registry.imports.samples import CSV_NAME, XLSX_NAME, write_samples
from gebyar.registry.models import Contact, Firm

ROWS = 200
# What the officer finds out about the rows that were left out, by the column that is wrong.
MENDED = {"Nama Perusahaan": "Usaha Dicari Namanya", "NIB": None, "Kab/Kota": "Kab. Sleman"}


@dataclass(frozen=True)
class Office:
    """Whose officer hands in which list, and how they read."""

    region: str
    file: str
    owner: str  # heading of the column with the person to speak to
    language: str = "id"
    scripts: bool = True


OFFICES = {
    "id-workbook": Office("34.02", XLSX_NAME, "Pemilik"),
    "en-csv": Office("34.04", CSV_NAME, "Nama Pemilik", language="en"),
    "id-csv-phone-no-scripts": Office("34.04", CSV_NAME, "Nama Pemilik", scripts=False),
}


@pytest.mark.parametrize("name", OFFICES)
def test_officer_takes_in_a_messy_list_and_then_what_was_mended(visit, world, tmp_path, name):
    office, source = OFFICES[name], f"Dinas Uji {name}"
    reader = visit(office.language, size=DESKTOP if office.scripts else PHONE, scripts=office.scripts)
    sign_in(reader, world.officer(Role.LOCAL_OFFICER, office.region)[1])
    write_samples(tmp_path)
    _begin_without_saying_whose_list(reader, tmp_path / office.file)
    _hand_in(reader, tmp_path / office.file, source)
    reader.sees_title("What the columns mean")
    _look(reader, "columns")
    _correct_a_column(reader, office.owner)
    refused = _check(reader)
    sheet = _download_problems(reader, tmp_path)
    _take_in(reader, ROWS - refused)
    _look(reader, "taken-in")
    known = _firms(source).count()
    assert Contact.objects.filter(role=Contact.Role.CONTACT, firm__in=_firms(source)).exists()

    _hand_in(reader, _mend(sheet, tmp_path), source)
    _correct_a_column(reader, office.owner)
    assert _check(reader, name="mended") == 0
    _take_in(reader, refused)
    assert _firms(source).count() == known + refused
    reader.open("/firms/lists/")
    expect(reader.page.locator("#content tbody tr", has_text=source)).to_have_count(2)
    _look(reader, "lists")


def _firms(source):
    return Firm.objects.filter(profiles__delivery__source__name=source).distinct()


def _begin_without_saying_whose_list(reader, file):
    """What is missing is said at its field."""
    reader.open("/")
    reader.follow("Take in a list")
    reader.page.locator("#content input[type=file]").set_input_files(file)
    reader.press("Hand in")
    expect(reader.page.locator("#content .field-error").first).to_be_visible()
    _look(reader, "hand-in")


def _hand_in(reader, file, source):
    reader.open("/firms/lists/new/")
    reader.page.locator("#content input[type=file]").set_input_files(file)
    reader.enter("source_name", source)
    reader.enter("as_of", "2024-11-01")
    reader.enter("data_year", "2024")
    reader.press("Hand in")


def _correct_a_column(reader, heading):
    """The office calls the person to speak to the owner."""
    reader.sees_title("What the columns mean")
    reader.page.get_by_label(reader.say("%(heading)s means", heading=heading), exact=True).select_option("contact_name")
    reader.press("Save and check")


def _check(reader, name="checked"):
    """The work goes on behind the page, which shows its result by itself."""
    expect(_take_in_button(reader)).to_be_visible(timeout=60_000)
    _look(reader, name)
    refused = reader.page.locator(".figure", has_text=reader.say("Rows with errors"))
    return int(refused.locator(".figure-value").inner_text())


def _download_problems(reader, folder):
    sheet = folder / "problems.xlsx"
    sheet.write_bytes(reader.download(reader.link("Download the sheet (XLSX)")).read_bytes())
    return sheet


def _take_in_button(reader):
    return reader.page.locator("#content form[action$='/take-in/'] button")


def _take_in(reader, rows):
    _take_in_button(reader).click()
    expect(reader.page.get_by_text(reader.say("The list is in the register"))).to_be_visible(timeout=60_000)
    taken = reader.page.locator(".figure", has_text=reader.say("Rows taken in"))
    expect(taken.locator(".figure-value")).to_have_text(str(rows))


def _mend(sheet, folder):
    """Right the wrong cells in the sheet itself, as people do, and keep the rows that had been left out."""
    rows = pl.read_excel(sheet, infer_schema_length=0)
    weight, problems = rows.columns[1:3]
    rows = rows.filter(pl.col(weight).str.contains("left out"))
    for heading in MENDED.keys() & rows.columns:
        named = pl.col(problems).str.contains(rf"(?m)^{heading}[ :]")
        rows = rows.with_columns(pl.when(named).then(pl.lit(MENDED[heading])).otherwise(pl.col(heading)).alias(heading))
    path = folder / "mended.xlsx"
    rows.write_excel(path)
    return path


def _look(reader, name):
    if reader.scripts:
        reader.look(name)
