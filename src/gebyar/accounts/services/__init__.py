"""Every write about people: roles, invitations, consent, and what the law lets a person ask for."""

from gebyar.accounts.services.invitations import (
    InvitationLetter,
    accept_invitation,
    invite,
    join_by_invitation,
    withdraw_invitation,
)
from gebyar.accounts.services.people import (
    change_name,
    erase_me,
    export_my_data,
    give_consent,
    withdraw_consent,
)
from gebyar.accounts.services.roles import end_grant, grant_role

__all__ = [
    "InvitationLetter",
    "accept_invitation",
    "change_name",
    "end_grant",
    "erase_me",
    "export_my_data",
    "give_consent",
    "grant_role",
    "invite",
    "join_by_invitation",
    "withdraw_consent",
    "withdraw_invitation",
]
