import rules

from gebyar.accounts.rules import is_national_officer

rules.add_perm("fair.organise", is_national_officer)
