"""The task of giving judges to entries, and what comes of it, as plain data.

Entries and judges are numbered from 0, as the rows and columns of the affinities are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gebyar.methods.panels.reasons import finding_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    BoolArray = NDArray[np.bool_]
    Pair = tuple[int, int]

MOST_PAIRS = 50_000_000


class PanelError(ValueError):
    """The data cannot be such a task; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Every panel holds some judges of a set: a gender, a region, an expertise.

    Attributes
    ----------
    name
        What the set is called in explanations.
    judges
        The judges in the set.
    least
        How many of them each panel holds at least.
    entries
        The entries it is asked for; None for all.
    """

    name: str
    judges: frozenset[int]
    least: int = 1
    entries: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PanelTask:
    """Who may judge what, how well, and how much.

    Attributes
    ----------
    affinity
        float, shape (entries, judges): how well a judge suits an entry; finite, larger is better.
    coverage
        int, shape (entries,): judges of each entry.
    least, most
        int, shape (judges,): entries of each judge.
    barred
        bool, shape (entries, judges): pairs that must not be (conflict of interest, language, declared).
    mixes
        What panels must hold.
    fixed
        Pairs (entry, judge) that stay: made by hand, or accepted already.
    connected
        The graph of entries and their judges must hang together, so that severity of judges can be compared.
    cap
        No pair with a probability above it, so that nobody can count on judging a certain entry; None for no draw.

    Raises
    ------
    PanelError
        Shapes that do not fit, or a number outside its range.
    """

    affinity: FloatArray
    coverage: IntArray
    least: IntArray
    most: IntArray
    barred: BoolArray
    mixes: tuple[Mix, ...] = ()
    fixed: tuple[Pair, ...] = ()
    connected: bool = True
    cap: float | None = None

    def __post_init__(self) -> None:
        _validate(self)

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return int(self.affinity.shape[0])

    @property
    def judges(self) -> int:
        """How many judges there are."""
        return int(self.affinity.shape[1])

    def open_pairs(self) -> BoolArray:
        """Pairs that may be: not barred, and the judge takes entries at all."""
        return ~self.barred & (self.most > 0)

    def mix_entries(self, mix: Mix) -> IntArray:
        """The entries that a mix is asked for."""
        chosen = range(self.entries) if mix.entries is None else sorted(mix.entries)
        return np.array(chosen, dtype=np.int64)

    def mix_mask(self, mix: Mix) -> BoolArray:
        """The judges of a mix as a mask, shape (judges,)."""
        mask = np.zeros(self.judges, dtype=bool)
        mask[sorted(mix.judges)] = True
        return mask


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement about a task: its code and the numbers in it; see `reasons.CODES`."""

    code: str
    parameters: dict[str, int | float | str]

    @property
    def words(self) -> str:
        """The statement in English."""
        return finding_words(self.code, self.parameters)


@dataclass(frozen=True, slots=True)
class Panels:
    """Judges given to entries.

    Attributes
    ----------
    status
        "optimal": both figures are proven best; "feasible": the bounds say how far from it they may be; "infeasible":
        there is no such assignment, `reason` says why; "unknown": none was found in time. With a cap, "optimal" is said
        of the probabilities, and the draw from them is one of many.
    pairs
        Pairs (entry, judge), sorted.
    worst, total
        Affinity of the worst-off entry (the sum over its judges), and of all pairs.
    worst_bound
        No assignment has a better worst-off entry. With a cap: the expected affinity of the worst-off entry.
    total_bound
        No assignment with such a worst-off entry has a larger total. With a cap: the expected total.
    reason
        Why there is none, or what the draw could not keep.
    needs
        What would make it possible, one way per sentence.
    connected
        Whether entries and used judges hang together.
    seconds
        What it took.
    probabilities
        With a cap: (entry, judge, probability) of every pair that could have been drawn.
    findings
        `reason` and `needs` with their codes.
    cut_short
        A clock ended the work, so that another machine may come to another result.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    pairs: tuple[Pair, ...]
    worst: float
    total: float
    worst_bound: float
    total_bound: float
    reason: str | None
    needs: tuple[str, ...]
    connected: bool
    seconds: float
    probabilities: tuple[tuple[int, int, float], ...] = ()
    findings: tuple[Finding, ...] = ()
    cut_short: bool = False


def make_task(
    affinity: Any,
    *,
    coverage: Any,
    most: Any,
    least: Any = 0,
    barred: Any = None,
    mixes: Iterable[Mix] = (),
    fixed: Iterable[Pair] = (),
    connected: bool = True,
    cap: float | None = None,
) -> PanelTask:
    """A task from anything that numpy understands; single numbers hold for all entries or judges.

    Raises
    ------
    PanelError
        See `PanelTask`.
    """
    scores = np.asarray(affinity, dtype=np.float64)
    if scores.ndim != 2:
        raise PanelError(f"affinity has {scores.ndim} dimensions; give a table, entries × judges")
    entries, judges = scores.shape
    return PanelTask(
        affinity=scores,
        coverage=_numbers("coverage", coverage, entries),
        least=_numbers("least", least, judges),
        most=_numbers("most", most, judges),
        barred=np.zeros(scores.shape, dtype=bool) if barred is None else np.asarray(barred, dtype=bool),
        mixes=tuple(mixes),
        fixed=tuple((int(entry), int(judge)) for entry, judge in fixed),
        connected=connected,
        cap=cap,
    )


def _numbers(name: str, given: Any, count: int) -> IntArray:
    values = np.asarray(given, dtype=np.float64)
    if not np.all(np.isfinite(values)) or np.any(values != np.floor(values)):
        raise PanelError(f"{name} holds something that is no whole number; give whole numbers")
    return np.full(count, int(values)) if values.ndim == 0 else values.astype(np.int64)


def _validate(task: PanelTask) -> None:
    if task.affinity.ndim != 2 or 0 in task.affinity.shape:
        raise PanelError("affinity is empty; give a table, entries × judges")
    if task.affinity.size > MOST_PAIRS:
        raise PanelError(
            f"affinity has {task.affinity.size:,} pairs, at most {MOST_PAIRS:,} are taken; divide the task"
        )
    _check_shape("coverage", task.coverage, (task.entries,), "one number per entry")
    _check_shape("least", task.least, (task.judges,), "one number per judge")
    _check_shape("most", task.most, (task.judges,), "one number per judge")
    _check_shape("barred", task.barred, task.affinity.shape, "one mark per pair")
    unknown = np.argwhere(~np.isfinite(task.affinity))
    if len(unknown):
        entry, judge = unknown[0]
        raise PanelError(f"affinity of entry {entry} and judge {judge} is no number; give one, or bar the pair")
    _check_least("coverage", "entry", task.coverage, 1)
    _check_least("least", "judge", task.least, 0)
    for judge in np.flatnonzero(task.most < task.least):
        raise PanelError(
            f"judge {judge}: most is {task.most[judge]}, below least {task.least[judge]}; give most at least as much"
        )
    if task.cap is not None and not 0 < task.cap <= 1:
        raise PanelError(f"cap is {task.cap:g}; give a probability above 0 and up to 1")
    _validate_references(task)


def _validate_references(task: PanelTask) -> None:
    for mix in task.mixes:
        if mix.least < 0:
            raise PanelError(f"mix {mix.name}: least is {mix.least}; give at least 0")
        for judge in mix.judges:
            _check_index(f"mix {mix.name}: judge", judge, task.judges)
        for entry in mix.entries or ():
            _check_index(f"mix {mix.name}: entry", entry, task.entries)
    for entry, judge in task.fixed:
        _check_index("fixed: entry", entry, task.entries)
        _check_index("fixed: judge", judge, task.judges)
    if len(set(task.fixed)) < len(task.fixed):
        raise PanelError("fixed names a pair twice; name it once")


def _check_shape(name: str, values: Any, shape: tuple[int, ...], remedy: str) -> None:
    if values.shape != shape:
        raise PanelError(f"{name} has the shape {values.shape}, needed is {shape}; give {remedy}")


def _check_least(name: str, noun: str, values: IntArray, low: int) -> None:
    for number in np.flatnonzero(values < low):
        raise PanelError(f"{noun} {number}: {name} is {values[number]}; give at least {low}")


def _check_index(what: str, number: int, count: int) -> None:
    if not 0 <= number < count:
        raise PanelError(f"{what} {number} does not exist; use 0 to {count - 1}")
