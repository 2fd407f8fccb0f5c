"""Every write of readiness: keyword-only verbs, the actor first, one transaction and one audit entry each."""
