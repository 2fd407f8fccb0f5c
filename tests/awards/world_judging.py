"""A judging stage for the permission matrix: the judge of the matrix has an entry of the first firm, with draft marks."""

from tests.awards import making
from tests.awards.making_judging import activate, assign, close, edition, give, judge, send
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards.models import Conflict, PanelPlan
from gebyar.awards.services import rankings


def judging_of(firm, other, judging_user):
    """Return what the routes of judging point at."""
    made = edition()
    stage, closed = (made.categories.get(key=key).stages.get(key="judging") for key in ("food", "craft"))
    entries = [making.entry(stage.category, firm=firm), making.entry(stage.category, firm=other)]
    activate(stage, entries)
    own = judge(made, judging_user)
    second, third = judge(made), judge(made)
    drafted = assign(stage, entries[0], own)
    give(drafted)
    proposed = assign(stage, entries[1], own, status="proposed")
    sent = send(assign(stage, entries[1], second))
    tie = Conflict.objects.create(judge=second, entry=entries[0], kind="family", source="declared")
    plan = PanelPlan.objects.create(
        stage=stage, version=1, status="optimal", worst=0.1, total=0.2, worst_bound=0.1, total_bound=0.2, connected=True,
        pairs=[[entries[0].pk, own.pk, 0.1], [entries[1].pk, own.pk, 0.1]],
    )  # fmt: skip
    return {
        "edition": made, "stage": stage, "closed": closed, "own": own, "second": second, "entry": entries[0],
        "drafted": drafted, "proposed": proposed, "sent": sent, "tie": tie, "plan": plan,
        "ranking": _ranking(closed, firm, second), "third": third, "addable": person(Role.JUDGE),
    }  # fmt: skip


def _ranking(stage, firm, taker):
    entry = making.entry(stage.category, firm=firm)
    activate(stage, [entry])
    send(assign(stage, entry, taker))
    close(stage)
    return rankings.make_ranking(actor=None, stage=stage)
