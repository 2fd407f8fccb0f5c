"""The mark, the tile map and the bars: sound SVG that says what it shows."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gebyar.drawing import kawung
from gebyar.reference.regions import UnknownRegion, provinces
from gebyar.web import pictures
from gebyar.web.pictures import Bar, Interval, bar_chart, tile_map

NS = "{http://www.w3.org/2000/svg}"
STATIC = Path(pictures.__file__).parent / "static" / "gebyar"
CODES = [province.code for province in provinces()]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def drawn(svg):
    return ET.fromstring(svg)  # noqa: S314  our own drawing


def classes(root, tag):
    return [set(element.get("class", "").split()) for element in root.iter(NS + tag)]


def map_of(values, **options):
    return tile_map(values, title="Firms by province", finding="Java leads.", unit="firms", **options)


def bars_of(*rows):
    return bar_chart(rows, title="Share, %", finding="A fifth.", of="Size", unit="share")


@pytest.mark.parametrize(
    "svg",
    [
        kawung.kawung(),
        kawung.kawung(16, seed=False, ring=False, css_class="a b"),
        kawung.kawung_tile(),
        kawung.favicon(),
        kawung.watermark(595, 842),
        map_of({"33": 1.0}).svg,
        bars_of(Bar("a", 1)).svg,
    ],
)
def test_svg_is_well_formed_and_keeps_to_the_policy(svg):
    root = drawn(svg)
    assert root.tag == NS + "svg"
    assert not [element for element in root.iter() if element.get("style") or element.tag == NS + "style"]


def test_mark_has_four_ovals_in_a_ring():
    root = drawn(kawung.kawung())
    turns = [path.get("transform") for path in root.iter(NS + "path")]
    assert turns == ["rotate(45)", "rotate(135)", "rotate(225)", "rotate(315)"]
    assert len(list(root.iter(NS + "circle"))) == 1


def test_stored_files_are_those_drawn_now():
    now = {"favicon.svg": kawung.favicon(), "kawung-tile.svg": kawung.kawung_tile()}
    assert {name: (STATIC / name).read_text().strip() for name in now} == now


def test_every_province_has_one_tile_of_its_own():
    assert sorted(pictures.TILES) == sorted(CODES)
    assert len(set(pictures.TILES.values())) == len(CODES)
    assert all(0 <= column < 14 and 0 <= row < 7 for column, row in pictures.TILES.values())


def test_map_shades_five_classes_of_equal_size():
    root = drawn(map_of({code: float(place) for place, code in enumerate(CODES)}).svg)
    levels = [name for names in classes(root, "rect") for name in names if name.startswith("tile-")]
    assert {level: levels.count(level) for level in sorted(set(levels))} == {
        "tile-1": 7,
        "tile-2": 8,
        "tile-3": 7,
        "tile-4": 8,
        "tile-5": 8,
    }


def test_map_leaves_unknown_provinces_empty_and_says_so():
    picture = map_of({"33": 10.0, "35": None, "51": 0.0})
    root = drawn(picture.svg)
    levels = [name for names in classes(root, "rect") for name in names if name.startswith("tile-")]
    assert (levels.count("tile-0"), levels.count("tile-5"), levels.count("tile-4")) == (36, 1, 1)
    assert picture.rows[:3] == [("Jawa Tengah", "10"), ("Bali", "0"), ("Aceh", "not known")]
    assert picture.key == [(4, "≥\u00a00"), (5, "≥\u00a010"), (0, "not known")]
    assert len(picture.rows) == 38


def test_map_without_links_is_an_image_that_says_its_finding():
    root = drawn(map_of({"33": 1.0}).svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", "Firms by province. Java leads.")
    assert (root.find(NS + "title").text, root.find(NS + "desc").text) == ("Firms by province", "Java leads.")


def test_map_with_links_lets_readers_into_its_tiles():
    root = drawn(map_of({"33": 1.0}, links={"33": "/firms/?region=33&q=a"}).svg)
    links = [(link.get("href"), link.find(f".//{NS}title").text) for link in root.iter(NS + "a")]
    assert root.get("role") == "group"
    assert links == [("/firms/?region=33&q=a", "Jawa Tengah: 1")]


def test_map_writes_values_only_when_asked():
    assert "tile-value" not in map_of({"33": 1.0}).svg
    assert map_of({"33": 1.0}, show_values=True).svg.count("tile-value") == 1


def test_map_refuses_a_code_that_is_no_province():
    with pytest.raises(UnknownRegion):
        map_of({"99": 1.0})


@given(st.lists(st.floats(0, 1e9), max_size=38))
def test_level_rises_with_the_value(values):
    bounds = pictures.level_bounds(values)
    levels = [pictures._level(value, bounds) for value in sorted(values)]
    assert levels == sorted(levels)
    assert not values or levels[-1] == pictures.LEVELS


def test_bars_start_at_zero_and_keep_their_proportion():
    root = drawn(bars_of(Bar("Small", 1, accent=True), Bar("Large", 4), Bar("Other", 0)).svg)
    bars = [(bar.get("x"), bar.get("width"), bar.get("class")) for bar in root.iter(NS + "rect")]
    assert bars == [("0", "19.00%", "bar bar-accent"), ("0", "76.00%", "bar"), ("0", "0.00%", "bar")]


def test_bar_that_is_not_known_says_so():
    picture = bars_of(Bar("Small", 2), Bar("Large", None))
    assert picture.rows == [("Small", "2"), ("Large", "not known")]
    assert "not known" in picture.svg


def test_bar_words_are_escaped():
    svg = bars_of(Bar("<b>&", 1, href='/?a=1&b="2"')).svg
    assert "<b>" not in svg
    assert [link.get("href") for link in drawn(svg).iter(NS + "a")] == ['/?a=1&b="2"']


@pytest.mark.parametrize("rows", [[], [Bar("Loss", -1)]])
def test_bars_refuse_what_they_cannot_show(rows):
    with pytest.raises(ValueError, match="bar"):
        bars_of(*rows)


def intervals_of(*rows):
    words = {"title": "Scores", "finding": "Two overlap", "of": "Entry", "unit": "points"}
    return pictures.interval_chart(rows, written=lambda value: f"{value:g}", **words)


def test_intervals_lie_on_one_scale_with_their_ends_in_the_table():
    picture = intervals_of(
        Interval("A", 80, 70, 90, accent=True, href="/a/"), Interval("B", 50, 40, 60), Interval("C", 45)
    )

    drawing = drawn(picture.svg)
    lines = [(rect.get("x"), rect.get("width")) for rect in drawing.iter(NS + "rect")]
    dots = [dot.get("cx") for dot in drawing.iter(NS + "circle")]
    assert lines == [("45.20%", "28.80%"), ("2.00%", "28.80%")]
    assert dots == ["59.60%", "16.40%", "9.20%"]
    assert picture.rows == [("A", "80 (70–90)"), ("B", "50 (40–60)"), ("C", "45")]
    assert [link.get("href") for link in drawing.iter(NS + "a")] == ["/a/"]


def test_intervals_of_one_point_and_of_none():
    assert intervals_of(Interval("A", 5)).rows == [("A", "5")]
    with pytest.raises(ValueError, match="interval"):
        intervals_of()


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def colour_sets():
    """Read the colours of the stylesheet: light, dark by the device, dark by choice."""
    sheet = (STATIC / "gebyar.css").read_text()
    blocks = re.findall(r"color-scheme: (light|dark);\s*(--paper[^}]*)}", sheet.split("@media print")[0])
    return [(scheme, dict(re.findall(r"--([\w-]+):\s*(#\w{6})", body))) for scheme, body in blocks]


TEXT_PAIRS = [
    *[(text, ground) for text in ("ink", "quiet", "indigo", "indigo-deep", "soga", "leaf", "turmeric", "clay")
      for ground in ("paper", "surface", "wash")],
    ("indigo", "indigo-wash"), ("indigo-deep", "indigo-wash"), ("on-indigo", "indigo"), ("on-indigo", "indigo-deep"),
    ("paper", "ink"), ("paper", "soga"), ("paper", "clay"),
    ("on-low", "level-1"), ("on-low", "level-2"), ("on-middle", "level-3"), ("on-high", "level-4"), ("on-high", "level-5"),
]  # fmt: skip
SHAPE_PAIRS = [("edge", "paper"), ("edge", "surface"), ("soga", "paper"), ("soga", "surface")]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_colours_are_legible_in_every_pair(place):
    _scheme, colours = colour_sets()[place]
    weak = {
        f"{one} on {other}": round(contrast(colours[one], colours[other]), 2)
        for pairs, least in ((TEXT_PAIRS, 4.5), (SHAPE_PAIRS, 3))
        for one, other in pairs
        if contrast(colours[one], colours[other]) < least
    }
    assert weak == {}


def test_dark_is_the_same_by_device_and_by_choice():
    sets = colour_sets()
    assert [scheme for scheme, _colours in sets] == ["light", "dark", "dark"]
    assert sets[1][1] == sets[2][1]
