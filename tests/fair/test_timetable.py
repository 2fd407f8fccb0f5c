from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from gebyar.fair.timetable import MOST_SLOTS, Hours, slots_of

WIB = ZoneInfo("Asia/Jakarta")
DAY = date(2026, 11, 12)


def starts(**facts):
    usual = {"days": [DAY], "opens": time(9), "closes": time(12), "slot": 20}
    return [slot.starts_at.strftime("%d %H.%M") for slot in slots_of(Hours(**usual | facts), WIB)]


def test_slots_follow_each_other_with_the_buffer_between():
    assert starts(closes=time(10, 30), buffer=5) == ["12 09.00", "12 09.25", "12 09.50"]


def test_no_slot_touches_a_break_and_the_next_begins_with_its_end():
    assert starts(breaks=[(time(9, 50), time(10, 15))], closes=time(11)) == [
        "12 09.00",
        "12 09.20",
        "12 10.15",
        "12 10.35",
    ]


def test_days_come_in_order_and_once():
    assert starts(days=[date(2026, 11, 13), DAY, DAY], closes=time(9, 40)) == [
        "12 09.00",
        "12 09.20",
        "13 09.00",
        "13 09.20",
    ]


def test_morning_ends_at_noon_of_the_fairs_own_time():
    slots = slots_of(Hours([DAY], time(11), time(13), 30), ZoneInfo("Asia/Jayapura"))

    assert [slot.is_morning for slot in slots] == [True, True, False, False]


@pytest.mark.parametrize("facts", [{"closes": time(9, 10)}, {"days": []}, {"breaks": [(time(8), time(12))]}])
def test_hours_too_short_for_one_meeting_have_no_slot(facts):
    assert starts(**facts) == []


def test_a_slip_of_the_pen_does_not_make_a_million_slots():
    assert len(starts(slot=1, opens=time(0), closes=time(23, 59))) == MOST_SLOTS + 1
