from gebyar.accounts.views.administration import (
    end_grant,
    grant_role,
    invite,
    people,
    person,
    withdraw_invitation,
)
from gebyar.accounts.views.joining import accept_invitation
from gebyar.accounts.views.mine import erase_me, me, my_data

__all__ = [
    "accept_invitation",
    "end_grant",
    "erase_me",
    "grant_role",
    "invite",
    "me",
    "my_data",
    "people",
    "person",
    "withdraw_invitation",
]
