"""What the awards hold on judges, and how it goes away (UU 27/2022)."""

from typing import Any

from gebyar.accounts.models import User
from gebyar.awards.models import Assignment, Judge
from gebyar.awards.services.judges import give_back
from gebyar.awards.services.turns_judging import held_judges

LEFT = "closed"  # why assignments were given back; `wording_judging` says it


def export_judging(user: User) -> list[dict[str, Any]]:
    """Return what a person said of themselves as a judge, their ties, and every mark they gave."""
    found = Judge.objects.filter(user=user).select_related("edition").order_by("pk")
    return [
        {
            "edition": judge.edition.slug, "number": judge.number, "status": judge.status, "gender": judge.gender,
            "region": judge.region_code, "employer": judge.employer, "expertise": judge.expertise,
            "languages": judge.languages, "least": judge.least, "most": judge.most, "declared_at": judge.declared_at,
            "decline_reason": judge.decline_reason,
            "ties": list(judge.conflicts.values("entry__code", "kind", "source", "note", "at", "lifted_at")),
            "entries": [_assignment(row) for row in _assignments(judge)],
        }
        for judge in found
    ]  # fmt: skip


def _assignments(judge: Judge) -> Any:
    return judge.assignments.select_related("entry").prefetch_related("scores").order_by("pk")


def _assignment(row: Assignment) -> dict[str, Any]:
    names = ("criterion", "value", "not_applicable", "reason", "saved_at")
    return {
        "entry": row.entry.code,
        "status": row.status,
        "sent_at": row.sent_at,
        "marks": [{name: getattr(score, name) for name in names} for score in row.scores.all()],
    }


def erase_judging(user: User) -> None:
    """Take away what a judge said of themselves, and give unsent entries back.

    Marks that were sent stay under the judge's number: other people's places depend on them.
    """
    for judge in held_judges(Judge.objects.filter(user=user).values_list("pk", flat=True)).values():
        give_back(judge.assignments.all(), LEFT)
        judge.gender, judge.region_code, judge.employer, judge.decline_reason = "", "", "", ""
        judge.expertise, judge.languages, judge.least, judge.most = [], [], 0, 0
        if not judge.assignments.filter(sent_at__isnull=False).exists():
            judge.status = Judge.Status.DECLINED
        judge.save()
        judge.conflicts.exclude(note="").filter(source="declared").update(note="")
