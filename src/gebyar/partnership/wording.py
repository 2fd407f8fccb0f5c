"""Words for codes that listings hold: certificates, places, routes."""

from collections.abc import Iterable

from gebyar.reference import regions
from gebyar.registry.models import Certificate


def certificate_names(kinds: Iterable[str]) -> list[str]:
    return [str(Certificate.Kind(kind).label) if kind in Certificate.Kind.values else kind for kind in kinds]


def place_name(code: str) -> str:
    """Name a province or regency alone; a code that is not in today's list stands as it is."""
    return regions.name(code) if regions.is_valid(code) else code


def place_names(codes: Iterable[str]) -> list[str]:
    return [place_name(code) for code in codes]


def route_name(route: str) -> str:
    return " → ".join(map(place_name, route.split(">")))


def route_names(routes: Iterable[str]) -> list[str]:
    return [route_name(route) for route in routes]
