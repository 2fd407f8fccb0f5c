"""A call as a call of `gebyar.methods.places`: who stands before it with how many points, and who gets what.

Nothing is written here: the preview and the decision itself ask the same functions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gebyar.facilities.models import Application, Call
from gebyar.facilities.queries.rulebook import version_of
from gebyar.methods.places.allotment import Allotment, Verdict
from gebyar.methods.places.call import Applicant, Kind, Reserve
from gebyar.methods.places.call import Call as PlacesCall
from gebyar.records.canonical import canonical_bytes, plain, sha256

GRANT = "grant"  # the one kind of place of a call
HIGHEST_INDEX = 4.0
DECIMALS = 4


@dataclass(frozen=True)
class Outcome:
    """A call as it falls, all of which goes on record."""

    call: PlacesCall
    applicants: tuple[Applicant, ...]
    allotment: Allotment
    applications: Mapping[str, Application]

    @property
    def fingerprint(self) -> str:
        """Tells whether a preview is still what would be decided."""
        from gebyar.methods.places import records  # noqa: PLC0415

        both = {"inputs": records.inputs_of(self.call, self.applicants), "result": records.result_of(self.allotment)}
        return sha256(canonical_bytes(plain(both)))

    @property
    def lines(self) -> list[tuple[Verdict, Application, float]]:
        points = {one.id: one.points for one in self.applicants}
        return [(row, self.applications[row.applicant], points[row.applicant]) for row in self.allotment.rows]


def code_of(application: Application) -> str:
    """Return the code by which a public record names an application."""
    return f"{application.call_id}-{application.number}"


def points_of(call: Call, facts: Mapping[str, Any]) -> float:
    """Return the points of an application by the weights that the call said beforehand.

    What the register does not know gives nothing.
    """
    groups = set(facts.get("groups", ()))
    shares = {
        "readiness": (facts.get("index") or 0.0) / HIGHEST_INDEX,
        "first_time": float("first_time" in groups),
        "remote": float("remote" in groups),
    }
    return round(sum(weight * shares[name] for name, weight in call.points.items()), DECIMALS)


def fall(call: Call) -> Outcome:
    """Allot to all whom two officers found fit.

    Raises
    ------
    gebyar.methods.places.PlacesError
        When the call cannot be allotted.
    """
    from gebyar.methods.places import allot  # noqa: PLC0415  the solver takes its time to load

    fit = call.applications.filter(status=Application.Status.APPROVED).select_related("firm").order_by("number")
    applications = {code_of(one): one for one in fit}
    applicants = tuple(_applicant(call, code, one) for code, one in applications.items())
    wanted = _places_call(call, len(applicants))
    return Outcome(wanted, applicants, allot(wanted, applicants, seed=call.seed), applications)


def _places_call(call: Call, applied: int) -> PlacesCall:
    """Return what is allotted: places as said, or as many as applied where only money is short."""
    reserves = tuple(Reserve(one["group"], one.get("least"), one.get("most")) for one in call.reserves)
    places = call.places if call.places is not None else applied
    return PlacesCall(
        kinds=(Kind(GRANT, places),), method=call.method, reserves=reserves, budget=call.budget,
        ties=("arrived", "lot"),
    )  # fmt: skip


def _applicant(call: Call, code: str, application: Application) -> Applicant:
    gives_money = bool(version_of(call).benefit.shares)
    return Applicant(
        id=code,
        points=points_of(call, application.facts),
        groups=frozenset(application.facts.get("groups", ())),
        arrived=application.number or 0,
        amount=application.amount if gives_money else None,
    )
