"""Which column of a list says which fact: suggested from the headings, corrected by hand, kept in a file."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gebyar.registry.imports.added import own_headings
from gebyar.registry.imports.errors import WrongMapping
from gebyar.registry.imports.fields import NUMERIC_KINDS, Kind, by_id
from gebyar.registry.imports.headings import Guess, Reason, guesses, kbli_version, multiplier

if TYPE_CHECKING:
    from pathlib import Path

MULTIPLIERS = (1, 1_000, 1_000_000, 1_000_000_000, 1_000_000_000_000)
KBLI_VERSIONS = (2015, 2020, 2025)
_EXPLANATIONS = {
    Reason.SAME: gettext_lazy("The heading says “%(synonym)s”."),
    Reason.ENDING: gettext_lazy("The heading ends with “%(synonym)s”."),
    Reason.BEGINNING: gettext_lazy("The heading begins with “%(synonym)s”."),
    Reason.SIMILAR: gettext_lazy("The heading looks like “%(synonym)s”."),
    Reason.UNKNOWN: gettext_lazy("The heading is not known. Choose what it means, or leave the column out."),
    Reason.BY_HAND: gettext_lazy("Chosen by hand."),
    Reason.OURS: gettext_lazy("Added by the sheet of what to mend; it is left out."),
}


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of the file stands for.

    ``field`` is None for a column that is left out, ``multiplier`` turns its numbers into whole units,
    ``version`` is the edition of KBLI codes if the heading names one. ``confidence`` (0–1), ``reason`` and
    ``synonym`` say how a suggestion came about.
    """

    heading: str
    field: str | None = None
    multiplier: int = 1
    version: int | None = None
    confidence: float = 0.0
    reason: Reason = Reason.UNKNOWN
    synonym: str = ""

    @property
    def explanation(self) -> str:
        """Why the column was taken for its field, in the language that is active."""
        return _EXPLANATIONS[self.reason] % {"synonym": self.synonym}

    def to_dict(self) -> dict[str, Any]:
        """The choices a person may correct, without how they came about."""
        options = {"multiplier": self.multiplier} if self.multiplier != 1 else {}
        version = {"version": self.version} if self.version else {}
        return {"field": self.field, **options, **version}


@dataclass(frozen=True, slots=True)
class Mapping:
    """The columns of one kind of list in file order."""

    columns: tuple[Column, ...]

    def of(self, field: str) -> Column | None:
        """The column that says this fact, None if no column does."""
        return next((column for column in self.columns if column.field == field), None)

    @property
    def fields(self) -> dict[str, Column]:
        """The columns taken, by field."""
        return {column.field: column for column in self.columns if column.field is not None}

    def assign(self, heading: str, field: str | None, **options: Any) -> Mapping:
        """The same mapping with one column corrected by hand; another column that had the field loses it."""
        return Mapping(tuple(self._corrected(column, heading, field, options) for column in self.columns))

    def _corrected(self, column: Column, heading: str, field: str | None, options: dict[str, Any]) -> Column:
        if column.heading == heading:
            by_hand = Column(heading, field, multiplier(heading), kbli_version(heading), 1.0, Reason.BY_HAND)
            return replace(by_hand if _is_number(field) else replace(by_hand, multiplier=1), **options)
        return replace(column, field=None) if field and column.field == field else column

    def carried_over(self, headers: Sequence[str]) -> Mapping | None:
        """The same choices for a later list, None unless its owner's headings are the same.

        A sheet of problems that comes back corrected has columns of ours beside those of the list.
        """
        own, before = own_headings(headers), own_headings(column.heading for column in self.columns)
        if set(own.values()) != set(before.values()):
            return None
        choices = {before[column.heading]: column for column in self.columns if column.heading in before}
        return Mapping(
            tuple(
                replace(choices[own[header]], heading=header) if header in own else Column(header, reason=Reason.OURS)
                for header in headers
            )
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; :meth:`from_dict` reads them back."""
        return {"columns": {column.heading: column.to_dict() for column in self.columns}}

    @classmethod
    def from_dict(cls, data: Any) -> Mapping:
        """Read a mapping as a person writes it; "heading: field" is short for one without options.

        Raises
        ------
        WrongMapping
            With one sentence per fault.
        """
        columns = data.get("columns") if isinstance(data, Dictionary) else None
        if not isinstance(columns, Dictionary) or not columns:
            raise WrongMapping([_("A mapping begins with “columns:” and one line per heading of the file.")])
        mapping = cls(tuple(_read_column(str(heading), entry) for heading, entry in columns.items()))
        _refuse(_faults(mapping))
        return mapping

    def save(self, path: Path) -> None:
        """Write the mapping as JSON or, by the ending of the name, YAML."""
        is_json = path.suffix.lower() == ".json"
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=2) if is_json else _as_yaml(self.to_dict())
        path.write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Mapping:
        """Read a mapping from a JSON or YAML file; raises WrongMapping."""
        try:
            # JSON is YAML too, so one reader takes both.
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise WrongMapping(
                [_("The mapping %(file)s cannot be read: %(why)s") % {"file": path.name, "why": error}]
            ) from error
        return cls.from_dict(data)

    def check(self, headers: Sequence[str]) -> None:
        """Check a mapping against the headings of a file; raises WrongMapping."""
        _refuse([*_missing_headings(self, headers), *_missing_facts(self)])


def _as_yaml(data: dict[str, Any]) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def _read_column(heading: str, entry: Any) -> Column:
    choices = entry if isinstance(entry, Dictionary) else {"field": entry}
    return Column(
        heading=heading,
        field=choices.get("field") or None,
        multiplier=choices.get("multiplier", 1),
        version=choices.get("version"),
        confidence=1.0,
        reason=Reason.BY_HAND,
    )


def _refuse(faults: list[str]) -> None:
    if faults:
        raise WrongMapping(faults)


def _is_number(field: str | None) -> bool:
    return field in by_id() and by_id()[field].kind in NUMERIC_KINDS


def _nearest(word: str, known: Iterable[str]) -> str:
    return ", ".join(difflib.get_close_matches(word, list(known), n=3, cutoff=0.4)) or "–"


def _column_faults(column: Column) -> list[str]:
    faults = []
    names = {"heading": column.heading, "field": column.field}
    if column.field is not None and column.field not in by_id():
        nearest = _nearest(str(column.field), by_id())
        faults.append(
            _("“%(heading)s”: there is no field “%(field)s”. Nearest: %(nearest)s.") % (names | {"nearest": nearest})
        )
    if column.multiplier not in MULTIPLIERS:
        faults.append(_("“%(heading)s”: the multiplier is 1, 1000, 1000000 … (ribu, juta, miliar).") % names)
    if column.multiplier != 1 and not _is_number(column.field):
        faults.append(_("“%(heading)s”: only numbers take a multiplier, “%(field)s” is none.") % names)
    if column.version not in (None, *KBLI_VERSIONS):
        faults.append(_("“%(heading)s”: editions of KBLI are 2015, 2020 and 2025.") % names)
    return faults


def _faults(mapping: Mapping) -> list[str]:
    faults = [fault for column in mapping.columns for fault in _column_faults(column)]
    for field in mapping.fields:
        headings = [column.heading for column in mapping.columns if column.field == field]
        if len(headings) > 1:
            words = {"field": field, "headings": ", ".join(f"“{heading}”" for heading in headings)}
            faults.append(_("Field “%(field)s” is given by more than one column: %(headings)s. Keep one.") % words)
    return faults


def _missing_headings(mapping: Mapping, headers: Sequence[str]) -> list[str]:
    missing = [column.heading for column in mapping.fields.values() if column.heading not in headers]
    return [
        _("The file has no column “%(heading)s”. Nearest: %(nearest)s.")
        % {"heading": heading, "nearest": _nearest(heading, headers)}
        for heading in missing
    ]


def _missing_facts(mapping: Mapping) -> list[str]:
    if mapping.of("name"):
        return []
    return [_("No column gives the name of the firm. Say which one does.")]


def suggest(headers: Sequence[str]) -> Mapping:
    """Suggest what each column stands for.

    Each field is given to the heading that fits it best; the others keep their next best guess.

    Parameters
    ----------
    headers
        Headings as :class:`gebyar.registry.imports.reading.TableReader` gives them.
    """
    own = own_headings(headers)
    offers = sorted(
        ((position, guess) for position, header in enumerate(headers) for guess in guesses(own.get(header, ""))),
        # Of two headings known as well, the longer one is more exact: "Nama Perusahaan" before "Nama".
        key=lambda offer: (-offer[1].confidence, -len(offer[1].synonym), offer[0], offer[1].field),
    )
    chosen: dict[int, Guess] = {}
    for position, guess in offers:
        taken = {other.field for other in chosen.values()}
        if position not in chosen and guess.field not in taken:
            chosen[position] = guess
    return Mapping(
        tuple(
            _suggested(header, chosen.get(position)) if header in own else Column(header, reason=Reason.OURS)
            for position, header in enumerate(headers)
        )
    )


def _suggested(heading: str, guess: Guess | None) -> Column:
    if guess is None:
        return Column(heading)
    is_kbli = by_id()[guess.field].kind is Kind.KBLI
    return Column(
        heading=heading,
        field=guess.field,
        multiplier=multiplier(heading) if _is_number(guess.field) else 1,
        version=kbli_version(heading) if is_kbli else None,
        confidence=round(guess.confidence, 3),
        reason=guess.reason,
        synonym=guess.synonym,
    )
