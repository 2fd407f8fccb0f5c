"""How near two places are, and whether one serves the other, by their codes."""

from __future__ import annotations

from functools import cache

from gebyar.reference import regions

# Nearness by the smallest area that holds both: regency, province, group of islands, the country.
SAME_REGENCY, SAME_PROVINCE, SAME_ISLAND, FAR = 1.0, 0.8, 0.5, 0.2


@cache
def islands() -> dict[str, str]:
    """Return province code → group of islands."""
    return {province.code: province.island for province in regions.provinces()}


def island(code: str) -> str:
    """Return the group of islands of a region; an unknown one is its own."""
    return islands().get(code[:2], code[:2])


def is_within(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(f"{outer}.")


def touches(place: str, area: str) -> bool:
    """Say whether a place lies in an area or holds it: who serves a regency serves some of its province."""
    return is_within(place, area) or is_within(area, place)


def serves(areas: tuple[str, ...], place: str) -> bool:
    """Say whether any of the areas holds the place; no areas at all means everywhere."""
    return not areas or any(touches(place, area) for area in areas)


def nearness(one: str, other: str) -> float:
    if len(one) >= 5 and one[:5] == other[:5]:
        return SAME_REGENCY
    if one[:2] == other[:2]:
        return SAME_PROVINCE
    return SAME_ISLAND if island(one) == island(other) else FAR


def covers(routes: tuple[str, ...], areas: tuple[str, ...], leg: tuple[str, str]) -> bool:
    """Say whether a carrier goes from the first place of the leg to the second.

    By one of its routes; a carrier that names none goes everywhere within the areas it serves.
    """
    if not routes:
        return all(serves(areas, end) for end in leg)
    return any(all(map(touches, leg, route.split(">"))) for route in routes)


def legs(routes: tuple[str, ...], areas: tuple[str, ...], region: str) -> tuple[tuple[str, str], ...]:
    """Return what has to be carried: the routes asked for, or from the firm to each area it wants to reach."""
    if routes:
        return tuple((route.split(">")[0], route.split(">")[1]) for route in routes)
    return tuple((region, area) for area in areas) or ((region, region),)
