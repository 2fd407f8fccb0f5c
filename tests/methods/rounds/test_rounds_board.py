"""The board: what moves when a meeting is put, and that nothing has changed when it cannot be."""

from random import Random

import pytest

from gebyar.methods.rounds.board import NOWHERE, Board, Clock, idle_periods, longest_run
from gebyar.methods.rounds.pairing import bits


def board(ends, slots, tables=9, allowed=None, rest_after=None, day_starts=1):
    every = (1 << slots) - 1
    persons = 1 + max(max(pair) for pair in ends)
    masks = allowed or [every] * len(ends)
    return Board(Clock(slots, day_starts, tables, rest_after), persons, ends, masks, [True] * len(ends))


def test_a_free_slot_is_taken_beside_other_meetings():
    plan = board([(0, 1), (0, 2)], 4)
    plan.put(0, 2)

    assert plan.insert(1, 0) == {}
    assert plan.slot[1] in {1, 3}


def test_one_meeting_is_pushed_aside_when_that_is_enough():
    plan = board([(0, 1), (2, 1)], 2, allowed=[0b11, 0b01])
    plan.put(0, 0)

    assert plan.insert(1, 0) is None
    assert plan.slot == [0, NOWHERE]
    assert plan.insert(1, 1) == {0: 1}
    assert plan.slot == [1, 0]


def test_a_meeting_that_may_not_move_stays():
    plan = board([(0, 1), (2, 1)], 2, allowed=[0b11, 0b01])
    plan.put(0, 0)
    plan.movable[0] = False

    assert plan.insert(1, 9) is None
    assert plan.slot == [0, NOWHERE]


@pytest.mark.parametrize("seed", range(20))
def test_a_full_hall_of_two_sides_always_finds_room_by_chains(seed):
    """König's theorem: as many slots as anybody has meetings are enough, in whatever order the meetings come."""
    size = 7
    ends = [(one, size + other) for one in range(size) for other in range(size)]
    Random(seed).shuffle(ends)
    plan = board(ends, size)

    assert all(plan.insert(meeting, 99) is not None for meeting in range(len(ends)))
    assert sorted(plan.load) == [size] * size


@pytest.mark.parametrize("seed", range(20))
def test_what_cannot_be_put_changes_nothing(seed):
    random = Random(seed)
    ends = [tuple(random.sample(range(6), 2)) for _ in range(14)]
    allowed = [random.randrange(1, 16) for _ in ends]
    plan = board(ends, 4, 3, allowed, rest_after=2)
    for meeting in range(len(ends)):
        before = (list(plan.slot), list(plan.busy), list(plan.load), plan.open)
        moved = plan.insert(meeting, 6)
        if moved is None:
            assert (plan.slot, plan.busy, plan.load, plan.open) == before
        else:
            changed = {other: slot for other, slot in enumerate(plan.slot) if slot != before[0][other]}
            assert changed == {**moved, meeting: plan.slot[meeting]}
    placed = [meeting for meeting, slot in enumerate(plan.slot) if slot != NOWHERE]
    assert all(plan.allowed[meeting] >> plan.slot[meeting] & 1 for meeting in placed)
    assert max(plan.load) <= 3
    assert all(longest_run(busy, 1) <= 2 for busy in plan.busy)
    for person, busy in enumerate(plan.busy):
        own = [plan.slot[meeting] + 1 for meeting in placed if person in ends[meeting]]
        assert (len(own), bits(own)) == (busy.bit_count(), busy)


def test_a_full_slot_is_relieved_by_a_chain():
    # Both of meeting 2 are free only in slot 0, whose one table is taken by a meeting that can go to slot 1.
    plan = board([(0, 1), (2, 3)], 2, tables=1, allowed=[0b11, 0b01])
    plan.put(0, 0)

    assert plan.level(1)
    assert plan.slot == [1, NOWHERE]
    assert plan.insert(1, 0) == {}


def test_runs_and_idle_periods_end_with_the_day():
    busy, days = bits([1, 2, 4, 5, 6, 8]), bits([1, 5])

    assert longest_run(busy, days) == 2
    assert idle_periods(busy, days, 8) == 2
    assert idle_periods(0, days, 8) == 0
