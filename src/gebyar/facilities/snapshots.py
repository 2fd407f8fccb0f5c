"""What an application keeps of the register on the day it is handed in, so that its decision stands on what was known."""

from typing import Any

from gebyar.facilities.facts import before_of, is_remote, known_facts, size_class, values_of
from gebyar.facilities.models import Application
from gebyar.facilities.queries.rulebook import version_of
from gebyar.methods.eligibility import explain
from gebyar.readiness.models import Assessment
from gebyar.registry.models import Firm


def snapshot_of(application: Application) -> dict[str, Any]:
    """Return facts with source and day, the register's answer to each condition, groups, and what points rest on."""
    firm = application.firm
    facts = known_facts(firm)
    values = values_of(facts)
    index = latest_index(firm)
    answers = explain(version_of(application.call), values)
    first_time = is_first_time(firm)
    return {
        "values": values,
        "sources": {
            name: [fact.source, fact.as_of.isoformat() if fact.as_of else ""]
            for name, fact in facts.items()
            if fact.source
        },
        "verdicts": {answer.condition.id: answer.verdict for answer in answers},
        "index": index,
        "groups": sorted(_groups(firm, size_class(values), first_time=first_time)),
        "before": before_of(firm, index),
    }


def latest_index(firm: Firm) -> float | None:
    """Return the firm's last finished INDI 4.0 index; None where it never said."""
    found = Assessment.objects.filter(
        firm=firm, instrument__key="indi40", status=Assessment.Status.FINISHED, index__isnull=False
    )
    last = found.order_by("-finished_at").first()
    return last.index if last else None


def is_first_time(firm: Firm) -> bool:
    """Say whether the programme never helped: nothing granted here, no help in the firm's figures."""
    granted = Application.objects.filter(firm=firm, status=Application.Status.ADMITTED).exists()
    return not granted and not firm.profiles.filter(is_current=True).exclude(help_received="").exists()


def _groups(firm: Firm, size: str, *, first_time: bool) -> set[str]:
    found = {f"province:{firm.region_code[:2]}"}
    if first_time:
        found.add("first_time")
    if is_remote(firm.region_code):
        found.add("remote")
    if size == "small":
        found.add("small")
    return found
