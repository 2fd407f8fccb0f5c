"""Who may do what with readiness: firms assess themselves, officers visit, run workshops and keep instruments."""

import rules

from gebyar.accounts.rules import is_national_officer, is_officer
from gebyar.registry.rules import is_member, is_officer_for

rules.add_perm("readiness.assess", is_member)
rules.add_perm("readiness.see", is_member | is_officer_for)
rules.add_perm("readiness.verify", is_officer_for)
rules.add_perm("readiness.facilitate", is_officer)
rules.add_perm("readiness.keep_instruments", is_national_officer)
