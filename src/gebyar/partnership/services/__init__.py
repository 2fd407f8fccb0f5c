"""Every write of listings and deals."""

from gebyar.partnership.services.deals import open_deal, state_deal, withdraw_statement
from gebyar.partnership.services.listings import (
    change_listing,
    close_listing,
    decide_listing,
    send_listing,
    write_listing,
)
from gebyar.partnership.services.reminders import send_reminders

__all__ = [
    "change_listing",
    "close_listing",
    "decide_listing",
    "open_deal",
    "send_listing",
    "send_reminders",
    "state_deal",
    "withdraw_statement",
    "write_listing",
]
