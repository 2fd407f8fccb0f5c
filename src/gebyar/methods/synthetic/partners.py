"""A made-up market with known partners, to measure suggestions on.

Behind each listing stands a product of a line of industry. The firm words it in its own way: synonyms, misspellings,
words that everybody uses, codes that are missing or wrong. Who became partners of whom is drawn from the product, the
places served, certificates, quantities and the standing of a firm, with chance; the method sees none of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.partners.entry import Entry, trade
from gebyar.methods.partners.places import covers, legs, nearness, serves
from gebyar.reference import regions
from gebyar.reference.synthetic import lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator

# Spellings and words that mean the same on markets.
SYNONYMS = {
    "keripik": ("kripik", "kripek", "criping"), "kerupuk": ("krupuk", "krupuk"), "kue": ("kueh", "jajan"),
    "gula": ("gulo",), "minyak": ("minyak murni",), "kain": ("kain lembaran", "tekstil"), "bubuk": ("serbuk", "powder"),
    "kopi": ("coffee",), "teh": ("tea",), "tas": ("bag",), "sepatu": ("sepatu kulit", "alas kaki"), "baju": ("pakaian",),
    "kemeja": ("hem",), "batik": ("batik khas", "batik"), "tenun": ("tenunan",), "mebel": ("furnitur", "meubel"),
    "kursi": ("bangku",), "lemari": ("almari",), "beras": ("padi giling",), "ikan": ("iwak",), "roti": ("bakery",),
    "kayu": ("wood", "kayu olahan"), "besi": ("logam", "metal"), "plastik": ("plastic",), "sabun": ("soap",),
    "tahu": ("tofu",), "tempe": ("tempeh",), "sambal": ("sambel",), "genteng": ("genting",), "bata": ("batu bata",),
    "anyaman": ("kerajinan anyam",), "bambu": ("pring",), "rotan": ("rattan",), "kulit": ("leather",),
}  # fmt: skip
GIVES = ("jual", "produsen", "kami memproduksi", "menyediakan", "sedia", "siap pasok")
TAKES = ("butuh", "dicari", "kami membutuhkan", "cari pemasok", "perlu segera", "membeli")
NOISE = (
    "harga bersaing", "kualitas ekspor", "siap kirim", "kerja sama jangka panjang", "bisa partai besar", "produksi rumahan",
    "pembayaran tempo", "hubungi kami", "usaha keluarga sejak lama", "kemasan rapi", "untuk toko oleh oleh",
    "untuk hotel dan restoran", "pasar swalayan", "rutin tiap bulan", "bahan pilihan", "halal dan aman",
)  # fmt: skip
CERTIFICATES = ("halal", "pirt", "bpom", "sni", "trademark")
SIZES = ("micro", "small", "medium", "large")
_SIZE_SHARES = {"give": (0.62, 0.27, 0.08, 0.03), "take": (0.2, 0.3, 0.3, 0.2)}
_LISTINGS_EACH = 1.3
_MOST_PARTNERS = 3
_MOST_MET = 100  # nobody looks at thousands of carriers


@dataclass(frozen=True)
class Market:
    """Listings, the partners each had, and how often each was anybody's partner before.

    `partners` holds both directions; listings that found nobody are not in it.
    """

    entries: tuple[Entry, ...]
    partners: Mapping[int, tuple[int, ...]]
    earlier: Mapping[int, int]


@dataclass(frozen=True)
class _Product:
    name: str
    code: str
    unit: str
    materials: tuple[str, ...]


@dataclass(frozen=True)
class _Hidden:
    """What stands behind a listing."""

    entry: Entry
    product: int
    standing: float


def make_market(listings: int, *, seed: int) -> Market:
    """Make a market.

    Parameters
    ----------
    listings
        Number of needs and offers, about as many of each.
    seed
        The same seed gives the same market.
    """
    random = np.random.default_rng([seed, 0x70617274])
    hidden = _listings(random, listings)
    earlier = dict.fromkeys((one.entry.id for one in hidden), 0)
    for one, other in _pairs(random, hidden):
        earlier[one] += 1
        earlier[other] += 1
    partners: dict[int, list[int]] = {}
    for one, other in _pairs(random, hidden):
        partners.setdefault(one, []).append(other)
        partners.setdefault(other, []).append(one)
    known = {number: tuple(sorted(set(some))) for number, some in sorted(partners.items())}
    return Market(tuple(one.entry for one in hidden), known, earlier)


def make_entries(listings: int, *, seed: int) -> tuple[Entry, ...]:
    """Make the same listings without finding out who found whom, which takes longer than all the rest."""
    return tuple(one.entry for one in _listings(np.random.default_rng([seed, 0x70617274]), listings))


def _listings(random: Generator, count: int) -> list[_Hidden]:
    products = _products()
    weights = random.pareto(1.5, len(products)) + 0.2
    positions = random.choice(len(products), count, p=weights / weights.sum())
    places = _places(random, count)
    return [
        _listing(random, number, place, int(position), products[position])
        for number, (place, position) in enumerate(zip(places, positions, strict=True))
    ]


def _products() -> list[_Product]:
    return [
        _Product(name, line.code, line.unit, line.materials)
        for line in sorted(lines(), key=lambda line: line.code)
        for name in line.products
    ]


def _places(random: Generator, count: int) -> list[str]:
    """Draw regencies: two in three in Java, about its share of the nation's small industry."""
    codes = [place.code for place in regions.regencies()]
    java = np.array([regions.province(code).island == "Jawa" for code in codes])
    weights = np.where(java, 0.65 / java.sum(), 0.35 / (~java).sum())
    return [codes[index] for index in random.choice(len(codes), count, p=weights)]


# --- one listing --------------------------------------------------------------------------------------------


def _listing(random: Generator, number: int, region: str, position: int, product: _Product) -> _Hidden:
    role = str(random.choice(["supplier", "buyer", "distributor", "logistics"], p=[0.7, 0.1, 0.1, 0.1]))
    gives = bool(random.random() < 0.5)
    direction = "offer" if gives != (role == "buyer") else "need"
    size = str(random.choice(SIZES, p=_SIZE_SHARES["give" if gives else "take"]))
    is_carriage = role == "logistics"
    entry = Entry(
        id=number + 1, firm=int(number / _LISTINGS_EACH) + 1, direction=direction, role=role,
        text=_carriage_text(random, gives=gives) if is_carriage else _text(random, product, gives=gives), region=region,
        kbli=() if is_carriage else _codes(random, product.code), certificates=_certificates(random, direction),
        regions=_areas(random, region), quantity_per_year=_quantity(random, gives=gives), unit="rit" if is_carriage else product.unit,
        lead_time_days=int(random.integers(2, 40)) if random.random() < 0.6 else None, size=size,
        is_remote=regions.province(region).island != "Jawa", routes=_routes(random, region) if is_carriage else (),
        has_cold_chain=is_carriage and bool(random.random() < (0.4 if gives else 0.2)),
    )  # fmt: skip
    return _Hidden(entry, position, float(random.normal()))


def _text(random: Generator, product: _Product, *, gives: bool) -> str:
    opening = str(random.choice(GIVES if gives else TAKES))
    name = " ".join(_said(random, word) for word in product.name.split())
    parts = [opening, name]
    if random.random() < 0.35:
        parts += ["dari", _said(random, str(random.choice(product.materials)))]
    parts += [str(noise) for noise in random.choice(NOISE, int(random.integers(0, 4)), replace=False)]
    return " ".join(parts)


def _said(random: Generator, word: str) -> str:
    if word in SYNONYMS and random.random() < 0.35:
        word = str(random.choice(SYNONYMS[word]))
    return _misspelt(random, word) if random.random() < 0.12 else word


def _misspelt(random: Generator, word: str) -> str:
    """Leave a letter out, double it, or change it with its neighbour."""
    if len(word) < 4:
        return word
    at = int(random.integers(1, len(word) - 1))
    how = int(random.integers(3))
    changed = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    return changed[how]


def _carriage_text(random: Generator, *, gives: bool) -> str:
    opening = "jasa angkutan" if gives else "butuh angkutan"
    return f"{opening} {random.choice(['truk', 'pikap', 'kontainer', 'kapal'])} {random.choice(NOISE)}"


def _codes(random: Generator, code: str) -> tuple[str, ...]:
    chance = random.random()
    if chance < 0.3:
        return ()
    if chance < 0.4:
        return (f"{random.integers(10000, 34000):05d}",)
    if chance < 0.55:
        return (f"{code[:4]}{random.integers(10)}",)
    return (code,)


def _certificates(random: Generator, direction: str) -> tuple[str, ...]:
    count = int(random.choice([0, 1, 2], p=[0.6, 0.3, 0.1] if direction == "need" else [0.35, 0.4, 0.25]))
    return tuple(
        sorted(str(kind) for kind in random.choice(CERTIFICATES, count, replace=False, p=[0.45, 0.25, 0.1, 0.1, 0.1]))
    )


def _areas(random: Generator, region: str) -> tuple[str, ...]:
    if random.random() < 0.45:
        return ()
    others = _neighbours()[regions.province(region).island]
    return tuple(sorted({region[:2], *(str(code) for code in random.choice(others, int(random.integers(0, 4))))}))


@cache
def _neighbours() -> dict[str, list[str]]:
    """Return group of islands → its provinces."""
    found: dict[str, list[str]] = {}
    for province in regions.provinces():
        found.setdefault(province.island, []).append(province.code)
    return found


def _routes(random: Generator, region: str) -> tuple[str, ...]:
    provinces = [province.code for province in regions.provinces()]
    return tuple(f"{region[:2]}>{code}" for code in random.choice(provinces, int(random.integers(1, 4)), replace=False))


def _quantity(random: Generator, *, gives: bool) -> float | None:
    if random.random() < 0.35:
        return None
    return float(round(float(np.exp(random.normal(7.5 if gives else 7.2, 1.2))) + 1))


# --- who found whom -----------------------------------------------------------------------------------------


def _pairs(random: Generator, hidden: Sequence[_Hidden]) -> list[tuple[int, int]]:
    """Let each taker choose up to three givers of its product, the better the likelier."""
    givers: dict[tuple[str, int], list[_Hidden]] = {}
    for one in hidden:
        if _is_giver(one.entry):
            givers.setdefault(_group(one), []).append(one)
    pairs = []
    for one in hidden:
        some = [] if _is_giver(one.entry) else givers.get(_group(one), [])
        pairs += [(one.entry.id, chosen.entry.id) for chosen in _chosen(random, one, some)]
    return pairs


def _is_giver(entry: Entry) -> bool:
    return (entry.direction == "offer") != (entry.role == "buyer")


def _group(one: _Hidden) -> tuple[str, int]:
    kind = trade(one.entry.role)
    return kind, -1 if kind == "carriage" else one.product


def _chosen(random: Generator, taker: _Hidden, givers: Sequence[_Hidden]) -> list[_Hidden]:
    if len(givers) > _MOST_MET:
        givers = [givers[index] for index in random.choice(len(givers), _MOST_MET, replace=False)]
    able = [giver for giver in givers if giver.entry.firm != taker.entry.firm and _is_able(giver.entry, taker.entry)]
    if not able:
        return []
    worth = np.array([_worth(giver, taker.entry) for giver in able]) + random.gumbel(0, 0.7, len(able))
    count = int(random.integers(1, _MOST_PARTNERS + 1))
    return [able[index] for index in np.argsort(-worth, kind="stable")[:count]]


def _is_able(giver: Entry, taker: Entry) -> bool:
    if trade(giver.role) != "carriage":
        return serves(giver.regions, taker.region)
    way = legs(taker.routes, taker.regions, taker.region)
    return any(covers(giver.routes, giver.regions, leg) for leg in way) and (
        giver.has_cold_chain or not taker.has_cold_chain
    )


def _worth(giver: _Hidden, taker: Entry) -> float:
    entry = giver.entry
    asked = taker.certificates if taker.direction == "need" and entry.direction == "offer" else ()
    missing = len([kind for kind in asked if kind not in entry.certificates])
    short = 0.0
    if entry.quantity_per_year and taker.quantity_per_year:
        short = max(0.0, float(np.log(taker.quantity_per_year / entry.quantity_per_year)))
    slow = entry.lead_time_days and taker.lead_time_days and entry.lead_time_days > taker.lead_time_days
    return (
        4 * nearness(entry.region, taker.region) + 0.4 * giver.standing - 1.5 * missing - 0.5 * short - 0.7 * bool(slow)
    )
