"""Who may do what in the awards. What a person sees of an entry is decided by `gebyar.awards.queries`."""

import rules

from gebyar.accounts.rules import is_judge, is_national_officer, is_officer

rules.add_perm("awards.organise", is_national_officer)
rules.add_perm("awards.desk", is_officer)  # help entrants of the own region to complete, propose for OVOP
rules.add_perm("awards.judge", is_judge)
