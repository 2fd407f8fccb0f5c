"""Every write of the fair: keyword-only verbs, one transaction and one audit entry each.

Whatever two people could do at once waits for its turn at the row of the round, which every write locks first.
"""

from gebyar.fair.services.fairs import change_fair, create_fair
from gebyar.fair.services.hand import drop_meeting, lock_meeting, move_meeting, place_request
from gebyar.fair.services.people import (
    add_participants,
    change_participant,
    invite_by_nibs,
    join_round,
    leave_round,
    set_availability,
)
from gebyar.fair.services.plans import (
    open_plan,
    publish_plan,
    run_plan,
    start_plan,
    stop_plan,
    undo_publication,
)
from gebyar.fair.services.reminders import remind_before_deadlines, remind_participants, send_reminders
from gebyar.fair.services.requests import (
    add_request,
    add_requests,
    answer_request,
    ask,
    change_request,
    fix_request,
    remove_request,
    withdraw_request,
)
from gebyar.fair.services.rounds import (
    add_session,
    change_round,
    close_requests,
    create_round,
    end_round,
    open_requests,
    remove_session,
    set_timetable,
)

__all__ = [
    "add_participants",
    "add_request",
    "add_requests",
    "add_session",
    "answer_request",
    "ask",
    "change_fair",
    "change_participant",
    "change_request",
    "change_round",
    "close_requests",
    "create_fair",
    "create_round",
    "drop_meeting",
    "end_round",
    "fix_request",
    "invite_by_nibs",
    "join_round",
    "leave_round",
    "lock_meeting",
    "move_meeting",
    "open_plan",
    "open_requests",
    "place_request",
    "publish_plan",
    "remind_before_deadlines",
    "remind_participants",
    "remove_request",
    "remove_session",
    "run_plan",
    "send_reminders",
    "set_availability",
    "set_timetable",
    "start_plan",
    "stop_plan",
    "undo_publication",
    "withdraw_request",
]
