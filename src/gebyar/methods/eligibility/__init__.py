"""Who could have which facility, from the facts of the register: for one firm with reasons, for a nation as a table."""

from gebyar.methods.eligibility.asking import Answer, Verdict, explain, missing_facts
from gebyar.methods.eligibility.tables import FACTS, STATUSES, facts_table, statuses

__all__ = ["FACTS", "STATUSES", "Answer", "Verdict", "explain", "facts_table", "missing_facts", "statuses"]
