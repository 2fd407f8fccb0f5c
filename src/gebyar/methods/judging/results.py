"""What a ranking is made with, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gebyar.methods.judging.marks import JudgingError

if TYPE_CHECKING:
    from gebyar.methods.judging.findings import Finding

Method = Literal["mixed", "robust", "raw"]
METHODS: tuple[Method, ...] = ("mixed", "robust", "raw")
CRITERION_RULE = "criterion:"


@dataclass(frozen=True, slots=True)
class Options:
    """What a round declares before it opens.

    Attributes
    ----------
    method
        "mixed" (default), "robust" against wild scores, or "raw" for plain means.
    top
        How many come first, for the probability of being among them; None leaves it out.
    interval
        Probability that an interval holds.
    draws
        Simulated rounds behind that probability; fewer where entries are many (see ``Ranking.draws``).
    ties
        Rules from first to last: "adjusted", "raw", "criterion:<id>" (its mean mark), "lot". Entries that are equal by
        all of them share a rank.
    """

    method: Method = "mixed"
    top: int | None = None
    interval: float = 0.90
    draws: int = 20_000
    ties: tuple[str, ...] = ("adjusted", "raw", "lot")

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise JudgingError(f"The method is {self.method!r}; give one of {', '.join(METHODS)}.")
        if self.top is not None and self.top < 1:
            raise JudgingError(f"The number of first places is {self.top}; give at least 1.")
        if not 0 < self.interval < 1:
            raise JudgingError(f"The interval is {self.interval}; give a probability between 0 and 1.")
        if self.draws < 1:
            raise JudgingError(f"There are {self.draws} draws; give at least 1.")
        for rule in self.ties:
            if rule not in {"adjusted", "raw", "lot"} and not rule.startswith(CRITERION_RULE):
                raise JudgingError(f"The tie rule {rule!r} is unknown; give adjusted, raw, criterion:<id> or lot.")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. Without a model, adjusted is the raw mean, and what needs a model is None.

    Attributes
    ----------
    raw
        Mean of its judges' scores.
    correction, adjusted
        What the model adds to the raw mean for the judges drawn, and the sum.
    low, high
        Interval of the adjusted score.
    p_top
        Probability of being among the first `Options.top`.
    marks
        Judges who scored it.
    tie_rule
        The rule that told it from entries equal to it by the rules before, "shared" where none did, None without a tie.
    """

    rank: int
    entry: str
    raw: float
    correction: float
    adjusted: float
    low: float | None
    high: float | None
    p_top: float | None
    marks: int
    tie_rule: str | None


@dataclass(frozen=True, slots=True)
class JudgeRow:
    """One judge. What needs a model is None without one.

    Attributes
    ----------
    severity, low, high
        Points by which the judge scores lower than the judges do on average, and its interval.
    spread
        Standard deviation of the judge's scores; None with a single one.
    fit
        How far the scores stray from what entry and judge let expect, as a multiple of all judges' root mean square.
    alarm
        A code of `findings.CODES` that begins with "judge_", or None.
    """

    judge: str
    marks: int
    severity: float | None
    low: float | None
    high: float | None
    spread: float | None
    fit: float | None
    alarm: str | None


@dataclass(frozen=True, slots=True)
class Variances:
    """Variance components (squared units of the score), the mean, and −2 times the restricted log likelihood.

    ``p_value`` is that of the likelihood ratio test of no variance between entries. In the robust variant
    ``criterion_value`` is that of the pseudo-values (see `robust`) and no likelihood of the marks.
    """

    entry: float
    judge: float
    residual: float
    mean: float
    criterion_value: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Outlier:
    """A score far from what entry and judge let expect, and the weight (0 to 1) that the robust variant gives it."""

    entry: str
    judge: str
    score: float
    expected: float
    weight: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Entries from first to last, the judges, and how it came about.

    Attributes
    ----------
    reason
        Why another method than the declared one was used.
    no_difference
        That the entries cannot be told apart: no variance between them, or none that a test shows.
    bound
        In the robust method, the distance from the expected score beyond which a score counts less.
    outliers
        Found by the robust variant, whatever the method.
    findings
        What there is to say about the outcome.
    draws
        Rounds simulated for ``p_top``.
    """

    method_used: Method
    reason: str | None
    rows: tuple[Row, ...]
    judges: tuple[JudgeRow, ...]
    variances: Variances | None
    no_difference: bool
    connected: bool
    bound: float | None
    outliers: tuple[Outlier, ...]
    findings: tuple[Finding, ...]
    draws: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """What there is to say, in English words."""
        return tuple(finding.words() for finding in self.findings)
