"""Who may do what with firms: their members with their own, officers with those of their region."""

import rules
from django.contrib.auth.models import AnonymousUser

from gebyar.accounts.models import Role, User
from gebyar.accounts.queries import open_grants
from gebyar.accounts.rules import is_officer
from gebyar.reference import regions
from gebyar.registry.models import Firm

_NATIONAL = {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER}


def open_firms(user: User | AnonymousUser) -> set[int]:
    """Return the ids of the firms that a person acts for; read once per request."""
    if not isinstance(user, User) or not user.is_active:
        return set()
    if not hasattr(user, "_open_firms"):
        members = user.memberships.filter(ended_at__isnull=True)
        user._open_firms = set(members.values_list("firm_id", flat=True))  # noqa: SLF001
    return user._open_firms  # noqa: SLF001


@rules.predicate
def is_member(user: User, firm: Firm | None) -> bool:
    """Act for the firm; asked without one, act for any."""
    return bool(open_firms(user)) if firm is None else firm.pk in open_firms(user)


@rules.predicate
def is_officer_for(user: User, firm: Firm | None) -> bool:
    """Be an officer in whose region the firm lies; asked without one, be an officer."""
    if firm is None or not is_officer(user):
        return bool(is_officer(user))
    grants = open_grants(user)
    return any(
        grant.role in _NATIONAL
        or (grant.role == Role.LOCAL_OFFICER and regions.contains(grant.region_code, firm.region_code))
        for grant in grants
    )


rules.add_perm("registry.see_firm_fully", is_member | is_officer_for)
rules.add_perm("registry.filter_by_figures", is_officer_for)
rules.add_perm("registry.propose_correction", is_member)
rules.add_perm("registry.manage_members", is_member | is_officer_for)
rules.add_perm("registry.change_firm", is_officer_for)
rules.add_perm("registry.decide_corrections", is_officer_for)
rules.add_perm("registry.export_firms", is_officer_for)
rules.add_perm("registry.take_in_lists", is_officer_for)
