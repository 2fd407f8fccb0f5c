"""Codes of plans in the reader's words: reasons for requests that were not granted, and what is being done."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gebyar.fair.models import Plan, Refusal
from gebyar.methods.rounds.faults import Fault

if TYPE_CHECKING:
    from gebyar.fair.planning import Facts

Words = str | Promise

# Every code of `gebyar.methods.rounds.reasons`, and those that the app itself gives.
REASONS: dict[str, Words] = {
    "declined": gettext_lazy("%(asked)s said no thanks."),
    "unanswered": gettext_lazy("%(participant)s has not answered, and this round grants only what was answered."),
    "withdrawn": gettext_lazy("%(participant)s does not come."),
    "absent": gettext_lazy("%(participant)s is absent in every slot of the round."),
    "same_meeting": gettext_lazy("The two meet anyway, by request no. %(request)s."),
    "guest_full": gettext_lazy("%(participant)s has all %(most)s meetings it may or wants to have."),
    "no_time": gettext_lazy("%(first)s and %(second)s have no slot left in which both are free."),
    "room_full": gettext_lazy("Whenever %(first)s and %(second)s are both free, every table is taken."),
    "lower_priority": gettext_lazy("All %(count)s meetings of %(participant)s went to requests that come first."),
    "least_first": gettext_lazy(
        "The place at %(participant)s went to %(other)s, who would otherwise have fewer meetings."
    ),
    "draw": gettext_lazy(
        "The request of %(other)s with %(participant)s was equal in everything; the seed, said before, decided."
    ),
    "standby": gettext_lazy("One of the two stands by, and steps in when somebody does not come."),
    "not_confirmed": gettext_lazy("One of the two has not confirmed yet to take part."),
    "taken_out": gettext_lazy("The organiser took this meeting out of the plan."),
    "changed_since": gettext_lazy(
        "The plan was changed by hand since; there may be room when the unplaced are planned again."
    ),
}
# What stands against a place that somebody chose, by the codes of `gebyar.methods.rounds.checking`.
FAULTS: dict[str, Words] = {
    "two_places": gettext_lazy("%(firm)s has another meeting in this slot."),
    "absent": gettext_lazy("%(firm)s cannot meet in this slot."),
    "table": gettext_lazy("the table is taken in this slot."),
    "pair": gettext_lazy("%(pair)s meet already in this plan."),
    "rest": gettext_lazy("%(firm)s would meet in %(longest)s slots in a row, and this round allows %(rest)s."),
    "most": gettext_lazy("%(firm)s would have %(count)s meetings, and may or wants to have %(most)s at most."),
    "morning_only": gettext_lazy("%(pair)s meet in the morning only."),
    "afternoon_only": gettext_lazy("%(pair)s meet in the afternoon only."),
    "fixed": gettext_lazy("%(pair)s are fixed to slot %(slot)s."),
    "declined": gettext_lazy("%(pair)s: the request was declined."),
    "zone": gettext_lazy("the table is outside the zone of %(pair)s, and table %(table)s in it is free."),
}
# What the method says while it works; unknown words are shown as they are.
STEPS: dict[str, Words] = {
    "": gettext_lazy("Waiting for its turn"),
    "choosing": gettext_lazy("Choosing which requests to grant"),
    "placing": gettext_lazy("Placing the chosen meetings"),
    "preparing": gettext_lazy("Preparing"),
    "best plan none yet": gettext_lazy("Looking for a first plan"),
}
_WIDER = re.compile(r"Allow a difference of (?P<number>\d+) or more")
_BEST = re.compile(r"best plan (?P<idle>\d+), bound (?P<bound>\d+)")


def refusal_words(refusal: Refusal, *, names: Mapping[int, str] | None = None, for_organiser: bool = False) -> str:
    """Say why a request was not granted.

    Parameters
    ----------
    refusal
        With its request and both ends' firms at hand (`select_related`), else each costs a query.
    names
        Firms by participants' numbers, for who is neither end of the request.
    for_organiser
        Whether a third firm is named: who else a firm meets is no business of those who were refused.
    """
    request = refusal.request
    known = {end.number: end.firm.name for end in (request.asker, request.asked)}
    facts: dict[str, object] = {
        **refusal.parameters,
        "asker": request.asker.firm.name,
        "asked": request.asked.firm.name,
    }
    for name in ("participant", "first", "second", "other"):
        number = refusal.parameters.get(name)
        if number is None:
            continue
        third = (names or {}).get(number) if for_organiser else None
        facts[name] = known.get(number) or third or _("another participant")
    sentence = REASONS.get(refusal.code)
    try:
        return str(sentence) % facts if sentence is not None else refusal.code
    except KeyError:  # a record of another version, with other parameters
        return refusal.code


def left_out_words(code: str) -> str:
    """Say why the method does not see a request; the words name nobody."""
    return str(REASONS[code])


def fault_words(fault: str, facts: "Facts") -> str:
    """Say what stands against a place, with the firms' names; a fault without a code stays as the method says it."""
    sentence = FAULTS.get(fault.code) if isinstance(fault, Fault) else None
    if sentence is None or not isinstance(fault, Fault):
        return fault
    named: dict[str, object] = dict(fault.facts)
    if "guest" in fault.facts:
        named["firm"] = facts.participants[fault.facts["guest"] - 1].firm.name
    if "request" in fault.facts:
        request = facts.round.requests[fault.facts["request"] - 1]
        ends = (facts.participants[guest - 1].firm.name for guest in (request.asker, request.asked))
        named["pair"] = " – ".join(ends)
    if "slot" in fault.facts:
        named["slot"] = facts.slots[fault.facts["slot"] - 1].number
    if "table" in fault.facts:
        named["table"] = facts.tables[fault.facts["table"] - 1].number
    return str(sentence) % named


def step_words(plan: Plan) -> str:
    """Say what is being done, with the best so far and the bound where the method told them."""
    found = _BEST.search(plan.progress)
    if found:
        return _("Best so far: %(idle)s idle periods; no plan can have fewer than %(bound)s") % found.groupdict()
    return str(STEPS.get(plan.progress.partition(",")[0], plan.progress))


def reason_words(plan: Plan) -> str:
    """Say why there is no plan, or which wish it could not keep."""
    if plan.reason == "interrupted":
        return _("It was interrupted. Make another.")
    if plan.is_usable and plan.reason:
        return _unfair_words(plan.reason)
    if plan.status == Plan.Status.INFEASIBLE and plan.reason:
        words = _("Meetings that are locked or have to stay cannot all stay: %(why)s Set one of them free.")
        return words % {"why": plan.reason}
    return plan.reason


def _unfair_words(reason: str) -> str:
    words = _("The idle periods of some two participants differ by more than this round wishes.")
    wider = _WIDER.search(reason)
    more = _("With a difference of %(number)s there would be a plan that keeps the wish.")
    return f"{words} {more % {'number': wider['number']}}" if wider else words
