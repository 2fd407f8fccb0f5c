"""Allot scarce places (booths, seats, stages of an award, funds) so that anybody can check who got one and why.

Applicants with points and groups, kinds of places with zones, reserves and quotas, money where it is given; ranked, by
lot or first come, each declared beforehand. Everybody gets a verdict with its reason.
"""

from gebyar.methods.places.allotment import Allotment, KindFigure, ReserveFigure, Verdict
from gebyar.methods.places.allotting import allot, promote, promoted
from gebyar.methods.places.call import Applicant, Call, Deviation, Kind, PlacesError, Reserve
from gebyar.methods.places.checking import check_allotment
from gebyar.methods.places.reasons import CODES, reason_words, sentence

__all__ = [
    "CODES",
    "Allotment",
    "Applicant",
    "Call",
    "Deviation",
    "Kind",
    "KindFigure",
    "PlacesError",
    "Reserve",
    "ReserveFigure",
    "Verdict",
    "allot",
    "check_allotment",
    "promote",
    "promoted",
    "reason_words",
    "sentence",
]
