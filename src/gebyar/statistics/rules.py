import rules

from gebyar.accounts.rules import is_national_officer

rules.add_perm("statistics.take_snapshot", is_national_officer)
