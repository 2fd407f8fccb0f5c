"""Every write of the awards: keyword-only verbs, one transaction and one audit entry each.

Whatever two people could do at once waits for its turn at a row that every such write locks first: the edition for its
rules and entries' numbers, the stage for everything that happens in it, the entry for its own parts.
"""
