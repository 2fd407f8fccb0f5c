"""Whoever takes figures of single firms along leaves a trace."""

from django.db import transaction

from gebyar.accounts.models import User
from gebyar.fair.models import Round
from gebyar.records.services import record_audit


@transaction.atomic
def note_export(*, actor: User | None, round_: Round, kind: str, rows: int) -> None:
    record_audit(actor=actor, verb="fair.export_meetings", target=round_, after={"format": kind, "rows": rows})
