"""The columns that the sheet of problems adds to a list, known again when the corrected sheet is handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from gebyar.registry.imports.layout import unique_headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LANGUAGES = ("id", "en")
# A column of the list that is called like one of ours is marked in the sheet.
_MARK = " *"
# One heading may be like ours by chance; a sheet of ours has more of them, even if some were deleted.
_FEWEST = 2


def added_headings() -> list[str]:
    """Headings of the columns that the sheet adds, both languages where the reader may have either."""
    both = []
    for language in LANGUAGES:
        with override(language):
            both.append((_("Row"), pgettext("of a problem", "Weight"), _("What to mend")))
    (row, weight, mend), (row_en, weight_en, mend_en) = both
    return list(unique_headers([f"{row} / {row_en}", f"{weight} / {weight_en}", mend, mend_en]))


def beside_ours(name: str, ours: Sequence[str]) -> str:
    """The heading of a column of the list in a sheet that has columns of ours."""
    return f"{name}{_MARK}" if name in ours else name


def own_headings(headers: Iterable[str]) -> dict[str, str]:
    """Each heading of a file that its owner wrote, and how it was written there before we added ours.

    >>> own_headings(["Nama", "Alamat"])
    {'Nama': 'Nama', 'Alamat': 'Alamat'}
    """
    headers, ours = list(headers), added_headings()
    if len(set(headers) & set(ours)) < _FEWEST:
        return {header: header for header in headers}
    marked = {beside_ours(name, ours): name for name in ours}
    return {header: marked.get(header, header) for header in headers if header not in ours}
