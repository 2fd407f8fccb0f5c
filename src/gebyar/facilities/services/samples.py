"""Made-up calls and applications for demonstrations, written for made-up firms only."""

import random
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.facilities.models import Application, Call, FacilityRules, Judgement
from gebyar.facilities.queries.rulebook import version_of
from gebyar.facilities.services.allotting import allot_call
from gebyar.facilities.services.rulebook import take_in_built_in
from gebyar.facilities.snapshots import snapshot_of
from gebyar.records.services import record_audit
from gebyar.registry.models import Firm

MACHINES, PARTNERSHIP = "machine_restructuring", "dapati"
MOST_OF_A_CALL = 8
_RUPIAH = 1_000_000


@transaction.atomic
def add_synthetic_calls(*, actor: User, firms: Sequence[Firm], seed: int) -> list[Call]:
    """Write two open calls with some applications, and one that is allotted already, with its decision record.

    Parameters
    ----------
    actor
        A national officer, who allots.

    Raises
    ------
    ValueError
        If a firm is not made up.
    """
    if not all(firm.is_synthetic for firm in firms):
        raise ValueError("made-up applications are for made-up firms only")
    take_in_built_in()
    draw = random.Random(seed)  # noqa: S311  a seeded choice is wanted
    calls = [
        _call(actor, MACHINES, "Restrukturisasi mesin (data contoh)", seed, days=(-10, 20)),
        _call(actor, PARTNERSHIP, "DAPATI (data contoh)", seed, days=(-5, 40)),
        _call(actor, MACHINES, "Restrukturisasi mesin gelombang 1 (data contoh)", seed, days=(-90, -30)),
    ]
    thirds = [firms[start::3][:MOST_OF_A_CALL] for start in range(3)]
    for call, some in zip(calls, thirds, strict=True):
        is_over = call.closes_at < timezone.now()
        for number, firm in enumerate(some, start=1):
            _application(call, firm, number, draw, is_over=is_over)
    allot_call(actor=actor, call=calls[-1])
    after = {"calls": len(calls), "applications": sum(map(len, thirds)), "seed": seed}
    record_audit(actor=actor, verb="facilities.add_synthetic_calls", after=after)
    return calls


def _call(actor: User, key: str, name: str, seed: int, *, days: tuple[int, int]) -> Call:
    rules = FacilityRules.objects.get(key=key, status=FacilityRules.Status.PUBLISHED)
    now = timezone.now()
    opens, closes = (now + timedelta(days=count) for count in days)
    gives_money = key == MACHINES
    return Call.objects.create(
        rules=rules, version=rules.document["versions"][-1]["version"], name=name, opens_at=opens, closes_at=closes,
        budget=150 * _RUPIAH if gives_money else None, places=None if gives_money else 5,
        points={"readiness": 50, "first_time": 30, "remote": 20}, reserves=[{"group": "remote", "least": 1}],
        seed=seed, status=Call.Status.OPEN, is_synthetic=True, made_by=actor,
    )  # fmt: skip


def _application(call: Call, firm: Firm, number: int, draw: random.Random, *, is_over: bool) -> Application:
    version = version_of(call)
    made = Application(
        call=call, firm=firm, number=number, is_synthetic=True,
        submitted_at=call.opens_at + timedelta(days=number),
        status=Application.Status.APPROVED if is_over else Application.Status.SUBMITTED,
        said={condition.id: True for condition in version.conditions if condition.kind == "asked"},
    )  # fmt: skip
    if version.benefit.shares:
        made.choice, made.price = draw.choice(sorted(version.benefit.shares)), draw.randrange(40, 300) * _RUPIAH
        made.amount = version.benefit.of(made.price, made.choice)
    made.facts = snapshot_of(made)
    made.save()
    if is_over:
        Judgement.objects.bulk_create(Judgement(application=made, place=place, is_fit=True) for place in (1, 2))
    return made
