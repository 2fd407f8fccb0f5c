"""The page people land on: the figures for a visitor, what waits for somebody who has signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gebyar.accounts.models import User
from gebyar.fair.models import Round
from gebyar.fair.queries.dashboard import rounds_of_region
from gebyar.fair.queries.outcomes import unsaid_count
from gebyar.fair.queries.rounds import participations_of
from gebyar.registry.queries.firms import corrections_to_decide, my_firms
from gebyar.statistics.queries import front_page_figures
from gebyar.web.templatetags.formatting import number, percent

MOST_ROUNDS = 3  # the latest ones; all stand in the list of rounds


@dataclass(frozen=True)
class NextStep:
    """One thing to do: what it is, where, and a sentence about it."""

    title: str
    url: str
    words: str


def next_steps(request: HttpRequest) -> list[NextStep]:
    user = request.user
    if not isinstance(user, User):
        return []
    return [*_of_an_officer(user), *_of_a_firm(user), *_of_a_participant(user)]


def _of_an_officer(user: User) -> Iterator[NextStep]:
    if not user.has_perm("registry.decide_corrections"):
        return
    waiting = corrections_to_decide(user).count()
    if waiting:
        words = ngettext(
            "%(count)d correction waits for your answer.", "%(count)d corrections wait for your answer.", waiting
        )
        yield NextStep(_("Decide corrections"), reverse("registry:correction_list"), words % {"count": waiting})
    yield NextStep(
        _("Take in a list"),
        reverse("registry:delivery_new"),
        _("A list of firms as your office keeps it, CSV or XLSX. You see every fault before anything is taken in."),
    )
    for round_ in rounds_of_region(user)[:MOST_ROUNDS]:
        yield NextStep(
            _("What came of %(fair)s") % {"fair": round_.fair.name},
            reverse("fair:dashboard", args=[round_.pk]),
            _("The meetings of firms from your region: %(round)s.") % {"round": round_.name},
        )


def _of_a_firm(user: User) -> Iterator[NextStep]:
    for membership in my_firms(user):
        yield NextStep(
            membership.firm.name,
            reverse("registry:firm", args=[membership.firm_id]),
            _("See what is held about your firm, and set right what is wrong."),
        )


def _of_a_participant(user: User) -> Iterator[NextStep]:
    unsaid = unsaid_count(user)
    if unsaid:
        words = ngettext(
            "Say of %(count)d meeting whether you want to go on.",
            "Say of %(count)d meetings whether you want to go on.",
            unsaid,
        )
        yield NextStep(_("What came of my meetings"), reverse("fair:my_outcomes"), words % {"count": unsaid})
    for participation in participations_of(user).exclude(round__status=Round.Status.ENDED):
        yield NextStep(
            _("Your meetings at %(fair)s") % {"fair": participation.round.fair.name},
            reverse("fair:participation", args=[participation.pk]),
            participation.firm.name,
        )


@dataclass(frozen=True)
class FrontFigure:
    """One headline figure with its source, written as the reader's language writes it."""

    label: str
    value: str
    unit: str
    source: str
    date: date
    note: str = ""


@dataclass(frozen=True)
class FrontFigures:
    """The figures that may be shown, and whether one had to be left out."""

    shown: list[FrontFigure]
    is_part: bool


def front_figures() -> FrontFigures | None:
    figures = front_page_figures()
    if figures is None:
        return None
    source = _("Register of firms (made-up data)") if figures.is_synthetic else _("Register of firms")
    rows = (
        (_("Small and medium firms"), number, figures.units, _("units")),
        (_("People who work in them"), number, figures.workers, _("people")),
        (_("Their share of industrial output"), percent, figures.output_share, ""),
    )
    shown = [
        FrontFigure(label, written(value), unit, source, figures.taken_at.date())
        for label, written, value, unit in rows
        if value is not None
    ]
    return FrontFigures(shown, is_part=len(shown) < len(rows))
