"""What there is to say about a ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gebyar.methods.judging.findings import Finding, figure, listed
from gebyar.methods.judging.ties import EQUAL, SHARED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gebyar.methods.judging.results import JudgeRow, Options, Outlier, Row, Variances

LIKELY = 0.05
"""From this probability of being the very first on, an entry is named beside the first."""


def findings_of_difference(variances: Variances | None) -> Iterable[Finding]:
    """Say that the entries do not differ detectably, and by which of the two signs."""
    if variances is None or variances.entry == 0:
        yield Finding("no_difference_nil", {})
    else:
        yield Finding("no_difference_weak", {"count": round(100 * variances.p_value)})


def findings_of_first(rows: Sequence[Row], firsts: Mapping[str, float], options: Options) -> Iterable[Finding]:
    """Say whose intervals overlap that of the first, and who else may well be the best."""
    low = rows[0].low
    if low is None or len(rows) < 2:
        return
    near = [row.entry for row in rows[1:] if row.high is not None and row.high >= low]
    first = {"entry": rows[0].entry, "percent": figure(100 * options.interval)}
    if near:
        yield Finding("close_to_first", {**first, "count": len(near), "listed": listed(near)})
    else:
        yield Finding("alone_first", first)
    likely = [entry for entry in near if firsts.get(entry, 0.0) >= LIKELY]
    if likely:
        words = [f"{entry} ({100 * firsts[entry]:.0f})" for entry in likely]
        chance = f"{100 * firsts[rows[0].entry]:.0f}"
        yield Finding("may_be_first", {"entry": rows[0].entry, "chance": chance, "listed": listed(words)})


def findings_of_ties(rows: Sequence[Row]) -> Iterable[Finding]:
    """Say which rule decided each tie."""
    for group in _ties(rows):
        names = listed([row.entry for row in group])
        rules = list(dict.fromkeys(row.tie_rule for row in group))
        if rules == [SHARED]:
            yield Finding("tie_shared", {"listed": names})
        else:
            yield Finding("tie", {"listed": names, "rule": ", ".join(str(rule) for rule in rules)})


def _ties(rows: Sequence[Row]) -> list[list[Row]]:
    """Groups of neighbours that were equal in the adjusted score."""
    groups: list[list[Row]] = []
    for row in rows:
        if row.tie_rule is None:
            continue
        # Rounded values of equals may differ by one more unit of the last digit.
        if groups and groups[-1][-1].adjusted - row.adjusted <= 2 * EQUAL:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def findings_of_outliers(outliers: Sequence[Outlier]) -> Iterable[Finding]:
    """Name the scores that nobody expected."""
    if outliers:
        words = [
            f"entry {one.entry} by judge {one.judge} ({figure(one.score)} instead of {figure(one.expected)})"
            for one in outliers
        ]
        yield Finding("outliers", {"count": len(words), "listed": listed(words)})


def findings_of_judges(judges: Sequence[JudgeRow]) -> Iterable[Finding]:
    """Say which judges somebody should talk to, and why."""
    usual = sorted(judge.spread for judge in judges if judge.spread is not None)
    for judge in judges:
        if judge.alarm is None:
            continue
        parameters: dict[str, str | int] = {"judge": judge.judge}
        if judge.alarm == "judge_scatter":
            parameters["ratio"] = figure(judge.fit or 0.0)
        elif judge.alarm == "judge_flat":
            parameters |= {"spread": figure(judge.spread or 0.0), "usual": figure(usual[len(usual) // 2])}
        yield Finding(judge.alarm, parameters)
