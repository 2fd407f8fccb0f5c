"""From marks to a ranking that does not punish an entry for the judges it drew."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from gebyar.methods.judging.audit import judge_rows
from gebyar.methods.judging.chances import Chances, chances_of, draws_for
from gebyar.methods.judging.conditions import conditions
from gebyar.methods.judging.findings import Finding
from gebyar.methods.judging.fitting import (
    Fit,
    Layout,
    fit_mixed,
    is_estimable,
    layout_of,
    p_value_of_no_difference,
)
from gebyar.methods.judging.marks import Criterion, Mark, criterion_means, scores_of
from gebyar.methods.judging.results import (
    CRITERION_RULE,
    Method,
    Options,
    Outlier,
    Ranking,
    Row,
    Variances,
)
from gebyar.methods.judging.robust import RobustFit, fit_robust
from gebyar.methods.judging.telling import (
    findings_of_difference,
    findings_of_first,
    findings_of_judges,
    findings_of_outliers,
    findings_of_ties,
)
from gebyar.methods.judging.threads import one_thread
from gebyar.methods.judging.ties import Ranked, lots, rank_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gebyar.methods.judging.crossed import FloatArray, IntArray

DECIMALS = 6
SIGNIFICANT = 0.05
"""Level of the test of no difference between entries."""
DEFAULT = Options()
UNANSWERED = -1e300
"""Below every mark: where nobody answered the criterion of a tie rule, the others come first."""


@dataclass(frozen=True, slots=True, eq=False)
class _Models:
    """The fit that ranks, and the robust one that names outliers; None where there is no model."""

    fit: Fit | None = None
    robust: RobustFit | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Facts:
    """What there is to say about each entry, (entries,) in the order of the layout."""

    number: Mapping[str, int]
    marks: IntArray
    raw: FloatArray
    adjusted: FloatArray
    margins: FloatArray | None
    tops: FloatArray | None


def rank(
    marks: Iterable[Mark], *, criteria: Sequence[Criterion] = (), options: Options = DEFAULT, seed: int = 0
) -> Ranking:
    """Rank entries by their judges' marks.

    The default method fits score = mean + entry + judge + error with both effects random (REML) and ranks by mean plus
    predicted entry effect: judges' severity is taken out, and an entry with few marks is drawn towards the mean. Where
    the conditions for a model do not hold (`conditions`), raw means rank instead and ``reason`` says why; components
    and judges are then shown for information if they can be computed at all.

    Parameters
    ----------
    marks
        In any order.
    criteria
        The rubric; see `gebyar.methods.judging.marks.scores_of`.
    options
        What the round declared.
    seed
        Of the lots and the simulated probabilities.

    Raises
    ------
    JudgingError
        Marks or criteria that cannot be used; the message names them.
    """
    with one_thread():
        return _ranking(tuple(marks), criteria, options, seed)


def _ranking(marks: Sequence[Mark], criteria: Sequence[Criterion], options: Options, seed: int) -> Ranking:
    scores = scores_of(marks, criteria)
    layout = layout_of(scores)
    pairs = [(score.entry, score.judge) for score in scores]
    hindrances = conditions(pairs, layout.entries, layout.judges)
    connected = all(finding.code != "apart" for finding in hindrances)
    method: Method = "raw" if hindrances else options.method
    models = _models(layout, method) if connected and is_estimable(layout) else _Models()
    used = models.fit if method != "raw" else None
    draws = draws_for(len(layout.entries), options.draws) if used and options.top else 0
    chances = chances_of(used, options.top, draws, seed) if used and options.top else None
    facts = _facts(layout, used, chances, options)
    rows = tuple(_row(ranked, facts) for ranked in rank_by(_rules(facts, marks, criteria, options, seed)))
    variances = _variances(models.fit)
    judges = judge_rows(layout, models.fit, _quantile(options))
    outliers = _outliers(layout, models.robust)
    no_difference = used is not None and variances is not None and variances.p_value > SIGNIFICANT
    return Ranking(
        method_used=method,
        reason=_reason(hindrances) if options.method != method else None,
        rows=rows,
        judges=judges,
        variances=variances,
        no_difference=no_difference,
        connected=connected,
        bound=_bound(models.robust) if method == "robust" else None,
        outliers=outliers,
        findings=(
            *(hindrances if options.method != method else ()),
            *(findings_of_difference(variances) if no_difference else ()),
            *(() if no_difference else findings_of_first(rows, _firsts(layout, chances), options)),
            *findings_of_ties(rows),
            *findings_of_outliers(outliers),
            *findings_of_judges(judges),
        ),
        draws=draws,
    )


def _models(layout: Layout, method: Method) -> _Models:
    plain = fit_mixed(layout)
    robust = fit_robust(layout, plain=plain)
    return _Models(robust.fit if method == "robust" else plain, robust)


def _firsts(layout: Layout, chances: Chances | None) -> dict[str, float]:
    """The probability of each entry to be the very first, where it was simulated."""
    return {} if chances is None else dict(zip(layout.entries, chances.first.tolist(), strict=True))


def _quantile(options: Options) -> float:
    return float(special.ndtri(0.5 + options.interval / 2))


def _facts(layout: Layout, fit: Fit | None, chances: Chances | None, options: Options) -> _Facts:
    marks = np.bincount(layout.entry)
    raw = np.bincount(layout.entry, weights=layout.values) / marks
    # A variance of 0 leaves nothing to be unsure of, which would show certainty where there is none.
    unsure = fit is not None and fit.entry_variance > 0
    return _Facts(
        number={entry: index for index, entry in enumerate(layout.entries)},
        marks=marks.astype(np.int64),
        raw=raw,
        adjusted=raw if fit is None else fit.mean + fit.entry_effects,
        margins=_quantile(options) * fit.errors()[0] if fit is not None and unsure else None,
        tops=None if chances is None else chances.top,
    )


def _rules(
    facts: _Facts, marks: Sequence[Mark], criteria: Sequence[Criterion], options: Options, seed: int
) -> list[tuple[str, Mapping[str, float]]]:
    """Name each rule and give the value of each entry by it; the adjusted score always comes first."""
    names = ("adjusted", *(rule for rule in dict.fromkeys(options.ties) if rule != "adjusted"))
    found: list[tuple[str, Mapping[str, float]]] = []
    for name in names:
        if name == "lot":
            values: Mapping[str, float] = lots(list(facts.number), seed)
        elif name.startswith(CRITERION_RULE):
            means = criterion_means(marks, name.removeprefix(CRITERION_RULE), criteria)
            values = {entry: UNANSWERED if mean is None else mean for entry, mean in means.items()}
        else:
            numbers = facts.adjusted if name == "adjusted" else facts.raw
            values = dict(zip(facts.number, numbers.tolist(), strict=True))
        found.append((name, values))
    return found


def _row(ranked: Ranked, facts: _Facts) -> Row:
    index = facts.number[ranked.entry]
    raw, adjusted = _rounded(facts.raw[index]), _rounded(facts.adjusted[index])
    margin = None if facts.margins is None else float(facts.margins[index])
    return Row(
        rank=ranked.rank,
        entry=ranked.entry,
        raw=raw,
        correction=_rounded(adjusted - raw),
        adjusted=adjusted,
        low=None if margin is None else _rounded(adjusted - margin),
        high=None if margin is None else _rounded(adjusted + margin),
        p_top=None if facts.tops is None else _rounded(facts.tops[index]),
        marks=int(facts.marks[index]),
        tie_rule=ranked.rule,
    )


def _rounded(value: float) -> float:
    """Round, and write −0 as 0."""
    return round(float(value), DECIMALS) + 0.0


def _variances(fit: Fit | None) -> Variances | None:
    if fit is None:
        return None
    return Variances(
        entry=_rounded(fit.entry_variance),
        judge=_rounded(fit.judge_variance),
        residual=_rounded(fit.residual_variance),
        mean=_rounded(fit.mean),
        criterion_value=_rounded(fit.criterion_value),
        p_value=_rounded(p_value_of_no_difference(fit)),
    )


def _bound(robust: RobustFit | None) -> float | None:
    return _rounded(robust.bound) if robust is not None and math.isfinite(robust.bound) else None


def _outliers(layout: Layout, robust: RobustFit | None) -> tuple[Outlier, ...]:
    """The scores beyond the alarm, the wildest first."""
    if robust is None:
        return ()
    found = [
        Outlier(
            entry=layout.entries[layout.entry[index]],
            judge=layout.judges[layout.judge[index]],
            score=_rounded(layout.values[index]),
            expected=_rounded(robust.fit.expected[index]),
            weight=_rounded(robust.weights[index]),
        )
        for index in np.flatnonzero(robust.alarms)
    ]
    return tuple(sorted(found, key=lambda outlier: (outlier.weight, outlier.entry, outlier.judge)))


def _reason(hindrances: Sequence[Finding]) -> str:
    return " ".join(finding.words() for finding in (Finding("raw_instead", {}), *hindrances))
