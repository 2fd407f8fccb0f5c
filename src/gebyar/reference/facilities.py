"""Facilities of the programme as data: who may have them, what they give, when, by which law.

Each facility is a document with versions, the newest last; a version holds for its dates and is never changed, so that a
decision stays what it was. The law is named for each condition; articles are named where they could be checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from gebyar.reference.documents import DocumentReader, Text
from gebyar.reference.files import read_yaml
from gebyar.reference.size_rules import size_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["size", "sector", "present", "flag", "range", "holds", "lacks", "asked"]

BUILT_IN = ("kite_ikm", "machine_restructuring", "dapati", "bpipi", "tkdn_ik", "halal", "sentra", "ovop")
CERTIFICATES = ("halal", "pirt", "bpom", "sni", "trademark", "tkdn", "nib")
NUMBERS = ("workers", "investment", "capital", "net_worth", "sales", "machines", "started_year")
FLAGS = ("exports", "is_active")
KNOWN = ("nib", "npwp", "kbli_code", "region_code", "address")


class BadFacility(ValueError):
    """A document that is no facility; `problems` names every fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold.

    size: the firm's class by ``rule`` is one of ``classes``. sector: its KBLI code begins with one of ``prefixes``. present:
    ``fact`` is known. flag: ``fact`` is ``value``. range: ``fact`` lies from ``least`` to ``most``. holds, lacks: a
    ``certificate``. asked: the register cannot know it; the applicant says it.
    """

    id: str
    kind: Kind
    words: Text
    article: str
    certain: bool = True
    rule: str = ""
    classes: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    fact: str = ""
    value: bool = True
    least: int | None = None
    most: int | None = None
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Benefit:
    """What is given: in words, or a share of a price within bounds, in rupiah. ``shares`` by what is chosen."""

    words: Text
    shares: Mapping[str, float]
    least: int | None = None
    most: int | None = None
    certain: bool = True

    def of(self, price: int, choice: str) -> int:
        """Return the amount for a price, in whole rupiah rounded down; nothing where it is below the least.

        Raises
        ------
        KeyError
            When there is no share of that name.
        """
        amount = int(price * self.shares[choice])
        if self.least is not None and amount < self.least:
            return 0
        return amount if self.most is None else min(amount, self.most)


@dataclass(frozen=True, slots=True)
class DocumentAsk:
    id: str
    names: Text


@dataclass(frozen=True, slots=True)
class Version:
    version: str
    valid_from: date
    valid_until: date | None
    source: str
    conditions: tuple[Condition, ...]
    benefit: Benefit
    documents: tuple[DocumentAsk, ...]
    decision_days: int | None = None  # working days

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Facility:
    id: str
    names: Text
    summary: Text
    law: str
    certain: bool
    versions: tuple[Version, ...]

    def on(self, day: date) -> Version | None:
        """The version that holds on a day, or None."""
        return next((version for version in reversed(self.versions) if version.holds_on(day)), None)

    def version(self, name: str) -> Version:
        return next(version for version in self.versions if version.version == name)


# --- reading ------------------------------------------------------------------------------------------------


def read_facility(document: Mapping[str, Any]) -> Facility:
    """Read and check a facility.

    Raises
    ------
    BadFacility
        With one line for each fault: its path, what is wrong, what is wanted.
    """
    if not isinstance(document, dict):
        raise BadFacility(["the document must be a block of names and values"])
    reader = DocumentReader()
    rows = reader.rows(document, "versions", "")
    facility = Facility(
        id=reader.name(document, "", set()),
        names=reader.text(document, "names", ""),
        summary=reader.text(document, "summary", ""),
        law=str(document.get("law") or ""),
        certain=bool(document.get("certain", True)),
        versions=tuple(_version(reader, row, f"versions[{place}].") for place, row in enumerate(rows)),
    )
    if not facility.law:
        reader.say("law", "name the law or programme it rests on")
    _check_dates(reader, facility)
    if reader.problems:
        raise BadFacility(reader.problems)
    return facility


def _version(reader: DocumentReader, row: Mapping[str, Any], path: str) -> Version:
    taken: set[str] = set()
    conditions = reader.rows(row, "conditions", path)
    days = row.get("decision_days")
    return Version(
        version=str(row.get("version") or ""),
        valid_from=_date(reader, row, "valid_from", path) or date.max,
        valid_until=_date(reader, row, "valid_until", path) if row.get("valid_until") else None,
        source=str(row.get("source") or ""),
        conditions=tuple(
            _condition(reader, condition, f"{path}conditions[{place}].", taken)
            for place, condition in enumerate(conditions)
        ),
        benefit=_benefit(reader, row, path),
        documents=tuple(
            DocumentAsk(
                reader.name(ask, where := f"{path}documents[{place}].", set()), reader.text(ask, "names", where)
            )
            for place, ask in enumerate(reader.rows(row, "documents", path, needed=False))
        ),
        decision_days=int(days) if isinstance(days, int) else None,
    )


def _date(reader: DocumentReader, row: Mapping[str, Any], name: str, path: str) -> date | None:
    found = row.get(name)
    if isinstance(found, date):
        return found
    try:
        return date.fromisoformat(str(found))
    except ValueError:
        reader.say(f"{path}{name}", f"must be a date such as 2025-12-31, not {found!r}")
        return None


def _condition(reader: DocumentReader, row: Mapping[str, Any], path: str, taken: set[str]) -> Condition:
    kind = row.get("kind")
    if kind not in get_args(Kind):
        reader.say(f"{path}kind", f"must be one of {', '.join(get_args(Kind))}, not {kind!r}")
        kind = "asked"
    if not row.get("article"):
        reader.say(f"{path}article", "name the law, and its article where known")
    condition = Condition(
        id=reader.name(row, path, taken),
        kind=cast("Kind", kind),
        words=reader.text(row, "words", path),
        article=str(row.get("article") or ""),
        certain=bool(row.get("certain", True)),
        rule=str(row.get("rule") or ""),
        classes=tuple(str(one) for one in row.get("classes") or ()),
        prefixes=tuple(str(one) for one in row.get("prefixes") or ()),
        fact=str(row.get("fact") or ""),
        value=bool(row.get("value", True)),
        least=row.get("least"),
        most=row.get("most"),
        certificate=str(row.get("certificate") or ""),
    )
    _check_condition(reader, condition, path)
    return condition


def _check_condition(reader: DocumentReader, condition: Condition, path: str) -> None:
    if condition.kind == "size":
        rules = {rule.id: rule for rule in size_rules()}
        if condition.rule not in rules:
            reader.say(f"{path}rule", f"must be one of {', '.join(rules)}, not {condition.rule!r}")
        elif not condition.classes or not set(condition.classes) <= set(rules[condition.rule].class_names):
            reader.say(f"{path}classes", f"must be some of {', '.join(rules[condition.rule].class_names)}")
    elif condition.kind == "sector" and not all(1 < len(p) < 6 and p.isdigit() for p in condition.prefixes or ("",)):
        reader.say(f"{path}prefixes", "must be beginnings of KBLI codes, 2 to 5 digits each")
    elif condition.kind in {"holds", "lacks"} and condition.certificate not in CERTIFICATES:
        reader.say(f"{path}certificate", f"must be one of {', '.join(CERTIFICATES)}, not {condition.certificate!r}")
    elif condition.kind in _FACTS and condition.fact not in _FACTS[condition.kind]:
        reader.say(f"{path}fact", f"must be one of {', '.join(_FACTS[condition.kind])}, not {condition.fact!r}")
    elif condition.kind == "range" and condition.least is None and condition.most is None:
        reader.say(path.rstrip("."), "give least, most or both")


_FACTS: Mapping[str, tuple[str, ...]] = {"present": KNOWN, "flag": FLAGS, "range": NUMBERS}


def _benefit(reader: DocumentReader, row: Mapping[str, Any], path: str) -> Benefit:
    found = row.get("benefit")
    if not isinstance(found, dict):
        reader.say(f"{path}benefit", "say what is given: kind words, or kind share")
        found = {}
    certain = bool(found.get("certain", True))
    if found.get("kind") != "share":
        return Benefit(reader.text(found, "words", f"{path}benefit."), {}, certain=certain)
    shares = {str(name): float(share) for name, share in (found.get("shares") or {}).items()}
    if not shares or not all(0 < share <= 1 for share in shares.values()):
        reader.say(f"{path}benefit.shares", "must be shares above 0 and at most 1, each with its name")
    return Benefit(
        reader.text(found, "of", f"{path}benefit."), shares, found.get("least"), found.get("most"), certain=certain
    )


def _check_dates(reader: DocumentReader, facility: Facility) -> None:
    for before, after in zip(facility.versions, facility.versions[1:], strict=False):
        if before.valid_until is None or before.valid_until >= after.valid_from:
            reader.say("versions", f"version {before.version} must end before {after.version} begins")
    names = [version.version for version in facility.versions]
    if len(set(names)) < len(names) or "" in names:
        reader.say("versions", "every version needs a name of its own")


@cache
def facilities() -> tuple[Facility, ...]:
    """Return those of ``data/facilities``."""
    return tuple(read_facility(read_yaml(f"facilities/{name}.yaml")) for name in BUILT_IN)


def facility(facility_id: str) -> Facility:
    """Return one by its id; KeyError when there is none."""
    return {one.id: one for one in facilities()}[facility_id]
