"""What the register knows of a firm, as conditions ask for it: each fact with its source and its day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from gebyar.methods.eligibility import FACTS
from gebyar.methods.size import FACTS as SIZE_FACTS
from gebyar.methods.size import classify
from gebyar.reference import regions
from gebyar.registry.facts import facts as register_facts
from gebyar.registry.models import Certificate, Firm, Profile
from gebyar.registry.queries.firms import label_source
from gebyar.registry.queries.wording import place

ON_RECORD = "on record"
CENTRE = "Jawa"
MINISTRY_RULE = "permenperin_64_2016"
_OF_PROFILE = ("exports", "workers", "investment", "capital", "net_worth", "sales", "machines")
_LABELS: Mapping[str, str | Promise] = {
    "certificates": _("Certificates"),
    "started_year": _("Year of beginning"),
}
_MONEY = {"investment", "capital", "net_worth", "sales", "production_value"}


@dataclass(frozen=True)
class Known:
    """One fact: its value (None: not known), who said it, and as of when."""

    name: str
    value: Any
    source: str = ""
    as_of: date | None = None

    @property
    def label(self) -> str:
        return label_of(self.name)

    @property
    def kind(self) -> str:
        """How a template writes the value."""
        if self.value is None or isinstance(self.value, bool):
            return "boolean" if self.value is not None else "text"
        return "money" if self.name in _MONEY else "count" if isinstance(self.value, int) else "text"

    @property
    def shown(self) -> Any:
        """The value as a reader sees it; a tax number is only said to be there."""
        if self.name == "region_code":
            return place(self.value)
        if self.name == "certificates" and self.value:
            return ", ".join(str(Certificate.Kind(kind).label) for kind in self.value.split(";"))
        return _("on record") if self.name == "npwp" and self.value else self.value


def label_of(name: str) -> str:
    """Name a fact in the reader's language."""
    known = register_facts().get(name)
    return capfirst(str(_LABELS.get(name) or (known.label if known else name)))


def correction_address(firm: Firm, name: str) -> str:
    """Return where a firm adds or corrects a fact, once for every part of the programme; "" where nobody can."""
    if name == "certificates":
        return reverse("registry:certificate_add", args=[firm.pk])
    return reverse("registry:fact", args=[firm.pk, name]) if name in register_facts() else ""


def known_facts(firm: Firm) -> dict[str, Known]:
    """Return all facts that conditions ask for; four queries at most."""
    profile = firm.profiles.filter(is_current=True).select_related("delivery__source").first()
    origin, changed = _origin(firm.delivery), _changes(firm)
    found = {name: _known(name, value, *changed.get(name, origin)) for name, value in _identity(firm).items()}
    now = _origin(profile.delivery) if profile else ("", None)
    for name in _OF_PROFILE:
        found[name] = _known(name, getattr(profile, name, None), *now)
    found["certificates"] = Known("certificates", certificates_of(firm))
    return {name: found[name] for name in FACTS}


def _known(name: str, value: Any, source: str, as_of: date | None) -> Known:
    """Nobody stands behind what is not known."""
    return Known(name, None) if value is None else Known(name, value, source, as_of)


def _origin(delivery: Any) -> tuple[str, date | None]:
    return (str(delivery.source.label), delivery.as_of) if delivery else ("", None)


def _changes(firm: Firm) -> dict[str, tuple[str, date | None]]:
    """Return who said an identity fact last, and as of when, for those that were changed."""
    changes = firm.changes.select_related("delivery__source", "correction").order_by("as_of", "pk")
    return {
        change.field: _origin(change.delivery)
        if change.delivery
        else (str(label_source(change.correction)) if change.correction else "", change.as_of)
        for change in changes
    }


def _identity(firm: Firm) -> dict[str, Any]:
    return {
        "nib": firm.nib, "npwp": ON_RECORD if firm.npwp_hash else None, "region_code": firm.region_code,
        "address": firm.address or None, "kbli_code": firm.kbli_code, "is_active": firm.is_active,
        "started_year": firm.started_year,
    }  # fmt: skip


def certificates_of(firm: Firm) -> str | None:
    """Return the kinds that are valid today with ; between them, None where there is none."""
    today = timezone.localdate()
    held = {one.kind for one in firm.certificates.all() if one.valid_until is None or one.valid_until >= today}
    return ";".join(sorted(held)) or None


def values_of(facts: Mapping[str, Known]) -> dict[str, Any]:
    """Return the bare values, as `gebyar.methods.eligibility.explain` takes them."""
    return {name: fact.value for name, fact in facts.items()}


def is_remote(region_code: str) -> bool:
    """Say whether a place lies outside Java, where most of the industry and of its help are."""
    known = regions.is_valid(region_code[:2])
    return known and regions.province(region_code).island != CENTRE


def size_class(values: Mapping[str, Any]) -> str:
    """Return the class by the ministry's rule, or "unknown: …"."""
    row = pl.DataFrame({name: [values.get(name)] for name in SIZE_FACTS}, schema=dict.fromkeys(SIZE_FACTS, pl.Int64))
    return str(classify(row)[MINISTRY_RULE].cast(pl.String)[0])


def before_of(firm: Firm, index: float | None) -> dict[str, Any]:
    """Return what a follow-up compares with."""
    profile: Profile | None = firm.profiles.filter(is_current=True).first()
    return {
        "workers": profile and profile.workers, "sales": profile and profile.sales,
        "production_value": profile and profile.production_value, "index": index,
    }  # fmt: skip
