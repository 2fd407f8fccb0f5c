"""Who could supply, buy, distribute or carry: suggestions in both directions, each with its reasons.

A listing is compared with those on the other side of its trade by the characters of its words, codes of industry,
certificates, places, quantities and delivery times. :class:`PartnerIndex` answers for one listing among 100,000 in
some milliseconds and gives exactly the result of comparing with each one; listings can be added and taken out at any
time. :func:`exposure` says how often small and far-away firms are shown, and `Options.floor` keeps each of them a part of
their share of the places.
"""

from gebyar.methods.partners.entry import Entry, Options, Reason, Suggestion, UnfitEntry, gives, trade
from gebyar.methods.partners.equity import Exposure, exposure
from gebyar.methods.partners.index import PartnerIndex
from gebyar.methods.partners.reading import read_entries, write_suggestions
from gebyar.methods.partners.scoring import REASONS, WEIGHTS

__all__ = [
    "REASONS",
    "WEIGHTS",
    "Entry",
    "Exposure",
    "Options",
    "PartnerIndex",
    "Reason",
    "Suggestion",
    "UnfitEntry",
    "exposure",
    "gives",
    "read_entries",
    "trade",
    "write_suggestions",
]
