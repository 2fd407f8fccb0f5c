"""Predicates on a person's open role grants. Everything else asks these."""

import rules

from gebyar.accounts.models import Role, User
from gebyar.accounts.queries import open_grants


def holds(*roles: Role) -> rules.Predicate:
    @rules.predicate(name=f"holds_{'_or_'.join(roles)}")
    def holds_role(user: User) -> bool:
        return user.is_authenticated and any(grant.role in roles for grant in open_grants(user))

    return holds_role


is_administrator = holds(Role.ADMINISTRATOR)
is_programme_officer = holds(Role.PROGRAMME_OFFICER)
is_local_officer = holds(Role.LOCAL_OFFICER)
is_judge = holds(Role.JUDGE)
is_national_officer = is_administrator | is_programme_officer
is_officer = is_national_officer | is_local_officer

rules.add_perm("accounts.administer", is_administrator)
rules.add_perm("accounts.work_as_officer", is_officer)
