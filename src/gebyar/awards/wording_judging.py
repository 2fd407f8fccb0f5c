"""Codes of judging in the reader's words: how a tie was found, why an assignment was given back, what is being done."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gebyar.awards.models import Assignment, Conflict, PanelPlan

Words = str | Promise

# The codes of `gebyar.awards.detecting`.
FOUND: dict[str, Words] = {
    "member": gettext_lazy("acts for the firm in the register"),
    "employer": gettext_lazy("the employer has the firm's name"),
    "deal": gettext_lazy("their firm or employer trades with the entrant"),
    "officer": gettext_lazy("officer of the entrant's region"),
    "takes_part": gettext_lazy("takes part in this category"),
    "group_name": gettext_lazy("a member of the group has the same name"),
    "domain": gettext_lazy("e-mail addresses of the same house"),
}
# Codes of why an assignment was given back; a reason in words is shown as it is.
GIVEN_BACK: dict[str, Words] = {
    "conflict": gettext_lazy("There is a tie between judge and entrant."),
    "closed": gettext_lazy("The judge's account is closed."),
}
# What `gebyar.methods.panels` says while it works; unknown words are shown as they are.
STEPS: dict[str, Words] = {"": gettext_lazy("Waiting for its turn"), "preparing": gettext_lazy("Preparing")}


def conflict_words(conflict: Conflict) -> str:
    """Say why a judge must not see an entry."""
    note = FOUND.get(conflict.note, conflict.note) if conflict.source == Conflict.Source.DETECTED else conflict.note
    kind = conflict.get_kind_display()
    return f"{kind}: {note}" if note else kind


def declined_words(assignment: Assignment) -> str:
    return str(GIVEN_BACK.get(assignment.decline_reason, assignment.decline_reason))


def step_words(plan: PanelPlan) -> str:
    return str(STEPS.get(plan.progress, plan.progress))


def plan_reason_words(plan: PanelPlan) -> str:
    """Say why there is no assignment."""
    return _("It was interrupted. Make another.") if plan.reason == "interrupted" else plan.reason
