"""Who may organise: officers of the whole programme. What a firm may do is decided by whose participation it is."""

import rules

from gebyar.accounts.rules import is_national_officer

rules.add_perm("fair.organise", is_national_officer)
