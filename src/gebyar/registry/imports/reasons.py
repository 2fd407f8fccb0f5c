"""Everything that can be wrong with a row, in words: what is the matter and what to do about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A fault of a row.

    An "error" keeps the row out of the register, a "warning" leaves out the field or only asks for a look.
    ``words`` and ``remedy`` take the parameters of the problem.
    """

    severity: Severity
    words: _StrPromise
    remedy: _StrPromise


REASONS: dict[str, Reason] = {
    "name_missing": Reason("error", _("The name of the firm is missing."), _("Write the name of the firm.")),
    "cells_shifted": Reason(
        "error",
        _("The row has more cells than there are headings."),
        _("Put cells that hold the separator in quotation marks, or hand in the list as XLSX."),
    ),
    "region_missing": Reason(
        "error", _("The row does not say where the firm is."), _("Write at least the regency or city.")
    ),
    "region_too_wide": Reason(
        "error", _("Only %(kept)s is known, which is too wide."), _("Write the regency or city too.")
    ),
    "region_not_found": Reason(
        "warning", _("No region of this name is there."), _("Correct the spelling. Nearest: %(candidates)s.")
    ),
    "region_ambiguous": Reason(
        "warning", _("More than one region has this name."), _("Write which one is meant: %(candidates)s.")
    ),
    "region_code_form": Reason(
        "warning", _("This is not a region code."), _("Write the Kemendagri code with 2, 4, 6 or 10 digits.")
    ),
    "region_code_bps": Reason(
        "warning",
        _("Seven digits are a district code of BPS, not of Kemendagri."),
        _("Write the Kemendagri code, or the names of the regency and the district."),
    ),
    "outside_region": Reason(
        "error",
        _("The firm lies outside the region that this list is for (%(region)s)."),
        _("Hand it in with the list of its own region."),
    ),
    "region_code_unknown": Reason(
        "warning", _("No region has this code."), _("Write the Kemendagri code that holds today.")
    ),
    "region_code_shortened": Reason(
        "warning", _("This code no longer exists; %(kept)s was taken."), _("Write the code that holds today.")
    ),
    "region_code_disagrees": Reason(
        "warning",
        _("The code stands for %(code)s, the names say %(names)s. The names were taken."),
        _("Check whether the code is one of BPS, and write the one of Kemendagri."),
    ),
    "nib_scientific": Reason(
        "error",
        _("The spreadsheet has shortened this number; its last digits are lost."),
        _("Format the column as text and write all 13 digits again."),
    ),
    "nib_form": Reason(
        "warning", _("A NIB has 13 digits."), _("Write the 13 digits of the NIB, or leave the cell empty.")
    ),
    "nib_zero_lost": Reason(
        "warning",
        _("A NIB has 13 digits; here are 12. The first zero may be lost."),
        _("Format the column as text and write the zero again."),
    ),
    "nib_filler": Reason(
        "warning",
        _("These 13 digits only repeat or count."),
        _("Write the real NIB, or leave the cell empty."),
    ),
    "nib_joined": Reason(
        "warning",
        _("Rows %(rows)s have the same NIB and were taken as one firm."),
        _("Nothing to do if they are one firm. Otherwise correct the NIB."),
    ),
    "nib_contradicts": Reason(
        "warning",
        _("Rows %(rows)s have the same NIB but differ: “%(first)s” and “%(second)s”. The first was kept."),
        _("Write the right value in both rows."),
    ),
    "npwp_scientific": Reason(
        "warning",
        _("The spreadsheet has shortened this number; its last digits are lost."),
        _("Format the column as text and write all digits again."),
    ),
    "npwp_form": Reason("warning", _("An NPWP has 15 or 16 digits."), _("Write all digits, or leave the cell empty.")),
    "nik_scientific": Reason(
        "warning",
        _("The spreadsheet has shortened this number; its last digits are lost."),
        _("Format the column as text and write all digits again."),
    ),
    "nik_form": Reason(
        "warning", _("These digits cannot be a NIK."), _("Write the 16 digits as on the identity card.")
    ),
    "phone_form": Reason(
        "warning",
        _("This is no Indonesian telephone number."),
        _("Write it with its area code: 0274…, 0812…"),
    ),
    "phone_scientific": Reason(
        "warning",
        _("The spreadsheet has shortened this number; its last digits are lost."),
        _("Format the column as text and write all digits again."),
    ),
    "phone_several": Reason(
        "warning", _("The cell has several numbers; %(kept)s was taken."), _("Keep one number per cell.")
    ),
    "email_form": Reason("warning", _("This is no e-mail address."), _("Write it like nama@contoh.id.")),
    "postal_code_form": Reason("warning", _("A postal code has five digits."), _("Write the five digits.")),
    "kbli_form": Reason("warning", _("This is not a KBLI code."), _("Write the five digits of the KBLI code.")),
    "kbli_short": Reason(
        "warning",
        _("A KBLI code has five digits; here are %(digits)s."),
        _("Write the code of the exact activity with five digits."),
    ),
    "kbli_zero_added": Reason(
        "warning", _("The first zero was missing; %(kept)s was taken."), _("Format the column as text.")
    ),
    "kbli_no_such_group": Reason(
        "warning",
        _("KBLI %(version)s has no group %(group)s."),
        _("Check the code and the edition of the list."),
    ),
    "kbli_several": Reason(
        "warning",
        _("The cell has several codes; %(kept)s was taken."),
        _("Keep the code of the main product."),
    ),
    "kbli_not_manufacturing": Reason(
        "warning", _("This code is not one of manufacturing (10–33)."), _("Check the code.")
    ),
    "not_a_number": Reason("warning", _("This is not one number."), _("Write one number without words.")),
    "number_range": Reason(
        "warning",
        _("This is a range from %(low)s to %(high)s."),
        _("Write the one number that holds for the year."),
    ),
    "bad_grouping": Reason(
        "warning", _("The digits are not grouped by threes."), _("Write the number without dots and commas.")
    ),
    "separator_assumed": Reason(
        "warning",
        _("The comma was read as a decimal comma."),
        _("Write the number without a comma if it separates thousands."),
    ),
    "per_shorter_period": Reason(
        "warning", _("The value is for less than a year."), _("Write the value for the whole year.")
    ),
    "not_whole": Reason("warning", _("This must be a whole number."), _("Write a whole number.")),
    "negative": Reason("warning", _("This number cannot be below zero."), _("Check the number.")),
    "too_large": Reason(
        "warning",
        _("This number is too large to be true."),
        _("Check the number and the unit in the heading."),
    ),
    "unit_twice": Reason(
        "warning",
        _("The cell says Rp and the heading says times %(multiplier)s; it was multiplied."),
        _("Check whether the cell is already in rupiah."),
    ),
    "scientific": Reason(
        "warning",
        _("The spreadsheet has rounded this number."),
        _("Format the column as a number and write it again."),
    ),
    "not_a_date": Reason("warning", _("This is not a date."), _("Write it like 31/12/2024 or 31 Desember 2024.")),
    "date_incomplete": Reason("warning", _("The day is missing."), _("Write it like 31/12/2024 or 31 Desember 2024.")),
    "date_impossible": Reason("warning", _("There is no such day."), _("Check day and month.")),
    "not_a_year": Reason("warning", _("This is not one year."), _("Write the year with four digits.")),
    "year_in_future": Reason("warning", _("This year is later than %(latest)s."), _("Check the year.")),
    "started_after_data": Reason(
        "warning",
        _("The firm started after the year the figures are about (%(year)s)."),
        _("Check both years."),
    ),
    "not_yes_no": Reason("warning", _("This is neither yes nor no."), _("Write Ya or Tidak.")),
    "text_cut": Reason("warning", _("The text was cut after %(longest)s characters."), _("Shorten the text.")),
    "coordinate_form": Reason("warning", _("This is not a coordinate."), _("Write degrees like -7.8013 and 110.3647.")),
    "coordinates_incomplete": Reason(
        "warning", _("Latitude or longitude is missing."), _("Write both, or leave both empty.")
    ),
    "coordinates_swapped": Reason(
        "warning", _("Latitude and longitude were swapped; they were put right."), _("Swap the two columns.")
    ),
    "outside_indonesia": Reason(
        "warning",
        _("This place is not in Indonesia."),
        _("Check the sign: south of the equator has a minus."),
    ),
    "workers_do_not_add_up": Reason(
        "warning",
        _("%(male)s men and %(female)s women are not %(total)s workers. The sum was taken."),
        _("Correct the three numbers."),
    ),
    "more_men_or_women_than_workers": Reason(
        "warning",
        _("There are more men or women than workers; the total was left out."),
        _("Correct the numbers."),
    ),
    "production_below_materials": Reason(
        "warning",
        _("The production is worth less than its raw materials (Rp %(materials)s)."),
        _("Check both values and their units."),
    ),
}


# Parameters that are amounts; years, rows and codes are written without grouping.
_AMOUNTS = frozenset(("materials", "multiplier"))


def _shown(key: str, value: Any) -> Any:
    if key in _AMOUNTS and isinstance(value, int):
        return format_decimal(value, locale=(get_language() or "id").split("-")[0])
    return (", ".join(str(part) for part in value) or "–") if isinstance(value, (list, tuple)) else value


def describe(reason: str, parameters: str | Mapping[str, Any]) -> tuple[str, str]:
    """The words and the remedy of a problem in the language that is active.

    Parameters
    ----------
    reason
        A code of REASONS.
    parameters
        As a mapping, or as the JSON text of a table of problems.
    """
    values = json.loads(parameters or "{}") if isinstance(parameters, str) else parameters
    shown = {key: _shown(key, value) for key, value in values.items()}
    known = REASONS[reason]
    return str(known.words) % shown, str(known.remedy) % shown
