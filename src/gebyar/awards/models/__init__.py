"""Awards: editions and their rules, entries, stages, judging, prizes."""

from gebyar.awards.models.editions import Category, Edition, RulesVersion, Stage
from gebyar.awards.models.entries import DeskNote, Entry, EntryDocument, EntryMember
from gebyar.awards.models.judging import (
    Assignment,
    Conflict,
    Judge,
    PanelPlan,
    RankingVersion,
    Score,
    ScoreChange,
)
from gebyar.awards.models.results import WinnerStory
from gebyar.awards.models.stages import (
    Attendance,
    Check,
    CoachingSession,
    FollowUp,
    Objection,
    Passage,
    Prize,
    Proposal,
    Prototype,
)

__all__ = [
    "Assignment",
    "Attendance",
    "Category",
    "Check",
    "CoachingSession",
    "Conflict",
    "DeskNote",
    "Edition",
    "Entry",
    "EntryDocument",
    "EntryMember",
    "FollowUp",
    "Judge",
    "Objection",
    "PanelPlan",
    "Passage",
    "Prize",
    "Proposal",
    "Prototype",
    "RankingVersion",
    "RulesVersion",
    "Score",
    "ScoreChange",
    "Stage",
    "WinnerStory",
]
