"""One firm's answer to each condition: met, not met, unknown and which fact is missing, or to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from gebyar.methods.eligibility.tables import FACTS, facts_table, holds
from gebyar.methods.size import expression
from gebyar.reference.size_rules import size_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gebyar.reference.facilities import Condition, Version

Verdict = Literal["met", "not_met", "unknown", "asked"]


@dataclass(frozen=True, slots=True)
class Answer:
    """``missing`` names the facts that would decide an unknown condition."""

    condition: Condition
    verdict: Verdict
    missing: tuple[str, ...] = ()


def explain(version: Version, facts: Mapping[str, Any]) -> tuple[Answer, ...]:
    """Answer every condition for one firm.

    Parameters
    ----------
    facts
        Values by the names of `gebyar.methods.eligibility.FACTS`; a missing one counts as not known.
    """
    known = {name: [facts.get(name)] for name in FACTS}
    table = facts_table(pl.DataFrame(known, schema=dict(FACTS)))
    rules = {one.rule for one in version.conditions if one.kind == "size"}
    table = table.with_columns(expression(size_rule(rule)) for rule in sorted(rules))
    return tuple(_answer(condition, table) for condition in version.conditions)


def _answer(condition: Condition, table: pl.DataFrame) -> Answer:
    if condition.kind == "asked":
        return Answer(condition, "asked")
    met = table.select(holds(condition).alias("met"))["met"][0]
    if met is None:
        return Answer(condition, "unknown", missing_facts(condition, table))
    return Answer(condition, "met" if met else "not_met")


def missing_facts(condition: Condition, table: pl.DataFrame) -> tuple[str, ...]:
    """Return the facts without which the condition cannot be decided for the first firm of a table."""
    if condition.kind == "size":
        answer = str(table[condition.rule][0])
        return tuple(answer.removeprefix("unknown: ").split(", "))
    if condition.kind == "sector":
        return ("kbli_code",)
    return ("certificates",) if condition.kind == "holds" else (condition.fact,)
