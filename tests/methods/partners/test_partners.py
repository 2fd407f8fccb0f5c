"""The index against comparing with everybody, the meaning of each feature, and the shares shown."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gebyar.methods.partners import (
    REASONS,
    WEIGHTS,
    Entry,
    Options,
    PartnerIndex,
    UnfitEntry,
    exposure,
    gives,
    read_entries,
    trade,
    write_suggestions,
)
from gebyar.methods.partners.equity import KINDS, with_shares
from gebyar.methods.partners.scoring import FEATURES, features, fits, pair, score
from gebyar.methods.synthetic.partners import make_entries, make_market

WORDS = ["keripik singkong", "kripik singkong pedas", "kain batik tulis", "mebel jati", "truk dingin", "tahu", ""]
PLACES = ["33", "33.74", "33.74.10", "35.78", "51.71", "91.03", "99"]

entries = st.builds(
    Entry,
    id=st.just(0),
    firm=st.integers(1, 6),
    direction=st.sampled_from(["need", "offer"]),
    role=st.sampled_from(["supplier", "buyer", "distributor", "logistics"]),
    text=st.sampled_from(WORDS),
    region=st.sampled_from(PLACES),
    kbli=st.lists(st.sampled_from(["10794", "10799", "13134", "31001"]), max_size=2).map(tuple),
    certificates=st.lists(st.sampled_from(["halal", "sni"]), max_size=2, unique=True).map(tuple),
    regions=st.lists(st.sampled_from(PLACES), max_size=2).map(tuple),
    quantity_per_year=st.none() | st.sampled_from([1.0, 12.0, 500.0]),
    unit=st.sampled_from(["kg", "KG", "buah"]),
    lead_time_days=st.none() | st.sampled_from([0, 7, 30]),
    size=st.sampled_from(["micro", "small", "medium", "large", "unknown"]),
    is_remote=st.booleans(),
    routes=st.lists(st.sampled_from(["33.74>35.78", "35>33", "33>51.71"]), max_size=2).map(tuple),
    has_cold_chain=st.booleans(),
)
markets = st.lists(entries, max_size=14).map(lambda some: [replace(one, id=at) for at, one in enumerate(some, 1)])
options = st.builds(
    Options, requires_certificates=st.booleans(), region=st.sampled_from(["", "33", "51.71"]),
    floor=st.sampled_from([0.0, 0.5, 1.0]),
)  # fmt: skip
patient = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def by_comparing_with_all(index, asked, k, chosen):
    """The answer without bounds: every listing of the other side in full, the best of each firm."""
    slot = trade(asked.role), not gives(asked.direction, asked.role)
    best = {}
    for entry in index.entries():
        if (trade(entry.role), gives(entry.direction, entry.role)) != slot or entry.firm == asked.firm:
            continue
        both = pair(asked, entry, likeness(index, asked, entry))
        values = features(both)
        is_out = chosen.region and not (entry.region + ".").startswith(chosen.region + ".")
        if not fits(both, values) or is_out or (chosen.requires_certificates and both.missing):
            continue
        found = (-score(trade(asked.role), values), entry.id)
        best[entry.firm] = min(best.get(entry.firm, found), found)
    return [(number, -value) for value, number in sorted(best.values())][:k]


def likeness(index, asked, entry):
    block, row = index._where[entry.id]
    return float(index._likeness(asked, block, index._inverse())[row])


def answers(index, asked, k=10, chosen=None):
    return [(one.id, one.score) for one in index.suggest(asked, k, chosen)]


@patient
@given(market=markets, chosen=options, k=st.integers(1, 5))
def test_index_answers_as_comparing_with_everybody_does(market, chosen, k):
    index = PartnerIndex(market)
    plain = replace(chosen, floor=0.0)

    for asked in market:
        assert answers(index, asked, k, plain) == by_comparing_with_all(index, asked, k, plain)


def test_index_answers_as_comparing_with_everybody_does_on_a_market():
    market = make_entries(600, seed=5)
    index = PartnerIndex(market)

    for asked in market[::23]:
        assert answers(index, asked) == by_comparing_with_all(index, asked, 10, Options())


@patient
@given(market=markets, data=st.data())
def test_order_and_way_of_adding_do_not_matter(market, data):
    shuffled = data.draw(st.permutations(market))
    grown = PartnerIndex(shuffled[:3])
    for entry in shuffled[3:]:
        grown.add([entry])
    extra = [replace(entry, id=entry.id + 100, text=f"{entry.text} lain") for entry in market]
    grown.add(extra)
    grown.remove([entry.id for entry in extra] + [999])
    whole = PartnerIndex(market)

    assert len(grown) == len(whole)
    for asked in market:
        assert grown.suggest(asked) == whole.suggest(asked) == whole.suggest(asked.id)


@patient
@given(market=markets)
def test_suggestions_go_both_ways_with_the_same_score_and_reasons(market):
    index = PartnerIndex(market)
    one_each = len({entry.firm for entry in market}) == len(market)

    for asked in market:
        for found in index.suggest(asked, 50):
            back = {one.id: one for one in index.suggest(found.id, 50)}
            if one_each:
                assert (back[asked.id].score, back[asked.id].reasons) == (found.score, found.reasons)
            assert 0 <= found.score <= 1
            assert {reason.code for reason in found.reasons} <= set(REASONS)
            assert all(REASONS[reason.code] % dict(reason.parameters) for reason in found.reasons)


@patient
@given(market=markets, floor=st.sampled_from([0.5, 1.0]), k=st.integers(1, 5))
def test_floor_keeps_small_and_far_away_firms_their_part_of_the_places(market, floor, k):
    index = PartnerIndex(market)
    for asked in market:
        usual = index.suggest(asked, k)
        kept = index.suggest(asked, k, Options(floor=floor))
        shown = [index.entry(one.id) for one in kept]

        assert len(kept) == len(usual)
        assert len({entry.firm for entry in shown}) == len(shown)
        assert [one.score for one in kept] == sorted((one.score for one in kept), reverse=True)
        assert sum(one.score for one in kept) <= sum(one.score for one in usual) + 1e-9


found = st.builds(lambda score, number: (score / 10, number, 0.0), st.integers(0, 10), st.integers(1, 10**6))


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(found, st.sampled_from(KINDS)), max_size=8, unique_by=lambda row: row[0][1]),
    k=st.integers(1, 4), small=st.integers(0, 4), far=st.integers(0, 4),
)  # fmt: skip
def test_places_kept_go_to_the_best_set_there_is(rows, k, small, far):
    kind_of = {one[1]: kind for one, kind in rows}
    ranked = {
        kind: sorted((one for one, its in rows if its == kind), key=lambda one: (-one[0], one[1])) for kind in KINDS
    }

    chosen = with_shares(ranked, k=k, small=small, far=far)

    def counts(some):
        return sum(kind_of[one[1]][0] for one in some), sum(kind_of[one[1]][1] for one in some)

    everybody = [one for one, _kind in rows]
    size = min(k, len(rows))
    sets = list(combinations(everybody, size))
    wanted = tuple(map(min, (small, far), counts(everybody)))
    keeping = [some for some in sets if counts(some)[0] >= wanted[0] and counts(some)[1] >= wanted[1]]
    assert len(chosen) == size
    if keeping:
        assert all(kept >= count for kept, count in zip(counts(chosen), wanted, strict=True))
        assert round(sum(one[0] for one in chosen), 6) == max(round(sum(one[0] for one in some), 6) for some in keeping)


def an_offer(**facts):
    usual = {
        "id": 1,
        "firm": 1,
        "direction": "offer",
        "role": "supplier",
        "text": "Keripik singkong",
        "region": "33.74",
    }
    return Entry(**usual | facts)


def a_need(**facts):
    return an_offer(**{"id": 2, "firm": 2, "direction": "need", "text": "butuh kripik singkong"} | facts)


def test_far_away_firms_are_shown_as_often_as_they_fit():
    near = [an_offer(id=n, firm=n, region="33.74") for n in range(10, 16)]
    far = [an_offer(id=n, firm=n, region="91.03", is_remote=True, size="micro") for n in range(20, 24)]
    index = PartnerIndex([*near, *far])
    asked = a_need(id=99, firm=99, region="33.74")

    def shown(floor):
        return sum(index.entry(one.id).is_remote for one in index.suggest(asked, 5, Options(floor=floor)))

    assert [shown(floor) for floor in (0.0, 0.5, 1.0)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (("offer", "supplier"), ("need", "supplier"), True),
        (("offer", "supplier"), ("offer", "buyer"), True),
        (("need", "buyer"), ("need", "supplier"), True),
        (("need", "buyer"), ("offer", "buyer"), True),
        (("offer", "supplier"), ("offer", "supplier"), False),
        (("offer", "supplier"), ("need", "buyer"), False),
        (("need", "distributor"), ("offer", "distributor"), True),
        (("need", "distributor"), ("offer", "supplier"), False),
        (("need", "logistics"), ("offer", "logistics"), True),
        (("need", "logistics"), ("offer", "distributor"), False),
    ],
)
def test_only_sides_of_one_trade_meet(one, other, meets):
    listings = [
        an_offer(direction=one[0], role=one[1]), an_offer(id=2, firm=2, direction=other[0], role=other[1]),
    ]  # fmt: skip
    index = PartnerIndex(listings)

    assert [[found.id for found in index.suggest(number)] for number in (1, 2)] == ([[2], [1]] if meets else [[], []])


def test_reasons_say_what_fits_and_what_does_not():
    offer = an_offer(
        kbli=("10794",), certificates=("halal",), quantity_per_year=600.0, unit="kg", lead_time_days=7, regions=("33",)
    )
    need = a_need(
        kbli=("10794",), certificates=("halal", "sni"), quantity_per_year=1200.0, unit="Kg", lead_time_days=10,
        region="33.75",
    )  # fmt: skip

    (found,) = PartnerIndex([offer, need]).suggest(1)

    assert [(reason.code, dict(reason.parameters)) for reason in found.reasons] == [
        ("same_words", {"words": "singkong"}),
        ("same_code", {"code": "10794"}),
        ("both_served", {}),
        ("same_province", {}),
        ("lead_time_fits", {"days": 7}),
        ("certificates_missing", {"certificates": "sni"}),
        ("capacity_short", {"percent": 50}),
    ]


@pytest.mark.parametrize(
    ("carrier", "shipper", "meets"),
    [
        ({"routes": ("35.78>33.74",)}, {"routes": ("35.78>33.74",)}, True),
        ({"routes": ("35>33",)}, {"routes": ("35.78>33.74",)}, True),
        ({"routes": ("33.74>35.78",)}, {"routes": ("35.78>33.74",)}, False),
        ({"routes": ("35.78>33.74",)}, {"routes": ("35.78>51.71",)}, False),
        ({"regions": ("33", "35")}, {"routes": ("35.78>33.74",)}, True),
        ({"regions": ("33",)}, {"routes": ("35.78>33.74",)}, False),
        ({}, {"routes": ("35.78>33.74",)}, True),
        ({"has_cold_chain": True}, {"has_cold_chain": True}, True),
        ({}, {"has_cold_chain": True}, False),
        ({"has_cold_chain": True}, {}, True),
    ],
)
def test_carriers_must_go_the_way_and_keep_cool(carrier, shipper, meets):
    index = PartnerIndex([an_offer(role="logistics", **carrier), a_need(role="logistics", region="35.78", **shipper)])

    assert [bool(index.suggest(number)) for number in (1, 2)] == [meets, meets]


def test_misspelt_words_are_still_alike_and_fillers_are_not():
    index = PartnerIndex(
        [
            an_offer(text="jual kripek sinkong pedes"),
            an_offer(id=3, firm=3, text="kami menyediakan mebel jati, harga dan kualitas bersaing"),
        ]
    )

    assert [
        one.id for one in index.suggest(a_need(text="kami mencari keripik singkong pedas, harga dan kualitas"))
    ] == [1]


def test_required_certificates_and_region_leave_others_out():
    index = PartnerIndex([an_offer(certificates=("halal",)), an_offer(id=3, firm=3, region="35.78")])
    need = a_need(certificates=("halal",))

    assert sorted(one.id for one in index.suggest(need)) == [1, 3]
    assert [one.id for one in index.suggest(need, options=Options(requires_certificates=True))] == [1]
    assert [one.id for one in index.suggest(need, options=Options(region="35"))] == [3]


def test_firm_is_suggested_once_and_never_to_itself():
    index = PartnerIndex([an_offer(), an_offer(id=3, text="Keripik singkong butuh kripik"), an_offer(id=4, firm=2)])

    assert [one.id for one in index.suggest(a_need())] == [3]


def test_weights_add_up_for_every_trade():
    assert {kind: set(values) for kind, values in WEIGHTS.items()} == {kind: set(FEATURES) for kind in WEIGHTS}
    assert {kind: round(sum(values.values()), 9) for kind, values in WEIGHTS.items()} == dict.fromkeys(WEIGHTS, 1.0)


def test_exposure_compares_shares():
    listings = [an_offer(id=n, size="micro" if n <= 2 else "large", is_remote=n == 4) for n in range(1, 5)]

    report = exposure(listings, [listings[0], listings[2], listings[2], listings[3]])

    assert (report.small_candidates, report.small_shown, report.small_ratio) == (2, 1, 0.5)
    assert (report.remote_candidates, report.remote_shown, report.remote_ratio) == (1, 1, 1.0)
    assert exposure([], []).small_ratio is None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"direction": "both"}, "direction is 'both'"),
        ({"role": "friend"}, "role is 'friend'"),
        ({"size": "tiny"}, "size is 'tiny'"),
        ({"kbli": ("123",)}, "kbli '123'"),
        ({"kbli": ("١٢٣٤٥",)}, "kbli"),
        ({"routes": ("33-34",)}, "routes holds '33-34'"),
        ({"quantity_per_year": 0.0}, "quantity_per_year is 0.0"),
        ({"quantity_per_year": float("nan")}, "quantity_per_year is nan"),
    ],
)
def test_entry_that_makes_no_sense_is_refused(facts, words):
    with pytest.raises(UnfitEntry, match=r"Listing 1: ") as refused:
        an_offer(**facts)

    assert words in str(refused.value)


def test_index_refuses_an_id_twice_and_a_floor_beyond_one():
    index = PartnerIndex([an_offer()])
    with pytest.raises(UnfitEntry, match="Listing 1 is there twice"):
        index.add([an_offer()])
    with pytest.raises(ValueError, match="give a number from 0 to 1"):
        Options(floor=1.5)
    assert len(index) == 1


# --- files ----------------------------------------------------------------------------------------------------------

CSV = (
    "id,firm,direction,role,title,description,region,kbli,certificates,quantity_per_year,unit,lead_time_days,size,is_remote\n"
    '1,1,offer,supplier,Keripik singkong,"renyah, pedas",33.74,10794;10799,halal,500,kg,7,micro,ya\n'
    "2,2,need,supplier,Butuh kripik singkong,,33.75,10794,,,,,,\n"
)


def test_listings_are_read_and_suggestions_written(tmp_path):
    source, target = tmp_path / "listings.csv", tmp_path / "suggestions.csv"
    source.write_text(CSV, encoding="utf-8")

    one, other = read_entries(source)
    (found,) = PartnerIndex([one, other]).suggest(one)
    count = write_suggestions(target, [(1, 1, found, 2)])

    assert (one.kbli, one.is_remote, one.size, other.quantity_per_year) == (("10794", "10799"), True, "micro", None)
    assert count == 1
    heading, line = target.read_text(encoding="utf-8").splitlines()
    assert heading == "listing,rank,suggested,firm,score,reasons"
    assert line.startswith("1,1,2,2,0.")
    assert "same_code(10794)" in line


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("region,kbli", "place,kbli", "the column region is missing"),
        ("2,2,need", "x,2,need", "line 3: id is 'x'"),
        ("2,2,need", "1,2,need", "id 1 is there twice"),
        ("offer,supplier", "offer,seller", "line 2: Listing 1: role is 'seller'"),
        (",500,", ",viel,", "line 2: quantity_per_year is 'viel'"),
        ("micro,ya", "micro,maybe", "line 2: is_remote is 'maybe'"),
    ],
)
def test_file_with_a_fault_is_refused_by_line_and_field(tmp_path, before, after, words):
    source = tmp_path / "listings.csv"
    source.write_text(CSV.replace(before, after), encoding="utf-8")

    with pytest.raises(UnfitEntry) as refused:
        read_entries(source)

    assert words in str(refused.value)


# --- the made-up market ---------------------------------------------------------------------------------------------


def test_market_is_the_same_for_the_same_seed_and_knows_its_partners():
    market = make_market(800, seed=3)
    by_id = {entry.id: entry for entry in market.entries}

    assert market == make_market(800, seed=3)
    assert market.entries == make_entries(800, seed=3)
    assert market.entries != make_entries(800, seed=4)
    for number, partners in market.partners.items():
        for partner in partners:
            one, other = by_id[number], by_id[partner]
            assert number in market.partners[partner]
            assert trade(one.role) == trade(other.role)
            assert gives(one.direction, one.role) != gives(other.direction, other.role)
            assert one.firm != other.firm


def test_suggestions_find_true_partners_more_often_than_chance_could():
    market = make_market(1500, seed=9)
    index = PartnerIndex(market.entries)
    asked = sorted(market.partners)[:200]

    hit = sum(bool({one.id for one in index.suggest(number)} & set(market.partners[number])) for number in asked)

    # Ten of some hundred by chance would be a hit for fewer than one in five.
    assert hit / len(asked) > 0.6
