"""The facilities whose rules are in force, from the rows that officers keep, or as they come with the programme."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import Http404
from django.utils import timezone

from gebyar.facilities.models import Call, FacilityRules
from gebyar.reference.facilities import BUILT_IN, Facility, Version, facilities, read_facility
from gebyar.reference.files import read_yaml

KEPT = 256  # documents read already


def facility_of(rules: FacilityRules) -> Facility:
    """Return the facility as one version of its rules describes it."""
    return _read(json.dumps(rules.document, sort_keys=True))


@lru_cache(maxsize=KEPT)
def _read(text: str) -> Facility:
    return read_facility(json.loads(text))


def version_of(call: Call) -> Version:
    """Return the version of the rules by which a call goes, now and for ever."""
    return facility_of(call.rules).version(call.version)


def built_in(key: str) -> dict[str, Any]:
    """Return the document that comes with the programme."""
    found = read_yaml(f"facilities/{key}.yaml")
    return json.loads(json.dumps(found, default=str))  # type: ignore[no-any-return]  dates as text


def rulebook() -> dict[str, Facility]:
    """Return every facility that is in force, by its id; one query."""
    found = {one.id: one for one in facilities()}
    rows = FacilityRules.objects.filter(status=FacilityRules.Status.PUBLISHED)
    kept = {row.key: facility_of(row) for row in rows}
    order = [*BUILT_IN, *sorted(set(kept) - set(BUILT_IN))]
    return {key: kept.get(key) or found[key] for key in order}


def facility_in_force(key: str) -> Facility:
    """Return one; 404 when there is none."""
    found = rulebook().get(key)
    if found is None:
        raise Http404
    return found


def versions_today(book: Mapping[str, Facility], day: date | None = None) -> dict[str, Version]:
    """Return the version of each facility that holds on a day; those without one are left out."""
    on = day or timezone.localdate()
    return {key: version for key, one in book.items() if (version := one.on(on)) is not None}


def rows_of(key: str) -> list[FacilityRules]:
    """Return all that was ever written about one facility, the newest first."""
    return list(FacilityRules.objects.filter(key=key).select_related("made_by").order_by("-number"))


def document_of(key: str) -> dict[str, Any]:
    """Return the document that an author goes on from: the draft, or what is in force, or what comes along."""
    rows = rows_of(key)
    draft = next((row for row in rows if row.status == FacilityRules.Status.DRAFT), None)
    current = draft or next((row for row in rows if row.status == FacilityRules.Status.PUBLISHED), None)
    if current is not None:
        return dict(current.document)
    if key not in BUILT_IN:
        raise Http404
    return built_in(key)
