"""Firms as lists and pages show them, each reader seeing what they may."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.accounts.queries import region_filter
from gebyar.methods.size import classify
from gebyar.records.sealing import open_sealed
from gebyar.reference import kbli
from gebyar.reference.size_rules import class_labels, fact_labels, size_rules
from gebyar.registry.facts import Fact, facts, masked, text_of
from gebyar.registry.imports.fields import Kind
from gebyar.registry.models import Certificate, Contact, Correction, FactChange, Firm, FirmMember, Profile
from gebyar.registry.queries.wording import kind_of, label_of, place
from gebyar.registry.rules import open_firms

_UNKNOWN = "unknown"


# --- lists
# ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FirmCard:
    """What anybody may know of a firm."""

    id: int
    name: str
    products: list[str]
    regency: str
    division: str
    certificates: list[str]
    is_active: bool
    is_synthetic: bool


def cards(ids: Sequence[int]) -> list[FirmCard]:
    """Return the public facts of firms in the order of their ids; one query, however many there are."""
    held = Certificate.objects.filter(firm=OuterRef("pk")).order_by("kind").values("kind")
    found = Firm.objects.filter(pk__in=ids).annotate(held=ArraySubquery(held))
    firms = {firm.pk: card(firm, firm.held) for firm in found}
    return [firms[firm_id] for firm_id in ids if firm_id in firms]


def card(firm: Firm, held: Iterable[str] | None = None) -> FirmCard:
    """Return the public facts of one firm; `held` are its kinds of certificates, where they are known already."""
    if held is None:
        held = firm.certificates.order_by("kind").values_list("kind", flat=True)
    kinds = dict.fromkeys(str(Certificate.Kind(kind).label) for kind in held)
    return FirmCard(
        id=firm.pk,
        name=firm.name,
        products=firm.products,
        regency=place(firm.region_code[:5]),
        division=division_name(firm.kbli_code),
        certificates=list(kinds),
        is_active=firm.is_active,
        is_synthetic=firm.is_synthetic,
    )


def division_name(code: str | None) -> str:
    """Name the KBLI division of a code in the reader's language, "" where there is none."""
    division = kbli.category(code[:2]) if code else None
    return _in_language({"id": division.id, "en": division.en}) if division else ""


def _in_language(names: Any) -> str:
    language = (get_language() or "id").split("-")[0]
    return str(names["en"] if language == "en" else names["id"])


def visible_firms(user: Any) -> QuerySet[Firm]:
    """Return the firms whose page this reader may open: active ones, their own, and those of their region."""
    region = region_filter(user)
    if not region:  # the whole country
        return Firm.objects.all()
    return Firm.objects.filter(Q(is_active=True) | region | Q(pk__in=open_firms(user)))


def my_firms(user: User) -> QuerySet[FirmMember]:
    open_corrections = Correction.objects.filter(status=Correction.Status.PENDING)
    return (
        FirmMember.objects.filter(user=user, ended_at__isnull=True)
        .select_related("firm")
        .prefetch_related(Prefetch("firm__corrections", open_corrections, to_attr="open_corrections"))
        .order_by("firm__name", "pk")
    )


# --- one firm
# ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HistoryLine:
    """One statement about a fact: what was said, by whom, as of when."""

    value: str | None
    source: str
    as_of: date
    year: int | None = None


@dataclass(frozen=True)
class FactLine:
    """A fact as the firm's page shows it: its value, where it comes from, and what was said before."""

    fact: Fact
    value: str | None
    source: str = ""
    as_of: date | None = None
    history: list[HistoryLine] = field(default_factory=list)
    is_waiting: bool = False

    @property
    def kind(self) -> str:
        return str(self.fact.kind)


@dataclass(frozen=True)
class SizeLine:
    """The class of a firm by one rule, or what has to be known first."""

    rule: str
    law: str
    name: str
    missing: str


@dataclass(frozen=True)
class FirmPage:
    """Everything about a firm that its members and officers see."""

    firm: Firm
    year: int | None
    identity: list[FactLine]
    yearly: list[FactLine]
    sizes: list[SizeLine]
    certificates: list[Certificate]
    contacts: list[Contact]
    waiting: list["CorrectionLine"]
    decided: list["CorrectionLine"]

    @property
    def has_history(self) -> bool:
        return any(line.history for line in (*self.identity, *self.yearly))


def firm_page(firm: Firm) -> FirmPage:
    """Gather a firm's page; a fixed number of queries."""
    profiles = list(firm.profiles.select_related("delivery__source").order_by("-year", "-as_of", "-pk"))
    changes = list(firm.changes.select_related("delivery__source", "correction").order_by("-as_of", "-pk"))
    corrections = list(firm.corrections.select_related("proposed_by", "decided_by").order_by("-proposed_at"))
    current = next((profile for profile in profiles if profile.is_current), None)
    waiting = [correction for correction in corrections if correction.status == Correction.Status.PENDING]
    decided = [correction for correction in corrections if correction.status != Correction.Status.PENDING]
    fields = {correction.field for correction in waiting}
    return FirmPage(
        firm=firm,
        year=current.year if current else None,
        identity=[_identity_line(some, firm, changes, fields) for some in facts().values() if not some.yearly],
        yearly=[_yearly_line(some, current, profiles, fields) for some in facts().values() if some.yearly],
        sizes=size_lines(current),
        certificates=list(firm.certificates.order_by("kind", "number")),
        contacts=list(firm.contacts.order_by("role")),
        waiting=correction_lines(waiting),
        decided=correction_lines(decided),
    )


def _identity_line(some: Fact, firm: Firm, changes: list[FactChange], waiting: set[str]) -> FactLine:
    own = [change for change in changes if change.field == some.field]
    origin, as_of = _origin(firm)
    history = [HistoryLine(change.new_value, _source_of(change), change.as_of) for change in own]
    if own:
        history.append(HistoryLine(own[-1].old_value, origin, as_of or own[-1].as_of))
        origin, as_of = history[0].source, history[0].as_of
    value = readable(some, text_of(some, firm))
    lines = history if own else []
    return FactLine(some, value, origin if value else "", as_of if value else None, lines, some.field in waiting)


def _origin(firm: Firm) -> tuple[str, date | None]:
    delivery = firm.delivery
    return (delivery.source.label, delivery.as_of) if delivery else ("", None)


def _source_of(change: FactChange) -> str:
    if change.delivery is not None:
        return change.delivery.source.label
    correction = change.correction
    return str(label_source(correction)) if correction else ""


def label_source(correction: Correction) -> str:
    """Name who stands behind a corrected fact: the firm, or the officer who changed it."""
    is_officers_own = correction.proposed_by_id is not None and correction.proposed_by_id == correction.decided_by_id
    return _("officer of the region") if is_officers_own else _("the firm itself")


def _yearly_line(some: Fact, current: Profile | None, profiles: list[Profile], waiting: set[str]) -> FactLine:
    said = [(profile, text_of(some, profile)) for profile in profiles]
    history = [
        HistoryLine(text, profile.delivery.source.label, profile.as_of, profile.year)
        for profile, text in _first_said(said)
        if text is not None
    ]
    value = text_of(some, current)
    origin = next((line for line in history if current and line.year == current.year and line.value == value), None)
    lines = history if len(history) > 1 else []
    if value is None or origin is None:
        return FactLine(some, value, history=lines, is_waiting=some.field in waiting)
    return FactLine(some, value, origin.source, origin.as_of, lines, some.field in waiting)


def _first_said(said: list[tuple[Profile, str | None]]) -> list[tuple[Profile, str | None]]:
    """Keep who said a value first: a later statement about the year repeats what it does not correct."""
    kept: list[tuple[Profile, str | None]] = []
    for profile, text in reversed(said):
        if not any(other.year == profile.year and value == text for other, value in kept[-1:]):
            kept.append((profile, text))
    return kept[::-1]


def readable(some: Fact, text: str | None) -> str | None:
    """Turn canonical text into what may be shown: places by name, personal numbers by their last digits."""
    if text is None:
        return None
    match some.kind:
        case Kind.NPWP:
            return text if "•" in text else masked(open_sealed(text.encode()))
        case Kind.REGION:
            return place(text)
        case Kind.KBLI:
            return f"{text}: {division_name(text)}" if division_name(text) else text
        case Kind.PRODUCTS if text.startswith("{"):  # as PostgreSQL writes a list, in changes that came with a file
            return "\n".join(next(csv.reader([text[1:-1]]), []))
    return text


def shown(change: Correction | FactChange, text: str | None) -> str | None:
    """Write one side of a change for a page."""
    some = facts().get(change.field)
    return readable(some, text) if some else text


def size_lines(profile: Profile | None) -> list[SizeLine]:
    """Return the class by every rule in the reader's language."""
    known = {name: [getattr(profile, name, None)] for name in fact_labels()}
    row = classify(pl.DataFrame(known, schema=dict.fromkeys(known, pl.Int64))).row(0, named=True)
    return [_size_line(_in_language(rule.labels), rule.law, row[rule.id]) for rule in size_rules()]


def _size_line(label: str, law: str, answer: str) -> SizeLine:
    if not answer.startswith(_UNKNOWN):
        return SizeLine(label, law, _in_language(class_labels()[answer]), "")
    missing = answer.partition(": ")[2].split(", ")
    return SizeLine(label, law, "", ", ".join(_in_language(fact_labels()[name]).lower() for name in missing))


# --- corrections
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CorrectionLine:
    """A correction as lists show it."""

    correction: Correction
    label: str
    kind: str
    old: str | None
    new: str | None


def corrections_to_decide(user: User) -> QuerySet[Correction]:
    """Return what waits for this officer, the oldest first."""
    return corrections_in_region(user).filter(status=Correction.Status.PENDING).order_by("proposed_at", "pk")


def corrections_in_region(user: User) -> QuerySet[Correction]:
    return Correction.objects.filter(region_filter(user, "firm__region_code")).select_related("firm", "proposed_by")


def visible_corrections(user: User) -> QuerySet[Correction]:
    """Return the corrections a person may read: of their firms, of their region, and their own."""
    region = region_filter(user, "firm__region_code")
    if not region:
        return Correction.objects.select_related("firm", "proposed_by", "decided_by")
    seen = region | Q(firm__in=open_firms(user)) | Q(proposed_by=user)
    return Correction.objects.filter(seen).select_related("firm", "proposed_by", "decided_by")


def correction_lines(corrections: Iterable[Correction]) -> list[CorrectionLine]:
    return [correction_line(correction) for correction in corrections]


def correction_line(correction: Correction) -> CorrectionLine:
    return CorrectionLine(
        correction=correction,
        label=str(label_of(correction)),
        kind=kind_of(correction.field),
        old=shown(correction, correction.old_value),
        new=shown(correction, correction.new_value),
    )
