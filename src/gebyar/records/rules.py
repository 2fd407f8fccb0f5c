"""Who may read the audit trail. The roles live a floor beside; their rule names are asked, not imported."""

import rules


@rules.predicate
def is_administrator(user: object) -> bool:
    return bool(rules.has_perm("accounts.administer", user))


rules.add_perm("records.read_audit", is_administrator)
