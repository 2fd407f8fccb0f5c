"""Who may do what with listings and deals: firms with their own, officers with those of their region."""

import rules

from gebyar.accounts.rules import is_national_officer
from gebyar.registry.rules import is_member, is_officer_for

# Each is asked with the firm: the one that wrote the listing, or one side of the deal.
rules.add_perm("partnership.write_listing", is_member)
rules.add_perm("partnership.see_fully", is_member | is_officer_for)
rules.add_perm("partnership.approve", is_officer_for)
rules.add_perm("partnership.speak_for", is_member)
rules.add_perm("partnership.watch_deals", is_officer_for)
rules.add_perm("partnership.see_exposure", is_national_officer)
