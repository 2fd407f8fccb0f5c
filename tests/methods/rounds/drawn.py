"""Rounds drawn at random: tiny ones by hypothesis, larger ones by a seed."""

from random import Random

from hypothesis import strategies as st

from gebyar.methods.meetings import Session
from gebyar.methods.rounds import Answer, Guest, Request, Round, Slot, Wish


@st.composite
def tiny_rounds(draw, most_people=5, most_slots=4, most_requests=8, plain=False):
    people = draw(st.integers(2, most_people))
    slots = draw(st.integers(1, most_slots))
    tables = draw(st.integers(1, 3))
    pairs = [(a, b) for a in range(1, people + 1) for b in range(1, people + 1) if a != b]
    asked = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=most_requests))
    guests = tuple(draw(guests_of(number, slots, plain)) for number in range(1, people + 1))
    own = draw(st.sampled_from([None, None, 1]))
    if own and not plain:
        guests = (Guest(guests[0].name, delegates=guests[0].delegates, table=own), *guests[1:])
    return Round(
        guests=guests,
        requests=tuple(draw(requests_of(*pair, slots, tables, plain)) for pair in asked),
        slots=tuple(draw(slots_of(slots))),
        tables=tuple(draw(st.lists(st.sampled_from([None, "A", "B"]), min_size=tables, max_size=tables))),
        fairness=draw(st.sampled_from([None, 0, 1, 2])),
        rest_after=None if plain else draw(st.sampled_from([None, None, 1, 2])),
        grants_unanswered=draw(st.booleans()),
    )


def guests_of(number, slots, plain):
    return st.builds(
        Guest,
        name=st.just(f"guest {number}"),
        least=st.integers(0, 1),
        most=st.one_of(st.none(), st.integers(1, 3)),
        delegates=st.just(1) if plain else st.sampled_from([1, 1, 2]),
        tier=st.integers(1, 3),
        absent=st.frozensets(st.integers(1, slots), max_size=2),
        zone=st.sampled_from([None, "A", "B"]),
    )


def requests_of(asker, asked, slots, tables, plain):
    rarely = st.sampled_from([False, False, False, True])
    return st.builds(
        Request,
        asker=st.just(asker),
        asked=st.just(asked),
        wish=st.sampled_from(Wish),
        rank=st.one_of(st.none(), st.integers(1, 3)),
        answer=st.sampled_from(Answer),
        answer_wish=st.one_of(st.none(), st.sampled_from(Wish)),
        session=st.sampled_from([Session.ANY, Session.ANY, *Session]),
        by_organiser=rarely,
        fixed_slot=st.one_of(st.none(), st.none(), st.none(), st.integers(1, slots)),
        fixed_table=st.none() if plain else st.one_of(st.none(), st.none(), st.integers(1, tables)),
    )


@st.composite
def slots_of(draw, count):
    first_day = draw(st.integers(1, count))
    return [Slot(1 if number <= first_day else 2, draw(st.booleans())) for number in range(1, count + 1)]


def drawn_round(seed, askers=40, asked=15, requests=200, slots=12, tables=14, absence=0.1, **more):
    """A round of two sides that mostly ask one way, over two days with mornings and afternoons."""
    random = Random(seed)

    def absent():
        return frozenset(slot for slot in range(1, slots + 1) if random.random() < absence)

    guests = [Guest(f"asker {n}", 1, random.choice([None, 4, 6]), absent=absent()) for n in range(askers)]
    guests += [Guest(f"host {n}", delegates=random.choice([1, 1, 2]), absent=absent()) for n in range(asked)]
    pairs = set()
    while len(pairs) < requests:
        pair = random.randint(1, askers), askers + random.randint(1, asked)
        pairs.add(pair if random.random() < 0.85 else pair[::-1])
    sessions = [Session.ANY] * 6 + [Session.MORNING, Session.AFTERNOON]
    asked_for = tuple(
        Request(*pair, random.choice(list(Wish)), random.choice([None, 1, 2, 3]), random.choice(list(Answer)),
                session=random.choice(sessions))
        for pair in random.sample(sorted(pairs), len(pairs))
    )  # fmt: skip
    half = slots // 2
    days = tuple(Slot(1 + number // half, number % half < half // 2) for number in range(slots))
    zones = ("A",) * (tables // 2) + (None,) * (tables - tables // 2)
    return Round(tuple(guests), asked_for, days, zones, **more)
