"""A ranking as pages show it: rows with the entries behind the codes, judges, and what is to be said."""

from dataclasses import dataclass
from typing import Any

from gebyar.awards.models import Assignment, Entry, Judge, RankingVersion
from gebyar.awards.queries.judging import judging_rules
from gebyar.awards.wording_rankings import ALARMS, METHODS, finding_words, rule_words
from gebyar.awards.wording_rules import in_language


@dataclass(frozen=True)
class RankedEntry:
    """A row of the ranking. `correction` and the interval are None where plain means rank."""

    row: dict[str, Any]
    entry: Entry | None
    tie_words: str

    @property
    def is_in(self) -> bool:
        return bool(self.row["p_top"] is not None and self.row["p_top"] >= 0.5)


@dataclass(frozen=True)
class AuditedJudge:
    row: dict[str, Any]
    judge: Judge | None
    alarm_words: str


@dataclass(frozen=True)
class ShownRanking:
    version: RankingVersion
    entries: list[RankedEntry]
    judges: list[AuditedJudge]
    findings: list[str]
    reason: str
    method_words: str
    declared_words: str
    outliers: list[dict[str, Any]]
    top: int | None
    reopened: int  # marks that were opened again after their judge had seen the others'

    @property
    def no_difference(self) -> bool:
        return bool(self.version.result["no_difference"])

    @property
    def is_adjusted(self) -> bool:
        return self.version.method != "raw"

    @property
    def is_as_declared(self) -> bool:
        return self.method_words == self.declared_words


# Those that say why plain means rank, rather than what came of it.
_REASONS = frozenset(["no_marks", "few_judges", "few_entries", "apart", "raw_instead"])


def shown_ranking(version: RankingVersion) -> ShownRanking:
    """Return a ranking for the organisers' page.

    Parameters
    ----------
    version
        With ``stage__category__edition__version`` at hand.
    """
    result, stage = version.result, version.stage
    rules = judging_rules(stage)
    names = {one.id: in_language(one.names) for one in rules.criteria}
    entries = {entry.code: entry for entry in Entry.objects.filter(edition=stage.category.edition_id, code__in=[
        row["entry"] for row in result["rows"]
    ])}  # fmt: skip
    judges = {str(judge.number): judge for judge in stage.category.edition.judges.select_related("user")}
    said = [(one["code"], finding_words(one["code"], one["parameters"], names)) for one in result["findings"]]
    return ShownRanking(
        version=version,
        entries=[
            RankedEntry(row, entries.get(row["entry"]), rule_words(row["tie_rule"], names) if row["tie_rule"] else "")
            for row in result["rows"]
        ],
        judges=[
            AuditedJudge(
                row, judges.get(row["judge"]), str(ALARMS.get(row["alarm"], row["alarm"])) if row["alarm"] else ""
            )
            for row in result["judges"]
        ],
        findings=[words for code, words in said if code not in _REASONS],
        reason=" ".join(words for code, words in said if code in _REASONS),
        method_words=str(METHODS[version.method]),
        declared_words=str(METHODS[rules.ranking]),
        outliers=result["outliers"],
        top=rules.gate.places_of(stage.category.key),
        reopened=Assignment.objects.filter(stage=stage, reopened_at__isnull=False).count(),
    )
