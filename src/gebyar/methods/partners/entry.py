"""What is known of a listing, what is asked of the suggestions, and what they say."""

from __future__ import annotations

from dataclasses import dataclass

DIRECTIONS = ("need", "offer")
ROLES = ("supplier", "buyer", "distributor", "logistics")
SIZES = ("micro", "small", "medium", "large", "unknown")
SMALL = frozenset({"micro", "small"})

GOODS, DISTRIBUTION, CARRIAGE = "goods", "distribution", "carriage"
_TRADES = {"supplier": GOODS, "buyer": GOODS, "distributor": DISTRIBUTION, "logistics": CARRIAGE}


class UnfitEntry(ValueError):
    """A listing that cannot be compared; the message names it and its field."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One need or offer.

    role
        For an offer what the firm is, for a need whom it looks for.
    text
        Title and description, in any spelling.
    kbli
        Codes of five digits.
    certificates
        Kinds asked for (need) or held (offer).
    regions
        Codes of provinces or regencies served (offer) or wanted (need); empty: anywhere.
    region
        Code of the place of the firm, of any level.
    quantity_per_year, unit
        How much is needed or can be delivered; compared only where the unit is the same.
    lead_time_days
        Longest time wanted (need) or time it takes (offer).
    size
        micro, small, medium, large or unknown.
    routes
        Pairs of region codes ``"35.78>33.74"`` to be carried over (need) or served (offer); in this direction only.
    """

    id: int
    firm: int
    direction: str
    role: str
    text: str
    region: str
    kbli: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    quantity_per_year: float | None = None
    unit: str = ""
    lead_time_days: int | None = None
    size: str = "unknown"
    is_remote: bool = False
    routes: tuple[str, ...] = ()
    has_cold_chain: bool = False

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        known = {"direction": DIRECTIONS, "role": ROLES, "size": SIZES}
        for field, values in known.items():
            if getattr(self, field) not in values:
                message = f"Listing {self.id}: {field} is {getattr(self, field)!r}, not one of {', '.join(values)}."
                raise UnfitEntry(message)
        for code in self.kbli:
            if len(code) != 5 or not code.isascii() or not code.isdigit():
                raise UnfitEntry(f"Listing {self.id}: kbli {code!r} is not a code of five digits.")
        for route in self.routes:
            if len(route.split(">")) != 2:
                raise UnfitEntry(f"Listing {self.id}: routes holds {route!r}; write two region codes with > between.")
        if self.quantity_per_year is not None and not self.quantity_per_year > 0:
            raise UnfitEntry(f"Listing {self.id}: quantity_per_year is {self.quantity_per_year}, not above 0.")

    @property
    def is_small(self) -> bool:
        return self.size in SMALL


def trade(role: str) -> str:
    """Return what is traded: goods, distribution or carriage."""
    return _TRADES[role]


def gives(direction: str, role: str) -> bool:
    """Say whether the firm gives what is traded: it offers to supply, distribute or carry, or needs a buyer."""
    return (direction == "offer") != (role == "buyer")


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of suggestions.

    requires_certificates
        Leave out who lacks a certificate asked for.
    region
        Only firms in this region (a code of any level).
    floor
        How much of their share small firms and far-away firms get of the places, each of the two: 0 leaves it to the
        scores, 1 shows them as often as they are among all that fit. Whole places, as far as there are such firms.
    """

    requires_certificates: bool = False
    region: str = ""
    floor: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a floor that is no share."""
        if not 0 <= self.floor <= 1:
            raise ValueError(f"floor is {self.floor}; give a number from 0 to 1.")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a listing is suggested, or what speaks against it: a code of `REASONS` and what fills its words."""

    code: str
    parameters: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A listing that fits; `score` lies in 0 to 1, `reasons` with the weightiest first."""

    id: int
    score: float
    reasons: tuple[Reason, ...]
