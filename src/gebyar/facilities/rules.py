"""Who may do what with facilities: firms apply, officers of their region judge, national officers keep rules and allot."""

import rules

from gebyar.accounts.rules import is_national_officer
from gebyar.registry.rules import is_member, is_officer_for

rules.add_perm("facilities.apply", is_member)
rules.add_perm("facilities.see", is_member | is_officer_for)
rules.add_perm("facilities.judge", is_officer_for)
rules.add_perm("facilities.keep_rules", is_national_officer)
rules.add_perm("facilities.allot", is_national_officer)
